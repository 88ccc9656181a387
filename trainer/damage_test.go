package trainer_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// damages are what can become of a file on a disk, by name. Positions are in all of its regions: the length of the header,
// its parts (the checksum is in its beginning), and every tensor.
func damages(whole []byte) map[string][]byte {
	all := map[string][]byte{"another file": []byte("not a checkpoint at all"), "longer": append(whole[:len(whole):len(whole)], 0)}
	header := 8 + int(binary.LittleEndian.Uint64(whole))
	for _, n := range []int{0, 1, 7, 8, 9, 100, header - 1, header, header + 1, len(whole) / 2, len(whole) - 4096, len(whole) - 1} {
		all[fmt.Sprintf("cut to %d of %d", n, len(whole))] = whole[:n]
	}
	for at := 0; at < len(whole); at++ {
		if at > header && at%997 != 0 { // every bit of the header, and many of the tensors
			continue
		}
		flipped := append([]byte{}, whole...)
		flipped[at] ^= 1 << (at * 5 % 8)
		all[fmt.Sprintf("bit %d of byte %d", at*5%8, at)] = flipped
	}
	for _, size := range []int{512, 4096} {
		for at := 0; at+size <= len(whole); at += 3 * size {
			zeroed := append([]byte{}, whole...)
			clear(zeroed[at : at+size])
			all[fmt.Sprintf("%d zeros at %d", size, at)] = zeroed
		}
	}
	return all
}

// Whatever happens to a checkpoint is noticed.
func TestDamageIsNoticed(t *testing.T) {
	dir := t.TempDir()
	fitUntil(t, smoothSplit(t, 300), dir, 5)
	whole, err := os.ReadFile(filepath.Join(dir, trainer.StateFile))
	require.NoError(t, err)
	require.NoError(t, trainer.DecodeCheckpoint(whole))
	all := damages(whole)
	for name, data := range all {
		require.ErrorIs(t, trainer.DecodeCheckpoint(data), trainer.ErrDamaged, name)
	}
	header := whole[8 : 8+binary.LittleEndian.Uint64(whole)]
	for bit := range 8 * len(header) { // what tells the format, the checksum and the shapes
		header[bit/8] ^= 1 << (bit % 8)
		require.ErrorIs(t, trainer.DecodeCheckpoint(whole), trainer.ErrDamaged, "bit %d of the header", bit)
		header[bit/8] ^= 1 << (bit % 8)
	}
	require.NoError(t, trainer.DecodeCheckpoint(whole))
	t.Logf("%d damages and %d flipped bits of the header were noticed", len(all), 8*len(header))
}

// resumed continues the run in dir to its end, and returns the warnings.
func resumed(t *testing.T, split *dataset.Split, dir string) (weights []float64, warnings []string, err error) {
	t.Helper()
	c := quick()
	c.Dir, c.Resume = dir, true
	c.Warn = func(message string) { warnings = append(warnings, message) }
	m := newRegression(t, 1)
	_, err = trainer.Fit(context.Background(), m, split, c)
	return m.weights(t), warnings, err
}

// interruptedRun returns a directory with two checkpoints, of different steps.
func interruptedRun(t *testing.T, split *dataset.Split) string {
	t.Helper()
	dir := t.TempDir()
	fitUntil(t, split, dir, 6)
	fitUntil(t, split, dir, 3)
	return dir
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// The checkpoint before takes the place of a damaged one, with a warning that names both, and the run ends as if nothing
// had been. Where both are damaged it does not start.
func TestResumeGetsRoundDamage(t *testing.T) {
	bindingtest.NoLeak(t)
	split, undisturbed := smoothSplit(t, 300), t.TempDir()
	want := fitUntil(t, split, undisturbed, 0)
	run := interruptedRun(t, split)
	whole, err := os.ReadFile(filepath.Join(run, trainer.StateFile))
	require.NoError(t, err)
	for name, data := range map[string][]byte{
		"missing": nil, "empty": {}, "torn": whole[:len(whole)/2], "flipped": flipped(whole, len(whole)/3), "zeros": make([]byte, len(whole)),
		"too large": append(append([]byte{}, whole...), make([]byte, 4<<20)...),
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyOf(t, run)
			newest, before := filepath.Join(dir, trainer.StateFile), filepath.Join(dir, trainer.PreviousStateFile)
			require.NoError(t, os.Remove(newest))
			says := "no such file"
			if data != nil {
				require.NoError(t, os.WriteFile(newest, data, 0o600))
				says = "damaged"
			}
			if name == "too large" {
				says = "more than "
			}
			both := copyOf(t, dir)
			got, warnings, err := resumed(t, split, dir)
			require.NoError(t, err)
			assert.Equal(t, want, got)
			requireSameRun(t, undisturbed, dir)
			require.Len(t, warnings, 1)
			for _, part := range []string{newest, says, "continuing from the checkpoint before, " + before, "of epoch "} {
				assert.Contains(t, warnings[0], part)
			}

			require.NoError(t, os.WriteFile(filepath.Join(both, trainer.PreviousStateFile), whole[:99], 0o600))
			_, _, err = resumed(t, split, both)
			for _, part := range []string{both, "no whole checkpoint is left", trainer.StateFile, trainer.PreviousStateFile, says, "damaged", "--force"} {
				assert.ErrorContains(t, err, part)
			}
		})
	}
}

func flipped(whole []byte, at int) []byte {
	data := append([]byte{}, whole...)
	data[at] ^= 1
	return data
}

// A damaged checkpoint never takes the place of the whole one that training continues from, whenever it ends again.
func TestDamagedCheckpointIsNotKept(t *testing.T) {
	split := smoothSplit(t, 300)
	dir := interruptedRun(t, split)
	before, err := os.ReadFile(filepath.Join(dir, trainer.PreviousStateFile))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.StateFile), nil, 0o600))
	c := quick()
	c.Dir, c.Resume, c.Warn = dir, true, func(string) {}
	_, err = trainer.Fit(newMoody(1), newRegression(t, 1), split, c)
	require.ErrorIs(t, err, context.Canceled)
	kept, err := os.ReadFile(filepath.Join(dir, trainer.PreviousStateFile))
	require.NoError(t, err)
	assert.Equal(t, before, kept)
	newest, err := os.ReadFile(filepath.Join(dir, trainer.StateFile))
	require.NoError(t, err)
	assert.NoError(t, trainer.DecodeCheckpoint(newest))
}

// A program that reads another format says so, in place of calling it damaged.
func TestOtherFormats(t *testing.T) {
	split := smoothSplit(t, 300)
	dir := interruptedRun(t, split)
	for _, c := range []struct{ counters, metadata, says string }{
		{`{\"epoch\":1,\"best_loss\":\"1\"}`, "", "it has format 1, without a checksum, and this program reads format 2"},
		{`{}`, `,"format":"3","sha256":"` + strings.Repeat("0", 64) + `"`, "it has format 3, and this program reads format 2"},
	} {
		header := fmt.Sprintf(`{"__metadata__":{"counters":"%s"%s}}`, c.counters, c.metadata)
		data := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
		trainer.Seal(data)
		require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.StateFile), data, 0o600))
		_, _, err := resumed(t, split, dir)
		require.ErrorContains(t, err, c.says)
		require.ErrorContains(t, err, filepath.Join(dir, trainer.StateFile))
	}
}

// A config.json that cannot be read is not got round: it says what the checkpoint is of.
func TestResumeRefusesADamagedConfig(t *testing.T) {
	split := smoothSplit(t, 300)
	dir := interruptedRun(t, split)
	path := filepath.Join(dir, trainer.ConfigFile)
	require.NoError(t, os.WriteFile(path, []byte(`{"format":`), 0o600))
	_, _, err := resumed(t, split, dir)
	require.ErrorContains(t, err, path)
	require.ErrorContains(t, err, "--force")
}

// Figures are for people: damage to them holds up no training, and the lines that are whole stay.
func TestResumeGetsRoundDamagedFigures(t *testing.T) {
	split, undisturbed := smoothSplit(t, 300), t.TempDir()
	fitUntil(t, split, undisturbed, 0)
	for name, damage := range map[string]func(line string) string{
		"torn line":   func(line string) string { return line[:len(line)/2] + "\n" },
		"zeros":       func(line string) string { return strings.Repeat("\x00", len(line)-1) + "\n" },
		"line lost":   func(string) string { return "" },
		"long line":   func(string) string { return strings.Repeat(" ", 2<<20) + "\n" },
		"line double": func(line string) string { return line + line },
		"later line":  func(line string) string { return line + strings.Replace(line, `"epoch":1`, `"epoch":7`, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			fitUntil(t, split, dir, 9) // 4 steps an epoch
			path := filepath.Join(dir, trainer.MetricsFile)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			lines := strings.SplitAfter(string(text), "\n")
			require.Len(t, lines, 3)
			require.NoError(t, os.WriteFile(path, []byte(damage(lines[0])+lines[1]+`{"epoch":3,"tra`), 0o600))
			_, warnings, err := resumed(t, split, dir)
			require.NoError(t, err)
			want := course(t, undisturbed)
			if !strings.HasPrefix(damage(lines[0]), lines[0]) { // the first line is not whole
				want = want[1:]
				require.Len(t, warnings, 1)
				assert.Contains(t, warnings[0], path+": the figures of 1 of 2 epochs are damaged or lost")
			}
			assert.Equal(t, want, course(t, dir))
		})
	}
}

// A checkpoint that has no end does not fill the memory. That it belongs to a larger model, or to more events, is told in the
// place of its size.
func TestResumeReadsNoEndlessCheckpoint(t *testing.T) {
	split := smoothSplit(t, 300)
	run := interruptedRun(t, split)
	require.NoError(t, os.Remove(filepath.Join(run, trainer.PreviousStateFile)))
	require.NoError(t, os.Truncate(filepath.Join(run, trainer.StateFile), 1<<40))
	_, _, err := resumed(t, split, run)
	assert.ErrorContains(t, err, "damaged: "+filepath.Join(run, trainer.StateFile)+": more than ")
	_, _, err = resumed(t, smoothSplit(t, 200), run)
	assert.ErrorContains(t, err, "settings differ from those asked for")
}

// Where figures are all that is left of a run, beginning it anew is told.
func TestResumeWithoutCheckpointsBeginsAnew(t *testing.T) {
	split, dir := smoothSplit(t, 300), t.TempDir()
	want := fitUntil(t, split, dir, 0)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "last")))
	got, warnings, err := resumed(t, split, dir)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	require.Len(t, warnings, 1)
	assert.Contains(t, warnings[0], dir+" holds no checkpoint, though figures of 6 epochs: training begins anew")
}

// Bytes that nobody wrote as a checkpoint are refused, or are one that can be written again; with a good checksum too.
func FuzzDecodeCheckpoint(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\x7f{}"))
	for _, header := range []string{
		`{"__metadata__":{"counters":"{\"epoch\":1,\"best_epoch\":1,\"best_loss\":\"+Inf\"}","format":"2","sha256":"` + strings.Repeat("0", 64) + `"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
		`{"__metadata__":{"counters":"{}","format":"2","sha256":"` + strings.Repeat("0", 64) + `"},"a":{"dtype":"F64","shape":[1152921504606846976],"data_offsets":[0,9223372036854775808]}}`,
		`{"__metadata__":{"sha256":"`,
	} {
		f.Add(append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...), 1, 2, 3, 4))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for range 2 {
			again, err := trainer.RewriteCheckpoint(data)
			if err == nil {
				require.NoError(t, trainer.DecodeCheckpoint(again))
			}
			trainer.Seal(data)
		}
	})
}
