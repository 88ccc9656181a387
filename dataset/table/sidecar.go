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
	"os"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/internal/atomicfile"
)

// sidecar is the content of the file with the metadata of a table whose format
// has no place for them.
type sidecar struct {
	Table    fingerprint                `json:"table"`
	Metadata map[string]json.RawMessage `json:"metadata"`
}

// fingerprint tells whether metadata belong to a table, without reading all of
// it: a table that was replaced or edited must not be read with another's units.
type fingerprint struct {
	Bytes int64  `json:"bytes"`
	Start string `json:"sha256_of_first_64_kib"`
}

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
	if err := json.Unmarshal(text, &s); err != nil || s.Table == (fingerprint{}) {
		return nil, nil // another program's file that happens to be called so
	}
	table, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("table: read %s: %w", path, err)
	}
	defer table.Close()
	if is, err := fingerprintOf(table); err != nil || is != s.Table {
		return nil, errors.Join(err, &Error{File: name, Reason: fmt.Sprintf("expected the metadata of %s, found those of another table of %d bytes; remove the file if its units and recipe do not apply", path, s.Table.Bytes)})
	}
	return s.texts()
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

// newSidecar starts the file with a table's metadata. Without any there is none,
// unless an earlier one has to be replaced.
func newSidecar(path string, m Metadata) (*atomicfile.File, error) {
	name := SidecarPath(path)
	if _, err := os.Stat(name); len(m) == 0 && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	s := sidecar{Metadata: map[string]json.RawMessage{}}
	for key, value := range m {
		s.Metadata[key] = rawOf(value)
	}
	f, err := atomicfile.Create(name)
	if err != nil {
		return nil, err
	}
	if err := s.write(f); err != nil {
		f.Discard()
		return nil, err
	}
	return f, nil
}

// finishSidecar adds the fingerprint of the finished table and commits. The
// metadata come before their table, so that a table is never without.
func finishSidecar(f, table *atomicfile.File) error {
	var s sidecar
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := json.NewDecoder(f).Decode(&s); err != nil {
		return err
	}
	var err error
	if s.Table, err = fingerprintOf(table.File); err != nil {
		return err
	}
	if err := s.write(f); err != nil {
		return err
	}
	return f.Commit()
}

func (s sidecar) write(f *atomicfile.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	e := json.NewEncoder(f)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s)
}

// rawOf returns a text as JSON: a text that is a JSON object as that object, so
// that people can read it, where it comes back to the byte; any other as a
// string.
func rawOf(text string) json.RawMessage {
	var compact bytes.Buffer
	if len(text) > 0 && text[0] == '{' && json.Compact(&compact, []byte(text)) == nil && compact.String() == text {
		return json.RawMessage(text)
	}
	quoted, _ := json.Marshal(text) // a string always has a JSON form
	return quoted
}

func (s sidecar) texts() (Metadata, error) {
	m := Metadata{}
	for key, raw := range s.Metadata {
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
