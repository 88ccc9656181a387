package binding

import (
	"slices"

	"github.com/gocei/gocei/cgo"
)

// Generator is a stream of random numbers on one device. It must be closed, and used by one goroutine at a time.
type Generator struct {
	handle cgo.Generator
	device Device
	bytes  int       // of its state; 0 until that was asked for
	native cgo.Error // of the call in progress
}

// NewGenerator returns a generator on the device that starts from seed.
func NewGenerator(on Device, seed uint64) (*Generator, error) {
	if _, err := Load(); err != nil {
		return nil, err
	}
	var native cgo.Error
	h, status := cgo.NewGenerator(on.native(), seed, &native)
	if err := check("new generator", status, &native); err != nil {
		return nil, err
	}
	return &Generator{handle: h, device: on}, nil
}

// Device returns the device whose random numbers it makes.
func (g *Generator) Device() Device { return g.device }

// Seed starts the stream anew from seed.
func (g *Generator) Seed(seed uint64) error {
	if g.handle == 0 {
		return closedGenerator("seed generator")
	}
	var native cgo.Error
	return check("seed generator", cgo.SeedGenerator(g.handle, seed, &native), &native)
}

// State returns the generator's whole state, to be restored on a device of the same kind.
func (g *Generator) State() ([]byte, error) { return g.AppendState(nil) }

// AppendState appends what State returns to b. A loop that keeps states takes no memory with it.
func (g *Generator) AppendState(b []byte) ([]byte, error) {
	const op = "save generator"
	if g.handle == 0 {
		return b, closedGenerator(op)
	}
	if g.bytes == 0 {
		n, status := cgo.GeneratorState(g.handle, nil, &g.native)
		if err := check(op, status, &g.native); err != nil {
			return b, err
		}
		g.bytes = n
	}
	kept := len(b)
	b = slices.Grow(b, g.bytes)[:kept+g.bytes]
	_, status := cgo.GeneratorState(g.handle, b[kept:], &g.native)
	if err := check(op, status, &g.native); err != nil {
		return b[:kept], err
	}
	return b, nil
}

// Restore puts the generator into a state that State returned.
func (g *Generator) Restore(state []byte) error {
	if g.handle == 0 {
		return closedGenerator("restore generator")
	}
	var native cgo.Error
	return check("restore generator", cgo.RestoreGenerator(g.handle, state, &native), &native)
}

// Close frees the generator. Closing twice does nothing.
func (g *Generator) Close() error {
	if g == nil || g.handle == 0 {
		return nil
	}
	var native cgo.Error
	status := cgo.ReleaseGenerator(g.handle, &native)
	g.handle = 0
	return check("close generator", status, &native)
}

func closedGenerator(op string) error {
	return &Error{Op: op, Kind: ErrClosed, Msg: "the generator is closed"}
}
