package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
)

func (s settings) print(results []result) error {
	if s.json {
		return json.NewEncoder(os.Stdout).Encode(results)
	}
	for _, r := range results {
		fmt.Printf("%d connections for %.1f s: %.0f requests/s answered with %d draws each (%d bytes); %d connections broke %s; load %s\n",
			r.Connections, r.Seconds, r.Answered, s.samples, r.AnswerBytes, r.Failures, r.FirstError, r.Load)
		for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
			l := r.Statuses[status]
			fmt.Printf("  %d: %8d requests, p50 %7.2f ms, p99 %7.2f ms, p99.9 %7.2f ms, max %7.2f ms\n", status, l.Requests, l.P50, l.P99, l.P999, l.Most)
		}
		if len(r.MemoryMiB) > 0 {
			fmt.Printf("  memory, MiB: %.1f\n", r.MemoryMiB)
		}
	}
	return nil
}
