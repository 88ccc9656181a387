package main

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Events outside the training's range are left out if asked for, and counted; the others keep the numbers of their rows.
func TestSampleInsideDomain(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	rows := csvRows(t, readFile(t, data))
	outside := []int{0, 7, 199}
	for _, i := range outside {
		for j := 9; j < 18; j++ {
			p, err := strconv.ParseFloat(rows[1+i][j], 64)
			require.NoError(t, err)
			rows[1+i][j] = strconv.FormatFloat(100*p, 'g', -1, 64)
		}
	}
	var text strings.Builder
	for _, row := range rows {
		text.WriteString(strings.Join(row, ",") + "\n")
	}
	far := writeFile(t, "far.csv", text.String())
	_, all := drawn(t, dir, far)
	assert.Len(t, all, 400)
	a := succeed(t, "sample", dir, "--data", far, "--samples", "2", "--inside-domain")
	_, inside := drawn(t, dir, far, "--inside-domain")
	var events []int
	for _, row := range inside {
		events = append(events, int(row[0]))
	}
	for _, i := range outside {
		assert.NotContains(t, events, i)
	}
	assert.True(t, slices.IsSorted(events))
	left := (len(all) - len(inside)) / 2
	assert.GreaterOrEqual(t, left, len(outside))
	assert.Less(t, left, 100)
	assert.Regexp(t, `(?m)^training-domain +`+strconv.Itoa(left)+` +`+strconv.Itoa(200-left)+`$`, a.err)
	assert.NotContains(t, a.err, "extrapolated")
	assert.Contains(t, succeed(t, "evaluate", dir, "--data", far, "--samples", "2", "--inside-domain").out, "on "+strconv.Itoa(200-left)+" events")
}
