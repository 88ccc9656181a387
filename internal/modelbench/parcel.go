package modelbench

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"

	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/binding/optim"
)

// array is numbers for the peer, row by row.
type array struct {
	values []float32
	shape  []int64
}

// parcel is a request for the peer whose weights and arrays lie in a folder.
type parcel struct {
	folder  string
	request map[string]any
	arrays  map[string]any
}

// newParcel starts a request to load a kind of work with a model's weights.
func newParcel(folder, kind string, weights *nn.Params) (*parcel, error) {
	data, err := weights.Encode()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "weights.safetensors")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, fmt.Errorf("modelbench: hand over weights: %w", err)
	}
	p := &parcel{folder: folder, arrays: map[string]any{}}
	p.request = map[string]any{"kind": kind, "weights_path": path, "arrays": p.arrays}
	return p, nil
}

// add hands over an array.
func (p *parcel) add(name string, a array) error {
	path := filepath.Join(p.folder, name+".f32")
	data := make([]byte, 0, 4*len(a.values))
	for _, v := range a.values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	p.arrays[name] = map[string]any{"path": path, "shape": a.shape}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("modelbench: hand over %s: %w", name, err)
	}
	return nil
}

// set adds settings to the request.
func (p *parcel) set(settings map[string]any) { maps.Copy(p.request, settings) }

// adamSettings returns an optimiser's settings as the peer takes them.
func adamSettings(c optim.AdamConfig, rate float64) map[string]any {
	return map[string]any{
		"rate": rate, "beta1": c.Beta1, "beta2": c.Beta2, "epsilon": c.Epsilon,
		"weight_decay": c.WeightDecay, "decoupled": c.Decoupled, "clip_norm": c.ClipNorm,
	}
}

// parcel returns the request that makes the peer do the subject's work.
func (s *subject) parcel(folder string) (*parcel, error) {
	kinds := map[Work]string{DrawOneCondition: "draw", DrawManyConditions: "draw", LogDensity: "density"}
	kind, ok := kinds[s.Work]
	if !ok {
		kind = "step"
	}
	p, err := newParcel(folder, kind, s.model.Params())
	if err != nil {
		return nil, err
	}
	switch kind {
	case "step":
		p.set(map[string]any{"adam": adamSettings(s.training().Adam, s.rate)})
	case "draw":
		p.set(map[string]any{"rows": s.Batch})
	}
	return p, s.addArrays(p)
}

func (s *subject) addArrays(p *parcel) error {
	noise, err := s.noise()
	if err != nil {
		return err
	}
	for i, a := range noise {
		if err := p.add(fmt.Sprintf("noise%d", i), a); err != nil {
			return err
		}
	}
	n := int64(s.conditions())
	y, err := s.data.Float32s(s.y)
	if err != nil {
		return err
	}
	if err := p.add("y", array{y, []int64{n, conditions}}); err != nil {
		return err
	}
	x, err := s.data.Float32s(s.x)
	if err != nil {
		return err
	}
	return p.add("x", array{x, []int64{n, dim}})
}
