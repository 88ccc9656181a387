package dataset

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

// ladder returns events of H and O with momenta ±p along x, p = 10, 20, …, 100,
// the third with an extra 7 on O.
func ladder(t *testing.T) *Events {
	t.Helper()
	momenta := NewMatrix(10, 6)
	for i := range momenta.Rows {
		p := 10 * float64(i+1)
		copy(momenta.Row(i), []float64{p, 0, 0, -p, 0, 0})
	}
	momenta.Row(2)[3] -= 7
	e, err := NewEvents([]string{"H", "O"}, Matrix{}, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	return e
}

func ptr(v float64) *float64 { return &v }

func TestSelection(t *testing.T) {
	e := ladder(t)
	release := func(p float64) float64 {
		return 27.211386245988 * p * p / (2 * 1822.888486209) * (1/1.008 + 1/15.999)
	}
	s := Selection{MaxMomentumSumAU: ptr(5), KERMinEV: ptr(release(15)), KERMaxEV: ptr(release(75))}
	got, err := s.Apply(e)
	require.NoError(t, err)
	require.Equal(t, []int{1, 3, 4, 5, 6}, got.Rows)
	require.Equal(t, e.SelectRows(got.Rows), got.Events)
	require.Equal(t, SelectionReport{Events: 10, Kept: 5, Criteria: []CriterionCount{
		{CriterionMomentumSum, ptr(5), "au", 1, 9},
		{CriterionKERMin, ptr(release(15)), "eV", 1, 8},
		{CriterionKERMax, ptr(release(75)), "eV", 3, 5},
	}}, got.Report)
	text, err := json.Marshal(got.Report)
	require.NoError(t, err)
	require.Contains(t, string(text), `{"criterion":"momentum-sum","threshold":5,"unit":"au","rejected":1,"remaining":9}`)

	unit, err := explosion.ParseMomentumUnit("1e-24*kg_m_s")
	require.NoError(t, err)
	converted, err := s.Apply(e.InUnits(explosion.Bohr, unit))
	require.NoError(t, err)
	require.Equal(t, got.Rows, converted.Rows, "whatever the table's unit")
}

func TestSelectionWithIsotopes(t *testing.T) {
	e := ladder(t)
	window := Selection{KERMinEV: ptr(50)}
	light, err := window.Apply(e)
	require.NoError(t, err)
	e.MassesDalton = []float64{2.014, 15.999}
	heavy, err := window.Apply(e)
	require.NoError(t, err)
	require.Less(t, len(heavy.Rows), len(light.Rows), "heavier fragments have less energy at the same momentum")
}

func TestSelectionKeepsAllOrNothing(t *testing.T) {
	e := ladder(t)
	all, err := Selection{}.Apply(e)
	require.NoError(t, err)
	require.Equal(t, e, all.Events)
	require.Equal(t, SelectionReport{Events: 10, Kept: 10, Criteria: []CriterionCount{}}, all.Report)
	none, err := Selection{KERMaxEV: ptr(0)}.Apply(e)
	require.NoError(t, err)
	require.Empty(t, none.Rows)
	require.Zero(t, none.Events.Len())
}

func TestNaNMeetsNoCriterion(t *testing.T) {
	for _, s := range []Selection{{MaxMomentumSumAU: ptr(1e9)}, {KERMinEV: ptr(0)}, {KERMaxEV: ptr(1e9)}} {
		e := ladder(t)
		e.Momenta.Row(4)[1] = math.NaN()
		got, err := s.Apply(e)
		require.NoError(t, err)
		require.NotContains(t, got.Rows, 4)
		require.Equal(t, 9, got.Report.Kept)
	}
}

func TestSelectionOfTheTrainingDomain(t *testing.T) {
	e := triatomic(t, 200, 1)
	c := prepare(t, e, Options{Frame: explosion.FrameBody}).Encoding
	inside, err := Selection{Domain: &c}.Apply(e.SelectRows([]int{0, 1, 2, 3, 4, 5, 6, 7}))
	require.NoError(t, err)
	for i := range 9 {
		e.Momenta.Row(2)[i] *= 50
		e.Momenta.Row(5)[i] = 0
	}
	got, err := Selection{Domain: &c}.Apply(e.SelectRows([]int{0, 1, 2, 3, 4, 5, 6, 7}))
	require.NoError(t, err)
	require.NotContains(t, got.Rows, 2)
	require.NotContains(t, got.Rows, 5)
	require.Equal(t, []CriterionCount{
		{Criterion: CriterionFrame, Rejected: 1, Remaining: 7},
		{Criterion: CriterionTrainingDomain, Rejected: 7 - len(got.Rows), Remaining: len(got.Rows)},
	}, got.Report.Criteria, "without momenta there are no axes")
	require.GreaterOrEqual(t, len(inside.Rows), len(got.Rows)+1)
}

func TestSelectionRefusesBadInput(t *testing.T) {
	c := prepare(t, triatomic(t, 100, 1), Options{}).Encoding
	unknown := ladder(t)
	unknown.Atoms = []string{"H", "Q"}
	for want, try := range map[string]struct {
		selection Selection
		events    *Events
	}{
		"momentum-sum of NaN":             {Selection{MaxMomentumSumAU: ptr(math.NaN())}, ladder(t)},
		"kinetic-energy-release-max of +": {Selection{KERMaxEV: ptr(math.Inf(1))}, ladder(t)},
		"from 2 to 1 eV":                  {Selection{KERMinEV: ptr(2), KERMaxEV: ptr(1)}, ladder(t)},
		`"Q" has no standard atomic`:      {Selection{KERMinEV: ptr(2)}, unknown},
		"wanted are C, O, S":              {Selection{Domain: &c}, ladder(t)},
		"no atoms are named":              {Selection{}, nil},
	} {
		_, err := try.selection.Apply(try.events)
		require.ErrorContains(t, err, want)
	}
}
