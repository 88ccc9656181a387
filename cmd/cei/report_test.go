package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// reported returns what cei report --json prints.
func reported(t *testing.T, args ...string) reportFiles {
	t.Helper()
	var w reportFiles
	require.NoError(t, json.Unmarshal([]byte(succeed(t, append([]string{"report", "--json"}, args...)...).out), &w))
	return w
}

func leftOut(w reportFiles) (names []string) {
	for _, o := range w.LeftOut {
		names = append(names, o.What)
	}
	return names
}

func figureNames(t *testing.T, w reportFiles) (names []string) {
	t.Helper()
	for _, path := range w.Figures {
		assert.FileExists(t, path)
		if name := filepath.Base(path); strings.HasSuffix(name, ".png") {
			names = append(names, strings.TrimSuffix(name, ".png"))
		}
	}
	return names
}

func TestReport(t *testing.T) {
	bindingtest.NoLeak(t)
	dir, _ := trainedRun(t, "cinn", "--frame", "body")
	a := succeed(t, "report", dir, "--samples", "100")
	assert.Contains(t, a.out, "report   "+filepath.Join(dir, "report.html")+" (")
	assert.Contains(t, a.out, "figures  "+filepath.Join(dir, "figures")+": ")
	assert.Contains(t, a.out, "\nverdict  ")
	assert.NotContains(t, filesIn(t, dir), evaluationFile, "a report judges by fewer draws than evaluate does, and leaves no trace of it")

	w := reported(t, dir, "--samples", "100")
	assert.Empty(t, w.LeftOut)
	assert.Subset(t, figureNames(t, w), []string{
		"learning_curve", "corner_typical", "corner_wide", "predicted_true", "predicted_true_bonds", "residuals", "residuals_bonds",
		"ranks", "coverage", "newton", "dalitz", "energy_release",
	})
	info, err := os.Stat(w.Report)
	require.NoError(t, err)
	assert.Equal(t, info.Size(), w.Bytes)
	page := readFile(t, w.Report)
	for _, words := range []string{"cINN · OCS", "θ(O–C–S)", "S on &#43;x, O in the xy-plane", "the run&#39;s test part, 30 events", "positions in bohr", "140, 30, 30"} {
		assert.Contains(t, page, words)
	}
	assert.NotContains(t, page, "NaN")
}

// The same run gives the same page.
func TestReportIsReproducible(t *testing.T) {
	dir, _ := trainedRun(t, "cvae")
	one := reported(t, dir, "--samples", "20", "--out", t.TempDir())
	other := reported(t, dir, "--samples", "20", "--out", t.TempDir())
	assert.Equal(t, readFile(t, one.Report), readFile(t, other.Report))
}

// Whatever the molecule, the frame and the model, there is a page; what does not fit them is left out.
func TestReportOfAnyMolecule(t *testing.T) {
	for _, c := range []struct {
		molecule, charges, model, frame string
		without                         []string
	}{
		{"N2", "1,1", "cvae", "body", []string{"Dalitz plot"}},
		{"N2", "1,1", "cvae", "internal", []string{"Dalitz plot"}},
		{"CO2", "2,2,2", "cvae", "recoil", nil},
		{"OCS", "2,2,2", "cinn", "internal", nil},
		{"CH4", "1,1,1,1,1", "cinn", "internal", []string{"Dalitz plot"}},
		{"CH4", "1,1,1,1,1", "cvae", "as-is", []string{"Dalitz plot"}},
	} {
		t.Run(strings.Join([]string{c.molecule, c.model, c.frame}, " "), func(t *testing.T) {
			bindingtest.NoLeak(t)
			dir := filepath.Join(t.TempDir(), "run")
			succeed(t, "train", "--model", c.model, "--molecule", c.molecule, "--charges", c.charges, "--events", "200", "--frame", c.frame,
				"--out", dir, "--epochs", "2", "--hidden", "8,8", "--couplings", "2")
			w := reported(t, dir, "--samples", "20")
			assert.Equal(t, c.without, leftOut(w))
			assert.Subset(t, figureNames(t, w), []string{"learning_curve", "corner_typical", "ranks", "coverage", "newton", "energy_release"})
			assert.NotContains(t, readFile(t, w.Report), "NaN")
		})
	}
}

// A run of another program's that says nothing of its events has a page of its training, which says what is missing.
func TestReportWithoutEvents(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	config := filepath.Join(dir, trainer.ConfigFile)
	require.NoError(t, os.WriteFile(config, []byte(strings.Replace(readFile(t, config), `"settings"`, `"else"`, 1)), 0o600))
	w := reported(t, dir)
	assert.Equal(t, []string{"learning_curve"}, figureNames(t, w))
	assert.Equal(t, "Not judged", w.Verdict)
	assert.Contains(t, leftOut(w), "Errors and calibration")
	assert.Contains(t, readFile(t, w.Report), "the run does not say where its events came from")

	require.NoError(t, os.Remove(filepath.Join(dir, trainer.MetricsFile)))
	w = reported(t, dir, "--data", data, "--samples", "20")
	assert.Equal(t, []string{"Learning curve"}, leftOut(w))
	assert.Contains(t, readFile(t, w.Report), "judged on</dt><dd>events.csv, 200 events")
}

// One event, or none at all, says nothing about a run, and does not condemn it.
func TestReportOfHardlyAnyEvents(t *testing.T) {
	dir, data := trainedRun(t, "cvae", "--split", "0.8,0.2,0")
	w := reported(t, dir)
	assert.Equal(t, "Not judged", w.Verdict)
	require.NotEmpty(t, w.LeftOut)
	assert.Equal(t, "the run's test part has no events", w.LeftOut[0].Why)
	w = reported(t, dir, "--data", data, "--events", "1", "--samples", "10", "--out", t.TempDir())
	assert.Equal(t, "Not judged", w.Verdict)
	assert.Contains(t, strings.Join(w.Reasons, " "), "1 event is too few")
	assert.NotContains(t, strings.Join(w.Reasons, " "), "bonds and angles")
	assert.NotContains(t, readFile(t, w.Report), "NaN")
}

// Measured events have no positions: there is no truth, but there are geometries.
func TestReportOfMomentaAlone(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	lines := strings.Split(strings.TrimSpace(readFile(t, data)), "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Split(line, ",")[9:], ",")
	}
	w := reported(t, dir, "--data", writeFile(t, "measured.csv", strings.Join(lines, "\n")+"\n"), "--samples", "20")
	assert.Equal(t, []string{"Errors and calibration", "Predicted against true, and residuals"}, leftOut(w))
	assert.Subset(t, figureNames(t, w), []string{"corner_typical", "newton", "energy_release"})
	assert.Contains(t, readFile(t, w.Report), `<canvas id="view"`)
}

// The figures of merit are those of cei evaluate, as long as they are of these weights.
func TestReportReusesEvaluation(t *testing.T) {
	dir, _ := trainedRun(t, "cinn")
	succeed(t, "evaluate", dir, "--samples", "37")
	assert.Contains(t, readFile(t, reported(t, dir).Report), "37 an event, ")
	assert.Contains(t, readFile(t, reported(t, dir, "--events", "20", "--samples", "41").Report), "41 an event, ")

	past := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(dir, evaluationFile), past, past))
	assert.Contains(t, readFile(t, reported(t, dir, "--samples", "41").Report), "41 an event, ")
}

func TestReportLeavesStrangersAlone(t *testing.T) {
	dir, _ := trainedRun(t, "cinn")
	out := t.TempDir()
	theirs := filepath.Join(out, "report.html")
	require.NoError(t, os.WriteFile(theirs, []byte("<p>mine"), 0o600))
	a := cei(t, "report", dir, "--out", out)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, theirs+" is there already")
	assert.Equal(t, []string{"report.html"}, filesIn(t, out))
	assert.Equal(t, "<p>mine", readFile(t, theirs))
	reported(t, dir, "--out", out, "--force", "--samples", "20")
	reported(t, dir, "--out", out, "--samples", "20")
}

func TestReportRefusesNonsense(t *testing.T) {
	dir, _ := trainedRun(t, "cinn")
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{exitUsage, "give one run directory", nil},
		{exitUsage, "--samples must be at least 2", []string{dir, "--samples", "1"}},
		{exitUsage, "--events must be at least 1", []string{dir, "--events", "0"}},
		{exitFailed, "is " + t.TempDir()[:4], []string{t.TempDir()}},
		{exitFailed, "no_such.csv", []string{dir, "--data", "no_such.csv"}},
	} {
		a := cei(t, append([]string{"report"}, c.args...)...)
		assert.Equal(t, c.code, a.code, c.says)
		assert.Contains(t, a.err, c.says)
		assert.Empty(t, a.out)
	}
	assert.NotContains(t, filesIn(t, dir), "report.html")
}

// Names of files are text in the page, whatever they hold.
func TestReportOfHostileNames(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	name := filepath.Join(t.TempDir(), `<`, "script><b onload=alert(1)>.csv")
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
	require.NoError(t, os.WriteFile(name, []byte(readFile(t, data)), 0o600))
	page := readFile(t, reported(t, dir, "--data", name, "--samples", "20").Report)
	assert.NotContains(t, page, "<b onload")
	assert.Contains(t, page, "script&gt;&lt;b onload")
}

func TestReportOfEnsemble(t *testing.T) {
	dir, _ := trainedRun(t, "cinn", "--members", "2")
	w := reported(t, dir, "--samples", "20")
	assert.Empty(t, w.LeftOut)
	assert.Contains(t, readFile(t, w.Report), "cINN, ensemble of 2")
	succeed(t, "evaluate", dir, "--samples", "37")
	assert.Contains(t, readFile(t, reported(t, dir).Report), "37 an event, ", "the evaluation is of both members' weights")
}

// A run of any columns has no atoms, and so no view of geometries, no Newton plot and no energies.
func TestReportOfPlainTable(t *testing.T) {
	lines := []string{"t1,t2,x1,x2"}
	for i := range 200 {
		a, b := float64(i%20)/20, float64(i%7)/7
		lines = append(lines, fmt.Sprintf("%g,%g,%g,%g", a, b, a+b*b, a-b+float64(i%3)/10))
	}
	dir := filepath.Join(t.TempDir(), "run")
	data := writeFile(t, "plain.csv", strings.Join(lines, "\n")+"\n")
	succeed(t, append(trainArgs("cinn", data, dir), "--targets", "t1,t2", "--conditions", "x1,x2")...)
	w := reported(t, dir, "--samples", "20")
	assert.Equal(t, []string{"Newton and Dalitz plots"}, leftOut(w))
	assert.Subset(t, figureNames(t, w), []string{"corner_typical", "predicted_true", "residuals", "ranks", "coverage"})
	page := readFile(t, w.Report)
	for _, word := range []string{"<canvas", "per atom", "NaN", "bohr", "momenta"} {
		assert.Zero(t, strings.Count(strings.SplitN(page, "<script", 2)[0], word), word)
	}
}

// A report of other weights does not stay where a training replaced them.
func TestReportOfReplacedWeights(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	reported(t, dir, "--samples", "20")
	succeed(t, trainArgs("cinn", data, dir, "--force")...)
	assert.NotContains(t, filesIn(t, dir), "report.html")
	assert.NotContains(t, filesIn(t, dir), "figures")
}
