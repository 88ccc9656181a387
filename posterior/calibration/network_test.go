package calibration

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// Gradients are those that differences of the loss give.
func TestGradientOfTheClassifier(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	n := newNetwork(random, 2, 5, 4, 1)
	x, labels := mat.NewDense(6, 2, nil), []float64{0, 1, 1, 0, 1, 0}
	x.Apply(func(_, _ int, _ float64) float64 { return random.NormFloat64() }, x)
	lossAfter := func(value *mat.Dense, i, j int, by float64) float64 {
		was := value.At(i, j)
		value.Set(i, j, was+by)
		defer value.Set(i, j, was)
		return meanLoss(n.logits(x), labels)
	}
	n.backward(slopes(n.logits(x), labels))
	for _, l := range n.layers {
		for _, p := range []adamParameter{l.weights, l.bias} {
			gradient := mat.DenseCopyOf(p.gradient)
			rows, cols := gradient.Dims()
			for i := range rows {
				for j := range cols {
					numeric := (lossAfter(p.value, i, j, 1e-6) - lossAfter(p.value, i, j, -1e-6)) / 2e-6
					require.InDelta(t, numeric, gradient.At(i, j), 1e-7)
				}
			}
		}
	}
}
