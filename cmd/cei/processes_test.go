package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/internal/launch"
	"github.com/gocei/gocei/trainer"
)

// launched are processes that train together.
type launched struct {
	all  []*exec.Cmd
	outs []bytes.Buffer
	errs []lineBuffer
}

// lineBuffer tells once when a word has come.
type lineBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
	word  string
	came  chan struct{}
}

func (b *lineBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	n, err := b.text.Write(p)
	if b.word != "" && strings.Contains(b.text.String(), b.word) {
		b.word = ""
		close(b.came)
	}
	return n, err
}

func (b *lineBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

// launchProcesses starts processes as torchrun does. args are each one's.
func launchProcesses(t *testing.T, size int, args func(rank int) []string) *launched {
	t.Helper()
	bindingtest.NeedGroups(t)
	l := &launched{all: make([]*exec.Cmd, size), outs: make([]bytes.Buffer, size), errs: make([]lineBuffer, size)}
	port := bindingtest.FreePort(t)
	for rank := range size {
		c := process(t, []string{
			fmt.Sprintf("RANK=%d", rank), fmt.Sprintf("WORLD_SIZE=%d", size), fmt.Sprintf("LOCAL_RANK=%d", rank),
			fmt.Sprintf("LOCAL_WORLD_SIZE=%d", size), "MASTER_ADDR=127.0.0.1", fmt.Sprintf("MASTER_PORT=%d", port), "OMP_NUM_THREADS=1",
		}, args(rank)...)
		l.errs[rank].word, l.errs[rank].came = "msg=epoch", make(chan struct{})
		c.Stdout, c.Stderr = &l.outs[rank], &l.errs[rank]
		require.NoError(t, c.Start())
		l.all[rank] = c
	}
	return l
}

// end waits for all processes and returns how they ended.
func (l *launched) end() (all []answer) {
	for rank, c := range l.all {
		_ = c.Wait() // the exit code says it
		all = append(all, answer{c.ProcessState.ExitCode(), l.outs[rank].String(), l.errs[rank].String()})
	}
	return all
}

// figures are the epochs' numbers that must not depend on how a training is shared out.
func figures(t *testing.T, dir string) (all []float64) {
	t.Helper()
	for _, m := range losses(t, dir) {
		all = append(all, m.TrainLoss, m.ValidationLoss, m.LearningRate)
	}
	return all
}

func TestProcessesTrainLikeOne(t *testing.T) {
	bindingtest.NeedGroups(t)
	data := simulated(t, 300) // 210 to train on
	for _, each := range []struct {
		model     string
		processes int
		more      []string
	}{
		{"cinn", 2, nil},
		{"cvae", 4, nil},
		{"cinn", 3, []string{"--preset", "reference", "--batch", "104", "--micro-batch", "20"}}, // the last batch has 2 rows
		{"cvae", 3, []string{"--preset", "reference", "--batch", "209"}},                        // and here 1
		{"cinn", 4, []string{"--actnorm", "--coupling", "spline", "--permutation", "linear", "--momentum-noise", "0.01", "--average", "0.9"}},
		{"cvae", 2, []string{"--prior", "standard", "--kl-warmup-epochs", "2", "--momentum-noise", "0.01", "--members", "2"}},
	} {
		t.Run(fmt.Sprint(each), func(t *testing.T) {
			alone, together := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
			args := func(dir string) []string {
				return trainArgs(each.model, data, dir, append([]string{"--dtype", "float64"}, each.more...)...)
			}
			succeed(t, args(alone)...)
			elsewhere := filepath.Join(t.TempDir(), "c")
			for rank, a := range launchProcesses(t, each.processes, func(rank int) []string {
				if rank > 0 {
					return args(elsewhere)
				}
				return args(together)
			}).end() {
				require.Equal(t, exitDone, a.code, a.err)
				if rank > 0 {
					assert.Empty(t, a.out+withoutNative(a.err), "process 0 alone tells how it goes")
				} else {
					assert.Contains(t, a.out, together)
				}
			}
			assert.NoDirExists(t, elsewhere, "process 0 alone writes")
			want, got := runsOf(t, alone), runsOf(t, together)
			require.Len(t, got, len(want))
			for i := range want {
				require.InEpsilonSlice(t, figures(t, want[i]), figures(t, got[i]), 1e-9)
			}
		})
	}
}

// withoutNative leaves out what libtorch itself says.
func withoutNative(text string) string {
	var own []string
	for _, line := range strings.Split(text, "\n") {
		if !strings.Contains(line, "[c10d]") && !strings.Contains(line, "InitGoogleLogging") {
			own = append(own, line)
		}
	}
	return strings.TrimSpace(strings.Join(own, "\n"))
}

func runsOf(t *testing.T, dir string) []string {
	t.Helper()
	dirs, err := trainer.RunDirs(dir)
	require.NoError(t, err)
	return dirs
}

const endlessEpochs = "100000"

// A signal to any process stops all, with a checkpoint that any number of processes continues.
func TestASignalToOneProcessStopsAll(t *testing.T) {
	bindingtest.NeedGroups(t)
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	args := func(int) []string {
		return trainArgs("cinn", data, dir, "--dtype", "float64", "--epochs", endlessEpochs, "--patience", "0", "--resume")
	}
	for _, interrupted := range []int{1, 0} {
		l := launchProcesses(t, 3-interrupted, args)
		<-l.errs[0].came
		require.NoError(t, l.all[interrupted].Process.Signal(os.Interrupt))
		for rank, a := range l.end() {
			assert.Equal(t, exitInterrupted, a.code, "process %d: %s", rank, a.err)
			if rank == 0 {
				assert.Contains(t, a.err, dir+" holds a checkpoint: --resume continues the run")
			}
		}
	}
	got, before := losses(t, dir), losses(t, dir)
	for rank, a := range launchProcesses(t, 2, func(int) []string {
		return trainArgs("cinn", data, dir, "--dtype", "float64", "--epochs", fmt.Sprint(len(before)+2), "--patience", "0", "--schedule", "constant", "--resume")
	}).end() {
		assert.Equal(t, exitFailed, a.code, "process %d", rank)
		assert.Contains(t, a.err, "its training settings differ", "the schedule is another")
	}
	assert.Equal(t, got, losses(t, dir))
}

// The others end within ten seconds when a process is killed, and the run goes on from where it was.
func TestAKilledProcessEndsTheOthers(t *testing.T) {
	bindingtest.NeedGroups(t)
	data := simulated(t, 200)
	for _, killed := range []int{2, 0} {
		t.Run(fmt.Sprintf("process %d", killed), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			args := func(int) []string {
				return trainArgs("cinn", data, dir, "--epochs", endlessEpochs, "--patience", "0", "--resume")
			}
			l := launchProcesses(t, 3, args)
			<-l.errs[0].came
			require.NoError(t, l.all[killed].Process.Kill())
			start := time.Now()
			for rank, a := range l.end() {
				if rank == killed {
					continue
				}
				assert.Equal(t, exitFailed, a.code, "process %d: %s", rank, a.err)
				assert.Regexp(t, `epoch \d+(, step \d+)?: `, a.err, "where it was")
				assert.Contains(t, a.err, "a process was lost")
				assert.Contains(t, a.err, "--resume continues the run")
			}
			passed := time.Since(start)
			t.Logf("the others ended %v after process %d was killed", passed, killed)
			assert.Less(t, passed, 10*time.Second)
			if killed == 0 { // whose last checkpoint is a minute old or none at all
				return
			}
			before := losses(t, dir)
			l = launchProcesses(t, 2, args)
			<-l.errs[0].came
			require.NoError(t, l.all[0].Process.Signal(os.Interrupt))
			l.end()
			assert.Equal(t, before, losses(t, dir)[:len(before)])
			assert.Greater(t, len(losses(t, dir)), len(before))
		})
	}
}

// What one process finds wrong ends all, and all say what it was.
func TestWhatEndsAllProcesses(t *testing.T) {
	bindingtest.NeedGroups(t)
	data, other, dir := simulated(t, 200), simulated(t, 201), filepath.Join(t.TempDir(), "run")
	for name, each := range map[string]struct {
		of   int
		more []string
		want string
	}{
		"other settings": {1, []string{"--seed", "7"}, "process 1 of 2 has other "},
		"other data":     {1, []string{"--data", other}, "process 1 of 2 has other "},
		"missing data":   {1, []string{"--data", filepath.Join(t.TempDir(), "none.csv")}, "none.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, a := range launchProcesses(t, 2, func(rank int) []string {
				args := trainArgs("cinn", data, dir)
				if rank == each.of {
					args = append(args, each.more...)
				}
				return args
			}).end() {
				assert.Equal(t, exitFailed, a.code)
				assert.Contains(t, a.err, each.want)
				assert.Empty(t, a.out)
			}
			assert.NoFileExists(t, filepath.Join(dir, trainer.ConfigFile))
		})
	}
	succeed(t, trainArgs("cinn", data, dir)...)
	before := readFile(t, dir, trainer.ConfigFile)
	for _, a := range launchProcesses(t, 2, func(int) []string { return trainArgs("cvae", data, dir) }).end() {
		assert.Equal(t, exitFailed, a.code)
		assert.Contains(t, a.err, "holds a run already")
	}
	assert.Equal(t, before, readFile(t, dir, trainer.ConfigFile))
}

func TestProcessesThatDoNotCome(t *testing.T) {
	bindingtest.NeedGroups(t)
	data, dir := simulated(t, 200), filepath.Join(t.TempDir(), "run")
	port := fmt.Sprintf("MASTER_PORT=%d", bindingtest.FreePort(t))
	with := func(environment ...string) answer {
		return finished(t, process(t, environment, trainArgs("cinn", data, dir, "--rendezvous-timeout", "1")...))
	}
	a := with("RANK=0", "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1", port)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "of 2 processes, these did not come within 1 s: 1")
	a = with("RANK=1", "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1", port)
	assert.Equal(t, exitFailed, a.code)
	assert.Contains(t, a.err, "process 0 does not answer at 127.0.0.1:")
	a = with("RANK=1", "WORLD_SIZE=2")
	assert.Equal(t, exitUsage, a.code)
	assert.Contains(t, a.err, "MASTER_ADDR is not set")
	assert.Contains(t, a.err, "--alone")
	assert.NoDirExists(t, dir)
	a = finished(t, process(t, []string{"RANK=1", "WORLD_SIZE=2"}, trainArgs("cinn", data, dir, "--alone")...))
	assert.Equal(t, exitDone, a.code, a.err)
}

func TestProcessesShareAMachine(t *testing.T) {
	cores := runtime.NumCPU()
	several := launch.Place{Size: 4, LocalRank: 1, LocalSize: 2}
	slurm := launch.Place{Size: 4, LocalSize: 4, Cores: 3}
	crowd := launch.Place{Size: 1000, LocalSize: 1000}
	for _, each := range []struct {
		place launch.Place
		asked *int
		omp   string
		want  *int
	}{
		{launch.Alone(), nil, "", nil},
		{several, nil, "", ptr(max(1, cores/2))},
		{crowd, nil, "", ptr(1)},
		{slurm, nil, "", ptr(3)},
		{several, ptr(7), "", ptr(7)},
		{several, nil, "5", nil},
	} {
		t.Setenv("OMP_NUM_THREADS", each.omp)
		assert.Equal(t, each.want, computeOptions{Threads: each.asked}.share(each.place).Threads, "%+v", each)
	}
}
