package trainer

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/gocei/gocei/binding"
)

// begin opens the run directory, and brings the processes of a group to the state that process 0 has then.
func (f *fitter) begin(claim func(*fitter) error) error {
	if f.config.Group == nil {
		return f.open(claim)
	}
	if err := f.sameTask(); err != nil {
		return err
	}
	if err := f.open(claim); err != nil {
		return err
	}
	return f.followFirst()
}

// followFirst gives every process the state of process 0.
func (f *fitter) followFirst() error {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	tensors := f.stored()
	names := make([]string, 0, len(tensors))
	for name := range tensors {
		names = append(names, name)
	}
	slices.Sort(names) // the same order in all processes
	for _, name := range names {
		f.config.Group.Broadcast(s, tensors[name])
	}
	for _, b := range f.model.Params().Buffers() {
		f.config.Group.Broadcast(s, b.Tensor())
	}
	if err := f.followNumbers(s); err != nil {
		return fmt.Errorf("trainer: take over process 0's state: %w", err)
	}
	return nil
}

// followNumbers is followFirst for what does not lie on the device.
func (f *fitter) followNumbers(s *binding.Scope) error {
	state, err := f.generator.State()
	if err != nil {
		return err
	}
	if state, err = f.fromFirst(s, state); err != nil {
		return err
	}
	if err := f.generator.Restore(state); err != nil {
		return err
	}
	c := f.counters
	c.AdamSteps, c.BestText = f.adam.Steps(), strconv.FormatFloat(c.BestLoss, 'g', -1, 64)
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if text, err = f.fromFirst(s, text); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &f.counters); err != nil {
		return err
	}
	if f.counters.BestLoss, err = strconv.ParseFloat(f.counters.BestText, 64); err != nil {
		return err
	}
	mean, square := f.adam.Moments()
	return f.adam.Restore(s, f.counters.AdamSteps, mean, square)
}

// fromFirst returns process 0's bytes.
func (f *fitter) fromFirst(s *binding.Scope, own []byte) ([]byte, error) {
	on := f.model.Params().Device()
	length := s.FromInt64s([]int64{int64(len(own))}, on, 1)
	f.config.Group.Broadcast(s, length)
	n, err := s.Int64s(length)
	if err != nil {
		return nil, err
	}
	words := make([]int64, (n[0]+7)/8)
	if f.config.Group.Rank() == 0 {
		padded := append(slices.Clone(own), make([]byte, 8)...)
		for i := range words {
			words[i] = int64(binary.LittleEndian.Uint64(padded[8*i:]))
		}
	}
	t := s.FromInt64s(words, on, int64(len(words)))
	f.config.Group.Broadcast(s, t)
	if words, err = s.Int64s(t); err != nil {
		return nil, err
	}
	all := make([]byte, 0, 8*len(words))
	for _, word := range words {
		all = binary.LittleEndian.AppendUint64(all, uint64(word))
	}
	return all[:n[0]], nil
}

// alignProcesses gives every process process 0's weights and moments. They are the same already, unless processors or numbers
// of threads differ, whose rounding would take them ever further apart. What sources made must be the same to the bit.
func (f *fitter) alignProcesses() error {
	if f.config.Group == nil {
		return nil
	}
	if f.config.Source != nil {
		if err := f.alike([]feature{{fmt.Sprintf("events for epoch %d", f.counters.Epoch+1), f.dataHash}}); err != nil {
			return err
		}
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	mean, square := f.adam.Moments()
	all := []binding.Tensor{f.model.Params().Flat(), mean, square}
	if f.config.Average > 0 {
		all = append(all, f.average)
	}
	for _, t := range all {
		f.config.Group.Broadcast(s, t)
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("trainer: epoch %d: align the processes: %w", f.counters.Epoch+1, err)
	}
	return nil
}
