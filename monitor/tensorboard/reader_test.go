package tensorboard

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
)

// read is one event as the tests' own reader finds it, which shares nothing with the writer.
type read struct {
	wall    float64
	step    int64
	version string
	start   bool
	scalars map[string]float32
}

// readRecords returns the data of the whole records of a file, and how many bytes at its end are none.
func readRecords(t *testing.T, path string) (records [][]byte, torn int) {
	t.Helper()
	all, err := os.ReadFile(path)
	require.NoError(t, err)
	unmask := func(b []byte) uint32 {
		rotated := binary.LittleEndian.Uint32(b) - 0xa282ead8
		return rotated>>17 | rotated<<15
	}
	sum := func(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }
	for rest := bytes.NewReader(all); rest.Len() > 0; {
		torn = rest.Len()
		head := make([]byte, 12)
		if _, err := io.ReadFull(rest, head); err != nil {
			return records, torn
		}
		require.Equal(t, sum(head[:8]), unmask(head[8:]))
		data := make([]byte, binary.LittleEndian.Uint64(head)+4)
		if _, err := io.ReadFull(rest, data); err != nil {
			return records, torn
		}
		body := data[:len(data)-4]
		require.Equal(t, sum(body), unmask(data[len(body):]))
		records = append(records, body)
	}
	return records, 0
}

func readEvents(t *testing.T, path string) (events []read) {
	t.Helper()
	records, _ := readRecords(t, path)
	for _, data := range records {
		var e read
		fields(t, data, func(number protowire.Number, bits uint64, sub []byte) {
			switch number {
			case 1:
				e.wall = math.Float64frombits(bits)
			case 2:
				e.step = int64(bits)
			case 3:
				e.version = string(sub)
			case 5:
				e.scalars = readSummary(t, sub)
			case 7:
				e.start = bytes.Equal(sub, []byte{8, 1})
			default:
				require.Fail(t, "unknown field", "%d", number)
			}
		})
		events = append(events, e)
	}
	return events
}

func readSummary(t *testing.T, data []byte) map[string]float32 {
	t.Helper()
	scalars := map[string]float32{}
	fields(t, data, func(number protowire.Number, _ uint64, value []byte) {
		require.EqualValues(t, 1, number)
		var tag string
		fields(t, value, func(number protowire.Number, bits uint64, sub []byte) {
			switch number {
			case 1:
				tag = string(sub)
			case 2:
				scalars[tag] = math.Float32frombits(uint32(bits))
			default:
				require.Fail(t, "unknown field", "%d", number)
			}
		})
	})
	return scalars
}

// fields calls do with each field of a message: the bits of a number, or the bytes of text or another message.
func fields(t *testing.T, data []byte, do func(number protowire.Number, bits uint64, sub []byte)) {
	t.Helper()
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		require.Positive(t, n)
		data = data[n:]
		var bits uint64
		var sub []byte
		switch kind {
		case protowire.VarintType:
			bits, n = protowire.ConsumeVarint(data)
		case protowire.Fixed64Type:
			bits, n = protowire.ConsumeFixed64(data)
		case protowire.Fixed32Type:
			var short uint32
			short, n = protowire.ConsumeFixed32(data)
			bits = uint64(short)
		default:
			sub, n = protowire.ConsumeBytes(data)
		}
		require.Positive(t, n)
		data = data[n:]
		do(number, bits, sub)
	}
}
