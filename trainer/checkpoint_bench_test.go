package trainer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
)

// wide is a model of as many parameters as a cINN of 20 couplings of width 128 has.
type wide struct {
	params *nn.Params
	net    *nn.MLP
}

func newWide(b *testing.B) wide {
	var layout nn.Layout
	m := wide{net: layout.MLP("net", false, 6, 855, 855, 6)}
	var err error
	m.params, err = layout.Allocate(nn.Architecture{Kind: "wide", Config: []byte("{}")}, nn.Placement{DType: binding.Float32, Seed: 1})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, m.params.Close()) })
	return m
}

func (m wide) Params() *nn.Params { return m.params }

func (m wide) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	return nn.Loss{Total: s.Mean(s.Square(s.Sub(m.net.Forward(s, y), x)))}
}

// BenchmarkCheckpoint times what a checkpoint costs on the training's thread (capture), and beside it: to encode, and to
// write, flushed to the disk.
func BenchmarkCheckpoint(b *testing.B) {
	const rows = 2000
	part := dataset.Part{Positions: dataset.NewMatrix(rows, 6), Momenta: dataset.NewMatrix(rows, 6)}
	c := Robust(rows)
	c.Dir = b.TempDir()
	f, err := newFitter(newWide(b), &dataset.Split{Train: part, Validation: part}, c)
	require.NoError(b, err)
	defer func() { require.NoError(b, f.close()) }()
	f.saver = &saver{dir: c.Dir}
	require.NoError(b, f.saver.begin())
	st, err := f.capture()
	require.NoError(b, err)
	data, err := st.encode()
	require.NoError(b, err)
	b.Logf("%d parameters, %d bytes", f.model.Params().Count(), len(data))
	for _, w := range []struct {
		name string
		do   func() error
	}{
		{"capture", func() error { _, err := f.capture(); return err }},
		{"encode", func() error { _, err := st.encode(); return err }},
		{"write", func() error { return f.saver.write(data) }},
	} {
		b.Run(w.name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, w.do())
			}
		})
	}
}
