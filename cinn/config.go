package cinn

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
)

// Config says how a Model is built.
type Config struct {
	Dim        int64   `json:"dim"`        // D, of the positions: at least 2
	Conditions int64   `json:"conditions"` // C, of the momenta: at least 1
	Couplings  int     `json:"couplings"`  // each followed by a flip, or what Permutation says
	Hidden     []int64 `json:"hidden"`     // widths of the hidden ELU layers of each network
	Networks   int     `json:"networks"`   // 2: s and t have a network each; 1: they share one
	Clamp      float64 `json:"clamp"`      // s is bounded softly to ±Clamp; 0 leaves it free
	ZeroLast   bool    `json:"zero_last"`  // networks start at zero, so that the flow starts as the identity

	Coupling    CouplingKind `json:"coupling,omitempty"`    // empty for AffineCoupling
	Bins        int          `json:"bins,omitempty"`        // of each spline, from 2 to 999; 0 for 8
	Bound       float64      `json:"bound,omitempty"`       // splines are the identity outside ±Bound; 0 for 4
	Permutation Permutation  `json:"permutation,omitempty"` // empty for Flip
	ActNorm     bool         `json:"act_norm,omitempty"`    // coordinates are normalised before each coupling
	Trend       int          `json:"trend,omitempty"`       // degree of the polynomial in y that x is taken from first, see nn.Trend; 0 for none
}

// Reference returns the proposal's model: 20 couplings, each followed by a flip, s unbounded. It gives no sizes of the
// networks; here they are two, with two hidden layers of 128.
func Reference(dim, conditions int64) Config {
	return Config{Dim: dim, Conditions: conditions, Couplings: 20, Hidden: []int64{128, 128}, Networks: 2}
}

// Robust returns the reference with what keeps training stable: s bounded to ±1 (Ardizzone et al. 2019), a flow that
// starts as the identity (Kingma & Dhariwal 2018, arXiv:1807.03039), and what the number of rows to train on can
// determine: a trend of degree 4 at most; 8 affine couplings of width 32 below 2,000 rows, 8 splines of width 64 below
// 100,000, and 10 of width 128 from there on.
func Robust(dim, conditions int64, trainRows int) Config {
	c := Reference(dim, conditions)
	c.Clamp, c.ZeroLast, c.Trend = 1, true, nn.TrendDegree(conditions, trainRows, 4)
	switch {
	case trainRows < 2000:
		c.Couplings, c.Hidden = 8, []int64{32, 32}
	case trainRows < 100_000:
		c.Coupling, c.Couplings, c.Hidden = SplineCoupling, 8, []int64{64, 64}
	default:
		c.Coupling, c.Couplings = SplineCoupling, 10
	}
	return c.normal()
}

func (c Config) check() error {
	switch {
	case c.Dim < 2:
		return fmt.Errorf("cinn: check config: a coupling needs 2 coordinates or more, got %d", c.Dim)
	case c.Conditions < 1:
		return fmt.Errorf("cinn: check config: there must be a condition, got %d", c.Conditions)
	case c.Couplings < 1:
		return fmt.Errorf("cinn: check config: there must be a coupling, got %d", c.Couplings)
	case c.Networks != 1 && c.Networks != 2:
		return fmt.Errorf("cinn: check config: a coupling has 1 network or 2, got %d", c.Networks)
	case c.Clamp < 0:
		return fmt.Errorf("cinn: check config: the clamp must not be negative, got %g", c.Clamp)
	case c.Coupling != "" && c.Coupling != SplineCoupling:
		return fmt.Errorf("cinn: check config: a coupling is %s or %s, got %q", AffineCoupling, SplineCoupling, c.Coupling)
	case c.Permutation != "" && c.Permutation != RandomPermutation && c.Permutation != LinearPermutation:
		return fmt.Errorf("cinn: check config: a permutation is %s, %s or %s, got %q", Flip, RandomPermutation, LinearPermutation, c.Permutation)
	case c.Coupling == SplineCoupling && (c.Bins < 2 || c.Bins > 999):
		return fmt.Errorf("cinn: check config: a spline has from 2 to 999 bins, got %d", c.Bins)
	case c.Coupling == SplineCoupling && (!(c.Bound > 0) || math.IsInf(c.Bound, 0)):
		return fmt.Errorf("cinn: check config: the bound of splines must be finite and above 0, got %g", c.Bound)
	}
	for _, width := range c.Hidden {
		if width < 1 {
			return fmt.Errorf("cinn: check config: hidden widths must be positive, got %v", c.Hidden)
		}
	}
	if err := c.checkSize(); err != nil {
		return fmt.Errorf("cinn: check config: %w", err)
	}
	if err := nn.CheckTrend(c.Conditions, c.Trend); err != nil {
		return fmt.Errorf("cinn: check config: %w", err)
	}
	return nil
}

// checkSize looks at Dim, Conditions and Bins before sizes multiplies them.
func (c Config) checkSize() error {
	if err := nn.CheckSize(1, []int64{c.Dim, 0, c.Conditions}); err != nil {
		return err
	}
	if c.Couplings > nn.MaxNetworks {
		return nn.CheckSize(c.Couplings, nil)
	}
	return nn.CheckSize(c.Couplings*c.Networks, c.sizes())
}

// passing returns how many columns pass a coupling.
func (c Config) passing() int64 { return c.Dim / 2 }

// networkNames returns the names of a coupling's networks.
func (c Config) networkNames() []string {
	switch {
	case c.Coupling == SplineCoupling:
		return []string{"spline"}
	case c.Networks == 1:
		return []string{"both"}
	}
	return []string{"scale", "shift"}
}

// sizes returns the sizes of a coupling's networks, input first.
func (c Config) sizes() []int64 {
	out := c.Dim - c.passing()
	switch {
	case c.Coupling == SplineCoupling:
		out *= binding.Spline{Bins: c.Bins}.Width()
	case c.Networks == 1:
		out *= 2
	}
	sizes := append([]int64{c.passing() + c.Conditions}, c.Hidden...)
	return append(sizes, out)
}
