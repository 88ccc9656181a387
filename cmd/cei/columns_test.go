package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/posterior"
)

// linearSlope and linearNoise are of the linear Gaussian problem: targets are normal with unit variance and conditions
// are they, plus normal noise. Posteriors are normal with mean slope·x and variance slope·noise².
const (
	linearNoise = 0.5
	linearSlope = 1 / (1 + linearNoise*linearNoise)
)

var linearDeviation = linearNoise * math.Sqrt(linearSlope)

// linear returns targets and conditions of the linear Gaussian problem.
func linear(t *testing.T, n int, seed uint64) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 7))
	targets, conditions := dataset.NewMatrix(n, 2), dataset.NewMatrix(n, 2)
	for i := range targets.Data {
		targets.Data[i] = random.NormFloat64()
		conditions.Data[i] = targets.Data[i] + linearNoise*random.NormFloat64()
	}
	e, err := dataset.NewPlainEvents([]string{"theta_1", "theta_2"}, []string{"x_1", "x_2"}, targets, conditions)
	require.NoError(t, err)
	return e
}

func written(t *testing.T, name string, e *dataset.Events) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	require.NoError(t, table.WriteEvents(path, e, nil))
	return path
}

// linearRun returns the directory of a run on the linear Gaussian problem, that has learnt it.
func linearRun(t *testing.T, more ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	args := []string{
		"train", "--model", "cinn", "--data", written(t, "linear.csv", linear(t, 3000, 1)), "--targets", "theta_1,theta_2", "--conditions", "x_1,x_2",
		"--out", dir, "--epochs", "25", "--hidden", "24,24", "--couplings", "4",
	}
	a := succeed(t, append(args, more...)...)
	assert.Contains(t, a.err, "targets: 2 of 2 columns are independent")
	assert.Contains(t, a.err, "conditions: 2 of 2 columns are independent")
	return dir
}

// References of the linear Gaussian problem, for the rows of a table.
func linearReference(t *testing.T, observations *dataset.Events, draws int) (path string) {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 3))
	var all, rows dataset.Matrix
	for i := range observations.Len() {
		for range draws {
			for _, x := range observations.Momenta.Row(i) {
				all.Data = append(all.Data, linearSlope*x+linearDeviation*random.NormFloat64())
			}
			rows.Data = append(rows.Data, float64(i+1))
		}
	}
	all.Rows, all.Cols, rows.Rows, rows.Cols = len(rows.Data), 2, len(rows.Data), 1
	e, err := dataset.NewPlainEvents([]string{"theta_2", "theta_1"}, []string{"observation"}, swapped(all), rows)
	require.NoError(t, err)
	return written(t, "reference.parquet", e)
}

func swapped(m dataset.Matrix) dataset.Matrix {
	out := dataset.NewMatrix(m.Rows, 2)
	for i := range m.Rows {
		out.Row(i)[0], out.Row(i)[1] = m.Row(i)[1], m.Row(i)[0]
	}
	return out
}

// Any columns go the whole way: what is drawn, judged and compared is what theory says.
func TestAnyColumns(t *testing.T) {
	bindingtest.NoLeak(t)
	dir := linearRun(t)

	e := decoded(t, succeed(t, "evaluate", dir, "--samples", "200", "--json").out)
	assert.Equal(t, 450.0, e["events"])
	assert.Empty(t, e["unit"])
	assert.NotContains(t, e["point"], "ade")
	assert.InDelta(t, 2*(0.5+math.Log(linearDeviation)+0.5*math.Log(2*math.Pi)), e["nll"], 0.15)
	assert.InDelta(t, linearDeviation*linearDeviation, e["point"].(map[string]any)["mse"], 0.03)
	assert.InDelta(t, 0.68, e["coverage"].(map[string]any)["0.68"], 0.08)
	for _, key := range []string{"sbc", "tarp", "highest_density", "z_score", "contraction", "energy_score", "unusual"} {
		assert.Contains(t, e, key)
	}
	assert.NotContains(t, e, "predictive")
	assert.NotContains(t, e, "c2st")

	text := succeed(t, "evaluate", dir, "--samples", "20").out
	assert.True(t, strings.HasPrefix(text, "cinn on 450 events, 20 draws each, targets in the units of their table\n"), text)
	assert.NotContains(t, text, "ade")

	observations := linear(t, 2, 8)
	data := written(t, "observations.parquet", observations)
	rows := csvRows(t, succeed(t, "sample", dir, "--data", data, "--samples", "2000").out)
	require.Equal(t, []string{"event", "draw", "theta_1", "theta_2"}, rows[0])
	mean, sd := momentsOf(t, rows[1:2001], 2)
	assert.InDelta(t, linearSlope*observations.Momenta.Row(0)[0], mean, 0.15)
	assert.InDelta(t, linearDeviation, sd, 0.1)

	summary := csvRows(t, succeed(t, "sample", dir, "--data", data, "--summary", "--samples", "200").out)
	assert.Equal(t, []string{"event", "domain_distance", "theta_1_mean", "theta_1_median"}, summary[0][:4])
	require.Len(t, summary, 3)
	for _, option := range [][]string{nil, {"--summary"}} {
		out := filepath.Join(t.TempDir(), "draws.parquet")
		succeed(t, append([]string{"sample", dir, "--data", data, "--samples", "3", "--out", out}, option...)...)
		assert.FileExists(t, out)
	}
}

func momentsOf(t *testing.T, rows [][]string, column int) (mean, sd float64) {
	t.Helper()
	squares := 0.0
	for _, row := range rows {
		x, err := strconv.ParseFloat(row[column], 64)
		require.NoError(t, err)
		mean += x / float64(len(rows))
		squares += x * x / float64(len(rows))
	}
	return mean, math.Sqrt(squares - mean*mean)
}

// Posteriors are compared with references, beside the rest where the true targets are known, and alone where not.
func TestEvaluateAgainstReferences(t *testing.T) {
	dir := linearRun(t, "--epochs", "15")
	observations := linear(t, 2, 8)
	reference := linearReference(t, observations, 30)
	data := written(t, "observations.csv", observations)
	judged := succeed(t, "evaluate", dir, "--data", data, "--reference", reference, "--samples", "20", "--json").out
	both := decoded(t, judged)
	assert.Contains(t, both, "sbc")
	var e posterior.Evaluation
	require.NoError(t, json.Unmarshal([]byte(judged), &e))
	var text strings.Builder
	require.NoError(t, printEvaluation(&text, dataset.Encoding{}, &e))
	assert.Contains(t, text.String(), "\nclassifier two-sample test against reference posteriors: 0.")
	assert.NotContains(t, filesIn(t, dir), evaluationFile)

	observations.Positions, observations.PositionColumns = dataset.Matrix{}, nil
	bare := written(t, "bare.csv", observations)
	alone := decoded(t, succeed(t, "evaluate", dir, "--data", bare, "--reference", reference, "--json").out)
	assert.Equal(t, both["c2st"], alone["c2st"])
	assert.NotContains(t, alone, "sbc")
	c := alone["c2st"].(map[string]any)
	each := c["per_observation"].([]any)
	require.Len(t, each, 2)
	assert.InDelta(t, (each[0].(float64)+each[1].(float64))/2, c["mean"], 1e-12)
	assert.InDelta(t, math.Abs(each[0].(float64)-each[1].(float64))/2, c["standard_error"], 1e-12)
	assert.InDelta(t, 0.5, c["mean"], 0.25)
	text.Reset()
	require.NoError(t, printComparison(&text, comparison{Model: "cinn", Events: 2, C2ST: e.C2ST}, false))
	assert.Contains(t, text.String(), "cinn on 2 observations without true targets\nclassifier two-sample test")

	for _, bad := range []struct {
		says string
		args []string
	}{
		{"--data is needed", []string{"--reference", reference}},
		{"flags that leave some out", []string{"--data", bare, "--reference", reference, "--inside-domain"}},
	} {
		a := cei(t, append([]string{"evaluate", dir}, bad.args...)...)
		assert.Equal(t, exitUsage, a.code)
		assert.Contains(t, a.err, bad.says)
	}
	a := cei(t, "evaluate", dir, "--data", bare)
	assert.Contains(t, a.err, "expected columns theta_1, theta_2, which are missing; the header has x_1, x_2")
	a = cei(t, "evaluate", dir, "--data", bare, "--reference", data)
	assert.Contains(t, a.err, "read reference posteriors: table: read "+data+":1:1: expected columns observation, which are missing")
	other := writeFile(t, "other.csv", "observation,theta_1,theta_2\n1,0,0\n3,0,0\n")
	a = cei(t, "evaluate", dir, "--data", bare, "--reference", other)
	assert.Contains(t, a.err, other+": posterior: sort reference draws: row 2 is of observation 3: want a row of the 2 events")
}

// Draws of bounded targets lie between their bounds, and are as good.
func TestBoundedTargets(t *testing.T) {
	e := linear(t, 2000, 4)
	for i := range e.Positions.Data {
		e.Positions.Data[i] = math.Tanh(2 * e.Positions.Data[i]) // most are near an end
	}
	dir := filepath.Join(t.TempDir(), "run")
	data := written(t, "bounded.npz", e)
	a := succeed(t, "train", "--model", "cinn", "--data", data, "--targets", "theta_1,theta_2", "--conditions", "x_1,x_2", "--bounds", "theta_1=-1:1,theta_2=-1:1",
		"--out", dir, "--epochs", "5", "--hidden", "8,8", "--couplings", "2")
	assert.Contains(t, a.err, "theta_1 between -1 and 1; theta_2 between -1 and 1")
	rows := csvRows(t, succeed(t, "sample", dir, "--data", data, "--samples", "20").out)
	for _, row := range rows[1:] {
		for _, field := range row[2:] {
			x, err := strconv.ParseFloat(field, 64)
			require.NoError(t, err)
			require.Less(t, math.Abs(x), 1.0)
		}
	}
	assert.Less(t, decoded(t, succeed(t, "evaluate", dir, "--samples", "20", "--json").out)["nll"], 0.0)
	succeed(t, "sample", dir, "--data", data, "--samples", "10", "--summary")
}

// A run finds its columns by name in another table, and flags say where they are called otherwise, or only numbered.
func TestColumnsOfOtherTables(t *testing.T) {
	e := linear(t, 200, 5)
	dir := filepath.Join(t.TempDir(), "run")
	train := func(data string, more ...string) answer {
		return succeed(t, append([]string{"train", "--model", "cvae", "--data", data, "--out", dir, "--epochs", "2", "--hidden", "8"}, more...)...)
	}
	train(written(t, "named.csv", e), "--targets", "theta_1,theta_2", "--conditions", "x_1,x_2")
	sample := func(data string, more ...string) string {
		return succeed(t, append([]string{"sample", dir, "--data", data, "--samples", "2"}, more...)...).out
	}
	want := sample(written(t, "same.parquet", e))
	named := *e
	named.PositionColumns, named.MomentumColumns = []string{"a", "b"}, []string{"y_1", "y_2"}
	assert.Equal(t, want, sample(written(t, "named.csv", &named), "--conditions", "y_1,y_2"))
	bare := writeFile(t, "bare.csv", strings.SplitN(readFile(t, written(t, "same.csv", e)), "\n", 2)[1])
	assert.Equal(t, want, sample(bare, "--no-header", "--conditions", "3,4"))

	other := written(t, "named.csv", &named)
	succeed(t, "evaluate", dir, "--data", other, "--targets", "a,b", "--conditions", "y_1,y_2", "--samples", "5")
	a := cei(t, "evaluate", dir, "--data", other, "--targets", "a", "--conditions", "y_1,y_2")
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, "the run has 2 targets (theta_1, theta_2)")

	dir = filepath.Join(t.TempDir(), "numbered")
	train(bare, "--no-header", "--targets", "1,2", "--conditions", "3,4")
	succeed(t, "evaluate", dir, "--samples", "5")
	assert.Equal(t, []string{"event", "draw", "1", "2"}, csvRows(t, sample(bare, "--no-header"))[0])
}

// Rows of another table of such columns are trained on beside the table's.
func TestAddedColumns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	a := succeed(t, "train", "--model", "cvae", "--data", written(t, "one.csv", linear(t, 100, 1)), "--add", written(t, "more.npz", linear(t, 50, 2)),
		"--targets", "theta_1,theta_2", "--conditions", "x_1,x_2", "--bounds", "theta_1=-9:9", "--out", dir, "--epochs", "2", "--hidden", "8")
	assert.Contains(t, a.err, "150 events: 120 to train on, 15 to validate, 15 to test")
	succeed(t, "evaluate", dir, "--samples", "5")
}

// Columns of a table of molecules are columns like others.
func TestColumnsOfMolecules(t *testing.T) {
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	succeed(t, trainArgs("cinn", data, dir, "--targets", "x_C,y_C", "--conditions", "px_C,px_O,py_C")...)
	succeed(t, "evaluate", dir, "--samples", "5")
	a := succeed(t, "sample", dir, "--data", data, "--samples", "1")
	assert.Equal(t, []string{"event", "draw", "x_C", "y_C"}, csvRows(t, a.out)[0])
	assert.Contains(t, succeed(t, "inspect", data, "--targets", "x_C", "--conditions", "px_C").out, "200 rows of targets and conditions; other columns: 16")
	a = cei(t, "sample", dir, "--data", data, "--coordinates", "cartesian")
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, "--coordinates cartesian is for atoms")
	a = cei(t, "sample", dir, "--data", data, "--coordinates", "laboratory")
	assert.Contains(t, a.err, "which have no axes")
	a = cei(t, "sample", dir, "--data", data, "--min-ker", "5")
	assert.Contains(t, a.err, "targets and conditions instead of atoms")
	a = cei(t, "sample", dir, "--data", data, "--atoms", "C,O,S")
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, "--atoms does not go with")

	molecules, _ := trainedRun(t, "cvae")
	a = cei(t, "sample", molecules, "--data", data, "--conditions", "px_C")
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, "--conditions does not go with a run on the positions and momenta of atoms")
}

func TestColumnsThatMakeNoSense(t *testing.T) {
	var text strings.Builder
	w := csv.NewWriter(&text)
	require.NoError(t, w.Write([]string{"a", "b", "x", "constant"}))
	for i := range 60 {
		require.NoError(t, w.Write([]string{fmt.Sprint(i % 7), fmt.Sprint(i % 5), fmt.Sprint(i % 11), "3"}))
	}
	w.Flush()
	data := writeFile(t, "table.csv", text.String())
	out := filepath.Join(t.TempDir(), "run")
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{exitUsage, "--conditions is needed: the columns to infer --targets from", []string{"--targets", "a,b"}},
		{exitUsage, "--targets is needed: the columns to infer from --conditions", []string{"--conditions", "x"}},
		{exitUsage, "--frame does not go with --targets and --conditions, any columns", []string{"--targets", "a,b", "--conditions", "x", "--frame", "body"}},
		{exitUsage, "--max-ker does not go with --targets", []string{"--targets", "a,b", "--conditions", "x", "--max-ker", "3"}},
		{exitUsage, "--atoms does not go with --targets and --conditions, which take columns as they are", []string{"--targets", "a,b", "--conditions", "x", "--atoms", "C,O"}},
		{exitUsage, "--position-unit does not go with", []string{"--targets", "a,b", "--conditions", "x", "--position-unit", "bohr"}},
		{exitUsage, "--bounds is of --targets, and none are named", []string{"--bounds", "a=0:1"}},
		{exitUsage, "want a column and its ends", []string{"--targets", "a,b", "--conditions", "x", "--bounds", "a"}},
		{exitUsage, "column a from 9 to 0: want", []string{"--targets", "a,b", "--conditions", "x", "--bounds", "a=9:0"}},
		{exitFailed, "c is not among the targets a, b", []string{"--targets", "a,b", "--conditions", "x", "--bounds", "c=0:9"}},
		{exitFailed, "row 1, column a is 0: want a number above 0 and below 9, its bounds", []string{"--targets", "b,a", "--conditions", "x", "--bounds", "a=0:9"}},
		{exitFailed, "expected columns c, which are missing; the header has a, b, x", []string{"--targets", "a,c", "--conditions", "x"}},
		{exitFailed, "expected columns y, which are missing", []string{"--targets", "a,b", "--conditions", "x,y"}},
		{exitFailed, "but a is both", []string{"--targets", "a,b", "--conditions", "x,a"}},
		{exitFailed, "column 1 was asked for twice", []string{"--targets", "a,a", "--conditions", "x"}},
		{exitFailed, "of the targets a, 1 is independent, and a cINN couples two or more", []string{"--targets", "a", "--conditions", "x"}},
		{exitFailed, "of the targets a, constant, 1 is independent", []string{"--targets", "a,constant", "--conditions", "x"}},
		{exitFailed, "all 1 columns (constant) are constant", []string{"--targets", "a,b", "--conditions", "constant"}},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			a := cei(t, append([]string{"train", "--model", "cinn", "--data", data, "--out", out}, c.args...)...)
			assert.Equal(t, c.code, a.code, a.err)
			assert.Contains(t, a.err, c.says)
			assert.NoDirExists(t, out)
		})
	}
	a := cei(t, "train", "--model", "cinn", "--events", "10", "--targets", "a,b", "--conditions", "x", "--out", out)
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, "are columns of a table: --data is needed")
	nan := writeFile(t, "nan.csv", strings.Replace(text.String(), "\n1,", "\nNaN,", 1))
	a = cei(t, "train", "--model", "cinn", "--data", nan, "--targets", "a,b", "--conditions", "x", "--out", out)
	assert.Contains(t, a.err, nan+":3:1: expected a finite number in column a")
	succeed(t, "train", "--model", "cvae", "--data", data, "--targets", "a", "--conditions", "x", "--out", out, "--epochs", "2")
}
