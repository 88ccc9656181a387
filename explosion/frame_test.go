package explosion

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func bodyFrame(t *testing.T, atoms ...string) Frame {
	t.Helper()
	f, err := NewFrame(FrameBody, atoms)
	require.NoError(t, err)
	return f
}

// halves returns how a frame that turns positions by themselves turns each half
// of an event.
func halves(f Frame) map[string]func(dst, flat []float64) ([]float64, error) {
	return map[string]func(dst, flat []float64) ([]float64, error){
		"positions": func(dst, flat []float64) ([]float64, error) {
			out, _, err := f.Positions(dst, flat, nil)
			return out, err
		},
		"momenta": func(dst, flat []float64) ([]float64, error) {
			out, _, err := f.Momenta(dst, flat)
			return out, err
		},
	}
}

// atomsFor returns n symbols of different elements.
func atomsFor(n int) []string {
	return []string{"C", "O", "S", "H", "N", "Br", "Cl", "F"}[:n]
}

func randomEvent(n int, seed uint64) []float64 {
	return randomMolecule(testRandom(seed), n).Equilibrium
}

func TestNewFrameChoosesTheHeaviestAtoms(t *testing.T) {
	for _, c := range []struct {
		atoms []string
		axis  [2]int
	}{
		{[]string{"C", "O", "S"}, [2]int{2, 1}},
		{[]string{"C", "O1", "O2"}, [2]int{1, 2}},
		{[]string{"H", "H"}, [2]int{0, 1}},
		{[]string{"H", "D", "O"}, [2]int{2, 1}},
		{[]string{"Br", "C", "H", "F", "Cl"}, [2]int{0, 4}},
		{[]string{"I", "C", "H", "I"}, [2]int{0, 3}},
	} {
		f := bodyFrame(t, c.atoms...)
		assert.Equal(t, c.axis, f.Axis, "%v", c.atoms)
		assert.Len(t, f.MassesDalton, len(c.atoms))
	}
	assert.Equal(t, []float64{12.011, 15.999, 32.06}, bodyFrame(t, "C", "O", "S").MassesDalton)
}

func TestNewFrameRefusesBadInput(t *testing.T) {
	for want, c := range map[string]struct {
		kind  FrameKind
		atoms []string
	}{
		`unknown kind "spin"`:    {"spin", atomsFor(3)},
		`unknown kind ""`:        {"", atomsFor(3)},
		"1 atoms: want at least": {FrameBody, atomsFor(1)},
		`atom 2: "Xx"`:           {FrameBody, []string{"C", "Xx"}},
	} {
		_, err := NewFrame(c.kind, c.atoms)
		assert.ErrorContains(t, err, want)
	}
}

func TestFrameSurvivesJSON(t *testing.T) {
	for _, kind := range []FrameKind{FrameAsIs, FrameBody} {
		want, err := NewFrame(kind, atomsFor(3))
		require.NoError(t, err)
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var got Frame
		require.NoError(t, json.Unmarshal(text, &got))
		assert.Equal(t, want, got)
	}
	text, _ := json.Marshal(bodyFrame(t, "C", "O", "S"))
	assert.JSONEq(t, `{"kind":"body","masses_dalton":[12.011,15.999,32.06],"axis":[2,1]}`, string(text))
}

func TestAsIsCopies(t *testing.T) {
	f, err := NewFrame(FrameAsIs, []string{"anything"})
	require.NoError(t, err)
	event := []float64{1, -2, 3, math.Copysign(0, -1)}
	got, _, err := f.Positions([]float64{9}, event, nil)
	require.NoError(t, err)
	assert.Equal(t, append([]float64{9}, event...), got)
	got, _, err = f.Momenta(nil, event)
	require.NoError(t, err)
	got[0] = 7
	assert.Equal(t, 1.0, event[0])
}

// What defines the body frame, for positions: the centre of mass, the axes, and
// distances and handedness as they were.
func TestBodyFrame(t *testing.T) {
	for n := 2; n <= 8; n++ {
		f := bodyFrame(t, atomsFor(n)...)
		event := moved(vector{3, -2, 1}, randomEvent(n, uint64(n)))
		before := slices.Clone(event)
		got, _, err := f.Positions(nil, event, nil)
		require.NoError(t, err)
		assert.Equal(t, before, event, "the input is not written to")
		first, second := vectorAt(got, 3*f.Axis[0]), vectorAt(got, 3*f.Axis[1])
		assert.Positive(t, first.x)
		assert.Equal(t, vector{x: first.x}, first, "exactly on the axis")
		assert.Zero(t, second.z, "exactly in the plane")
		if n == 2 {
			assert.Zero(t, second.y)
			assert.Negative(t, second.x)
		} else {
			assert.Positive(t, second.y)
		}
		if n == 3 {
			assert.Zero(t, got[3*(3-f.Axis[0]-f.Axis[1])+2], "three atoms and their centre of mass are one plane")
		}
		var centre vector
		for i, mass := range f.MassesDalton {
			centre = centre.add(vectorAt(got, 3*i).scale(mass))
		}
		assert.InDelta(t, 0, centre.norm(), 1e-12)
		assertSameShape(t, event, got)
	}
}

func TestBodyFrameOfMomenta(t *testing.T) {
	for n := 2; n <= 8; n++ {
		f := bodyFrame(t, atomsFor(n)...)
		event := moved(vector{3, -2, 1}, randomEvent(n, uint64(n)))
		got, _, err := f.Momenta(nil, event)
		require.NoError(t, err)
		first, second := vectorAt(got, 3*f.Axis[0]), vectorAt(got, 3*f.Axis[1])
		assert.Equal(t, vector{x: first.x}, first, "exactly on the axis")
		assert.InEpsilon(t, vectorAt(event, 3*f.Axis[0]).norm(), first.x, 1e-14)
		assert.Positive(t, second.y)
		assert.Zero(t, second.z)
		assert.InEpsilon(t, total(event).norm(), total(got).norm(), 1e-12, "a total momentum is kept")
		assertSameShape(t, append(event, 0, 0, 0), append(got, 0, 0, 0))
	}
}

// assertSameShape compares all distances, and all volumes with their sign.
func assertSameShape(t *testing.T, want, got []float64) {
	t.Helper()
	n := len(want) / 3
	from := func(flat []float64, i, j int) vector { return vectorAt(flat, 3*j).sub(vectorAt(flat, 3*i)) }
	volume := func(flat []float64, j, k, l int) float64 {
		return from(flat, 0, j).dot(from(flat, 0, k).cross(from(flat, 0, l)))
	}
	for i := range n {
		for j := range i {
			assert.InDelta(t, from(want, i, j).norm(), from(got, i, j).norm(), 1e-12)
			for k := range j {
				assert.InDelta(t, volume(want, i, j, k), volume(got, i, j, k), 1e-10)
			}
		}
	}
}

func TestBodyFrameIsInvariant(t *testing.T) {
	random := testRandom(20)
	for n := 2; n <= 8; n++ {
		f := bodyFrame(t, atomsFor(n)...)
		for range 20 {
			event := randomMolecule(random, n).Equilibrium
			want, _, err := f.Positions(nil, event, nil)
			require.NoError(t, err)
			r, by := randomRotation(random), randomVector(random).scale(5)
			got, _, err := f.Positions(nil, moved(by, turned(r, event)), nil)
			require.NoError(t, err)
			assert.Less(t, distance(want, got), 1e-11, "positions, %d atoms", n)
			again, _, err := f.Positions(nil, want, nil)
			require.NoError(t, err)
			assert.Less(t, distance(want, again), 1e-13, "the frame of the frame")

			want, _, err = f.Momenta(nil, event)
			require.NoError(t, err)
			got, _, err = f.Momenta(nil, turned(r, event))
			require.NoError(t, err)
			assert.Less(t, distance(want, got), 1e-11, "momenta, %d atoms", n)
		}
	}
}

// A table in metres or in kg m/s has the same shapes as one in atomic units.
func TestBodyFrameKnowsNoUnit(t *testing.T) {
	f := bodyFrame(t, atomsFor(4)...)
	event := randomEvent(4, 1)
	want, _, err := f.Positions(nil, event, nil)
	require.NoError(t, err)
	for _, unit := range []float64{5e-11, 2e-24, 1e-200, 1e200} {
		got, _, err := f.Positions(nil, scaled(unit, event), nil)
		require.NoError(t, err)
		assert.Less(t, distance(want, scaled(1/unit, got)), 1e-13, "%g", unit)
	}
}

func TestBodyFrameAppends(t *testing.T) {
	f := bodyFrame(t, "C", "O", "S")
	event := randomEvent(3, 2)
	for name, turn := range halves(f) {
		alone, err := turn(nil, event)
		require.NoError(t, err)
		both, err := turn([]float64{1, 2}, event)
		require.NoError(t, err)
		assert.Equal(t, append([]float64{1, 2}, alone...), both, name)
		kept, err := turn([]float64{1, 2}, event[:3])
		require.Error(t, err)
		assert.Equal(t, []float64{1, 2}, kept, name)
	}
	room := make([]float64, 0, 9)
	assert.Zero(t, testing.AllocsPerRun(10, func() { _, _, _ = f.Positions(room, event, nil) }))
}

// Near linear geometry the plane hangs on small distances and must still be
// found, to the accuracy they have.
func TestBodyFrameNearLinear(t *testing.T) {
	random := testRandom(21)
	f := bodyFrame(t, "C", "O", "S")
	for _, bend := range []float64{1e-2, 1e-6, 1e-10} {
		event := []float64{0, bend, 0, -2.2, 0, 0, 2.9, 0, 0}
		got, _, err := f.Positions(nil, moved(vector{1, 1, 1}, turned(randomRotation(random), event)), nil)
		require.NoError(t, err)
		want, _, err := f.Positions(nil, event, nil)
		require.NoError(t, err)
		assert.InDeltaSlice(t, want, got, 1e-14)
		assert.Positive(t, got[4], "O is above the axis")
		assert.InEpsilon(t, got[4]*f.MassesDalton[1]/f.MassesDalton[0], -got[1], 1e-4, "and C below")
	}
}

func TestBodyFrameOfLinearEvents(t *testing.T) {
	random := testRandom(22)
	f := bodyFrame(t, "C", "O", "S")
	event := []float64{0, 0, 0, -2.2, 0, 0, 2.9, 0, 0}
	centred := slices.Clone(event)
	moveToCentreOfMass(centred, f.MassesDalton)
	for range 20 {
		r := randomRotation(random)
		got, _, err := f.Positions(nil, moved(randomVector(random), turned(r, event)), nil)
		require.NoError(t, err)
		assert.InDeltaSlice(t, centred, got, 1e-14)
		got, _, err = f.Momenta(nil, turned(r, centred))
		require.NoError(t, err)
		assert.InDeltaSlice(t, centred, got, 1e-14)
		assert.Equal(t, []float64{0, 0, 0}, []float64{got[4], got[5], got[7]}, "exactly on the axis")
	}
}

// Where the two axis atoms and the centre of mass are on one line, as the
// carbons of ethane are, another atom fixes the plane and the frame stays
// invariant.
func TestBodyFrameWithTheSecondAtomOnTheAxis(t *testing.T) {
	random := testRandom(23)
	f := bodyFrame(t, "C", "C", "H", "H", "D", "D")
	event := []float64{1.4, 0, 0, -1.4, 0, 0, 2, 2, 1, 2, -2, -1, -2, 2, 1, -2, -2, -1}
	want, _, err := f.Positions(nil, event, nil)
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 0}, want[4:6], "the second atom is on the axis")
	assert.Equal(t, 0.0, want[8], "the first H is in the plane")
	assert.InDelta(t, math.Sqrt(5), want[7], 1e-12)
	for range 20 {
		got, _, err := f.Positions(nil, moved(randomVector(random), turned(randomRotation(random), event)), nil)
		require.NoError(t, err)
		assert.InDeltaSlice(t, want, got, 1e-13)
	}
}

func TestBodyFrameRefusesBadInput(t *testing.T) {
	f := bodyFrame(t, "C", "O", "S")
	event := randomEvent(3, 3)
	nan := slices.Clone(event)
	nan[4] = math.NaN()
	centred := []float64{1, 0, 0, -12.011 / 15.999, 0, 0, 0, 0, 0}
	for want, c := range map[string]struct {
		frame Frame
		event []float64
	}{
		"6 coordinates: want 9 for 3 atoms":  {f, event[:6]},
		"coordinate y of atom 2 is NaN":      {f, nan},
		"atom 3 gives no direction":          {f, moved(vector{0.1, 0.7, 0.3}, centred)},
		"axis atoms 1 and 1":                 {Frame{Kind: FrameBody, MassesDalton: f.MassesDalton, Axis: [2]int{1, 1}}, event},
		"axis atoms 0 and 3":                 {Frame{Kind: FrameBody, MassesDalton: f.MassesDalton, Axis: [2]int{0, 3}}, event},
		"axis atoms -1 and 0":                {Frame{Kind: FrameBody, MassesDalton: f.MassesDalton, Axis: [2]int{-1, 0}}, event},
		"mass of atom 2 is 0 Da":             {Frame{Kind: FrameBody, MassesDalton: []float64{1, 0, 1}, Axis: [2]int{0, 1}}, event},
		`unknown kind "spin": want "as-is"`:  {Frame{Kind: "spin"}, event},
		"0 coordinates: want 9 for 3 atoms":  {f, nil},
		"want two different atoms out of 0":  {Frame{Kind: FrameBody}, nil},
		"12 coordinates: want 9 for 3 atoms": {f, append(event, 1, 2, 3)},
	} {
		_, _, err := c.frame.Positions(nil, c.event, nil)
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "explosion: turn positions: ")
	}
	_, _, err := f.Momenta(nil, []float64{1, 2, 3, -1, -2, -3, 0, 0, 0})
	assert.ErrorContains(t, err, "explosion: turn momenta: atom 3 gives no direction")
}

func FuzzBodyFrame(f *testing.F) {
	f.Add(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
	f.Add(1.0, 0.0, 0.0, 2.0, 0.0, 0.0, -3.0, 1e-17, 0.0)
	f.Add(1e300, 1e-300, 0.0, 0.0, 1e-160, 0.0, 1e150, 0.0, -1.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g, h, i, j float64) {
		frame := bodyFrame(t, "C", "O", "S")
		event := []float64{a, b, c, d, e, g, h, i, j}
		for _, turn := range halves(frame) {
			got, err := turn(nil, event)
			if err != nil {
				assert.Empty(t, got)
				continue
			}
			if largestMagnitude(event) < 1e300 {
				assert.Equal(t, -1, firstNonFinite(got), fmt.Sprint(got))
			}
			assert.Equal(t, []float64{0, 0, 0}, []float64{got[5], got[7], got[8]})
			assert.Positive(t, got[6])
			assert.GreaterOrEqual(t, got[4], 0.0)
		}
	})
}
