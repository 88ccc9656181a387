package main

import (
	"math"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// drawn returns the header of the draws for a table, and their numbers.
func drawn(t *testing.T, dir, data string, flags ...string) (columns []string, rows [][]float64) {
	t.Helper()
	lines := csvRows(t, succeed(t, append([]string{"sample", dir, "--data", data, "--samples", "2"}, flags...)...).out)
	for _, line := range lines[1:] {
		row := make([]float64, len(line))
		for j, text := range line {
			var err error
			row[j], err = strconv.ParseFloat(text, 64)
			require.NoError(t, err)
		}
		rows = append(rows, row)
	}
	return lines[0][2:], rows
}

func cartesianColumns() []string {
	columns, _ := dataset.ColumnNames([]string{"C", "O", "S"})
	return columns
}

// trainedInFrame returns a run on randomly oriented molecules, and other events of theirs.
func trainedInFrame(t *testing.T, frame string, more ...string) (dir, data string) {
	t.Helper()
	dir, data = filepath.Join(t.TempDir(), "run"), filepath.Join(t.TempDir(), "events.npz")
	succeed(t, "simulate", "--events", "60", "--seed", "2", "--orientation", "random", "--out", data)
	succeed(t, simulationArgs(dir, append(more, "--events", "300", "--orientation", "random", "--frame", frame)...)...)
	return dir, data
}

// distances returns the distances of all pairs of atoms.
func distances(x []float64) (d []float64) {
	for i := 0; i < len(x); i += 3 {
		for j := range i / 3 {
			d = append(d, math.Hypot(math.Hypot(x[i]-x[3*j], x[i+1]-x[3*j+1]), x[i+2]-x[3*j+2]))
		}
	}
	return d
}

// A recoil frame is turned with the momenta: back in the laboratory, each draw has the shape that it had, and lies as its
// event does.
func TestRecoilFrame(t *testing.T) {
	dir, data := trainedInFrame(t, "recoil")
	assert.Contains(t, succeed(t, "evaluate", dir, "--samples", "5").out, "frame recoil, lengths in bohr\n")
	columns, frame := drawn(t, dir, data)
	assert.Equal(t, cartesianColumns(), columns)
	_, cartesian := drawn(t, dir, data, "--coordinates", "cartesian")
	assert.Equal(t, frame, cartesian)
	columns, laboratory := drawn(t, dir, data, "--coordinates", "laboratory")
	assert.Equal(t, cartesianColumns(), columns)
	directions := map[bool]int{}
	for i := range frame {
		assert.Equal(t, frame[i][:2], laboratory[i][:2], "event and draw")
		assert.InDeltaSlice(t, distances(frame[i][2:]), distances(laboratory[i][2:]), 1e-12)
		directions[laboratory[i][2+6] > 0]++ // x of S
	}
	assert.Greater(t, directions[true], len(frame)/4, "as randomly as the molecules")
	assert.Greater(t, directions[false], len(frame)/4)
}

// Internal coordinates are bonds and angles; Cartesian ones have these bonds and angles; there is no laboratory for them.
func TestInternalFrame(t *testing.T) {
	dir, data := trainedInFrame(t, "internal")
	assert.Contains(t, succeed(t, "evaluate", dir, "--samples", "5").out, "frame internal, lengths in bohr, angles in radian\n")
	columns, frame := drawn(t, dir, data, "--coordinates", "frame")
	assert.Equal(t, []string{"r_CO", "r_CS", "angle_OCS"}, columns)
	columns, cartesian := drawn(t, dir, data, "--coordinates", "cartesian")
	assert.Equal(t, cartesianColumns(), columns)
	require.Len(t, cartesian, len(frame))
	for i := range frame {
		co, cs, angle := bondsOfOCS(cartesian[i][2:])
		length, right := frame[i][2:4], angle*math.Pi/180
		assert.InDelta(t, length[0], co/0.529177210903, 1e-6)
		assert.InDelta(t, length[1], cs/0.529177210903, 1e-6)
		folded := math.Abs(math.Remainder(frame[i][4], 2*math.Pi)) // a draw may pass a straight angle
		assert.InDelta(t, folded, right, 1e-6)
	}
	refuseLaboratory(t, dir, data, "internal")
}

func TestBodyFrameHasNoLaboratory(t *testing.T) {
	dir, data := trainedInFrame(t, "body")
	refuseLaboratory(t, dir, data, "body")
}

func refuseLaboratory(t *testing.T, dir, data, frame string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "draws.csv")
	a := cei(t, "sample", dir, "--data", data, "--coordinates", "laboratory", "--out", out)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, `the momenta do not tell how positions in a "`+frame+`" frame lie: want a "recoil" frame`)
	assert.NoFileExists(t, out)
}

// Left as it is, a table is in the laboratory's axes already.
func TestAsIsFrameIsTheLaboratory(t *testing.T) {
	dir, data := trainedRun(t, "cinn")
	_, frame := drawn(t, dir, data)
	_, laboratory := drawn(t, dir, data, "--coordinates", "laboratory")
	for i := range frame {
		assert.InDeltaSlice(t, frame[i], laboratory[i], 1e-12)
	}
	a := cei(t, "sample", dir, "--data", data, "--coordinates", "polar")
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, `--coordinates must be frame, cartesian or laboratory, got "polar"`)
}

// What a table of draws does not say by its columns is in its metadata, and told.
func TestDrawsSayWhatTheyAre(t *testing.T) {
	dir, data := trainedInFrame(t, "internal")
	for coordinates, told := range map[string]string{"frame": "frame internal, lengths in bohr, angles in radian", "cartesian": "Cartesian axes of frame internal, lengths in bohr"} {
		out := filepath.Join(t.TempDir(), "draws.parquet")
		a := succeed(t, "sample", dir, "--data", data, "--samples", "1", "--coordinates", coordinates, "--out", out)
		assert.Contains(t, a.err, out+": 1 draws for each of 60 events, "+told+"\n")
		_, _, metadata := bitsOf(t, out)
		says := decoded(t, metadata[drawsKey])
		assert.Equal(t, []any{coordinates, "bohr", "internal"}, []any{says["coordinates"], says["position_unit"], says["frame"].(map[string]any)["kind"]})
	}
}
