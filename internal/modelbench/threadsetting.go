package modelbench

import (
	"fmt"
	"strconv"

	"github.com/gocei/gocei/binding"
)

// threadSetting is a way for the peer to use the cores. Which one is best depends on how its PyTorch was built, so all are
// tried: two pools of threads at once, OpenMP's and that of the BLAS, may help or be many times slower.
type threadSetting struct {
	name    string
	threads int // of PyTorch
	blas    int // of an OpenBLAS with threads of its own
}

// threadSettings returns those to try with that many cores. A CUDA device is fed by one.
func threadSettings(cores int, on binding.Device) []threadSetting {
	single := threadSetting{"1 thread", 1, 1}
	if cores == 1 || on.IsCUDA() {
		return []threadSetting{single}
	}
	return []threadSetting{
		{fmt.Sprintf("%d threads", cores), cores, 1},
		single,
		{fmt.Sprintf("%d threads and %d in the BLAS", cores, cores), cores, cores},
		{fmt.Sprintf("1 thread and %d in the BLAS", cores), 1, cores},
	}
}

// environment returns the variables that must be set before Python starts.
func (t threadSetting) environment() []string {
	return []string{"OMP_NUM_THREADS=" + strconv.Itoa(t.threads), "OPENBLAS_NUM_THREADS=" + strconv.Itoa(t.blas)}
}

// ownPool reports whether the setting differs from others only for a BLAS with threads of its own.
func (t threadSetting) ownPool() bool { return t.blas > 1 }
