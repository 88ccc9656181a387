package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shell runs a program of a shell that has the completion at $CEI_SCRIPT. The test is skipped where there is no such shell.
func shell(t *testing.T, name, program string, args ...string) []string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("needs %s: %v", name, err)
	}
	script := filepath.Join(t.TempDir(), "completion")
	require.NoError(t, os.WriteFile(script, []byte(succeed(t, "completion", name).out), 0o600))
	c := exec.CommandContext(t.Context(), name, append(args, "-c", program)...)
	c.Env, c.Dir = append(os.Environ(), "CEI_SCRIPT="+script), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(c.Dir, "events.csv"), nil, 0o600))
	output, err := c.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return strings.Fields(string(output))
}

// bashWords are what bash's completion answers to the words of a command line, the last of which is being typed.
func bashWords(t *testing.T, line ...string) []string {
	t.Helper()
	typed := make([]string, len(line))
	for i, word := range line {
		typed[i] = quoted(word)
	}
	return shell(t, "bash", `. "$CEI_SCRIPT"; COMP_WORDS=(`+strings.Join(typed, " ")+`); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _cei; printf '%s\n' "${COMPREPLY[@]}"`, "--norc")
}

func TestBashCompletes(t *testing.T) {
	assert.Equal(t, []string{"retrieve", "report"}, bashWords(t, "cei", "re"))
	assert.Equal(t, []string{"--learning-rate"}, bashWords(t, "cei", "train", "events.csv", "--learn"))
	assert.Equal(t, []string{"zsh"}, bashWords(t, "cei", "completion", "z"))
	assert.Equal(t, []string{"evaluate", "export"}, bashWords(t, "cei", "help", "e"))
	assert.Empty(t, bashWords(t, "cei", "sample", "ev"), "files are bash's own")
	assert.Empty(t, bashWords(t, "cei", "nosuch", "--o"))
	harm := filepath.Join(t.TempDir(), "harm")
	assert.Empty(t, bashWords(t, "cei", "sample", "$(touch "+harm+")"))
	assert.Empty(t, bashWords(t, "cei", "$(touch "+harm+")"))
	assert.NoFileExists(t, harm, "what is typed is not evaluated")
	words := bashWords(t, "cei", "")
	for _, c := range newApp(streams{out: io.Discard, err: io.Discard}).Commands {
		assert.Contains(t, words, c.Name)
	}
}

// Fish says itself what it would complete.
func TestFishCompletes(t *testing.T) {
	complete := func(line string) string {
		return strings.Join(shell(t, "fish", `source "$CEI_SCRIPT"; complete -C `+quoted(line), "--no-config"), " ")
	}
	assert.Contains(t, complete("cei re"), "retrieve ")
	assert.Contains(t, complete("cei train --learn"), "--learning-rate ")
	assert.NotContains(t, complete("cei sample --learn"), "--learning-rate")
	assert.Contains(t, complete("cei sample --data ev"), "events.csv")
	assert.Contains(t, complete("cei completion "), "bash")
}

// Zsh's completion runs in its line editor alone; here its helpers are replaced by ones that print.
func TestZshCompletes(t *testing.T) {
	complete := func(line ...string) []string {
		typed := make([]string, len(line))
		for i, word := range line {
			typed[i] = quoted(word)
		}
		return shell(t, "zsh", `compdef() { :; }; _describe() { print -l -- ${(P)${@[-1]}%%:*}; }; _files() { print files; }; compadd() { print -l -- $@; }
. "$CEI_SCRIPT"; words=(`+strings.Join(typed, " ")+`); CURRENT=${#words}; _cei`, "-f")
	}
	assert.Contains(t, complete("cei", "re"), "retrieve")
	assert.Contains(t, complete("cei", "train", "--learn"), "--learning-rate")
	assert.NotContains(t, complete("cei", "sample", "--learn"), "--learning-rate")
	assert.Equal(t, []string{"files"}, complete("cei", "sample", "run"))
	assert.Equal(t, shells, complete("cei", "completion", ""))
}

func TestCompletionRefuses(t *testing.T) {
	for says, args := range map[string][]string{"give one shell": {}, `want bash, zsh, fish, got "csh"`: {"csh"}} {
		a := cei(t, append([]string{"completion"}, args...)...)
		assert.Equal(t, exitUsage, a.code)
		assert.Contains(t, a.err, says)
	}
}
