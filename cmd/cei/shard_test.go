package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Shards follow one another, cover all events, and differ by one event at most.
func TestShardsCoverAllEvents(t *testing.T) {
	for _, events := range []int{0, 1, 2, 5, 7, 100, 1_000_003} {
		for _, count := range []int{1, 2, 3, 7, 10, 101} {
			next := 0
			for number := 1; number <= count; number++ {
				first, end := shard{number, count}.of(events)
				require.Equal(t, next, first)
				require.Contains(t, []int{events / count, (events + count - 1) / count}, end-first)
				next = end
			}
			require.Equal(t, events, next)
		}
	}
	first, end := shard{}.of(9)
	assert.Equal(t, []int{0, 9}, []int{first, end})
}

func TestParseShard(t *testing.T) {
	for text, want := range map[string]shard{"": {}, "1/1": {1, 1}, "2/8": {2, 8}, "1000000/1000000": {1000000, 1000000}} {
		got, err := parseShard(text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, text := range []string{"2", "0/3", "4/3", "-1/3", "1/0", "1/2/3", "a/b", "1.5/3", "/", " 1/2", "1/1000001", "99999999999999999999/2", "Auto"} {
		_, err := parseShard(text)
		require.Error(t, err, text)
		var usage usageError
		require.ErrorAs(t, err, &usage)
	}
}

// Every scheduler's variables, as it sets them.
func TestShardOfArrayJobs(t *testing.T) {
	slurm := func(id, first, last, step, count string) map[string]string {
		return map[string]string{"SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_MIN": first, "SLURM_ARRAY_TASK_MAX": last, "SLURM_ARRAY_TASK_STEP": step, "SLURM_ARRAY_TASK_COUNT": count}
	}
	engine := func(id, first, last, step string) map[string]string {
		return map[string]string{"SGE_TASK_ID": id, "SGE_TASK_FIRST": first, "SGE_TASK_LAST": last, "SGE_TASK_STEPSIZE": step}
	}
	for _, c := range []struct {
		env  map[string]string
		want shard
		says string
	}{
		{slurm("0", "0", "7", "1", "8"), shard{1, 8}, ""},
		{slurm("7", "0", "7", "1", "8"), shard{8, 8}, ""},
		{slurm("3", "1", "5", "2", "3"), shard{2, 3}, ""},
		{slurm("3", "1", "3", "", "3"), shard{3, 3}, ""},
		{slurm("5", "1", "9", "1", "3"), shard{}, "Slurm's task 5 is none of 3 tasks from 1 on in steps of 1"}, // --array=1,5,9
		{slurm("x", "0", "7", "1", "8"), shard{}, `SLURM_ARRAY_TASK_ID="x"`},
		{slurm("1", "", "7", "1", "8"), shard{}, `SLURM_ARRAY_TASK_MIN=""`},
		{slurm("9", "0", "7", "1", "8"), shard{}, "is none of"},
		{engine("1", "1", "10", "1"), shard{1, 10}, ""},
		{engine("7", "1", "10", "3"), shard{3, 4}, ""},
		{engine("undefined", "undefined", "undefined", "undefined"), shard{}, "no task of an array job"},
		{map[string]string{"JOB_COMPLETION_INDEX": "0", "CEI_SHARDS": "4"}, shard{1, 4}, ""},
		{map[string]string{"JOB_COMPLETION_INDEX": "3", "CEI_SHARDS": "4"}, shard{4, 4}, ""},
		{map[string]string{"JOB_COMPLETION_INDEX": "4", "CEI_SHARDS": "4"}, shard{}, "is none of 4 tasks"},
		{map[string]string{"JOB_COMPLETION_INDEX": "3"}, shard{}, `CEI_SHARDS=""`},
		{map[string]string{}, shard{}, "no task of an array job"},
	} {
		got, err := arrayShard(func(name string) string { return c.env[name] })
		if c.says != "" {
			require.ErrorContains(t, err, c.says, c.env)
			continue
		}
		require.NoError(t, err, c.env)
		assert.Equal(t, c.want, got, c.env)
	}
	t.Setenv("SLURM_ARRAY_TASK_ID", "2")
	t.Setenv("SLURM_ARRAY_TASK_MIN", "1")
	t.Setenv("SLURM_ARRAY_TASK_MAX", "4")
	t.Setenv("SLURM_ARRAY_TASK_COUNT", "4")
	got, err := parseShard("auto")
	require.NoError(t, err)
	assert.Equal(t, shard{2, 4}, got)
}

// What is accepted is a part of a whole, and reads back.
func FuzzParseShard(f *testing.F) {
	for _, text := range []string{"", "1/1", "2/8", "8/2", "+1/2", "01/2", "1/ 2", "999999/1000000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parseShard(text)
		if err != nil || p.all() {
			return
		}
		require.True(t, 1 <= p.Number && p.Number <= p.Count && p.Count <= mostShards, text)
		again, err := parseShard(p.String())
		require.NoError(t, err)
		require.Equal(t, p, again)
	})
}
