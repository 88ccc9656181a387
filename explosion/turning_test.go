package explosion

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// frameFor returns a frame of that kind for the atoms of an event.
func frameFor(t *testing.T, kind FrameKind, positions []float64) Frame {
	t.Helper()
	f, err := FrameOptions{Reference: positions}.NewFrame(kind, atomsFor(len(positions)/3))
	require.NoError(t, err)
	return f
}

// restoringError is the largest difference relative to the largest coordinate.
func restoringError(want, got []float64) float64 {
	largest := 0.0
	for i := range want {
		largest = max(largest, math.Abs(want[i]-got[i]))
	}
	return largest / largestMagnitude(want)
}

// Every frame takes an event apart into coordinates and a pose, and these give
// the event back.
func TestFramesHaveInverses(t *testing.T) {
	random := testRandom(30)
	for _, kind := range FrameKinds() {
		for n := 2; n <= 8; n++ {
			for range 50 {
				momenta := scaled(100, randomMolecule(random, n).Equilibrium)
				positions := moved(randomVector(random).scale(10), randomMolecule(random, n).Equilibrium)
				f := frameFor(t, kind, positions)

				coordinates, pose, err := f.Positions(nil, positions, momenta)
				require.NoError(t, err)
				cartesian, err := f.Cartesian(nil, coordinates)
				require.NoError(t, err)
				assert.Less(t, restoringError(positions, pose.Restore(nil, cartesian)), 1e-12, "%s, positions of %d atoms", kind, n)

				turned, pose, err := f.Momenta(nil, momenta)
				require.NoError(t, err)
				assert.Less(t, restoringError(momenta, pose.Restore(nil, turned)), 1e-12, "%s, momenta of %d atoms", kind, n)
				assert.Equal(t, [3]float64{}, pose.Centre)
			}
		}
	}
}

func TestPoseSurvivesJSON(t *testing.T) {
	event := moved(vector{1, 2, 3}, randomEvent(3, 31))
	_, want, err := bodyFrame(t, atomsFor(3)...).Positions(nil, event, nil)
	require.NoError(t, err)
	text, err := json.Marshal(want)
	require.NoError(t, err)
	var got Pose
	require.NoError(t, json.Unmarshal(text, &got))
	assert.Equal(t, want, got)
}

// Turned and moved in the laboratory, positions alone leave body and internal
// coordinates as they were.
func TestFramesOfShapeAreInvariant(t *testing.T) {
	random := testRandom(32)
	for _, kind := range []FrameKind{FrameBody, FrameInternal} {
		for n := 2; n <= 8; n++ {
			event := randomMolecule(random, n).Equilibrium
			f := frameFor(t, kind, event)
			want, _, err := f.Positions(nil, event, nil)
			require.NoError(t, err)
			for range 20 {
				got, _, err := f.Positions(nil, moved(randomVector(random), turned(randomRotation(random), event)), nil)
				require.NoError(t, err)
				assert.InDeltaSlice(t, want, got, 1e-11, "%s, %d atoms", kind, n)
			}
		}
	}
}

// The recoil frame is fixed by the momenta: turned together with them, positions
// stay; turned against them, they turn along, in the frame's own axes.
func TestRecoilFrame(t *testing.T) {
	random := testRandom(33)
	for n := 2; n <= 8; n++ {
		positions, momenta := randomMolecule(random, n).Equilibrium, moved(vector{1, 2, 3}, randomMolecule(random, n).Equilibrium)
		f := frameFor(t, FrameRecoil, positions)
		moveToCentreOfMass(positions, f.MassesDalton)
		want, pose, err := f.Positions(nil, positions, momenta)
		require.NoError(t, err)
		assertSameShape(t, positions, want)
		_, momentaPose, err := f.Momenta(nil, momenta)
		require.NoError(t, err)
		assert.Equal(t, momentaPose.Axes, pose.Axes, "one rotation for both")

		r := randomRotation(random)
		together, _, err := f.Positions(nil, moved(randomVector(random), turned(r, positions)), turned(r, momenta))
		require.NoError(t, err)
		assert.InDeltaSlice(t, want, together, 1e-11)

		alone, _, err := f.Positions(nil, turned(r, positions), momenta)
		require.NoError(t, err)
		assert.InDeltaSlice(t, turned(r, positions), pose.Restore(nil, alone), 1e-11)
		restored := momentaPose.Restore(nil, want)
		assert.InDeltaSlice(t, positions, restored, 1e-11, "momenta restore all but the centre of mass, here 0")
	}
}

// Momenta in the recoil frame are those of the body frame.
func TestFramesShareMomenta(t *testing.T) {
	momenta := randomEvent(5, 34)
	want, _, err := frameFor(t, FrameBody, momenta).Momenta(nil, momenta)
	require.NoError(t, err)
	for _, kind := range []FrameKind{FrameRecoil, FrameInternal} {
		got, _, err := frameFor(t, kind, momenta).Momenta(nil, momenta)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestRecoilFrameRefusesBadInput(t *testing.T) {
	positions := randomEvent(3, 35)
	f := frameFor(t, FrameRecoil, positions)
	nan := slices.Clone(positions)
	nan[4] = math.NaN()
	for want, momenta := range map[string][]float64{
		"momenta: 0 coordinates: want 9":           nil,
		"momenta: coordinate y of atom 2 is NaN":   nan,
		"atom 3 gives no direction for the x axis": make([]float64, 9),
	} {
		got, _, err := f.Positions(nil, positions, momenta)
		assert.ErrorContains(t, err, "explosion: turn positions: ")
		assert.ErrorContains(t, err, want)
		assert.Empty(t, got)
	}
	linear := []float64{-1, 0, 0, -2, 0, 0, 3, 0, 0}
	got, pose, err := f.Positions(nil, positions, linear)
	require.NoError(t, err, "of linear momenta any plane will do")
	assert.Less(t, restoringError(positions, pose.Restore(nil, got)), 1e-12)
}

func TestFrameOptions(t *testing.T) {
	f, err := FrameOptions{MassesDalton: []float64{13.003, 15.999, 33.968}, Axis: [2]string{"S", "C"}}.NewFrame(FrameBody, []string{"C", "O", "S"})
	require.NoError(t, err)
	assert.Equal(t, [2]int{2, 0}, f.Axis)
	assert.Equal(t, []float64{13.003, 15.999, 33.968}, f.MassesDalton)
	f, err = FrameOptions{MassesDalton: []float64{2, 1, 3}}.NewFrame(FrameRecoil, []string{"Q1", "Q2", "Q3"})
	require.NoError(t, err, "an atom without a standard weight may have a mass")
	assert.Equal(t, [2]int{2, 0}, f.Axis)

	for want, o := range map[string]FrameOptions{
		"2 masses: want 3":               {MassesDalton: []float64{1, 2}},
		"mass of atom 2 is -1 Da":        {MassesDalton: []float64{1, -1, 2}},
		`axis atom "H": want one of C, `: {Axis: [2]string{"O", "H"}},
		`axis atom "": want one of C, `:  {Axis: [2]string{"O", ""}},
		"axis atoms S and S: want two ":  {Axis: [2]string{"S", "S"}},
	} {
		_, err := o.NewFrame(FrameBody, []string{"C", "O", "S"})
		assert.ErrorContains(t, err, `explosion: make frame "body": `)
		assert.ErrorContains(t, err, want)
	}
	for want, reference := range map[string][]float64{
		"0 reference coordinates: want 9":   nil,
		"7 reference coordinates: want 9":   make([]float64, 7),
		"reference coordinate 1 is NaN: wa": {math.NaN(), 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		_, err := FrameOptions{Reference: reference}.NewFrame(FrameInternal, []string{"C", "O", "S"})
		assert.ErrorContains(t, err, want)
	}
}

func TestFrameRefusesBrokenJSON(t *testing.T) {
	for want, text := range map[string]string{
		`unknown kind "spin"`:           `{"kind":"spin","axis":[0,0]}`,
		"axis atoms 0 and 7":            `{"kind":"recoil","masses_dalton":[1,2],"axis":[0,7]}`,
		"z-matrix of 0 entries":         `{"kind":"internal","masses_dalton":[1,2],"axis":[0,1]}`,
		"entry 1 places atom 2":         `{"kind":"internal","masses_dalton":[1,2],"axis":[0,1],"z_matrix":[{"atom":2},{"atom":1}]}`,
		"entry 2 places atom 0":         `{"kind":"internal","masses_dalton":[1,2],"axis":[0,1],"z_matrix":[{"atom":0},{"atom":0}]}`,
		"entry 2 refers to atoms [1]":   `{"kind":"internal","masses_dalton":[1,2],"axis":[0,1],"z_matrix":[{"atom":0},{"atom":1,"bond":1}]}`,
		"entry 3 refers to atoms [0 0]": `{"kind":"internal","masses_dalton":[1,2,3],"axis":[0,1],"z_matrix":[{"atom":0},{"atom":1},{"atom":2}]}`,
	} {
		err := json.Unmarshal([]byte(text), new(Frame))
		assert.ErrorContains(t, err, "explosion: read frame: ")
		assert.ErrorContains(t, err, want)
	}
}

// Frames stored before there were z-matrices and isotopes.
func TestFrameReadsOlderJSON(t *testing.T) {
	for text, want := range map[string]Frame{
		`{"kind":"as-is","axis":[0,0]}`:                                      {Kind: FrameAsIs},
		`{"kind":"body","masses_dalton":[12.011,15.999,32.06],"axis":[2,1]}`: {Kind: FrameBody, MassesDalton: []float64{12.011, 15.999, 32.06}, Axis: [2]int{2, 1}},
	} {
		var got Frame
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		assert.Equal(t, want, got)
	}
}
