package posterior

import (
	"fmt"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// Sampler makes the draws of many Drawings together, as a service needs it. It is for one goroutine, which had better be
// locked to its thread, since OpenMP keeps a team of threads for each thread that it is called from. Several Samplers of
// one Inverse may work at once, with one thread each as well as together. Close it when done.
//
// What is drawn together goes through the network as one batch, in which rows do not see each other: on the CPU, draws are
// the same to the bit whatever the batch, for networks that are one operation there (all but those with learned
// permutations) and without a trend, whose matrix products, like those on other devices, may round otherwise in a batch of
// another size.
type Sampler struct {
	inverse *Inverse
	models  []component
	scope   *binding.Scope
	batches []batch // by member
}

// batch is what goes through one member together.
type batch struct {
	rows    []rowOf
	numbers []float64
	y       []float64
}

// rowOf is one draw of a Drawing.
type rowOf struct {
	drawing *Drawing
	row     int
}

// Part is the next so many draws of a Drawing.
type Part struct {
	Of   *Drawing
	Rows int
}

// NewSampler returns a Sampler of the model.
func (v *Inverse) NewSampler() (*Sampler, error) {
	models, err := v.components()
	if err != nil {
		return nil, err
	}
	return &Sampler{inverse: v, models: models, scope: binding.NewScope(binding.NoGrad()), batches: make([]batch, len(models))}, nil
}

// Close frees what the Sampler computes in.
func (p *Sampler) Close() error { return p.scope.Close() }

// Draw makes the draws of parts, each of another Drawing. An error is of the machine, as when memory is short, and leaves the parts unmade; a model that
// overflows for somebody's momenta is an error of that Drawing.
func (p *Sampler) Draw(parts []Part) error {
	p.clear()
	for _, part := range parts {
		part.Of.grow()
		for row := part.Of.done; row < part.Of.done+min(part.Rows, part.Of.Left()); row++ {
			if row%part.Of.perEvent == 0 {
				part.Of.seek(eventStream, uint64(row/part.Of.perEvent))
			}
			p.add(rowOf{part.Of, row})
		}
	}
	for try := 0; ; try++ {
		overflowed, err := p.sample()
		if err != nil {
			p.restart(parts)
			return fmt.Errorf("posterior: sample: %w", err)
		}
		if len(overflowed) == 0 {
			break
		}
		p.again(overflowed, try)
	}
	for _, part := range parts {
		part.Of.done += min(part.Rows, part.Of.Left())
	}
	return nil
}

// restart makes parts that failed start with their event anew: the random numbers of their draws are used up.
func (p *Sampler) restart(parts []Part) {
	for _, part := range parts {
		part.Of.done -= part.Of.done % part.Of.perEvent
	}
}

func (p *Sampler) clear() {
	for k := range p.batches {
		b := &p.batches[k]
		b.rows, b.numbers, b.y = b.rows[:0], b.numbers[:0], b.y[:0]
	}
}

// add takes a draw's random numbers: which member it is from, and the numbers that the member makes it of.
func (p *Sampler) add(r rowOf) {
	d, k := r.drawing, 0
	if len(p.models) > 1 {
		k = d.random.IntN(len(p.models))
	}
	b := &p.batches[k]
	b.rows = append(b.rows, r)
	for range p.models[k].Numbers() {
		b.numbers = append(b.numbers, d.random.NormFloat64())
	}
	b.y = append(b.y, d.conditions.Row(r.row/d.perEvent)...)
}

// again draws anew what overflowed, each draw from a stream of its own.
func (p *Sampler) again(overflowed []rowOf, try int) {
	p.clear()
	for _, r := range overflowed {
		if try < mostRedraws {
			kept := *r.drawing.source
			r.drawing.seek(againStream+uint64(try), uint64(r.row))
			p.add(r)
			*r.drawing.source = kept
		} else if r.drawing.err == nil {
			r.drawing.err = fmt.Errorf("posterior: sample: a draw for event %d is infinite or NaN after %d tries: the model overflows for such momenta",
				r.row/r.drawing.perEvent, mostRedraws)
		}
	}
}

// sample puts the draws in their places, and returns those that are not finite.
func (p *Sampler) sample() (overflowed []rowOf, err error) {
	for k := range p.batches {
		if b := &p.batches[k]; len(b.rows) > 0 {
			if overflowed, err = p.sampleMember(p.models[k], b, overflowed); err != nil {
				return nil, err
			}
		}
	}
	return overflowed, nil
}

func (p *Sampler) sampleMember(m component, b *batch, overflowed []rowOf) ([]rowOf, error) {
	s, n := p.scope, int64(len(b.rows))
	upload := func(data []float64) binding.Tensor {
		return s.FromFloat64s(data, m.Params().DType(), m.Params().Device(), n, int64(len(data))/n)
	}
	data, err := s.Float64s(m.SampleFrom(s, upload(b.numbers), upload(b.y)))
	if e := s.Reset(); err == nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	encoding := p.inverse.run.Encoding
	x := dataset.Matrix{Rows: len(b.rows), Cols: encoding.Positions.Dim(), Data: data}
	bad := overflowedRows(x)
	for _, row := range bad {
		overflowed = append(overflowed, b.rows[row])
		clear(x.Row(row))
	}
	positions, err := encoding.DecodePositions(x)
	if err != nil {
		return nil, err
	}
	for i, r := range b.rows {
		copy(r.drawing.positions.Row(r.row), positions.Row(i))
	}
	return overflowed, nil
}
