package trainer

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"syscall"

	"github.com/nlpodyssey/safetensors"
)

// stateFormat is raised when checkpoints change so that other programs would misread them.
const stateFormat = "2"

// The metadata of a checkpoint's file.
const (
	countersKey = "counters"
	formatKey   = "format"
)

// errDamaged is in the error of a checkpoint that is not as it was written.
var errDamaged = errors.New("damaged")

// readState returns the checkpoint in a file that may have so many bytes. The error tells one that is damaged from one that
// cannot be read.
func readState(path string, most int64) (state, error) {
	data, err := readAtMost(path, most)
	if errors.Is(err, errTooLarge) || errors.Is(err, syscall.EIO) { // the latter is the disk's own checksum
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	if err != nil {
		return state{}, fmt.Errorf("read checkpoint: %w", err)
	}
	st, err := decodeState(data)
	if err != nil {
		return state{}, fmt.Errorf("read checkpoint %s: %w", path, err)
	}
	return st, nil
}

// encode returns a safetensors file with its own checksum.
func (st state) encode() ([]byte, error) {
	st.counters.BestText = strconv.FormatFloat(st.counters.BestLoss, 'g', -1, 64)
	text, err := json.Marshal(st.counters)
	if err != nil {
		return nil, err
	}
	views := map[string]safetensors.TensorView{}
	for name, values := range st.arrays {
		if views[name], err = viewOf(values); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	data, err := safetensors.Serialize(views, map[string]string{countersKey: string(text), formatKey: stateFormat, checksumKey: noChecksum})
	if err != nil {
		return nil, err
	}
	return data, seal(data)
}

// viewOf returns numbers as the bytes that a safetensors file has of them.
func viewOf(values any) (safetensors.TensorView, error) {
	kind, n := safetensors.U8, 0
	switch v := values.(type) {
	case []float32:
		kind, n = safetensors.F32, len(v)
	case []float64:
		kind, n = safetensors.F64, len(v)
	case []int64:
		kind, n = safetensors.I64, len(v)
	case []byte:
		n = len(v)
	}
	raw, err := binary.Append(nil, binary.LittleEndian, values)
	if err != nil {
		return safetensors.TensorView{}, err
	}
	return safetensors.NewTensorView(kind, []uint64{uint64(n)}, raw)
}

// decodeState returns what encode was given.
func decodeState(data []byte) (state, error) {
	if err := checkSeal(data); err != nil {
		return state{}, orOtherFormat(data, err)
	}
	file, err := safetensors.Deserialize(data)
	if err != nil {
		return state{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	metadata, err := metadataOf(data)
	if err != nil {
		return state{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if metadata[formatKey] != stateFormat {
		return state{}, otherFormat(metadata[formatKey])
	}
	st := state{arrays: map[string]any{}}
	if st.counters, err = decodeCounters(metadata[countersKey]); err != nil {
		return state{}, fmt.Errorf("%w: its counters: %w", errDamaged, err)
	}
	for _, t := range file.Tensors() {
		if st.arrays[t.Name], err = valuesOf(t.TensorView); err != nil {
			return state{}, fmt.Errorf("%w: %s: %w", errDamaged, t.Name, err)
		}
	}
	return st, nil
}

// orOtherFormat returns err, or what a file really is that has no checksum because an earlier program wrote it.
func orOtherFormat(data []byte, err error) error {
	metadata, unread := metadataOf(data)
	_, formatted := metadata[formatKey]
	_, sealed := metadata[checksumKey]
	if unread == nil && !formatted && !sealed && metadata[countersKey] != "" {
		return otherFormat("1, without a checksum")
	}
	return err
}

func otherFormat(format string) error {
	return fmt.Errorf("it has format %s, and this program reads format %s: continue the run with the program that began it, or begin it anew", format, stateFormat)
}

func metadataOf(data []byte) (map[string]string, error) {
	_, metadata, err := safetensors.ReadMetadata(data)
	if err != nil {
		return nil, err
	}
	return metadata.Metadata(), nil
}

func decodeCounters(text string) (c counters, err error) {
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, err
	}
	if c.Epoch < 0 || c.Step < 0 || c.AdamSteps < 0 || c.BestEpoch < 0 || c.BestEpoch > c.Epoch {
		return c, fmt.Errorf("%s makes no sense", text)
	}
	c.BestLoss, err = strconv.ParseFloat(c.BestText, 64)
	return c, err
}

// valuesOf is the inverse of viewOf.
func valuesOf(t safetensors.TensorView) (any, error) {
	raw := t.Data()
	var values any
	switch t.DType() {
	case safetensors.F32:
		values = make([]float32, len(raw)/4)
	case safetensors.F64:
		values = make([]float64, len(raw)/8)
	case safetensors.I64:
		values = make([]int64, len(raw)/8)
	case safetensors.U8:
		values = make([]byte, len(raw))
	default:
		return nil, fmt.Errorf("element type %s", t.DType())
	}
	_, err := binary.Decode(raw, binary.LittleEndian, values)
	return values, err
}
