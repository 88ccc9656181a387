package explosion

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ocsGrid() []GridAxis {
	return []GridAxis{{[]int{1, 2}, 1, 5, 20}, {[]int{1, 3}, 1, 5, 20}, {[]int{2, 1, 3}, 140, 180, 20}}
}

// draws returns the positions of events.
func draws(t *testing.T, r Recipe) (positions, momenta [][]float64) {
	t.Helper()
	r, err := r.Complete()
	require.NoError(t, err)
	w, err := newWorker(r)
	require.NoError(t, err)
	for index := r.First; index < r.First+r.Events; index++ {
		x := make([]float64, len(r.Molecule.Equilibrium))
		_, err := w.source.draw(index, x, w.motion)
		require.NoError(t, err)
		positions = append(positions, x)
		momenta = append(momenta, append([]float64(nil), w.motion...))
	}
	return positions, momenta
}

// internal measures the coordinate of a grid axis, in Angstrom or degrees.
func internal(positions []float64, atoms []int) float64 {
	at := func(i int) vector { return vectorAt(positions, 3*(atoms[i]-1)) }
	switch len(atoms) {
	case 2:
		return at(1).sub(at(0)).norm() * BohrRadiusAngstrom
	case 3:
		a, b := at(0).sub(at(1)), at(2).sub(at(1))
		return math.Atan2(a.cross(b).norm(), a.dot(b)) * 180 / math.Pi
	}
	b1, b2, b3 := at(1).sub(at(0)), at(2).sub(at(1)), at(3).sub(at(2))
	n1, n2 := b1.cross(b2), b2.cross(b3)
	return math.Atan2(b2.norm()*b1.dot(n2), n1.dot(n2)) * 180 / math.Pi
}

// The grid of the literature: 8000 geometries of OCS, the angle fastest.
func TestGridEnumeratesOCS(t *testing.T) {
	positions, _ := draws(t, Recipe{Geometry: Geometry{Kind: GeometryGrid, Grid: ocsGrid()}})
	require.Len(t, positions, 8000)
	masses := builtIn(t, "OCS").Masses()
	for index, x := range positions {
		assert.InDelta(t, 1+4*float64(index/400)/19, internal(x, []int{1, 2}), 1e-12)
		assert.InDelta(t, 1+4*float64(index/20%20)/19, internal(x, []int{1, 3}), 1e-12)
		assert.InDelta(t, 140+40*float64(index%20)/19, internal(x, []int{2, 1, 3}), 1e-5)
		centre := vector{}
		for i, mass := range masses {
			centre = centre.add(vectorAt(x, 3*i).scale(mass))
			assert.Zero(t, x[3*i+2], "a triatomic molecule lies in the xy-plane")
		}
		assert.InDelta(t, 0, centre.norm()/masses[2], 1e-12)
	}
	assert.Equal(t, 5.0*Angstrom.Bohr, GridAxis{[]int{1, 2}, 1, 5, 20}.value(19), "the last value is exact")
}

// Whatever the axes, they have the values asked for and all else stays as at
// equilibrium: what is left out is fixed by distances between the atoms in place.
func TestGridOfAnyMolecule(t *testing.T) {
	random := testRandom(4)
	for n := 2; n <= 8; n++ {
		for range 20 {
			m := randomMolecule(random, n)
			order := random.Perm(n)
			var axes []GridAxis
			for k := 1; k < n; k++ { // each atom by others before it in a random order
				var atoms []int
				for _, i := range random.Perm(k)[:min(k, 3)] {
					atoms = append(atoms, order[i]+1)
				}
				for size := 1; size <= len(atoms); size++ {
					axis := GridAxis{Atoms: append(append([]int(nil), atoms[len(atoms)-size:]...), order[k]+1), Count: 1}
					axis.From = []float64{1 + random.Float64(), 20 + 120*random.Float64(), 340*random.Float64() - 170}[size-1]
					axis.To = axis.From
					if random.IntN(2) > 0 {
						axes = append(axes, axis)
					}
				}
			}
			if len(axes) == 0 {
				continue
			}
			positions, _ := draws(t, Recipe{Molecule: m, Geometry: Geometry{Kind: GeometryGrid, Grid: axes}})
			require.Len(t, positions, 1)
			for _, axis := range axes {
				assert.InDelta(t, axis.From, internal(positions[0], axis.Atoms), 1e-6, "%v of %v", axis, axes)
			}
		}
	}
}

// With the values of the equilibrium, a grid gives the equilibrium, in its own
// orientation.
func TestGridAtEquilibrium(t *testing.T) {
	random := testRandom(5)
	molecules := []Molecule{randomMolecule(random, 4), randomMolecule(random, 7)}
	for _, name := range Molecules() {
		molecules = append(molecules, builtIn(t, name))
	}
	for _, m := range molecules {
		distance := internal(m.Equilibrium, []int{1, 2})
		axes := []GridAxis{{[]int{1, 2}, distance, distance, 1}}
		g, err := newGridMolecule(m, axes)
		require.NoError(t, err)
		positions := make([]float64, len(m.Equilibrium))
		g.place(positions)
		assert.InDeltaSlice(t, m.Equilibrium, positions, 1e-7, m.Name)
	}
}

func TestParseGridAxis(t *testing.T) {
	for text, want := range map[string]GridAxis{
		"C-O=1:5:20":                 {[]int{1, 2}, 1, 5, 20},
		" o - c - s = 140 : 180 : 3": {[]int{2, 1, 3}, 140, 180, 3},
	} {
		got, err := ParseGridAxis(builtIn(t, "OCS"), text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	got, err := ParseGridAxis(builtIn(t, "C2H2"), "H1-C1-C2-H2=-90:90:7")
	require.NoError(t, err)
	assert.Equal(t, GridAxis{[]int{3, 1, 2, 4}, -90, 90, 7}, got)
	for want, text := range map[string]string{
		"want ATOM-ATOM=FROM:TO:COUNT":       "C-O",
		`no atom "H": want one of C, O, S`:   "C-H=1:2:3",
		`"x": want a number`:                 "C-O=x:2:3",
		`"2.5": want a whole number`:         "C-O=1:2:2.5",
		"angle 200°":                         "C-O-S=1:200:3",
		"1 atoms: want 2":                    "C=1:2:3",
		"count 1 from 1 to 2: want more, or": "C-O=1:2:1",
	} {
		_, err := ParseGridAxis(builtIn(t, "OCS"), text)
		assert.ErrorContains(t, err, want)
	}
}

func FuzzParseGridAxis(f *testing.F) {
	for _, text := range []string{"C-O=1:5:20", "O-C-S=140:180:20", "S-C-O-C=0:0:1", "=", "--=::"} {
		f.Add(text)
	}
	m, err := LookupMolecule("OCS")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		if axis, err := ParseGridAxis(m, text); err == nil {
			assert.NoError(t, axis.check(3))
		}
	})
}
