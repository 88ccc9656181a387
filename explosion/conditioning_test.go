package explosion

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Four atoms of which the default axis atoms, the two heaviest, are opposite each
// other while a third sticks out.
func TestConditioningSuggestsBetterAxisAtoms(t *testing.T) {
	atoms := []string{"C", "O", "S", "H"}
	f := bodyFrame(t, atoms...)
	opposite := []float64{0, 1.5, 0, -2, 0.01, 0, 2, 0, 0, 0.3, 0.2, 1}
	bent := []float64{0, 1.5, 0, -2, 1, 0, 2, 1, 0, 0.3, 0.2, 1}
	table := slices.Concat(opposite, bent, opposite, bent)
	c, err := f.Conditioning(atoms, nil, table)
	require.NoError(t, err)
	assert.Equal(t, Conditioning{
		Kind: FrameBody, Events: 4,
		Chosen: AxisPair{Axis: [2]string{"S", "O"}, Momenta: 0.5},
		Better: &AxisPair{Axis: [2]string{"O", "C"}},
	}, c)
	assert.Equal(t, []string{"in 50 % of 4 events, axis atoms S and O are near one line, and the event is turned by chance; with O and C they would be in 0.0 %"}, c.Warnings())
	text, err := json.Marshal(c)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"chosen":{"axis":["S","O"],"positions":0,"momenta":0.5}`)

	recoil := frameFor(t, FrameRecoil, opposite)
	c, err = recoil.Conditioning(atoms, table, slices.Concat(bent, bent, bent, bent))
	require.NoError(t, err)
	assert.Zero(t, c.Chosen.Positions, "momenta turn the positions")
	assert.Empty(t, c.Warnings())
	f.Axis = [2]int{1, 0}
	c, err = f.Conditioning(atoms, table, table)
	require.NoError(t, err)
	assert.Empty(t, c.Warnings(), "the suggested atoms are well-conditioned")
}

// In a molecule that is near-linear as a whole, small momenta must not pass for a
// way out because their directions scatter.
func TestNearLinearMoleculesHaveNoBetterAxis(t *testing.T) {
	atoms := []string{"C", "O", "S"}
	f := bodyFrame(t, atoms...)
	straight := []float64{-1, 4, 0, -70, 0, 0, 71, -4, 0}
	c, err := f.Conditioning(atoms, straight, straight)
	require.NoError(t, err)
	assert.Equal(t, 1.0, c.Chosen.Momenta)
	assert.Nil(t, c.Better)
	require.Len(t, c.Warnings(), 1)
	assert.Contains(t, c.Warnings()[0], "in 100 % of 1 events, the momenta of axis atoms S and O are near one line")

	for name, event := range map[string][]float64{"nothing": make([]float64, 9), "nothing on S": {1, 1, 0, -1, 1, 0, 0, 0, 0}} {
		c, err := f.Conditioning(atoms, nil, event)
		require.NoError(t, err)
		assert.Equal(t, 1.0, c.Chosen.Momenta, name)
	}
}

func TestConditioningOfDihedrals(t *testing.T) {
	atoms := atomsFor(4)
	bent := []float64{-0.5, 1, 0.3, 0, 0, 0, 2, 0, 0, 2.5, -1, 0}
	straight := []float64{-0.5, 1, 0.3, 0, 0, 0, 2, 0, 0, 4, 0.01, 0}
	f := internalFrame(t, bent, atoms...)
	table := slices.Concat(bent, straight)
	c, err := f.Conditioning(atoms, table, slices.Concat(bent, bent))
	require.NoError(t, err)
	assert.Equal(t, 0.5, c.Dihedrals)
	assert.Contains(t, c.Warnings()[len(c.Warnings())-1], "in 50 % of 2 events, atoms that a dihedral refers to")
}

func TestConditioningWhereNothingTurns(t *testing.T) {
	event := []float64{1, 0, 0, -1, 0, 0}
	for _, kind := range []FrameKind{FrameAsIs, FrameBody} {
		c, err := frameFor(t, kind, event).Conditioning(atomsFor(2), event, event)
		require.NoError(t, err)
		assert.Zero(t, c.Chosen.Positions+c.Chosen.Momenta)
		assert.Empty(t, c.Warnings())
	}
	f := bodyFrame(t, atomsFor(2)...)
	for want, try := range map[string]func() (Conditioning, error){
		"atoms [C O S]: want 2":      func() (Conditioning, error) { return f.Conditioning(atomsFor(3), event, event) },
		"3 positions: want 6":        func() (Conditioning, error) { return f.Conditioning(atomsFor(2), event[:3], event) },
		"5 momenta for 2 atoms: wan": func() (Conditioning, error) { return f.Conditioning(atomsFor(2), nil, event[:5]) },
	} {
		_, err := try()
		assert.ErrorContains(t, err, "explosion: judge frame: "+want)
	}
}
