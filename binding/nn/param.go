package nn

import (
	"math/rand/v2"

	"github.com/gocei/gocei/binding"
)

// Param is a named tensor of a model. It has memory once its Layout was allocated.
type Param struct {
	Name  string
	Shape []int64

	start  Start
	tensor binding.Tensor
}

// Tensor returns the parameter's tensor: a leaf whose gradient Backward accumulates.
func (p *Param) Tensor() binding.Tensor { return p.tensor }

// Size returns the number of its elements.
func (p *Param) Size() int {
	n := int64(1)
	for _, size := range p.Shape {
		n *= size
	}
	return int(n)
}

// Start fills a parameter's first values. The random stream is the model's own and the same on every device.
type Start func(values []float64, random *rand.Rand)

// Constant starts every element at value.
func Constant(value float64) Start {
	return func(values []float64, _ *rand.Rand) {
		for i := range values {
			values[i] = value
		}
	}
}

// UniformWithin starts the elements uniformly in [-bound, bound].
func UniformWithin(bound float64) Start {
	return func(values []float64, random *rand.Rand) {
		for i := range values {
			values[i] = (2*random.Float64() - 1) * bound
		}
	}
}
