package trainer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// BenchmarkEpochOnTheHost times what an epoch of a source costs beside its steps, per event: the look at the part for
// numbers that are not finite, which is done beside the training, and its conversion and the permutation, which are not.
func BenchmarkEpochOnTheHost(b *testing.B) {
	const rows, size = 1 << 18, 512
	part := dataset.Part{Positions: dataset.NewMatrix(rows, 3), Momenta: dataset.NewMatrix(rows, 3)}
	for i := range part.Positions.Data {
		part.Positions.Data[i], part.Momenta.Data[i] = float64(i%17), float64(i%19)
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	held, err := newBatches(s, part, binding.Float32, binding.CPU, size)
	require.NoError(b, err)
	generator, err := binding.NewGenerator(binding.CPU, 1)
	require.NoError(b, err)
	defer generator.Close()
	order := s.FromInt64s(make([]int64, rows), binding.CPU, rows)
	window := newShuffled(s, held, order)
	step := binding.NewScope(binding.NoGrad(), binding.WithGenerator(generator))
	defer step.Close()
	for name, work := range map[string]func() error{
		"check": func() error {
			if err := checkRows("positions", part.Positions, rows, 3); err != nil {
				return err
			}
			return checkRows("momenta", part.Momenta, rows, 3)
		},
		"convert":     func() error { return held.fill(part) },
		"permutation": func() error { step.Copy(order, step.RandPerm(rows)); return nil },
		"gather": func() error {
			window.forget()
			for i := range held.count() {
				window.gather(step, i*held.size, held.length(i))
			}
			return nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, work())
				require.NoError(b, step.Err())
				require.NoError(b, step.Reset())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/event")
		})
	}
}
