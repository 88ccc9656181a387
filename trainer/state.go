package trainer

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/nlpodyssey/safetensors"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/internal/atomicfile"
)

// counters are the numbers that tell where training is. BestLoss is kept as text in files, since JSON has no infinity.
type counters struct {
	Epoch     int     `json:"epoch"` // completed
	Step      int     `json:"step"`  // completed in the epoch under way
	AdamSteps int64   `json:"adam_steps"`
	BestEpoch int     `json:"best_epoch"`
	BestLoss  float64 `json:"-"`
	BestText  string  `json:"best_loss"`
	Stopped   bool    `json:"stopped"` // early
}

// state is all that resuming needs, in one file so that its parts belong together.
type state struct {
	counters  counters
	tensors   map[string][]float64 // weights, moments, best weights, sums: by name
	order     []int64              // the epoch's permutation of the rows
	generator []byte
}

const countersKey = "counters"

func (st state) write(dir string) error {
	st.counters.BestText = strconv.FormatFloat(st.counters.BestLoss, 'g', -1, 64)
	text, err := json.Marshal(st.counters)
	if err != nil {
		return fmt.Errorf("trainer: write checkpoint: %w", err)
	}
	views := map[string]safetensors.TensorView{}
	for name, values := range st.tensors {
		if err := addView(views, name, safetensors.F64, len(values), float64Bytes(values)); err != nil {
			return err
		}
	}
	if err := addView(views, "order", safetensors.I64, len(st.order), int64Bytes(st.order)); err != nil {
		return err
	}
	if err := addView(views, "generator", safetensors.U8, len(st.generator), st.generator); err != nil {
		return err
	}
	data, err := safetensors.Serialize(views, map[string]string{countersKey: string(text)})
	if err != nil {
		return fmt.Errorf("trainer: write checkpoint: %w", err)
	}
	if err := atomicfile.Write(filepath.Join(dir, StateFile), data); err != nil {
		return fmt.Errorf("trainer: write checkpoint: %w", err)
	}
	return nil
}

func addView(views map[string]safetensors.TensorView, name string, kind safetensors.DType, n int, raw []byte) error {
	view, err := safetensors.NewTensorView(kind, []uint64{uint64(n)}, raw)
	if err != nil {
		return fmt.Errorf("trainer: write checkpoint: %s: %w", name, err)
	}
	views[name] = view
	return nil
}

func readState(dir string) (state, error) {
	path := filepath.Join(dir, StateFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return state{}, fmt.Errorf("trainer: read checkpoint: %w", err)
	}
	st, err := decodeState(data)
	if err != nil {
		return state{}, fmt.Errorf("trainer: read checkpoint: %s: %w", path, err)
	}
	return st, nil
}

func decodeState(data []byte) (state, error) {
	_, metadata, err := safetensors.ReadMetadata(data)
	if err != nil {
		return state{}, err
	}
	file, err := safetensors.Deserialize(data)
	if err != nil {
		return state{}, err
	}
	st := state{tensors: map[string][]float64{}}
	if err := json.Unmarshal([]byte(metadata.Metadata()[countersKey]), &st.counters); err != nil {
		return state{}, fmt.Errorf("its counters: %w", err)
	}
	if st.counters.BestLoss, err = strconv.ParseFloat(st.counters.BestText, 64); err != nil {
		return state{}, fmt.Errorf("its best loss: %w", err)
	}
	for _, t := range file.Tensors() {
		raw := t.TensorView.Data()
		switch t.TensorView.DType() {
		case safetensors.F64:
			st.tensors[t.Name] = make([]float64, len(raw)/8)
			for i := range st.tensors[t.Name] {
				st.tensors[t.Name][i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
			}
		case safetensors.I64:
			st.order = make([]int64, len(raw)/8)
			for i := range st.order {
				st.order[i] = int64(binary.LittleEndian.Uint64(raw[8*i:]))
			}
		case safetensors.U8:
			st.generator = append([]byte{}, raw...)
		}
	}
	return st, nil
}

func float64Bytes(values []float64) []byte {
	raw := make([]byte, 0, 8*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
	}
	return raw
}

func int64Bytes(values []int64) []byte {
	raw := make([]byte, 0, 8*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return raw
}

// stored names the device's tensors that a checkpoint holds.
func (f *fitter) stored() map[string]binding.Tensor {
	mean, square := f.adam.Moments()
	all := map[string]binding.Tensor{
		"weights": f.model.Params().Flat(), "best": f.best,
		"adam.mean": mean, "adam.square": square, "sums": f.tally.sums,
	}
	if f.config.Average > 0 {
		all["average"] = f.average
	}
	return all
}

// bufferKey begins the names of a model's buffers in checkpoints.
const bufferKey = "buffer."

// capture copies the fitter's state to the host.
func (f *fitter) capture() (state, error) {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	f.counters.AdamSteps = f.adam.Steps()
	st := state{counters: f.counters, tensors: map[string][]float64{}}
	var err error
	for name, t := range f.stored() {
		if st.tensors[name], err = s.Float64s(t); err != nil {
			return state{}, fmt.Errorf("trainer: capture %s: %w", name, err)
		}
	}
	for _, b := range f.model.Params().Buffers() {
		if st.tensors[bufferKey+b.Name], err = s.Float64s(b.Tensor()); err != nil {
			return state{}, fmt.Errorf("trainer: capture %s: %w", b.Name, err)
		}
	}
	if st.order, err = s.Int64s(f.order); err != nil {
		return state{}, fmt.Errorf("trainer: capture order: %w", err)
	}
	if st.generator, err = f.generator.State(); err != nil {
		return state{}, fmt.Errorf("trainer: capture generator: %w", err)
	}
	return st, nil
}

// restore puts a captured state back.
func (f *fitter) restore(st state) error {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	for name, t := range f.stored() {
		s.Copy(t, s.FromFloat64s(st.tensors[name], binding.Float64, binding.CPU, int64(len(st.tensors[name]))))
	}
	for _, b := range f.model.Params().Buffers() { // what a Starter found belongs to these weights, whatever it would find today
		if values, ok := st.tensors[bufferKey+b.Name]; ok {
			s.Copy(b.Tensor(), s.FromFloat64s(values, binding.Float64, binding.CPU, b.Shape...))
		}
	}
	s.Copy(f.order, s.FromInt64s(st.order, binding.CPU, int64(len(st.order))))
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: resume: the checkpoint does not fit the model and data: %w", err)
	}
	if err := f.generator.Restore(st.generator); err != nil {
		return fmt.Errorf("trainer: resume: %w", err)
	}
	f.counters = st.counters
	mean, square := f.adam.Moments()
	return f.adam.Restore(s, st.counters.AdamSteps, mean, square)
}
