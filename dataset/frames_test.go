package dataset

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

// peroxide returns events of H–O–O–H whose dihedrals spread around 180°, across
// the cut of [−π, π], with momenta that push each atom from the middle.
func peroxide(t testing.TB, n int, seed uint64) *Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 2))
	positions, momenta := NewMatrix(n, 12), NewMatrix(n, 12)
	for i := range n {
		s, c := math.Sincos(math.Pi + 0.8*(random.Float64()-0.5))
		geometry := []float64{-0.5, 1.8, 0, 0, 0, 0, 2.75, 0, 0, 3.25, 1.8 * c, 1.8 * s}
		impulse := make([]float64, 12)
		for j := range geometry {
			geometry[j] += 0.2 * (random.Float64() - 0.5)
			impulse[j] = 40 * (geometry[j] - []float64{1.37, 0, 0}[j%3])
		}
		copy(positions.Row(i), geometry)
		copy(momenta.Row(i), impulse)
	}
	e, err := NewEvents([]string{"H", "O", "O", "H"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	return e
}

func TestInternalCoordinatesOfATriatomicMolecule(t *testing.T) {
	e := triatomic(t, 200, 1)
	s := prepare(t, e, Options{Frame: explosion.FrameInternal})
	c := s.Encoding
	require.Equal(t, []string{"r_CO", "r_CS", "angle_OCS"}, c.PositionColumns)
	require.Equal(t, []string{"bohr", "bohr", "rad"}, c.PositionUnits())
	require.Equal(t, 3, c.Positions.Dim())
	truth, err := c.FramePositions(e)
	require.NoError(t, err)
	x := e.Positions.Row(7)
	require.InDelta(t, norm([]float64{x[3] - x[0], x[4] - x[1], x[5] - x[2]}), truth.Row(7)[0], 1e-12)

	body := prepare(t, e, Options{Frame: explosion.FrameBody}).Encoding
	want, err := body.FramePositions(e)
	require.NoError(t, err)
	got, err := c.CartesianPositions(truth)
	require.NoError(t, err)
	require.InDeltaSlice(t, want.Data, got.Data, 1e-12, "rebuilt in the axes of the body frame")
	require.Equal(t, body.PositionColumns, c.CartesianColumns())
	same, err := body.CartesianPositions(want)
	require.NoError(t, err)
	require.Equal(t, want, same)
}

// Lengths in metres are 1e-10, angles are not: the fit must not take lengths for
// constants, and gives the same model coordinates in any unit.
func TestInternalCoordinatesInAnyUnit(t *testing.T) {
	for _, e := range []*Events{triatomic(t, 200, 2), peroxide(t, 200, 2)} {
		for _, kind := range scalerKinds {
			o := Options{Frame: explosion.FrameInternal, Scaler: kind}
			want := prepare(t, e, o)
			for _, unit := range []explosion.LengthUnit{explosion.Angstrom, explosion.Meter} {
				got := prepare(t, e.InUnits(unit, e.MomentumUnit), o)
				require.InDeltaSlice(t, want.Train.Positions.Data, got.Train.Positions.Data, 1e-9)
				lengths := float64(len(e.Atoms) - 1)
				require.InDelta(t, want.Encoding.Positions.LogAbsDet+lengths*math.Log(unit.Bohr), got.Encoding.Positions.LogAbsDet, 1e-9)
				positions, err := got.Encoding.DecodePositions(got.Train.Positions)
				require.NoError(t, err)
				truth, err := got.Encoding.FramePositions(e.SelectRows(got.Partition.Train))
				require.NoError(t, err)
				for i, v := range truth.Data {
					require.InEpsilon(t, v, positions.Data[i], 1e-9)
				}
			}
		}
	}
}

// Columns that never change, or follow from others, keep their values in any
// unit too.
func TestScalersOfOtherUnits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	data := NewMatrix(50, 4)
	for i := range data.Rows {
		a, b := random.NormFloat64(), random.NormFloat64()
		copy(data.Row(i), []float64{a, 5, 3*a - b + 2, b})
	}
	factors := []float64{1e10, 100, 2, 1e-3}
	s, err := FitScaler([]string{"a", "b", "c", "d"}, data, ScalerWhiten, 0)
	require.NoError(t, err)
	model, err := s.Apply(data)
	require.NoError(t, err)
	s.divideColumns(factors)
	for i := range data.Data {
		data.Data[i] /= factors[i%4]
	}
	same, err := s.Apply(data)
	require.NoError(t, err)
	require.InDeltaSlice(t, model.Data, same.Data, 1e-9)
	back, err := s.Invert(model)
	require.NoError(t, err)
	for i, v := range data.Data {
		require.InEpsilon(t, v, back.Data[i], 1e-9)
	}
}

func TestDihedralsDoNotCrossTheirBranchCut(t *testing.T) {
	e := peroxide(t, 300, 1)
	c := prepare(t, e, Options{Frame: explosion.FrameInternal}).Encoding
	require.Equal(t, "dihedral_H1O1O2H2", c.PositionColumns[5])
	truth, err := c.FramePositions(e)
	require.NoError(t, err)
	low, high := math.Inf(1), math.Inf(-1)
	for i := range truth.Rows {
		low, high = min(low, truth.Row(i)[5]), max(high, truth.Row(i)[5])
	}
	require.Less(t, high-low, 1.5, "and not 2π")
	require.InDelta(t, math.Pi, math.Abs(low+high)/2, 0.3)
}

// A model may draw an angle beyond 180°.
func TestDecodingFoldsAngles(t *testing.T) {
	c := prepare(t, triatomic(t, 200, 1), Options{Frame: explosion.FrameInternal}).Encoding
	model, err := c.Positions.Apply(Matrix{Rows: 1, Cols: 3, Data: []float64{2.2, 2.9, math.Pi + 0.1}})
	require.NoError(t, err)
	positions, err := c.DecodePositions(model)
	require.NoError(t, err)
	require.InDelta(t, math.Pi-0.1, positions.Data[2], 1e-12)
}

func TestLaboratory(t *testing.T) {
	e := triatomic(t, 100, 4)
	turned, err := e.InUnits(explosion.Angstrom, e.MomentumUnit).Reordered([]string{"S", "O", "C"})
	require.NoError(t, err)
	c := prepare(t, e, Options{Frame: explosion.FrameRecoil}).Encoding
	truth, err := c.FramePositions(e)
	require.NoError(t, err)
	for _, events := range []*Events{e, turned} {
		l, err := c.Laboratory(events)
		require.NoError(t, err)
		require.Equal(t, []string{"x_C", "y_C", "z_C", "x_O", "y_O", "z_O", "x_S", "y_S", "z_S"}, l.Columns)
		masses, err := e.Masses()
		require.NoError(t, err)
		for i := range e.Len() {
			restored, err := l.Restore(i, Matrix{Rows: 1, Cols: 9, Data: truth.Row(i)})
			require.NoError(t, err)
			require.InDeltaSlice(t, centred(e.Positions.Row(i), masses), restored.Data, 1e-11)
		}
		for _, wrong := range []int{-1, 100} {
			_, err = l.Restore(wrong, NewMatrix(1, 9))
			require.ErrorContains(t, err, "one of 100 events")
		}
		_, err = l.Restore(0, NewMatrix(1, 6))
		require.ErrorContains(t, err, "positions [1, 6] of event 0: want 9 columns")
	}
	for _, kind := range []explosion.FrameKind{explosion.FrameBody, explosion.FrameInternal} {
		_, err := prepare(t, e, Options{Frame: kind}).Encoding.Laboratory(e)
		require.ErrorContains(t, err, `want a "recoil" frame`)
	}
	l, err := prepare(t, e, Options{}).Encoding.Laboratory(e)
	require.NoError(t, err)
	restored, err := l.Restore(3, Matrix{Rows: 1, Cols: 9, Data: e.Positions.Row(3)})
	require.NoError(t, err)
	require.Equal(t, e.Positions.Row(3), restored.Data)
}

func centred(positions, masses []float64) []float64 {
	out, total := slices.Clone(positions), 0.0
	var centre [3]float64
	for i, mass := range masses {
		total += mass
		for k := range centre {
			centre[k] += mass * positions[3*i+k]
		}
	}
	for i := range out {
		out[i] -= centre[i%3] / total
	}
	return out
}

func TestAxisAndMassesReachTheFrame(t *testing.T) {
	e := triatomic(t, 100, 5)
	e.MassesDalton = []float64{13.003, 15.995, 33.968}
	c := prepare(t, e, Options{Frame: explosion.FrameBody, Axis: [2]string{"O", "C"}}).Encoding
	require.Equal(t, [2]int{1, 0}, c.Frame.Axis)
	require.Equal(t, e.MassesDalton, c.Frame.MassesDalton)
	_, err := Prepare(e, Options{Frame: explosion.FrameBody, Axis: [2]string{"O", "H"}})
	require.ErrorContains(t, err, `axis atom "H": want one of C, O, S`)

	moved, err := e.Reordered([]string{"S", "C", "O"})
	require.NoError(t, err)
	require.Equal(t, []float64{33.968, 13.003, 15.995}, moved.MassesDalton)
	for want, masses := range map[string][]float64{"2 masses: want 3": {1, 2}, "the mass of O is 0 Da": {1, 0, 2}, "the mass of S is NaN": {1, 1, math.NaN()}} {
		e.MassesDalton = masses
		_, err := Prepare(e, Options{})
		require.ErrorContains(t, err, want)
	}
}

func TestConditioningOfATable(t *testing.T) {
	e := triatomic(t, 100, 6)
	c := prepare(t, e, Options{Frame: explosion.FrameRecoil})
	for i := range e.Len() { // straight up and down
		copy(e.Momenta.Row(i), []float64{0, 0, -1, 0, 0, 80, 0, 0, -79})
	}
	got, err := c.Encoding.Conditioning(e)
	require.NoError(t, err)
	require.Equal(t, explosion.AxisPair{Axis: [2]string{"S", "O"}, Momenta: 1}, got.Chosen)
	require.NotEmpty(t, got.Warnings())
	e.Atoms = []string{"C", "O", "O"}
	_, err = c.Encoding.Conditioning(e)
	require.ErrorContains(t, err, "wanted are C, O, S")
}

// An encoding as runs stored it before there were z-matrices.
func TestEncodingReadsOlderJSON(t *testing.T) {
	const old = `{"atoms":["C","O"],"position_columns":["x_C","y_C","z_C","x_O","y_O","z_O"],
		"momentum_columns":["px_C","py_C","pz_C","px_O","py_O","pz_O"],"position_unit":"bohr","momentum_unit":"au",
		"frame":{"kind":"body","masses_dalton":[12.011,15.999],"axis":[1,0]},
		"positions":{"kind":"standard","columns":["x_C","y_C","z_C","x_O","y_O","z_O"],"kept":[3],
			"constant":[{"column":1,"value":0},{"column":2,"value":0},{"column":4,"value":0},{"column":5,"value":0}],
			"dependent":[{"column":0,"coefficients":[-1.332],"offset":0,"residual":0}],"mean":[1],
			"forward":{"rows":1,"cols":1,"data":[10]},"inverse":{"rows":1,"cols":1,"data":[0.1]},"log_abs_det":2.302585092994046},
		"momenta":{"kind":"standard","columns":["px_C","py_C","pz_C","px_O","py_O","pz_O"],"kept":[3],
			"constant":[{"column":1,"value":0},{"column":2,"value":0},{"column":4,"value":0},{"column":5,"value":0}],
			"dependent":[{"column":0,"coefficients":[-1],"offset":0,"residual":0}],"mean":[100],
			"forward":{"rows":1,"cols":1,"data":[0.2]},"inverse":{"rows":1,"cols":1,"data":[5]},"log_abs_det":-1.6},
		"condition_min":[-2],"condition_max":[2]}`
	var c Encoding
	require.NoError(t, json.Unmarshal([]byte(old), &c))
	momenta := Matrix{Rows: 1, Cols: 6, Data: []float64{0, 0, -105, 0, 0, 105}}
	e, err := NewEvents([]string{"C", "O"}, Matrix{}, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	conditions, err := c.EncodeMomenta(e)
	require.NoError(t, err)
	require.InDelta(t, 1, conditions.Data[0], 1e-12)
}

func TestEncodingRefusesAnotherMoleculesFrame(t *testing.T) {
	c := prepare(t, triatomic(t, 100, 8), Options{Frame: explosion.FrameInternal}).Encoding
	for want, spoil := range map[string]func(c *Encoding){
		`a "internal" frame and 3 position columns for 3 atoms`: func(c *Encoding) {
			c.Frame = prepare(t, peroxide(t, 100, 1), Options{Frame: explosion.FrameInternal}).Encoding.Frame
		},
		`a "as-is" frame and 3 position columns`: func(c *Encoding) { c.Frame = explosion.Frame{Kind: explosion.FrameAsIs} },
	} {
		broken := c
		spoil(&broken)
		text, err := json.Marshal(broken)
		require.NoError(t, err)
		require.ErrorContains(t, json.Unmarshal(text, new(Encoding)), want)
	}
}
