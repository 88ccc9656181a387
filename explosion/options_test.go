package explosion

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDefaultsFollowTolerance(t *testing.T) {
	for given, want := range map[Options]Options{
		{}:                 {Method: MethodFast, Tolerance: 1e-6, RemainingEnergy: 1e-2, MaxEnergyError: 1e-4, MaxSteps: 100_000},
		{Tolerance: 1e-12}: {Method: MethodFast, Tolerance: 1e-12, RemainingEnergy: 1e-4, MaxEnergyError: 1e-10, MaxSteps: 100_000},
		{Method: MethodReference, Tolerance: 0.5, RemainingEnergy: 0.1, MaxSteps: 7}: {Method: MethodReference, Tolerance: 0.5, RemainingEnergy: 0.1, MaxEnergyError: 0.1, MaxSteps: 7},
	} {
		got, err := given.Complete()
		require.NoError(t, err)
		assert.InEpsilon(t, want.RemainingEnergy, got.RemainingEnergy, 1e-12)
		assert.InEpsilon(t, want.MaxEnergyError, got.MaxEnergyError, 1e-12)
		got.RemainingEnergy, got.MaxEnergyError = want.RemainingEnergy, want.MaxEnergyError
		assert.Equal(t, want, got)
	}
}
