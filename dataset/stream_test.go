package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

// shelf is a Table of events in memory, which gives them a few at a time.
type shelf struct {
	events   *Events
	together int64 // SectionRows
	untold   bool  // nobody knows how many there are before they were read
	at, end  int
	fails    error // of Next
}

func (s *shelf) Header() Events {
	h := *s.events
	h.Positions, h.Momenta, h.Extra = Matrix{}, Matrix{}, Matrix{}
	return h
}

func (s *shelf) Rows() int64 {
	if s.untold {
		return -1
	}
	return int64(s.events.Len())
}

func (s *shelf) SectionRows() (int64, error) { return s.together, nil }

func (s *shelf) Section(first, n int64) error {
	s.at, s.end = int(first), int(min(first+min(n, 1<<40), int64(s.events.Len())))
	return nil
}

func (s *shelf) Next() (*Events, error) {
	if s.fails != nil {
		return nil, s.fails
	}
	rows := allRows(max(0, min(s.end, s.at+97)-s.at))
	if len(rows) == 0 {
		return nil, io.EOF
	}
	for i := range rows {
		rows[i] += s.at
	}
	s.at += len(rows)
	return s.events.SelectRows(rows), nil
}

func openStream(t *testing.T, table Table, o StreamOptions) (*Stream, *Split) {
	t.Helper()
	s, err := OpenStream(t.Context(), table, o)
	require.NoError(t, err)
	split, err := s.Prepare(t.Context())
	require.NoError(t, err)
	return s, split
}

// streamCases are tables and ways to go through them.
func streamCases(t *testing.T) map[string]func() (*shelf, StreamOptions) {
	t.Helper()
	e := triatomic(t, 3000, 4)
	energies := kineticEnergyReleases(e)
	slices.Sort(energies)
	window := Selection{KERMinEV: &energies[300], KERMaxEV: &energies[2000]}
	shares := Fractions{Train: 0.5, Validation: 0.25, Test: 0.25}
	return map[string]func() (*shelf, StreamOptions){
		"anywhere": func() (*shelf, StreamOptions) {
			return &shelf{events: e, together: 16}, StreamOptions{RowsInMemory: 400}
		},
		"large pages": func() (*shelf, StreamOptions) {
			return &shelf{events: e, together: 1 << 40}, StreamOptions{RowsInMemory: 1000}
		},
		"in order": func() (*shelf, StreamOptions) { return &shelf{events: e}, StreamOptions{RowsInMemory: 400} },
		"rows untold": func() (*shelf, StreamOptions) {
			return &shelf{events: e, untold: true}, StreamOptions{RowsInMemory: 700}
		},
		"selected": func() (*shelf, StreamOptions) {
			return &shelf{events: e, together: 16}, StreamOptions{RowsInMemory: 400, Selection: window}
		},
		"selected, in order": func() (*shelf, StreamOptions) {
			return &shelf{events: e, untold: true}, StreamOptions{RowsInMemory: 300, Selection: window}
		},
		"another frame": func() (*shelf, StreamOptions) {
			return &shelf{events: e, together: 16}, StreamOptions{RowsInMemory: 500, Options: Options{Frame: explosion.FrameBody, Scaler: ScalerWhiten, Seed: 9, Fractions: shares}}
		},
		"hardly larger than memory": func() (*shelf, StreamOptions) {
			return &shelf{events: e, together: 16}, StreamOptions{RowsInMemory: 2900}
		},
	}
}

// requireRows wants a part to be rows of the table in model coordinates, to the bit.
func requireRows(t *testing.T, e *Events, c Encoding, rows []int, p Part) {
	t.Helper()
	positions, err := c.EncodePositions(e.SelectRows(rows))
	require.NoError(t, err)
	momenta, err := c.EncodeMomenta(e.SelectRows(rows))
	require.NoError(t, err)
	require.Equal(t, Part{positions, momenta}, p)
}

func TestStreamTrainsOnEachRowOncePerPassAndOnNoneThatIsJudged(t *testing.T) {
	for name, open := range streamCases(t) {
		t.Run(name, func(t *testing.T) {
			shelf, o := open()
			s, split := openStream(t, shelf, o)
			e := shelf.events
			selected, err := o.Selection.Apply(e)
			require.NoError(t, err)
			judged := slices.Concat(split.Partition.Validation, split.Partition.Test)
			require.Equal(t, len(selected.Rows), s.Rows())
			require.Equal(t, s.Rows(), split.Train.Len()+split.Later+len(judged))
			times := map[int]int{} // that a row was trained on
			for _, row := range judged {
				times[row] = -1 << 40
			}
			requireRows(t, e, split.Encoding, split.Partition.Train, split.Train)
			requireRows(t, e, split.Encoding, split.Partition.Validation, split.Validation)
			requireRows(t, e, split.Encoding, split.Partition.Test, split.Test)
			epochs := 1
			for ; epochs*split.Train.Len() < 3*s.TrainRows(); epochs++ {
				part, rows, err := s.encode(t.Context(), s.deal.part(epochs))
				require.NoError(t, err)
				require.Len(t, rows, split.Train.Len())
				requireRows(t, e, split.Encoding, rows, part)
				for _, row := range rows {
					times[row]++
				}
				passes := float64(epochs*split.Train.Len()) / float64(s.TrainRows())
				for row, n := range times {
					if n >= 0 {
						require.GreaterOrEqual(t, float64(n), math.Floor(passes), "row %d after %g passes", row, passes)
						require.LessOrEqual(t, float64(n), math.Ceil(passes), "row %d after %g passes", row, passes)
					}
				}
			}
			seen := make([]int, 0, len(times))
			for row, n := range times {
				seen = append(seen, row)
				require.NotZero(t, n)
				require.False(t, n < 0 && n != -1<<40, "row %d is judged, and was trained on", row)
			}
			slices.Sort(seen)
			require.Equal(t, selected.Rows, seen, "each selected row is in one of the parts, and no other")
		})
	}
}

func TestStreamPartsDependOnSeedAndEpochAlone(t *testing.T) {
	for name, open := range streamCases(t) {
		t.Run(name, func(t *testing.T) {
			shelf, o := open()
			s, split := openStream(t, shelf, o)
			var parts []Part
			for epoch := 1; epoch <= 12; epoch++ {
				part, err := s.Part(t.Context(), epoch)
				require.NoError(t, err)
				parts = append(parts, part)
			}
			require.Equal(t, split.Train, parts[0], "the first epoch's is that of Prepare")
			again, other := openStream(t, shelf, o)
			require.Equal(t, split, other)
			for _, epoch := range rand.New(rand.NewPCG(1, 1)).Perm(len(parts)) {
				part, err := again.Part(t.Context(), epoch+1)
				require.NoError(t, err)
				require.Equal(t, parts[epoch], part)
			}
			o.Seed++
			_, other = openStream(t, shelf, o)
			require.NotEqual(t, split.Partition, other.Partition)
		})
	}
}

func TestStreamVisitsAnotherOrderInEachPass(t *testing.T) {
	e := triatomic(t, 2000, 4)
	s, _ := openStream(t, &shelf{events: e, together: 16}, StreamOptions{RowsInMemory: 400})
	require.True(t, s.Shuffled())
	require.NotEqual(t, s.deal.pass(0), s.deal.pass(1))
	require.False(t, slices.IsSorted(s.deal.pass(0)))
	sorted := slices.Sorted(slices.Values(s.deal.pass(1)))
	require.Equal(t, s.deal.train, sorted)
	s, split := openStream(t, &shelf{events: e}, StreamOptions{RowsInMemory: 400})
	require.False(t, s.Shuffled())
	require.True(t, slices.IsSorted(split.Partition.Train), "where rows are only to be had in their order, that is the order")
	require.Less(t, split.Partition.Train[len(split.Partition.Train)-1], 1000)
}

func TestStreamHoldsPartsOfTheSizesAskedFor(t *testing.T) {
	for name, open := range streamCases(t) {
		shelf, o := open()
		s, split := openStream(t, shelf, o)
		o.Options = o.withDefaults()
		first, second := o.Fractions.borders(o.RowsInMemory)
		require.Equal(t, first, split.Train.Len(), name)
		for part, want := range map[int]int{split.Validation.Len(): second - first, split.Test.Len(): o.RowsInMemory - second} {
			require.GreaterOrEqual(t, part, want, name)
			require.Less(t, part, want+s.reader.size, name)
		}
		require.LessOrEqual(t, s.reader.size, first/leastMixed, name)
	}
}

func TestStreamTestRowsAreFoundAgain(t *testing.T) {
	for name, open := range streamCases(t) {
		shelf, o := open()
		s, split := openStream(t, shelf, o)
		test, err := s.Test().Read(t.Context(), shelf, o.Selection)
		require.NoError(t, err, name)
		require.Equal(t, shelf.events.SelectRows(split.Partition.Test), test, name)
	}
}

// What is fitted does not see the rows that are judged, nor those of later epochs.
func TestStreamFitsOnItsFirstPartAlone(t *testing.T) {
	for _, frame := range []explosion.FrameKind{explosion.FrameAsIs, explosion.FrameBody, explosion.FrameInternal} {
		e := triatomic(t, 2000, 4)
		o := StreamOptions{RowsInMemory: 500, Options: Options{Frame: frame}}
		_, before := openStream(t, &shelf{events: e, together: 16}, o)
		changed := e.SelectRows(allRows(e.Len()))
		for row := range changed.Len() {
			if !slices.Contains(before.Partition.Train, row) {
				for j := range 9 {
					changed.Positions.Row(row)[j] *= 1.5
					changed.Momenta.Row(row)[j] *= 3
				}
			}
		}
		_, after := openStream(t, &shelf{events: changed, together: 16}, o)
		after.Encoding.Domain.Limits = before.Encoding.Domain.Limits // those are of the validation part
		require.Equal(t, before.Encoding, after.Encoding, frame)
		require.Equal(t, before.Train, after.Train)
		require.NotEqual(t, before.Validation, after.Validation)
	}
}

// A stream's encoding is that of the same rows in memory.
func TestStreamFitsAsPrepareDoes(t *testing.T) {
	e := triatomic(t, 2000, 4)
	_, split := openStream(t, &shelf{events: e, together: 16}, StreamOptions{RowsInMemory: 1000, Options: Options{Frame: explosion.FrameBody}})
	all := split.Encoding
	prepared := prepare(t, e, Options{Frame: explosion.FrameBody})
	require.Equal(t, prepared.Encoding.Positions.Kept, all.Positions.Kept)
	require.Equal(t, prepared.Encoding.Momenta.Kept, all.Momenta.Kept)
	require.InDeltaSlice(t, prepared.Encoding.Positions.Mean, all.Positions.Mean, 0.1)
	requireStandardised(t, all.Positions, split.Train.Positions)
	requireStandardised(t, all.Momenta, split.Train.Momenta)
	for j := range split.Train.Momenta.Cols {
		column := make([]float64, split.Train.Len())
		for i := range column {
			column[i] = split.Train.Momenta.Row(i)[j]
		}
		require.Equal(t, slices.Min(column), all.ConditionMin[j])
		require.Equal(t, slices.Max(column), all.ConditionMax[j])
	}
}

func TestStreamOfPlainTable(t *testing.T) {
	random, n := rand.New(rand.NewPCG(3, 3)), 1000
	targets, conditions := NewMatrix(n, 2), NewMatrix(n, 2)
	for i := range targets.Data {
		targets.Data[i], conditions.Data[i] = 2*random.Float64()-1, random.NormFloat64()
	}
	e, err := NewPlainEvents([]string{"a", "b"}, []string{"x", "y"}, targets, conditions)
	require.NoError(t, err)
	o := StreamOptions{RowsInMemory: 200, Options: Options{Bounds: []Bound{{"a", -1, 1}}}}
	s, split := openStream(t, &shelf{events: e, together: 8}, o)
	requireRows(t, e, split.Encoding, split.Partition.Train, split.Train)
	require.Len(t, split.Encoding.Positions.Bounded, 1)
	beyond := slices.Index(allRows(n), s.deal.part(4)[0].section*s.reader.size)
	require.NotContains(t, split.Partition.Train, beyond)
	e.Positions.Row(beyond)[0] = 1.5
	_, err = s.Part(t.Context(), 4)
	require.ErrorContains(t, err, fmt.Sprintf("part 4 of the table: row %d: ", beyond+1))
}

func TestStreamRefusals(t *testing.T) {
	e := triatomic(t, 1000, 4)
	momentaOnly, err := NewEvents(e.Atoms, Matrix{}, e.Momenta, e.PositionUnit, e.MomentumUnit)
	require.NoError(t, err)
	window := func(low, high float64) Selection { return Selection{KERMinEV: &low, KERMaxEV: &high} }
	for says, c := range map[string]struct {
		events *Events
		o      StreamOptions
	}{
		"momenta only": {momentaOnly, StreamOptions{RowsInMemory: 100}},
		"others cannot be added to those of a table that is not in memory": {e, StreamOptions{RowsInMemory: 100, Options: Options{Added: e}}},
		"10 rows in memory are too few for 9 columns and parts of":         {e, StreamOptions{RowsInMemory: 10}},
		"want at least 14":                 {e, StreamOptions{RowsInMemory: 0}},
		"want shares that add up to 1":     {e, StreamOptions{RowsInMemory: 100, Options: Options{Fractions: Fractions{Train: 2}}}},
		"want the smaller first":           {e, StreamOptions{RowsInMemory: 100, Selection: window(2, 1)}},
		ErrInMemory.Error():                {e, StreamOptions{RowsInMemory: 1000}},
		"stream 0 events: the table has n": {e, StreamOptions{RowsInMemory: 100, Selection: window(1e9, 1e9)}},
	} {
		_, err := OpenStream(t.Context(), &shelf{events: c.events, together: 16}, c.o)
		require.ErrorContains(t, err, says)
	}
	_, err = OpenStream(t.Context(), &shelf{events: e}, StreamOptions{RowsInMemory: 2000})
	require.ErrorIs(t, err, ErrInMemory)
}

func TestStreamTellsWhatWentWrong(t *testing.T) {
	e := triatomic(t, 1000, 4)
	table := &shelf{events: e, together: 16}
	s, _ := openStream(t, table, StreamOptions{RowsInMemory: 200})
	want, err := s.Part(t.Context(), 3)
	require.NoError(t, err)

	table.fails = errors.New("no more disk")
	_, err = s.Part(t.Context(), 3)
	require.ErrorIs(t, err, table.fails)
	require.ErrorContains(t, err, "part 3 of the table")
	table.fails = nil

	table.events = e.SelectRows(allRows(500))
	_, err = s.Part(t.Context(), 3)
	require.ErrorContains(t, err, "the table has changed since it was opened")
	table.events = e

	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Part(done, 3)
	require.ErrorIs(t, err, context.Canceled)
	_, err = OpenStream(done, &shelf{events: e, untold: true}, StreamOptions{RowsInMemory: 200})
	require.ErrorIs(t, err, context.Canceled)

	again, err := s.Part(t.Context(), 3)
	require.NoError(t, err)
	require.Equal(t, want, again, "what went wrong leaves nothing behind")
}

func TestReadSelectedIsSelectionOfAll(t *testing.T) {
	e := triatomic(t, 1000, 4)
	low := slices.Sorted(slices.Values(kineticEnergyReleases(e)))[700]
	for _, selection := range []Selection{{}, {KERMinEV: &low}} {
		want, err := selection.Apply(e)
		require.NoError(t, err)
		table := &shelf{events: e, untold: true}
		require.NoError(t, table.Section(0, 1<<40))
		got, report, err := ReadSelected(t.Context(), table, selection)
		require.NoError(t, err)
		require.Equal(t, want.Events, got)
		require.Equal(t, want.Report, report)
	}
}

// boastful is a table that claims to have more rows than any disk.
type boastful struct{ *shelf }

func (boastful) Rows() int64 { return 1 << 60 }

func TestStreamBelievesNoClaim(t *testing.T) {
	e := triatomic(t, 1000, 4)
	_, err := OpenStream(t.Context(), boastful{&shelf{events: e, together: 16}}, StreamOptions{RowsInMemory: 200})
	require.ErrorContains(t, err, "1152921504606846976 rows with 200 in memory: want at most ")
}
