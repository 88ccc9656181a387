package table

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
)

// blockNumbers is how many numbers are turned into text at once.
const blockNumbers = 1 << 13

// textSink turns blocks of rows into text in several goroutines and writes them
// in one.
type textSink struct {
	out       io.WriteCloser
	separator byte
	pipeline  *pipeline[*textBlock]
	free      chan *textBlock
	block     *textBlock // the one that is being filled
	written   chan struct{}
	failure   atomic.Pointer[error]
	ended     bool
}

type textBlock struct {
	rows dataset.Matrix
	text []byte
}

// createText writes no header where the columns are only numbered, and thus have
// no names.
func createText(f *atomicfile.File, columns []string, _ Metadata) (sink, error) {
	s := &textSink{separator: separatorOf(f.Path()), written: make(chan struct{})}
	var head []byte
	if !slices.Equal(columns, columnNumbers(len(columns))) {
		var err error
		if head, err = headerLine(columns, s.separator); err != nil {
			return nil, err
		}
	}
	var err error
	if s.out, err = compress(f, f.Path()); err != nil {
		return nil, err
	}
	if _, err := s.out.Write(head); err != nil {
		return nil, err
	}
	s.start(len(columns))
	return s, nil
}

func separatorOf(path string) byte {
	name := strings.ToLower(filepath.Base(path))
	for _, compression := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, compression)
	}
	if strings.HasSuffix(name, ".csv") {
		return ','
	}
	return '\t'
}

// headerLine returns the columns' names as a line, and refuses names that a
// reader would not get back from it.
func headerLine(columns []string, separator byte) ([]byte, error) {
	var line []byte
	for j, name := range columns {
		if j > 0 {
			line = append(line, separator)
		}
		if strings.ContainsAny(name, "\t;, \"\r\n") {
			name = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
		line = append(line, name...)
	}
	line = append(line, '\n')
	s := &textSource{first: &textChunk{buffer: line, text: line, end: io.EOF}}
	if err := s.readHeader(false); err != nil || !slices.Equal(s.head.columns, columns) || s.separator != separator && len(columns) > 1 {
		return nil, fmt.Errorf("columns %s: a text cannot keep these names (want some that are not numbers, without blanks around them)", excerpt.List(columns))
	}
	return line, nil
}

func (s *textSink) start(columns int) {
	workers := runtime.GOMAXPROCS(0)
	blocks := 2*workers + 1
	s.free = make(chan *textBlock, blocks)
	for range blocks {
		s.free <- &textBlock{rows: dataset.Matrix{Cols: columns}}
	}
	s.pipeline = newPipeline(workers, blocks, func(b *textBlock) { b.format(s.separator) })
	go func() {
		defer close(s.written)
		for b, more := s.pipeline.take(); more; b, more = s.pipeline.take() {
			if s.failed() == nil {
				if _, err := s.out.Write(b.text); err != nil {
					s.failure.Store(&err)
				}
			}
			s.free <- b
		}
	}()
}

func (s *textSink) failed() error {
	if err := s.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// format writes every number as short as it can be and still be read back to the
// bit.
func (b *textBlock) format(separator byte) {
	b.text = b.text[:0]
	for i := range b.rows.Rows {
		for _, v := range b.rows.Row(i) {
			b.text = append(strconv.AppendFloat(b.text, v, 'g', -1, 64), separator)
		}
		b.text[len(b.text)-1] = '\n'
	}
}

func (s *textSink) write(rows dataset.Matrix) error {
	for i := range rows.Rows {
		if s.block == nil {
			s.block = <-s.free
			s.block.rows.Rows, s.block.rows.Data = 0, s.block.rows.Data[:0]
		}
		s.block.rows.Rows++
		s.block.rows.Data = append(s.block.rows.Data, rows.Row(i)...)
		if len(s.block.rows.Data) >= blockNumbers {
			s.pipeline.put(s.block)
			s.block = nil
		}
	}
	return s.failed()
}

func (s *textSink) finish() error {
	if s.block != nil {
		s.pipeline.put(s.block)
		s.block = nil
	}
	s.end()
	err := s.out.Close()
	return cmp.Or(s.failed(), err)
}

// end waits for all blocks to be written.
func (s *textSink) end() {
	if !s.ended {
		s.ended = true
		s.pipeline.end()
		<-s.written
		s.pipeline.workers.Wait()
	}
}

func (s *textSink) discard() {
	if !s.ended {
		s.end()
		_ = s.out.Close() // nothing of it is wanted
	}
}
