package trainer_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/trainer"
)

// attentive is a model that notes how it is started and paced.
type attentive struct {
	*regression
	t     *testing.T
	rows  []int64 // of each start
	paces []float64
}

func (m *attentive) Start(s *binding.Scope, x, y binding.Tensor) error {
	m.rows = append(m.rows, bindingtest.Shape(m.t, s, x)[0])
	return nil
}

func (m *attentive) Pace(epochs float64) { m.paces = append(m.paces, epochs) }

func TestModelsAreStartedOnceAndPacedByStepsAndEpochs(t *testing.T) {
	bindingtest.NoLeak(t)
	m := &attentive{regression: newRegression(t, 1), t: t}
	c := quick()
	c.Epochs, c.Batch = 2, 100
	fitSteps(t, m, smoothSplit(t, 300), c, 0) // 210 rows: 3 steps an epoch
	require.Equal(t, []int64{210}, m.rows)
	final := math.Inf(1)
	require.InDeltaSlice(t, []float64{0, 1. / 3, 2. / 3, final, 1, 4. / 3, 5. / 3, final, final}, m.paces, 1e-12)
}

// A resumed training goes on at the pace at which it stopped.
func TestPaceOfAResumedTraining(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 300), t.TempDir()
	c := quick()
	c.Epochs, c.Batch, c.Dir, c.Resume = 2, 100, dir, true
	fitSteps(t, &attentive{regression: newRegression(t, 1), t: t}, split, c, 4)
	m := &attentive{regression: newRegression(t, 1), t: t}
	fitSteps(t, m, split, c, 0)
	require.InDelta(t, 4./3, m.paces[0], 1e-12)
}

var (
	_ trainer.Starter = (*attentive)(nil)
	_ trainer.Paced   = (*attentive)(nil)
)
