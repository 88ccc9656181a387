package graph

// Value is a step of a graph: an input, a constant, or an operation on steps before it.
type Value struct {
	Op    Op
	DType DType
	Name  string // unique within the graph
	Args  []*Value
	Ints  []int64

	Width int64     // of an input [B,Width]
	Shape []int64   // of a constant; none of a scalar
	Data  []float64 // of a constant, row by row
}

// Graph is a function of its inputs.
type Graph struct {
	Inputs []*Value
	Steps  []*Value // all that the output needs, inputs and constants too, each after its arguments
	Output *Value
}

// Constants returns the constants among the steps.
func (g *Graph) Constants() (all []*Value) {
	for _, v := range g.Steps {
		if v.Op == Constant {
			all = append(all, v)
		}
	}
	return all
}

// prune returns the steps that an output needs, in their order, and all inputs.
func prune(steps []*Value, output *Value) (kept []*Value) {
	needed := map[*Value]bool{output: true}
	for i := len(steps) - 1; i >= 0; i-- {
		if needed[steps[i]] {
			for _, arg := range steps[i].Args {
				needed[arg] = true
			}
		}
	}
	for _, v := range steps {
		if needed[v] || v.Op == Input {
			kept = append(kept, v)
		}
	}
	return kept
}
