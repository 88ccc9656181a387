package report

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// FuzzFigures draws whatever numbers there are: there is a figure or an error, never a panic.
func FuzzFigures(f *testing.F) {
	add := func(values ...float64) {
		var data []byte
		for _, v := range values {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
		}
		f.Add(data)
	}
	add(1, 2, 3, 4, 5, 6, 7, 8, 9)
	add(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	add(math.NaN(), math.Inf(1), -1, 1e300, 5e-324, 0, 1e99, -1e99, 1e-99, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	add(bananas(20, 9).Data...)
	f.Fuzz(func(t *testing.T, data []byte) {
		var values []float64
		for ; len(data) >= 8 && len(values) < 900; data = data[8:] {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(data)))
		}
		drawAll(t, values)
	})
}

// Tables of special numbers, of any bits, of nearly equal numbers, and of all sizes.
func TestFiguresOfRandomNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	special := []float64{0, 1, -1, math.NaN(), math.Inf(1), 1e99, -1e99, 5e-324, 1e-200, 1e-99, 1e6, 1e6 + 1e-4, 3, 0.1}
	kinds := []func() float64{
		func() float64 { return special[r.IntN(len(special))] },
		func() float64 { return math.Float64frombits(r.Uint64()) },
		func() float64 { return 1 + float64(r.IntN(3))*math.Pow(10, float64(-r.IntN(12))) },
		func() float64 { return r.NormFloat64() * math.Pow(10, float64(r.IntN(40)-20)) },
	}
	for k := range 60 {
		values := make([]float64, 1+r.IntN(90))
		for i := range values {
			values[i] = kinds[k%len(kinds)]()
		}
		drawAll(t, values)
	}
}

// drawAll makes all figures of the numbers as they come.
func drawAll(t *testing.T, values []float64) {
	t.Helper()
	rows := func(columns int) dataset.Matrix {
		n := len(values) / columns
		return dataset.Matrix{Rows: n, Cols: columns, Data: values[:n*columns]}
	}
	for _, draw := range []func() (*Figure, error){
		func() (*Figure, error) { return Corner(cornerColumns(3), rows(3), values[:min(3, len(values))]) },
		func() (*Figure, error) { return PredictedTrue(cornerColumns(3), rows(3), rows(3), rows(3)) },
		func() (*Figure, error) { return Residuals(cornerColumns(1), rows(1), rows(1), rows(1)) },
		func() (*Figure, error) { return Newton(ocs, rows(9), 1) },
		func() (*Figure, error) { return Dalitz(ocs, []float64{12, 16, 32}, rows(9)) },
		func() (*Figure, error) { return EnergyRelease(values, values[:len(values)/2]) },
	} {
		figure, err := draw()
		if err != nil {
			continue
		}
		text, err := figure.SVG()
		require.NoError(t, err)
		require.False(t, bytes.Contains(text, []byte("NaN")) || bytes.Contains(text, []byte("Inf")), "%s of %v", figure.Name, values)
		require.Less(t, len(text), mostSVG, "%s of %v", figure.Name, values)
	}
}
