package table

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// largestWindow is the memory that a zstd file may ask for: what the program zstd
// grants without being told otherwise.
const largestWindow = 128 << 20

// contents are what a file holds once it is decompressed.
type contents struct {
	io.Reader
	close func() // frees what the decompression holds; the file stays open
}

// decompress returns the text in a file, by the ending of its name.
func decompress(file io.Reader, path string) (contents, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".gz":
		text, err := gzip.NewReader(file)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return contents{decompressed{text}, func() {}}, damaged(err)
	case ".zst":
		text, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(largestWindow))
		if err != nil {
			return contents{}, damaged(err)
		}
		return contents{decompressed{text}, text.Close}, nil
	}
	return contents{file, func() {}}, nil
}

type decompressed struct{ text io.Reader }

func (d decompressed) Read(p []byte) (int, error) {
	n, err := d.text.Read(p)
	return n, damaged(err)
}

func damaged(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return fmt.Errorf("decompress: %w", err)
}

// compress returns where to write the text of a file. Closing it finishes the
// compression and leaves the file open.
func compress(file io.Writer, path string) (io.WriteCloser, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".gz":
		return gzip.NewWriterLevel(file, gzip.BestSpeed)
	case ".zst":
		return zstd.NewWriter(file, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	}
	return uncompressed{file}, nil
}

type uncompressed struct{ io.Writer }

func (uncompressed) Close() error { return nil }
