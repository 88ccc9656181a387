package cinn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/modeltest"
)

type (
	law     = modeltest.Law[*Model]
	subject = modeltest.Subject[*Model]
)

// TestLaws holds every variant of the model to the laws of all families, and to those of a normalising flow.
func TestLaws(t *testing.T) {
	robust := func(dim, conditions int64) Config { return Robust(dim, conditions, manyRows) }
	affine := func(dim, conditions int64) Config {
		c := robust(dim, conditions)
		c.Coupling = AffineCoupling
		return c
	}
	for preset, config := range map[string]func(dim, conditions int64) Config{"reference": Reference, "robust": robust, "robust affine": affine} {
		for _, of := range modeltest.Cases() {
			for networks := 1; networks <= 2; networks++ {
				c := config(of.Dim, of.Conditions)
				if c.Coupling == SplineCoupling && networks == 2 {
					continue // a spline has one network in either case
				}
				c.Networks, c.Hidden = networks, []int64{32, 32} // narrow networks, to be quick
				t.Run(fmt.Sprintf("%s/D=%d,C=%d/networks=%d/%s/B=%d", preset, of.Dim, of.Conditions, networks, of.DType, of.Batch), func(t *testing.T) {
					bindingtest.NoLeak(t)
					u := modeltest.NewSubject(t, New, c, of)
					modeltest.Perturb(t, u.Model.Params(), 0.02)
					start(t, u)
					u.Hold(t, ownLaws()...)
				})
			}
		}
	}
}

// start shows the model other rows than those that it is tested on.
func start(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := modeltest.Normal(s, u.DType, 20, 500, u.Dim), modeltest.Normal(s, u.DType, 21, 500, u.Conditions)
	require.NoError(t, u.Model.Start(s, x, y))
}

// ownLaws are those of a normalising flow.
func ownLaws() []law {
	return []law{
		{Name: "shapes follow the batch", Holds: latentShapesFollowTheBatch},
		{Name: "the loss is the sum of its terms", Holds: lossIsTheMeanOfLogProb},
		{Name: "a row is alone", Holds: aRowsDensityIsAlone},
		{Name: "inverse and forward undo each other", Holds: inverseAndForwardUndoEachOther},
		{Name: "the determinant is the Jacobian's", Holds: determinantIsTheJacobians, Precise: true},
	}
}

func latentShapesFollowTheBatch(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	z, logDet := u.Model.Forward(s, x, y)
	assert.Equal(t, []int64{u.Batch, u.Dim}, bindingtest.Shape(t, s, z))
	assert.Equal(t, []int64{u.Batch}, bindingtest.Shape(t, s, logDet))
	assert.Equal(t, []int64{u.Batch, u.Dim}, bindingtest.Shape(t, s, u.Model.Inverse(s, z, y)))
}

func lossIsTheMeanOfLogProb(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := u.Rows(s)
	mean := bindingtest.Item(t, s, s.Mean(u.Model.LogProb(s, x, y)))
	total := bindingtest.Item(t, s, u.Model.Loss(s, x, y).Total)
	modeltest.AssertClose(t, []float64{-mean}, []float64{total}, 1e-5, "mean of -log p")
}

func aRowsDensityIsAlone(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := u.Rows(s)
	row := u.Batch / 2
	all := bindingtest.Float64s(t, s, u.Model.LogProb(s, x, y))
	alone := bindingtest.Float64s(t, s, u.Model.LogProb(s, s.Narrow(x, 0, row, 1), s.Narrow(y, 0, row, 1)))
	modeltest.AssertClose(t, all[row:row+1], alone, u.Tolerance(), "log p of a row without the others")
}

func inverseAndForwardUndoEachOther(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0, binding.NoGrad())
	x, y := u.Rows(s)
	same := func(want, got binding.Tensor, what string) {
		modeltest.AssertClose(t, bindingtest.Float64s(t, s, want), bindingtest.Float64s(t, s, got), u.Tolerance(), what)
	}
	z, _ := u.Model.Forward(s, x, y)
	same(x, u.Model.Inverse(s, z, y), "inverse(forward(x))")
	same(x, u.Model.RoundTrip(s, x, y), "round trip")
	z = s.Scale(x, 0.5) // not far out, where the reference's free scale may overflow on the way back
	back, _ := u.Model.Forward(s, u.Model.Inverse(s, z, y), y)
	same(z, back, "forward(inverse(z))")
}

func determinantIsTheJacobians(t *testing.T, u subject) {
	s := bindingtest.OpenSeeded(t, 0)
	x, y := u.Rows(s)
	s.RequireGrad(x)
	z, logDet := u.Model.Forward(s, x, y)
	d := int(u.Dim)
	jacobians := make([]*mat.Dense, u.Batch)
	for b := range jacobians {
		jacobians[b] = mat.NewDense(d, d, nil)
	}
	for i := range d {
		row := bindingtest.Float64s(t, s, s.Gradient(s.Narrow(z, 1, int64(i), 1), x)[0]) // rows of a batch do not mix
		for b, j := range jacobians {
			j.SetRow(i, row[b*d:(b+1)*d])
		}
	}
	var want []float64
	for _, j := range jacobians {
		logAbs, _ := mat.LogDet(j)
		want = append(want, logAbs)
	}
	modeltest.AssertClose(t, want, bindingtest.Float64s(t, s, logDet), 1e-12, "log|det|")
}
