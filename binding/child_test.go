package binding_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// jobVariable names the job that this binary does instead of its tests, in a process of its own: the native library is
// loaded once a process, so that another start needs another process.
const jobVariable = "CEI_TEST_JOB"

var jobs = map[string]func(){"use everything": useEverything, "print threads": printThreads, "run one flow": runOneFlow}

func TestMain(m *testing.M) {
	if job := os.Getenv(jobVariable); job != "" {
		jobs[job]()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// runJob does a job in another process and returns what it printed.
func runJob(t *testing.T, job string, environment ...string) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	command := exec.Command(self)
	ambient := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "OMP_NUM_THREADS=") || strings.HasPrefix(v, "GOMAXPROCS=")
	})
	command.Env = append(append(ambient, jobVariable+"="+job), environment...)
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return string(output)
}
