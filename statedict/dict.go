package statedict

import (
	"bytes"
	"fmt"
	"os"
	"sort"
)

// Dict holds tensors by their names.
type Dict map[string]Tensor

// Tensor is an array whose elements are still in the file.
type Tensor struct {
	Shape []int64

	element element
	strides []int64 // in elements
	offset  int64   // of the first element
	data    []byte  // of the storage
}

// mostBytes bounds a file: the largest networks here have some megabytes.
const mostBytes = 4 << 30

// Read returns the tensors of a file: one that torch.save wrote of a state dict, or a safetensors file. A checkpoint that
// has a state dict among other things is understood where it has one alone.
func Read(path string) (Dict, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("statedict: read: %w", err)
	}
	if info.Size() > mostBytes {
		return nil, fmt.Errorf("statedict: read %s: it has %d bytes: want %d at most", path, info.Size(), int64(mostBytes))
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("statedict: read: %w", err)
	}
	d, err := Decode(content)
	if err != nil {
		return nil, fmt.Errorf("statedict: read %s: %w", path, err)
	}
	return d, nil
}

// Decode returns the tensors of a file's content.
func Decode(content []byte) (Dict, error) {
	if bytes.HasPrefix(content, []byte("PK")) {
		return decodeArchive(content)
	}
	if bytes.HasPrefix(content, []byte{0x80}) {
		return nil, fmt.Errorf("it is a pickle and no zip archive, as PyTorch before 1.6 wrote: load it and torch.save it again")
	}
	return decodeSafetensors(content)
}

// Names returns the names, sorted.
func (d Dict) Names() []string {
	names := make([]string, 0, len(d))
	for name := range d {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Float64s returns the elements, row by row.
func (t Tensor) Float64s() []float64 {
	size := int64(1)
	for _, n := range t.Shape {
		size *= n
	}
	values := make([]float64, 0, size)
	index := make([]int64, len(t.Shape))
	for range size {
		at := t.offset
		for i, n := range index {
			at += n * t.strides[i]
		}
		values = append(values, t.element.decode(t.data[at*t.element.bytes:]))
		for i := len(index) - 1; i >= 0; i-- {
			if index[i]++; index[i] < t.Shape[i] {
				break
			}
			index[i] = 0
		}
	}
	return values
}

// mostElements bounds a tensor, which may claim more than its storage holds by strides of 0.
const mostElements = 1 << 28

// check refuses a tensor that reaches beyond its storage.
func (t Tensor) check() error {
	if len(t.Shape) != len(t.strides) || len(t.Shape) > 8 {
		return fmt.Errorf("%d sizes and %d strides: want as many of both, and 8 at most", len(t.Shape), len(t.strides))
	}
	size, last := int64(1), t.offset
	for i, n := range t.Shape {
		stride := t.strides[i]
		if n < 0 || n > mostElements || stride < 0 || stride > mostBytes {
			return fmt.Errorf("sizes %v with strides %v: want neither negative nor huge ones", t.Shape, t.strides)
		}
		if size *= n; size > mostElements {
			return fmt.Errorf("sizes %v: want %d elements at most", t.Shape, mostElements)
		}
		last += max(n-1, 0) * stride
		if last < 0 || last > mostBytes {
			return fmt.Errorf("sizes %v with strides %v reach beyond the storage", t.Shape, t.strides)
		}
	}
	if held := int64(len(t.data)) / t.element.bytes; t.offset < 0 || size > 0 && last >= held {
		return fmt.Errorf("sizes %v with strides %v from element %d reach beyond the storage of %d", t.Shape, t.strides, t.offset, held)
	}
	return nil
}
