package posterior_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

func TestOpenRefuses(t *testing.T) {
	bindingtest.NoLeak(t)
	ctx := context.Background()
	_, err := posterior.Open(ctx, t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)

	spoilt := map[string]func(dir string) error{
		"no such file": func(dir string) error { return os.Remove(filepath.Join(dir, trainer.ModelFile)) },
		trainer.ModelFile: func(dir string) error {
			return os.WriteFile(filepath.Join(dir, trainer.ModelFile), []byte("garbage"), 0o644)
		},
		`"forest"`: func(dir string) error {
			path := filepath.Join(dir, trainer.ConfigFile)
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path, []byte(strings.Replace(string(text), `"cinn"`, `"forest"`, 1)), 0o644)
		},
	}
	for says, spoil := range spoilt {
		dir := train(t, "cinn", 200, 1)
		require.NoError(t, spoil(dir))
		_, err := posterior.Open(ctx, dir)
		require.ErrorContains(t, err, says)
	}

	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = posterior.Open(cancelled, t.TempDir())
	require.ErrorIs(t, err, context.Canceled)
}

func TestOpenRefusesWeightsOfAnotherArchitecture(t *testing.T) {
	bindingtest.NoLeak(t)
	a, b := train(t, "cinn", 200, 1), train(t, "cvae", 200, 1)
	weights, err := os.ReadFile(filepath.Join(b, trainer.ModelFile))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(a, trainer.ModelFile), weights, 0o644))
	_, err = posterior.Open(context.Background(), a)
	require.ErrorContains(t, err, "tensors")
}
