package posterior_test

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// A run directory may come from anyone. None makes Open panic, take memory without end, or look outside.
func TestOpenRefusesHostileRuns(t *testing.T) {
	bindingtest.NoLeak(t)
	config := func(pattern, with string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { replaceIn(t, filepath.Join(dir, trainer.ConfigFile), pattern, with) }
	}
	model := func(content []byte) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.ModelFile), content, 0o600))
		}
	}
	ensemble := func(text string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.EnsembleFile), []byte(text), 0o600))
		}
	}
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		says  string
	}{
		"a layer wider than memory":   {config(`"hidden": \[[^]]*\]`, `"hidden": [1099511627776]`), "width"},
		"layers larger than memory":   {config(`"hidden": \[[^]]*\]`, `"hidden": [1000000, 1000000]`), "parameters"},
		"a negative layer":            {config(`"hidden": \[[^]]*\]`, `"hidden": [-4]`), "positive"},
		"couplings without end":       {config(`"couplings": \d+`, `"couplings": 2000000000`), "networks"},
		"dimensions without end":      {config(`"dim": \d+`, `"dim": 9223372036854775807`), "width"},
		"a config that never ends":    {endless(trainer.ConfigFile), "more than"},
		"an ensemble that never ends": {endless(trainer.EnsembleFile), "more than"},
		"members without end":         {ensemble(`{"format": 1, "members": 2000000000, "finished": 2000000000}`), "2000000000 members"},
		"a member with a path":        {ensemble(`{"format": 1, "members": "../../etc", "finished": 1}`), "cannot unmarshal"},
		"a header longer than itself": {model(append(binary.LittleEndian.AppendUint64(nil, 1<<62), "{}"...)), "header"},
		"a header as long as it may":  {model(append(binary.LittleEndian.AppendUint64(nil, 99_999_999), "{}"...)), "header"},
		"a tensor beyond the file":    {model(weights(`{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}`)), "incomplete"},
		"a tensor that ends before":   {model(weights(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}`)), "load parameters"},
		"a shape that overflows":      {model(weights(`{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}`)), "load parameters"},
		"no weights but another file": {func(t *testing.T, dir string) { link(t, "/etc/hostname", filepath.Join(dir, trainer.ModelFile)) }, "header"},
		"weights that never end":      {endless(trainer.ModelFile), "regular"},
		"a pickle instead of weights": {model([]byte("\x80\x02cos\nsystem\nq\x00X\x04\x00\x00\x00truetR.")), "header"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := train(t, "cinn", 200, 1)
			c.spoil(t, dir)
			_, err := posterior.Open(context.Background(), dir)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func weights(header string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
}

func replaceIn(t *testing.T, path, pattern, with string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	expression := regexp.MustCompile("(?s)" + pattern)
	require.Regexp(t, expression, string(text))
	require.NoError(t, os.WriteFile(path, expression.ReplaceAll(text, []byte(with)), 0o600))
}

// endless puts a device that gives zeros for ever in place of a file.
func endless(name string) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) { link(t, "/dev/zero", filepath.Join(dir, name)) }
}

func link(t *testing.T, target, path string) {
	require.NoError(t, os.RemoveAll(path))
	require.NoError(t, os.Symlink(target, path))
}
