package modelbench

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

func TestParseWorks(t *testing.T) {
	all, err := ParseWorks(nil)
	require.NoError(t, err)
	assert.Equal(t, Works(), all)
	some, err := ParseWorks([]string{"epoch", "cinn_step"})
	require.NoError(t, err)
	assert.Equal(t, []Work{Epoch, CINNStep}, some)
	_, err = ParseWorks([]string{"cinn_step", "juggle"})
	assert.ErrorContains(t, err, `no work "juggle"`)
	assert.ErrorContains(t, err, "cinn_step, cinn_step_one_network")
}

// Every work is measured at the default sizes, and what draws is with three models.
func TestDefaultCases(t *testing.T) {
	cases := DefaultGrid().cases(Works())
	for _, w := range Works() {
		assert.True(t, slices.ContainsFunc(cases, func(c Case) bool { return c.Work == w }), w)
	}
	for _, m := range []Model{CINN, CINNOneNetwork, CVAE} {
		assert.Contains(t, cases, Case{DrawOneCondition, m, 128, 10_000, couplingsIf(m != CVAE)})
	}
	assert.Equal(t, unique(cases), cases)
}

func couplingsIf(flow bool) int {
	if flow {
		return 20
	}
	return 0
}

// A full sweep has every default case, and the corners of what is swept over; nothing twice, and a work's cases together.
func TestFullSweep(t *testing.T) {
	base := DefaultGrid().cases(Works())
	swept := full(base)
	for _, c := range base {
		assert.Contains(t, swept, c)
	}
	for _, c := range []Case{{CINNStep, CINN, 512, 65_536, 20}, {CVAEStep, CVAE, 64, 128, 0}, {CINNStep, CINN, 128, 512, 40}} {
		assert.Contains(t, swept, c)
	}
	assert.Equal(t, unique(swept), swept)
	assert.True(t, slices.IsSortedFunc(swept, func(a, b Case) int { return place(a.Work) - place(b.Work) }))
}

// The reference cINN has 758 thousand parameters, and a step of 512 rows takes 2.33 GFLOP.
func TestOperations(t *testing.T) {
	for _, c := range []struct {
		Case
		parameters int
		operations float64
	}{
		{Case{CINNStep, CINN, 128, 512, 20}, 757_960, 6 * 757_960 * 512},
		{Case{DrawManyConditions, CINN, 128, 1000, 20}, 757_960, 2 * 757_960 * 1000},
		// The CVAE has 9·128+128 + 128·128+128 + 128·18+18 to encode with and 18·128+128 + 128·128+128 + 128·9+9 to decode with.
		{Case{CVAEStep, CVAE, 128, 512, 0}, 20_114 + 20_105, 6 * 40_219 * 512},
		{Case{DrawOneCondition, CVAE, 128, 1000, 0}, 40_219, 2 * 20_105 * 1000},
		{Case{LogDensity, CVAE, 128, 1000, 0}, 40_219, 2 * (20_114 + 64*20_105) * 1000},
	} {
		m, err := newModel(c.Case, dim, conditions, binding.CPU)
		require.NoError(t, err)
		assert.Equal(t, c.parameters, m.Params().Count(), c.Case)
		assert.Equal(t, c.operations, c.Case.operations(m.Params()), c.Case)
		require.NoError(t, m.Close())
	}
}

// More rows and wider networks take more memory.
func TestMemoryEstimate(t *testing.T) {
	small := Case{CINNStep, CINN, 128, 512, 20}
	wide, long := small, small
	wide.Width, long.Batch = 512, 65_536
	assert.InDelta(t, 42.8, small.memoryMiB(), 1)
	assert.Greater(t, wide.memoryMiB(), 3*small.memoryMiB())
	assert.InEpsilon(t, 128*small.memoryMiB(), long.memoryMiB(), 1e-9)
}
