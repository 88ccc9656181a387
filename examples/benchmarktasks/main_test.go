package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/examples/benchmarktasks/benchmarktask"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	s := sizes{simulations: 30, observations: 3, draws: 5, seed: 1}
	require.NoError(t, s.write(&out, dir, benchmarktask.TwoMoons()))
	require.Equal(t, "two_moons theta_1,theta_2 x_1,x_2 0.606\n", out.String())

	read := func(name string, targets, conditions []string) *dataset.Events {
		layout := dataset.Layout{Targets: targets, Conditions: conditions, NeedPositions: targets != nil}
		events, err := table.ReadEvents(filepath.Join(dir, name), layout, table.Options{})
		require.NoError(t, err)
		return events
	}
	theta, x := []string{"theta_1", "theta_2"}, []string{"x_1", "x_2"}
	require.Equal(t, 30, read("simulations.parquet", theta, x).Len())
	reference := read("reference.parquet", theta, []string{"observation"})
	require.Equal(t, []float64{1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3}, reference.Momenta.Data)
	require.NoError(t, s.write(&out, t.TempDir(), benchmarktask.SLCP()))
}

// Another seed changes the simulations alone.
func TestObservationsStay(t *testing.T) {
	observed := func(seed uint64) []float64 {
		dir := t.TempDir()
		s := sizes{simulations: 10, observations: 2, draws: 1, seed: seed}
		require.NoError(t, s.write(&bytes.Buffer{}, dir, benchmarktask.TwoMoons()))
		events, err := table.ReadEvents(filepath.Join(dir, "reference.parquet"),
			dataset.Layout{Targets: []string{"theta_1", "theta_2"}, Conditions: []string{"observation"}, NeedPositions: true}, table.Options{})
		require.NoError(t, err)
		return events.Positions.Data
	}
	require.Equal(t, observed(1), observed(2))
}
