package export

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"

	"github.com/nlpodyssey/safetensors"

	"github.com/gocei/gocei/export/graph"
)

// weights are the tensors of a model's file. Those that a description asks for become constants under their own names.
type weights struct {
	file  safetensors.SafeTensors
	dtype graph.DType
	b     *graph.Builder
	err   error
}

func readWeights(path string, dtype graph.DType, b *graph.Builder) (*weights, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, err := safetensors.Deserialize(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &weights{file: file, dtype: dtype, b: b}, nil
}

// numbers returns the elements of a tensor that must have so many.
func (w *weights) numbers(name string, shape ...int64) []float64 {
	size := int64(1)
	for _, n := range shape {
		size *= n
	}
	view, ok := w.file.Tensor(name)
	values := make([]float64, size)
	width := map[safetensors.DType]int{safetensors.F32: 4, safetensors.F64: 8}[view.DType()]
	switch {
	case !ok:
		w.fail("it has no tensor %q", name)
	case width == 0:
		w.fail("tensor %q has elements of type %s: want F32 or F64", name, view.DType())
	case len(view.Data()) != width*len(values):
		w.fail("tensor %q has shape %v: want %v", name, view.Shape(), shape)
	default:
		decode(values, view.Data(), width)
	}
	return values
}

func decode(values []float64, raw []byte, width int) {
	for i := range values {
		if width == 4 {
			values[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
		} else {
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
		}
	}
}

// tensor returns a tensor as a constant.
func (w *weights) tensor(name string, shape ...int64) *graph.Value {
	return w.b.Constant(name, w.dtype, w.numbers(name, shape...), shape...)
}

func (w *weights) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}
