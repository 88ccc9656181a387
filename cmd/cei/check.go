package main

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Checks of what was asked for. What was not asked for is good.

// oneOf refuses a word that is not among those allowed.
func oneOf(flag, word string, allowed ...string) error {
	if word == "" || slices.Contains(allowed, word) {
		return nil
	}
	last := len(allowed) - 1
	return usagef("--%s must be %s or %s, got %q", flag, strings.Join(allowed[:last], ", "), allowed[last], word)
}

// needed refuses an empty text.
func needed(flag, value, what string) error {
	if value == "" {
		return usagef("--%s is needed: %s", flag, what)
	}
	return nil
}

// atLeast refuses a number below the least, and one that is not finite.
func atLeast[N int | float64](flag string, asked *N, least N) error {
	if asked != nil && (!(*asked >= least) || math.IsInf(float64(*asked), 0)) {
		return usagef("--%s must be at least %v, got %v", flag, least, *asked)
	}
	return nil
}

// aboveZero refuses a number that is not positive and finite.
func aboveZero[N float64 | time.Duration](flag string, asked *N) error {
	if asked != nil && (!(*asked > 0) || math.IsInf(float64(*asked), 0)) {
		return usagef("--%s must be above 0, got %v", flag, *asked)
	}
	return nil
}

// belowOne refuses a number outside [0,1).
func belowOne(flag string, asked *float64) error {
	if asked != nil && !(*asked >= 0 && *asked < 1) {
		return usagef("--%s must be at least 0 and below 1, got %v", flag, *asked)
	}
	return nil
}

// shares refuses what is not three shares of a whole.
func shares(flag string, asked []float64) error {
	if asked == nil {
		return nil
	}
	sum := 0.0
	for _, share := range asked {
		sum += share
	}
	if len(asked) != 3 || !(slices.Min(asked) >= 0) || !(math.Abs(sum-1) <= 1e-9) {
		return usagef("--%s takes three shares that add up to 1, as 0.7,0.15,0.15, got %v", flag, asked)
	}
	return nil
}
