package bindingtest

import (
	"io"
	"testing"

	"github.com/gocei/gocei/binding"
)

// Open returns a scope that is closed when the test ends.
func Open(t testing.TB, options ...binding.Option) *binding.Scope {
	t.Helper()
	s := binding.NewScope(options...)
	closeAtEnd(t, s)
	return s
}

// OpenSeeded is Open with random numbers on the CPU that start from seed.
func OpenSeeded(t testing.TB, seed uint64, options ...binding.Option) *binding.Scope {
	t.Helper()
	g := Generator(t, binding.CPU, seed)
	return Open(t, append([]binding.Option{binding.WithGenerator(g)}, options...)...)
}

// Generator returns a generator that starts from seed and is closed when the test ends.
func Generator(t testing.TB, on binding.Device, seed uint64) *binding.Generator {
	t.Helper()
	g, err := binding.NewGenerator(on, seed)
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, g)
	return g
}

// Devices returns the CPU and, where there is one, a CUDA device.
func Devices(t testing.TB) []binding.Device {
	t.Helper()
	n, err := binding.CUDADevices()
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		return []binding.Device{binding.CPU}
	}
	return []binding.Device{binding.CPU, binding.CUDA(0)}
}

func closeAtEnd(t testing.TB, c io.Closer) {
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}
