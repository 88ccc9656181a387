package trainer

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/dataset"
)

// feature is something in which all processes must be alike.
type feature struct {
	name string
	hash uint64
}

// sameTask refuses processes that would train something else than process 0.
func (f *fitter) sameTask() error {
	r := f.run
	var features []feature
	for _, part := range []struct {
		name  string
		value any
	}{
		{"versions", r.Versions}, {"model settings", r.Model}, {"data", r.Encoding}, {"split", r.Split}, {"online settings", r.Online},
		{"training settings", r.Training}, {"element type", r.DType},
	} {
		text, err := compactJSON(part.value)
		if err != nil {
			return err
		}
		features = append(features, feature{part.name, hashOf(text)})
	}
	return f.alike(append(features, feature{"data", f.dataHash}))
}

// alike refuses processes that differ from process 0 in any of the features. All processes see it, and return the same error.
func (f *fitter) alike(features []feature) error {
	group, on := f.config.Group, f.model.Params().Device()
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	own := make([]int64, len(features))
	for i, one := range features {
		own[i] = int64(one.hash >> 1)
	}
	first := s.FromInt64s(own, on, int64(len(own)))
	group.Broadcast(s, first)
	wanted, err := s.Int64s(first)
	if err != nil {
		return fmt.Errorf("trainer: compare the processes: %w", err)
	}
	differs := make([]float64, group.Size()*len(features))
	for i := range features {
		if own[i] != wanted[i] {
			differs[group.Rank()*len(features)+i] = 1
		}
	}
	all := s.FromFloat64s(differs, binding.Float64, on, int64(len(differs)))
	group.Sum(s, all)
	found, err := s.Float64s(all)
	if err != nil {
		return fmt.Errorf("trainer: compare the processes: %w", err)
	}
	if i := slices.Index(found, 1); i >= 0 {
		return fmt.Errorf("trainer: process %d of %d has other %s than process 0", i/len(features), group.Size(), features[i%len(features)].name)
	}
	return nil
}

func hashOf(text []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(text) // never fails
	return h.Sum64()
}

// rowsHash tells whether parts hold the same numbers, to the bit.
func rowsHash(parts ...dataset.Part) uint64 {
	h := uint64(14695981039346656037)
	for _, part := range parts {
		for _, m := range []dataset.Matrix{part.Positions, part.Momenta} {
			h = (h ^ uint64(m.Rows)) * 1099511628211
			for _, v := range m.Data {
				h = (h ^ math.Float64bits(v)) * 1099511628211
				h ^= h >> 29
			}
		}
	}
	return h
}
