package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With several channels, the table has the charges of each event, and their counts are told.
func TestSimulateSeveralChannels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	a := succeed(t, "simulate", "--events", "400", "--channels", "1,1,1:3; 2,2,2:1", "--out", path)
	rows := csvRows(t, readFile(t, path))
	assert.Equal(t, []string{"q_C", "q_O", "q_S"}, rows[0][18:])
	counts := map[string]int{}
	for _, row := range rows[1:] {
		counts[strings.Join(row[18:], ",")]++
	}
	assert.Len(t, counts, 2)
	assert.InDelta(t, 300, counts["1,1,1"], 50)
	assert.Equal(t, fmt.Sprintf("channel 1, charges [1 1 1]: %d events\nchannel 2, charges [2 2 2]: %d events\n", counts["1,1,1"], counts["2,2,2"]), a.err)
	assert.Contains(t, succeed(t, "inspect", path).out, "other columns: 3")
}

// Events of which the detector lost an ion are not in the table; they are counted.
func TestSimulateCountsLostEvents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	a := succeed(t, "simulate", "--events", "400", "--detector-loss", "0.2", "--out", path)
	kept := len(csvRows(t, readFile(t, path))) - 1
	assert.InDelta(t, 400*0.8*0.8*0.8, kept, 50)
	assert.Equal(t, fmt.Sprintf("%d events are left out: the detector lost an ion\n", 400-kept), a.err)
	assert.Contains(t, a.out, fmt.Sprintf(": %d explosions of OCS", kept))
}

// Events that could not be simulated are not in the table; they are counted, and the first one's failure is told. Three
// atoms fit into this ball only now and then.
func TestSimulateCountsFailedEvents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.csv")
	a := succeed(t, "simulate", "--events", "30", "--radius", "1", "--separation", crowded, "--out", path)
	kept := len(csvRows(t, readFile(t, path))) - 1
	require.Positive(t, kept)
	require.Less(t, kept, 30)
	assert.Regexp(t, fmt.Sprintf(`^%d events failed and are left out; the first is event \d+: .*no geometry in the ball.*\n$`, 30-kept), a.err)
}

const crowded = "1.6" // Ångström

// A table without events serves nobody: that none is left is a failure, for the sake of scripts.
func TestSimulateLeavesNone(t *testing.T) {
	for _, flags := range [][]string{{"--detector-loss", "1"}, {"--radius", "1", "--separation", "2"}} {
		dir := t.TempDir()
		a := cei(t, append([]string{"simulate", "--events", "3", "--out", filepath.Join(dir, "events.csv")}, flags...)...)
		assert.Equal(t, exitFailed, a.code)
		assert.Contains(t, a.err, "3 events ")
		assert.Contains(t, a.err, "cei: simulate: none of 3 events is left\n")
		assert.Empty(t, a.out)
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, entries)
	}
}
