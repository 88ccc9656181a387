package explosion

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"
)

func ocsRanges() []InternalRange {
	return []InternalRange{{[]int{1, 2}, 0.9, 2.8}, {[]int{1, 3}, 0.9, 2.2}, {[]int{2, 1, 3}, 140, 180}}
}

// Each coordinate is uniform in its range by the test of Kolmogorov and Smirnov, and
// independent of the others.
func TestInternalIsUniform(t *testing.T) {
	const n = 4000
	ranges := ocsRanges()
	positions, _ := draws(t, Recipe{Geometry: Geometry{Kind: GeometryInternal, Internal: ranges}, Events: n, Seed: 3})
	even := make([]float64, n)
	for i := range even {
		even[i] = (float64(i) + 0.5) / n
	}
	parts := make([][]float64, len(ranges))
	for k, r := range ranges {
		for _, x := range positions {
			part := (internal(x, r.Atoms) - r.From) / (r.To - r.From)
			require.GreaterOrEqual(t, part, -1e-12)
			require.LessOrEqual(t, part, 1+1e-12)
			parts[k] = append(parts[k], part)
		}
	}
	for k, part := range parts {
		for _, other := range parts[:k] {
			assert.Less(t, stat.Correlation(part, other, nil), 4/63.)
			assert.Greater(t, stat.Correlation(part, other, nil), -4/63.)
		}
	}
	for _, part := range parts {
		slices.Sort(part)
		assert.Less(t, stat.KolmogorovSmirnov(part, nil, even, nil), 1.95/63, "p = 0.001")
	}
}

// Coordinates without a range stay, one whose range is a point is that, and an event
// depends on its index alone.
func TestInternalKeepsTheRest(t *testing.T) {
	m := builtIn(t, "OCS")
	r := Recipe{
		Molecule: m, Channels: []Channel{{Charges: []float64{2, 2, 2}}}, Events: 20,
		Geometry: Geometry{Kind: GeometryInternal, Internal: []InternalRange{{[]int{1, 3}, 1.5, 1.5}, {[]int{2, 1, 3}, 150, 170}}},
	}
	all, _ := draws(t, r)
	for _, x := range all {
		assert.InDelta(t, internal(m.Equilibrium, []int{1, 2}), internal(x, []int{1, 2}), 1e-12)
		assert.InDelta(t, 1.5, internal(x, []int{1, 3}), 1e-12)
	}
	r.First, r.Events = 5, 3
	some, _ := draws(t, r)
	assert.Equal(t, all[5:8], some)
	for _, workers := range []int{1, 3} {
		_, err := Simulate(context.Background(), r, workers, func(e Event) error {
			assert.Equal(t, all[e.Index], e.Positions)
			return nil
		})
		require.NoError(t, err)
	}
}

func TestInternalRefusals(t *testing.T) {
	for want, spoil := range map[string]func(g *Geometry){
		"internal: no ranges":                      func(g *Geometry) { g.Internal = nil },
		"internal: kind uniform does not use it":   func(g *Geometry) { g.Kind, g.DisplacementAngstrom = GeometryUniform, 0.1 },
		"displacement_angstrom 1: kind internal":   func(g *Geometry) { g.DisplacementAngstrom = 1 },
		"grid: kind internal does not use it":      func(g *Geometry) { g.Grid = ocsGrid() },
		"range 1: from 3 to 2.8: want the lower":   func(g *Geometry) { g.Internal[0].From = 3 },
		"range 2: distance 0 Å":                    func(g *Geometry) { g.Internal[1].From = 0 },
		"range 3: angle 181°":                      func(g *Geometry) { g.Internal[2].To = 181 },
		"range 1: atom 4: want 1 to 3":             func(g *Geometry) { g.Internal[0].Atoms = []int{1, 4} },
		"atom 3 is placed by other axes":           func(g *Geometry) { g.Internal[1].Atoms = []int{2, 3} },
		`kind "": want equilibrium, uniform, norm`: func(g *Geometry) { g.Kind = "" },
	} {
		g := Geometry{Kind: GeometryInternal, Internal: ocsRanges()}
		spoil(&g)
		_, err := Recipe{Geometry: g}.Complete()
		assert.ErrorContains(t, err, want)
	}
	_, err := NewInternalBox(builtIn(t, "OCS"), nil)
	assert.ErrorContains(t, err, "no ranges")
}

func TestParseInternalRange(t *testing.T) {
	for text, want := range map[string]InternalRange{
		"C-O=0.9:2.8":         {[]int{1, 2}, 0.9, 2.8},
		"o - c - s = 140:140": {[]int{2, 1, 3}, 140, 140},
	} {
		got, err := ParseInternalRange(builtIn(t, "OCS"), text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for want, text := range map[string]string{
		"want ATOM-ATOM=FROM:TO, with":       "C-O=1:2:3",
		`parse range "C-H=1:2": no atom "H"`: "C-H=1:2",
		`"": want a number`:                  "C-O=1:",
		"value NaN":                          "C-O=NaN:1",
		"from 2 to 1":                        "C-O=2:1",
		"angle 200°":                         "C-O-S=1:200",
	} {
		_, err := ParseInternalRange(builtIn(t, "OCS"), text)
		assert.ErrorContains(t, err, want)
	}
}

func FuzzParseInternalRange(f *testing.F) {
	for _, text := range []string{"C-O=1:5", "O-C-S=140:180", "S-C-O-C=0:0", "=", "--=:"} {
		f.Add(text)
	}
	m, err := LookupMolecule("OCS")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseInternalRange(m, text); err == nil {
			assert.NoError(t, r.check(3))
		}
	})
}
