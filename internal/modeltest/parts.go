package modeltest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// partsMakeTheBatch holds a batch's mean loss and gradient against those of its parts, weighted by their rows, by each way
// that the model has to find them. That is what training on part after part, or in several processes, stands on.
func partsMakeTheBatch[M Model](t *testing.T, u Subject[M]) {
	losses := map[string]func(s *binding.Scope, x, y binding.Tensor) []float64{
		"loss": func(s *binding.Scope, x, y binding.Tensor) []float64 {
			loss := u.Model.Loss(s, x, y)
			require.NoError(t, s.Backward(loss.Total))
			return lossValues(t, s, loss)
		},
	}
	if fused, ok := any(u.Model).(Fused); ok {
		losses["fused"] = func(s *binding.Scope, x, y binding.Tensor) []float64 {
			return lossValues(t, s, fused.LossAndGradient(s, x, y))
		}
	}
	for name, loss := range losses {
		want := u.weighted(t, 1, loss)
		AssertClose(t, want, u.weighted(t, min(5, u.Batch), loss), u.Tolerance(), name)
	}
}

// weighted returns loss and gradient of the batch from so many parts of it.
func (u Subject[M]) weighted(t *testing.T, parts int64, loss func(s *binding.Scope, x, y binding.Tensor) []float64) []float64 {
	var sum []float64
	for i := range parts {
		s := bindingtest.OpenSeeded(t, 9)
		x, y := u.Rows(s)
		first := u.Batch * i / parts
		count := u.Batch*(i+1)/parts - first
		s.Zero(u.Model.Params().Gradient())
		s.DrawFor(binding.Rows{First: first, Count: count, Total: u.Batch})
		values := loss(s, s.Narrow(x, 0, first, count), s.Narrow(y, 0, first, count))
		values = append(values, bindingtest.Float64s(t, s, u.Model.Params().Gradient())...)
		if sum == nil {
			sum = make([]float64, len(values))
		}
		for j, v := range values {
			sum[j] += v * float64(count) / float64(u.Batch)
		}
		s.Zero(u.Model.Params().Gradient())
	}
	return sum
}
