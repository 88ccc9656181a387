package modeltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

// Normal returns a tensor [rows,columns] of normal numbers that follow from seed.
func Normal(s *binding.Scope, dtype binding.DType, seed uint64, rows, columns int64) binding.Tensor {
	return s.FromFloat64s(Normals(seed, int(rows*columns)), dtype, binding.CPU, rows, columns)
}

// Normals returns n normal numbers that follow from seed.
func Normals(seed uint64, n int) []float64 {
	random := rand.New(rand.NewPCG(seed, 1))
	numbers := make([]float64, n)
	for i := range numbers {
		numbers[i] = random.NormFloat64()
	}
	return numbers
}

// Column returns column i of rows of the given width.
func Column(data []float64, i, width int) (column []float64) {
	for k := i; k < len(data); k += width {
		column = append(column, data[k])
	}
	return column
}

// AssertClose compares elements within tolerance, absolute for numbers below 1 and relative above.
func AssertClose(t testing.TB, want, got []float64, tolerance float64, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance*max(1, math.Abs(want[i]))) {
			assert.Failf(t, "not close", "%s: element %d is %v, want %v within %g", what, i, got[i], want[i], tolerance)
			return
		}
	}
}

// AssertFinite asserts that all elements are finite numbers.
func AssertFinite(t testing.TB, values []float64) {
	t.Helper()
	for i, v := range values {
		assert.True(t, isNumber(v), "element %d is %v", i, v)
	}
}

func isNumber(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
