package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// availableMemory returns how many bytes this process may still take: what the kernel reckons to be available, or what the
// container has left. 0 where neither can be told.
func availableMemory() int64 {
	free := fieldIn("/proc/meminfo", "MemAvailable:") << 10
	for _, group := range []struct{ limit, used, stat, cache string }{
		{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file"},
		{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes", "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file"},
	} {
		limit, used := numberIn(group.limit), numberIn(group.used)-fieldIn(group.stat, group.cache) // files are let go of
		if limit > 0 && used > 0 && (free == 0 || limit-used < free) {
			free = max(limit-used, 1)
		}
	}
	return free
}

// fieldIn returns the number after a name at the start of a line, 0 where there is none.
func fieldIn(path, name string) int64 {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 1 && fields[0] == name {
			n, _ := strconv.ParseInt(fields[1], 10, 64) // 0 where it is none
			return n
		}
	}
	return 0
}

// numberIn returns the number in a file, 0 where there is none, as where a limit is "max".
func numberIn(path string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n
}
