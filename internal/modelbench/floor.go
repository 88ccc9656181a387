package modelbench

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gocei/gocei/binding"
)

// floorRepeats is how often a product of each size is done for one rate.
const floorRepeats = 3

// floorSizes returns the sizes of square matrices whose products reach the device's rate.
func (b *bench) floorSizes() []int {
	switch {
	case b.options.FloorSizes != nil:
		return b.options.FloorSizes
	case b.options.Device.IsCUDA():
		return []int{2048, 4096, 8192}
	}
	return []int{512, 1024, 2048}
}

// findFloor finds the peer whose matrix products are the fastest.
func (b *bench) findFloor(ctx context.Context) error {
	best := 0.0
	for _, c := range b.candidates {
		rate, err := c.gemm(ctx, b.floorSizes(), floorRepeats)
		if err != nil {
			return err
		}
		if rate > best {
			best, b.floorPeer = rate, c
		}
	}
	_, err := b.floorRate(ctx)
	return err
}

// floorRate returns the rate of matrix products at this moment in GFLOP/s, the better one of ours and the peer's.
func (b *bench) floorRate(ctx context.Context) (rate float64, err error) {
	if err := awaitIdle(ctx, b.others(nil)); err != nil {
		return 0, err
	}
	for _, n := range b.floorSizes() {
		ours, err := gemmRate(n, b.options.Device)
		if err != nil {
			return 0, err
		}
		rate = max(rate, ours)
	}
	if b.floorPeer != nil {
		if err := awaitIdle(ctx, b.others(b.floorPeer)); err != nil {
			return 0, err
		}
		peer, err := b.floorPeer.gemm(ctx, b.floorSizes(), floorRepeats)
		if err != nil {
			return 0, err
		}
		rate = max(rate, peer)
	}
	b.report.Floor.GFLOPS = max(b.report.Floor.GFLOPS, rate)
	return rate, ctx.Err()
}

// gemmRate returns the rate of the fastest of several products of n×n matrices in GFLOP/s.
func gemmRate(n int, on binding.Device) (float64, error) {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	a := s.Full(1, binding.Float32, on, int64(n), int64(n))
	seconds := math.Inf(1)
	for range floorRepeats + 1 {
		if err := on.Synchronize(); err != nil {
			return 0, err
		}
		begin := time.Now()
		s.MatMul(a, a)
		if err := on.Synchronize(); err != nil {
			return 0, err
		}
		seconds = min(seconds, time.Since(begin).Seconds())
	}
	if err := s.Err(); err != nil {
		return 0, fmt.Errorf("modelbench: measure the floor: %w", err)
	}
	return 2 * math.Pow(float64(n), 3) / seconds / 1e9, nil
}
