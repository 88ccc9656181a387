package mlflow

import (
	"math"
	"slices"
)

// batches returns epochs as requests to runs/log-batch, each within its limits.
func batches(run string, epochs []epoch) (all []batch) {
	var metrics []metric
	for _, e := range epochs {
		for _, f := range e.figures {
			if math.IsNaN(f.Value) || math.IsInf(f.Value, 0) {
				continue // JSON has no such number
			}
			metrics = append(metrics, metric{Key: cut(f.Name, longestKey), Value: f.Value, Timestamp: e.at.UnixMilli(), Step: e.step})
		}
	}
	for part := range slices.Chunk(metrics, mostMetrics) {
		all = append(all, batch{RunID: run, Metrics: part})
	}
	return all
}
