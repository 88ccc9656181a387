package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v2"
)

// What deploy/ starts containers and jobs with are command lines of this program: each command is there, and so are its flags.
func TestDeployedCommandLines(t *testing.T) {
	var lines [][]string
	for _, pattern := range []string{"*.yaml", "kubernetes/*.yaml"} {
		for _, path := range deployed(t, pattern) {
			lines = append(lines, argumentsIn(t, path)...)
		}
	}
	for _, path := range deployed(t, "slurm/*.sbatch") {
		lines = append(lines, startedBy(t, path)...)
	}
	require.GreaterOrEqual(t, len(lines), 9, "deploy/ starts cei in fewer places than it has files")
	for _, line := range lines {
		t.Run(strings.Join(line, " "), func(t *testing.T) { require.NoError(t, parses(line)) })
	}
}

func deployed(t *testing.T, pattern string) []string {
	paths, err := filepath.Glob(filepath.Join("..", "..", "deploy", pattern))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

// parses reads a command line as the program would, without doing what it asks for.
func parses(line []string) error {
	app := newApp(streams{out: io.Discard, err: io.Discard})
	reached := false
	for _, c := range app.Commands {
		c.Action = func(*cli.Context) error { reached = true; return nil }
	}
	if err := app.Run(flagsFirst(app, append([]string{"cei"}, line...))); err != nil {
		return err
	}
	if !reached {
		return errors.New("it asks for no command")
	}
	return nil
}

// argumentsIn returns the lists called args (Kubernetes) and command (Compose) in a file of YAML documents.
func argumentsIn(t *testing.T, path string) (lines [][]string) {
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var document any
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return lines
		}
		require.NoError(t, err, path)
		lines = append(lines, argumentsBelow(document)...)
	}
}

func argumentsBelow(node any) (lines [][]string) {
	switch node := node.(type) {
	case map[string]any:
		for key, value := range node {
			if words, ok := value.([]any); ok && (key == "args" || key == "command") {
				lines = append(lines, asTexts(words))
			} else {
				lines = append(lines, argumentsBelow(value)...)
			}
		}
	case []any:
		for _, value := range node {
			lines = append(lines, argumentsBelow(value)...)
		}
	}
	return lines
}

func asTexts(values []any) (all []string) {
	for _, v := range values {
		all = append(all, v.(string))
	}
	return all
}

var (
	started  = regexp.MustCompile(`(?m)^srun .*\bcei (.*)$`)
	expanded = regexp.MustCompile(`\$\{[^}]*\}|\$[A-Za-z_]+`)
)

// startedBy returns what a Slurm script starts cei with, with 1 in place of each of the shell's variables.
func startedBy(t *testing.T, path string) (lines [][]string) {
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, match := range started.FindAllStringSubmatch(string(content), -1) {
		line := strings.ReplaceAll(expanded.ReplaceAllString(match[1], "1"), `"`, "")
		lines = append(lines, strings.Fields(line))
	}
	require.NotEmpty(t, lines, path)
	return lines
}
