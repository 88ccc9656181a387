package nn

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"

	"github.com/nlpodyssey/safetensors"

	"github.com/gocei/gocei/binding"
)

// The keys of a file's metadata.
const (
	kindKey   = "kind"
	configKey = "config"
)

// Encode returns the parameters and buffers in the safetensors format, with the architecture as metadata.
func (p *Params) Encode() ([]byte, error) {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	views := map[string]fileTensor{}
	for _, q := range append(append([]*Param{}, p.list...), p.buffers...) {
		view, err := encodeTensor(s, q.tensor, q.Shape, p.DType())
		if err != nil {
			return nil, fmt.Errorf("nn: encode %s: %w", q.Name, err)
		}
		views[q.Name] = view
	}
	metadata := map[string]string{kindKey: p.architecture.Kind, configKey: string(p.architecture.Config)}
	data, err := safetensors.Serialize(views, metadata)
	if err != nil {
		return nil, fmt.Errorf("nn: encode parameters: %w", err)
	}
	return data, nil
}

// fileTensor is a tensor to be written; the library's own type refuses tensors without dimensions.
type fileTensor struct {
	dtype safetensors.DType
	shape []uint64
	data  []byte
}

func (f fileTensor) DType() safetensors.DType { return f.dtype }
func (f fileTensor) Shape() []uint64          { return f.shape }
func (f fileTensor) Data() []byte             { return f.data }
func (f fileTensor) DataLen() uint64          { return uint64(len(f.data)) }

func encodeTensor(s *binding.Scope, t binding.Tensor, shape []int64, dtype binding.DType) (fileTensor, error) {
	f := fileTensor{dtype: safetensors.F32, shape: make([]uint64, len(shape))}
	for i, n := range shape {
		f.shape[i] = uint64(n)
	}
	if dtype == binding.Float64 {
		f.dtype = safetensors.F64
		values, err := s.Float64s(t)
		for _, v := range values {
			f.data = binary.LittleEndian.AppendUint64(f.data, math.Float64bits(v))
		}
		return f, err
	}
	values, err := s.Float32s(t)
	for _, v := range values {
		f.data = binary.LittleEndian.AppendUint32(f.data, math.Float32bits(v))
	}
	return f, err
}

// Decode sets the parameters and buffers from what Encode returned. Names and shapes must be the model's own.
func (p *Params) Decode(data []byte) error {
	file, err := safetensors.Deserialize(data)
	if err != nil {
		return fmt.Errorf("nn: decode parameters: %w", err)
	}
	all := append(append([]*Param{}, p.list...), p.buffers...)
	if file.Len() != len(all) {
		return fmt.Errorf("nn: decode parameters: the file has %d tensors, the model %d", file.Len(), len(all))
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	sources := make([]binding.Tensor, len(all))
	for i, q := range all {
		values, err := decodeTensor(file, q)
		if err != nil {
			return err
		}
		sources[i] = s.FromFloat64s(values, p.DType(), p.Device(), q.Shape...)
	}
	for i, q := range all { // only when all of them fit
		s.Copy(q.tensor, sources[i])
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("nn: decode parameters: %w", err)
	}
	return nil
}

func decodeTensor(file safetensors.SafeTensors, q *Param) ([]float64, error) {
	view, ok := file.Tensor(q.Name)
	if !ok {
		return nil, fmt.Errorf("nn: decode parameters: the file has no tensor %q", q.Name)
	}
	if !sameShape(view.Shape(), q.Shape) {
		return nil, fmt.Errorf("nn: decode %s: the file has shape %v, the model %v", q.Name, view.Shape(), q.Shape)
	}
	values := make([]float64, q.Size())
	raw := view.Data()
	for i := range values {
		switch view.DType() {
		case safetensors.F32:
			values[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
		case safetensors.F64:
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
		default:
			return nil, fmt.Errorf("nn: decode %s: element type %s is not F32 or F64", q.Name, view.DType())
		}
	}
	return values, nil
}

func sameShape(a []uint64, b []int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != uint64(b[i]) {
			return false
		}
	}
	return true
}

// Load sets the parameters from a safetensors file.
func (p *Params) Load(path string) error {
	data, err := readWeights(path)
	if err != nil {
		return fmt.Errorf("nn: load parameters: %w", err)
	}
	if err := p.Decode(data); err != nil {
		return fmt.Errorf("nn: load parameters: %s: %w", path, err)
	}
	return nil
}

// ReadArchitecture returns the architecture that a safetensors file was saved with.
func ReadArchitecture(path string) (Architecture, error) {
	data, err := readWeights(path)
	if err != nil {
		return Architecture{}, fmt.Errorf("nn: read architecture: %w", err)
	}
	_, metadata, err := safetensors.ReadMetadata(data)
	if err != nil {
		return Architecture{}, fmt.Errorf("nn: read architecture: %s: %w", path, err)
	}
	m := metadata.Metadata()
	if m[kindKey] == "" {
		return Architecture{}, fmt.Errorf("nn: read architecture: %s: its metadata names no model", path)
	}
	a := Architecture{Kind: m[kindKey]}
	if text := m[configKey]; text != "" {
		a.Config = json.RawMessage(text)
	}
	if a.Config != nil && !json.Valid(a.Config) {
		return Architecture{}, fmt.Errorf("nn: read architecture: %s: the model's configuration in its metadata is not JSON", path)
	}
	return a, nil
}
