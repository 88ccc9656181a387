package main

import (
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestManualNamesEverything(t *testing.T) {
	page := succeed(t, "man").out
	for _, c := range newApp(streams{out: io.Discard, err: io.Discard}).Commands {
		assert.Contains(t, page, ".SS cei "+c.Name)
		for _, word := range typedFlags(c) {
			assert.Contains(t, page, `\fB`+roff(word)+`\fR`, "%s %s", c.Name, word)
		}
	}
	assert.NotContains(t, page, "`")
	for i, line := range strings.Split(page, "\n") {
		assert.NotRegexp(t, `^\.[^A-Za-z]|^'`, line, "line %d is no request", i+1)
	}
}

// The renderers warn of what they do not understand.
func TestManualRenders(t *testing.T) {
	page := succeed(t, "man").out
	ran := false
	for _, args := range [][]string{{"groff", "-man", "-ww", "-Tutf8"}, {"mandoc", "-Tutf8", "-Werror"}} {
		if _, err := exec.LookPath(args[0]); err != nil {
			t.Logf("without %s: %v", args[0], err)
			continue
		}
		ran = true
		c := exec.CommandContext(t.Context(), args[0], args[1:]...)
		c.Stdin = strings.NewReader(page)
		var warnings strings.Builder
		c.Stderr = &warnings
		output, err := c.Output()
		require.NoError(t, err, "%s", warnings.String())
		assert.Empty(t, warnings.String())
		assert.Contains(t, string(output), "training")
	}
	if !ran {
		t.Skip("needs groff or mandoc")
	}
}

func TestRoff(t *testing.T) {
	assert.Equal(t, `\[u0394]p`, roff("Δp"))
	assert.Equal(t, "a\\ec \\-\\-d\n\\&.e\n\\&'f", roff("a\\c --d\n.e\n'f"))
}
