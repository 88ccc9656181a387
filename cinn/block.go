package cinn

import (
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// block is one stage of the flow: normalised activations, a coupling, and what mixes its coordinates. The first and the
// last may be absent: a flip is the coupling's own.
type block struct {
	config   Config
	norm     *actNorm
	nets     []*nn.MLP
	networks []binding.Tensor // their weights and biases
	mixing   *mixing
}

func newBlock(layout *nn.Layout, c Config, number int) *block {
	b := &block{config: c}
	if c.ActNorm {
		b.norm = newActNorm(layout, number, c.Dim)
	}
	for _, name := range c.networkNames() {
		b.nets = append(b.nets, layout.MLP(fmt.Sprintf("coupling.%d.%s", number, name), c.ZeroLast, c.sizes()...))
	}
	if c.Permutation != "" {
		b.mixing = newMixing(layout, number, c)
	}
	return b
}

// gather takes the weights, once they have memory.
func (b *block) gather() {
	for _, net := range b.nets {
		b.networks = net.AppendTensors(b.networks)
	}
}

// forward maps x [B,D] under y [B,C] to z [B,D], and returns log|det ∂z/∂x|, [B].
func (b *block) forward(s *binding.Scope, x, y binding.Tensor) (z, logDet binding.Tensor) {
	var normDet, mixDet binding.Tensor
	if b.norm != nil {
		x, normDet = b.norm.forward(s, x)
	}
	z, logDet = b.couple(s, x, y)
	if b.norm != nil {
		logDet = s.Add(logDet, normDet)
	}
	if b.mixing != nil {
		if z, mixDet = b.mixing.forward(s, z); b.mixing.learned() {
			logDet = s.Add(logDet, mixDet)
		}
	}
	return z, logDet
}

func (b *block) inverse(s *binding.Scope, z, y binding.Tensor) binding.Tensor {
	if b.mixing != nil {
		z = b.mixing.inverse(s, z)
	}
	x := b.uncouple(s, z, y)
	if b.norm != nil {
		x = b.norm.inverse(s, x)
	}
	return x
}

func (b *block) couple(s *binding.Scope, x, y binding.Tensor) (z, logDet binding.Tensor) {
	if b.config.Coupling != SplineCoupling {
		return s.Coupling(b.affine(), x, y, b.networks)
	}
	passing, bent := b.split(s, x)
	bent, logDet = s.Spline(b.spline(), bent, s.MLP(s.Cat(1, passing, y), b.networks))
	return b.join(s, passing, bent), logDet
}

func (b *block) uncouple(s *binding.Scope, z, y binding.Tensor) binding.Tensor {
	if b.config.Coupling != SplineCoupling {
		return s.Uncoupling(b.affine(), z, y, b.networks)
	}
	if b.flips() {
		z = s.Flip(z, 1)
	}
	passing, bent := b.split(s, z)
	return s.Cat(1, passing, s.Unspline(b.spline(), bent, s.MLP(s.Cat(1, passing, y), b.networks)))
}

func (b *block) flips() bool { return b.config.Permutation == "" }

func (b *block) affine() binding.Coupling {
	return binding.Coupling{Networks: b.config.Networks, Flip: b.flips(), Clamp: b.config.Clamp}
}

func (b *block) spline() binding.Spline {
	return binding.Spline{Bins: b.config.Bins, Bound: b.config.Bound}
}

// split returns the columns that pass and those that are transformed.
func (b *block) split(s *binding.Scope, x binding.Tensor) (passing, rest binding.Tensor) {
	first := b.config.passing()
	return s.Narrow(x, 1, 0, first), s.Narrow(x, 1, first, b.config.Dim-first)
}

func (b *block) join(s *binding.Scope, passing, rest binding.Tensor) binding.Tensor {
	z := s.Cat(1, passing, rest)
	if b.flips() {
		z = s.Flip(z, 1)
	}
	return z
}
