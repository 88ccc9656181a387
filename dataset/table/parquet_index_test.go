package table

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	spec "github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// writeNumbered writes a table of two columns over two row groups of several pages each, whose numbers tell their row.
func writeNumbered(t *testing.T) (path string, rows int) {
	path, rows = filepath.Join(t.TempDir(), "t.parquet"), 200_000
	w, err := Create(path, []string{"a", "b"}, nil)
	require.NoError(t, err)
	m := dataset.NewMatrix(rows, 2)
	for i := range rows {
		m.Data[2*i], m.Data[2*i+1] = float64(i), -float64(i)
	}
	require.NoError(t, w.Write(m))
	require.NoError(t, w.Commit())
	return path, rows
}

func openNumbered(t *testing.T, path string) *parquetSource {
	s, err := openParquet(path, Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.close()) })
	p := s.(*parquetSource)
	require.NoError(t, p.choose([]int{0, 1}))
	p.openColumns()
	return p
}

// readAt returns what the source gives of 100 rows from one on.
func (s *parquetSource) readAt(first int) (dataset.Matrix, error) {
	if err := s.seek(int64(first), 100); err != nil {
		return dataset.Matrix{}, err
	}
	return s.next()
}

// rewriteIndex changes the index of the first column's first chunk.
func rewriteIndex(t *testing.T, path string, change func(index []byte)) {
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	i := openNumbered(t, path).section.columns[0].chunks[0].index
	require.Positive(t, i.length)
	change(content[i.offset : i.offset+i.length])
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

func TestIndexTellsWhatThePagesTell(t *testing.T) {
	path, _ := writeNumbered(t)
	for _, c := range openNumbered(t, path).section.columns {
		require.Len(t, c.chunks, 2)
		for k := range c.chunks {
			indexed := c.chunks[k].index.read(&c.reader.pages, c.chunks[k])
			require.NotNil(t, indexed)
			scanned, err := c.scan(k)
			require.NoError(t, err)
			require.Greater(t, len(scanned.rows), 1)
			require.Equal(t, scanned.rows, indexed.rows)
			require.Equal(t, scanned.offsets, indexed.offsets)
			require.Equal(t, scanned.dictionary, indexed.dictionary)
		}
	}
}

// Where the index is no index, the pages' headers tell.
func TestIndexThatIsNone(t *testing.T) {
	for name, change := range map[string]func([]byte){
		"zeros": func(index []byte) { clear(index) },
		"ones":  func(index []byte) { copy(index, bytes.Repeat([]byte{0xff}, len(index))) },
	} {
		t.Run(name, func(t *testing.T) {
			path, rows := writeNumbered(t)
			rewriteIndex(t, path, change)
			s := openNumbered(t, path)
			for _, first := range []int{rows - 100, 0, 40_000, 131_071} {
				m, err := s.readAt(first)
				require.NoError(t, err)
				require.Equal(t, []float64{float64(first), -float64(first)}, m.Row(0))
			}
		})
	}
}

// An index that tells of other rows than the pages is damage, and no rows are given for it.
func TestIndexThatLies(t *testing.T) {
	path, _ := writeNumbered(t)
	rewriteIndex(t, path, func(index []byte) {
		var told spec.OffsetIndex
		_, err := decodeThrift(index, &told)
		require.NoError(t, err)
		row := told.PageLocations[1].FirstRowIndex
		was, lie := binary.AppendVarint(nil, row), binary.AppendVarint(nil, row-1)
		require.Len(t, lie, len(was))
		at := bytes.Index(index, was)
		require.Positive(t, at)
		copy(index[at:], lie)
	})
	s := openNumbered(t, path)
	_, err := s.readAt(10)
	require.ErrorContains(t, err, "that the file's index tells of")
	m, err := s.readAt(150_000)
	require.NoError(t, err)
	require.Equal(t, []float64{150_000, -150_000}, m.Row(0))
}
