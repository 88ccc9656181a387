package main

import "strconv"

// arrayJob are the variables by which an array job's tasks know which they are. Where there is no variable with the number of
// tasks, it follows from the last index.
type arrayJob struct {
	name                     string
	index, first, last, step string
	count                    string
}

var arrayJobs = []arrayJob{
	{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
	{"Grid Engine", "SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE", ""},
	{"Kubernetes", "JOB_COMPLETION_INDEX", "", "", "", "CEI_SHARDS"},
}

// arrayShard returns the shard of the array job's task that this is.
func arrayShard(env func(string) string) (shard, error) {
	for _, j := range arrayJobs {
		if id := env(j.index); id != "" && id != "undefined" { // as Grid Engine says outside of arrays
			return j.shard(env)
		}
	}
	return shard{}, usagef("--shard auto: this is no task of an array job: none of SLURM_ARRAY_TASK_ID, SGE_TASK_ID and JOB_COMPLETION_INDEX is set; give I/N")
}

func (j arrayJob) shard(env func(string) string) (shard, error) {
	numbers := map[string]int{}
	for _, name := range []string{j.index, j.first, j.last, j.step, j.count} {
		if name == "" {
			continue
		}
		n, err := strconv.Atoi(env(name))
		if err != nil && name == j.step && env(name) == "" {
			n, err = 1, nil
		}
		if err != nil || n < 0 || n > 1<<40 {
			return shard{}, usagef("--shard auto: %s says %s=%q: want a number", j.name, name, env(name))
		}
		numbers[name] = n
	}
	step := max(numbers[j.step], 1)
	offset := numbers[j.index] - numbers[j.first]
	p := shard{offset/step + 1, numbers[j.count]}
	if j.count == "" {
		p.Count = (numbers[j.last]-numbers[j.first])/step + 1
	}
	even := j.last == "" || (numbers[j.last]-numbers[j.first])/step+1 == p.Count
	if offset < 0 || offset%step != 0 || p.Number > p.Count || p.Count > mostShards || !even {
		return shard{}, usagef("--shard auto: %s's task %d is none of %d tasks from %d on in steps of %d: give I/N", j.name, numbers[j.index], p.Count, numbers[j.first], step)
	}
	return p, nil
}
