package table_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// A table that was edited or replaced must not be read with the units of
// another.
func TestMetadataOfAnotherTableAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	require.NoError(t, table.WriteEvents(path, isotopes(t, 3), nil))
	require.FileExists(t, table.SidecarPath(path))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(text, text[len(text)/2:]...), 0o600))
	_, err = table.ReadEvents(path, dataset.Layout{}, table.Options{})
	require.ErrorContains(t, err, "events.csv.json: expected the metadata of")
}

func TestOtherFilesBesideATableAreLeftAlone(t *testing.T) {
	for name, text := range map[string]string{"other JSON": `{"a": 1}`, "no JSON": "notes", "empty": ""} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "events.csv")
			require.NoError(t, os.WriteFile(path, []byte("pcx,pcy,pcz\n1,2,3\n"), 0o600))
			require.NoError(t, os.WriteFile(table.SidecarPath(path), []byte(text), 0o600))
			e, err := table.ReadEvents(path, dataset.Layout{}, table.Options{})
			require.NoError(t, err)
			require.Equal(t, 1, e.Len())
		})
	}
}

// A table without metadata in place of one with them does not take them over.
func TestMetadataGoWithTheirTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	require.NoError(t, table.WriteEvents(path, isotopes(t, 3), nil))
	w, err := table.Create(path, []string{"px_C", "py_C", "pz_C"}, nil)
	require.NoError(t, err)
	require.NoError(t, w.WriteRow([]float64{1, 2, 3}))
	require.NoError(t, w.Commit())
	r, err := table.Open(path, table.Options{})
	require.NoError(t, err)
	defer r.Close()
	require.Empty(t, r.Metadata())

	bare := filepath.Join(t.TempDir(), "bare.csv")
	w, err = table.Create(bare, []string{"a"}, nil)
	require.NoError(t, err)
	require.NoError(t, w.Commit())
	require.NoFileExists(t, table.SidecarPath(bare))
}

// A slip of somebody who edits the metadata must not make the table lose its units.
func TestDamagedMetadataAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	require.NoError(t, table.WriteEvents(path, isotopes(t, 3), nil))
	text, err := os.ReadFile(table.SidecarPath(path))
	require.NoError(t, err)
	for name, damaged := range map[string]string{
		"cut off":           string(text[:len(text)-3]),
		"a comma too many":  strings.Replace(string(text), "}", "},", 1),
		"another structure": `{"table": [], "sha256_of_first_64_kib": ""}`,
		"no fingerprint":    `{"table": {"sha256_of_first_64_kib": ""}, "metadata": {}}`,
	} {
		require.NoError(t, os.WriteFile(table.SidecarPath(path), []byte(damaged), 0o600))
		_, err := table.Open(path, table.Options{})
		require.ErrorContains(t, err, "events.csv.json: expected the metadata of", name)
	}
}

// Metadata come back to the byte, or are refused before any row is written.
func TestMetadataAreKeptOrRefused(t *testing.T) {
	object := func(depth int) string { return strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth) }
	for _, ending := range endings {
		t.Run(ending, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t"+ending)
			create := func(m table.Metadata) error {
				w, err := table.Create(path, []string{"a"}, m)
				if err != nil {
					return err
				}
				defer w.Close()
				require.NoError(t, w.Commit())
				r, err := table.Open(path, table.Options{})
				require.NoError(t, err)
				defer r.Close()
				require.Equal(t, m, r.Metadata())
				return nil
			}
			require.NoError(t, create(table.Metadata{
				"object": `{"a":1,"a":2,"b":1e999,"c":"<{\u003c\"{"}`, "list": `[1]`, "number": "5", "string": `"5"`, "null": "null", "spaces": ` {"a": 1} `,
				"empty": "", "lines": "\u2028\n\r\n", "table": "x", "metadata": "{}", " a b": "é𝄞",
				"deep": object(100), "deeper": object(101), "too deep for encoding/json": object(10_001), "brackets": strings.Repeat("[", 20_000),
			}))
			for _, bad := range []table.Metadata{{"\xff": "a"}, {"a": "\xff"}, {"a": "{\"b\":\"\xff\"}"}} {
				require.ErrorContains(t, create(bad), "want text in UTF-8")
			}
		})
	}
}

// What would not be read again is not written.
func TestTooMuchMetadata(t *testing.T) {
	huge := table.Metadata{"a": strings.Repeat("a", 64<<20)}
	for _, ending := range []string{".csv", ".npz"} {
		path := filepath.Join(t.TempDir(), "t"+ending)
		_, err := table.Create(path, []string{"a"}, huge)
		require.ErrorContains(t, err, "metadata of 64 MiB: want at most 64")
	}
}

// A table that is read through a link has the units that it has in its place.
func TestMetadataOfALinkedTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	require.NoError(t, table.WriteEvents(path, isotopes(t, 3), nil))
	link := filepath.Join(t.TempDir(), "link.csv")
	require.NoError(t, os.Symlink(path, link))
	want, err := table.ReadEvents(path, dataset.Layout{}, table.Options{})
	require.NoError(t, err)
	got, err := table.ReadEvents(link, dataset.Layout{}, table.Options{})
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NotEqual(t, explosion.Bohr, got.PositionUnit)
}

// A program that is killed while it replaces a table has written the metadata
// already, and not yet the table: the old table keeps its own.
func TestMetadataOfATableThatWasNearlyReplaced(t *testing.T) {
	for name, write := range map[string]func(path string){
		"with metadata": func(path string) { require.NoError(t, table.WriteEvents(path, isotopes(t, 3), nil)) },
		"without": func(path string) {
			require.NoError(t, os.WriteFile(path, []byte("px_O,py_O,pz_O\n1,2,3\n"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "events.csv")
			write(path)
			want, err := table.ReadEvents(path, dataset.Layout{}, table.Options{})
			require.NoError(t, err)
			old, err := os.ReadFile(path)
			require.NoError(t, err)
			for range 2 { // killed once, and once more
				in := isotopes(t, 5).InUnits(explosion.Bohr, explosion.AtomicMomentum)
				require.NoError(t, table.WriteEvents(path, in, nil))
				back, err := table.ReadEvents(path, dataset.Layout{}, table.Options{})
				require.NoError(t, err)
				require.Equal(t, explosion.Bohr, back.PositionUnit)
				require.NoError(t, os.WriteFile(path, old, 0o600))
				have, err := table.ReadEvents(path, dataset.Layout{}, table.Options{})
				require.NoError(t, err)
				require.Equal(t, want, have)
			}
		})
	}
}

func TestStray(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	require.False(t, table.Stray(path))
	require.NoError(t, os.WriteFile(table.SidecarPath(path), []byte(`{"a": 1}`), 0o600))
	require.False(t, table.Stray(path), "another program's")
	require.NoError(t, os.Remove(table.SidecarPath(path)))
	require.NoError(t, table.WriteEvents(path, isotopes(t, 3), nil))
	require.False(t, table.Stray(path))
	require.NoError(t, os.Remove(path))
	require.True(t, table.Stray(path))
}
