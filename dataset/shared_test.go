package dataset

import (
	"testing"

	"github.com/gocei/gocei/explosion"
	"github.com/stretchr/testify/require"
)

func TestSimulatedOCS(t *testing.T) {
	e, err := ReadFile(sharedFile(t, "ocs222_events_1000.csv"), Layout{NeedPositions: true})
	require.NoError(t, err)
	require.Equal(t, 1000, e.Len())
	require.Equal(t, []string{"C", "O", "S"}, e.Atoms)

	for _, kind := range scalerKinds {
		for seed := range uint64(5) {
			asIs := prepare(t, e, Options{Scaler: kind, Seed: seed}).Encoding
			require.Equal(t, []int{0, 1, 2, 3, 4, 6}, asIs.Positions.Kept, "all but z of O and y, z of S")
			require.Equal(t, 3, asIs.Momenta.Dim())
			require.Contains(t, constantColumns(asIs.Momenta), 2, "pz of C is the integrator's noise")

			body := prepare(t, e, Options{Frame: explosion.FrameBody, Scaler: kind, Seed: seed})
			require.Equal(t, 3, body.Encoding.Positions.Dim())
			require.Equal(t, 3, body.Encoding.Momenta.Dim())
			requireStandardised(t, body.Encoding.Positions, body.Train.Positions)
			requireRestores(t, body.Encoding, e.SelectRows(body.Partition.Test), 1e-10)
		}
	}

	s := Describe(e)
	require.Zero(t, s.DuplicateRows)
	require.Less(t, s.MomentumSum.Max, 2e-3)
	require.InDelta(t, 107.9, s.KineticEnergyReleaseEV.Median, 15, "about the release at equilibrium")
}

func constantColumns(s Scaler) (columns []int) {
	for _, c := range s.Constant {
		columns = append(columns, c.Column)
	}
	return columns
}

func requireRestores(t *testing.T, c Encoding, e *Events, tolerance float64) {
	t.Helper()
	truth, err := c.FramePositions(e)
	require.NoError(t, err)
	model, err := c.EncodePositions(e)
	require.NoError(t, err)
	decoded, err := c.DecodePositions(model)
	require.NoError(t, err)
	require.InDeltaSlice(t, truth.Data, decoded.Data, tolerance)
}

func TestMeasuredOCS(t *testing.T) {
	e, err := ReadFile(sharedFile(t, "ocs111_measured_momenta.txt"), measuredLayout(t))
	require.NoError(t, err)
	require.Equal(t, 3978, e.Len())
	require.False(t, e.HasPositions())
	s := Describe(e)
	require.InDelta(t, 9.4, s.KineticEnergyReleaseEV.Median, 0.1)
	require.Less(t, s.MomentumSum.Max, 1e-4)

	moved, err := e.Reordered([]string{"C", "O", "S"})
	require.NoError(t, err)
	frame, err := explosion.NewFrame(explosion.FrameBody, moved.Atoms)
	require.NoError(t, err)
	body, err := Encoding{Atoms: moved.Atoms, Frame: frame, MomentumUnit: moved.MomentumUnit}.frameMomenta(moved)
	require.NoError(t, err)
	for _, kind := range scalerKinds {
		laboratory, err := FitScaler(moved.MomentumColumns, moved.Momenta, kind, 0)
		require.NoError(t, err)
		require.Equal(t, 6, laboratory.Dim(), "the total momentum was taken out")
		fitted, err := FitScaler(moved.MomentumColumns, body, kind, 0)
		require.NoError(t, err)
		require.Equal(t, 3, fitted.Dim())
	}
}

func TestSimulationDoesNotCoverTheMeasurement(t *testing.T) {
	simulated, err := ReadFile(sharedFile(t, "ocs222_events_1000.csv"), Layout{})
	require.NoError(t, err)
	measured, err := ReadFile(sharedFile(t, "ocs111_measured_momenta.txt"), measuredLayout(t))
	require.NoError(t, err)
	c := prepare(t, simulated, Options{Frame: explosion.FrameBody}).Encoding
	conditions, err := c.EncodeMomenta(measured)
	require.NoError(t, err)
	outside := 0
	for _, out := range c.OutsideDomain(conditions) {
		if out {
			outside++
		}
	}
	require.Greater(t, outside, measured.Len()*9/10, "singly charged fragments are slower")
}
