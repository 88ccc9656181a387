package onnx

import (
	"fmt"

	"github.com/gocei/gocei/export/graph"
)

// nodes collects what a GraphProto consists of.
type nodes struct {
	nodes, tensors []message
	known          map[string]bool // names of the file's own tensors
}

// plain are the operators that take the arguments as they are, without attributes.
var plain = map[graph.Op]string{
	graph.Add: "Add", graph.Sub: "Sub", graph.Mul: "Mul", graph.Div: "Div", graph.AtLeast: "GreaterOrEqual", graph.Less: "Less",
	graph.Where: "Where", graph.Exp: "Exp", graph.Log: "Log", graph.Sqrt: "Sqrt", graph.Abs: "Abs", graph.Tanh: "Tanh",
	graph.Round: "Round", graph.Softplus: "Softplus", graph.ELU: "Elu", graph.Clamp: "Clip",
}

// add appends the nodes that compute a step.
func (n *nodes) add(v *graph.Value) error {
	var in []string
	for _, arg := range v.Args {
		in = append(in, arg.Name)
	}
	if operator, ok := plain[v.Op]; ok && !(v.DType == graph.Float64 && (v.Op == graph.ELU || v.Op == graph.Softplus)) {
		n.node(operator, v.Name, in)
		return nil
	}
	last := attribute{"axis", -1}
	switch v.Op {
	case graph.Input:
	case graph.ELU:
		n.doubleELU(v)
	case graph.Softplus:
		n.doubleSoftplus(v)
	case graph.Constant:
		n.tensors = append(n.tensors, encodeTensor(v.Name, v.DType, v.Data, v.Shape))
	case graph.Cast:
		n.node("Cast", v.Name, in, attribute{"to", dataTypes[v.DType]})
	case graph.Linear:
		n.node("Gemm", v.Name, in, attribute{"transB", 1})
	case graph.Sum:
		n.node("ReduceSum", v.Name, append(in, n.integers(-1)), attribute{"keepdims", 0})
	case graph.Count:
		n.node("Cast", v.Name+".numbers", in, attribute{"to", dataTypes[graph.Int64]})
		n.node("ReduceSum", v.Name, []string{v.Name + ".numbers", n.integers(-1)}, attribute{"keepdims", 1})
	case graph.Softmax:
		n.node("Softmax", v.Name, in, last)
	case graph.CumSum:
		n.node("CumSum", v.Name, append(in, n.integers(-1)))
	case graph.Concat:
		n.node("Concat", v.Name, in, last)
	case graph.Slice:
		n.node("Slice", v.Name, append(in, n.integers(v.Ints[0]), n.integers(v.Ints[1]), n.integers(-1)))
	case graph.Select:
		n.node("Gather", v.Name, in, last)
	case graph.Gather:
		n.node("GatherElements", v.Name, in, last)
	case graph.Reshape:
		n.node("Reshape", v.Name, append(in, n.integers(v.Ints...)))
	default:
		return fmt.Errorf("ONNX has no operator for %q here", v.Op)
	}
	return nil
}

// attribute is an AttributeProto with an integer.
type attribute struct {
	name  string
	value int64
}

func (n *nodes) node(operator, output string, in []string, attributes ...attribute) {
	var m message
	for _, name := range in {
		m.text(1, name)
	}
	m.text(2, output)
	m.text(3, output)
	m.text(4, operator)
	for _, a := range attributes {
		const integer = 2 // of AttributeProto.AttributeType
		var encoded message
		encoded.text(1, a.name)
		encoded.integer(3, a.value)
		encoded.integer(20, integer)
		m.bytes(5, encoded)
	}
	n.nodes = append(n.nodes, m)
}

// integers returns the name of a list of integers.
func (n *nodes) integers(values ...int64) string {
	data := make([]float64, len(values))
	for i, v := range values {
		data[i] = float64(v)
	}
	return n.tensor(fmt.Sprintf("integers%v", values), graph.Int64, data, int64(len(values)))
}

// number returns the name of a float64.
func (n *nodes) number(value float64) string {
	return n.tensor(fmt.Sprintf("number[%v]", value), graph.Float64, []float64{value})
}

// tensor returns the name of a tensor that is the file's own, and is written once.
func (n *nodes) tensor(name string, dtype graph.DType, data []float64, shape ...int64) string {
	if n.known == nil {
		n.known = map[string]bool{}
	}
	if !n.known[name] {
		n.known[name] = true
		n.tensors = append(n.tensors, encodeTensor(name, dtype, data, shape))
	}
	return name
}
