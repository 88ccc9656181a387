package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// commandVariable makes this binary be the command itself instead of its tests, in a process of its own.
const commandVariable = "CEI_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandVariable) != "" {
		main()
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "CEI_") && name != "CEI_TORCH_LIB" {
			_ = os.Unsetenv(name) // what the user sets for the command is not for its tests
		}
	}
	_ = os.Setenv(variables(logFormatFlag)[0], logText) // as on a terminal; tests of JSON records ask for them
	os.Exit(m.Run())
}

// process returns the command as a process of its own, with the environment changed.
func process(t *testing.T, environment []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(append(os.Environ(), commandVariable+"=1"), environment...)
	return c
}

// answer is what a run of the command gave.
type answer struct {
	code     int
	out, err string
}

// cei runs the command line in this process.
func cei(t *testing.T, args ...string) answer {
	t.Helper()
	return ceiUntil(t.Context(), args...)
}

func ceiUntil(ctx context.Context, args ...string) answer {
	var out, err bytes.Buffer
	code := run(ctx, append([]string{"cei"}, args...), streams{out: &out, err: &err})
	return answer{code, out.String(), err.String()}
}

// succeed runs the command line, which has to end well.
func succeed(t *testing.T, args ...string) answer {
	t.Helper()
	a := cei(t, args...)
	require.Equal(t, exitDone, a.code, "cei %s\n%s", strings.Join(args, " "), a.err)
	return a
}
