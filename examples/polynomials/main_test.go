package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// Near one stretched geometry momenta are a smooth function of positions with a smooth inverse, and each degree is
// nearer to it.
func TestHigherDegreesAreNearer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	recipe := explosion.Recipe{Events: 2000, Seed: 3}
	var err error
	recipe.Molecule, err = explosion.LookupMolecule("OCS")
	require.NoError(t, err)
	recipe.Channels = []explosion.Channel{{Charges: []float64{2, 2, 2}}}
	recipe.Geometry = explosion.Geometry{Kind: explosion.GeometryNormal, DisplacementAngstrom: 0.01}
	events, _, err := dataset.Simulate(context.Background(), recipe, 0)
	require.NoError(t, err)
	require.NoError(t, table.WriteEvents(path, events, nil))

	var out bytes.Buffer
	require.NoError(t, compare(options{data: path, frame: "internal", degrees: 3, seed: 1}, &out))
	assert.Contains(t, out.String(), "1400 events to fit to, 300 to test on")
	distances := lastColumn(t, out.String())
	require.Len(t, distances, 3)
	assert.Less(t, distances[1], distances[0])
	assert.Less(t, distances[2], distances[1])
}

func lastColumn(t *testing.T, text string) (numbers []float64) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(text), "\n")[2:] {
		fields := strings.Fields(line)
		number, err := strconv.ParseFloat(fields[len(fields)-1], 64)
		require.NoError(t, err)
		numbers = append(numbers, number)
	}
	return numbers
}

func TestMonomials(t *testing.T) {
	assert.ElementsMatch(t, [][]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 0}, {0, 2}}, monomials(2, 2))
	assert.Len(t, monomials(3, 4), 35)
}

func TestTooFewEvents(t *testing.T) {
	_, err := regress(&dataset.Split{Train: dataset.Part{Momenta: dataset.NewMatrix(3, 3)}}, monomials(3, 4))
	assert.ErrorContains(t, err, "3 events do not determine 35 coefficients")
	assert.ErrorContains(t, compare(options{}, nil), "-data is needed")
}
