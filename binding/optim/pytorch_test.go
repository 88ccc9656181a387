package optim_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/optim"
)

// run is what PyTorch's optimiser did; testdata/adam.py wrote it down.
type run struct {
	DType    binding.DType `json:"dtype"`
	Settings struct {
		Name string `json:"name"`
		optim.AdamConfig
	} `json:"settings"`
	Start []float64 `json:"start"`
	Steps []struct {
		Rate       float64   `json:"rate"`
		Gradient   []float64 `json:"gradient"`
		Norm       float64   `json:"norm"`
		Parameters []float64 `json:"parameters"`
		Mean       []float64 `json:"mean"`
		Square     []float64 `json:"square"`
	} `json:"steps"`
}

// tolerance is rounding. Where clipping acts, PyTorch divides by the norm plus 1e-6, and this package by the norm.
func (r run) tolerance() float64 {
	switch {
	case r.DType == binding.Float32:
		return 2e-6
	case r.Settings.ClipNorm > 0:
		return 1e-6
	}
	return 1e-14
}

func TestAdamIsPyTorchs(t *testing.T) {
	bindingtest.NoLeak(t)
	data, err := os.ReadFile("testdata/adam.json")
	require.NoError(t, err)
	var runs []run
	require.NoError(t, json.Unmarshal(data, &runs))
	require.NotEmpty(t, runs)
	for _, r := range runs {
		for _, on := range bindingtest.Devices(t) {
			t.Run(r.Settings.Name+"/"+r.DType.String()+"/"+on.String(), func(t *testing.T) { follow(t, r, on) })
		}
	}
}

// follow makes the run's steps and holds every number against PyTorch's.
func follow(t *testing.T, r run, on binding.Device) {
	p := parameters(t, r.DType, on, []int64{3}, []int64{2, 2})
	a := newAdam(t, p, r.Settings.AdamConfig)
	set(t, p.Flat(), r.Start)
	for i, step := range r.Steps {
		set(t, p.Gradient(), step.Gradient)
		s := bindingtest.Open(t)
		norm, err := s.Item(a.Step(s, step.Rate))
		require.NoError(t, err)
		assert.InDelta(t, step.Norm, norm, 1e-6)
		mean, square := a.Moments()
		assert.InDeltaSlice(t, step.Parameters, bindingtest.Values(t, p.Flat()), r.tolerance())
		assert.InDeltaSlice(t, step.Mean, bindingtest.Values(t, mean), r.tolerance())
		assert.InDeltaSlice(t, step.Square, bindingtest.Values(t, square), r.tolerance())
		assert.Equal(t, make([]float64, p.Count()), bindingtest.Values(t, p.Gradient()), "the gradient is zeroed")
		assert.Equal(t, int64(i+1), a.Steps())
	}
}
