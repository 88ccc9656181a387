package dataset

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

// What is kept with a run takes a table whose columns come in another order, and with others, the same way.
func TestPlainEncodingMatchesColumnsByName(t *testing.T) {
	e := boxes(t, 200, 5)
	c := prepare(t, e, Options{Bounds: boxBounds}).Encoding
	text, err := json.Marshal(c)
	require.NoError(t, err)
	require.NotContains(t, string(text), "unit")
	var back Encoding
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, c, back)
	require.Equal(t, []string{"", "", ""}, back.PositionUnits())

	other, err := NewPlainEvents([]string{"c", "unused", "b", "a"}, []string{"y", "x"}, NewMatrix(200, 4), NewMatrix(200, 2))
	require.NoError(t, err)
	for i := range 200 {
		a, x := e.Positions.Row(i), e.Momenta.Row(i)
		copy(other.Positions.Row(i), []float64{a[2], -1, a[1], a[0]})
		copy(other.Momenta.Row(i), []float64{x[1], x[0]})
	}
	for _, encode := range []func(Encoding, *Events) (Matrix, error){Encoding.EncodePositions, Encoding.EncodeMomenta, Encoding.FramePositions} {
		want, err := encode(c, e)
		require.NoError(t, err)
		got, err := encode(back, other)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestPlainEncodingRefusesOtherTables(t *testing.T) {
	c := prepare(t, boxes(t, 100, 6), Options{}).Encoding
	_, err := c.EncodeMomenta(triatomic(t, 5, 1))
	require.ErrorContains(t, err, "the events are of molecules (C, O, S): want a table with the conditions x, y")
	other, err := NewPlainEvents(nil, []string{"x", "z"}, Matrix{}, NewMatrix(3, 2))
	require.NoError(t, err)
	_, err = c.EncodeMomenta(other)
	require.ErrorContains(t, err, "the table has x, z, wanted are x, y")
	_, err = c.FramePositions(boxes(t, 5, 1).withoutTargets())
	require.ErrorContains(t, err, "momenta only")
	_, err = prepare(t, triatomic(t, 100, 1), Options{}).Encoding.EncodeMomenta(boxes(t, 5, 1))
	require.ErrorContains(t, err, "the table has targets and conditions instead of the atoms C, O, S")
	_, err = c.Laboratory(boxes(t, 5, 1))
	require.ErrorContains(t, err, "which have no axes")
}

func (e *Events) withoutTargets() *Events {
	bare := *e
	bare.Positions, bare.PositionColumns = Matrix{}, nil
	return &bare
}

func TestPlainTablesRefuseWhatTakesAtoms(t *testing.T) {
	e := boxes(t, 100, 7)
	_, err := Prepare(e, Options{Frame: explosion.FrameBody})
	require.ErrorContains(t, err, `a "body" frame turns atoms`)
	_, err = Prepare(e, Options{Axis: [2]string{"S", "O"}})
	require.ErrorContains(t, err, "turns atoms")
	limit := 1.0
	for _, s := range []Selection{{MaxMomentumSumAU: &limit}, {KERMinEV: &limit}, {KERMaxEV: &limit}} {
		_, err := s.Apply(e)
		require.ErrorContains(t, err, "targets and conditions instead of atoms")
	}
	c := prepare(t, e, Options{}).Encoding
	selected, err := Selection{Domain: &c}.Apply(e)
	require.NoError(t, err)
	require.Positive(t, selected.Events.Len())
}

// A column is judged by itself: that others are a million times wider does not make it constant.
func TestPlainColumnsHaveUnitsOfTheirOwn(t *testing.T) {
	e := boxes(t, 100, 8)
	targets := NewMatrix(100, 6)
	for i := range 100 {
		row, from := targets.Row(i), e.Positions.Row(i)
		copy(row, from)
		row[3], row[4], row[5] = 1e13, 0, from[1]*1e-12-from[2]*1e-12
	}
	names := []string{"a", "b", "c", "constant", "zero", "sum"}
	wide, err := NewPlainEvents(names, e.MomentumColumns, targets, e.Momenta)
	require.NoError(t, err)
	s := prepare(t, wide, Options{}).Encoding.Positions
	require.Len(t, s.Kept, 3)
	require.Equal(t, []ConstantColumn{{3, 1e13}, {4, 0}}, s.Constant)
	require.Len(t, s.Dependent, 1)

	summary := Describe(wide)
	roles := map[string]ColumnRole{}
	for _, c := range summary.Columns {
		roles[c.Name] = c.Role
	}
	require.Equal(t, ColumnConstant, roles["constant"])
	require.Equal(t, ColumnIndependent, roles["a"])
	require.Contains(t, []ColumnRole{roles["b"], roles["c"], roles["sum"]}, ColumnDependent)
	require.Nil(t, summary.MomentumSum)
	require.Empty(t, summary.Suspicious)
	text, err := json.Marshal(summary)
	require.NoError(t, err)
	require.NotContains(t, string(text), "unit")
}

func TestNewPlainEventsRefuses(t *testing.T) {
	for want, make := range map[string]func() (*Events, error){
		"two columns are called a": func() (*Events, error) {
			return NewPlainEvents([]string{"a"}, []string{"a"}, NewMatrix(1, 1), NewMatrix(1, 1))
		},
		"a column has no name":     func() (*Events, error) { return NewPlainEvents(nil, []string{""}, Matrix{}, NewMatrix(1, 1)) },
		"no atoms are named":       func() (*Events, error) { return NewPlainEvents([]string{"a"}, nil, NewMatrix(1, 1), Matrix{}) },
		"with 2 numbers: want 1 c": func() (*Events, error) { return NewPlainEvents(nil, []string{"a"}, Matrix{}, NewMatrix(1, 2)) },
		"want [2, 1]": func() (*Events, error) {
			return NewPlainEvents([]string{"a"}, []string{"x"}, NewMatrix(1, 1), NewMatrix(2, 1))
		},
	} {
		_, err := make()
		require.ErrorContains(t, err, want)
	}
}

func TestPlainLayout(t *testing.T) {
	header := []string{"id", "theta_1", " X ", "x", "theta_2", "twice", "twice"}
	found, err := Layout{Targets: []string{"theta_2", "THETA_1"}, Conditions: []string{"x", "X"}}.Find(header, true)
	require.NoError(t, err)
	require.Equal(t, Columns{Positions: []int{4, 1}, Momenta: []int{3, 2}}, found)
	targets, conditions := found.Names(header)
	require.Equal(t, []string{"theta_2", "theta_1"}, targets)
	require.Equal(t, []string{"x", "X"}, conditions)

	found, err = Layout{Targets: []string{"a", "b"}, Conditions: []string{"x"}}.Find(header, true)
	require.NoError(t, err)
	require.Empty(t, found.Positions, "a table of conditions alone")

	for want, l := range map[string]Layout{
		"expected columns y, which are missing; the header has id, theta_1": {Targets: []string{"theta_1"}, Conditions: []string{"x", "y"}},
		"expected columns b, which are missing":                             {Targets: []string{"theta_1", "b"}, Conditions: []string{"x"}},
		"expected columns a, which are missing":                             {Targets: []string{"a"}, Conditions: []string{"x"}, NeedPositions: true},
		"but theta_1 is both":                                               {Targets: []string{"theta_1", "theta_2"}, Conditions: []string{"x", "theta_1"}},
		"column 4 was asked for twice":                                      {Targets: []string{"theta_1"}, Conditions: []string{"x", "x"}},
		"columns 6 and 7 are both it":                                       {Targets: []string{"twice"}, Conditions: []string{"x"}},
		"expected conditions beside the targets theta_1":                    {Targets: []string{"theta_1"}},
		"expected targets beside the conditions x":                          {Conditions: []string{"x"}, NeedPositions: true},
	} {
		_, err := l.Find(header, true)
		require.ErrorContains(t, err, want)
	}
	_, err = Layout{Targets: []string{"1"}, Conditions: []string{"4"}, NoHeader: true}.Find([]string{"1", "2", "3"}, false)
	require.ErrorContains(t, err, "expected columns 4, which are missing; there is no header, and the columns are called 1, 2, 3")
}
