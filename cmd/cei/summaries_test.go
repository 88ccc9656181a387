package main

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

func TestSampleSummary(t *testing.T) {
	for _, model := range []string{"cinn", "cvae"} {
		t.Run(model, func(t *testing.T) {
			bindingtest.NoLeak(t)
			dir, data := trainedRun(t, model, "--frame", "internal")
			a := succeed(t, "sample", dir, "--data", data, "--samples", "50", "--summary")
			rows := csvRows(t, a.out)
			require.Len(t, rows, 201, "a row an event")
			column := map[string]int{}
			for j, name := range rows[0] {
				require.NotContains(t, column, name)
				column[name] = j
			}
			assert.Len(t, rows[0], 2+10*7, "three distances, three angles and the kinetic energy release")
			for i, row := range rows[1:] {
				value := func(name string) float64 {
					require.Contains(t, column, name)
					x, err := strconv.ParseFloat(row[column[name]], 64)
					require.NoError(t, err)
					return x
				}
				require.Equal(t, float64(i), value("event"))
				require.Positive(t, value("domain_distance"))
				for _, name := range []string{"r_CO", "r_CS", "r_OS", "angle_OCS", "ker_ev"} {
					require.Positive(t, value(name+"_sd"))
					require.Less(t, value(name+"_q05"), value(name+"_median"))
					require.Less(t, value(name+"_median"), value(name+"_q95"))
					require.LessOrEqual(t, value(name+"_hd68_low"), value(name+"_hd68_high"))
					require.Positive(t, value(name+"_mode"))
				}
			}
		})
	}
}

func TestSampleSummaryWritesFile(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	out := filepath.Join(t.TempDir(), "summary.csv")
	a := succeed(t, "sample", dir, "--data", data, "--samples", "20", "--summary", "--out", out)
	assert.Empty(t, a.out)
	assert.Contains(t, a.err, "summaries of 200 events")
	assert.Contains(t, readFile(t, out+".json"), `cei.summary`)
	assert.Contains(t, readFile(t, out), "x_C_mean,x_C_median")

	wrong := cei(t, "sample", dir, "--data", data, "--summary", "--coordinates", "cartesian")
	assert.Equal(t, exitUsage, wrong.code)
	assert.Contains(t, wrong.err, "--coordinates cartesian does not go with it")
}

// Draws are exploded by the recipe that the run was simulated from, and by none where there is none.
func TestEvaluateExplodesDraws(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	e := decoded(t, succeed(t, "evaluate", dir, "--samples", "5", "--json").out)
	for _, key := range []string{"sbc", "tarp", "highest_density", "z_score", "contraction", "predictive", "coverage_standard_error"} {
		assert.Contains(t, e, key)
	}
	predictive := e["predictive"].(map[string]any)
	assert.Equal(t, 5.0, predictive["draws"])
	assert.Positive(t, predictive["median"])

	bare := writeFile(t, "bare.csv", readFile(t, data)) // without the metadata beside it
	other := filepath.Join(t.TempDir(), "other")
	succeed(t, trainArgs("cinn", bare, other)...)
	e = decoded(t, succeed(t, "evaluate", other, "--samples", "5", "--json").out)
	assert.NotContains(t, e, "predictive")
}
