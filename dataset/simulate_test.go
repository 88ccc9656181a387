package dataset

import (
	"context"
	"testing"

	"github.com/gocei/gocei/explosion"
	"github.com/stretchr/testify/require"
)

func TestSimulateGivesTheRecipesEvents(t *testing.T) {
	r, err := explosion.Recipe{Events: 50, Seed: 3}.Complete()
	require.NoError(t, err)
	e, report, err := Simulate(t.Context(), r, 2)
	require.NoError(t, err)
	require.Equal(t, 50, report.Emitted)
	require.Equal(t, []string{"C", "O", "S"}, e.Atoms)
	require.Nil(t, e.MassesDalton)
	require.Empty(t, e.ExtraColumns)
	require.NoError(t, e.check())
	i := 0
	_, err = explosion.Simulate(t.Context(), r, 1, func(event explosion.Event) error {
		require.Equal(t, event.Positions, e.Positions.Row(i))
		require.Equal(t, event.Momenta, e.Momenta.Row(i))
		i++
		return nil
	})
	require.NoError(t, err)
	back, err := explosion.ParseRecipe(e.Recipe)
	require.NoError(t, err)
	require.Equal(t, r, back)
}

func TestSimulateKeepsIsotopesAndCharges(t *testing.T) {
	water, err := explosion.LookupMolecule("H2O")
	require.NoError(t, err)
	water, err = water.WithIsotopes([]string{"18O", "H", "D"})
	require.NoError(t, err)
	r := explosion.Recipe{Molecule: water, Events: 300, Channels: []explosion.Channel{{Charges: []float64{1, 1, 1}, Weight: 1}, {Charges: []float64{2, 1, 1}, Weight: 3}}}
	e, report, err := Simulate(t.Context(), r, 1)
	require.NoError(t, err)
	for i, atom := range water.Atoms {
		require.Equal(t, atom.MassDalton, e.MassesDalton[i])
	}
	require.Len(t, e.ExtraColumns, 3)
	require.Equal(t, "q_"+e.Atoms[0], e.ExtraColumns[0])
	doubly := 0
	for i := range e.Len() {
		if e.Extra.Row(i)[0] == 2 {
			doubly++
		}
	}
	require.Equal(t, report.Channels[1].Emitted, doubly)
	require.Equal(t, e.Len(), report.Emitted)
}

// online returns a simulation for a split of its first epoch.
func online(t *testing.T, r explosion.Recipe, s Selection) (Simulation, *Split) {
	t.Helper()
	e, _, err := Simulate(t.Context(), r, 1)
	require.NoError(t, err)
	selected, err := s.Apply(e)
	require.NoError(t, err)
	split := prepare(t, selected.Events, Options{Frame: explosion.FrameBody})
	return Simulation{Recipe: r, Selection: s, Encoding: split.Encoding, Rows: split.Train.Len()}, split
}

func TestEveryEpochIsFresh(t *testing.T) {
	s, split := online(t, explosion.Recipe{Events: 200}, Selection{})
	seen := map[float64]bool{}
	for _, v := range split.Train.Momenta.Data {
		seen[v] = true
	}
	for epoch := 2; epoch < 6; epoch++ {
		part, err := s.Part(t.Context(), epoch)
		require.NoError(t, err)
		require.Equal(t, s.Rows, part.Positions.Rows)
		require.Equal(t, split.Train.Positions.Cols, part.Positions.Cols)
		for _, v := range part.Momenta.Data {
			require.False(t, seen[v], "epoch %d has an event of an earlier one", epoch)
			seen[v] = true
		}
		again, err := s.Part(t.Context(), epoch)
		require.NoError(t, err)
		require.Equal(t, part, again)
	}
}

// Lost and rejected events are made up for, and the number of rows stays.
func TestEpochsAreFullDespiteLosses(t *testing.T) {
	least := 105.0
	s, _ := online(t, explosion.Recipe{Events: 1500, Detector: explosion.Detector{Loss: 0.4}}, Selection{KERMinEV: &least})
	part, err := s.Part(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, s.Rows, part.Momenta.Rows)

	unreachable := 1e6
	s.Selection.KERMinEV = &unreachable
	_, err = s.Part(t.Context(), 2)
	require.ErrorContains(t, err, "epoch 2: only 0 of")
}

// Where hardly any event is left, some batches have none.
func TestEpochsOfRareEvents(t *testing.T) {
	r := explosion.Recipe{Events: 30_000, Detector: explosion.Detector{Loss: 0.85}, Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}, {Charges: []float64{1, 2, 1}}}}
	s, _ := online(t, r, Selection{})
	part, err := s.Part(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, s.Rows, part.Momenta.Rows)
}

func TestNoSimulatedEventsAreATable(t *testing.T) {
	e, _, err := Simulate(t.Context(), explosion.Recipe{Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}, {Charges: []float64{1, 2, 1}}}}, 1)
	require.NoError(t, err)
	require.NoError(t, e.check())
	require.Zero(t, e.Len())
	selected, err := Selection{KERMinEV: ptr(1)}.Apply(e)
	require.NoError(t, err)
	require.Zero(t, selected.Events.Len())
	require.Equal(t, Summary{}, Describe(e))
}

func TestSimulationRefuses(t *testing.T) {
	s, _ := online(t, explosion.Recipe{Events: 100}, Selection{})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Part(cancelled, 2)
	require.ErrorIs(t, err, context.Canceled)
	molecule, err := explosion.LookupMolecule("OCS")
	require.NoError(t, err)
	axis, err := explosion.ParseGridAxis(molecule, "C-O=1:2:4")
	require.NoError(t, err)
	s.Recipe.Geometry = explosion.Geometry{Kind: explosion.GeometryGrid, Grid: []explosion.GridAxis{axis}}
	_, err = s.Part(t.Context(), 2)
	require.ErrorContains(t, err, "same geometries")
}
