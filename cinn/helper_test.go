package cinn

import (
	"testing"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/internal/modeltest"
)

func newModel(t *testing.T, c Config, dtype binding.DType, seed uint64) *Model {
	t.Helper()
	return modeltest.New(t, New, c, dtype, seed)
}

// manyRows is a number of training rows for which Robust has the reference's size.
const manyRows = 100000
