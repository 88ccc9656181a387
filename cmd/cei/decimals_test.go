package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The largest number has five digits, and the others the same decimals.
func TestAlike(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   []string
	}{
		{[]float64{-1.46443, 0.5, 0}, []string{"-1.4644", "0.5000", "0.0000"}},
		{[]float64{1000, 0.04}, []string{"1000.0", "0.0"}},
		{[]float64{-123456, 1}, []string{"-123456", "1"}},
		{[]float64{9.99999, 1}, []string{"10.000", "1.000"}},
		{[]float64{0.1, -1e-9}, []string{"0.10000", "0.00000"}},
		{[]float64{-1.5e-13, 2}, []string{"0.0000", "2.0000"}},
		{[]float64{-1.5e-13, 0}, []string{"-1.50e-13", "0.00e+00"}},
		{[]float64{3e24}, []string{"3.00e+24"}},
		{[]float64{0, math.Copysign(0, -1)}, []string{"0", "0"}},
	} {
		assert.Equal(t, c.want, alike(c.values...), c.values)
	}
}

func TestBinEdgesTellBinsApart(t *testing.T) {
	assert.Equal(t, []string{"88.8", "91.3", "93.8"}, alikeDownTo(0.25, []float64{88.81, 91.32, 93.83}))
	assert.Equal(t, []string{"100.001", "100.013"}, alikeDownTo(0.0012, []float64{100.001, 100.0132}))
	assert.Equal(t, []string{"1.00e-44", "2.00e-44"}, alikeDownTo(1e-45, []float64{1e-44, 2e-44}))
}
