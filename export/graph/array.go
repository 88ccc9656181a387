package graph

// Array is an array of numbers, row by row. Those of a Float32 are rounded to one, true is 1.
type Array struct {
	Shape []int
	Data  []float64
}

func newArray(shape ...int) Array { return Array{Shape: shape, Data: make([]float64, product(shape))} }

func product(shape []int) int {
	n := 1
	for _, size := range shape {
		n *= size
	}
	return n
}

// last returns the size of the last dimension, and how many rows of it there are.
func (a Array) last() (size, rows int) {
	size = a.Shape[len(a.Shape)-1]
	return size, product(a.Shape[:len(a.Shape)-1])
}

// row returns the i-th row along the last dimension, sharing memory.
func (a Array) row(i int) []float64 {
	size, _ := a.last()
	return a.Data[i*size : (i+1)*size]
}

// broadcast returns the shape that arrays have together, and whether there is one.
func broadcast(args []Array) (shape []int, ok bool) {
	for _, a := range args {
		for len(shape) < len(a.Shape) {
			shape = append([]int{1}, shape...)
		}
	}
	for _, a := range args {
		offset := len(shape) - len(a.Shape)
		for i, size := range a.Shape {
			switch at := &shape[offset+i]; {
			case *at == 1:
				*at = size
			case size != 1 && size != *at:
				return nil, false
			}
		}
	}
	return shape, true
}

// strides returns how far apart in a's data the elements are that a step along each dimension of shape leads to.
func (a Array) strides(shape []int) []int {
	strides, step := make([]int, len(shape)), 1
	for i := len(a.Shape) - 1; i >= 0; i-- {
		if a.Shape[i] != 1 {
			strides[len(shape)-len(a.Shape)+i] = step
		}
		step *= a.Shape[i]
	}
	return strides
}

// position returns where in data of these strides the element is that has that number in an array of shape.
func position(number int, shape, strides []int) (at int) {
	for i := len(shape) - 1; i >= 0; i-- {
		at += number % shape[i] * strides[i]
		number /= shape[i]
	}
	return at
}

// elementwise applies do to each element of the arguments, broadcast.
func elementwise(args []Array, do func(x []float64) float64) (Array, bool) {
	shape, ok := broadcast(args)
	if !ok {
		return Array{}, false
	}
	out, x := newArray(shape...), make([]float64, len(args))
	strides := make([][]int, len(args))
	for j, a := range args {
		strides[j] = a.strides(shape)
	}
	for i := range out.Data {
		for j, a := range args {
			x[j] = a.Data[position(i, shape, strides[j])]
		}
		out.Data[i] = do(x)
	}
	return out, true
}
