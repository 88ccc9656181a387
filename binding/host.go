package binding

import (
	"unsafe"

	"github.com/gocei/gocei/cgo"
)

// FromFloat64s copies data, row by row, into a tensor of the element type and shape on the device.
func (s *Scope) FromFloat64s(data []float64, dtype DType, on Device, shape ...int64) Tensor {
	return fromHost(s, data, Float64, dtype, on, shape)
}

// FromFloat32s copies data, row by row, into a tensor of the element type and shape on the device.
func (s *Scope) FromFloat32s(data []float32, dtype DType, on Device, shape ...int64) Tensor {
	return fromHost(s, data, Float32, dtype, on, shape)
}

// FromInt64s copies data, row by row, into an Int64 tensor of the shape on the device.
func (s *Scope) FromInt64s(data []int64, on Device, shape ...int64) Tensor {
	return fromHost(s, data, Int64, Int64, on, shape)
}

func fromHost[T any](s *Scope, data []T, from, to DType, on Device, shape []int64) Tensor {
	if s.err != nil {
		return Tensor{}
	}
	if n, ok := elements(shape); !ok || n != int64(len(data)) {
		s.fail("copy from host", ErrShape, "%d numbers do not fill shape %v", len(data), append([]int64{}, shape...))
		return Tensor{}
	}
	// A copy, because the shape that the caller passed would otherwise escape to the heap in every call.
	s.ints = append(s.ints[:0], shape...)
	h, status := cgo.FromHost(unsafe.Pointer(unsafe.SliceData(data)), cgo.DType(from), s.ints, cgo.DType(to), on.native(), &s.native)
	if status != cgo.OK {
		s.Fail(check("copy from host", status, &s.native))
		return Tensor{}
	}
	return s.adopt(h)
}

func elements(shape []int64) (int64, bool) {
	n := int64(1)
	for _, size := range shape {
		if size < 0 || (size > 0 && n > (1<<62)/size) {
			return 0, false
		}
		n *= size
	}
	return n, true
}

// Float64s returns the tensor's elements, row by row.
func (s *Scope) Float64s(t Tensor) ([]float64, error) { return toHost[float64](s, t, Float64) }

// Float32s returns the tensor's elements, row by row.
func (s *Scope) Float32s(t Tensor) ([]float32, error) { return toHost[float32](s, t, Float32) }

// Int64s returns the tensor's elements, row by row.
func (s *Scope) Int64s(t Tensor) ([]int64, error) { return toHost[int64](s, t, Int64) }

func toHost[T any](s *Scope, t Tensor, dtype DType) ([]T, error) {
	shape, err := s.Shape(t)
	if err != nil {
		return nil, err
	}
	n, _ := elements(shape)
	data := make([]T, n)
	status := cgo.ToHost(t.of.handle, cgo.DType(dtype), unsafe.Pointer(unsafe.SliceData(data)), len(data), &s.native)
	if err := check("copy to host", status, &s.native); err != nil {
		s.Fail(err)
		return nil, s.err
	}
	return data, nil
}

// Item returns the only element of a tensor.
func (s *Scope) Item(t Tensor) (float64, error) {
	data, err := s.Float64s(t)
	if err != nil {
		return 0, err
	}
	if len(data) != 1 {
		s.fail("item", ErrShape, "the tensor has %d elements, not one", len(data))
		return 0, s.err
	}
	return data[0], nil
}

// Shape returns the tensor's sizes.
func (s *Scope) Shape(t Tensor) ([]int64, error) {
	d, err := s.describe(t)
	return d.shape, err
}

// DTypeOf returns the type of the tensor's elements.
func (s *Scope) DTypeOf(t Tensor) (DType, error) {
	d, err := s.describe(t)
	return d.dtype, err
}

// DeviceOf returns the device that the tensor lives on.
func (s *Scope) DeviceOf(t Tensor) (Device, error) {
	d, err := s.describe(t)
	return d.device, err
}

type description struct {
	dtype  DType
	device Device
	shape  []int64
}

func (s *Scope) describe(t Tensor) (description, error) {
	const mostDimensions, fixed = 16, 4
	if !s.usable("describe", t) {
		return description{}, s.err
	}
	if cap(s.ints) < fixed+mostDimensions {
		s.ints = make([]int64, fixed+mostDimensions)
	}
	out := s.ints[:fixed+mostDimensions]
	n, status := cgo.Describe(t.of.handle, out, &s.native)
	if status != cgo.OK {
		s.Fail(check("describe", status, &s.native))
		return description{}, s.err
	}
	d := description{dtype: DType(out[0]), shape: append([]int64{}, out[fixed:n]...)}
	if int32(out[1]) == cgo.CUDA {
		d.device = CUDA(int(out[2]))
	}
	return d, nil
}
