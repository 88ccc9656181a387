//go:build ceidebug

package binding_test

import (
	"bufio"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

// dropped opens a scope, closes another, and forgets both.
//
//go:noinline
func dropped() {
	binding.NewScope()
	binding.NewScope().Close()
}

func TestADroppedScopeIsReportedWithItsOrigin(t *testing.T) {
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer reader.Close()
	stderr := os.Stderr
	os.Stderr = writer
	dropped()
	reports, origin := make(chan int), make(chan bool)
	go func() {
		count, named := 0, false
		for scanner := bufio.NewScanner(reader); scanner.Scan(); {
			switch scanner.Text() {
			case "binding: a scope was dropped without Close; it was opened at:":
				count++
			case "github.com/gocei/gocei/binding_test.dropped()":
				named = true
			}
		}
		reports <- count
		origin <- named
	}()
	for range 10 { // finalizers run on a goroutine of their own
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	os.Stderr = stderr
	require.NoError(t, writer.Close())
	assert.Equal(t, 1, <-reports, "the scope that was closed is not reported")
	assert.True(t, <-origin, "the report names the function that opened the scope")
}
