package explosion

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recipes is one of each kind.
func recipes(t testing.TB) []Recipe {
	co, err := LookupMolecule("CO")
	require.NoError(t, err)
	ocs, err := LookupMolecule("OCS")
	require.NoError(t, err)
	co.Atoms[0].Charge, co.Atoms[1].Charge = 1, 0.1+0.2
	return []Recipe{
		{},
		{Molecule: co, Geometry: Geometry{Kind: GeometryEquilibrium}, Motion: Motion{Kind: MotionThermal, Kelvin: 300}, Seed: math.MaxUint64},
		{Molecule: co, Geometry: Geometry{Kind: GeometryNormal, DisplacementAngstrom: 1. / 3}, Motion: Motion{Kind: MotionFixedKineticEnergy, ElectronVolt: 1e-300}},
		{Geometry: Geometry{Kind: GeometryBall, RadiusAngstrom: 2, SeparationAngstrom: 0.5}, Orientation: OrientationRandom, First: math.MaxInt},
		{Molecule: co, Channels: []Channel{{Charges: []float64{3, 1}}, {Charges: []float64{1, 1}}}, Geometry: Geometry{Kind: GeometryVibrational}, Motion: Motion{Kind: MotionVibrational}},
		{Molecule: ocs, Channels: []Channel{{[]float64{1, 2, 1.5}, math.Pi}}, Geometry: Geometry{Kind: GeometryGrid, Grid: ocsGrid()}, First: 1},
		{Geometry: Geometry{Kind: GeometryInternal, Internal: ocsRanges()}},
		{Detector: Detector{AbsoluteNoise: 0.3, RelativeNoise: 0.01, Loss: 0.5, Axis: [3]float64{-1, 0, 1e-9}, DeadAngleDegrees: 5, DeadTransverse: 7}, OriginAngstrom: 0.1},
	}
}

func TestRecipeIsCompletedAndSurvivesJSON(t *testing.T) {
	for _, incomplete := range recipes(t) {
		r, err := incomplete.Complete()
		require.NoError(t, err)
		again, err := r.Complete()
		require.NoError(t, err)
		assert.Equal(t, r, again)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		parsed, err := ParseRecipe(text)
		require.NoError(t, err)
		assert.Equal(t, r, parsed)
		assert.NotContains(t, string(text), `""`, "every default is written out")
	}
}

func TestDefaultRecipe(t *testing.T) {
	r, err := Recipe{}.Complete()
	require.NoError(t, err)
	assert.Equal(t, "OCS", r.Molecule.Name)
	assert.Equal(t, []Channel{{[]float64{2, 2, 2}, 1}}, r.Channels)
	assert.Equal(t, Geometry{Kind: GeometryUniform, DisplacementAngstrom: 0.25}, r.Geometry)
	assert.Equal(t, Motion{Kind: MotionRest}, r.Motion)
	assert.Equal(t, OrientationFixed, r.Orientation)
	assert.Equal(t, Detector{Axis: [3]float64{0, 0, 1}}, r.Detector)
	assert.NotContains(t, []any{r.Integrator.Tolerance, r.Integrator.RemainingEnergy, r.Integrator.MaxEnergyError}, 0.0)
}

// Completing a recipe does not reach into the one it was made from.
func TestCompleteCopies(t *testing.T) {
	m := builtIn(t, "CO")
	m.Atoms[0] = Atom{Symbol: "13c", Charge: 1}
	r := Recipe{Molecule: m, Channels: []Channel{{Charges: []float64{1, 1}}}}
	completed, err := r.Complete()
	require.NoError(t, err)
	assert.Equal(t, "13c", m.Atoms[0].Symbol)
	assert.Equal(t, "C", completed.Molecule.Atoms[0].Symbol)
	assert.Zero(t, r.Channels[0].Weight)
	completed.Channels[0].Charges[0] = 9
	assert.Equal(t, 1.0, r.Channels[0].Charges[0])
}

func TestSimulateRefusesBadRecipes(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	axis := func(spoil func(*GridAxis)) func(*Recipe) {
		return func(r *Recipe) {
			grid := ocsGrid()
			spoil(&grid[0])
			r.Geometry = Geometry{Kind: GeometryGrid, Grid: grid}
		}
	}
	for want, spoil := range map[string]func(*Recipe){
		"molecule XY: 0 atoms":                       func(r *Recipe) { r.Molecule = Molecule{Name: "XY"} },
		"molecule OCS: atom 2: mass of O is -1":      func(r *Recipe) { r.Molecule.Atoms[1].MassDalton = -1 },
		"channels of OCS: channel 1: 0 of 3 atoms":   func(r *Recipe) { r.Channels = nil },
		"channel 1: 2 charges: want 3":               func(r *Recipe) { r.Channels[0].Charges = []float64{1, 2} },
		"channel 1: charge of atom 3 is NaN":         func(r *Recipe) { r.Channels[0].Charges[2] = nan },
		"channel 1: atoms 1 (C) and 2 (O) attract":   func(r *Recipe) { r.Channels[0].Charges[1] = -1 },
		"channel 2: weight 0: want a positive":       func(r *Recipe) { r.Channels = append(r.Channels, r.Channels[0]); r.Channels[1].Weight = 0 },
		"channel 1: weight -1":                       func(r *Recipe) { r.Channels[0].Weight = -1 },
		"weights add up to +Inf":                     func(r *Recipe) { r.Channels[0].Weight = inf },
		`geometry: kind "cube": want equilibrium`:    func(r *Recipe) { r.Geometry.Kind = "cube" },
		`geometry: kind "": want`:                    func(r *Recipe) { r.Geometry = Geometry{Kelvin: 1} },
		"displacement_angstrom 0: want a positive":   func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryUniform} },
		"displacement_angstrom NaN":                  func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryNormal, DisplacementAngstrom: nan} },
		"kelvin 3: kind uniform does not use it":     func(r *Recipe) { r.Geometry.Kelvin = 3 },
		"grid: kind uniform does not use it":         func(r *Recipe) { r.Geometry.Grid = ocsGrid() },
		"radius_angstrom 0: want a positive":         func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryBall} },
		"separation_angstrom -1: want 0 or more":     func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryBall, RadiusAngstrom: 1, SeparationAngstrom: -1} },
		"separation_angstrom 3: want at most":        func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryBall, RadiusAngstrom: 1, SeparationAngstrom: 3} },
		"geometry: kelvin -1: want 0 or more":        func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryVibrational, Kelvin: -1} },
		"no vibrations of OCS are known":             func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryVibrational}; r.Molecule.Vibrations = nil },
		"grid: no axes":                              func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryGrid} },
		"axis 1: 1 atoms: want 2":                    axis(func(a *GridAxis) { a.Atoms = []int{1} }),
		"axis 1: 5 atoms":                            axis(func(a *GridAxis) { a.Atoms = []int{1, 2, 3, 1, 2} }),
		"axis 1: atom 4: want 1 to 3":                axis(func(a *GridAxis) { a.Atoms[1] = 4 }),
		"axis 1: atom 0: want 1 to 3":                axis(func(a *GridAxis) { a.Atoms[1] = 0 }),
		"axis 1: atom 1 twice":                       axis(func(a *GridAxis) { a.Atoms = []int{1, 1} }),
		"axis 1: count 0":                            axis(func(a *GridAxis) { a.Count = 0 }),
		"count 1 from 1 to 5":                        axis(func(a *GridAxis) { a.Count = 1 }),
		"distance 0 Å":                               axis(func(a *GridAxis) { a.From = 0 }),
		"value +Inf":                                 axis(func(a *GridAxis) { a.To = inf }),
		"axis 1: angle 181°":                         axis(func(a *GridAxis) { a.Atoms, a.To = []int{2, 3, 1}, 181 }),
		"axis 2: atom 3 is placed by other axes":     axis(func(a *GridAxis) { a.Atoms = []int{2, 3} }),
		"in a circle":                                axis(func(a *GridAxis) { a.Atoms = []int{3, 1}; a.From = 1 }),
		"more points than can be counted":            axis(func(a *GridAxis) { a.Count = math.MaxInt }),
		`motion: kind "slow"`:                        func(r *Recipe) { r.Motion.Kind = "slow" },
		"motion: kelvin -1":                          func(r *Recipe) { r.Motion = Motion{Kind: MotionThermal, Kelvin: -1} },
		"motion: electron_volt +Inf":                 func(r *Recipe) { r.Motion = Motion{Kind: MotionFixedKineticEnergy, ElectronVolt: inf} },
		"motion: kelvin 1: kind rest does not":       func(r *Recipe) { r.Motion = Motion{Kind: MotionRest, Kelvin: 1} },
		"motion: kind vibrational: the geometry is":  func(r *Recipe) { r.Motion.Kind = MotionVibrational },
		`orientation: "up": want fixed or random`:    func(r *Recipe) { r.Orientation = "up" },
		"origin_angstrom -1":                         func(r *Recipe) { r.OriginAngstrom = -1 },
		"origin_angstrom +Inf":                       func(r *Recipe) { r.OriginAngstrom = inf },
		"detector: absolute_noise -1: want 0 or mor": func(r *Recipe) { r.Detector.AbsoluteNoise = -1 },
		"detector: relative_noise NaN":               func(r *Recipe) { r.Detector.RelativeNoise = nan },
		"detector: loss 1.5: want 0 to 1":            func(r *Recipe) { r.Detector.Loss = 1.5 },
		"detector: axis [0 NaN 1]":                   func(r *Recipe) { r.Detector.Axis[1] = nan },
		"dead_angle_degrees 91: want 0 to 90":        func(r *Recipe) { r.Detector.DeadAngleDegrees = 91 },
		"dead_transverse +Inf":                       func(r *Recipe) { r.Detector.DeadTransverse = inf },
		"first -1":                                   func(r *Recipe) { r.First = -1 },
		"events -1":                                  func(r *Recipe) { r.Events = -1 },
		"events 2 from 9223372036854775806 on":       func(r *Recipe) { r.First, r.Events = math.MaxInt-1, 2 },
		"events 1 from 8000 on: the grid has 8000":   func(r *Recipe) { r.Geometry = Geometry{Kind: GeometryGrid, Grid: ocsGrid()}; r.First = 8000 },
		"tolerance 2":                                func(r *Recipe) { r.Integrator.Tolerance = 2 },
	} {
		r, err := Recipe{Events: 1}.Complete()
		require.NoError(t, err)
		spoil(&r)
		_, err = Simulate(context.Background(), r, 1, func(Event) error {
			t.Error("nothing is simulated")
			return nil
		})
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "explosion: check recipe: ", want)
	}
}

func TestParseRecipe(t *testing.T) {
	r, err := ParseRecipe([]byte(`{"events": 5, "molecule": {"name": "N2", "atoms": [{"symbol": "15N", "charge": 1}, {"symbol": "N", "charge": 1}], "equilibrium": [0,0,0,2,0,0]}}`))
	require.NoError(t, err)
	assert.Equal(t, 5, r.Events)
	assert.Equal(t, 15.00010889827, r.Molecule.Atoms[0].MassDalton)
	assert.Equal(t, []Channel{{[]float64{1, 1}, 1}}, r.Channels)
	for want, text := range map[string]string{
		`unknown field "evnts"`:    `{"evnts": 5}`,
		`unknown field "angstrom"`: `{"geometry": {"kind": "uniform", "angstrom": 1}}`,
		"more text after the end":  `{} {}`,
		"EOF":                      ``,
		"cannot unmarshal string":  `{"events": "5"}`,
		"first -1: want 0 or more": `{"first": -1}`,
	} {
		_, err := ParseRecipe([]byte(text))
		assert.ErrorContains(t, err, want)
	}
}

// What is accepted survives being written and read, and can be drawn from.
func FuzzParseRecipe(f *testing.F) {
	for _, r := range recipes(f) {
		text, err := json.Marshal(r)
		require.NoError(f, err)
		f.Add(text)
		r, err = r.Complete()
		require.NoError(f, err)
		text, err = json.Marshal(r)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ParseRecipe(text)
		if err != nil {
			assert.True(t, strings.HasPrefix(err.Error(), "explosion: "), err.Error())
			return
		}
		written, err := json.Marshal(r)
		require.NoError(t, err)
		again, err := ParseRecipe(written)
		require.NoError(t, err)
		assert.Equal(t, r, again)
		if len(r.Molecule.Atoms) > 20 || len(r.Channels) > 20 {
			return
		}
		w, err := newWorker(r)
		require.NoError(t, err)
		positions := make([]float64, len(r.Molecule.Equilibrium))
		channel, _ := w.source.draw(r.First, positions, w.motion)
		assert.Less(t, channel, len(r.Channels))
	})
}
