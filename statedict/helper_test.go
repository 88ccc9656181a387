package statedict_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// fixture is what PyTorch said, see testdata/make.py.
type fixture struct {
	X, Y       [][]float64
	LogDensity []float64 `json:"log_density"`
}

func readFixture(t *testing.T, name string) (f fixture) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &f))
	return f
}

func flat(rows [][]float64) (all []float64) {
	for _, row := range rows {
		all = append(all, row...)
	}
	return all
}

// run leaves a run of the fixtures' architecture, with other weights, and returns its directory.
func run(t *testing.T) (dir string) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 1))
	targets, conditions := dataset.NewMatrix(60, 3), dataset.NewMatrix(60, 2)
	for i := range targets.Data {
		targets.Data[i] = random.NormFloat64()
	}
	for i := range conditions.Data {
		conditions.Data[i] = random.NormFloat64()
	}
	events, err := dataset.NewPlainEvents([]string{"a", "b", "c"}, []string{"x", "y"}, targets, conditions)
	require.NoError(t, err)
	split, err := dataset.Prepare(events, dataset.Options{})
	require.NoError(t, err)
	m, err := cinn.New(cinn.Config{Dim: 3, Conditions: 2, Couplings: 3, Hidden: []int64{5, 5}, Networks: 2}, nn.Placement{})
	require.NoError(t, err)
	defer m.Close()
	config := trainer.Robust(split.Train.Len())
	config.Dir, config.Epochs = t.TempDir(), 1
	_, err = trainer.Fit(context.Background(), m, split, config)
	require.NoError(t, err)
	return config.Dir
}

// logDensity asks a run's model, in model coordinates.
func logDensity(t *testing.T, dir string, f fixture) []float64 {
	t.Helper()
	config, err := trainer.ReadRunConfig(dir)
	require.NoError(t, err)
	var c cinn.Config
	require.NoError(t, json.Unmarshal(config.Model.Config, &c))
	m, err := cinn.New(c, nn.Placement{DType: config.DType})
	require.NoError(t, err)
	defer m.Close()
	require.NoError(t, m.Params().Load(dir+"/"+trainer.ModelFile))
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	x := s.FromFloat64s(flat(f.X), config.DType, binding.CPU, int64(len(f.X)), 3)
	y := s.FromFloat64s(flat(f.Y), config.DType, binding.CPU, int64(len(f.Y)), 2)
	logs, err := s.Float64s(m.LogProb(s, x, y))
	require.NoError(t, err)
	return logs
}

// archived returns an archive with that program and one storage.
func archived(t testing.TB, program string) []byte {
	t.Helper()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for name, content := range map[string]string{"m/data.pkl": program, "m/data/0": "\x00\x00\x80\x3f\x00\x00\x00\x40", "m/version": "3\n"} {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		require.NoError(t, err)
		_, err = f.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return archive.Bytes()
}
