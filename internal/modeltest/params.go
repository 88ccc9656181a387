package modeltest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
)

// Perturb moves all weights off their first values, so that none is at a special one such as zero.
func Perturb(t testing.TB, p *nn.Params, size float64) {
	t.Helper()
	s := bindingtest.Open(t, binding.NoGrad())
	noise := s.FromFloat64s(Normals(99, p.Count()), p.DType(), p.Device(), int64(p.Count()))
	s.Copy(p.Flat(), s.Add(p.Flat(), s.Scale(noise, size)))
	require.NoError(t, s.Err())
}

// Set writes values, row by row, into the parameter or buffer of that name.
func Set(t testing.TB, p *nn.Params, name string, values ...float64) {
	t.Helper()
	all := slices.Concat(p.List(), p.Buffers())
	i := slices.IndexFunc(all, func(q *nn.Param) bool { return q.Name == name })
	require.GreaterOrEqual(t, i, 0, "there is no parameter %s", name)
	s := bindingtest.Open(t, binding.NoGrad())
	s.Copy(all[i].Tensor(), s.FromFloat64s(values, p.DType(), p.Device(), all[i].Shape...))
	require.NoError(t, s.Err(), name)
}

// SetAll writes values into every parameter; weights must name all of them and no other.
func SetAll(t testing.TB, p *nn.Params, weights map[string][]float64) {
	t.Helper()
	require.Len(t, p.List(), len(weights))
	for _, q := range p.List() {
		require.Contains(t, weights, q.Name)
		Set(t, p, q.Name, weights[q.Name]...)
	}
}

// Encode returns a model as it is saved: its parameters and buffers.
func Encode(t testing.TB, p *nn.Params) []byte {
	t.Helper()
	data, err := p.Encode()
	require.NoError(t, err)
	return data
}
