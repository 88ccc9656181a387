package table

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	spec "github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What parquet-go encodes comes back, in pieces of any size.
func TestRunsUndoTheEncoding(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for width := uint(1); width <= 31; width++ {
		numbers := make([]int32, 3000)
		for i := range numbers {
			if i%500 < 250 {
				numbers[i] = rng.Int32() & (1<<width - 1)
			}
		}
		encoding := rle.Encoding{BitWidth: int(width)}
		encoded, err := encoding.EncodeInt32(nil, numbers)
		require.NoError(t, err)
		s, err := newRuns(bufio.NewReader(bytes.NewReader(encoded)), width)
		require.NoError(t, err)
		for at := 0; at < len(numbers); {
			piece := make([]uint32, min(1+rng.IntN(700), len(numbers)-at))
			require.NoError(t, s.next(piece))
			for i, v := range piece {
				require.Equal(t, uint32(numbers[at+i]), v, "width %d, number %d", width, at+i)
			}
			at += len(piece)
		}
	}
}

func TestRunsFindTheFirstOther(t *testing.T) {
	for _, other := range []int{0, 1, 7, 8, 9, 100, 511, 1000} {
		levels := bytes.Repeat([]byte{1}, 1000)
		if other < len(levels) {
			levels[other] = 0
		}
		encoding := rle.Encoding{BitWidth: 1}
		encoded, err := encoding.EncodeLevels(nil, levels)
		require.NoError(t, err)
		s, err := newRuns(bufio.NewReader(bytes.NewReader(encoded)), 1)
		require.NoError(t, err)
		same, err := s.equal(1, len(levels))
		require.NoError(t, err)
		assert.Equal(t, other, same)
	}
}

// A run may claim to be long; it costs only what is asked for.
func TestRunsOfAnyLength(t *testing.T) {
	long := append(binary.AppendUvarint(nil, 1<<39), 5)
	s, err := newRuns(bufio.NewReader(bytes.NewReader(long)), 3)
	require.NoError(t, err)
	three := make([]uint32, 3)
	require.NoError(t, s.next(three))
	assert.Equal(t, []uint32{5, 5, 5}, three)
	for name, damaged := range map[string][]byte{
		"nothing":        nil,
		"longer still":   binary.AppendUvarint(nil, 1<<62),
		"no end":         bytes.Repeat([]byte{0xff}, 20),
		"no number":      {2},
		"half a group":   {3, 0xff},
		"no groups ever": make([]byte, 100_000),
	} {
		s, err := newRuns(bufio.NewReader(bytes.NewReader(damaged)), 3)
		require.NoError(t, err)
		assert.Error(t, s.next(make([]uint32, 100)), name)
	}
	_, err = newRuns(nil, 33)
	assert.Error(t, err)
}

func TestDeltasUndoTheEncoding(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, most := range []uint64{1, 1 << 7, 1 << 31, 1 << 62, math.MaxUint64} {
		for _, count := range []int{1, 2, 31, 32, 33, 128, 129, 1000} {
			numbers := make([]int64, count)
			for i := range numbers {
				numbers[i] = int64(rng.Uint64N(most) - most/2)
			}
			encoded, err := new(delta.BinaryPackedEncoding).EncodeInt64(nil, numbers)
			require.NoError(t, err)
			want := new(bytes.Buffer)
			require.NoError(t, binary.Write(want, binary.LittleEndian, numbers))
			r, err := newDeltas(bufio.NewReader(bytes.NewReader(encoded)), 8)
			require.NoError(t, err)
			got := make([]byte, 8*count)
			_, err = io.ReadFull(r, got)
			require.NoError(t, err)
			require.Equal(t, want.Bytes(), got, "%d numbers below %d", count, most)
		}
	}
}

func TestDamagedDeltas(t *testing.T) {
	head := func(numbers ...uint64) (text []byte) {
		for _, n := range numbers {
			text = binary.AppendUvarint(text, n)
		}
		return text
	}
	for name, damaged := range map[string][]byte{
		"nothing":           nil,
		"no blocks":         head(0, 4, 10, 0),
		"no parts":          head(128, 0, 10, 0),
		"endless blocks":    head(1<<60, 4, 10, 0),
		"uneven parts":      head(128, 3, 10, 0),
		"parts of nothing":  head(128, 128, 10, 0),
		"no first number":   head(128, 4, 10),
		"no block":          head(128, 4, 10, 0),
		"a width too large": append(head(128, 4, 10, 0, 0), 65, 0, 0, 0),
		"a part too short":  append(head(128, 4, 10, 0, 0), 64, 0, 0, 0),
	} {
		r, err := newDeltas(bufio.NewReader(bytes.NewReader(damaged)), 8)
		if err == nil {
			_, err = io.ReadFull(r, make([]byte, 80))
		}
		assert.Error(t, err, name)
	}
}

// Lists that claim more than the text holds are refused before memory is taken.
func TestThriftLists(t *testing.T) {
	for _, field := range []int16{2, 4, 5, 7, 99} {
		for _, element := range []byte{3, 8, 9, 12} {
			text := append([]byte{0x09, byte(2 * field), 0xf0 | element}, binary.AppendUvarint(nil, math.MaxInt32)...)
			allocated := testing.AllocsPerRun(1, func() {
				var m spec.FileMetaData
				_, err := decodeThrift(text, &m)
				require.Error(t, err)
			})
			assert.Less(t, allocated, 200.0)
		}
	}
}

// A column of a row group takes hundreds of bytes once it is decoded: a text that
// could hold many empty ones is not worth that memory.
func TestThriftListsOfNothing(t *testing.T) {
	rowGroups := []byte{0x49, 0x1c} // of FileMetaData: field 4, a list of one structure
	columns := []byte{0x19, 0xfc}   // of RowGroup: field 1, a list of structures
	for _, claim := range []uint64{1_000_000, 1_000_001, 7 << 20} {
		text := binary.AppendUvarint(slices.Concat(rowGroups, columns), claim)
		text = append(text, make([]byte, claim)...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var m spec.FileMetaData
		_, err := decodeThrift(text, &m)
		runtime.ReadMemStats(&after)
		require.Error(t, err)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
	}
}

// Values within values end before the stack does.
func TestThriftDepth(t *testing.T) {
	const depth = 20_000_000
	for name, text := range map[string][]byte{ // of an unknown field
		"structures": bytes.Repeat([]byte{0x1c}, depth),
		"lists":      append([]byte{0x09, 0x78}, bytes.Repeat([]byte{0x19}, depth)...),
		"maps":       append([]byte{0x0b, 0x78}, bytes.Repeat([]byte{1, 0x3b, 0}, depth)...),
	} {
		var m spec.FileMetaData
		_, err := decodeThrift(text, &m)
		require.ErrorIs(t, err, errDamagedThrift, name)
		assert.Less(t, len(err.Error()), 100)
	}
}

func TestThriftKeepsItsPlace(t *testing.T) {
	want := spec.PageHeader{Type: spec.DataPage, CompressedPageSize: 5, UncompressedPageSize: 7}
	text, err := thrift.Marshal(new(thrift.CompactProtocol), &want)
	require.NoError(t, err)
	var got spec.PageHeader
	length, err := decodeThrift(append(text, 1, 2, 3), &got)
	require.NoError(t, err)
	assert.Equal(t, len(text), length)
	assert.Equal(t, want, got)
}
