package dataset

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

func TestLabels(t *testing.T) {
	for _, test := range []struct{ atoms, want []string }{
		{[]string{"C", "O", "S"}, []string{"C", "O", "S"}},
		{[]string{"H", "O", "H"}, []string{"H1", "O", "H2"}},
		{[]string{"h2", "CL", " br ", "H1"}, []string{"H2", "Cl", "Br", "H1"}},
		{[]string{"C1", "O7"}, []string{"C", "O"}},
		{[]string{"Q", "Q"}, []string{"Q1", "Q2"}},
	} {
		got, err := Labels(test.atoms)
		require.NoError(t, err)
		require.Equal(t, test.want, got)
		again, err := Labels(got)
		require.NoError(t, err)
		require.Equal(t, got, again, "labels name themselves")
	}
	for _, atoms := range [][]string{{"H", "H2"}, {"H1", "H1"}, {""}, {"1"}} {
		_, err := Labels(atoms)
		require.ErrorContains(t, err, "dataset: name atoms: ")
	}
}

func TestParseColumn(t *testing.T) {
	for name, want := range map[string]column{
		"x_C":   {false, "C", 'x'},
		"PY_cl": {true, "Cl", 'y'},
		"pcx":   {true, "C", 'x'},
		"px":    {false, "P", 'x'},
		"pox":   {true, "O", 'x'},
		"pbrz":  {true, "Br", 'z'},
		"z_Pb":  {false, "Pb", 'z'},
		"h12y":  {false, "H12", 'y'},
	} {
		got, ok := parseColumn(name, knownAtoms(nil))
		require.True(t, ok, name)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "x", "index", "x_", "x_Q", "qx", "time", "x_C_", "cx2"} {
		_, ok := parseColumn(name, knownAtoms(nil))
		require.False(t, ok, name)
	}
	got, ok := parseColumn("x_Q", knownAtoms([]string{"Q1"}))
	require.True(t, ok)
	require.Equal(t, column{false, "Q", 'x'}, got)
}

func TestReorderedMovesAtomsByName(t *testing.T) {
	positions, momenta := NewMatrix(2, 9), NewMatrix(2, 9)
	for i := range positions.Data {
		positions.Data[i], momenta.Data[i] = float64(i), float64(100+i)
	}
	e, err := NewEvents([]string{"H", "O", "H"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	moved, err := e.Reordered([]string{"O", "H2", "H1"})
	require.NoError(t, err)
	require.Equal(t, []string{"O", "H2", "H1"}, moved.Atoms)
	require.Equal(t, "z_H2", moved.PositionColumns[5])
	require.Equal(t, []float64{3, 4, 5, 6, 7, 8, 0, 1, 2}, moved.Positions.Row(0))
	require.Equal(t, []float64{112, 113, 114, 115, 116, 117, 109, 110, 111}, moved.Momenta.Row(1))
	back, err := moved.Reordered(e.Atoms)
	require.NoError(t, err)
	require.Equal(t, e, back)
	for _, atoms := range [][]string{{"O", "H"}, {"O", "H", "D"}, {"O", "H", "H", "H"}, {"H1", "H1", "O"}, nil} {
		_, err := e.Reordered(atoms)
		require.Error(t, err, atoms)
	}
}

func TestInUnits(t *testing.T) {
	e := triatomic(t, 3, 1)
	unit, err := explosion.ParseMomentumUnit("kg_m_s")
	require.NoError(t, err)
	si := e.InUnits(explosion.Meter, unit)
	require.InEpsilon(t, e.Positions.Row(2)[6]*5.29177210903e-11, si.Positions.Row(2)[6], 1e-12)
	require.InEpsilon(t, e.Momenta.Row(2)[6]*1.99285191410e-24, si.Momenta.Row(2)[6], 1e-12)
	require.Equal(t, explosion.Meter, si.PositionUnit)
	back := si.InUnits(explosion.Bohr, explosion.AtomicMomentum)
	require.InDeltaSlice(t, e.Positions.Data, back.Positions.Data, 1e-13)
	require.InDeltaSlice(t, e.Momenta.Data, back.Momenta.Data, 1e-10)
	require.Equal(t, e, e.InUnits(e.PositionUnit, e.MomentumUnit))
}

func TestNewEventsRefusesOtherShapes(t *testing.T) {
	bohr, au := explosion.Bohr, explosion.AtomicMomentum
	for want, try := range map[string]func() (*Events, error){
		"momenta are [2, 3]":     func() (*Events, error) { return NewEvents([]string{"C", "O"}, Matrix{}, NewMatrix(2, 3), bohr, au) },
		"positions are [1, 3]":   func() (*Events, error) { return NewEvents([]string{"C"}, NewMatrix(1, 3), NewMatrix(2, 3), bohr, au) },
		"no atoms are named":     func() (*Events, error) { return NewEvents(nil, Matrix{}, NewMatrix(2, 3), bohr, au) },
		"want different numbers": func() (*Events, error) { return NewEvents([]string{"C1", "C1"}, Matrix{}, NewMatrix(2, 6), bohr, au) },
		"momenta are [9, 3] with 6 ": func() (*Events, error) {
			return NewEvents([]string{"C"}, Matrix{}, Matrix{9, 3, make([]float64, 6)}, bohr, au)
		},
	} {
		_, err := try()
		require.ErrorContains(t, err, want)
	}
}
