package modeltest

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// noNumbers are those that a training gone wrong may hand on, of NaN with and without a payload.
var noNumbers = []float64{math.NaN(), math.Float64frombits(0x7ff8000000000000), math.Inf(1), math.Inf(-1)}

// FusedShowsWhatIsNoNumber holds that what is not a number, in positions or in the weights, is in the loss; and in momenta,
// where it is in the one that is found step by step: rows outside a spline's bound do not feel them.
func FusedShowsWhatIsNoNumber[M Fused](t *testing.T, u Subject[M]) {
	s, recorded := bindingtest.OpenSeeded(t, 4, binding.NoGrad()), bindingtest.OpenSeeded(t, 4)
	x, y := u.Rows(s)
	p := u.Model.Params()
	fused := map[string]func() nn.Loss{
		"with gradient": func() nn.Loss { return u.Model.LossAndGradient(s, x, y) },
		"alone":         func() nn.Loss { return u.Model.Loss(s, x, y) },
	}
	shows := func(bad float64, to binding.Tensor, shape []int64, where string) {
		keep := s.Clone(to)
		s.Copy(to, s.Full(bad, u.DType, binding.CPU, shape...))
		if isNumber(bindingtest.Item(t, recorded, u.Model.Loss(recorded, x, y).Total)) {
			require.Contains(t, where, "momentum")
		} else {
			for name, loss := range fused {
				v := bindingtest.Item(t, s, loss().Total)
				assert.False(t, isNumber(v), "%v in %s: the loss %s is %v", bad, where, name, v)
			}
		}
		s.Copy(to, keep)
		s.Zero(p.Gradient())
	}
	row := func(of binding.Tensor, column int64) binding.Tensor {
		return s.Narrow(s.Narrow(of, 0, u.Batch/2, 1), 1, column, 1)
	}
	for _, bad := range noNumbers {
		for column := range u.Dim {
			shows(bad, row(x, column), []int64{1, 1}, fmt.Sprint("position ", column))
		}
		if math.IsInf(bad, 0) {
			continue // elsewhere, the bound of a scale or ELU below zero may well make it finite
		}
		for column := range u.Conditions {
			shows(bad, row(y, column), []int64{1, 1}, fmt.Sprint("momentum ", column))
		}
		for _, q := range p.List() {
			shows(bad, q.Tensor(), q.Shape, q.Name)
		}
	}
	require.NoError(t, s.Err())
}
