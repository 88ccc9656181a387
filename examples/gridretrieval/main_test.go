package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMeasure(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, measure(context.Background(), 3, &out))
	assert.Regexp(t, `events +27\n`, out.String())
	assert.Regexp(t, `true geometry found +27, 100.00 %`, out.String())
}
