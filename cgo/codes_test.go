package cgo

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryOperationHasANameOfItsOwn(t *testing.T) {
	seen := map[string]Op{}
	for op := range Op(opCount) {
		name := op.String()
		assert.NotEmpty(t, name, "operation %d", op)
		assert.NotContains(t, seen, name)
		seen[name] = op
	}
	for _, op := range []Op{-1, Op(opCount)} {
		assert.Equal(t, "unknown operation", op.String())
	}
}
