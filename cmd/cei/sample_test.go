package main

import (
	"encoding/csv"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// measured writes a simulated table's momenta as laboratories do: no header, atoms in another order, tabs, CRLF, and
// another unit. It returns the flags that read it.
func measured(t *testing.T, data string) (flags []string) {
	t.Helper()
	const atomic = 1.99285191410e-24 // kg m/s in an atomic unit of momentum, CODATA 2018
	rows, err := csv.NewReader(strings.NewReader(readFile(t, data))).ReadAll()
	require.NoError(t, err)
	var text strings.Builder
	for _, row := range rows[1:] {
		var fields []string
		for _, atom := range []int{1, 0, 2} { // O, C, S
			for _, p := range row[9+3*atom : 12+3*atom] {
				var au float64
				_, err := fmt.Sscan(p, &au)
				require.NoError(t, err)
				fields = append(fields, fmt.Sprint(au*atomic/1e-22))
			}
		}
		text.WriteString(strings.Join(fields, "\t") + "\r\n")
	}
	path := writeFile(t, "measured.txt", text.String())
	return []string{"--data", path, "--no-header", "--atoms", "O,C,S", "--momentum-unit", "1e-22*kg_m_s"}
}

// The draws for the same momenta are the same, however the table writes them.
func TestSampleReadsMeasuredTables(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	house := succeed(t, "sample", dir, "--data", data, "--samples", "3")
	lab := succeed(t, append([]string{"sample", dir, "--samples", "3"}, measured(t, data)...)...)
	want, got := csvRows(t, house.out), csvRows(t, lab.out)
	require.Equal(t, want[0], got[0])
	require.Len(t, got, len(want))
	for i := range want[1:] {
		for j := range want[1+i] {
			var w, g float64
			_, err := fmt.Sscan(want[1+i][j], &w)
			require.NoError(t, err)
			_, err = fmt.Sscan(got[1+i][j], &g)
			require.NoError(t, err)
			require.InDelta(t, w, g, 1e-3, "line %d, column %s", 2+i, want[0][j])
		}
	}
}

func csvRows(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return rows
}

// Momenta that training has not covered are extrapolated, and the user is told, but not among the results.
func TestSampleWarnsOfExtrapolation(t *testing.T) {
	dir, data := trainedRun(t, "cvae")
	flags := measured(t, data)
	flags[len(flags)-1] = "1e-21*kg_m_s" // ten times the momenta
	a := succeed(t, append([]string{"sample", dir, "--samples", "1"}, flags...)...)
	assert.Contains(t, a.err, "warning: the momenta of 200 of 200 events lie outside the range of the training part")
	assert.Len(t, csvRows(t, a.out), 201)
}

func TestSampleWritesFile(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	out := filepath.Join(t.TempDir(), "new", "draws.csv")
	args := []string{"sample", dir, "--data", data, "--samples", "2", "--out", out}
	a := succeed(t, args...)
	assert.Empty(t, a.out)
	assert.Contains(t, a.err, out+": 2 draws for each of 200 events, frame as-is, lengths in bohr")
	drawn := readFile(t, out)
	assert.Equal(t, succeed(t, "sample", dir, "--data", data, "--samples", "2").out, drawn)

	again := cei(t, args...)
	assert.Equal(t, exitFailed, again.code)
	assert.Contains(t, again.err, "--force")
	assert.Equal(t, exitDone, cei(t, append(args, "--force", "--seed", "4")...).code)
	assert.NotEqual(t, drawn, readFile(t, out))
}

// Positions in the table are not looked at: draws must not depend on them.
func TestSampleDoesNotSeePositions(t *testing.T) {
	dir, data := trainedRun(t, "cvae")
	rows := csvRows(t, readFile(t, data))
	for _, row := range rows[1:] {
		for j := range 9 {
			row[j] = "12345"
		}
	}
	var other strings.Builder
	require.NoError(t, csv.NewWriter(&other).WriteAll(rows))
	path := writeFile(t, "other.csv", other.String())
	assert.Equal(t, succeed(t, "sample", dir, "--data", data, "--samples", "2").out, succeed(t, "sample", dir, "--data", path, "--samples", "2").out)
}
