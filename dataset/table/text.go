package table

import (
	"errors"
	"io"
	"os"
	"sync"

	"github.com/gocei/gocei/dataset"
)

// textFormat is one row a line, after a line with the columns' names. When it is
// read, the first line tells what separates the columns: tabs, semicolons, commas
// or blanks. Lines end with LF or CRLF, empty ones are skipped, and a UTF-8 byte
// order mark is too. Written are commas in .csv and tabs in the others.
var textFormat = format{
	endings: []string{
		".csv", ".tsv", ".txt", ".dat",
		".csv.gz", ".tsv.gz", ".txt.gz", ".dat.gz",
		".csv.zst", ".tsv.zst", ".txt.zst", ".dat.zst",
	},
	sidecar: true,
	open:    openText,
	create:  createText,
}

// textSource cuts a text into chunks in one goroutine, parses them in several,
// and gives their rows in the text's order. A few chunks go round and round.
type textSource struct {
	file      *os.File
	text      contents
	cutter    cutter
	head      header
	separator byte
	workers   int
	first     *textChunk
	lines     int // before the first chunk, then before the next

	parser   *textParser
	pipeline *pipeline[*textChunk] // nil until the first next
	free     chan *textChunk
	quit     chan struct{}
	cutting  sync.WaitGroup
	current  *textChunk // whose rows were given last
	blank    int        // bytes since the last row
	failed   error
}

func openText(path string, o Options) (source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	text, err := decompress(file, path)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	s := &textSource{file: file, text: text, cutter: cutter{in: text}, workers: o.workers(), head: header{rows: -1}, first: &textChunk{}}
	s.cutter.cut(s.first)
	if err := s.readHeader(o.NoHeader); err != nil {
		return nil, errors.Join(linesLater(err, s.lines), s.close())
	}
	return s, nil
}

func (s *textSource) header() header { return s.head }

// choose tries the first row, so that a column of text is refused at once.
func (s *textSource) choose(columns []int) error {
	s.parser = newTextParser(s.separator, s.head.columns, columns)
	r := newRecords(s.first.text, s.first.end, s.separator)
	fields, err := r.next()
	if err == nil {
		_, err = s.parser.line(nil, r, fields)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return linesLater(err, s.lines)
}

func (s *textSource) next() (dataset.Matrix, error) {
	if s.pipeline == nil {
		s.start()
	}
	for s.failed == nil {
		if s.current != nil {
			s.free <- s.current
		}
		var more bool
		if s.current, more = s.pipeline.take(); !more {
			s.failed = io.EOF
			break
		}
		c := s.current
		s.failed = linesLater(c.err, s.lines)
		s.lines += c.lines
		if c.rows.Rows > 0 {
			s.blank = 0
			return c.rows, nil
		}
		if s.blank += len(c.text); s.failed == nil && s.blank >= longestLine {
			s.failed = &Error{Line: s.lines, Column: 1, Reason: "expected rows, found 64 MiB of empty lines"}
		}
	}
	return dataset.Matrix{}, s.failed
}

// start starts the goroutines. Two chunks a worker let none wait for another, and
// one more is the caller's.
func (s *textSource) start() {
	chunks := 2*s.workers + 1
	s.pipeline = newPipeline(s.workers, chunks, s.parser.parse)
	s.free, s.quit = make(chan *textChunk, chunks), make(chan struct{})
	for range chunks - 1 {
		s.free <- &textChunk{}
	}
	s.pipeline.put(s.first)
	last := s.first.end != nil
	s.cutting.Add(1)
	go func() {
		defer s.cutting.Done()
		defer s.pipeline.end()
		for !last {
			select {
			case c := <-s.free:
				s.cutter.cut(c)
				last = c.end != nil
				s.pipeline.put(c)
			case <-s.quit:
				return
			}
		}
	}()
}

// close closes the file first, which ends a reading that waits.
func (s *textSource) close() error {
	err := s.file.Close()
	if s.pipeline != nil && err == nil {
		close(s.quit)
		s.cutting.Wait()
		s.pipeline.workers.Wait()
	}
	s.text.close()
	return err
}
