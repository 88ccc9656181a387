package modelbench

import (
	"slices"
	"testing"
	"time"

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
	depths := map[Model]Case{CINN: {Couplings: 20}, CINNOneNetwork: {Couplings: 20}, CVAE: {Layers: 2}}
	for m := range depths {
		assert.Contains(t, cases, Case{Work: DrawOneCondition, Model: m, Width: 128, Batch: 10_000, Couplings: depths[m].Couplings, Layers: depths[m].Layers})
	}
	assert.Equal(t, unique(cases), cases)
}

// A full plan has every default case, of which those that are no targets are brief, and then the points of the figures, which
// have the reference's own size too; nothing twice.
func TestFullPlan(t *testing.T) {
	base := DefaultGrid().cases(Works())
	plan := full(base)
	for i, c := range base {
		assert.Equal(t, c.Work == LogDensity || c.Work == CINNStepRobust || c.Work == CVAEStepRobust || c.Work == TimeToLoss || c.Work == Evaluation || c.Work == PeakMemory, plan[i].Brief, c)
		c.Brief = plan[i].Brief
		assert.Equal(t, c, plan[i])
	}
	points := plan[len(base):]
	cinn := Case{CINNStep, CINN, 128, 512, 20, 0, true}
	cvae := Case{CVAEStep, CVAE, 128, 512, 0, 2, true}
	wide, long, deep, deepCVAE := cinn, cvae, cinn, cvae
	wide.Width, long.Batch, deep.Couplings, deepCVAE.Layers = 512, 65_536, 40, 8
	for _, c := range []Case{cinn, cvae, wide, long, deep, deepCVAE} {
		assert.Contains(t, points, c)
	}
	assert.Len(t, points, 2*(4+5+4-2), "the reference's size is once on each of three axes")
	assert.Equal(t, unique(plan), plan)
}

// A target gets at least fifty samples unless that takes three times as long as it should; a brief case a few rounds.
func TestEffort(t *testing.T) {
	o := DefaultOptions()
	target, brief := o.effort(Case{Work: CINNStep}), o.effort(Case{Work: CINNStep, Brief: true})
	for _, c := range []struct {
		effort
		rounds, samples int
		took            time.Duration
		enough          bool
	}{
		{target, 2, 2, time.Hour, false},
		{target, 3, 15, 21 * time.Second, false},
		{target, 10, 50, 19 * time.Second, false},
		{target, 10, 50, 21 * time.Second, true},
		{target, 3, 3, 61 * time.Second, true},
		{target, 12, 12, time.Second, true},
		{brief, 2, 2, time.Hour, false},
		{brief, 3, 3, 7 * time.Second, true},
		{brief, 4, 4, time.Second, true},
		{o.effort(Case{Work: Epoch}), 3, 3, 21 * time.Second, true},
	} {
		assert.Equal(t, c.enough, c.effort.enough(c.rounds, c.samples, c.took), "%+v", c)
	}
}

// The reference cINN has 758 thousand parameters, and a step of 512 rows takes 2.33 GFLOP.
func TestOperations(t *testing.T) {
	for _, c := range []struct {
		Case
		parameters int
		operations float64
	}{
		{Case{CINNStep, CINN, 128, 512, 20, 0, false}, 757_960, 6 * 757_960 * 512},
		{Case{DrawManyConditions, CINN, 128, 1000, 20, 0, false}, 757_960, 2 * 757_960 * 1000},
		// The CVAE has 9·128+128 + 128·128+128 + 128·18+18 to encode with and 18·128+128 + 128·128+128 + 128·9+9 to decode with.
		{Case{CVAEStep, CVAE, 128, 512, 0, 2, false}, 20_114 + 20_105, 6 * 40_219 * 512},
		{Case{DrawOneCondition, CVAE, 128, 1000, 0, 2, false}, 40_219, 2 * 20_105 * 1000},
		{Case{LogDensity, CVAE, 128, 1000, 0, 2, false}, 40_219, 2 * (20_114 + 64*20_105) * 1000},
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
	small := Case{CINNStep, CINN, 128, 512, 20, 0, false}
	wide, long := small, small
	wide.Width, long.Batch = 512, 65_536
	assert.InDelta(t, 42.8, small.memoryMiB(), 1)
	assert.Greater(t, wide.memoryMiB(), 3*small.memoryMiB())
	assert.InEpsilon(t, 128*small.memoryMiB(), long.memoryMiB(), 1e-9)
}
