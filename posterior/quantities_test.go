package posterior

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

func TestQuantitiesByHand(t *testing.T) {
	c := dataset.Encoding{Atoms: []string{"C", "O", "S"}, PositionUnit: explosion.Angstrom}
	q := NewQuantities(c, true)
	require.Equal(t, []string{"r_CO", "r_CS", "r_OS"}, q.Columns[:3])
	require.ElementsMatch(t, []string{"angle_CSO", "angle_COS", "angle_OCS"}, q.Columns[3:6])
	require.Equal(t, "ker_ev", q.Columns[6])
	require.Equal(t, []string{"angstrom", "angstrom", "angstrom", "rad", "rad", "rad", "eV"}, q.Units)

	right := dataset.Matrix{Rows: 1, Cols: 9, Data: []float64{0, 0, 0, 3, 0, 0, 0, 4, 0}}
	values := map[string]float64{}
	for i, x := range q.Of(right, []float64{1, 2, 3}).Data {
		values[q.Columns[i]] = x
	}
	require.InDelta(t, 3, values["r_CO"], 1e-15)
	require.InDelta(t, 4, values["r_CS"], 1e-15)
	require.InDelta(t, 5, values["r_OS"], 1e-15)
	require.InDelta(t, math.Pi/2, values["angle_OCS"], 1e-15)
	require.InDelta(t, math.Atan2(4, 3), values["angle_COS"], 1e-15)
	require.InDelta(t, math.Atan2(3, 4), values["angle_CSO"], 1e-15)
	const electronVoltAngstrom = 14.399645 // e²/4πε₀
	require.InEpsilon(t, electronVoltAngstrom*(2.0/3+3.0/4+6.0/5), values["ker_ev"], 1e-7)
}

// The release is the kinetic energy that the simulator finds, and names are those of an internal frame.
func TestQuantitiesAgreeWithThePhysics(t *testing.T) {
	m, err := explosion.LookupMolecule("OCS")
	require.NoError(t, err)
	m, err = m.WithCharges([]float64{2, 2, 2})
	require.NoError(t, err)
	outcome, err := explosion.Options{}.Explode(m, m.Equilibrium, nil)
	require.NoError(t, err)
	c := dataset.Encoding{Atoms: m.Symbols(), PositionUnit: explosion.Bohr}
	q := NewQuantities(c, true)
	of := q.Of(dataset.Matrix{Rows: 1, Cols: 9, Data: m.Equilibrium}, []float64{2, 2, 2})
	require.InEpsilon(t, explosion.KineticEnergyRelease(m.Masses(), outcome.Momenta)*explosion.HartreeElectronVolt, of.Data[6], 1e-5)
	f, err := explosion.FrameOptions{Reference: m.Equilibrium}.NewFrame(explosion.FrameInternal, m.Symbols())
	require.NoError(t, err)
	internal, _, err := f.Positions(nil, m.Equilibrium, nil)
	require.NoError(t, err)
	for i, name := range f.ZMatrix.Names(m.Symbols()) {
		require.Contains(t, q.Columns, name)
		for j, other := range q.Columns {
			if other == name {
				require.InDelta(t, internal[i], of.Data[j], 1e-7, name)
			}
		}
	}
}
