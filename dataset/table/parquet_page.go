package table

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
	spec "github.com/parquet-go/parquet-go/format"
)

// pageReader opens the pages of one column, one after another.
type pageReader struct {
	file       io.ReaderAt
	limit      int64 // pages end before
	column     parquetColumn
	codec      spec.CompressionCodec
	offset     int64  // where the next page starts
	dictionary []byte // as PLAIN stores it; nil before there is one
	body       *checkedReader
	zstd       *zstd.Decoder
	packed     bytes.Buffer // of a page that is unpacked as a whole
	unpacked   []byte
}

// page is a stream of numbers as PLAIN stores them.
type page struct {
	rows    int64
	numbers io.Reader
}

// reset goes to the first page of a chunk.
func (p *pageReader) reset(c chunk) {
	p.offset, p.codec, p.dictionary = c.start, c.codec, nil
}

// next opens the next page of numbers.
func (p *pageReader) next() (page, error) {
	for {
		h, err := p.header()
		if err != nil {
			return page{}, err
		}
		switch {
		case h.Type == spec.DictionaryPage && h.DictionaryPageHeader.Valid:
			err = p.readDictionary(h)
		case h.Type == spec.DataPage && h.DataPageHeader.Valid:
			return p.first(h)
		case h.Type == spec.DataPageV2 && h.DataPageHeaderV2.Valid:
			return p.second(h)
		case h.Type != spec.IndexPage:
			err = fmt.Errorf("expected a page of numbers, found %s", h.Type)
		}
		if err != nil {
			return page{}, err
		}
	}
}

// header reads a page's header, and leaves body at what follows it.
func (p *pageReader) header() (h spec.PageHeader, err error) {
	const most = 4 << 10 // bytes; headers of pages of numbers have below 200
	text := make([]byte, max(0, min(most, p.limit-p.offset)))
	if _, err := p.file.ReadAt(text, p.offset); err != nil {
		return h, cutOff(err)
	}
	length, err := decodeThrift(text, &h)
	if err != nil {
		return h, fmt.Errorf("the header of the page at byte %d: %w", p.offset, err)
	}
	start, size := p.offset+int64(length), int64(h.CompressedPageSize)
	if size < 0 || h.UncompressedPageSize < 0 || size > p.limit-start {
		return h, fmt.Errorf("expected the page at byte %d within the file, found one of %d bytes", p.offset, size)
	}
	p.offset = start + size
	p.body = &checkedReader{r: io.NewSectionReader(p.file, start, size), want: uint32(h.CRC)}
	return h, nil
}

// readDictionary reads the numbers that the pages after it choose from.
func (p *pageReader) readDictionary(h spec.PageHeader) error {
	d := h.DictionaryPageHeader.V
	if p.dictionary != nil || d.NumValues < 0 || d.Encoding != spec.Plain && d.Encoding != plainDictionary {
		return fmt.Errorf("expected one plain dictionary, found one of %d numbers, %s", d.NumValues, d.Encoding)
	}
	r, err := p.decompress(p.body, p.codec, int64(h.UncompressedPageSize))
	if err != nil {
		return err
	}
	numbers, err := readPrefix(r, int64(d.NumValues)*int64(p.column.kind.size()))
	if err != nil {
		return err
	}
	p.dictionary = append([]byte{}, numbers...) // not nil, even where it is empty
	return p.finish()
}

// first opens a page of version 1, which is compressed as a whole.
func (p *pageReader) first(h spec.PageHeader) (page, error) {
	d := h.DataPageHeader.V
	if d.NumValues < 0 {
		return page{}, fmt.Errorf("expected a page of numbers, found %d", d.NumValues)
	}
	r, err := p.decompress(p.body, p.codec, int64(h.UncompressedPageSize))
	if err != nil {
		return page{}, err
	}
	if p.column.optional {
		if d.DefinitionLevelEncoding != spec.RLE {
			return page{}, fmt.Errorf("expected missing numbers to be marked by RLE, found %s", d.DefinitionLevelEncoding)
		}
		var length [4]byte
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return page{}, cutOff(err)
		}
		if err := checkPresent(r, int64(binary.LittleEndian.Uint32(length[:])), int(d.NumValues)); err != nil {
			return page{}, err
		}
	}
	return p.open(r, d.Encoding, d.NumValues)
}

// second opens a page of version 2, of which the numbers alone are compressed.
func (p *pageReader) second(h spec.PageHeader) (page, error) {
	d := h.DataPageHeaderV2.V
	levels := int64(d.DefinitionLevelsByteLength)
	if d.NumValues < 0 || levels < 0 || d.RepetitionLevelsByteLength != 0 || !p.column.optional && levels != 0 {
		return page{}, fmt.Errorf("expected a page of single numbers, found one of %d with %d and %d bytes of levels", d.NumValues, levels, d.RepetitionLevelsByteLength)
	}
	if p.column.optional {
		if err := checkPresent(p.body, levels, int(d.NumValues)); err != nil {
			return page{}, err
		}
	}
	codec := p.codec
	if d.IsCompressed.Valid && !d.IsCompressed.V || d.NumValues == 0 {
		codec = spec.Uncompressed
	}
	r, err := p.decompress(p.body, codec, int64(h.UncompressedPageSize)-levels)
	if err != nil {
		return page{}, err
	}
	return p.open(r, d.Encoding, d.NumValues)
}

func (p *pageReader) open(r io.Reader, e spec.Encoding, count int32) (page, error) {
	if count == 0 {
		return page{}, p.finish()
	}
	numbers, err := plainNumbers(r, e, p.column.kind, int(count), p.dictionary)
	return page{int64(count), numbers}, err
}

// finish checks the page that was read to its last number.
func (p *pageReader) finish() error { return p.body.check() }

// missing is the error of a page that lacks a number.
type missing struct{ index int }

func (m missing) Error() string { return "a number is missing" }

// checkPresent reads the levels that mark missing numbers: 1 where there is one.
func checkPresent(r io.Reader, length int64, count int) error {
	levels := bufio.NewReader(io.LimitReader(r, length))
	bits, err := newRuns(levels, 1)
	if err != nil {
		return err
	}
	present, err := bits.equal(1, count)
	if err != nil {
		return err
	}
	if present < count {
		return missing{present}
	}
	_, err = io.Copy(io.Discard, levels) // what follows starts after them
	return err
}

// checkedReader sums up what is read, for the page's checksum.
type checkedReader struct {
	r    io.ReadSeeker
	want uint32 // 0 where the page has none
	sum  uint32
}

func (c *checkedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.want != 0 {
		c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	}
	return n, err
}

// skip passes over n bytes unread, and with them gives up the checksum.
func (c *checkedReader) skip(n int64) error {
	c.want = 0
	_, err := c.r.Seek(n, io.SeekCurrent)
	return err
}

func (c *checkedReader) check() error {
	if c.want == 0 {
		return nil
	}
	if _, err := io.Copy(io.Discard, c); err != nil {
		return err
	}
	if c.sum != c.want {
		return fmt.Errorf("expected a page with the checksum %08x, found %08x", c.want, c.sum)
	}
	return nil
}
