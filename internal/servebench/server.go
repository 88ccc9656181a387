package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a process of ours; without one, there is nothing to watch.
type server struct {
	process *exec.Cmd
}

// start waits until the server is ready.
func start(ctx context.Context, s settings) (*server, error) {
	args := append([]string{"serve", s.model + "=" + s.run, "--listen", s.address, "--log-level", "warn"}, strings.Fields(s.flags)...)
	c := exec.CommandContext(ctx, s.cei, args...)
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		return nil, err
	}
	v := &server{c}
	for range 100 {
		if exec.CommandContext(ctx, s.cei, "health", "http://"+s.address+"/v2/health/ready").Run() == nil {
			return v, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	_ = v.stop() // that it never answered is the error to report
	return nil, fmt.Errorf("start server: it is not ready after 10 s")
}

// stop asks the server to end, which it has to do well.
func (v *server) stop() error {
	if err := v.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return v.process.Wait()
}

// watch reads the server's resident memory now and then until ctx is done.
func (v *server) watch(ctx context.Context, every time.Duration) (mebibytes []float64) {
	for {
		if v.process != nil {
			mebibytes = append(mebibytes, residentMiB(v.process.Process.Pid))
		}
		select {
		case <-ctx.Done():
			return mebibytes
		case <-time.After(every):
		}
	}
}

// residentMiB returns 0 where the system does not say.
func residentMiB(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 64)
			return kib / 1024
		}
	}
	return 0
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}
