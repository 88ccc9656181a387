package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked returns a record's checksum of some bytes (tensorflow/core/lib/hash/crc32c.h).
func masked(data []byte) uint32 {
	sum := crc32.Checksum(data, castagnoli)
	return (sum>>15 | sum<<17) + 0xa282ead8
}

// record frames the data of one event.
func record(data []byte) []byte {
	framed := binary.LittleEndian.AppendUint64(make([]byte, 0, len(data)+16), uint64(len(data)))
	framed = binary.LittleEndian.AppendUint32(framed, masked(framed))
	framed = append(framed, data...)
	return binary.LittleEndian.AppendUint32(framed, masked(data))
}
