package nn

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/binding"
)

// Layout collects a model's parameters and buffers, in order, before they have memory.
type Layout struct {
	params  []*Param
	buffers []*Param
}

// Param adds a trained parameter.
func (l *Layout) Param(name string, start Start, shape ...int64) *Param {
	p := &Param{Name: name, Shape: append([]int64{}, shape...), start: start}
	l.params = append(l.params, p)
	return p
}

// Buffer adds a tensor that belongs to the model but is not trained.
func (l *Layout) Buffer(name string, start Start, shape ...int64) *Param {
	p := &Param{Name: name, Shape: append([]int64{}, shape...), start: start}
	l.buffers = append(l.buffers, p)
	return p
}

// MLP adds a multilayer perceptron with the given sizes, input first. Weights and biases start as PyTorch's nn.Linear
// does, uniformly within 1/√inputs; with zeroLast the last layer starts at zero.
func (l *Layout) MLP(name string, zeroLast bool, sizes ...int64) *MLP {
	m := &MLP{}
	for i := 0; i+1 < len(sizes); i++ {
		start := UniformWithin(1 / math.Sqrt(float64(sizes[i])))
		if zeroLast && i+2 == len(sizes) {
			start = Constant(0)
		}
		m.layers = append(m.layers,
			l.Param(fmt.Sprintf("%s.%d.weight", name, i), start, sizes[i+1], sizes[i]),
			l.Param(fmt.Sprintf("%s.%d.bias", name, i), start, sizes[i+1]))
	}
	return m
}

// Placement is where a model's parameters live, their element type, and the seed of their first values.
type Placement struct {
	Device binding.Device
	DType  binding.DType
	Seed   uint64
}

// Allocate gives all parameters and buffers memory and their first values.
func (l *Layout) Allocate(a Architecture, at Placement) (*Params, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	p := &Params{architecture: a, placement: at, list: l.params, buffers: l.buffers, scope: binding.NewScope(binding.NoGrad())}
	random := rand.New(rand.NewPCG(at.Seed, 0))
	p.flat = p.scope.FromFloat64s(startValues(l.params, random), at.DType, at.Device, int64(p.Count()))
	p.gradient = p.scope.Zeros(at.DType, at.Device, int64(p.Count()))
	shapes := make([][]int64, len(l.params))
	for i, q := range l.params {
		shapes[i] = q.Shape
	}
	for i, t := range p.scope.Parameters(p.flat, p.gradient, shapes...) {
		l.params[i].tensor = t
	}
	for _, b := range l.buffers {
		b.tensor = p.scope.FromFloat64s(startValues([]*Param{b}, random), at.DType, at.Device, b.Shape...)
	}
	if err := p.scope.Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("nn: allocate %s: %w", a.Kind, err), p.Close())
	}
	return p, nil
}

func (l *Layout) check() error {
	seen := map[string]bool{}
	for _, p := range append(append([]*Param{}, l.params...), l.buffers...) {
		if seen[p.Name] {
			return fmt.Errorf("nn: lay out parameters: the name %q is used twice", p.Name)
		}
		seen[p.Name] = true
		for _, size := range p.Shape {
			if size < 1 {
				return fmt.Errorf("nn: lay out parameters: %s has shape %v", p.Name, p.Shape)
			}
		}
	}
	if len(l.params) == 0 {
		return fmt.Errorf("nn: lay out parameters: there are none")
	}
	return nil
}

func startValues(params []*Param, random *rand.Rand) []float64 {
	var all []float64
	for _, p := range params {
		values := make([]float64, p.Size())
		p.start(values, random)
		all = append(all, values...)
	}
	return all
}
