package moleculefile

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gocei/gocei/explosion"
)

// maxBytes is far more than a molecule needs that could be exploded.
const maxBytes = 1 << 20

// Read returns the molecule in a file, moved to its centre of mass. The ending of
// the name says how it is written: .xyz, .yaml or .yml. A molecule that has no
// name of its own is called as the file is, without the ending.
//
// .xyz has the number of atoms in its first line, a comment in its second, and
// then a line an atom: its symbol, x, y and z in Angstrom; further columns are
// ignored. .yaml has what the package's introduction shows: unit is angstrom (the
// default) or bohr, also for positions only; mass is in dalton and charge in
// elementary charges; displacement is three Cartesian numbers an atom, of any
// common length. Symbols may be isotopes, such as 13C or D.
func Read(path string) (explosion.Molecule, error) {
	parse, err := parserOf(path)
	if err != nil {
		return explosion.Molecule{}, err
	}
	content, err := readAtMost(path, maxBytes)
	if err != nil {
		return explosion.Molecule{}, fmt.Errorf("moleculefile: read molecule: %w", err)
	}
	m, err := parse(content)
	if err != nil {
		return explosion.Molecule{}, fmt.Errorf("moleculefile: read molecule: %s%w", path, err)
	}
	if m.Name == "" {
		m.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	return m, nil
}

// parserOf returns what turns the content of a file into a molecule. Its errors
// continue the file's name: with line and column where they are known.
func parserOf(path string) (parse func(content []byte) (explosion.Molecule, error), err error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xyz":
		return parseXYZ, nil
	case ".yaml", ".yml":
		return parseYAML, nil
	}
	return nil, fmt.Errorf("moleculefile: read molecule: %s: the name must end in .xyz, .yaml or .yml", path)
}

func readAtMost(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("%s: more than %d bytes: want one molecule", path, limit)
	}
	return content, nil
}

// wrongAt is an error at a place in a file, or of the file as a whole where line
// is 0.
func wrongAt(line, column int, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	switch {
	case line == 0:
		return fmt.Errorf(": %w", err)
	case column == 0:
		return fmt.Errorf(":%d: %w", line, err)
	}
	return fmt.Errorf(":%d:%d: %w", line, column, err)
}
