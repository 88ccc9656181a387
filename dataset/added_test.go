package dataset

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

func TestAddedEventsAreTrainedOnAlone(t *testing.T) {
	e, more := triatomic(t, 100, 4), triatomic(t, 300, 5)
	o := Options{Frame: explosion.FrameBody, Seed: 1}
	alone := prepare(t, e, o)
	o.Added = more
	s := prepare(t, e, o)
	require.Equal(t, 300, s.Added)
	require.Equal(t, alone.Partition.Validation, s.Partition.Validation)
	require.Equal(t, alone.Partition.Test, s.Partition.Test)
	require.Equal(t, 370, s.Train.Len())
	both, err := e.withAdded(more)
	require.NoError(t, err)
	momenta, err := s.Encoding.EncodeMomenta(both.SelectRows(s.Partition.Train))
	require.NoError(t, err)
	require.Equal(t, momenta, s.Train.Momenta)
	requireStandardised(t, s.Encoding.Positions, s.Train.Positions)
}

func TestAddedEventsComeInTheTablesOrderAndUnits(t *testing.T) {
	e, more := triatomic(t, 50, 6), triatomic(t, 40, 7)
	other, err := more.Reordered([]string{e.Atoms[2], e.Atoms[0], e.Atoms[1]})
	require.NoError(t, err)
	o := Options{Frame: explosion.FrameBody, Seed: 1, Added: more}
	plain := prepare(t, e, o)
	o.Added = other.InUnits(explosion.Angstrom, explosion.AtomicMomentum)
	turned := prepare(t, e, o)
	require.InDeltaSlice(t, plain.Train.Positions.Data, turned.Train.Positions.Data, 1e-9)
	require.InDeltaSlice(t, plain.Train.Momenta.Data, turned.Train.Momenta.Data, 1e-9)
}

func TestAddedEventsThatDoNotFit(t *testing.T) {
	e := triatomic(t, 50, 8)
	blind := triatomic(t, 20, 9)
	blind.Positions, blind.PositionColumns = Matrix{}, nil
	_, err := Prepare(e, Options{Added: blind})
	require.ErrorContains(t, err, "momenta only")

	heavy := triatomic(t, 20, 9)
	heavy.MassesDalton = slices.Repeat([]float64{13}, len(heavy.Atoms))
	_, err = Prepare(e, Options{Added: heavy})
	require.ErrorContains(t, err, "weigh")

	stranger := triatomic(t, 20, 9)
	stranger.Atoms = []string{"H", "H", "H"}
	_, err = Prepare(e, Options{Added: stranger})
	require.ErrorContains(t, err, "match atoms")
}
