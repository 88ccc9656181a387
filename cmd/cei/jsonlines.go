package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// jsonLines prints rows of numbers as JSON objects, one a line. What is not finite is null.
type jsonLines struct {
	out  *bufio.Writer
	keys [][]byte
}

func newJSONLines(w io.Writer, columns []string) (*jsonLines, error) {
	p := &jsonLines{out: bufio.NewWriter(w)}
	for _, name := range columns {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, fmt.Errorf("print JSON: %w", err)
		}
		p.keys = append(p.keys, key)
	}
	return p, nil
}

// WriteRow prints numbers that read back to the bit.
func (p *jsonLines) WriteRow(pieces ...[]float64) error {
	line := []byte{}
	k := 0
	for _, piece := range pieces {
		for _, v := range piece {
			number := []byte("null")
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				var err error
				if number, err = json.Marshal(v); err != nil {
					return fmt.Errorf("print JSON: %w", err)
				}
			}
			line = append(append(append(append(line, ','), p.keys[k]...), ':'), number...)
			k++
		}
	}
	line[0] = '{'
	if _, err := p.out.Write(append(line, '}', '\n')); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return nil
}

// Commit prints what is still buffered.
func (p *jsonLines) Commit() error {
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return nil
}

// Close leaves unprinted what was not committed.
func (p *jsonLines) Close() error { return nil }
