package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// Garbage, in percent of the memory in use, that may wait to be collected. Tables are few and large: with the usual 100,
// twice their memory would be taken.
const (
	leastGarbage = 10
	usualGarbage = 100
)

// collectEarly keeps garbage small, in the way of memory, until it is restored.
func collectEarly() (restore func()) {
	before := debug.SetGCPercent(leastGarbage)
	return func() { debug.SetGCPercent(before) }
}

// collectSeldom gives back what the tables took that are no longer in use, before libtorch takes its own, and then lets
// more garbage wait where little is in use, so that the collector does not run all the time.
func collectSeldom() {
	const little = 8 << 20 // bytes
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetGCPercent(min(max(leastGarbage, int(100*little/max(m.HeapAlloc, 1))), usualGarbage))
}

// servingGarbage suits a service, which has little in use and makes garbage all the time: with the usual percentage the
// collector would run a dozen times a second.
const servingGarbage = 400

// collectForServing lets garbage wait until it is restored, unless the user has said how much may.
func collectForServing() (restore func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(servingGarbage)
	return func() { debug.SetGCPercent(before) }
}
