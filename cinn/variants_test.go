package cinn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

// variants are all ways to combine couplings, permutations and activation normalisation.
func variants() (all []Config) {
	for _, coupling := range []CouplingKind{AffineCoupling, SplineCoupling} {
		for _, permutation := range []Permutation{Flip, RandomPermutation, LinearPermutation} {
			for _, norm := range []bool{false, true} {
				all = append(all, Config{
					Couplings: 3, Hidden: []int64{16}, Networks: 2, Clamp: 1,
					Coupling: coupling, Bins: 5, Bound: 3, Permutation: permutation, ActNorm: norm,
				})
			}
		}
	}
	return all
}

func (c Config) title() string {
	return fmt.Sprintf("%s/%s/actnorm=%t", c.Coupling, c.Permutation, c.ActNorm)
}

// TestLawsOfVariants holds every combination to the laws that the presets are held to.
func TestLawsOfVariants(t *testing.T) {
	for _, c := range variants() {
		for _, of := range []modeltest.Case{
			{Dim: 2, Conditions: 1, DType: binding.Float64, Batch: 33},
			{Dim: 5, Conditions: 2, DType: binding.Float32, Batch: 33},
			{Dim: 5, Conditions: 2, DType: binding.Float64, Batch: 1},
			{Dim: 9, Conditions: 9, DType: binding.Float64, Batch: 33},
		} {
			c.Dim, c.Conditions = of.Dim, of.Conditions
			t.Run(fmt.Sprintf("%s/D=%d,C=%d/%s/B=%d", c.title(), of.Dim, of.Conditions, of.DType, of.Batch), func(t *testing.T) {
				bindingtest.NoLeak(t)
				u := modeltest.NewSubject(t, New, c, of)
				modeltest.Perturb(t, u.Model.Params(), 0.05)
				u.Hold(t, ownLaws()...)
			})
		}
	}
}

// A spline's network that starts at zero leaves everything where it is, and so does a linear map but for its order.
func TestZeroLastVariantsStartAsPermutations(t *testing.T) {
	for _, c := range variants() {
		t.Run(c.title(), func(t *testing.T) {
			bindingtest.NoLeak(t)
			c.Dim, c.Conditions, c.ZeroLast = 5, 2, true
			m := newModel(t, c, binding.Float64, 1)
			s := bindingtest.OpenSeeded(t, 0)
			x, y := modeltest.Normal(s, binding.Float64, 2, 7, 5), modeltest.Normal(s, binding.Float64, 3, 7, 2)
			z, logDet := m.Forward(s, x, y)
			modeltest.AssertClose(t, make([]float64, 7), bindingtest.Float64s(t, s, logDet), 1e-13, "log|det|")
			before, after := bindingtest.Float64s(t, s, x), bindingtest.Float64s(t, s, z)
			for row := range 7 {
				for _, v := range before[5*row : 5*row+5] {
					near := 0
					for _, w := range after[5*row : 5*row+5] {
						if d := v - w; d < 1e-12 && d > -1e-12 {
							near++
						}
					}
					assert.Equal(t, 1, near, "row %d: %v is among its coordinates", row, v)
				}
			}
		})
	}
}

// Random permutations follow from the seed, and every coupling finds a column that the one before it transformed.
func TestRandomPermutationsMix(t *testing.T) {
	bindingtest.NoLeak(t)
	for _, dim := range []int64{2, 3, 9} {
		c := Config{Dim: dim, Conditions: 1, Couplings: 12, Networks: 1, Permutation: RandomPermutation}
		encoded := func(seed uint64) []byte { return modeltest.Encode(t, newModel(t, c, binding.Float32, seed).Params()) }
		assert.Equal(t, encoded(3), encoded(3))
		m := newModel(t, c, binding.Float32, 3)
		s := bindingtest.OpenSeeded(t, 0)
		seen := map[string]bool{}
		for i, b := range m.blocks {
			p := bindingtest.Float64s(t, s, b.mixing.permutation.Tensor())
			seen[fmt.Sprint(p)] = true
			fresh := false
			for from := dim / 2; from < dim; from++ {
				for to := range dim / 2 {
					fresh = fresh || p[from*dim+to] == 1
				}
			}
			assert.True(t, fresh, "coupling %d of %d columns", i, dim)
		}
		assert.Equal(t, dim > 2, len(seen) > 1, "another for each coupling, where there is another")
	}
}

// What was stored before there was a choice is what the defaults are stored as.
func TestDefaultsHaveOneSpelling(t *testing.T) {
	bindingtest.NoLeak(t)
	plain := Reference(3, 2)
	spelt := plain
	spelt.Coupling, spelt.Permutation, spelt.Bins = AffineCoupling, Flip, 7
	a, b := newModel(t, plain, binding.Float32, 1), newModel(t, spelt, binding.Float32, 1)
	assert.Equal(t, modeltest.Encode(t, a.Params()), modeltest.Encode(t, b.Params()))
	for _, word := range []string{"permutation", "coupling\"", "bins", "bound", "act_norm"} {
		assert.NotContains(t, string(a.Params().Architecture().Config), word)
	}
	c := plain
	c.Coupling = SplineCoupling
	got := newModel(t, c, binding.Float32, 1).Config()
	assert.Equal(t, 8, got.Bins)
	assert.Equal(t, 4.0, got.Bound)
}
