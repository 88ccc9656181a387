package statedict

import (
	"fmt"

	"github.com/nlpodyssey/safetensors"
)

var safetensorsElements = map[safetensors.DType]element{
	safetensors.F32: float32s, safetensors.F64: float64s, safetensors.F16: float16s, safetensors.BF16: bfloat16s, safetensors.I64: int64s,
}

func decodeSafetensors(content []byte) (Dict, error) {
	file, err := safetensors.Deserialize(content)
	if err != nil {
		return nil, fmt.Errorf("it is neither an archive of torch.save nor a safetensors file: %w", err)
	}
	d := Dict{}
	for _, named := range file.Tensors() {
		view := named.TensorView
		t := Tensor{data: view.Data(), element: safetensorsElements[view.DType()]}
		if t.element.bytes == 0 {
			return nil, fmt.Errorf("tensor %q has elements of type %s: want floating-point numbers or int64", named.Name, view.DType())
		}
		for _, size := range view.Shape() {
			t.Shape = append(t.Shape, int64(size))
		}
		t.strides = rowByRow(t.Shape)
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", named.Name, err)
		}
		d[named.Name] = t
	}
	return d, nil
}

// rowByRow returns the strides of an array without gaps.
func rowByRow(shape []int64) []int64 {
	strides, step := make([]int64, len(shape)), int64(1)
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = step
		step *= max(shape[i], 1)
	}
	return strides
}
