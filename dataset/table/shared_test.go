package table_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// sharedFile returns the path of a table that lies beside the repository, and
// skips the test where it does not.
func sharedFile(t *testing.T, name string) string {
	t.Helper()
	for _, folder := range []string{"../../shared/data/", "../../../shared/data/"} {
		if _, err := os.Stat(folder + name); err == nil {
			return folder + name
		}
	}
	t.Skipf("%s is in neither shared/data nor ../shared/data", name)
	return ""
}

func readShared(t *testing.T, name string, l dataset.Layout) *dataset.Events {
	t.Helper()
	e, err := table.ReadEvents(sharedFile(t, name), l, table.Options{})
	require.NoError(t, err)
	return e
}

func measured(t *testing.T) *dataset.Events {
	unit, err := explosion.ParseMomentumUnit("1e-22*kg_m_s")
	require.NoError(t, err)
	return readShared(t, "ocs111_measured_momenta.txt", dataset.Layout{NoHeader: true, Atoms: []string{"O", "C", "S"}, MomentumUnit: unit})
}

var scalerKinds = []dataset.ScalerKind{dataset.ScalerStandard, dataset.ScalerWhiten}

func TestSimulatedOCS(t *testing.T) {
	e := readShared(t, "ocs222_events_1000.csv", dataset.Layout{NeedPositions: true})
	require.Equal(t, 1000, e.Len())
	require.Equal(t, []string{"C", "O", "S"}, e.Atoms)
	for _, kind := range scalerKinds {
		for seed := range uint64(5) {
			asIs, err := dataset.Prepare(e, dataset.Options{Scaler: kind, Seed: seed})
			require.NoError(t, err)
			require.Equal(t, []int{0, 1, 2, 3, 4, 6}, asIs.Encoding.Positions.Kept, "all but z of O and y, z of S")
			require.Equal(t, 3, asIs.Encoding.Momenta.Dim())

			body, err := dataset.Prepare(e, dataset.Options{Frame: explosion.FrameBody, Scaler: kind, Seed: seed})
			require.NoError(t, err)
			require.Equal(t, 3, body.Encoding.Positions.Dim())
			require.Equal(t, 3, body.Encoding.Momenta.Dim())
			requireRestores(t, body.Encoding, e.SelectRows(body.Partition.Test), 1e-10)
		}
	}
	s := dataset.Describe(e)
	require.Zero(t, s.DuplicateRows)
	require.Less(t, s.MomentumSum.Max, 2e-3)
	require.InDelta(t, 107.9, s.KineticEnergyReleaseEV.Median, 15, "about the release at equilibrium")
}

func requireRestores(t *testing.T, c dataset.Encoding, e *dataset.Events, tolerance float64) {
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
	e := measured(t)
	require.Equal(t, 3978, e.Len())
	require.False(t, e.HasPositions())
	s := dataset.Describe(e)
	require.InDelta(t, 9.4, s.KineticEnergyReleaseEV.Median, 0.1)
	require.Less(t, s.MomentumSum.Max, 1e-4)
	for _, kind := range scalerKinds {
		laboratory, err := dataset.FitScaler(e.MomentumColumns, e.Momenta, kind, 0)
		require.NoError(t, err)
		require.Equal(t, 6, laboratory.Dim(), "the total momentum was taken out")
	}
}

func TestSimulationDoesNotCoverTheMeasurement(t *testing.T) {
	simulated := readShared(t, "ocs222_events_1000.csv", dataset.Layout{})
	split, err := dataset.Prepare(simulated, dataset.Options{Frame: explosion.FrameBody})
	require.NoError(t, err)
	e := measured(t)
	conditions, err := split.Encoding.EncodeMomenta(e)
	require.NoError(t, err)
	outside := 0
	for _, out := range split.Encoding.OutsideDomain(conditions) {
		if out {
			outside++
		}
	}
	require.Greater(t, outside, e.Len()*9/10, "singly charged fragments are slower")
}
