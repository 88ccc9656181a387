package calibration

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Gradients are those that differences of the loss give, to the digits that float32 has.
func TestGradientOfTheClassifier(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	n := newNetwork(random, 0.3, 2, 40, 4, 1)
	x, labels := newMatrix(6, 2), []float32{0, 1, 1, 0, 1, 0}
	for i := range x.data {
		x.data[i] = float32(random.NormFloat64())
	}
	loss := func() float64 { return meanLoss(n.logits(x), labels) + n.penalty(x.rows) }
	n.backward(slopes(n.logits(x), labels))
	for _, l := range n.layers {
		for k, was := range l.value {
			const by = 1e-3
			l.value[k] = was + by
			above := loss()
			l.value[k] = was - by
			below := loss()
			l.value[k] = was
			require.InDelta(t, (above-below)/(2*by), l.slope[k], 2e-3)
		}
	}
}

// Both ways of multiplying are the same product.
func TestMultiply(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	for _, inner := range []int{1, 31, 32, 70} {
		a, b, product := newMatrix(3, inner), newMatrix(5, inner), newMatrix(3, 5)
		for _, m := range []matrix{a, b} {
			for i := range m.data {
				m.data[i] = random.Float32()
			}
		}
		product.multiply(a, b)
		for i := range a.rows {
			for j := range b.rows {
				want := 0.0
				for k, v := range a.row(i) {
					want += float64(v * b.row(j)[k])
				}
				require.InDelta(t, want, product.row(i)[j], 1e-4)
			}
		}
	}
}
