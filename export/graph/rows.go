package graph

import (
	"math"
	"slices"
)

// rows are the operations along the last dimension. They report whether the arguments' shapes fit.
var rows = map[Op]func(args []Array, ints []int64) (Array, bool){
	Linear:  linear,
	Sum:     func(args []Array, _ []int64) (Array, bool) { return reduced(args[0], false) },
	Count:   func(args []Array, _ []int64) (Array, bool) { return reduced(args[0], true) },
	Softmax: eachRow(softmax),
	CumSum:  eachRow(cumulate),
	Concat:  concat,
	Slice:   slice,
	Select: func(args []Array, _ []int64) (Array, bool) {
		x, index := args[0], args[1].Data
		return picked(x, len(index), func(_, j int) int { return int(index[j]) })
	},
	Gather: func(args []Array, _ []int64) (Array, bool) {
		x, index := args[0], args[1].Data
		return picked(x, 1, func(i, _ int) int { return int(index[i]) })
	},
	Reshape: reshape,
}

func linear(args []Array, _ []int64) (Array, bool) {
	x, weight, bias := args[0], args[1], args[2]
	if len(x.Shape) != 2 || len(weight.Shape) != 2 || x.Shape[1] != weight.Shape[1] || len(bias.Data) != weight.Shape[0] {
		return Array{}, false
	}
	out := newArray(x.Shape[0], weight.Shape[0])
	for i := range x.Shape[0] {
		row, y := x.row(i), out.row(i)
		for j := range y {
			for k, w := range weight.row(j) {
				y[j] += w * row[k]
			}
			y[j] += bias.Data[j]
		}
	}
	return out, true
}

func reduced(x Array, keep bool) (Array, bool) {
	_, n := x.last()
	out := Array{Shape: slices.Clone(x.Shape[:len(x.Shape)-1]), Data: make([]float64, n)}
	if keep {
		out.Shape = append(out.Shape, 1)
	}
	for i := range out.Data {
		for _, v := range x.row(i) {
			out.Data[i] += v
		}
	}
	return out, true
}

func eachRow(do func(y, x []float64)) func([]Array, []int64) (Array, bool) {
	return func(args []Array, _ []int64) (Array, bool) {
		out := newArray(args[0].Shape...)
		_, n := out.last()
		for i := range n {
			do(out.row(i), args[0].row(i))
		}
		return out, true
	}
}

func softmax(y, x []float64) {
	largest, sum := slices.Max(x), 0.0
	for j, v := range x {
		y[j] = math.Exp(v - largest)
		sum += y[j]
	}
	for j := range y {
		y[j] /= sum
	}
}

func cumulate(y, x []float64) {
	sum := 0.0
	for j, v := range x {
		sum += v
		y[j] = sum
	}
}

func concat(args []Array, _ []int64) (Array, bool) {
	_, n := args[0].last()
	out := Array{Shape: slices.Clone(args[0].Shape)}
	out.Shape[len(out.Shape)-1] = 0
	for _, a := range args {
		size, rows := a.last()
		if rows != n {
			return Array{}, false
		}
		out.Shape[len(out.Shape)-1] += size
	}
	for i := range n {
		for _, a := range args {
			out.Data = append(out.Data, a.row(i)...)
		}
	}
	return out, true
}

func slice(args []Array, ints []int64) (Array, bool) {
	if size, _ := args[0].last(); ints[0] < 0 || ints[1] > int64(size) {
		return Array{}, false
	}
	return picked(args[0], int(ints[1]-ints[0]), func(_, j int) int { return int(ints[0]) + j })
}

// picked returns an array whose last dimension has so many elements, taken from x's by column(row, element).
func picked(x Array, width int, column func(i, j int) int) (Array, bool) {
	size, n := x.last()
	shape := slices.Clone(x.Shape)
	shape[len(shape)-1] = width
	out := newArray(shape...)
	for i := range n {
		for j := range width {
			from := column(i, j)
			if from < 0 || from >= size {
				return Array{}, false
			}
			out.Data[i*width+j] = x.Data[i*size+from]
		}
	}
	return out, true
}

func reshape(args []Array, ints []int64) (Array, bool) {
	rest := 1
	for _, size := range ints[1:] {
		rest *= int(size)
	}
	if rest < 1 || len(args[0].Data)%rest != 0 {
		return Array{}, false
	}
	out := Array{Shape: []int{len(args[0].Data) / rest}, Data: args[0].Data}
	for _, size := range ints[1:] {
		out.Shape = append(out.Shape, int(size))
	}
	return out, true
}
