package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// printer prints rows of numbers as CSV.
type printer struct {
	out *bufio.Writer
	row []byte
}

func newPrinter(w io.Writer, columns []string) (*printer, error) {
	p := &printer{out: bufio.NewWriter(w)}
	header := csv.NewWriter(p.out)
	if err := header.Write(columns); err != nil {
		return nil, fmt.Errorf("print table: %w", err)
	}
	header.Flush()
	return p, header.Error()
}

// WriteRow prints numbers that read back to the bit.
func (p *printer) WriteRow(pieces ...[]float64) error {
	p.row = p.row[:0]
	for _, piece := range pieces {
		for _, v := range piece {
			p.row = append(strconv.AppendFloat(p.row, v, 'g', -1, 64), ',')
		}
	}
	p.row[len(p.row)-1] = '\n'
	if _, err := p.out.Write(p.row); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}

// Commit prints what is still buffered.
func (p *printer) Commit() error {
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}

// Close leaves unprinted what was not committed.
func (p *printer) Close() error { return nil }
