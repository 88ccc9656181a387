package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// defaultRowsInMemory is what a table that does not fit into memory is trained on at once.
const defaultRowsInMemory = 1_000_000

// copiesInMemory is how often the numbers of a table are in memory at most while they are turned, scaled and split.
const copiesInMemory = 5

// rowsAtOnce returns how many rows are to be in memory: what was asked for, or else what the run to resume has, or else what
// the machine's memory takes. 0 stands for all.
func (o trainOptions) rowsAtOnce(s streams) (int, error) {
	if o.RowsInMemory != nil {
		return *o.RowsInMemory, nil
	}
	if o.Data == "" || o.Add != "" {
		return 0, nil
	}
	before, err := o.streamedBefore()
	if err != nil {
		return 0, err
	}
	if before != nil {
		return before.RowsInMemory, nil
	}
	need, err := o.bytesInMemory()
	if err != nil {
		return 0, err
	}
	return o.rowsThatFit(need, availableMemory(), s), nil
}

// rowsThatFit returns 0 for all of a table that needs no more bytes than are free; 0 free ones are not known.
func (o trainOptions) rowsThatFit(need, free int64, s streams) int {
	if free == 0 || need <= free {
		return 0
	}
	const gib = 1 << 30
	s.note("%s would take about %.2g GiB of memory, and %.2g GiB are free: %d rows are held at a time (--rows-in-memory)", o.Data, float64(need)/gib, float64(free)/gib, defaultRowsInMemory)
	return defaultRowsInMemory
}

// bytesInMemory returns about how much memory the preparation of the whole table takes.
func (o trainOptions) bytesInMemory() (int64, error) {
	r, err := o.open(o.Data, true)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	if rows := r.Rows(); rows >= 0 {
		header := r.Header()
		return rows * int64(len(header.PositionColumns)+len(header.MomentumColumns)) * 8 * copiesInMemory, nil
	}
	info, err := os.Stat(o.Data)
	if err != nil {
		return 0, fmt.Errorf("read events: %w", err)
	}
	return textNumbers(o.Data, info.Size()) * 8 * copiesInMemory, nil
}

// textNumbers returns about how many numbers a text has: one in 12 bytes, of which compression takes half.
func textNumbers(path string, bytes int64) int64 {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".gz", ".zst":
		bytes *= 2
	}
	return bytes / 12
}
