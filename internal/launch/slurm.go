package launch

import (
	"fmt"
	"strconv"
	"strings"
)

// slurm reads what srun sets for the tasks of a step (https://slurm.schedmd.com/srun.html). A batch script, and the shell of an
// interactive job, are told of the job's tasks too, but are not among them: what runs there trains alone.
func slurm(r *reader) (Place, bool) {
	if !r.has("SLURM_PROCID") {
		return Place{}, false
	}
	if !r.has("SLURM_STEP_NUM_TASKS") {
		p := Alone()
		if tasks := r.text("SLURM_NTASKS", "1"); tasks != "1" {
			p.Note = "this is a Slurm job of " + tasks + " tasks, and srun cei train would train with all of them"
		}
		return p, true
	}
	p := Place{
		Rank: r.number("SLURM_PROCID", 0), Size: r.number("SLURM_STEP_NUM_TASKS", 1),
		LocalRank: r.numberOr("SLURM_LOCALID", 0, 0), Cores: r.numberOr("SLURM_CPUS_PER_TASK", 1, 0),
	}
	if p.Size > 1 {
		p.LocalSize = r.tasksHere()
		p.Host, p.Port = r.slurmHost(), r.slurmPort()
	}
	return p, true
}

// slurmHost is the user's word, or else the step's first node, where task 0 runs.
func (r *reader) slurmHost() string {
	if host := r.text("MASTER_ADDR", ""); host != "" {
		return host
	}
	list := r.text("SLURM_STEP_NODELIST", "")
	if list == "" {
		list = r.needed("SLURM_JOB_NODELIST")
	}
	host, err := firstHost(list)
	if err != nil && list != "" {
		r.fail(fmt.Errorf("the list of nodes %q: %w", list, err))
	}
	return host
}

// slurmPort follows from the job and its step where MASTER_PORT is not set, so that all tasks find the same one, and other
// jobs on the node mostly another.
func (r *reader) slurmPort() int {
	if r.has("MASTER_PORT") {
		return r.port("MASTER_PORT")
	}
	const lowest, ports = 15000, 10000
	return lowest + (r.number("SLURM_JOB_ID", 0)+r.numberOr("SLURM_STEP_ID", 0, 0))%ports
}

// tasksHere is how many of the step's tasks are on this node, as 2(x3),1 tells it: 2 on each of three nodes, 1 on a fourth.
func (r *reader) tasksHere() int {
	node := r.numberOr("SLURM_NODEID", 0, 0)
	for _, group := range strings.Split(r.text("SLURM_STEP_TASKS_PER_NODE", "1"), ",") {
		tasks, times, repeated := strings.Cut(strings.TrimSuffix(group, ")"), "(x")
		n, err := strconv.Atoi(tasks)
		nodes, errNodes := 1, error(nil)
		if repeated {
			nodes, errNodes = strconv.Atoi(times)
		}
		if err != nil || errNodes != nil || n < 1 || nodes < 1 {
			r.fail(fmt.Errorf("SLURM_STEP_TASKS_PER_NODE is %q: want numbers of tasks, as 2(x3),1", r.text("SLURM_STEP_TASKS_PER_NODE", "")))
			return 1
		}
		if node -= nodes; node < 0 {
			return n
		}
	}
	return 1
}
