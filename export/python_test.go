package export_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/export/graph"
)

// python returns an interpreter that can import the modules: CEI_PYTHON or else python3. The test is skipped where there
// is none.
func python(t *testing.T, modules string) string {
	t.Helper()
	name := os.Getenv("CEI_PYTHON")
	if name == "" {
		name = "python3"
	}
	if output, err := exec.Command(name, "-c", "import "+modules).CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(output)), "\n")
		t.Skipf("needs Python with %s (CEI_PYTHON says which): %s: %v: %s", modules, name, err, lines[len(lines)-1])
	}
	return name
}

// runPython runs a program on a file and on inputs, and returns the array that it prints.
func runPython(t *testing.T, python, program, path string, inputs map[string]graph.Array) graph.Array {
	t.Helper()
	text, err := json.Marshal(inputs)
	require.NoError(t, err)
	given := filepath.Join(t.TempDir(), "inputs.json")
	require.NoError(t, os.WriteFile(given, text, 0o600))
	cmd := exec.Command(python, "-c", program, path, given)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	require.NoError(t, err)
	var out graph.Array
	require.NoError(t, json.Unmarshal(output, &out))
	return out
}
