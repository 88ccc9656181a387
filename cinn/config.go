package cinn

import "fmt"

// Config says how a Model is built.
type Config struct {
	Dim        int64   `json:"dim"`        // D, of the positions: at least 2
	Conditions int64   `json:"conditions"` // C, of the momenta: at least 1
	Couplings  int     `json:"couplings"`  // each followed by a flip
	Hidden     []int64 `json:"hidden"`     // widths of the hidden ELU layers of each network
	Networks   int     `json:"networks"`   // 2: s and t have a network each; 1: they share one
	Clamp      float64 `json:"clamp"`      // s is bounded softly to ±Clamp; 0 leaves it free
	ZeroLast   bool    `json:"zero_last"`  // networks start at zero, so that the flow starts as the identity
}

// Reference returns the proposal's model: 20 couplings, each followed by a flip, s unbounded. It gives no sizes of the
// networks; here they are two, with two hidden layers of 128.
func Reference(dim, conditions int64) Config {
	return Config{Dim: dim, Conditions: conditions, Couplings: 20, Hidden: []int64{128, 128}, Networks: 2}
}

// Robust returns the reference with what keeps training stable: s bounded to ±1 (Ardizzone et al. 2019), a flow that
// starts as the identity (Kingma & Dhariwal 2018, arXiv:1807.03039), and a size that the number of rows to train on can
// determine: 8 couplings of width 32 below 2,000 rows, 12 of width 64 below 20,000, and the reference's from there on.
func Robust(dim, conditions int64, trainRows int) Config {
	c := Reference(dim, conditions)
	c.Clamp, c.ZeroLast = 1, true
	switch {
	case trainRows < 2000:
		c.Couplings, c.Hidden = 8, []int64{32, 32}
	case trainRows < 20000:
		c.Couplings, c.Hidden = 12, []int64{64, 64}
	}
	return c
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
	}
	for _, width := range c.Hidden {
		if width < 1 {
			return fmt.Errorf("cinn: check config: hidden widths must be positive, got %v", c.Hidden)
		}
	}
	return nil
}

// sizes returns the sizes of a coupling's networks, input first.
func (c Config) sizes() []int64 {
	passing := c.Dim / 2
	out := c.Dim - passing
	if c.Networks == 1 {
		out *= 2
	}
	sizes := append([]int64{passing + c.Conditions}, c.Hidden...)
	return append(sizes, out)
}
