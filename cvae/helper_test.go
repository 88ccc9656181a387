package cvae

import (
	"testing"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/internal/modeltest"
)

func newModel(t *testing.T, c Config, dtype binding.DType, seed uint64) *Model {
	t.Helper()
	return modeltest.New(t, New, c, dtype, seed)
}
