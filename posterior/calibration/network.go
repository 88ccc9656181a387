package calibration

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas32"
)

// network is a multilayer perceptron with ReLU between its layers and one output, the logit of the second class. It
// computes in float32, as the benchmark's classifier does on its samples.
type network struct {
	layers []*layer
	decay  float32 // the loss has ½·decay·|weights|²/batch besides
	steps  int
}

// layer is y = x·weightsᵀ + bias.
type layer struct {
	weights matrix    // [out, in]
	bias    matrix    // [1, out]
	value   []float32 // of weights and biases, and what Adam keeps of them
	slope   []float32
	first   []float32
	second  []float32

	weightSlope, biasSlope matrix
	input, output          matrix // of the last batch
}

// newNetwork returns a network whose weights and biases are drawn as X. Glorot and Y. Bengio draw weights (AISTATS 2010,
// with gain 1).
func newNetwork(random *rand.Rand, decay float32, widths ...int) *network {
	n := &network{decay: decay}
	for i, out := range widths[1:] {
		l := newLayer(widths[i], out)
		bound := math.Sqrt(6 / float64(widths[i]+out))
		for k := range l.value {
			l.value[k] = float32(bound * (2*random.Float64() - 1))
		}
		n.layers = append(n.layers, l)
	}
	return n
}

func newLayer(in, out int) *layer {
	size := (in + 1) * out
	l := &layer{value: make([]float32, size), slope: make([]float32, size), first: make([]float32, size), second: make([]float32, size)}
	l.weights, l.bias = split(l.value, in, out)
	l.weightSlope, l.biasSlope = split(l.slope, in, out)
	return l
}

func split(all []float32, in, out int) (weights, bias matrix) {
	return matrix{out, in, all[:in*out]}, matrix{1, out, all[in*out:]}
}

// logits returns the output [n] for a batch [n, D], in memory that the next call uses again.
func (n *network) logits(batch matrix) []float32 {
	x := batch
	for i, l := range n.layers {
		l.input = x
		l.output.resize(x.rows, l.weights.rows)
		l.output.multiply(x, l.weights)
		bias := l.bias.data
		for r := range l.output.rows {
			row := l.output.row(r)
			for j, b := range bias {
				if row[j] += b; i < len(n.layers)-1 && row[j] < 0 {
					row[j] = 0
				}
			}
		}
		x = l.output
	}
	return x.data
}

// step makes one step of Adam on the loss of a batch whose labels are 0 or 1, and returns the loss.
func (n *network) step(batch matrix, labels []float32) (loss float64) {
	logits := n.logits(batch)
	loss = meanLoss(logits, labels) + n.penalty(batch.rows)
	n.backward(slopes(logits, labels))
	n.steps++
	for _, l := range n.layers {
		l.adam(n.steps)
	}
	return loss
}

func (n *network) penalty(rows int) float64 {
	var sum float32
	for _, l := range n.layers {
		v := blas32.Vector{N: len(l.weights.data), Inc: 1, Data: l.weights.data}
		sum += blas32.Dot(v, v)
	}
	return 0.5 * float64(n.decay*sum) / float64(rows)
}

func meanLoss(logits, labels []float32) (loss float64) {
	for i, logit := range logits {
		z := float64(logit)
		loss += math.Max(z, 0) - z*float64(labels[i]) + math.Log1p(math.Exp(-math.Abs(z)))
	}
	return loss / float64(len(logits))
}

// slopes returns the gradient [n, 1] of meanLoss by the logits.
func slopes(logits, labels []float32) matrix {
	all := matrix{len(logits), 1, make([]float32, len(logits))}
	for i, z := range logits {
		all.data[i] = (float32(1/(1+math.Exp(-float64(z)))) - labels[i]) / float32(len(logits))
	}
	return all
}

// backward fills the gradients, from that of the mean loss by the output.
func (n *network) backward(slope matrix) {
	decay := n.decay / float32(slope.rows)
	for i := len(n.layers) - 1; i >= 0; i-- {
		l := n.layers[i]
		across := slope.transposed()
		l.weightSlope.multiply(across, l.input.transposed())
		for k, w := range l.weights.data {
			l.weightSlope.data[k] += decay * w
		}
		for j := range across.rows {
			var sum float32
			for _, v := range across.row(j) {
				sum += v
			}
			l.biasSlope.data[j] = sum
		}
		if i > 0 {
			slope = l.below(slope)
		}
	}
}

// below returns the gradient [n, in] by the layer's input, a ReLU's output, from that by its own output [n, out].
func (l *layer) below(slope matrix) matrix {
	below := newMatrix(slope.rows, l.weights.cols)
	below.multiply(slope, l.weights.transposed())
	for k, x := range l.input.data {
		if x <= 0 {
			below.data[k] = 0
		}
	}
	return below
}

// adam makes a step with the settings of D. P. Kingma and J. Ba (ICLR 2015), learning rate 0.001.
func (l *layer) adam(step int) {
	const rate, beta1, beta2, epsilon = 1e-3, 0.9, 0.999, 1e-8
	size := float32(rate * math.Sqrt(1-math.Pow(beta2, float64(step))) / (1 - math.Pow(beta1, float64(step))))
	for i, g := range l.slope {
		l.first[i] = beta1*l.first[i] + (1-beta1)*g
		l.second[i] = beta2*l.second[i] + (1-beta2)*g*g
		l.value[i] -= size * l.first[i] / (float32(math.Sqrt(float64(l.second[i]))) + epsilon)
	}
}

// weights returns a copy of all weights and biases.
func (n *network) weights() (all [][]float32) {
	for _, l := range n.layers {
		all = append(all, append([]float32{}, l.value...))
	}
	return all
}

func (n *network) setWeights(all [][]float32) {
	for i, l := range n.layers {
		copy(l.value, all[i])
	}
}
