package torchscript

import (
	"fmt"
	"strings"

	"github.com/gocei/gocei/export/graph"
)

// scalarTypes are PyTorch's numbers of element types.
var scalarTypes = map[graph.DType]int{graph.Int64: 4, graph.Float32: 6, graph.Float64: 7, graph.Bool: 11}

// formats are expressions of the arguments.
var formats = map[graph.Op]string{
	graph.Add: "torch.add(%s, %s)", graph.Sub: "torch.sub(%s, %s)", graph.Mul: "torch.mul(%s, %s)", graph.Div: "torch.div(%s, %s)",
	graph.AtLeast: "torch.ge(%s, %s)", graph.Less: "torch.lt(%s, %s)", graph.Where: "torch.where(%s, %s, %s)",
	graph.Exp: "torch.exp(%s)", graph.Log: "torch.log(%s)", graph.Sqrt: "torch.sqrt(%s)", graph.Abs: "torch.abs(%s)",
	graph.Tanh: "torch.tanh(%s)", graph.Round: "torch.round(%s)", graph.Softplus: "torch.softplus(%s)", graph.ELU: "torch.elu(%s)",
	graph.Clamp: "torch.clamp(%s, %s, %s)", graph.Linear: "torch.linear(%s, %s, %s)",
	graph.Sum: "torch.sum(%s, [-1])", graph.Count: "torch.sum(%s, [-1], True)", graph.Softmax: "torch.softmax(%s, -1)",
	graph.CumSum: "torch.cumsum(%s, -1)", graph.Select: "torch.index_select(%s, -1, %s)", graph.Gather: "torch.gather(%s, -1, %s)",
}

// source returns the text of the method forward.
func source(g *graph.Graph) (string, error) {
	var text strings.Builder
	text.WriteString("def forward(self")
	for _, in := range g.Inputs {
		fmt.Fprintf(&text, ", %s: Tensor", in.Name)
	}
	text.WriteString(") -> Tensor:\n")
	for _, v := range g.Steps {
		if v.Op == graph.Constant {
			continue
		}
		e, err := expression(v)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "    %s = %s\n", variable(v), e)
	}
	fmt.Fprintf(&text, "    return %s\n", variable(g.Output))
	return text.String(), nil
}

func expression(v *graph.Value) (string, error) {
	args := make([]string, len(v.Args))
	for i, arg := range v.Args {
		args[i] = variable(arg)
	}
	if format, ok := formats[v.Op]; ok {
		list := make([]any, len(args))
		for i, arg := range args {
			list[i] = arg
		}
		return fmt.Sprintf(format, list...), nil
	}
	switch v.Op {
	case graph.Input:
		return fmt.Sprintf("torch.to(%s, %d)", v.Name, scalarTypes[v.DType]), nil
	case graph.Cast:
		return fmt.Sprintf("torch.to(%s, %d)", args[0], scalarTypes[v.DType]), nil
	case graph.Concat:
		return fmt.Sprintf("torch.cat([%s], -1)", strings.Join(args, ", ")), nil
	case graph.Slice:
		return fmt.Sprintf("torch.narrow(%s, -1, %d, %d)", args[0], v.Ints[0], v.Ints[1]-v.Ints[0]), nil
	case graph.Reshape:
		return fmt.Sprintf("torch.reshape(%s, [%s])", args[0], strings.Trim(strings.Join(strings.Fields(fmt.Sprint(v.Ints)), ", "), "[]")), nil
	}
	return "", fmt.Errorf("step %q: TorchScript has no operation for %q here", v.Name, v.Op)
}

// variable returns the name of a step in the source. Names of constants are those of the module's buffers.
func variable(v *graph.Value) string {
	name := strings.NewReplacer(".", "_", "-", "_").Replace(v.Name)
	if v.Op == graph.Constant {
		return "self." + name
	}
	return name
}
