package table_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

func plainTable(t *testing.T) *dataset.Events {
	t.Helper()
	targets, conditions := dataset.NewMatrix(4, 2), dataset.NewMatrix(4, 3)
	for i := range targets.Data {
		targets.Data[i] = float64(i) / 3
	}
	for i := range conditions.Data {
		conditions.Data[i] = -float64(i) / 7
	}
	e, err := dataset.NewPlainEvents([]string{"theta_1", "a b"}, []string{"x_1", "x_2", "px_C"}, targets, conditions)
	require.NoError(t, err)
	return e
}

// Any columns of any format are targets and conditions, whatever they look like.
func TestPlainTablesInEveryFormat(t *testing.T) {
	e := plainTable(t)
	for _, ending := range []string{".csv", ".tsv", ".csv.gz", ".parquet", ".npz", ".npy", ".h5"} {
		path := filepath.Join(t.TempDir(), "plain"+ending)
		err := table.WriteEvents(path, e, table.Metadata{"by": "hand"})
		if ending == ".h5" && err != nil {
			require.ErrorContains(t, err, "-tags hdf5")
			t.Log("without HDF5, which takes a build with -tags hdf5")
			continue
		}
		require.NoError(t, err)
		got, err := table.ReadEvents(path, dataset.Layout{Targets: e.PositionColumns, Conditions: e.MomentumColumns, NeedPositions: true}, table.Options{})
		require.NoError(t, err, ending)
		require.Equal(t, e, got, ending)

		turned, err := table.ReadEvents(path, dataset.Layout{Targets: []string{"x_2"}, Conditions: []string{"a b", "theta_1"}}, table.Options{})
		require.NoError(t, err, ending)
		require.Equal(t, []string{"x_2"}, turned.PositionColumns)
		require.Equal(t, e.Positions.Row(1)[1], turned.Momenta.Row(1)[0])
		require.Equal(t, 2, turned.IgnoredColumns)
	}
}

// Columns of a table of molecules are taken as they are: its units and its recipe are nothing to them.
func TestPlainColumnsOfATableOfMolecules(t *testing.T) {
	path := filepath.Join(t.TempDir(), "molecules.parquet")
	molecules, _, err := dataset.Simulate(t.Context(), explosion.Recipe{Events: 5}, 0)
	require.NoError(t, err)
	require.NoError(t, table.WriteEvents(path, molecules, nil))
	e, err := table.ReadEvents(path, dataset.Layout{Targets: []string{"x_C"}, Conditions: []string{"px_C", "y_O"}}, table.Options{})
	require.NoError(t, err)
	require.True(t, e.Plain())
	require.Nil(t, e.Recipe)
	require.Empty(t, e.MomentumUnit)
	require.Equal(t, molecules.Momenta.Row(3)[0], e.Momenta.Row(3)[0])
}

func TestPlainTablesWithoutHeader(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bare.txt")
	require.NoError(t, os.WriteFile(path, []byte("1 2 3\n4 5 6\n"), 0o600))
	e, err := table.ReadEvents(path, dataset.Layout{Targets: []string{"3"}, Conditions: []string{"1", "2"}, NoHeader: true}, table.Options{})
	require.NoError(t, err)
	require.Equal(t, []float64{3, 6}, e.Positions.Data)
	require.Equal(t, []float64{1, 2, 4, 5}, e.Momenta.Data)
	require.Equal(t, []string{"1", "2"}, e.MomentumColumns)
}

func TestPlainTablesSayWhereTheyAreWrong(t *testing.T) {
	for text, want := range map[string]string{
		"a,x\n1,NaN\n": ":2:3: expected a finite number in column x",
		"a,x\n1,2\n,3": ":3:1: expected a finite number in column a",
		"a,y\n1,2\n":   ":1:1: expected columns x, which are missing; the header has a, y",
		"a,x\n":        ":2:1: expected a line of numbers",
	} {
		path := filepath.Join(t.TempDir(), "bad.csv")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := table.ReadEvents(path, dataset.Layout{Targets: []string{"a"}, Conditions: []string{"x"}, NeedPositions: true}, table.Options{})
		require.ErrorContains(t, err, want)
		require.True(t, strings.HasPrefix(err.Error(), "table: read "+path))
	}
}
