package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

// A table may be converted in its place, since it is replaced when all of it was read; unasked, it is not.
func TestConvertInPlace(t *testing.T) {
	for _, ending := range tableEndings(t) {
		path := filepath.Join(t.TempDir(), "events"+ending)
		succeed(t, "simulate", "--events", "3000", "--out", path)
		_, was, _ := bitsOf(t, path)
		a := cei(t, "convert", path, path)
		assert.Equal(t, exitFailed, a.code)
		assert.Contains(t, a.err, path+" is there already; --force replaces it")

		succeed(t, "convert", path, path, "--force")
		_, is, _ := bitsOf(t, path)
		assert.True(t, assert.ObjectsAreEqual(was, is), ending)
		succeed(t, "convert", path, path, "--force", "--to-position-unit", "angstrom")
		e, err := table.ReadEvents(path, dataset.Layout{NeedPositions: true}, table.Options{})
		require.NoError(t, err)
		assert.Equal(t, "angstrom", e.PositionUnit.Name)
		assert.Equal(t, 3000, e.Len())
	}
}

// Whatever stops a conversion, there is no target afterwards, or the one that was there before.
func TestConvertBrokenSource(t *testing.T) {
	good := simulated(t, 100)
	text := readFile(t, good)
	parquet := filepath.Join(t.TempDir(), "events.parquet")
	succeed(t, "convert", good, parquet)
	for name, from := range map[string]string{
		"missing":     filepath.Join(t.TempDir(), "nosuch.csv"),
		"broken late": writeFile(t, "late.csv", text+"1,2,3\n"),
		"not a table": writeFile(t, "not.parquet", text),
		"cut off":     writeFile(t, "cut.parquet", readFile(t, parquet)[:2000]),
		"no numbers":  writeFile(t, "text.csv", "a,b\nx,y\n"),
		"unknown":     writeFile(t, "events.xls", text),
	} {
		for _, flags := range [][]string{nil, {"--to-position-unit", "m"}} {
			to := filepath.Join(t.TempDir(), "new.csv")
			a := cei(t, append([]string{"convert", from, to}, flags...)...)
			assert.Equal(t, exitFailed, a.code, name)
			assert.Contains(t, a.err, "cei: convert: ", name)
			assert.Contains(t, a.err, from, name)
			assert.Empty(t, filesIn(t, filepath.Dir(to)), name)

			there := writeFile(t, "there.csv", "mine")
			a = cei(t, append([]string{"convert", from, there, "--force"}, flags...)...)
			assert.Equal(t, exitFailed, a.code, name)
			assert.Equal(t, "mine", readFile(t, there), name)
		}
	}
}

func TestConvertInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	from, to := simulated(t, 100), filepath.Join(t.TempDir(), "new.npz")
	a := ceiUntil(ctx, "convert", from, to)
	assert.Equal(t, exitInterrupted, a.code)
	assert.Empty(t, filesIn(t, filepath.Dir(to)))
}

func TestConvertWrongUsage(t *testing.T) {
	from, to := simulated(t, 5), filepath.Join(t.TempDir(), "new.npz")
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "give two tables, to read and to write, got 0 arguments"},
		{[]string{from}, "got 1 arguments"},
		{[]string{from, to, to}, "got 3 arguments"},
		{[]string{from, to + ".xls"}, "unknown format"},
		{[]string{"nosuch.csv", to, "--to-position-unit", "inch"}, "--to-position-unit"},
		{[]string{"nosuch.csv", to, "--to-momentum-unit", "0*au"}, "--to-momentum-unit"},
		{[]string{"nosuch.csv", to, "--position-unit", "inch"}, "--position-unit"},
		{[]string{"nosuch.csv", to, "--no-header"}, "--no-header needs --atoms"},
		{[]string{"nosuch.csv", to, "--max-momentum-sum", "-1"}, "--max-momentum-sum must be at least 0"},
		{[]string{"nosuch.csv", to, "--min-ker", "nan"}, "--min-ker must be at least 0"},
		{[]string{"nosuch.csv", to, "--max-ker", "inf"}, "--max-ker must be at least 0"},
		{[]string{"nosuch.csv", to, "--min-ker", "5", "--max-ker", "4"}, "--min-ker 5 is above --max-ker 4"},
	} {
		a := cei(t, append([]string{"convert"}, c.args...)...)
		assert.Equal(t, exitUsage, a.code, c.args)
		assert.Contains(t, a.err, c.says)
		assert.NoFileExists(t, to)
	}
}

// The table beside the target is the user's as well.
func TestConvertReplacesNothingUnasked(t *testing.T) {
	from, to := simulated(t, 5), filepath.Join(t.TempDir(), "new.csv")
	require.NoError(t, os.WriteFile(to+".json", []byte("mine"), 0o600))
	a := cei(t, "convert", from, to)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, to+".json is there already; --force replaces it")
	assert.Equal(t, "mine", readFile(t, to+".json"))
	assert.NoFileExists(t, to)
}
