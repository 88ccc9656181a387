package nn

import (
	"encoding/json"

	"github.com/gocei/gocei/binding"
)

// Architecture says what model parameters belong to: enough to build it again.
type Architecture struct {
	Kind   string          `json:"kind"`   // "cvae" or "cinn"
	Config json.RawMessage `json:"config"` // the model's own settings
}

// Params holds a model's parameters and buffers, and owns their memory.
type Params struct {
	architecture Architecture
	placement    Placement
	list         []*Param
	buffers      []*Param
	scope        *binding.Scope
	flat         binding.Tensor
	gradient     binding.Tensor
}

// Architecture returns what model the parameters belong to.
func (p *Params) Architecture() Architecture { return p.architecture }

// Device returns where the parameters live.
func (p *Params) Device() binding.Device { return p.placement.Device }

// DType returns the parameters' element type.
func (p *Params) DType() binding.DType { return p.placement.DType }

// List returns the trained parameters in their order.
func (p *Params) List() []*Param { return p.list }

// Buffers returns the tensors that are saved but not trained, in their order.
func (p *Params) Buffers() []*Param { return p.buffers }

// Count returns the number of trained numbers.
func (p *Params) Count() int {
	n := 0
	for _, q := range p.list {
		n += q.Size()
	}
	return n
}

// Flat returns all trained values as one array [Count]; changing it changes the parameters.
func (p *Params) Flat() binding.Tensor { return p.flat }

// Gradient returns all gradients as one array [Count].
func (p *Params) Gradient() binding.Tensor { return p.gradient }

// Close frees the memory. The model cannot be used any more.
func (p *Params) Close() error {
	if p == nil {
		return nil
	}
	return p.scope.Close()
}
