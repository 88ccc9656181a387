package optim

import (
	"fmt"
	"math"
)

// Schedule gives the learning rate of each step.
type Schedule struct {
	Kind   ScheduleKind `json:"kind"`
	Rate   float64      `json:"rate"`   // the highest
	Warmup int64        `json:"warmup"` // steps over which the rate first rises linearly
	Total  int64        `json:"total"`  // steps after which a cosine has fallen to zero
}

// ScheduleKind is a schedule's shape after the warm-up.
type ScheduleKind string

// The shapes: the rate stays, or falls along half a cosine (Loshchilov & Hutter 2017, arXiv:1608.03983).
const (
	ConstantRate ScheduleKind = "constant"
	CosineRate   ScheduleKind = "cosine"
)

// Check returns an error where the schedule makes no sense.
func (s Schedule) Check() error {
	switch {
	case s.Kind != ConstantRate && s.Kind != CosineRate:
		return fmt.Errorf("optim: check schedule: %q is not %s or %s", s.Kind, ConstantRate, CosineRate)
	case !(s.Rate > 0) || math.IsInf(s.Rate, 0):
		return fmt.Errorf("optim: check schedule: the learning rate must be positive, got %g", s.Rate)
	case s.Warmup < 0 || s.Kind == CosineRate && s.Total <= s.Warmup:
		return fmt.Errorf("optim: check schedule: %d warm-up steps do not fit into %d", s.Warmup, s.Total)
	}
	return nil
}

// At returns the learning rate of a step, counted from 0.
func (s Schedule) At(step int64) float64 {
	if step < s.Warmup {
		return s.Rate * float64(step+1) / float64(s.Warmup)
	}
	if s.Kind != CosineRate {
		return s.Rate
	}
	progress := min(1, float64(step-s.Warmup)/float64(s.Total-s.Warmup))
	return s.Rate * (1 + math.Cos(math.Pi*progress)) / 2
}
