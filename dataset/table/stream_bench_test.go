package table_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// BenchmarkStream makes parts of a table that is read section by section, into the coordinates of a model.
func BenchmarkStream(b *testing.B) {
	recipe, err := explosion.Recipe{Events: 200_000, Seed: 1}.Complete()
	require.NoError(b, err)
	events, _, err := dataset.Simulate(b.Context(), recipe, 0)
	require.NoError(b, err)
	for _, ending := range []string{".parquet", ".npy", ".csv"} {
		path := filepath.Join(b.TempDir(), "t"+ending)
		require.NoError(b, table.WriteEvents(path, events, nil))
		for _, frame := range []explosion.FrameKind{explosion.FrameAsIs, explosion.FrameBody} {
			b.Run(ending[1:]+"/"+string(frame), func(b *testing.B) {
				r, err := table.OpenEvents(path, dataset.Layout{}, table.Options{})
				require.NoError(b, err)
				defer r.Close()
				s, err := dataset.OpenStream(b.Context(), r, dataset.StreamOptions{Options: dataset.Options{Frame: frame}, RowsInMemory: 50_000})
				require.NoError(b, err)
				_, err = s.Prepare(b.Context())
				require.NoError(b, err)
				rows, epoch := 0, 2
				for b.Loop() {
					part, err := s.Part(b.Context(), epoch)
					require.NoError(b, err)
					rows, epoch = rows+part.Len(), epoch+1
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/event")
			})
		}
	}
}
