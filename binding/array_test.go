package binding_test

import "slices"

// array is the plain Go counterpart of a tensor, in which the tests compute what operations should give.
type array struct {
	shape []int64
	data  []float64
}

// arrayOf builds an array from each element's index. The index passed is only valid during the call.
func arrayOf(shape []int64, element func(at []int64) float64) array {
	a := array{shape: slices.Clone(shape), data: []float64{}}
	at := make([]int64, len(shape))
	for range count(shape) {
		a.data = append(a.data, element(at))
		for d := len(shape) - 1; d >= 0; d-- {
			if at[d]++; at[d] < shape[d] {
				break
			}
			at[d] = 0
		}
	}
	return a
}

// at returns an element. As in broadcasting, an index may have more dimensions than the array, of which the last ones
// count, and every index into a dimension of size 1 means its only element.
func (a array) at(index ...int64) float64 {
	index = index[len(index)-len(a.shape):]
	flat := int64(0)
	for d, size := range a.shape {
		i := index[d]
		if size == 1 {
			i = 0
		}
		flat = flat*size + i
	}
	return a.data[flat]
}

func count(shape []int64) int64 {
	n := int64(1)
	for _, size := range shape {
		n *= size
	}
	return n
}

// broadcast returns the shape that two shapes have together.
func broadcast(a, b []int64) []int64 {
	if len(a) < len(b) {
		a, b = b, a
	}
	shape := slices.Clone(a)
	for i := range b {
		at := len(a) - len(b) + i
		if shape[at] == 1 {
			shape[at] = b[i]
		}
	}
	return shape
}

// reduced returns the array whose elements are f of all elements along dims, or of all elements if there are none.
func reduced(a array, dims []int64, f func([]float64) float64) array {
	gone := make([]bool, len(a.shape))
	for _, d := range dims {
		gone[(d+int64(len(gone)))%int64(len(gone))] = true
	}
	var kept []int64
	for d, size := range a.shape {
		if len(dims) > 0 && !gone[d] {
			kept = append(kept, size)
		}
	}
	groups := map[int64][]float64{}
	arrayOf(a.shape, func(at []int64) float64 {
		group := int64(0)
		for d, i := range at {
			if len(dims) > 0 && !gone[d] {
				group = group*a.shape[d] + i
			}
		}
		groups[group] = append(groups[group], a.at(at...))
		return 0
	})
	next := int64(-1)
	return arrayOf(kept, func([]int64) float64 { next++; return f(groups[next]) })
}
