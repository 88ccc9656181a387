package tensorboard

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/monitor"
)

// session writes the figures of the fixture's steps into a file of its own.
func session(t *testing.T, dir string, first, last int64, offset float64) (path string) {
	t.Helper()
	w, err := Create(dir, first)
	require.NoError(t, err)
	for step := first; step <= last; step++ {
		require.NoError(t, w.Scalars(step, fixtureTime(step), fixtureFigures(step, offset)))
	}
	require.NoError(t, w.Close())
	return w.Name()
}

func fixtureTime(step int64) time.Time { return time.UnixMilli(1700000000250 + 1000*step) }

func fixtureFigures(step int64, offset float64) []monitor.Figure {
	return []monitor.Figure{{Name: "train_loss", Value: offset - 0.5*float64(step)}, {Name: "term/kl", Value: 0.1 * float64(step)}}
}

// The bytes are those of TensorBoard's own writer.
func TestWritesAsTensorBoardDoes(t *testing.T) {
	for _, c := range []struct {
		name        string
		first, last int64
		offset      float64
	}{{"first", 1, 4, 2}, {"second", 3, 6, 3}} {
		want, torn := readRecords(t, filepath.Join("testdata", c.name+".tfevents"))
		require.Zero(t, torn)
		at := fixtureTime(0)
		got := [][]byte{versionEvent(at), startEvent(c.first, at)}
		for step := c.first; step <= c.last; step++ {
			got = append(got, scalarsEvent(step, fixtureTime(step), fixtureFigures(step, c.offset)))
		}
		require.Equal(t, want, got)
		var file []byte
		for _, data := range got {
			file = append(file, record(data)...)
		}
		fixture, err := os.ReadFile(filepath.Join("testdata", c.name+".tfevents"))
		require.NoError(t, err)
		assert.Equal(t, fixture, file)
	}
}

// What is written is in the file at once, and reads back.
func TestReadsBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "tensorboard")
	w, err := Create(dir, 1)
	require.NoError(t, err)
	hard := []float64{0, math.Copysign(0, -1), 1e-46, math.MaxFloat32, math.Inf(1), -3.25, 1 << 24}
	for i, x := range hard {
		require.NoError(t, w.Scalars(int64(i+1), time.Now(), []monitor.Figure{{Name: "größe/λ", Value: x}}))
		events := readEvents(t, w.Name())
		require.Len(t, events, 3+i)
		last := events[2+i]
		assert.Equal(t, int64(i+1), last.step)
		assert.Equal(t, math.Float32bits(float32(x)), math.Float32bits(last.scalars["größe/λ"]))
		assert.InDelta(t, float64(time.Now().UnixMicro())/1e6, last.wall, 60)
	}
	require.NoError(t, w.Close())
	events := readEvents(t, w.Name())
	assert.Equal(t, "brain.Event:2", events[0].version)
	assert.Equal(t, read{wall: events[1].wall, step: 1, start: true}, events[1])
	assert.Error(t, w.Scalars(9, time.Now(), nil), "after Close")
}

// Files of later sessions sort behind earlier ones, however quickly they follow each other or the clock was turned back.
func TestFilesAreInOrder(t *testing.T) {
	dir := t.TempDir()
	future := filePrefix + "9000000000.host.1.0"
	require.NoError(t, os.WriteFile(filepath.Join(dir, future), nil, 0o600))
	names := []string{future}
	for range 5 {
		names = append(names, filepath.Base(session(t, dir, 1, 2, 0)))
	}
	assert.True(t, slices.IsSorted(names), "%v", names)
	assert.Len(t, slices.Compact(names), 6)
}

// A record that a killed program left half written takes nothing with it, wherever it was cut.
func TestTornRecord(t *testing.T) {
	dir := t.TempDir()
	first := session(t, dir, 1, 4, 2)
	whole, err := os.ReadFile(first)
	require.NoError(t, err)
	last := len(record(scalarsEvent(4, fixtureTime(4), fixtureFigures(4, 2))))
	for cut := 1; cut < last; cut += 7 {
		require.NoError(t, os.WriteFile(first, whole[:len(whole)-cut], 0o600))
		records, torn := readRecords(t, first)
		assert.Len(t, records, 5)
		assert.Equal(t, last-cut, torn)
	}
	second := readEvents(t, session(t, dir, 4, 5, 2))
	assert.Equal(t, []int64{0, 4, 4, 5}, []int64{second[0].step, second[1].step, second[2].step, second[3].step})
}

func TestRemove(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tensorboard")
	require.NoError(t, Remove(dir), "which is not there")
	session(t, dir, 1, 2, 0)
	other := filepath.Join(dir, "notes.txt")
	require.NoError(t, os.WriteFile(other, nil, 0o600))
	require.NoError(t, Remove(dir))
	assert.FileExists(t, other)
	names, err := eventFiles(dir)
	require.NoError(t, err)
	assert.Empty(t, names)
	require.NoError(t, os.Remove(other))
	require.NoError(t, Remove(dir))
	assert.NoDirExists(t, dir)
}

func TestErrorsNameTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Create(filepath.Join(file, "tensorboard"), 1)
	assert.ErrorContains(t, err, "tensorboard: create event file: ")
	assert.ErrorContains(t, err, file)
	if _, err := os.Stat("/dev/full"); err == nil {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		require.NoError(t, err)
		w := &Writer{file: full}
		err = w.Scalars(1, time.Now(), nil)
		require.ErrorContains(t, err, "no space left")
		assert.Equal(t, err, w.Scalars(2, time.Now(), nil), "nothing may follow what was cut")
		assert.True(t, strings.HasPrefix(err.Error(), "tensorboard: write event: "))
	}
}
