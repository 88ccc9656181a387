package table_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

// endings are the formats that every build of the program has.
var endings = []string{".csv", ".tsv", ".txt", ".csv.gz", ".csv.zst", ".parquet", ".npz", ".npy"}

// isotopes returns events with all that a table can hold: any bits of finite
// numbers, units, masses, a recipe, further columns.
func isotopes(t *testing.T, n int) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(7, uint64(n)))
	fill := func(rows, cols int) dataset.Matrix {
		m := dataset.NewMatrix(rows, cols)
		for i := range m.Data {
			m.Data[i] = anyFinite(random)
		}
		return m
	}
	momentum, err := explosion.ParseMomentumUnit("1e-22*kg_m_s")
	require.NoError(t, err)
	e, err := dataset.NewEvents([]string{"H", "O", "H"}, fill(n, 9), fill(n, 9), explosion.Angstrom, momentum)
	require.NoError(t, err)
	e.MassesDalton = []float64{2.014101777844, 15.99491461957, 1.00782503223}
	e.ExtraColumns, e.Extra = []string{"q_H1", "time of flight, ns"}, fill(n, 2)
	e.Recipe = json.RawMessage(`{"molecule":{"name":"HDO <&> µ"},"seed":18446744073709551615}`)
	return e
}

func anyFinite(random *rand.Rand) float64 {
	for {
		if v := math.Float64frombits(random.Uint64()); !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v
		}
	}
}

func requireSameBits(t *testing.T, want, have dataset.Matrix) {
	t.Helper()
	require.Equal(t, want.Rows, have.Rows)
	require.Equal(t, want.Cols, have.Cols)
	for i, v := range want.Data {
		require.Equal(t, math.Float64bits(v), math.Float64bits(have.Data[i]), "number %d: %g and %g", i, v, have.Data[i])
	}
}

func TestEventsComeBackToTheBit(t *testing.T) {
	others := table.Metadata{"author": "someone, somewhere", "note": "{not JSON", "empty": "", "object": `{"a":[1,2.50]}`, "spaced": `{ "a": 1 }`}
	for _, ending := range endings {
		t.Run(ending, func(t *testing.T) {
			e := isotopes(t, 1500)
			copy(e.Momenta.Data, []float64{math.Copysign(0, -1), math.SmallestNonzeroFloat64, -math.MaxFloat64, 1.0 / 3})
			path := filepath.Join(t.TempDir(), "events"+ending)
			require.NoError(t, table.WriteEvents(path, e, others))
			back, err := table.ReadEvents(path, dataset.Layout{}, table.Options{Extra: true})
			require.NoError(t, err)
			requireSameBits(t, e.Positions, back.Positions)
			requireSameBits(t, e.Momenta, back.Momenta)
			requireSameBits(t, e.Extra, back.Extra)
			back.Positions, back.Momenta, back.Extra = e.Positions, e.Momenta, e.Extra
			require.Equal(t, e, back)

			r, err := table.Open(path, table.Options{})
			require.NoError(t, err)
			defer r.Close()
			for key, text := range others {
				require.Equal(t, text, r.Metadata()[key], key)
			}
		})
	}
}

func TestMomentaAloneComeBack(t *testing.T) {
	for _, ending := range endings {
		t.Run(ending, func(t *testing.T) {
			e := isotopes(t, 3)
			e.Positions, e.PositionColumns, e.Extra, e.ExtraColumns = dataset.Matrix{}, nil, dataset.Matrix{}, nil
			path := filepath.Join(t.TempDir(), "events"+ending)
			require.NoError(t, table.WriteEvents(path, e, nil))
			back, err := table.ReadEvents(path, dataset.Layout{}, table.Options{})
			require.NoError(t, err)
			require.Equal(t, e, back)
		})
	}
}

// What the user says of a table goes before what the table says.
func TestLayoutGoesBeforeMetadata(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.parquet")
	require.NoError(t, table.WriteEvents(path, isotopes(t, 2), nil))
	back, err := table.ReadEvents(path, dataset.Layout{Atoms: []string{"O", "H1", "H2"}, PositionUnit: explosion.Meter, MomentumUnit: explosion.AtomicMomentum}, table.Options{})
	require.NoError(t, err)
	require.Equal(t, explosion.Meter, back.PositionUnit)
	require.Equal(t, explosion.AtomicMomentum, back.MomentumUnit)
	require.Equal(t, []float64{15.99491461957, 2.014101777844, 1.00782503223}, back.MassesDalton)
}

func TestBlocksAreTheTable(t *testing.T) {
	e := isotopes(t, 5000)
	path := filepath.Join(t.TempDir(), "events.csv")
	require.NoError(t, table.WriteEvents(path, e, nil))
	r, err := table.OpenEvents(path, dataset.Layout{}, table.Options{Extra: true})
	require.NoError(t, err)
	defer r.Close()
	at := 0
	for {
		block, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		require.Positive(t, block.Len())
		for i := range block.Len() {
			require.Equal(t, e.Positions.Row(at+i), block.Positions.Row(i))
			require.Equal(t, e.Extra.Row(at+i), block.Extra.Row(i))
		}
		at += block.Len()
	}
	require.Equal(t, e.Len(), at)
}

func TestMetadataThatAreNotUnderstoodAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":       "version 1",
		"later version": `{"version":2,"atoms":["C"],"position_unit":"bohr","momentum_unit":"au"}`,
		"no unit":       `{"version":1,"atoms":["C"],"position_unit":"parsec","momentum_unit":"au"}`,
		"no atoms":      `{"version":1,"position_unit":"bohr","momentum_unit":"au"}`,
		"masses":        `{"version":1,"atoms":["C"],"masses_dalton":[1,2],"position_unit":"bohr","momentum_unit":"au"}`,
		"negative mass": `{"version":1,"atoms":["C"],"masses_dalton":[-12],"position_unit":"bohr","momentum_unit":"au"}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t.parquet")
			w, err := table.Create(path, []string{"px_C", "py_C", "pz_C"}, table.Metadata{table.EventsKey: text})
			require.NoError(t, err)
			require.NoError(t, w.WriteRow([]float64{1, 2, 3}))
			require.NoError(t, w.Commit())
			_, err = table.ReadEvents(path, dataset.Layout{}, table.Options{})
			var wrong *table.Error
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, path, wrong.File)
		})
	}
}

func TestTableWithoutRowsHoldsNoEvents(t *testing.T) {
	for _, ending := range endings {
		path := filepath.Join(t.TempDir(), "t"+ending)
		w, err := table.CreateEvents(path, isotopes(t, 1), nil)
		require.NoError(t, err)
		require.NoError(t, w.Commit())
		require.NoError(t, w.Close())
		_, err = table.ReadEvents(path, dataset.Layout{}, table.Options{})
		var wrong *table.Error
		require.ErrorAs(t, err, &wrong, ending)
	}
}

// Nothing is to be seen of a table before it is whole, and nothing stays of one
// that was given up.
func TestWholeOrNotAtAll(t *testing.T) {
	for _, ending := range endings {
		t.Run(ending, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "events"+ending)
			e := isotopes(t, 2000)
			w, err := table.CreateEvents(path, e, nil)
			require.NoError(t, err)
			require.NoError(t, w.Write(e))
			require.NoFileExists(t, path)
			require.NoError(t, w.Close())
			left, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.Empty(t, left)

			require.NoError(t, table.WriteEvents(path, e, nil))
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			w, err = table.CreateEvents(path, e, nil)
			require.NoError(t, err)
			require.NoError(t, w.Write(isotopes(t, 1)))
			require.Error(t, w.WriteRow(nil, []float64{math.NaN()}, nil))
			require.NoError(t, w.Close())
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, before, after)
		})
	}
}

func TestWriterRefuses(t *testing.T) {
	e := isotopes(t, 2)
	path := filepath.Join(t.TempDir(), "t.csv")
	w, err := table.CreateEvents(path, e, nil)
	require.NoError(t, err)
	defer w.Close()
	require.ErrorContains(t, w.WriteRow(nil, e.Momenta.Row(0), e.Extra.Row(0)), "has 11 numbers: want 20")
	require.ErrorContains(t, w.WriteRow(e.Positions.Row(0), e.Momenta.Row(0), []float64{1, math.Inf(1)}), "number 20 is +Inf")
	require.ErrorContains(t, w.Write(e.InUnits(explosion.Bohr, explosion.AtomicMomentum)), "other columns or units")
	require.NoError(t, w.Commit())
	require.ErrorContains(t, w.Commit(), "committed")
	require.ErrorContains(t, w.Write(e), "committed")

	_, err = table.Create(filepath.Join(t.TempDir(), "t.xlsx"), []string{"a"}, nil)
	require.ErrorContains(t, err, ".parquet")
	_, err = table.Create(path, []string{"a", "a"}, nil)
	require.ErrorContains(t, err, "column a: want names in UTF-8 that differ")
	_, err = table.Create(path, []string{"a", "b\xff"}, nil)
	require.ErrorContains(t, err, `column "b\xff": want names in UTF-8 that differ`)
	_, err = table.Create(t.TempDir(), []string{"a"}, nil)
	require.ErrorContains(t, err, ".parquet")
	_, err = table.Create(path, nil, nil)
	require.ErrorContains(t, err, "no columns")
}
