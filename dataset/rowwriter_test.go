package dataset

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCSVRoundTripKeepsEveryBit(t *testing.T) {
	e := triatomic(t, 200, 1)
	random := rand.New(rand.NewPCG(2, 2))
	for i := range e.Positions.Data {
		if v := math.Float64frombits(random.Uint64()); !math.IsNaN(v) && !math.IsInf(v, 0) {
			e.Positions.Data[i] = v
		}
	}
	copy(e.Momenta.Data, []float64{math.Copysign(0, -1), math.SmallestNonzeroFloat64, -math.MaxFloat64, 1.0 / 3})
	var text bytes.Buffer
	require.NoError(t, WriteCSV(&text, e))
	back, err := ReadCSV(&text, "written", Layout{})
	require.NoError(t, err)
	require.Equal(t, bits(e.Positions), bits(back.Positions))
	require.Equal(t, bits(e.Momenta), bits(back.Momenta))
	require.Equal(t, e.Atoms, back.Atoms)
}

func bits(m Matrix) []uint64 {
	out := make([]uint64, len(m.Data))
	for i, v := range m.Data {
		out[i] = math.Float64bits(v)
	}
	return out
}

func TestWriteCSVOfMomentaOnly(t *testing.T) {
	e := triatomic(t, 2, 1)
	e.Positions = Matrix{}
	var text bytes.Buffer
	require.NoError(t, WriteCSV(&text, e))
	require.True(t, strings.HasPrefix(text.String(), "px_C,py_C,pz_C,px_O,"), text.String())
	require.Error(t, WriteCSV(&text, &Events{}), "no atoms")
}

func TestRowWriterRefusesBadRows(t *testing.T) {
	var text bytes.Buffer
	w, err := NewRowWriter(&text, []string{"a", "b"})
	require.NoError(t, err)
	require.NoError(t, w.Write([]float64{1}, []float64{2.5}))
	require.EqualError(t, w.Write([]float64{1}), "dataset: write row 2: 1 numbers: want 2")
	require.EqualError(t, w.Write([]float64{1, 2}, []float64{3}), "dataset: write row 2: 3 numbers: want 2")
	require.EqualError(t, w.Write([]float64{1, math.NaN()}), "dataset: write row 2: number 2 is NaN: want a finite number")
	require.NoError(t, w.Write([]float64{3, 4}))
	require.NoError(t, w.Flush())
	require.Equal(t, "a,b\n1,2.5\n3,4\n", text.String())
}

type fullDisk struct{ err error }

func (d fullDisk) Write([]byte) (int, error) { return 0, d.err }

func TestRowWriterPassesWriterErrors(t *testing.T) {
	full := errors.New("no space left")
	w, err := NewRowWriter(fullDisk{full}, []string{"a"})
	if err == nil {
		require.NoError(t, w.Write([]float64{1}))
		err = w.Flush()
	}
	require.ErrorIs(t, err, full)
}
