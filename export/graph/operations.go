package graph

import "fmt"

// Add returns x+y.
func (b *Builder) Add(x, y *Value) *Value { return b.apply(Add, x, y) }

// Sub returns x-y.
func (b *Builder) Sub(x, y *Value) *Value { return b.apply(Sub, x, y) }

// Mul returns x·y.
func (b *Builder) Mul(x, y *Value) *Value { return b.apply(Mul, x, y) }

// Div returns x/y.
func (b *Builder) Div(x, y *Value) *Value { return b.apply(Div, x, y) }

// Exp returns exp x.
func (b *Builder) Exp(x *Value) *Value { return b.apply(Exp, x) }

// Log returns log x.
func (b *Builder) Log(x *Value) *Value { return b.apply(Log, x) }

// Sqrt returns √x.
func (b *Builder) Sqrt(x *Value) *Value { return b.apply(Sqrt, x) }

// Abs returns |x|.
func (b *Builder) Abs(x *Value) *Value { return b.apply(Abs, x) }

// Tanh returns tanh x.
func (b *Builder) Tanh(x *Value) *Value { return b.apply(Tanh, x) }

// Round returns x to the nearest whole numbers.
func (b *Builder) Round(x *Value) *Value { return b.apply(Round, x) }

// Softplus returns log(1+exp x).
func (b *Builder) Softplus(x *Value) *Value { return b.apply(Softplus, x) }

// ELU returns x, or exp(x)-1 where that is negative.
func (b *Builder) ELU(x *Value) *Value { return b.apply(ELU, x) }

// Sum returns the sums over the last dimension.
func (b *Builder) Sum(x *Value) *Value { return b.apply(Sum, x) }

// Softmax returns exp x over its sum along the last dimension.
func (b *Builder) Softmax(x *Value) *Value { return b.apply(Softmax, x) }

// CumSum returns the running sums along the last dimension.
func (b *Builder) CumSum(x *Value) *Value { return b.apply(CumSum, x) }

// AtLeast returns where x ≥ y.
func (b *Builder) AtLeast(x, y *Value) *Value { return b.as(Bool, b.apply(AtLeast, x, y)) }

// Less returns where x < y.
func (b *Builder) Less(x, y *Value) *Value { return b.as(Bool, b.apply(Less, x, y)) }

// Count returns how many are true along the last dimension, which has size 1 then.
func (b *Builder) Count(x *Value) *Value { return b.as(Int64, b.apply(Count, x)) }

func (b *Builder) as(dtype DType, v *Value) *Value {
	v.DType = dtype
	return v
}

// Scale returns scale·x.
func (b *Builder) Scale(x *Value, scale float64) *Value { return b.Mul(x, b.Scalar(x.DType, scale)) }

// Shift returns x+shift.
func (b *Builder) Shift(x *Value, shift float64) *Value { return b.Add(x, b.Scalar(x.DType, shift)) }

// Clamp returns x limited to [low, high].
func (b *Builder) Clamp(x *Value, low, high float64) *Value {
	return b.apply(Clamp, x, b.Scalar(x.DType, low), b.Scalar(x.DType, high))
}

// Cast returns x in another element type.
func (b *Builder) Cast(x *Value, to DType) *Value {
	if x.DType == to {
		return x
	}
	return b.as(to, b.apply(Cast, x))
}

// Where returns x where the condition holds, else y.
func (b *Builder) Where(condition, x, y *Value) *Value {
	if condition.DType != Bool || x.DType != y.DType {
		b.fail("where of %s, %s and %s", condition.DType, x.DType, y.DType)
	}
	return b.step(&Value{Op: Where, DType: x.DType, Args: []*Value{condition, x, y}})
}

// Linear returns x·weightᵀ+bias [B,m] for x [B,n].
func (b *Builder) Linear(x, weight, bias *Value) *Value { return b.apply(Linear, x, weight, bias) }

// Concat returns the parts joined along the last dimension.
func (b *Builder) Concat(parts ...*Value) *Value {
	if len(parts) == 1 {
		return parts[0]
	}
	return b.apply(Concat, parts...)
}

// Slice returns elements first to end-1 along the last dimension.
func (b *Builder) Slice(x *Value, first, end int64) *Value {
	v := b.apply(Slice, x)
	v.Ints = []int64{first, end}
	return v
}

// Select returns columns of x [B,n] by their indices.
func (b *Builder) Select(x *Value, columns []int) *Value {
	data := make([]float64, len(columns))
	for i, column := range columns {
		data[i] = float64(column)
	}
	index := b.Constant(fmt.Sprintf("columns.%d", len(b.steps)), Int64, data, int64(len(data)))
	return b.step(&Value{Op: Select, DType: x.DType, Args: []*Value{x, index}})
}

// Gather returns the element of each row that the index [B,n,1] tells.
func (b *Builder) Gather(x, index *Value) *Value {
	if index.DType != Int64 {
		b.fail("gather by %s", index.DType)
	}
	return b.step(&Value{Op: Gather, DType: x.DType, Args: []*Value{x, index}})
}

// Reshape returns the elements of x as an array [B,shape...].
func (b *Builder) Reshape(x *Value, shape ...int64) *Value {
	v := b.apply(Reshape, x)
	v.Ints = append([]int64{-1}, shape...)
	return v
}
