package binding_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// wholeModelLaw is of an operation that is a whole model, on the CPU and not recorded for autograd. Its last operand are the
// parameters.
type wholeModelLaw struct {
	law
	// gradient adds that of the law's result, a scalar, by the parameters to a given array; nil where none is found.
	gradient func(s *binding.Scope, in []binding.Tensor, gradient binding.Tensor)
}

func wholeModelLaws() []wholeModelLaw { return slices.Concat(wholeFlowLaws(), vaeLaws()) }

func forEachWholeModelLaw(t *testing.T, test func(t *testing.T, l wholeModelLaw, in []array)) {
	bindingtest.NoLeak(t)
	for number, l := range wholeModelLaws() {
		t.Run(fmt.Sprintf("%d %s%v", number, l.op, l.shapes), func(t *testing.T) { test(t, l, operands(l.law, uint64(number))) })
	}
}

func TestValuesOfWholeModels(t *testing.T) {
	forEachWholeModelLaw(t, func(t *testing.T, l wholeModelLaw, in []array) { l.holdsValues(t, binding.CPU, in) })
}

func (l wholeModelLaw) gradientFrom(t *testing.T, in []array, dtype binding.DType, start float64) []float64 {
	s := bindingtest.Open(t)
	g := s.Full(start, dtype, binding.CPU, in[len(in)-1].shape...)
	l.gradient(s, tensors(s, in, dtype, binding.CPU), g)
	return float64s(t, s, g)
}

func TestGradientsOfWholeModelsAreFiniteDifferences(t *testing.T) {
	forEachWholeModelLaw(t, func(t *testing.T, l wholeModelLaw, in []array) {
		if l.gradient == nil {
			return
		}
		exact := l.gradientFrom(t, in, binding.Float64, 0)
		slopes := l.differences(t, in, []float64{1}, binding.CPU)
		near(t, slopes[len(slopes)-1], exact, 1e-7)
		near(t, exact, l.gradientFrom(t, in, binding.Float32, 0), 1e-5, "in float32")
		added := l.gradientFrom(t, in, binding.Float64, 3)
		for i := range added {
			added[i] -= 3
		}
		near(t, exact, added, 1e-12, "the gradient is added to what is there")
	})
}

// Views that are no rows of memory are read as what they show.
func TestWholeModelsReadViews(t *testing.T) {
	forEachWholeModelLaw(t, func(t *testing.T, l wholeModelLaw, in []array) {
		s := bindingtest.Open(t)
		plain := tensors(s, in, binding.Float64, binding.CPU)
		views := slices.Clone(plain)
		for i, a := range in[:len(in)-1] {
			if len(a.shape) == 2 {
				views[i] = s.Transpose(s.Clone(s.Transpose(plain[i], 0, 1)), 0, 1)
			}
		}
		assert.Equal(t, float64s(t, s, l.apply(s, plain)), float64s(t, s, l.apply(s, views)))
	})
}

// refusal is a call that cannot be meant.
type refusal struct {
	name string
	kind binding.Kind
	call func(s *binding.Scope)
}

func holdRefusals(t *testing.T, all []refusal) {
	bindingtest.NoLeak(t)
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			s := bindingtest.Open(t)
			r.call(s)
			var failure *binding.Error
			require.ErrorAs(t, s.Err(), &failure)
			assert.ErrorIs(t, s.Err(), r.kind, "%v", s.Err())
			assertReadable(t, s.Err().Error())
		})
	}
}
