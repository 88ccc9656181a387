package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// shard is a part of a table's events, for one of several programs that each do a part: number 1 to count. The zero shard
// is all of it.
type shard struct {
	Number int `json:"number"`
	Count  int `json:"count"`
}

const (
	shardFlag  = "shard"
	shardAuto  = "auto"
	shardUsage = "only part `I/N` of the events, as 2/8, for cei join to join; auto takes I and N from an array job: Slurm's, Grid Engine's, or a Kubernetes Indexed Job's with N in $CEI_SHARDS"
)

func (p shard) all() bool { return p == shard{} }

func (p shard) String() string { return fmt.Sprintf("%d/%d", p.Number, p.Count) }

// of returns the shard's events, first to end-1. Shards follow one another in the table, and differ by one event at most.
func (p shard) of(events int) (first, end int) {
	if p.all() {
		return 0, events
	}
	return events * (p.Number - 1) / p.Count, events * p.Number / p.Count
}

// mostShards keeps products with numbers of events far from overflowing.
const mostShards = 1_000_000

func parseShard(text string) (shard, error) {
	switch text {
	case "":
		return shard{}, nil
	case shardAuto:
		return arrayShard(os.Getenv)
	}
	number, count, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(number)
	n, err2 := strconv.Atoi(count)
	if !ok || err1 != nil || err2 != nil || i < 1 || i > n || n > mostShards {
		return shard{}, usagef("--shard takes I/N with I from 1 to N, as 2/8, or auto, got %q", text)
	}
	return shard{i, n}, nil
}

// checkShard refuses a part without a file: what it is a part of is kept with that.
func checkShard(text, out string) error {
	p, err := parseShard(text)
	if err == nil && !p.all() && out == "" {
		return usagef("--shard needs --out: what it is a part of is kept with the file")
	}
	return err
}
