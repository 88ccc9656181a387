package dataset

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/integrate/quad"
)

// boxes returns a plain table of targets a and b in boxes that are far apart in size, c that is free, and conditions that
// depend on them.
func boxes(t testing.TB, n int, seed uint64) *Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 9))
	targets, conditions := NewMatrix(n, 3), NewMatrix(n, 2)
	for i := range n {
		a, b, c := 1+1e-3*random.Float64(), 1e6*(random.Float64()-0.5), random.NormFloat64()
		copy(targets.Row(i), []float64{a, b, c})
		copy(conditions.Row(i), []float64{1e3*(a-1) + 0.1*random.NormFloat64(), b*1e-6 + c})
	}
	e, err := NewPlainEvents([]string{"a", "b", "c"}, []string{"x", "y"}, targets, conditions)
	require.NoError(t, err)
	return e
}

var boxBounds = []Bound{{"b", -5e5, 5e5}, {"a", 1, 1.001}}

// Model coordinates and targets are the same thing, whatever the scaler, with bounds and without.
func TestPlainTargetsComeBack(t *testing.T) {
	e := boxes(t, 500, 1)
	for _, kind := range []ScalerKind{ScalerStandard, ScalerWhiten} {
		for _, bounds := range [][]Bound{nil, boxBounds} {
			s := prepare(t, e, Options{Scaler: kind, Bounds: bounds})
			require.Equal(t, 3, s.Encoding.Positions.Dim(), "columns of any size have information")
			model, err := s.Encoding.EncodePositions(e)
			require.NoError(t, err)
			back, err := s.Encoding.DecodePositions(model)
			require.NoError(t, err)
			for i, x := range e.Positions.Data {
				require.InDelta(t, x, back.Data[i], 1e-9*[]float64{1e-3, 1e6, 1}[i%3])
			}
		}
	}
}

// However far out a model draws, the draw is between the bounds, and has a density.
func TestDrawsStayBetweenBounds(t *testing.T) {
	c := prepare(t, boxes(t, 500, 2), Options{Bounds: boxBounds}).Encoding
	far := NewMatrix(0, 3)
	for _, z := range []float64{0, 1, 30, 1e3, 1e6, 1e300} {
		far.Data = append(far.Data, z, z, 0, -z, -z, 0)
		far.Rows += 2
	}
	positions, err := c.DecodePositions(far)
	require.NoError(t, err)
	require.NoError(t, checkInside(c.Positions.Bounded, c.PositionColumns, positions))
	_, err = c.Positions.Apply(positions)
	require.NoError(t, err)
}

// The Jacobian is that of the map: the determinant of its numerical derivative.
func TestJacobianOfBoundedColumns(t *testing.T) {
	e := boxes(t, 500, 3)
	for _, kind := range []ScalerKind{ScalerStandard, ScalerWhiten} {
		c := prepare(t, e, Options{Scaler: kind, Bounds: boxBounds}).Encoding
		for i := range 20 {
			x := e.Positions.Row(i)
			z, err := c.Positions.Apply(Matrix{1, 3, x})
			require.NoError(t, err)
			logs, err := c.Positions.LogJacobian(z)
			require.NoError(t, err)
			// ∂x/∂z, whose numbers are of the size of the columns.
			require.InDelta(t, -math.Log(math.Abs(numericalDeterminant(t, c.Positions, z.Data))), logs[0], 1e-5)

			gradient, err := c.Positions.LogJacobianGradient(z)
			require.NoError(t, err)
			want := fd.Gradient(nil, func(z []float64) float64 {
				logs, err := c.Positions.LogJacobian(Matrix{1, 3, z})
				require.NoError(t, err)
				return logs[0]
			}, z.Data, nil)
			require.InDeltaSlice(t, want, gradient.Data, 1e-6)
		}
	}
}

func numericalDeterminant(t *testing.T, s Scaler, z []float64) float64 {
	const step = 1e-3
	d := make([][]float64, len(z))
	for k := range z {
		var ends [2]Matrix
		for side, sign := range []float64{-1, 1} {
			moved := append([]float64{}, z...)
			moved[k] += sign * step
			var err error
			ends[side], err = s.Invert(Matrix{1, len(z), moved})
			require.NoError(t, err)
		}
		d[k] = make([]float64, len(z))
		for j := range d[k] {
			d[k][j] = (ends[1].Data[j] - ends[0].Data[j]) / (2 * step)
		}
	}
	return d[0][0]*(d[1][1]*d[2][2]-d[1][2]*d[2][1]) - d[0][1]*(d[1][0]*d[2][2]-d[1][2]*d[2][0]) + d[0][2]*(d[1][0]*d[2][1]-d[1][1]*d[2][0])
}

// A normal density of the model coordinate becomes one of the target that integrates to 1 between its bounds.
func TestBoundedDensityIntegratesToOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	targets, conditions := NewMatrix(300, 1), NewMatrix(300, 1)
	for i := range targets.Data {
		targets.Data[i], conditions.Data[i] = 2+3*random.Float64(), random.NormFloat64()
	}
	e, err := NewPlainEvents([]string{"a"}, []string{"x"}, targets, conditions)
	require.NoError(t, err)
	s := prepare(t, e, Options{Bounds: []Bound{{"a", 2, 5}}}).Encoding.Positions
	density := func(x float64) float64 {
		z, err := s.Apply(Matrix{1, 1, []float64{x}})
		require.NoError(t, err)
		logs, err := s.LogJacobian(z)
		require.NoError(t, err)
		return math.Exp(logs[0]-z.Data[0]*z.Data[0]/2) / math.Sqrt(2*math.Pi)
	}
	require.InDelta(t, 1, quad.Fixed(density, 2, 5, 400, quad.Legendre{}, 0), 1e-6)
	require.InDelta(t, 1, s.Bounded[0].SD*math.Sqrt(12)/3, 0.1, "of uniform targets, in their own unit")
	mean, sd := s.Moments()
	require.Equal(t, []float64{s.Bounded[0].Mean}, mean)
	require.Equal(t, []float64{s.Bounded[0].SD}, sd)
}

func TestBoundsRefuse(t *testing.T) {
	e := boxes(t, 100, 4)
	for i := range 100 {
		e.Positions.Row(i)[2] = math.Tanh(e.Positions.Row(i)[2])
	}
	e.Positions.Row(41)[2] = 1.5
	for want, bounds := range map[string][]Bound{
		"row 42, column c is 1.5: want a number above -100 and below 1.5": {{"c", -100, 1.5}},
		"row 1, column b":                           {{"b", 1e7, 2e7}},
		"d is not among the targets a, b, c":        {{"d", 0, 1}},
		"x is not among the targets":                {{"x", 0, 1}},
		"c has two bounds":                          {{"c", -9, 9}, {"c", -9, 9}},
		"column c from 1 to 1: want":                {{"c", 1, 1}},
		"column c from 2 to 1: want":                {{"c", 2, 1}},
		"column c from 0 to +Inf: want":             {{"c", 0, math.Inf(1)}},
		"column c from -1e+308 to 1e+308: want a c": {{"c", -1e308, 1e308}},
	} {
		_, err := Prepare(e, Options{Bounds: bounds})
		require.ErrorContains(t, err, want)
	}
	_, err := Prepare(triatomic(t, 100, 1), Options{Bounds: []Bound{{"x_C", -9, 9}}})
	require.ErrorContains(t, err, "bounds such as that of x_C are for targets")
}

func TestParseBound(t *testing.T) {
	for text, want := range map[string]Bound{
		"theta_1=-1:1":      {"theta_1", -1, 1},
		" a b = 1e-3 : .5 ": {"a b", 1e-3, 0.5},
		"a=b=0:1":           {"a=b", 0, 1},
		"a:b=0:1":           {"a:b", 0, 1},
	} {
		got, err := ParseBound(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for text, want := range map[string]string{
		"": "want a column and its ends", "a": "want a column and its ends", "a=1": "want a column and its ends", "=0:1": "want a column and its ends",
		"a=x:1": "x is not a number", "a=0:": `"" is not a number`, "a=0:1:2": "1:2 is not a number",
		"a=1:0": "the smaller first", "a=0:inf": "finite ends", "a=nan:1": "finite ends", " =0:1": "want a column",
	} {
		_, err := ParseBound(text)
		require.ErrorContains(t, err, want, text)
	}
}

func FuzzParseBound(f *testing.F) {
	for _, text := range []string{"theta_1=-1:1", "a=b=0:1", "=:", "a=1e999:2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if b, err := ParseBound(text); err == nil {
			require.NoError(t, b.check())
		}
	})
}
