package explosion

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Channel is a way for the molecule to come apart: the charges of its ions, and
// how often it happens.
type Channel struct {
	Charges []float64 `json:"charges"` // elementary charges, one an atom
	Weight  float64   `json:"weight"`  // relative to the other channels'
}

// completeChannels gives every channel the weight 1 if none has any, and a
// molecule that comes with charges the channel of these if it has none.
func completeChannels(channels []Channel, m Molecule, o Options) ([]Channel, error) {
	channels = slices.Clone(channels)
	if len(channels) == 0 {
		charges := make([]float64, len(m.Atoms))
		for i, atom := range m.Atoms {
			charges[i] = atom.Charge
		}
		channels = []Channel{{Charges: charges}}
	}
	weighted := slices.ContainsFunc(channels, func(c Channel) bool { return c.Weight != 0 })
	total := 0.0
	for i := range channels {
		c := &channels[i]
		c.Charges = slices.Clone(c.Charges)
		if !weighted {
			c.Weight = 1
		}
		if !(c.Weight > 0) {
			return nil, fmt.Errorf("channel %d: weight %g: want a positive number", i+1, c.Weight)
		}
		total += c.Weight
		if _, err := c.simulator(m, o); err != nil {
			return nil, fmt.Errorf("channel %d: %w", i+1, err)
		}
	}
	if math.IsInf(total, 0) {
		return nil, fmt.Errorf("weights add up to %g: want smaller ones", total)
	}
	return channels, nil
}

func (c Channel) simulator(m Molecule, o Options) (*Simulator, error) {
	charged, err := m.withCharges(c.Charges)
	if err != nil {
		return nil, err
	}
	s, err := NewSimulator(charged, o)
	if cause := errors.Unwrap(err); cause != nil {
		return nil, cause // without the name of the molecule, which the caller says
	}
	return s, err
}
