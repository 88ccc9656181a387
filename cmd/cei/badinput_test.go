package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// badTables are tables with one fault each, made from a good one, and the place that the message has to name.
func badTables(good string) map[string]struct{ text, at, says string } {
	lines := strings.SplitAfter(good, "\n")
	in := func(line int, change func(fields []string)) string {
		changed := append([]string{}, lines...)
		fields := strings.Split(strings.TrimSuffix(lines[line], "\n"), ",")
		change(fields)
		changed[line] = strings.Join(fields, ",") + "\n"
		return strings.Join(changed, "")
	}
	fourth := func(value string) string { return in(4, func(f []string) { f[0], f[1] = "1", value }) } // at line 5, column 3
	return map[string]struct{ text, at, says string }{
		"ragged":           {strings.Replace(good, lines[4], "1,2,3\n", 1), ":5:5: ", "expected 18 columns"},
		"NaN":              {fourth("NaN"), ":5:3: ", "expected a finite number in column y_C"},
		"infinite":         {fourth("-inf"), ":5:3: ", "expected a finite number in column y_C"},
		"text":             {fourth("high"), ":5:3: ", "expected a finite number in column y_C"},
		"decimal comma":    {fourth(`"0,5"`), ":5:3: ", "decimals are written with a point"},
		"no number":        {fourth(""), ":5:3: ", "expected a finite number in column y_C"},
		"stray quote":      {fourth(`1"`), ":5:", "quotes"},
		"missing column":   {in(0, func(f []string) { f[17] = "other" }), ":1:1: ", "pz_S"},
		"duplicate column": {in(0, func(f []string) { f[17] = "py_S" }), ":1:1: ", "py_S"},
		"no header":        {strings.Join(lines[1:], ""), ":1:1: ", "--no-header"},
		"header only":      {lines[0], ":2:1: ", "expected a line of numbers"},
		"empty":            {"", ":1:1: ", "empty file"},
	}
}

// readers are the commands that read tables, each asked to write something new.
func readers(run, table, out string) map[string][]string {
	return map[string][]string{
		"train":    trainArgs("cinn", table, out),
		"inspect":  {"inspect", table},
		"evaluate": {"evaluate", run, "--data", table},
		"sample":   {"sample", run, "--data", table, "--out", filepath.Join(out, "draws.csv")},
	}
}

// Whatever is wrong with a table, every command says where, and writes nothing.
func TestBadTable(t *testing.T) {
	run, data := trainedRun(t, "cinn")
	before := filesIn(t, run)
	for fault, bad := range badTables(readFile(t, data)) {
		path := writeFile(t, "bad.csv", bad.text)
		out := filepath.Join(t.TempDir(), "new")
		for command, args := range readers(run, path, out) {
			t.Run(fault+" "+command, func(t *testing.T) {
				a := cei(t, args...)
				assert.Equal(t, exitFailed, a.code, a.err)
				assert.Contains(t, a.err, path+bad.at)
				assert.Contains(t, a.err, bad.says)
				assert.Empty(t, a.out)
				assert.NoDirExists(t, out)
			})
		}
	}
	assert.Equal(t, before, filesIn(t, run))
}

func TestUnreadableTable(t *testing.T) {
	run, data := trainedRun(t, "cinn")
	out := filepath.Join(t.TempDir(), "new")
	missing := filepath.Join(t.TempDir(), "missing.csv")
	folder := filepath.Join(t.TempDir(), "folder.csv")
	require.NoError(t, os.Mkdir(folder, 0o700))
	unknown := writeFile(t, "events.xls", readFile(t, data))
	for path, says := range map[string]string{missing: "no such file", folder: "is a directory", unknown: "unknown format"} {
		for command, args := range readers(run, path, out) {
			t.Run(filepath.Base(path)+" "+command, func(t *testing.T) {
				a := cei(t, args...)
				assert.Equal(t, exitFailed, a.code)
				assert.Contains(t, a.err, path)
				assert.Contains(t, a.err, says)
				assert.NoDirExists(t, out)
			})
		}
	}
}

// Tables that are good but do not serve the purpose.
func TestUnsuitableTable(t *testing.T) {
	run, data := trainedRun(t, "cinn")
	momenta := measured(t, data)
	few := simulated(t, 8)
	out := filepath.Join(t.TempDir(), "new")
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"too few rows to train on":     {trainArgs("cinn", few, out), "of 8 rows has 6: want at least 10"},
		"too few rows to split":        {trainArgs("cinn", simulated(t, 2), out), "2 rows are too few for parts of 0.7/0.15/0.15"},
		"no positions to train on":     {append(trainArgs("cvae", "", out), momenta...), "expected columns of positions"},
		"no positions to judge":        {append([]string{"evaluate", run}, momenta...), "expected columns of positions"},
		"other atoms":                  {[]string{"sample", run, "--data", momenta[1], "--no-header", "--atoms", "O,C,H"}, "wanted are C, O, S"},
		"wrong number of columns":      {[]string{"inspect", momenta[1], "--no-header", "--atoms", "O,C"}, "expected 6 columns"},
		"a header where none was said": {[]string{"inspect", few, "--no-header", "--atoms", "O,C,S"}, "is it a header?"},
	} {
		t.Run(name, func(t *testing.T) {
			a := cei(t, c.args...)
			assert.Equal(t, exitFailed, a.code)
			assert.Contains(t, a.err, c.says)
			assert.NoDirExists(t, out)
		})
	}
}
