package graph

import "fmt"

// Evaluate returns the output for inputs by name, each an array [B,Width].
func (g *Graph) Evaluate(inputs map[string]Array) (Array, error) {
	values := map[*Value]Array{}
	for _, v := range g.Steps {
		a, err := evaluate(v, values, inputs)
		if err != nil {
			return Array{}, fmt.Errorf("graph: evaluate %s %q: %w", v.Op, v.Name, err)
		}
		if v.DType == Float32 {
			round(a.Data)
		}
		values[v] = a
	}
	return values[g.Output], nil
}

func evaluate(v *Value, values map[*Value]Array, inputs map[string]Array) (Array, error) {
	args := make([]Array, len(v.Args))
	for i, arg := range v.Args {
		args[i] = values[arg]
	}
	switch v.Op {
	case Input:
		return checkInput(v, inputs)
	case Constant:
		a := Array{Data: append([]float64{}, v.Data...)}
		for _, size := range v.Shape {
			a.Shape = append(a.Shape, int(size))
		}
		return a, nil
	}
	if do, ok := functions[v.Op]; ok {
		if a, ok := elementwise(args, do); ok {
			return a, nil
		}
	} else if do, ok := rows[v.Op]; ok {
		if a, ok := do(args, v.Ints); ok {
			return a, nil
		}
	}
	shapes := make([][]int, len(args))
	for i, a := range args {
		shapes[i] = a.Shape
	}
	return Array{}, fmt.Errorf("arguments of shapes %v do not fit", shapes)
}

func checkInput(v *Value, inputs map[string]Array) (Array, error) {
	a, ok := inputs[v.Name]
	if !ok {
		return Array{}, fmt.Errorf("it is not given")
	}
	if len(a.Shape) != 2 || a.Shape[1] != int(v.Width) || product(a.Shape) != len(a.Data) {
		return Array{}, fmt.Errorf("%d numbers of shape %v: want shape [B,%d]", len(a.Data), a.Shape, v.Width)
	}
	return Array{Shape: a.Shape, Data: append([]float64{}, a.Data...)}, nil
}

func round(data []float64) {
	for i, x := range data {
		data[i] = float64(float32(x))
	}
}
