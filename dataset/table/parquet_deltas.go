package table

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// deltas reads integers in the encoding DELTA_BINARY_PACKED
// (https://parquet.apache.org/docs/file-format/data-pages/encodings/): a first
// number, then blocks of the differences between neighbours less the smallest of
// them, bit-packed in parts that have a width each. Sums wrap around.
type deltas struct {
	r        *bufio.Reader
	size     int // bytes of a number
	parts    int // a block has so many
	length   int // numbers of a part
	number   uint64
	smallest uint64
	widths   []byte // of the block's parts that are still to come
	packed   []byte
	waiting  []uint64 // differences of the part that were not given yet
	started  bool
	storage  []uint64
}

func newDeltas(r *bufio.Reader, size int) (io.Reader, error) {
	d := &deltas{r: r, size: size}
	var head [3]uint64 // numbers of a block, parts of a block, numbers in all
	for i := range head {
		var err error
		if head[i], err = binary.ReadUvarint(r); err != nil {
			return nil, cutOff(err)
		}
	}
	const most = 1 << 16 // numbers of a block; files have 128 or 256
	if block, parts := head[0], head[1]; block == 0 || block > most || parts == 0 || parts > block || block%parts != 0 || block/parts%8 != 0 {
		return nil, fmt.Errorf("expected blocks of differences, found blocks of %d in %d parts", block, parts)
	}
	d.parts, d.length = int(head[1]), int(head[0]/head[1])
	first, err := binary.ReadVarint(r)
	d.number = uint64(first)
	return d, cutOff(err)
}

// Read fills p, which is as long as some numbers.
func (d *deltas) Read(p []byte) (n int, err error) {
	for ; n < len(p); n += d.size {
		if err := d.advance(); err != nil {
			return n, err
		}
		if d.size == 8 {
			binary.LittleEndian.PutUint64(p[n:], d.number)
		} else {
			binary.LittleEndian.PutUint32(p[n:], uint32(d.number))
		}
	}
	return n, nil
}

// advance goes to the next number, from none to the first one.
func (d *deltas) advance() error {
	if !d.started {
		d.started = true
		return nil
	}
	if len(d.waiting) == 0 {
		if err := d.part(); err != nil {
			return err
		}
	}
	d.number += d.smallest + d.waiting[0]
	d.waiting = d.waiting[1:]
	return nil
}

func (d *deltas) part() error {
	if len(d.widths) == 0 {
		smallest, err := binary.ReadVarint(d.r)
		if err != nil {
			return cutOff(err)
		}
		d.smallest = uint64(smallest)
		d.widths = make([]byte, d.parts)
		if _, err := io.ReadFull(d.r, d.widths); err != nil {
			return cutOff(err)
		}
	}
	width := uint(d.widths[0])
	d.widths = d.widths[1:]
	if width > 64 {
		return fmt.Errorf("expected differences of at most 64 bits, found %d", width)
	}
	return d.unpack(width)
}

func (d *deltas) unpack(width uint) error {
	const padding = 16 // a number of 64 bits may start within a byte
	length := d.length * int(width) / 8
	d.packed = append(d.packed[:0], make([]byte, length+padding)...)
	if _, err := io.ReadFull(d.r, d.packed[:length]); err != nil {
		return cutOff(err)
	}
	d.storage = append(d.storage[:0], make([]uint64, d.length)...)
	for i := range d.storage {
		bit := uint(i) * width
		low := binary.LittleEndian.Uint64(d.packed[bit/8:]) >> (bit % 8)
		high := uint64(d.packed[bit/8+8]) << (64 - bit%8) // nothing where the shift is 64
		d.storage[i] = (low | high) & (1<<width - 1)
	}
	d.waiting = d.storage
	return nil
}
