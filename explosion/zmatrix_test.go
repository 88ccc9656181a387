package explosion

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func internalFrame(t *testing.T, reference []float64, atoms ...string) Frame {
	t.Helper()
	f, err := FrameOptions{Reference: reference}.NewFrame(FrameInternal, atoms)
	require.NoError(t, err)
	return f
}

// The lengths and the angle of OCS bent by 30° follow from where its atoms are.
func TestInternalCoordinatesOfOCS(t *testing.T) {
	ocs := []float64{0, 0, 0, -2.2, 0, 0, 2.9, 0, 0}
	f := internalFrame(t, ocs, "C", "O", "S")
	assert.Equal(t, []string{"r_CO", "r_CS", "angle_OCS"}, f.ZMatrix.Names([]string{"C", "O", "S"}))
	bent := slices.Clone(ocs)
	bent[6], bent[7] = 3*math.Cos(math.Pi/6), 3*math.Sin(math.Pi/6)
	random := testRandom(40)
	for range 10 {
		got, _, err := f.Positions(nil, moved(randomVector(random), turned(randomRotation(random), bent)), nil)
		require.NoError(t, err)
		assert.InDeltaSlice(t, []float64{2.2, 3, 5 * math.Pi / 6}, got, 1e-14)
	}
	got, _, err := f.Positions(nil, ocs, nil)
	require.NoError(t, err)
	assert.Equal(t, []float64{2.2, 2.9, math.Pi}, got, "a linear molecule of three atoms has all its coordinates")
}

// The same numbers, in the body frame and by hand: S on +x, O above.
func TestCartesianOfOCS(t *testing.T) {
	f := internalFrame(t, []float64{0, 0, 0, -2.2, 0, 0, 2.9, 0, 0}, "C", "O", "S")
	for _, angle := range []float64{math.Pi, 3, 2, 1} {
		byHand := []float64{0, 0, 0, 2.2 * math.Cos(angle), 2.2 * math.Sin(angle), 0, 2.9, 0, 0}
		want, _, err := bodyFrame(t, "C", "O", "S").Positions(nil, byHand, nil)
		require.NoError(t, err)
		got, err := f.Cartesian([]float64{7}, []float64{2.2, 2.9, angle})
		require.NoError(t, err)
		assert.InDeltaSlice(t, append([]float64{7}, want...), got, 1e-14)
		assert.Equal(t, []float64{0, 0}, got[8:10], "S is exactly on the axis")
	}
}

func TestBondsOfMolecules(t *testing.T) {
	for _, c := range []struct {
		atoms    []string
		geometry []float64
		names    []string
	}{
		{[]string{"H", "H"}, []float64{0, 0, 0, 1.4, 0, 0}, []string{"r_HH"}},
		{[]string{"H1", "O", "H2"}, []float64{1.4, 1.1, 0, 0, 0, 0, -1.4, 1.1, 0}, []string{"r_H1O", "r_OH2", "angle_H1OH2"}},
		{ // hydrogen peroxide
			[]string{"H1", "O1", "O2", "H2"},
			[]float64{-0.6, 1.7, 0, 0, 0, 0, 2.8, 0, 0, 3.4, 0.6, 1.6},
			[]string{"r_H1O1", "r_O1O2", "r_O2H2", "angle_H1O1O2", "angle_O1O2H2", "dihedral_H1O1O2H2"},
		},
		{ // methyl iodide
			[]string{"C", "I", "H1", "H2", "H3"},
			[]float64{0, 0, 0, 4, 0, 0, -0.7, 1.9, 0, -0.7, -1, 1.7, -0.7, -1, -1.7},
			[]string{"r_CI", "r_CH1", "r_CH2", "r_CH3", "angle_ICH1", "angle_ICH2", "angle_ICH3", "dihedral_H1ICH2", "dihedral_H1ICH3"},
		},
	} {
		f, err := FrameOptions{Reference: c.geometry}.NewFrame(FrameInternal, c.atoms)
		require.NoError(t, err)
		assert.ElementsMatch(t, c.names, f.ZMatrix.Names(c.atoms))
		assert.Len(t, c.names, f.ZMatrix.Dim())
		text, err := json.Marshal(f)
		require.NoError(t, err)
		var back Frame
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, f, back)
	}
}

// Bonds come from medians, so that one stretched molecule among many does not
// change them.
func TestOneOddGeometryDoesNotBreakBonds(t *testing.T) {
	water := []float64{0, 0, 0, 1.1, 1.4, 0, 1.1, -1.4, 0}
	torn := []float64{0, 0, 0, 9, 0.1, 0, 9, -0.1, 0}
	f := internalFrame(t, slices.Concat(water, torn, water), "O", "H1", "H2")
	assert.Equal(t, []string{"r_OH1", "r_OH2", "angle_H1OH2"}, f.ZMatrix.Names([]string{"O", "H1", "H2"}))
}

// Looking along the middle bond, the far bond is 60° clockwise of the near one:
// by the IUPAC's rule that is +60°.
func TestDihedralSign(t *testing.T) {
	sin, cos := math.Sincos(math.Pi / 3)
	// The middle bond points away from the viewer along +z. With x up, +y is right.
	clockwise := []float64{1, 0, 0, 0, 0, 0, 0, 0, 1, cos, sin, 1}
	e := ZEntry{Atom: 0, Bond: 1, Angle: 2, Dihedral: 3}
	assert.InDelta(t, math.Pi/3, e.dihedral(clockwise), 1e-15)
	reversed := ZEntry{Atom: 3, Bond: 2, Angle: 1, Dihedral: 0}
	assert.InDelta(t, math.Pi/3, reversed.dihedral(clockwise), 1e-15, "the same from the other end")
	clockwise[10] = -sin
	assert.InDelta(t, -math.Pi/3, e.dihedral(clockwise), 1e-15, "and negative for the mirror image")
}

func TestDihedralsStayNearTheirBranch(t *testing.T) {
	// The dihedral of the reference is 180°, where [−π, π] has its cut.
	trans := []float64{-0.5, 1, 0, 0, 0, 0, 2, 0, 0, 2.5, -1, 0}
	f := internalFrame(t, trans, atomsFor(4)...)
	require.InDelta(t, math.Pi, math.Abs(f.ZMatrix[3].Branch), 1e-12)
	var dihedrals []float64
	for _, out := range []float64{-0.1, 0.1} {
		event := slices.Clone(trans)
		event[11] = out
		got, _, err := f.Positions(nil, event, nil)
		require.NoError(t, err)
		dihedrals = append(dihedrals, got[f.ZMatrix.FirstDihedral()])
	}
	assert.Less(t, math.Abs(dihedrals[0]-dihedrals[1]), 0.3, "%v", dihedrals)
	assert.Greater(t, math.Abs(dihedrals[0]-dihedrals[1]), 0.1)
}

// However far out of range coordinates were drawn, folding them leaves the
// molecule as it was, and they are what measuring it gives.
func TestFoldKeepsTheMolecule(t *testing.T) {
	random := testRandom(41)
	for n := 3; n <= 8; n++ {
		for range 20 {
			f := frameFor(t, FrameInternal, randomMolecule(random, n).Equilibrium)
			drawn := make([]float64, f.ZMatrix.Dim())
			for i := range drawn {
				drawn[i] = 1 + random.Float64()
				if i >= f.ZMatrix.Lengths() {
					drawn[i] = 20 * (random.Float64() - 0.5)
				}
			}
			before, err := f.Cartesian(nil, drawn)
			require.NoError(t, err)
			folded := slices.Clone(drawn)
			f.ZMatrix.Fold(folded)
			after, err := f.Cartesian(nil, folded)
			require.NoError(t, err)
			assert.InDeltaSlice(t, before, after, 1e-8, "%v", drawn)
			measured, _, err := f.Positions(nil, after, nil)
			require.NoError(t, err)
			assert.InDeltaSlice(t, folded, measured, 1e-8)
			again := slices.Clone(folded)
			f.ZMatrix.Fold(again)
			assert.Equal(t, folded, again)
		}
	}
	z := internalFrame(t, randomEvent(3, 42), atomsFor(3)...).ZMatrix
	negative := []float64{-1, 2, math.Pi}
	z.Fold(negative)
	assert.Equal(t, []float64{-1, 2, math.Pi}, negative, "a negative length is the model's to answer for")
}

func TestInternalFrameRefusesBadInput(t *testing.T) {
	bent := []float64{-0.5, 1, 0.3, 0, 0, 0, 2, 0, 0, 2.5, -1, 0}
	f := internalFrame(t, bent, atomsFor(4)...)
	for want, event := range map[string][]float64{
		"three of them are on one line":     {-0.5, 1, 0.3, 0, 0, 0, 2, 0, 0, 4, 0, 0},
		"atoms 3 and 2 are at the same pla": {-0.5, 1, 0.3, 1, 1, 0, 1, 1, 0, 2.5, -1, 0},
		"9 coordinates: want 12":            bent[:9],
	} {
		got, _, err := f.Positions(nil, event, nil)
		assert.ErrorContains(t, err, "explosion: turn positions: ")
		assert.ErrorContains(t, err, want)
		assert.Empty(t, got)
	}
	for want, coordinates := range map[string][]float64{
		"3 internal coordinates: want 6 for 4 atoms": {1, 2, 3},
		"internal coordinate 2 is +Inf":              {1, math.Inf(1), 1, 1, 1, 1},
	} {
		_, err := f.Cartesian(nil, coordinates)
		assert.ErrorContains(t, err, "explosion: build positions: ")
		assert.ErrorContains(t, err, want)
	}
}

func FuzzInternalFrame(f *testing.F) {
	f.Add(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
	f.Add(1.0, 0.0, 0.0, 2.0, 0.0, 0.0, -3.0, 1e-17, 0.0)
	f.Add(1e300, 1e-300, 0.0, 0.0, 1e-160, 0.0, 1e150, 0.0, -1.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g, h, i, j float64) {
		event := []float64{0, 0, 0, a, b, c, d, e, g, h, i, j}
		frame, err := FrameOptions{Reference: event}.NewFrame(FrameInternal, atomsFor(4))
		if err != nil {
			return
		}
		got, _, err := frame.Positions(nil, event, nil)
		if err != nil {
			assert.Empty(t, got)
			return
		}
		assert.Len(t, got, 6)
		for k, angle := range got[3:5] {
			assert.True(t, angle >= 0 && angle <= math.Pi, "angle %d is %g", k, angle)
		}
	})
}
