package table

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	spec "github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// decompress returns a reader of what compressed holds, which its page's header
// claims to be size bytes long. Memory is bounded by the compressed bytes, not by
// that claim. The codecs of parquet-go would undo a page at once, and LZ4 without
// end where it is damaged.
func (p *pageReader) decompress(compressed io.Reader, codec spec.CompressionCodec, size int64) (io.Reader, error) {
	switch codec {
	case spec.Uncompressed:
		return compressed, nil
	case spec.Gzip:
		return gzip.NewReader(compressed)
	case spec.Brotli:
		return brotli.NewReader(compressed), nil
	case spec.Zstd:
		return p.zstdReader(compressed)
	case spec.Snappy:
		return p.snappyReader(compressed, size)
	case spec.Lz4Raw:
		return p.lz4Reader(compressed, size)
	}
	return nil, fmt.Errorf("expected compression by snappy, gzip, zstd, lz4 or brotli, found %s", codec)
}

// zstdReader keeps one decoder for a column, since it holds much memory.
func (p *pageReader) zstdReader(compressed io.Reader) (io.Reader, error) {
	if p.zstd != nil {
		return p.zstd, p.zstd.Reset(compressed)
	}
	const window = 32 << 20 // what a hostile page can make it allocate
	var err error
	p.zstd, err = zstd.NewReader(compressed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(window))
	return p.zstd, err
}

// snappyReader knows that three bytes of Snappy stand for 64 at most.
func (p *pageReader) snappyReader(compressed io.Reader, size int64) (io.Reader, error) {
	if err := p.readPacked(compressed); err != nil {
		return nil, err
	}
	packed := p.packed.Bytes()
	length, err := snappy.DecodedLen(packed)
	if err != nil {
		return nil, err
	}
	if int64(length) != size || length/64 > len(packed) {
		return nil, fmt.Errorf("expected %d bytes packed by snappy, found %d", size, length)
	}
	p.unpacked, err = snappy.Decode(p.unpacked[:cap(p.unpacked)], packed)
	return bytes.NewReader(p.unpacked), err
}

// lz4Reader knows that a byte of LZ4 stands for 255 at most.
func (p *pageReader) lz4Reader(compressed io.Reader, size int64) (io.Reader, error) {
	if err := p.readPacked(compressed); err != nil {
		return nil, err
	}
	packed := p.packed.Bytes()
	if size/255 > int64(len(packed)) {
		return nil, fmt.Errorf("expected %d bytes packed by lz4, found %d", size, len(packed))
	}
	if int64(cap(p.unpacked)) < size {
		p.unpacked = make([]byte, size)
	}
	n, err := lz4.UncompressBlock(packed, p.unpacked[:size])
	return bytes.NewReader(p.unpacked[:max(n, 0)]), err
}

// readPacked reads a whole page into memory that pages share.
func (p *pageReader) readPacked(compressed io.Reader) error {
	p.packed.Reset()
	_, err := p.packed.ReadFrom(compressed)
	return err
}
