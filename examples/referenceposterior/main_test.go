package main

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A few events go through the whole of both ways to the exact posterior.
func TestFewEvents(t *testing.T) {
	var out strings.Builder
	require.NoError(t, floor(context.Background(), 0.1, 20, 5, &out))
	assert.Contains(t, out.String(), "20 events, the truth not among the geometries in 0; ")
	assert.Contains(t, out.String(), "5 events retrieved again from 200 more starts: 0 have another number of geometries\n")
	out.Reset()
	require.NoError(t, neighbours(context.Background(), 0.1, 10, 20_000, &out))
	assert.Equal(t, 5, strings.Count(out.String(), "\n"))
	assert.Contains(t, out.String(), "from the truth, over 10 events: 0.0000 ± 0.0000\n", "small displacements leave no second geometry so far off")
}
