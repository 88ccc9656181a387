package trainer

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// checksumKey names a file's checksum in the metadata of its header, where it is found as text without reading JSON.
const checksumKey = "sha256"

// noChecksum stands in the checksum's place while that is found, so that it is over the whole file: its header, too.
var noChecksum = strings.Repeat("0", hex.EncodedLen(sha256.Size))

// seal puts the checksum into a safetensors file that has noChecksum.
func seal(file []byte) error {
	at, err := checksumAt(file)
	if err != nil {
		return err
	}
	copy(file[at:], checksum(file, at))
	return nil
}

// checkSeal returns errDamaged with what is wrong, unless the file is as it was sealed.
func checkSeal(file []byte) error {
	if len(file) == 0 {
		return fmt.Errorf("%w: it is empty", errDamaged)
	}
	at, err := checksumAt(file)
	if err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	if !bytes.Equal(file[at:at+len(noChecksum)], checksum(file, at)) {
		return fmt.Errorf("%w: its checksum is not that of its %d bytes", errDamaged, len(file))
	}
	return nil
}

// checksumAt returns where the checksum begins in a safetensors file.
func checksumAt(file []byte) (int, error) {
	const lengthBytes = 8
	if len(file) < lengthBytes {
		return 0, fmt.Errorf("%d bytes are no safetensors file", len(file))
	}
	length := binary.LittleEndian.Uint64(file)
	if length > uint64(len(file)-lengthBytes) {
		return 0, fmt.Errorf("a header of %d bytes does not fit into a file of %d", length, len(file))
	}
	key := []byte(`"` + checksumKey + `":"`)
	at := bytes.Index(file[lengthBytes:lengthBytes+length], key)
	if at < 0 || uint64(at+len(key)+len(noChecksum)) > length {
		return 0, fmt.Errorf("its header has no checksum")
	}
	return lengthBytes + at + len(key), nil
}

// checksum returns the SHA-256, in hexadecimal digits, of the file as it is with noChecksum there.
func checksum(file []byte, at int) []byte {
	hash := sha256.New()
	for _, part := range [][]byte{file[:at], []byte(noChecksum), file[at+len(noChecksum):]} {
		hash.Write(part)
	}
	return hex.AppendEncode(nil, hash.Sum(nil))
}
