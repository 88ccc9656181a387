package retrieval

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// Any range of events has the solutions that it has among all.
func TestSolutionsOfARangeAreThoseOfAll(t *testing.T) {
	v := prepare(t, carbonylSulphide(t, 3), Options{Shapes: 300, Workers: 2})
	momenta := dataset.Matrix{Cols: 9}
	for i := range 7 {
		momenta.Data = append(momenta.Data, momentaOf(t, v, ocs(1.2+0.2*float64(i), 1.6+0.1*float64(i), 175-3*float64(i))...)...)
		momenta.Rows++
	}
	var all [][]Solution
	require.NoError(t, v.Each(context.Background(), momenta, nil, func(_ int, s []Solution) error {
		all = append(all, s)
		return nil
	}))
	for _, r := range [][2]int{{0, 7}, {2, 5}, {6, 7}, {3, 3}, {7, 7}} {
		next := r[0]
		require.NoError(t, v.EachBetween(context.Background(), momenta, r[0], r[1], nil, func(event int, s []Solution) error {
			require.Equal(t, next, event)
			next++
			require.Equal(t, all[event], s)
			return nil
		}))
		require.Equal(t, r[1], next)
	}
	for _, r := range [][2]int{{-1, 2}, {3, 2}, {0, 8}} {
		require.ErrorContains(t, v.EachBetween(context.Background(), momenta, r[0], r[1], nil, nil), "want a range of them")
	}
}
