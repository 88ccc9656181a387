package posterior_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
)

// sample opens a run afresh and draws.
func sample(t *testing.T, dir string, events *dataset.Events, n int, choices ...posterior.Option) *posterior.Draws {
	t.Helper()
	v, err := posterior.Open(context.Background(), dir, choices...)
	require.NoError(t, err)
	defer v.Close()
	draws, err := v.Sample(context.Background(), events, n)
	require.NoError(t, err)
	return draws
}

func TestSample(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			bindingtest.NoLeak(t)
			dir := train(t, kind, 200, 2)
			events := linearEvents(t, 7, 11)
			draws := sample(t, dir, events, 5)

			t.Run("shape", func(t *testing.T) {
				require.Equal(t, []string{"x_C", "y_C", "z_C", "x_O", "y_O", "z_O"}, draws.Columns)
				require.Len(t, draws.Data, 7*5*6)
				require.Equal(t, draws.Data[(3*5+2)*6:(3*5+3)*6], draws.At(3, 2))
			})
			t.Run("constant column is put back", func(t *testing.T) {
				for i := range 7 * 5 {
					require.Equal(t, 3.0, draws.Data[6*i+5])
				}
			})
			t.Run("positions are not looked at", func(t *testing.T) {
				other := linearEvents(t, 7, 11)
				for i := range other.Positions.Data {
					other.Positions.Data[i] *= -17
				}
				require.Equal(t, draws.Data, sample(t, dir, other, 5).Data)
				other.Positions, other.PositionColumns = dataset.Matrix{}, nil
				require.Equal(t, draws.Data, sample(t, dir, other, 5).Data)
			})
			t.Run("momenta are", func(t *testing.T) {
				require.NotEqual(t, draws.Data, sample(t, dir, linearEvents(t, 7, 12), 5).Data)
			})
			t.Run("seed", func(t *testing.T) {
				require.Equal(t, draws.Data, sample(t, dir, events, 5, posterior.WithSeed(0)).Data)
				require.NotEqual(t, draws.Data, sample(t, dir, events, 5, posterior.WithSeed(1)).Data)
			})
			t.Run("order of atoms does not matter", func(t *testing.T) {
				turned, err := events.Reordered([]string{"O", "C"})
				require.NoError(t, err)
				require.Equal(t, draws.Data, sample(t, dir, turned, 5).Data)
			})
			t.Run("units do not matter", func(t *testing.T) {
				unit, err := explosion.ParseMomentumUnit("1e-22*kg_m_s")
				require.NoError(t, err)
				require.InDeltaSlice(t, draws.Data, sample(t, dir, events.InUnits(explosion.Angstrom, unit), 5).Data, 1e-4)
			})
		})
	}
}

func TestEachStreamsWhatSampleReturns(t *testing.T) {
	bindingtest.NoLeak(t)
	dir := train(t, "cinn", 200, 1)
	events := linearEvents(t, 70, 11) // at 1000 draws, more than goes through the model at once
	draws := sample(t, dir, events, 1000)
	v, err := posterior.Open(context.Background(), dir)
	require.NoError(t, err)
	defer v.Close()
	next := 0
	require.NoError(t, v.Each(context.Background(), events, 1000, func(event int, m dataset.Matrix) error {
		require.Equal(t, next, event)
		next++
		require.Equal(t, draws.Data[event*6000:(event+1)*6000], m.Data)
		return nil
	}))
	require.Equal(t, 70, next)

	stop := errors.New("enough")
	require.ErrorIs(t, v.Each(context.Background(), events, 10, func(int, dataset.Matrix) error { return stop }), stop)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, v.Each(ctx, events, 10, func(int, dataset.Matrix) error { return nil }), context.Canceled)
}

func TestSampleRefusals(t *testing.T) {
	bindingtest.NoLeak(t)
	v, err := posterior.Open(context.Background(), train(t, "cinn", 200, 1))
	require.NoError(t, err)
	defer v.Close()
	_, err = v.Sample(context.Background(), linearEvents(t, 3, 1), 0)
	require.ErrorContains(t, err, "at least 1")

	momenta := dataset.NewMatrix(1, 9)
	other, err := dataset.NewEvents([]string{"C", "O", "S"}, dataset.Matrix{}, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	_, err = v.Sample(context.Background(), other, 1)
	require.ErrorContains(t, err, "wanted are C, O")
}

func TestOutsideDomain(t *testing.T) {
	bindingtest.NoLeak(t)
	v, err := posterior.Open(context.Background(), train(t, "cinn", 200, 1))
	require.NoError(t, err)
	defer v.Close()
	events := linearEvents(t, 2, 1)
	for j := range 6 {
		events.Momenta.Row(0)[j] = 0
		events.Momenta.Row(1)[j] = 1e4
	}
	outside, err := v.OutsideDomain(events)
	require.NoError(t, err)
	require.Equal(t, []bool{false, true}, outside)
}
