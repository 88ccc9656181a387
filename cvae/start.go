package cvae

import (
	"fmt"

	"github.com/gocei/gocei/binding"
)

// Start fits the trend to rows of the training part, x [N,D] under y [N,C]: the first time that it is called for a model,
// saved ones included.
func (m *Model) Start(s *binding.Scope, x, y binding.Tensor) error {
	checkColumns(s, "positions", x, m.config.Dim)
	checkColumns(s, "momenta", y, m.config.Conditions)
	if err := m.trend.Fit(s, x, y); err != nil {
		return fmt.Errorf("cvae: start: %w", err)
	}
	return s.Err()
}

// Spread returns the standard deviation [D] of what the networks see of positions, in the positions' own unit.
func (m *Model) Spread() (sd binding.Tensor, ok bool) { return m.trend.Spread() }
