package calibration

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// network is a multilayer perceptron with ReLU between its layers and one output, the logit of the second class.
type network struct {
	layers []*layer
	steps  int
}

// layer is y = x·weights + bias with Adam's running moments of both gradients.
type layer struct {
	weights, bias adamParameter
	input, output mat.Dense // of the last batch
}

type adamParameter struct {
	value, gradient, first, second *mat.Dense
}

func newParameter(rows, cols int) adamParameter {
	zeros := func() *mat.Dense { return mat.NewDense(rows, cols, nil) }
	return adamParameter{zeros(), zeros(), zeros(), zeros()}
}

// newNetwork returns a network with weights drawn as X. Glorot and Y. Bengio do (AISTATS 2010, with gain 1).
func newNetwork(random *rand.Rand, widths ...int) *network {
	n := &network{}
	for i, out := range widths[1:] {
		in := widths[i]
		l := &layer{weights: newParameter(in, out), bias: newParameter(1, out)}
		bound := math.Sqrt(6 / float64(in+out))
		l.weights.value.Apply(func(_, _ int, _ float64) float64 { return bound * (2*random.Float64() - 1) }, l.weights.value)
		n.layers = append(n.layers, l)
	}
	return n
}

// logits returns the output [n] for a batch [n, D].
func (n *network) logits(batch *mat.Dense) []float64 {
	x := batch
	for i, l := range n.layers {
		l.input.CloneFrom(x)
		l.output.Reset()
		l.output.Mul(x, l.weights.value)
		bias, raw := l.bias.value.RawRowView(0), l.output.RawMatrix()
		for r := range raw.Rows {
			row := raw.Data[r*raw.Stride : r*raw.Stride+raw.Cols]
			for j := range row {
				if row[j] += bias[j]; i < len(n.layers)-1 && row[j] < 0 {
					row[j] = 0
				}
			}
		}
		x = &l.output
	}
	return mat.Col(nil, 0, x)
}

// step makes one step of Adam on the mean logistic loss of a batch whose labels are 0 or 1, and returns the loss.
func (n *network) step(batch *mat.Dense, labels []float64) float64 {
	logits := n.logits(batch)
	n.backward(slopes(logits, labels))
	n.steps++
	for _, l := range n.layers {
		l.weights.adam(n.steps)
		l.bias.adam(n.steps)
	}
	return meanLoss(logits, labels)
}

func meanLoss(logits, labels []float64) (loss float64) {
	for i, z := range logits {
		loss += math.Max(z, 0) - z*labels[i] + math.Log1p(math.Exp(-math.Abs(z)))
	}
	return loss / float64(len(logits))
}

// slopes returns the gradient [n, 1] of meanLoss by the logits.
func slopes(logits, labels []float64) *mat.Dense {
	all := mat.NewDense(len(logits), 1, nil)
	for i, z := range logits {
		all.Set(i, 0, (1/(1+math.Exp(-z))-labels[i])/float64(len(logits)))
	}
	return all
}

// backward fills the gradients, from that of the loss by the output.
func (n *network) backward(slope *mat.Dense) {
	for i := len(n.layers) - 1; i >= 0; i-- {
		l := n.layers[i]
		l.weights.gradient.Mul(l.input.T(), slope)
		rows, cols := slope.Dims()
		for j := range cols {
			l.bias.gradient.Set(0, j, mat.Sum(slope.Slice(0, rows, j, j+1)))
		}
		if i == 0 {
			return
		}
		var below mat.Dense
		below.Mul(slope, l.weights.value.T())
		below.Apply(func(r, c int, v float64) float64 {
			if l.input.At(r, c) <= 0 {
				return 0
			}
			return v
		}, &below)
		slope = &below
	}
}

// adam makes a step with the settings of D. P. Kingma and J. Ba (ICLR 2015), learning rate 0.001.
func (p adamParameter) adam(step int) {
	const rate, beta1, beta2, epsilon = 1e-3, 0.9, 0.999, 1e-8
	size := rate * math.Sqrt(1-math.Pow(beta2, float64(step))) / (1 - math.Pow(beta1, float64(step)))
	value, first, second := p.value.RawMatrix().Data, p.first.RawMatrix().Data, p.second.RawMatrix().Data
	for i, g := range p.gradient.RawMatrix().Data {
		first[i] = beta1*first[i] + (1-beta1)*g
		second[i] = beta2*second[i] + (1-beta2)*g*g
		value[i] -= size * first[i] / (math.Sqrt(second[i]) + epsilon)
	}
}

// weights returns a copy of all weights and biases.
func (n *network) weights() (all []*mat.Dense) {
	for _, l := range n.layers {
		all = append(all, mat.DenseCopyOf(l.weights.value), mat.DenseCopyOf(l.bias.value))
	}
	return all
}

func (n *network) setWeights(all []*mat.Dense) {
	for i, l := range n.layers {
		l.weights.value.Copy(all[2*i])
		l.bias.value.Copy(all[2*i+1])
	}
}
