package launch

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// environment returns a lookup in settings such as "RANK=1 WORLD_SIZE=2", of which the first of a name counts.
func environment(settings string) Lookup {
	values := map[string]string{}
	for _, setting := range strings.Fields(settings) {
		name, value, _ := strings.Cut(setting, "=")
		if _, set := values[name]; !set {
			values[name] = value
		}
	}
	return func(name string) (string, bool) {
		value, set := values[name]
		return value, set
	}
}

const (
	torchrunSets   = "RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 GROUP_RANK=1 MASTER_ADDR=10.0.0.1 MASTER_PORT=29400 TORCHELASTIC_RUN_ID=none"
	kubeflowSets   = "PET_NNODES=4 PET_NPROC_PER_NODE=1 PET_NODE_RANK=2 PET_MASTER_ADDR=job-node-0-0.job PET_MASTER_PORT=29400"
	slurmSets      = "SLURM_PROCID=2 SLURM_NTASKS=3 SLURM_STEP_NUM_TASKS=3 SLURM_LOCALID=0 SLURM_NODEID=1 SLURM_STEP_TASKS_PER_NODE=2,1 SLURM_STEP_NODELIST=node[07-08] SLURM_JOB_NODELIST=node[01-08] SLURM_JOB_ID=1234567 SLURM_STEP_ID=0 SLURM_CPUS_PER_TASK=8"
	kubernetesSets = "JOB_COMPLETION_INDEX=1 WORLD_SIZE=3 MASTER_ADDR=train-0.train"
)

func TestEachLauncher(t *testing.T) {
	for settings, want := range map[string]Place{
		"":             {Size: 1, LocalSize: 1},
		torchrunSets:   {Launcher: "torchrun", Rank: 3, Size: 4, LocalRank: 1, LocalSize: 2, Host: "10.0.0.1", Port: 29400},
		kubeflowSets:   {Launcher: "Kubeflow", Rank: 2, Size: 4, LocalSize: 1, Host: "job-node-0-0.job", Port: 29400},
		slurmSets:      {Launcher: "Slurm", Rank: 2, Size: 3, LocalSize: 1, Cores: 8, Host: "node07", Port: 19567},
		kubernetesSets: {Launcher: "Kubernetes", Rank: 1, Size: 3, LocalSize: 1, Host: "train-0.train", Port: 29500},

		// Kubeflow's first operator speaks torchrun's language, without local ranks.
		"RANK=1 WORLD_SIZE=2 MASTER_ADDR=job-master-0 MASTER_PORT=23456": {Launcher: "torchrun", Rank: 1, Size: 2, LocalSize: 1, Host: "job-master-0", Port: 23456},
		// Slurm's users often name the address themselves.
		slurmSets + " MASTER_ADDR=head MASTER_PORT=1 WORLD_SIZE=3": {Launcher: "Slurm", Rank: 2, Size: 3, LocalSize: 1, Cores: 8, Host: "head", Port: 1},
		kubernetesSets + " MASTER_PORT=4000":                       {Launcher: "Kubernetes", Rank: 1, Size: 3, LocalSize: 1, Host: "train-0.train", Port: 4000},
		// Words of torchrun's leave the number of processes open, and there is this one.
		strings.Replace(kubeflowSets, "NODE=1", "NODE=auto", 1): {Launcher: "Kubeflow", Rank: 2, Size: 4, LocalSize: 1, Host: "job-node-0-0.job", Port: 29400},
	} {
		got, err := FromEnvironment(environment(settings))
		require.NoError(t, err, settings)
		assert.Equal(t, want, got, settings)
	}
}

func TestTheOrderOfLaunchers(t *testing.T) {
	all := []string{torchrunSets, kubeflowSets, slurmSets, kubernetesSets}
	for i, want := range []string{"torchrun", "Kubeflow", "Slurm", "Kubernetes"} {
		got, err := FromEnvironment(environment(strings.Join(all[i:], " ")))
		require.NoError(t, err)
		assert.Equal(t, want, got.Launcher)
	}
}

func TestWhoTrainsAlone(t *testing.T) {
	for _, settings := range []string{
		"RANK=0 WORLD_SIZE=1",
		"WORLD_SIZE=1",
		"RANK= WORLD_SIZE=",
		"PET_NNODES=1 PET_NPROC_PER_NODE=1",
		"SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_STEP_NUM_TASKS=1 SLURM_LOCALID=0", // the shell of an interactive job
		"SLURM_PROCID=0",
		"JOB_COMPLETION_INDEX=3", // a sweep: each pod trains a model
		"JOB_COMPLETION_INDEX=0 WORLD_SIZE=1",
		"MASTER_ADDR=a MASTER_PORT=1 LOCAL_RANK=3",
	} {
		got, err := FromEnvironment(environment(settings))
		require.NoError(t, err, settings)
		assert.Equal(t, Alone(), got, settings)
	}
	script, err := FromEnvironment(environment("SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_JOB_NODELIST=n[1-2]"))
	require.NoError(t, err)
	assert.Equal(t, 1, script.Size)
	assert.Contains(t, script.Note, "srun")
}

func TestVariablesThatMakeNoSense(t *testing.T) {
	for settings, want := range map[string]string{
		"RANK=0":                            "torchrun's variables: WORLD_SIZE is not set",
		"WORLD_SIZE=2":                      "no variable which of them this is: RANK",
		"WORLD_SIZE=two":                    `WORLD_SIZE is "two"`,
		"RANK=0 WORLD_SIZE=2":               "MASTER_ADDR is not set",
		"RANK=0 WORLD_SIZE=2 MASTER_ADDR=":  "MASTER_ADDR is not set",
		"RANK=0 WORLD_SIZE=2 MASTER_ADDR=h": "MASTER_PORT is not set",
		"RANK=0 WORLD_SIZE=2 MASTER_ADDR=h MASTER_PORT=http":           `MASTER_PORT is "http"`,
		"RANK=0 WORLD_SIZE=2 MASTER_ADDR=h MASTER_PORT=99999":          "want a port from 1 to 65535",
		"RANK=2 WORLD_SIZE=2 MASTER_ADDR=h MASTER_PORT=1":              "process 2 of 2: want 0 to 1 (RANK, WORLD_SIZE",
		"RANK=-1 WORLD_SIZE=2 MASTER_ADDR=h MASTER_PORT=1":             `RANK is "-1"`,
		"RANK=1 WORLD_SIZE=0 MASTER_ADDR=h MASTER_PORT=1":              `WORLD_SIZE is "0"`,
		"RANK=99999999999999999999 WORLD_SIZE=1":                       "RANK is",
		"PET_NNODES=2":                                                 "Kubeflow's variables: PET_NODE_RANK is not set",
		"PET_NODE_RANK=0":                                              "PET_NNODES is not set",
		"PET_NNODES=1:4 PET_NODE_RANK=0":                               `PET_NNODES is "1:4": want one number`,
		"PET_NNODES=2 PET_NODE_RANK=0 PET_NPROC_PER_NODE=8":            "PET_NPROC_PER_NODE is 8",
		"SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2":                        "Slurm's variables: SLURM_JOB_NODELIST is not set",
		"SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2 SLURM_STEP_NODELIST=n[": `the list of nodes "n["`,
		"SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2 SLURM_STEP_NODELIST=n1": "SLURM_JOB_ID is not set",
		strings.Replace(slurmSets, "=2,1", "=2(x,1", 1):                "SLURM_STEP_TASKS_PER_NODE is",
		"JOB_COMPLETION_INDEX=0 WORLD_SIZE=2":                          "Kubernetes's variables: MASTER_ADDR is not set",
		"JOB_COMPLETION_INDEX=5 WORLD_SIZE=2 MASTER_ADDR=h":            "process 5 of 2",
	} {
		_, err := FromEnvironment(environment(settings))
		assert.ErrorContains(t, err, want, settings)
	}
}

func TestTasksOnThisNode(t *testing.T) {
	for node, want := range []int{2, 2, 2, 1, 1, 1} {
		r := &reader{lookup: environment("SLURM_STEP_TASKS_PER_NODE=2(x3),1(x2) SLURM_NODEID=" + string(rune('0'+node)))}
		assert.Equal(t, want, r.tasksHere())
		assert.NoError(t, r.err)
	}
}

func TestFirstHost(t *testing.T) {
	for list, want := range map[string]string{
		"node1": "node1", "node1,node2": "node1", "node[01-03,7],other": "node01", "node[7,9-11]": "node7", "a-b[003]": "a-b003",
		"rack[0-1]node[12-40]": "rack0node12", "n[1-2].site.org": "n1.site.org", "10.0.0.1": "10.0.0.1",
	} {
		got, err := firstHost(list)
		require.NoError(t, err, list)
		assert.Equal(t, want, got, list)
	}
	for _, list := range []string{"", ",", "n[", "n[]", "n[a-b]", "n[1-]", "n[-1]", "n1 n2", "n]", "n[1]]", "n[[1]]", ",n1"} {
		_, err := firstHost(list)
		assert.Error(t, err, list)
	}
}

// Whatever the list, a host that is found has the letters of one, and begins as the list does.
func FuzzFirstHost(f *testing.F) {
	for _, list := range []string{"node[01-03,7],other", "rack[0-1]node[12-40]", "n[1", "n]", "[1-2]", "a,b"} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		host, err := firstHost(list)
		if err != nil {
			return
		}
		require.NoError(t, checkHost(host))
		before, _, _ := strings.Cut(list, "[")
		before, _, _ = strings.Cut(before, ",")
		require.True(t, strings.HasPrefix(host, before))
	})
}

// Whatever the variables, there is an error or a place that makes sense.
func FuzzFromEnvironment(f *testing.F) {
	for _, settings := range []string{torchrunSets, kubeflowSets, slurmSets, kubernetesSets, "RANK=0"} {
		f.Add(settings)
	}
	f.Fuzz(func(t *testing.T, settings string) {
		p, err := FromEnvironment(environment(settings))
		if err != nil {
			return
		}
		require.True(t, 0 <= p.Rank && p.Rank < p.Size && p.LocalRank < p.LocalSize, "%+v", p)
		require.True(t, p.Size == 1 || p.Host != "" && 1 <= p.Port && p.Port <= 65535, "%+v", p)
	})
}
