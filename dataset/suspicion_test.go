package dataset

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

func suspicionOf(t *testing.T, e *Events, kind SuspicionKind) Suspicion {
	t.Helper()
	for _, s := range Describe(e).Suspicious {
		if s.Kind == kind {
			return s
		}
	}
	t.Fatalf("nothing of kind %s among %v", kind, Describe(e).Suspicious)
	return Suspicion{}
}

func TestGoodTablesAreNotSuspicious(t *testing.T) {
	for seed := range uint64(5) {
		require.Empty(t, Describe(triatomic(t, 2000, seed)).Suspicious)
		require.Empty(t, Describe(peroxide(t, 2000, seed)).Suspicious)
		momentaOnly := triatomic(t, 2000, seed)
		momentaOnly.Positions = Matrix{}
		require.Empty(t, Describe(momentaOnly).Suspicious)
	}
}

func TestSuspicionsNameTheirRows(t *testing.T) {
	for kind, spoil := range map[SuspicionKind]func(positions, momenta []float64){
		SuspiciousMomentumSum: func(_, p []float64) { p[2] += 60 },
		SuspiciousKineticEnergy: func(_, p []float64) {
			for j := range p {
				p[j] *= 4
			}
		},
		SuspiciousDistance: func(x, _ []float64) { copy(x[3:6], []float64{x[0] + 0.5, x[1], x[2]}) },
		SuspiciousZero:     func(_, p []float64) { clear(p) },
	} {
		e := triatomic(t, 500, 1)
		for _, i := range []int{3, 17, 40, 41, 99, 200, 400} {
			spoil(e.Positions.Row(i), e.Momenta.Row(i))
		}
		s := suspicionOf(t, e, kind)
		require.Equal(t, 7, s.Rows, kind)
		require.Equal(t, []int{3, 17, 40, 41, 99}, s.First, kind)
		require.NotEmpty(t, s.Text)
	}
	e := triatomic(t, 500, 1)
	for _, i := range []int{9, 5} {
		copy(e.Positions.Row(i), e.Positions.Row(2))
		copy(e.Momenta.Row(i), e.Momenta.Row(2))
	}
	require.Equal(t, []int{5, 9}, suspicionOf(t, e, SuspiciousDuplicate).First)
}

func TestWrongUnitsAreSuspicious(t *testing.T) {
	e := triatomic(t, 100, 1)
	misread := func(length explosion.LengthUnit, momentum string) *Events {
		unit, err := explosion.ParseMomentumUnit(momentum)
		require.NoError(t, err)
		converted := e.InUnits(length, unit)
		converted.PositionUnit, converted.MomentumUnit = explosion.Bohr, explosion.AtomicMomentum
		return converted
	}
	for _, c := range []struct {
		events *Events
		kind   SuspicionKind
		unit   string
	}{
		{misread(explosion.Angstrom, "au"), SuspiciousPositionUnit, "is the unit angstrom?"},
		{misread(explosion.Meter, "au"), SuspiciousPositionUnit, "is the unit m?"},
		{misread(explosion.Bohr, "kg_m_s"), SuspiciousMomentumUnit, "is the unit kg_m_s?"},
		{misread(explosion.Bohr, "1e-22*kg_m_s"), SuspiciousMomentumUnit, "is the unit 1e-22*kg_m_s?"},
	} {
		s := suspicionOf(t, c.events, c.kind)
		require.Equal(t, 100, s.Rows)
		require.True(t, strings.HasSuffix(s.Text, c.unit), s.Text)
	}
}

func TestHydrogenMayBeCloser(t *testing.T) {
	positions := Matrix{Rows: 1, Cols: 6, Data: []float64{0, 0, 0, 1.4, 0, 0}}
	momenta := Matrix{Rows: 1, Cols: 6, Data: []float64{30, 0, 0, -30, 0, 0}}
	for atom, kinds := range map[string]int{"H": 0, "N": 1} {
		e, err := NewEvents([]string{atom, atom}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
		require.NoError(t, err)
		require.Len(t, Describe(e).Suspicious, kinds, "%s₂ at 0.74 Å", atom)
	}
}

func TestHistogramCountsEveryValueOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	values := []float64{-1e6, 1e9}
	for range 1000 {
		values = append(values, 100+5*random.NormFloat64())
	}
	h := newHistogram(values)
	require.Len(t, h.Counts, 20)
	require.Len(t, h.Edges, 21)
	require.Equal(t, []int{1, 1}, []int{h.Below, h.Above}, "outliers do not stretch the bins")
	require.Greater(t, h.Edges[0], 50.0)
	total := h.Below + h.Above
	for i, n := range h.Counts {
		total += n
		in := 0
		for _, v := range values {
			if v >= h.Edges[i] && (v < h.Edges[i+1] || i == 19 && v == h.Edges[20]) {
				in++
			}
		}
		require.Equal(t, in, n)
	}
	require.Equal(t, len(values), total)
	require.Equal(t, Histogram{Edges: []float64{3, 3}, Counts: []int{4}}, newHistogram([]float64{3, 3, 3, 3}))
}

func TestDescribeHasAHistogram(t *testing.T) {
	s := Describe(triatomic(t, 100, 1))
	require.Equal(t, 100, s.KineticEnergyReleaseHistogramEV.Below+s.KineticEnergyReleaseHistogramEV.Above+sumOf(s.KineticEnergyReleaseHistogramEV.Counts))
}

func sumOf(counts []int) (total int) {
	for _, n := range counts {
		total += n
	}
	return total
}
