package bindingtest

import (
	"testing"

	"github.com/gocei/gocei/binding"
)

// NoLeak fails the test if, when it ends, another number of native tensors or generators live than at the call. Call it
// before whatever is closed at the test's end is opened. All tests of a process share the numbers, so that the test must
// not run in parallel with others.
func NoLeak(t testing.TB) {
	t.Helper()
	tensors, generators := live(t)
	t.Cleanup(func() {
		t.Helper()
		tensorsNow, generatorsNow := live(t)
		if tensorsNow != tensors || generatorsNow != generators {
			t.Errorf("native memory is not as it was: %d tensors and %d generators live, before the test %d and %d",
				tensorsNow, generatorsNow, tensors, generators)
		}
	})
}

func live(t testing.TB) (tensors, generators int) {
	t.Helper()
	tensors, generators, err := binding.Live()
	if err != nil {
		t.Fatal(err)
	}
	return tensors, generators
}
