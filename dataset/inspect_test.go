package dataset

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

func TestDescribe(t *testing.T) {
	e := triatomic(t, 100, 1)
	for i := range e.Len() {
		e.Positions.Row(i)[8] = 7
	}
	copy(e.Momenta.Row(5), e.Momenta.Row(3))
	copy(e.Positions.Row(5), e.Positions.Row(3))
	copy(e.Momenta.Row(6), e.Momenta.Row(3))
	s := Describe(e)
	require.Equal(t, 100, s.Rows)
	require.Equal(t, 1, s.DuplicateRows, "row 6 has other positions")
	require.Len(t, s.Columns, 18)
	require.Equal(t, ColumnSummary{Name: "z_S", Min: 7, Max: 7, Mean: 7, Role: ColumnConstant}, s.Columns[8])
	roles := map[ColumnRole]int{}
	for _, c := range s.Columns {
		roles[c.Role]++
		require.True(t, c.Min <= c.Mean && c.Mean <= c.Max, c.Name)
	}
	require.Equal(t, 3, roles[ColumnDependent], "momenta add up to zero, the centre of mass is not at rest any more")
	require.Less(t, s.MomentumSum.Max, 1e-10)
	require.NotNil(t, s.KineticEnergyReleaseEV)
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.Contains(t, string(text), `"kinetic_energy_release_ev":{"p5":`)
	require.Contains(t, string(text), `"position_unit":"bohr"`)
}

// A proton and an oxygen ion flying apart with p = 10 atomic units each release
// p²/2·(1/m + 1/M).
func TestKineticEnergyRelease(t *testing.T) {
	momenta := Matrix{Rows: 1, Cols: 6, Data: []float64{10, 0, 0, -10, 0, 0}}
	e, err := NewEvents([]string{"H", "O"}, Matrix{}, momenta, explosion.LengthUnit{}, explosion.AtomicMomentum)
	require.NoError(t, err)
	want := 27.211386245988 * 50 / 1822.888486209 * (1/1.008 + 1/15.999)
	s := Describe(e)
	require.InEpsilon(t, want, s.KineticEnergyReleaseEV.Median, 1e-12)
	require.Nil(t, s.PositionUnit)
	_, err = json.Marshal(s)
	require.NoError(t, err)

	unit, err := explosion.ParseMomentumUnit("1e-24*kg_m_s")
	require.NoError(t, err)
	converted := Describe(e.InUnits(explosion.Bohr, unit))
	require.InEpsilon(t, want, converted.KineticEnergyReleaseEV.Median, 1e-12)

	e.Momenta.Data[0] = 13
	s = Describe(e)
	require.InDelta(t, 3, s.MomentumSum.Median, 1e-12)
	e.Atoms[0] = "Q"
	require.Nil(t, Describe(e).KineticEnergyReleaseEV)
}

func TestDescribeOddEvents(t *testing.T) {
	require.Equal(t, Summary{}, Describe(nil))
	require.Equal(t, Summary{}, Describe(&Events{Atoms: []string{"C"}, Momenta: Matrix{Rows: 9, Cols: 3}}))
	for _, n := range []int{1, 2, 9} {
		s := Describe(triatomic(t, n, 1))
		for _, c := range s.Columns {
			require.NotEqual(t, ColumnDependent, c.Role, "%d rows cannot tell", n)
			require.False(t, math.IsNaN(c.SD))
		}
	}
}
