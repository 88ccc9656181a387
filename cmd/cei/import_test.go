package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A run's weights that went out as safetensors come back as the same run: the same draws.
func TestImportBringsBackWhatExportWrote(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	other := filepath.Join(t.TempDir(), "other")
	succeed(t, trainArgs("cinn", data, other, "--seed", "2")...)
	weights, out := filepath.Join(t.TempDir(), "weights.safetensors"), filepath.Join(t.TempDir(), "imported")
	succeed(t, "export", dir, "--out", weights)
	succeed(t, "import", weights, "--like", other, "--out", out)
	draws := func(run string) string { return succeed(t, "sample", run, "--data", data, "--samples", "2").out }
	assert.Equal(t, readFile(t, other, "config.json"), readFile(t, out, "config.json"))
	assert.NotEqual(t, draws(other), draws(out))
	back := filepath.Join(t.TempDir(), "back")
	succeed(t, "import", weights, "--like", dir, "--out", back)
	assert.Equal(t, draws(dir), draws(back))
}

func TestImportRefuses(t *testing.T) {
	dir, _ := trainedRun(t, "cvae")
	weights := filepath.Join(dir, "model.safetensors")
	for says, args := range map[string][]string{
		"--like is needed":        {weights, "--out", t.TempDir()},
		"--out is needed":         {weights, "--like", dir},
		"give one file":           {"--like", dir, "--out", t.TempDir()},
		"is not empty":            {weights, "--like", dir, "--out", dir},
		"neither an archive of":   {writeFile(t, "weights.pt", "text"), "--like", dir, "--out", t.TempDir()},
		"want an object of texts": {weights, "--like", dir, "--out", t.TempDir(), "--names", writeFile(t, "names.json", "[]")},
		"a run directory?":        {weights, "--like", t.TempDir(), "--out", t.TempDir()},
	} {
		a := cei(t, append([]string{"import"}, args...)...)
		assert.NotZero(t, a.code)
		assert.Contains(t, a.err, says)
	}
}
