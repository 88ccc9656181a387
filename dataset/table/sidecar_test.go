package table_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
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
