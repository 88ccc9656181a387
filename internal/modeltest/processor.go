package modeltest

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// OnEachProcessor runs the tests of this binary that match a pattern in processes of their own, as on processors with less
// than this one has.
func OnEachProcessor(t *testing.T, pattern string) {
	self, err := os.Executable()
	require.NoError(t, err)
	for _, kind := range []string{"baseline", "avx2", "avx512", "amx"} {
		t.Run(kind, func(t *testing.T) {
			command := exec.Command(self, "-test.run="+pattern, "-test.v")
			command.Env = append(os.Environ(), "CEI_CPU="+kind)
			output, err := command.CombinedOutput()
			require.NoError(t, err, "%s", output)
			assert.Contains(t, string(output), "    --- PASS", "there are subtests that match")
		})
	}
}
