package export

import (
	"fmt"

	"github.com/gocei/gocei/export/graph"
)

// perceptron is nn.MLP: ELU after every layer but the last. Its constants are made once, however often it is used.
type perceptron struct {
	layers []layer
}

type layer struct{ weight, bias *graph.Value }

// perceptron returns the network of that name, with sizes from input to output.
func (w *weights) perceptron(name string, sizes ...int64) perceptron {
	var p perceptron
	for i := range sizes[1:] {
		p.layers = append(p.layers, layer{
			w.tensor(fmt.Sprintf("%s.%d.weight", name, i), sizes[i+1], sizes[i]),
			w.tensor(fmt.Sprintf("%s.%d.bias", name, i), sizes[i+1]),
		})
	}
	return p
}

func (p perceptron) forward(b *graph.Builder, x *graph.Value) *graph.Value {
	for i, layer := range p.layers {
		if i > 0 {
			x = b.ELU(x)
		}
		x = b.Linear(x, layer.weight, layer.bias)
	}
	return x
}

// widths returns sizes of a network's layers.
func widths(in int64, hidden []int64, out int64) []int64 {
	return append(append([]int64{in}, hidden...), out)
}
