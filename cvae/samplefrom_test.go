package cvae

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// Sample is SampleFrom with the generator's numbers, of which the decoder's noise has a part only where it is learned.
func TestSampleFrom(t *testing.T) {
	for _, c := range []Config{Reference(3, 2), Robust(3, 2, 500)} {
		bindingtest.NoLeak(t)
		m := newModel(t, c, binding.Float64, 1)
		for _, options := range [][]binding.Option{nil, {binding.NoGrad()}} { // one operation or many
			s, again := bindingtest.OpenSeeded(t, 4, options...), bindingtest.OpenSeeded(t, 4, options...)
			y := s.Full(0.3, binding.Float64, binding.CPU, 5, 2)
			want := bindingtest.Float64s(t, s, m.Sample(s, y))
			numbers := again.Normal(binding.Float64, 5, c.Latent)
			if c.LearnedVariance {
				numbers = again.Cat(1, numbers, again.Normal(binding.Float64, 5, 3))
				assert.Equal(t, c.Latent+3, m.Numbers())
			} else {
				assert.Equal(t, c.Latent, m.Numbers())
			}
			assert.Equal(t, want, bindingtest.Float64s(t, again, m.SampleFrom(again, numbers, y)))
		}
	}
}
