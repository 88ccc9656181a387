package trainer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
)

// offStart is a cINN that finds other first values than its rows give, as another version of the program may.
type offStart struct{ *cinn.Model }

func (m offStart) Start(s *binding.Scope, x, y binding.Tensor) error {
	return m.Model.Start(s, s.Scale(x, 2), y)
}

// What a model was started with belongs to the weights of the checkpoint, and is not found anew.
func TestResumedTrainingsKeepBuffers(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	c.Epochs, c.Dir, c.Resume = 2, t.TempDir(), true
	newModel := func() *cinn.Model {
		config := cinn.Reference(int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols))
		config.Couplings, config.Hidden, config.ActNorm, config.Trend = 2, []int64{8}, true, 1
		m, err := cinn.New(config, nn.Placement{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, m.Close()) })
		return m
	}
	values := func(m *cinn.Model) (all [][]float64) {
		for _, b := range m.Params().Buffers() {
			all = append(all, bindingtest.Values(t, b.Tensor()))
		}
		return all
	}
	first := newModel()
	fitSteps(t, first, split, c, 0)
	c.Epochs = 3
	second := newModel()
	fitSteps(t, offStart{second}, split, c, 0)
	require.Equal(t, values(first), values(second))
}
