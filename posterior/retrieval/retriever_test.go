package retrieval

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

const (
	picometre = 0.01 / explosion.BohrRadiusAngstrom
	degree    = math.Pi / 180
)

// carbonylSulphide is a recipe of OCS with charges 2, 2, 2 on a grid.
func carbonylSulphide(t testing.TB, points int) explosion.Recipe {
	t.Helper()
	m, err := explosion.LookupMolecule("OCS")
	require.NoError(t, err)
	r := explosion.Recipe{Molecule: m, Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}}}
	r.Geometry.Kind = explosion.GeometryGrid
	for _, axis := range []string{"C-O=1:5", "C-S=1:5", "O-C-S=140:180"} {
		a, err := explosion.ParseGridAxis(m, fmt.Sprintf("%s:%d", axis, points))
		require.NoError(t, err)
		r.Geometry.Grid = append(r.Geometry.Grid, a)
	}
	r, err = r.Complete()
	require.NoError(t, err)
	return r
}

func prepare(t testing.TB, r explosion.Recipe, o Options) *Retriever {
	t.Helper()
	v, err := New(context.Background(), r, o)
	require.NoError(t, err)
	return v
}

// momentaOf explodes internal coordinates.
func momentaOf(t testing.TB, v *Retriever, coordinates ...float64) []float64 {
	t.Helper()
	positions, err := v.shape.frame.Cartesian(nil, coordinates)
	require.NoError(t, err)
	o, err := v.solver.Explode(v.shape.molecule, positions, nil)
	require.NoError(t, err)
	return o.Momenta
}

func ocs(co, cs, degrees float64) []float64 {
	return []float64{co * explosion.Angstrom.Bohr, cs * explosion.Angstrom.Bohr, degrees * degree}
}

func holds(solutions []Solution, truth []float64, picometres, degrees float64) bool {
	return slices.ContainsFunc(solutions, func(s Solution) bool {
		return math.Abs(s.Internal[0]-truth[0]) < picometres*picometre && math.Abs(s.Internal[1]-truth[1]) < picometres*picometre && math.Abs(s.Internal[2]-truth[2]) < degrees*degree
	})
}

// Both geometries explode to the same momenta to 3e-5, so that each has a partner
// near the other.
func TestDegeneratePair(t *testing.T) {
	v := prepare(t, carbonylSulphide(t, 2), Options{Shapes: 5000})
	assert.Equal(t, []string{"r_CO", "r_CS", "angle_OCS"}, v.Columns())
	pair := [][]float64{ocs(1.8949, 1.2990, 160.601), ocs(2.486, 1.0755, 164.568)}
	for i, truth := range pair {
		solutions, err := v.Retrieve(momentaOf(t, v, truth...))
		require.NoError(t, err)
		assert.True(t, holds(solutions, truth, 0.001, 0.0001), "%v", solutions)
		assert.True(t, holds(solutions, pair[1-i], 0.1, 0.01), "%v", solutions)
		sum := 0.0
		for _, s := range solutions {
			assert.True(t, s.Converged)
			assert.Less(t, s.Residual, 1e-6)
			if holds([]Solution{s}, pair[0], 0.1, 0.01) || holds([]Solution{s}, pair[1], 0.1, 0.01) {
				assert.Greater(t, s.Weight, 0.2)
			}
			sum += s.Weight
		}
		assert.InDelta(t, 1, sum, 1e-12)
	}
}

// A part of the grid of the command go run ./examples/gridretrieval.
func TestGrid(t *testing.T) {
	r := carbonylSulphide(t, 6)
	v := prepare(t, r, Options{})
	found, events := 0, 0
	_, err := explosion.Simulate(context.Background(), r, 1, func(e explosion.Event) error {
		solutions, err := v.Retrieve(e.Momenta)
		if err != nil {
			return err
		}
		truth, err := v.shape.coordinates(nil, e.Positions)
		events++
		if holds(solutions, truth, 0.1, 0.01) {
			found++
		}
		return err
	})
	require.NoError(t, err)
	require.Equal(t, 216, events)
	assert.GreaterOrEqual(t, found, 215)
}

// The widths that independent errors of the five momentum components in the frame
// leave, against (JᵀJ)⁻¹ with J from central differences of explosions.
func TestWidths(t *testing.T) {
	for _, noise := range []float64{0.01, 0.05} {
		v := prepare(t, carbonylSulphide(t, 2), Options{Shapes: 3000, Noise: Noise{Relative: noise, InFrame: true}})
		truth := ocs(1.156, 1.561, 175)
		solutions, err := v.Retrieve(momentaOf(t, v, truth...))
		require.NoError(t, err)
		i := slices.IndexFunc(solutions, func(s Solution) bool { return holds([]Solution{s}, truth, 0.1, 0.01) })
		require.GreaterOrEqual(t, i, 0, "%v", solutions)
		inFrame := func(coordinates []float64) []float64 {
			p, _, err := v.shape.frame.Momenta(nil, momentaOf(t, v, coordinates...))
			require.NoError(t, err)
			return p
		}
		centre := inFrame(truth)
		jacobian := mat.NewDense(5, 3, nil)
		for k := range truth {
			const h = 1e-3
			x := slices.Clone(truth)
			x[k] += h
			high := inFrame(x)
			x[k] -= 2 * h
			low := inFrame(x)
			for row, i := range []int{0, 1, 3, 4, 6} { // C x y, O x y, S x
				jacobian.Set(row, k, (high[i]-low[i])/(2*h)/(noise*math.Abs(centre[i])))
			}
		}
		var normal, covariance mat.Dense
		normal.Mul(jacobian.T(), jacobian)
		require.NoError(t, covariance.Inverse(&normal))
		for k, sd := range solutions[i].Deviations {
			assert.InEpsilon(t, math.Sqrt(covariance.At(k, k)), sd, 0.01)
		}
	}
}

// With errors in the axes of the measurement, solutions scatter about the truth as
// their covariances say: the mean of the squared distance in units of these is the
// number of coordinates.
func TestCovarianceOfDetectorNoise(t *testing.T) {
	r := explosion.Recipe{Seed: 5, Events: 300}
	r.Geometry.Kind, r.Geometry.DisplacementAngstrom = explosion.GeometryNormal, 0.05
	r.Orientation = explosion.OrientationRandom
	r.Detector.AbsoluteNoise = 0.02
	v := prepare(t, r, Options{Shapes: 3000, Noise: Noise{Absolute: 0.02}})
	sum, events := 0.0, 0
	_, err := explosion.Simulate(context.Background(), r, 1, func(e explosion.Event) error {
		truth, err := v.shape.coordinates(nil, e.Positions)
		if err != nil {
			return err
		}
		solutions, err := v.Retrieve(e.Momenta)
		require.NoError(t, err)
		nearest := math.Inf(1)
		for _, s := range solutions {
			square := 0.0
			for i := range truth {
				for j := range truth {
					square += (s.Internal[i] - truth[i]) * s.precision.At(i, j) * (s.Internal[j] - truth[j])
				}
			}
			nearest = math.Min(nearest, square)
		}
		if len(solutions) > 0 && nearest < 100 {
			sum += nearest
			events++
		}
		return nil
	})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, events, 295)
	assert.InDelta(t, 3, sum/float64(events), 0.5)
}

// Whatever the orientation, the shapes are the same; and so they are from any number
// of workers.
func TestSolutionsAreRepeatable(t *testing.T) {
	r := carbonylSulphide(t, 3)
	one, three := prepare(t, r, Options{Shapes: 1000, Workers: 1}), prepare(t, r, Options{Shapes: 1000, Workers: 3})
	turned := rotation{{0.36, 0.48, -0.8}, {-0.8, 0.6, 0}, {0.48, 0.64, 0.6}}
	momenta := dataset.NewMatrix(20, 9)
	for i := range momenta.Rows {
		copy(momenta.Row(i), momentaOf(t, one, ocs(1.1+0.1*float64(i), 3-0.08*float64(i), 150+float64(i))...))
	}
	all := func(v *Retriever) (all [][]Solution) {
		require.NoError(t, v.Each(context.Background(), momenta, nil, func(event int, s []Solution) error {
			assert.Equal(t, len(all), event)
			all = append(all, s)
			return nil
		}))
		return all
	}
	want := all(one)
	assert.Equal(t, want, all(three))
	turned.turn(momenta.Data)
	for i, solutions := range all(one) {
		require.NotEmpty(t, solutions)
		for _, s := range solutions {
			if s.Weight > 0.01 {
				assert.True(t, holds(want[i], s.Internal, 0.1, 0.01), "event %d", i)
			}
		}
	}
}

// Molecules of two to five atoms, whose table is thin.
func TestOtherMolecules(t *testing.T) {
	for _, c := range []struct {
		name   string
		shapes int
		least  int // of 20
	}{{"N2", 200, 20}, {"H2O", 2000, 20}, {"CHBrClF", 1500, 12}} {
		m, err := explosion.LookupMolecule(c.name)
		require.NoError(t, err)
		r := explosion.Recipe{Molecule: m, Events: 20, Seed: 9, Channels: []explosion.Channel{{Charges: slices.Repeat([]float64{1}, len(m.Atoms))}}}
		r.Geometry.Kind, r.Geometry.DisplacementAngstrom = explosion.GeometryUniform, 0.1
		v := prepare(t, r, Options{Shapes: c.shapes, Seed: 1})
		found := 0
		_, err = explosion.Simulate(context.Background(), r, 1, func(e explosion.Event) error {
			truth, err := v.shape.coordinates(nil, e.Positions)
			if err != nil {
				return err
			}
			solutions, err := v.Retrieve(e.Momenta)
			if slices.ContainsFunc(solutions, func(s Solution) bool { return v.shape.distance(truth, s.Internal) < 1e-3 }) {
				found++
			}
			return err
		})
		require.NoError(t, err)
		t.Logf("%s: %d of 20", c.name, found)
		assert.GreaterOrEqual(t, found, c.least, c.name)
	}
}

// Starts of the caller's lead on where the table has nothing near.
func TestStartsHelp(t *testing.T) {
	r := carbonylSulphide(t, 2)
	v := prepare(t, r, Options{Shapes: 1})
	truth := ocs(1.8949, 1.2990, 160.601)
	other := ocs(2.486, 1.0755, 164.568)
	var starts [][]float64
	for _, x := range [][]float64{truth, other} {
		positions, err := v.shape.frame.Cartesian(nil, []float64{1.02 * x[0], x[1], x[2]})
		require.NoError(t, err)
		starts = append(starts, positions)
	}
	solutions, err := v.Retrieve(momentaOf(t, v, truth...), append(starts, make([]float64, 9), nil)...)
	require.NoError(t, err)
	assert.True(t, holds(solutions, truth, 0.1, 0.01))
	assert.True(t, holds(solutions, other, 0.1, 0.01))
}

// Momenta that no geometry has are explained by none.
func TestNothingExplainsNonsense(t *testing.T) {
	v := prepare(t, carbonylSulphide(t, 2), Options{Shapes: 500})
	solutions, err := v.Retrieve([]float64{300, 1, 0, 100, 0, 0, -100, 50, 80})
	require.NoError(t, err)
	assert.Empty(t, solutions)
}

func TestRefusals(t *testing.T) {
	good := carbonylSulphide(t, 2)
	for want, change := range map[string]func(*explosion.Recipe, *Options){
		"is neutral": func(r *explosion.Recipe, _ *Options) { r.Channels = []explosion.Channel{{Charges: []float64{2, 0, 2}}} },
		"2 channels": func(r *explosion.Recipe, _ *Options) { r.Channels = append(r.Channels, r.Channels[0]) },
		"equilibrium is a single": func(r *explosion.Recipe, _ *Options) {
			r.Geometry = explosion.Geometry{Kind: explosion.GeometryEquilibrium}
		},
		"absolute noise": func(_ *explosion.Recipe, o *Options) { o.Noise.Absolute = math.NaN() },
		"relative noise": func(_ *explosion.Recipe, o *Options) { o.Noise.Relative = -1 },
		"shapes -1":      func(_ *explosion.Recipe, o *Options) { o.Shapes = -1 },
		"grid: kind ball does not": func(r *explosion.Recipe, _ *Options) {
			r.Geometry.Kind = explosion.GeometryBall
			r.Geometry.RadiusAngstrom = 1
		},
	} {
		r, o := good, Options{Shapes: 10}
		r.Channels = slices.Clone(r.Channels)
		change(&r, &o)
		_, err := New(context.Background(), r, o)
		assert.ErrorContains(t, err, want)
	}
	v := prepare(t, good, Options{Shapes: 10})
	_, err := v.Retrieve([]float64{1, 2, 3})
	assert.ErrorContains(t, err, "3 momenta: want 9")
	_, err = v.Retrieve(make([]float64, 9))
	assert.ErrorContains(t, err, "no direction")
	_, err = v.Retrieve([]float64{math.NaN(), 0, 0, 0, 0, 0, 0, 0, 0})
	assert.Error(t, err)
	err = v.Each(context.Background(), dataset.NewMatrix(2, 8), nil, nil)
	assert.ErrorContains(t, err, "8 columns")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	assert.ErrorIs(t, v.Each(ctx, dataset.NewMatrix(2, 9), nil, nil), context.Canceled)
}

func BenchmarkRetrieve(b *testing.B) {
	v := prepare(b, carbonylSulphide(b, 2), Options{})
	momenta := momentaOf(b, v, ocs(1.8949, 1.2990, 160.601)...)
	b.ResetTimer()
	for b.Loop() {
		if _, err := v.Retrieve(momenta); err != nil {
			b.Fatal(err)
		}
	}
}
