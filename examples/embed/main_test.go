package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/explosion"
)

func TestRun(t *testing.T) {
	events, _, err := dataset.Simulate(context.Background(), explosion.Recipe{Events: 300}, 1)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "events.parquet")
	require.NoError(t, table.WriteEvents(path, events, nil))

	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &out, path, dir, 2))
	require.Contains(t, out.String(), "1000 draws of [x_C y_C z_C x_O y_O z_O x_S y_S z_S] in bohr")
	require.FileExists(t, filepath.Join(dir, "model.safetensors"))
}
