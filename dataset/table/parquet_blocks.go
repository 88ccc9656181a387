package table

import (
	"errors"
	"io"
	"sync"

	"github.com/gocei/gocei/dataset"
)

// columnBlocks makes blocks of rows of several columns that are read at once. The
// columns are dealt out to goroutines, each of which fills its part of one block
// after another; so row groups may have any size, and the columns' pages need not
// begin at the same rows. What comes out does not depend on how many there are.
type columnBlocks struct {
	columns int
	left    int64 // rows that no goroutine was asked for yet
	size    int   // rows of a block
	blocks  []*columnBlock
	at      int // the block that comes next
	given   bool
	tasks   []chan *columnBlock
	done    []chan struct{}
	running sync.WaitGroup
}

// columnBlock is a block of rows, and what went wrong in each of its columns.
type columnBlock struct {
	rows dataset.Matrix
	errs []error
}

func readColumns(columns []*columnReader, rows int64, workers int) *columnBlocks {
	const numbers = 1 << 16 // of a block: it stays in a core's cache
	const ahead = 4         // blocks
	b := &columnBlocks{columns: len(columns), left: rows, size: max(numbers/len(columns), 64)}
	workers = min(workers, len(columns))
	for w := range workers {
		tasks, done := make(chan *columnBlock, ahead), make(chan struct{}, ahead)
		b.tasks, b.done = append(b.tasks, tasks), append(b.done, done)
		first, end := w*len(columns)/workers, (w+1)*len(columns)/workers
		b.running.Add(1)
		go func() {
			defer b.running.Done()
			fillColumns(columns, first, end, tasks, done)
		}()
	}
	for range ahead {
		block := &columnBlock{errs: make([]error, len(columns))}
		b.blocks = append(b.blocks, block)
		b.ask(block)
	}
	return b
}

// fillColumns fills the columns from first to end of one block after another.
func fillColumns(columns []*columnReader, first, end int, tasks <-chan *columnBlock, done chan<- struct{}) {
	for block := range tasks {
		for j := first; j < end; j++ {
			block.errs[j] = columns[j].read(block.rows.Data[j:], block.rows.Cols, block.rows.Rows)
		}
		done <- struct{}{}
	}
}

// ask has a block filled with the next rows; with none after the last.
func (b *columnBlocks) ask(block *columnBlock) {
	rows := int(min(int64(b.size), b.left))
	b.left -= int64(rows)
	if cap(block.rows.Data) < rows*b.columns {
		block.rows.Data = make([]float64, rows*b.columns)
	}
	block.rows = dataset.Matrix{Rows: rows, Cols: b.columns, Data: block.rows.Data[:rows*b.columns]}
	if rows > 0 {
		for _, tasks := range b.tasks {
			tasks <- block
		}
	}
}

// next returns the next rows, which are valid until the next call.
func (b *columnBlocks) next() (dataset.Matrix, error) {
	if b.given {
		b.ask(b.blocks[b.at])
		b.at = (b.at + 1) % len(b.blocks)
	}
	b.given = true
	block := b.blocks[b.at]
	if block.rows.Rows == 0 {
		return dataset.Matrix{}, io.EOF
	}
	for _, done := range b.done {
		<-done
	}
	if err := firstWrong(block.errs); err != nil {
		return dataset.Matrix{}, err
	}
	return block.rows, nil
}

// firstWrong returns the error of the first row, and there of the first column.
func firstWrong(errs []error) (first error) {
	row := int64(0)
	for _, err := range errs {
		var w *Error
		if errors.As(err, &w) && (first == nil || w.Row < row) {
			first, row = err, w.Row
		}
	}
	return first
}

// stop ends the goroutines, in the middle of the table too.
func (b *columnBlocks) stop() {
	for _, tasks := range b.tasks {
		close(tasks)
	}
	b.running.Wait()
	b.tasks = nil
}
