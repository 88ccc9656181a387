package binding_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

// runOneFlow prints the error of a whole model's operation, and that of another kind.
func runOneFlow() {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	s.FlowForward(smallFlow, zeros(s, 5, 3), zeros(s, 5, 2), zeros(s, smallFlowParameters))
	err := s.Err()
	other := s.Reset()
	s.MatMul(zeros(s, 2, 2), zeros(s, 2, 2))
	fmt.Printf("%v; %v %v", err, other, s.Err())
}

func TestUnknownProcessorIsAnError(t *testing.T) {
	assert.Equal(t, "binding: flow: CEI_CPU is nonsense: want baseline, avx2, avx512 or amx; <nil> <nil>", runJob(t, "run one flow", "CEI_CPU=nonsense"))
	for _, kind := range []string{"", "baseline", "avx2", "avx512", "amx"} {
		assert.Equal(t, "<nil>; <nil> <nil>", runJob(t, "run one flow", "CEI_CPU="+kind))
	}
}

// The laws of whole models hold with the workers of every kind of processor up to this one.
func TestWholeModelsOnEachProcessor(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for _, kind := range []string{"baseline", "avx2", "avx512", "amx"} {
		command := exec.Command(self, "-test.v", "-test.run=^(TestValuesOfWholeModels|TestGradientsOfWholeModelsAreFiniteDifferences|TestFlowTakesOneConditionForAll|TestNormalDrawsOfASeed|TestNormalIsStandardNormal)$")
		command.Env = append(os.Environ(), "CEI_CPU="+kind)
		output, err := command.CombinedOutput()
		require.NoError(t, err, "%s: %s", kind, output)
		assert.Contains(t, string(output), "--- PASS: TestGradientsOfWholeModelsAreFiniteDifferences")
	}
}
