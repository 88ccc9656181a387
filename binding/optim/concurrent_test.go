package optim_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
)

func TestTwoGoroutinesTrainAsEachAlone(t *testing.T) {
	bindingtest.NoLeak(t)
	seeds := []uint64{1, 2}
	alone, together := make([][]float64, 2), make([][]float64, 2)
	for i, seed := range seeds {
		var err error
		alone[i], err = train(training{seed: seed, steps: 200})
		require.NoError(t, err)
	}
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, seed := range seeds {
		both.Add(1)
		go func() {
			defer both.Done()
			together[i], errs[i] = train(training{seed: seed, steps: 200})
		}()
	}
	both.Wait()
	for i := range seeds {
		require.NoError(t, errs[i])
		assert.Equal(t, alone[i], together[i])
	}
	assert.NotEqual(t, alone[0], alone[1])
}
