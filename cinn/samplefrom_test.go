package cinn

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// Sample is SampleFrom with the generator's numbers.
func TestSampleFrom(t *testing.T) {
	bindingtest.NoLeak(t)
	m := newModel(t, Robust(3, 2, 500), binding.Float64, 1)
	assert.Equal(t, int64(3), m.Numbers())
	s, again := bindingtest.OpenSeeded(t, 4, binding.NoGrad()), bindingtest.OpenSeeded(t, 4, binding.NoGrad())
	y := s.Full(0.3, binding.Float64, binding.CPU, 5, 2)
	want := bindingtest.Float64s(t, s, m.Sample(s, y))
	assert.Equal(t, want, bindingtest.Float64s(t, again, m.SampleFrom(again, again.Normal(binding.Float64, 5, 3), y)))
}
