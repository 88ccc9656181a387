package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

func TestRun(t *testing.T) {
	table := filepath.Join(t.TempDir(), "events.csv")
	f, err := os.Create(table)
	require.NoError(t, err)
	positions, momenta := dataset.ColumnNames([]string{"C", "O", "S"})
	rows, err := dataset.NewRowWriter(f, append(positions, momenta...))
	require.NoError(t, err)
	_, err = explosion.Simulate(context.Background(), explosion.Recipe{Events: 300}, 1, func(e explosion.Event) error {
		return rows.Write(e.Positions, e.Momenta)
	})
	require.NoError(t, err)
	require.NoError(t, rows.Flush())
	require.NoError(t, f.Close())

	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(context.Background(), &out, table, dir, 2))
	require.Contains(t, out.String(), "1000 draws of [x_C y_C z_C x_O y_O z_O x_S y_S z_S] in bohr")
	require.FileExists(t, filepath.Join(dir, "model.safetensors"))
}
