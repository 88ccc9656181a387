package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/excerpt"
)

// sidecar is the content of the file with the metadata of a table whose format
// has no place for them.
type sidecar struct {
	described
	// Replaces is what the table was that is being replaced: until that is done,
	// and for good if the program is killed just then, its metadata are in force.
	Replaces *described `json:"replaces,omitempty"`
}

// described is metadata and the table that they are of.
type described struct {
	Table    fingerprint                `json:"table"`
	Metadata map[string]json.RawMessage `json:"metadata"`
}

// fingerprint tells whether metadata belong to a table, without reading all of
// it: a table that was replaced or edited must not be read with another's units.
type fingerprint struct {
	Bytes int64  `json:"bytes"`
	Start string `json:"sha256_of_first_64_kib"`
}

// fingerprintKey tells a sidecar from other files, even where it was damaged by
// hand: without its units, the table would be read in others.
const fingerprintKey = `"sha256_of_first_64_kib"`

// SidecarPath returns the name of the file with a table's metadata.
func SidecarPath(path string) string { return path + ".json" }

// HasSidecar reports whether a table at path keeps its metadata in a file beside
// it.
func HasSidecar(path string) bool {
	f, err := formatOf(path)
	return err == nil && f.sidecar
}

const sidecarLimit = 64 << 20 // bytes; more is no metadata

// readSidecar returns nil where there is none.
func readSidecar(path string) (Metadata, error) {
	name := SidecarPath(path)
	info, err := os.Stat(name)
	if target, linked := filepath.EvalSymlinks(path); linked == nil && errors.Is(err, fs.ErrNotExist) {
		name = SidecarPath(target) // a link to a table does not bring its sidecar
		info, err = os.Stat(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("table: read metadata: %w", err)
	}
	if info.Size() > sidecarLimit {
		return nil, &Error{File: name, Reason: fmt.Sprintf("expected metadata, found %d MiB", info.Size()>>20)}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("table: read metadata: %w", err)
	}
	var s sidecar
	err = json.Unmarshal(text, &s)
	if !bytes.Contains(text, []byte(fingerprintKey)) {
		return nil, nil // another program's file that happens to be called so
	}
	if err != nil {
		return nil, &Error{File: name, Reason: "expected the metadata of " + path + " in JSON: " + err.Error()}
	}
	is, err := fingerprintAt(path)
	if err != nil {
		return nil, fmt.Errorf("table: read %s: %w", path, err)
	}
	if of := s.of(is); of != nil {
		return textsOf(of.Metadata)
	}
	return nil, &Error{File: name, Reason: fmt.Sprintf("expected the metadata of %s, found those of another table of %d bytes; remove the file if its units and recipe do not apply", path, s.Table.Bytes)}
}

// of returns what the sidecar says of a table, nil where it is not about that.
func (s *sidecar) of(table fingerprint) *described {
	switch {
	case s.Table == table:
		return &s.described
	case s.Replaces != nil && s.Replaces.Table == table:
		return s.Replaces
	}
	return nil
}

func fingerprintAt(path string) (fingerprint, error) {
	f, err := os.Open(path)
	if err != nil {
		return fingerprint{}, err
	}
	defer f.Close()
	return fingerprintOf(f)
}

func fingerprintOf(f *os.File) (fingerprint, error) {
	info, err := f.Stat()
	if err != nil {
		return fingerprint{}, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(f, 0, 1<<16)); err != nil {
		return fingerprint{}, err
	}
	return fingerprint{info.Size(), hex.EncodeToString(hash.Sum(nil))}, nil
}

// sidecarFile is a sidecar that is being written.
type sidecarFile struct {
	file    *atomicfile.File
	content sidecar
}

// newSidecar starts the file with a table's metadata. Without any there is none,
// unless an earlier one has to be replaced.
func newSidecar(path string, m Metadata) (*sidecarFile, error) {
	name := SidecarPath(path)
	if _, err := os.Stat(name); len(m) == 0 && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	longest := fingerprint{math.MaxInt64, strings.Repeat("0", 2*sha256.Size)}
	content := sidecar{described: described{longest, rawTexts(m)}}
	if _, err := content.json(); err != nil {
		return nil, err
	}
	f, err := atomicfile.Create(name)
	if err != nil {
		return nil, err
	}
	return &sidecarFile{f, content}, nil
}

// commit adds the fingerprint of the finished table. The metadata come before
// their table, so that a table is never without.
func (s *sidecarFile) commit(table *atomicfile.File) (err error) {
	if s.content.Table, err = fingerprintOf(table.File); err != nil {
		return err
	}
	s.content.Replaces = inForce(table.Path())
	text, err := s.content.json()
	if err != nil && s.content.Replaces != nil { // too much for one file
		s.content.Replaces = nil
		text, err = s.content.json()
	}
	if err != nil {
		return err
	}
	if _, err := s.file.Write(text); err != nil {
		return err
	}
	return s.file.Commit()
}

// inForce returns what the sidecar of a table says of it; nil where there is
// nothing to keep.
func inForce(path string) *described {
	is, err := fingerprintAt(path)
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(SidecarPath(path))
	var s sidecar
	if err != nil || json.Unmarshal(text, &s) != nil || !bytes.Contains(text, []byte(fingerprintKey)) {
		return &described{Table: is} // it was a table without metadata
	}
	return s.of(is)
}

// Stray reports whether the file with the metadata of a table at path is the
// house's and has lost its table, as where a program was killed just before the
// table got its name.
func Stray(path string) bool {
	_, err := os.Stat(path)
	text, read := os.ReadFile(SidecarPath(path))
	return errors.Is(err, fs.ErrNotExist) && read == nil && bytes.Contains(text, []byte(fingerprintKey))
}

// json refuses what readSidecar would.
func (s sidecar) json() ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	if text.Len() > sidecarLimit {
		return nil, fmt.Errorf("metadata of %d MiB: want at most %d", text.Len()>>20, sidecarLimit>>20)
	}
	return text.Bytes(), nil
}

func rawTexts(m Metadata) map[string]json.RawMessage {
	raw := map[string]json.RawMessage{}
	for key, text := range m {
		raw[key] = rawOf(text)
	}
	return raw
}

// rawOf returns a text as JSON: a text that is a JSON object as that object, so
// that people can read it, where it comes back to the byte; any other as a
// string. Deep ones are no reading for people, and a bit deeper, as part of
// another object, encoding/json refuses them.
func rawOf(text string) json.RawMessage {
	const deepest = 100
	var compact bytes.Buffer
	if strings.HasPrefix(text, "{") && depth(text) <= deepest && json.Compact(&compact, []byte(text)) == nil && compact.String() == text {
		return json.RawMessage(text)
	}
	quoted, _ := json.Marshal(text) // a string always has a JSON form
	return quoted
}

// depth returns how deeply the values in a JSON text lie in one another.
func depth(text string) (deepest int) {
	open, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			open++
			deepest = max(deepest, open)
		case c == '}' || c == ']':
			open--
		}
	}
	return deepest
}

// textsOf is the inverse of rawTexts.
func textsOf(metadata map[string]json.RawMessage) (Metadata, error) {
	m := Metadata{}
	for key, raw := range metadata {
		var text string
		if err := json.Unmarshal(raw, &text); err == nil {
			m[key] = text
			continue
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return nil, fmt.Errorf("table: read metadata %s: %w", excerpt.Of(key), err)
		}
		m[key] = compact.String()
	}
	return m, nil
}
