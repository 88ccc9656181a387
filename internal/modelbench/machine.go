package modelbench

import (
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/gocei/gocei/binding"
)

// Machine is what the benchmark ran on.
type Machine struct {
	Processor   string  `json:"processor"`
	Cores       int     `json:"cores"` // in use
	MemoryMiB   int     `json:"memory_mib,omitempty"`
	System      string  `json:"system"`
	Go          string  `json:"go"`
	CEI         string  `json:"cei"`
	Libtorch    string  `json:"libtorch"`
	Device      string  `json:"device"`
	Graphics    string  `json:"graphics,omitempty"` // name of the CUDA device, from the peer
	Threads     int     `json:"threads"`
	LoadBefore  string  `json:"load_before"`  // the system's, over the last minute, before the run
	WaitingWork float64 `json:"waiting_work"` // the largest share of a core that the side whose turn it was not took in any turn
}

func describeMachine(o Options) (Machine, error) {
	library, err := binding.Load()
	if err != nil {
		return Machine{}, err
	}
	threads, err := binding.Threads()
	return Machine{
		Processor: processor(), Cores: runtime.GOMAXPROCS(0), MemoryMiB: availableMiB("MemTotal:"), System: runtime.GOOS + "/" + runtime.GOARCH,
		Go: runtime.Version(), CEI: o.Version, Libtorch: library.TorchVersion,
		Device: o.Device.String(), Threads: threads, LoadBefore: load(),
	}, err
}

func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // where it cannot be read, the architecture has to do
	for _, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, " \t:")
		}
	}
	return runtime.GOARCH
}

func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

// availableMiB returns an entry of /proc/meminfo, and 0 where there is none.
func availableMiB(entry string) int {
	text, _ := os.ReadFile("/proc/meminfo")
	return int(kibibytes(string(text), entry) / 1024)
}

// kibibytes returns the number of a line such as "VmHWM: 1234 kB", and 0 where there is none.
func kibibytes(text, entry string) float64 {
	for _, line := range strings.Split(text, "\n") {
		if value, ok := strings.CutPrefix(line, entry); ok {
			n, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64) // of the kernel
			return n
		}
	}
	return 0
}
