package onnx

import "github.com/gocei/gocei/export/graph"

// ONNX Runtime has no Elu and no Softplus of float64 on the CPU, so these are written as what they consist of.

func (n *nodes) doubleELU(v *graph.Value) {
	x, part := v.Args[0].Name, partsOf(v)
	n.node("Less", part("positive"), []string{n.number(0), x})
	n.node("Exp", part("exp"), []string{x})
	n.node("Sub", part("less"), []string{part("exp"), n.number(1)})
	n.node("Where", v.Name, []string{part("positive"), x, part("less")})
}

// doubleSoftplus is max(x, 0) + log(1 + exp(-|x|)), which does not overflow.
func (n *nodes) doubleSoftplus(v *graph.Value) {
	x, part := v.Args[0].Name, partsOf(v)
	n.node("Less", part("positive"), []string{n.number(0), x})
	n.node("Where", part("high"), []string{part("positive"), x, n.number(0)})
	n.node("Abs", part("size"), []string{x})
	n.node("Sub", part("negative"), []string{n.number(0), part("size")})
	n.node("Exp", part("exp"), []string{part("negative")})
	n.node("Add", part("sum"), []string{part("exp"), n.number(1)})
	n.node("Log", part("log"), []string{part("sum")})
	n.node("Add", v.Name, []string{part("high"), part("log")})
}

func partsOf(v *graph.Value) func(name string) string {
	return func(name string) string { return v.Name + "." + name }
}
