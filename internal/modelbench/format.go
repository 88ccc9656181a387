package modelbench

import (
	"fmt"
	"math"
)

// absent stands for a figure that there is none of.
const absent = "–"

// Digits writes a number with three digits that count, and a dash for none.
func Digits(v *float64) string {
	switch {
	case v == nil:
		return absent
	case math.Abs(*v) >= 1000:
		return fmt.Sprintf("%.0f", *v)
	}
	return fmt.Sprintf("%.3g", *v)
}

// Range writes two limits, and nothing where there is none.
func Range(low, high *float64) string {
	if low == nil || high == nil {
		return ""
	}
	return "(" + Digits(low) + "–" + Digits(high) + ")"
}

// Middle writes the median of a spread, and a dash for none.
func (s *Spread) Middle() string {
	if s == nil {
		return absent
	}
	return Digits(&s.Median)
}

// Limits writes the 10th and the 90th percentile of a spread, and nothing for none.
func (s *Spread) Limits() string {
	if s == nil {
		return ""
	}
	return Range(&s.P10, &s.P90)
}

// String names the way of running the peer in words.
func (c *Contestant) String() string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("torch %s, %s, %s", c.Torch, c.Mode, c.Threads)
}
