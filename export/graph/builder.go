package graph

import (
	"fmt"
	"math"
)

// Builder makes the steps of a graph. It carries the first error, so that only Finish has to be asked.
type Builder struct {
	steps   []*Value
	inputs  []*Value
	names   map[string]bool
	scalars map[scalar]*Value
	err     error
}

type scalar struct {
	dtype DType
	bits  uint64
}

// Finish returns the graph whose result is output, under that name.
func (b *Builder) Finish(output *Value, name string) (*Graph, error) {
	switch {
	case b.err != nil:
		return nil, b.err
	case output.Op == Input || output.Op == Constant:
		return nil, fmt.Errorf("graph: finish: the output %q is no operation", output.Name)
	}
	if output.Name = name; !b.take(name) {
		return nil, b.err
	}
	return &Graph{Inputs: b.inputs, Steps: prune(b.steps, output), Output: output}, nil
}

// Input returns what the caller gives under that name, [B,width].
func (b *Builder) Input(name string, dtype DType, width int) *Value {
	v := b.step(&Value{Op: Input, DType: dtype, Name: name, Width: int64(width)})
	b.inputs = append(b.inputs, v)
	return v
}

// Constant returns data, row by row, as an array of that shape.
func (b *Builder) Constant(name string, dtype DType, data []float64, shape ...int64) *Value {
	size := int64(1)
	for _, n := range shape {
		size *= n
	}
	if size != int64(len(data)) {
		b.fail("constant %q: %d numbers do not fill shape %v", name, len(data), append([]int64{}, shape...))
	}
	return b.step(&Value{Op: Constant, DType: dtype, Name: name, Data: data, Shape: shape})
}

// Scalar returns a number as an array without dimensions.
func (b *Builder) Scalar(dtype DType, value float64) *Value {
	key := scalar{dtype, math.Float64bits(value)}
	if v := b.scalars[key]; v != nil {
		return v
	}
	if b.scalars == nil {
		b.scalars = map[scalar]*Value{}
	}
	v := b.Constant(fmt.Sprintf("scalar.%d", len(b.scalars)), dtype, []float64{value})
	b.scalars[key] = v
	return v
}

// step adds v to the graph, under a name of its own if it has none.
func (b *Builder) step(v *Value) *Value {
	if v.Name == "" {
		v.Name = fmt.Sprintf("step.%d", len(b.steps))
	}
	b.take(v.Name)
	b.steps = append(b.steps, v)
	return v
}

func (b *Builder) take(name string) bool {
	if b.names == nil {
		b.names = map[string]bool{}
	}
	if b.names[name] {
		b.fail("the name %q is used twice", name)
	}
	b.names[name] = true
	return b.err == nil
}

func (b *Builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf("graph: build: "+format, args...)
	}
}

// apply adds an operation on arguments of one element type.
func (b *Builder) apply(op Op, args ...*Value) *Value {
	for _, arg := range args {
		if arg.DType != args[0].DType {
			b.fail("%s of %s and %s", op, args[0].DType, arg.DType)
		}
	}
	return b.step(&Value{Op: op, DType: args[0].DType, Args: args})
}
