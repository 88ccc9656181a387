package table

import "sync"

// pipeline hands values to several goroutines and gives them back in the order
// in which they came. One goroutine may put while another takes.
type pipeline[T any] struct {
	todo, order chan job[T]
	workers     sync.WaitGroup
}

type job[T any] struct {
	value T
	done  chan struct{}
}

// newPipeline starts the goroutines. Room for as many values as there ever are at
// once keeps put from blocking.
func newPipeline[T any](workers, room int, work func(T)) *pipeline[T] {
	p := &pipeline[T]{todo: make(chan job[T], room), order: make(chan job[T], room)}
	for range workers {
		p.workers.Add(1)
		go func() {
			defer p.workers.Done()
			for j := range p.todo {
				work(j.value)
				close(j.done)
			}
		}()
	}
	return p
}

func (p *pipeline[T]) put(value T) {
	j := job[T]{value, make(chan struct{})}
	p.order <- j
	p.todo <- j
}

// end says that nothing more will be put.
func (p *pipeline[T]) end() {
	close(p.todo)
	close(p.order)
}

// take waits for the next value; it says no after the last one.
func (p *pipeline[T]) take() (value T, more bool) {
	j, more := <-p.order
	if !more {
		return value, false
	}
	<-j.done
	return j.value, true
}
