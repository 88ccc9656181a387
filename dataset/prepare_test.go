package dataset

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

func prepare(t *testing.T, e *Events, o Options) *Split {
	t.Helper()
	s, err := Prepare(e, o)
	require.NoError(t, err)
	return s
}

func TestBodyFrameLeavesThreeCoordinates(t *testing.T) {
	e := triatomic(t, 200, 1)
	for _, kind := range scalerKinds {
		s := prepare(t, e, Options{Frame: explosion.FrameBody, Scaler: kind, Seed: 1})
		require.Equal(t, 3, s.Encoding.Positions.Dim())
		require.Equal(t, 3, s.Encoding.Momenta.Dim())
		require.Equal(t, 140, s.Train.Len())
		requireStandardised(t, s.Encoding.Positions, s.Train.Positions)
		requireStandardised(t, s.Encoding.Momenta, s.Train.Momenta)
	}
}

func TestPartsAreTheEncodedRows(t *testing.T) {
	e := triatomic(t, 100, 2)
	s := prepare(t, e, Options{Frame: explosion.FrameBody, Scaler: ScalerWhiten, Seed: 1})
	for part, rows := range map[*Part][]int{&s.Train: s.Partition.Train, &s.Validation: s.Partition.Validation, &s.Test: s.Partition.Test} {
		selected := e.SelectRows(rows)
		momenta, err := s.Encoding.EncodeMomenta(selected)
		require.NoError(t, err)
		require.Equal(t, momenta, part.Momenta, "to the bit, whatever else is in the table")
		positions, err := s.Encoding.EncodePositions(selected)
		require.NoError(t, err)
		require.Equal(t, positions, part.Positions)
		truth, err := s.Encoding.FramePositions(selected)
		require.NoError(t, err)
		decoded, err := s.Encoding.DecodePositions(positions)
		require.NoError(t, err)
		require.InDeltaSlice(t, truth.Data, decoded.Data, 1e-10)
	}
}

func TestNothingFittedSeesOtherRows(t *testing.T) {
	for _, frame := range explosion.FrameKinds() {
		requireFitsTrainingPartAlone(t, frame)
	}
}

func requireFitsTrainingPartAlone(t *testing.T, frame explosion.FrameKind) {
	t.Helper()
	e := triatomic(t, 200, 3)
	o := Options{Frame: frame, Scaler: ScalerWhiten, Seed: 4}
	before := prepare(t, e, o)
	other := triatomic(t, 200, 99)
	for _, row := range slices.Concat(before.Partition.Validation, before.Partition.Test) {
		for j := range other.Positions.Cols {
			e.Positions.Row(row)[j] = 3 * other.Positions.Row(row)[j]
			e.Momenta.Row(row)[j] = 1e3 * other.Momenta.Row(row)[j]
		}
	}
	after := prepare(t, e, o)
	before.Encoding.Domain.Limits, after.Encoding.Domain.Limits = nil, nil // those are the validation part's
	require.Equal(t, before.Encoding, after.Encoding)
	require.Equal(t, before.Train, after.Train)
	require.Equal(t, before.Partition, after.Partition)
	require.NotEqual(t, before.Test, after.Test)
}

func TestPrepareRepeats(t *testing.T) {
	e := triatomic(t, 100, 5)
	require.Equal(t, prepare(t, e, Options{Seed: 7}), prepare(t, e, Options{Seed: 7}))
	require.NotEqual(t, prepare(t, e, Options{Seed: 7}).Partition, prepare(t, e, Options{Seed: 8}).Partition)
}

func TestPrepareRefusesBadEvents(t *testing.T) {
	momentaOnly := triatomic(t, 100, 1)
	momentaOnly.Positions = Matrix{}
	nan := triatomic(t, 100, 1)
	nan.Momenta.Row(9)[3] = math.NaN()
	unknown := triatomic(t, 100, 1)
	unknown.Atoms[0] = "Q"
	for want, test := range map[string]struct {
		events  *Events
		options Options
	}{
		"they have momenta only":       {momentaOnly, Options{}},
		"no atoms are named":           {nil, Options{}},
		"event 10 of 100":              {nan, Options{}},
		`"Q" has no standard atomic`:   {unknown, Options{Frame: explosion.FrameBody}},
		`unknown kind "spin"`:          {triatomic(t, 100, 1), Options{Frame: "spin"}},
		`unknown kind "log"`:           {triatomic(t, 100, 1), Options{Scaler: "log"}},
		"2 rows are too few":           {triatomic(t, 2, 1), Options{}},
		"has 7: want at least 10 for ": {triatomic(t, 10, 1), Options{}},
		"which takes 14 rows":          {triatomic(t, 10, 1), Options{}},
	} {
		_, err := Prepare(test.events, test.options)
		require.ErrorContains(t, err, want)
	}
	_, err := Prepare(triatomic(t, 14, 1), Options{})
	require.NoError(t, err)
}

func TestEncodingTakesOtherTables(t *testing.T) {
	e := triatomic(t, 100, 6)
	c := prepare(t, e, Options{Frame: explosion.FrameBody}).Encoding
	want, err := c.EncodeMomenta(e)
	require.NoError(t, err)
	truth, err := c.FramePositions(e)
	require.NoError(t, err)
	unit, err := explosion.ParseMomentumUnit("1e-22*kg_m_s")
	require.NoError(t, err)
	other, err := e.InUnits(explosion.Angstrom, unit).Reordered([]string{"S", "C", "O"})
	require.NoError(t, err)
	require.InEpsilon(t, e.Momenta.Row(3)[6]*1.99285191410e-2, other.Momenta.Row(3)[0], 1e-12)
	got, err := c.EncodeMomenta(other)
	require.NoError(t, err)
	require.InDeltaSlice(t, want.Data, got.Data, 1e-9)
	same, err := c.FramePositions(other)
	require.NoError(t, err)
	require.InDeltaSlice(t, truth.Data, same.Data, 1e-12)
}

func TestEncodingRefusesOtherMolecules(t *testing.T) {
	e := triatomic(t, 100, 6)
	c := prepare(t, e, Options{}).Encoding
	e.Atoms = []string{"C", "O", "O"}
	_, err := c.EncodeMomenta(e)
	require.EqualError(t, err, "dataset: match atoms: the events have C, O1, O2, wanted are C, O, S")
	e = triatomic(t, 100, 6)
	e.Positions = Matrix{}
	_, err = c.FramePositions(e)
	require.EqualError(t, err, "dataset: encode positions: the events have momenta only")
}

func TestOutsideDomain(t *testing.T) {
	c := Encoding{ConditionMin: []float64{0, -1}, ConditionMax: []float64{10, 1}}
	conditions := Matrix{Rows: 7, Cols: 2, Data: []float64{5, 0, -0.49, 0, -0.51, 0, 10.49, 1.09, 5, 1.11, 5, -1.11, math.NaN(), 0}}
	require.Equal(t, []bool{false, false, true, false, true, true, true}, c.OutsideDomain(conditions))
	require.Equal(t, []bool{true, true}, c.OutsideDomain(NewMatrix(2, 3)))
	s := prepare(t, triatomic(t, 100, 7), Options{Frame: explosion.FrameBody})
	require.NotContains(t, s.Encoding.OutsideDomain(s.Train.Momenta), true)
}

func TestEncodingSurvivesJSON(t *testing.T) {
	for _, frame := range explosion.FrameKinds() {
		c := prepare(t, triatomic(t, 100, 8), Options{Frame: frame, Scaler: ScalerWhiten}).Encoding
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Encoding
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c, back)
	}
}

func TestEncodingRefusesBrokenJSON(t *testing.T) {
	e := triatomic(t, 100, 8)
	for want, spoil := range map[string]func(*Encoding){
		"dataset: read encoding: ranges of":          func(c *Encoding) { c.ConditionMin = c.ConditionMin[1:] },
		"dataset: read encoding: atoms":              func(c *Encoding) { c.Atoms = nil },
		"dataset: name atoms":                        func(c *Encoding) { c.Atoms[0] = "" },
		"the scalers are for other columns":          func(c *Encoding) { c.PositionColumns = c.MomentumColumns },
		"dataset: read scaler: column 77: want 0 to": func(c *Encoding) { c.Momenta.Kept[0] = 77 },
	} {
		c := prepare(t, e, Options{}).Encoding
		spoil(&c)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		require.ErrorContains(t, json.Unmarshal(text, &Encoding{}), want)
	}
}
