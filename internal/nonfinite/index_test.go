package nonfinite

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The first of them is found at every place, whatever finite numbers are around it.
func TestIndex(t *testing.T) {
	finite := []float64{0, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1), 1, -1, 1e300, -1e300}
	for n := range len(finite) + 1 {
		assert.Equal(t, -1, Index(finite[:n]), n)
	}
	for _, other := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for i := range finite {
			data := append([]float64{}, finite...)
			data[i] = other
			assert.Equal(t, i, Index(data), other)
			data[len(data)-1] = math.NaN()
			assert.Equal(t, i, Index(data), other)
		}
	}
	assert.Equal(t, 0, Index([]float64{math.Inf(1), math.Inf(-1)}), "which do not cancel")
}

func BenchmarkIndex(b *testing.B) {
	data := make([]float64, 1<<20)
	b.SetBytes(int64(8 * len(data)))
	for b.Loop() {
		Index(data)
	}
}
