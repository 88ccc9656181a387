package main

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
)

func number64(t *testing.T, field string) (x float64) {
	t.Helper()
	_, err := fmt.Sscan(field, &x)
	require.NoError(t, err)
	return x
}

// bondLengths returns C-O and C-S of a row of positions C, O, S.
func bondLengths(t *testing.T, row []string) (co, cs float64) {
	t.Helper()
	square := func(atom int) float64 {
		sum := 0.0
		for k := range 3 {
			d := number64(t, row[3*atom+k]) - number64(t, row[k])
			sum += d * d
		}
		return math.Sqrt(sum)
	}
	return square(1), square(2)
}

// The recipe comes from the table, and the true geometry is among the solutions of
// every event.
func TestRetrieveFindsTheTruth(t *testing.T) {
	data := simulated(t, 20)
	a := succeed(t, "retrieve", "--data", data, "--shapes", "5000")
	assert.Regexp(t, `^20 events: 0 without a solution, \d+ with one, \d+ with several; lengths in bohr, angles in radians\nmedian residual \|Δp\|/\|p\| of \d+ solutions: `, a.err)
	rows := csvRows(t, a.out)
	assert.Equal(t, "event solution weight residual chi_square r_CO r_CS angle_OCS sd_r_CO sd_r_CS sd_angle_OCS x_C y_C z_C x_O y_O z_O x_S y_S z_S", strings.Join(rows[0], " "))
	found, weight := map[int]bool{}, map[int]float64{}
	truth := csvRows(t, readFile(t, data))[1:]
	for _, row := range rows[1:] {
		event := int(number64(t, row[0]))
		weight[event] += number64(t, row[2])
		co, cs := bondLengths(t, truth[event])
		if math.Abs(number64(t, row[5])-co) < 1e-3 && math.Abs(number64(t, row[6])-cs) < 1e-3 {
			found[event] = true
		}
		co, cs = bondLengths(t, row[11:])
		assert.InDelta(t, number64(t, row[5]), co, 1e-9)
		assert.InDelta(t, number64(t, row[6]), cs, 1e-9)
	}
	assert.GreaterOrEqual(t, len(found), 19)
	for event, sum := range weight {
		assert.InDelta(t, 1, sum, 1e-9, "event %d", event)
	}
}

// Other atoms' order and units make no difference; without a recipe in the table the
// flags' is taken, whose default is the one that the table was simulated from.
func TestRetrieveReadsMeasuredTables(t *testing.T) {
	data := simulated(t, 5)
	house := csvRows(t, succeed(t, "retrieve", "--data", data, "--shapes", "2000").out)
	lab := csvRows(t, succeed(t, append([]string{"retrieve", "--shapes", "2000"}, measured(t, data)...)...).out)
	require.Len(t, lab, len(house))
	for i := range house[1:] {
		for j := 5; j < 8; j++ {
			assert.InDelta(t, number64(t, house[1+i][j]), number64(t, lab[1+i][j]), 1e-4)
		}
	}
}

// JSON has a line for each of the table's, with the same numbers.
func TestRetrievePrintsJSON(t *testing.T) {
	data := simulated(t, 5)
	rows := csvRows(t, succeed(t, "retrieve", "--data", data, "--shapes", "2000").out)
	lines := strings.Split(strings.TrimSpace(succeed(t, "retrieve", "--data", data, "--shapes", "2000", "--json").out), "\n")
	require.Len(t, lines, len(rows)-1)
	for i, line := range lines {
		object := decoded(t, line)
		require.Len(t, object, len(rows[0]))
		for k, name := range rows[0] {
			assert.Equal(t, number64(t, rows[i+1][k]), object[name], name)
		}
	}
}

// The draws of a run are weighed on the simulator: where noise is as large as the prior, most of them count, and where
// there is none, hardly any. Their weights belong to the event's solutions.
func TestRetrieveWeighsDraws(t *testing.T) {
	dir, _ := trainedRun(t, "cinn", "--frame", "body")
	data := simulated(t, 50)
	weighed := func(noise string) (effective float64) {
		a := succeed(t, "retrieve", "--data", data, "--run", dir, "--samples", "30", "--shapes", "1000", "--noise", noise)
		assert.Contains(t, a.err, "median effective number of the 30 draws an event, weighed on the simulator: ")
		rows := csvRows(t, a.out)
		require.Equal(t, []string{"draw_weight", "effective_draws"}, rows[0][5:7])
		shares := map[string]float64{}
		for _, row := range rows[1:] {
			shares[row[0]] += number64(t, row[5])
			assert.LessOrEqual(t, number64(t, row[6]), 30.)
			effective += number64(t, row[6]) / float64(len(rows)-1)
		}
		for event, share := range shares {
			if share != 0 {
				assert.InDelta(t, 1, share, 1e-9, "event %s", event)
			}
		}
		return effective
	}
	many, few := weighed("50"), weighed("0.1")
	assert.Greater(t, many, 3*few)
	assert.GreaterOrEqual(t, few, 0.5)
}

// Densities in other frames are none of shapes: there are no weights then, rather than weights of zero.
func TestRetrieveWeighsDrawsOfShapesOnly(t *testing.T) {
	dir, _ := trainedRun(t, "cinn", "--frame", "as-is")
	a := succeed(t, "retrieve", "--data", simulated(t, 3), "--run", dir, "--samples", "5", "--shapes", "500", "--noise", "10")
	assert.Contains(t, a.err, `the run's draws were started from, but not weighed: `)
	assert.NotContains(t, a.err, "median effective number")
	assert.NotContains(t, csvRows(t, a.out)[0], "draw_weight")
}

// A run's draws are further starts, and its recipe the prior.
func TestRetrieveWithRun(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	out := filepath.Join(t.TempDir(), "solutions.parquet")
	a := succeed(t, "retrieve", "--data", data, "--run", dir, "--samples", "2", "--shapes", "1000", "--noise", "0.1", "--out", out)
	assert.Contains(t, a.err, "200 events: ")
	r, err := table.Open(out, table.Options{})
	require.NoError(t, err)
	defer r.Close()
	assert.Contains(t, r.Metadata(), solutionsKey)
}

func TestRetrieveRefuses(t *testing.T) {
	data := simulated(t, 5)
	for want, args := range map[string][]string{
		"--data is needed":      {"retrieve"},
		"--shapes must be at":   {"retrieve", "--data", data, "--shapes", "0"},
		"--noise must be at":    {"retrieve", "--data", data, "--noise", "-1"},
		"unexpected argument":   {"retrieve", "--data", data, "more"},
		"--charges are needed":  {"retrieve", "--data", data, "--molecule", "H2O"},
		"is a single one":       {"retrieve", "--data", data, "--displacement", "0"},
		"there already; --forc": {"retrieve", "--data", data, "--out", data},
		"--json prints to stan": {"retrieve", "--data", data, "--json", "--out", "a.csv"},
	} {
		a := cei(t, args...)
		assert.NotEqual(t, exitDone, a.code, args)
		assert.Contains(t, a.err, want, args)
	}
}
