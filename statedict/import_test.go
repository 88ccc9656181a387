package statedict_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/statedict"
	"github.com/gocei/gocei/trainer"
)

var names = statedict.Mapping{"coupling.*.scale": "flow.*.s_net", "coupling.*.shift": "flow.*.t_net"}

func TestImportGivesPyTorchsNumbers(t *testing.T) {
	like := run(t)
	for _, name := range []string{"torch1", "torch2"} {
		t.Run(name, func(t *testing.T) {
			bindingtest.NoLeak(t)
			d, err := statedict.Read("testdata/" + name + ".pt")
			require.NoError(t, err)
			assert.Len(t, d, 36)
			dir := filepath.Join(t.TempDir(), "run")
			require.NoError(t, statedict.Import(d, like, dir, names))
			f := readFixture(t, name)
			assert.InDeltaSlice(t, f.LogDensity, logDensity(t, dir, f), 1e-4)
			assert.NotEqual(t, logDensity(t, like, f), logDensity(t, dir, f))
		})
	}
}

// A run's own file is a state dict too, with the names that need no mapping.
func TestImportOfARunIsThatRun(t *testing.T) {
	from, like := run(t), run(t)
	d, err := statedict.Read(filepath.Join(from, trainer.ModelFile))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, statedict.Import(d, like, dir, nil))
	want, err := os.ReadFile(filepath.Join(from, trainer.ModelFile))
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(dir, trainer.ModelFile))
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestImportRefuses(t *testing.T) {
	like := run(t)
	read := func() statedict.Dict {
		d, err := statedict.Read("testdata/torch1.pt")
		require.NoError(t, err)
		return d
	}
	for says, change := range map[string]func(d statedict.Dict) statedict.Mapping{
		"the file has no tensors for coupling.0.scale.0.bias, coupling.0.scale.0.weight": func(statedict.Dict) statedict.Mapping { return nil },
		"the file has no tensors for coupling.1.scale.2.bias (as flow.1.s_net.4.bias)": func(d statedict.Dict) statedict.Mapping {
			delete(d, "flow.1.s_net.4.bias")
			return names
		},
		"the run has no tensors for the file's extra": func(d statedict.Dict) statedict.Mapping {
			d["extra"] = d["flow.0.s_net.0.bias"]
			return names
		},
		"coupling.0.scale.0.bias (as flow.0.s_net.0.bias): shape [2]: want [5]": func(d statedict.Dict) statedict.Mapping {
			d["flow.0.s_net.0.bias"] = d["flow.0.s_net.4.bias"]
			return names
		},
	} {
		d := read()
		m := change(d)
		dir := t.TempDir()
		assert.ErrorContains(t, statedict.Import(d, like, dir, m), says)
		assert.NoFileExists(t, filepath.Join(dir, trainer.ModelFile))
	}
	assert.ErrorContains(t, statedict.Import(read(), t.TempDir(), t.TempDir(), nil), "a run directory?")
	assert.ErrorContains(t, statedict.Import(read(), like, like, names), "is not empty")
	ensemble := t.TempDir()
	for member := 1; member <= 2; member++ {
		require.NoError(t, os.CopyFS(trainer.MemberDir(ensemble, member), os.DirFS(like)))
	}
	require.NoError(t, os.WriteFile(filepath.Join(ensemble, trainer.EnsembleFile), []byte(`{"format":1,"members":2,"finished":2}`), 0o600))
	assert.ErrorContains(t, statedict.Import(read(), ensemble, t.TempDir(), names), "want one of its members")
}

func TestMappingKeepsAndRenames(t *testing.T) {
	like := run(t)
	d, err := statedict.Read("testdata/torch1.pt")
	require.NoError(t, err)
	for name := range d {
		if name[:6] == "flow.2" {
			delete(d, name)
		}
	}
	m := statedict.Mapping{"coupling.*.scale": "flow.*.s_net", "coupling.*.shift": "flow.*.t_net", "coupling.2.scale": "-", "coupling.2.shift": "-"}
	require.NoError(t, statedict.Import(d, like, t.TempDir(), m))

	prefixed := statedict.Dict{}
	own, err := statedict.Read(filepath.Join(like, trainer.ModelFile))
	require.NoError(t, err)
	for name, tensor := range own {
		prefixed["module."+name] = tensor
	}
	require.NoError(t, statedict.Import(prefixed, like, t.TempDir(), statedict.Mapping{"": "module"}))
}

func TestReadMappingRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "names.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"a": 1}`), 0o600))
	_, err := statedict.ReadMapping(path)
	assert.ErrorContains(t, err, "want an object of texts")
}
