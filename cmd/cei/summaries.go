package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/posterior"
)

func (o sampleOptions) checkSummary() error {
	if o.Summary && o.Coordinates != "" && o.Coordinates != coordinatesFrame {
		return usagef("--summary is of the run's frame: --coordinates %s does not go with it", o.Coordinates)
	}
	return nil
}

// summaryKey is the key of the metadata under which a table of summaries says the units of its columns.
const summaryKey = "cei.summary"

// statistics names the numbers of a posterior.ColumnSummary, in the order of their columns.
var statistics = []string{"mean", "median", "mode", "sd", "q05", "q16", "q84", "q95", "hd68_low", "hd68_high"}

func statisticsOf(dst []float64, c posterior.ColumnSummary) []float64 {
	return append(dst, c.Mean, c.Median, c.Mode, c.SD, c.Q05, c.Q16, c.Q84, c.Q95, c.HD68Low, c.HD68High)
}

// writeSummaries writes a row an event: event, its domain_distance where the run knows it, and then each column's
// statistics, as r_CO_mean, r_CO_median, …
func writeSummaries(ctx context.Context, v *posterior.Inverse, events *dataset.Events, rows []int, which *part, o sampleOptions, s streams) error {
	recipe := recipeBehind(v.Run(), events, s)
	distances, err := v.DomainDistances(events)
	if err != nil {
		return err
	}
	warnUnlike(s, v.Encoding().Domain, distances)
	to, err := createSummaries(v, recipe != nil, distances != nil, which, o.Out, s)
	if err != nil {
		return err
	}
	defer to.Close()
	var line []float64
	options := posterior.SummaryOptions{Draws: given(o.Samples, 0), Recipe: recipe}
	first, end := which.between(events.Len())
	err = v.SummariesBetween(ctx, events, first, end, options, func(event int, summary posterior.Summary) error {
		line = append(line[:0], float64(rows[event]))
		if distances != nil {
			line = append(line, distances[event])
		}
		for _, column := range summary {
			line = statisticsOf(line, column)
		}
		return to.WriteRow(line)
	})
	warnRedrawn(s, v.Redrawn())
	if err != nil {
		return err
	}
	if err := to.Commit(); err != nil || o.Out == "" {
		return err
	}
	s.note("%s: summaries of %s", o.Out, which.describe(events.Len()))
	return nil
}

// warnUnlike tells of events that are unlike the training part.
func warnUnlike(s streams, d *dataset.Domain, distances []float64) {
	if d == nil {
		return
	}
	limit, err := d.Limit(posterior.FalseAlarms)
	if err != nil {
		return
	}
	unlike := make([]bool, len(distances))
	for i, distance := range distances {
		unlike[i] = distance > limit.Distance
	}
	if n := count(unlike); n > 0 {
		s.note("%d of %d events are unlike the training part: domain_distance above %.3g, where one in %.0f of those like it is",
			n, len(distances), limit.Distance, 1/limit.FalseAlarms)
	}
}

func createSummaries(v *posterior.Inverse, energies, distances bool, which *part, path string, s streams) (rowWriter, error) {
	columns := []string{"event"}
	if distances {
		columns = append(columns, "domain_distance")
	}
	names, units := v.SummaryColumns(energies)
	unitOf := map[string]string{}
	for i, name := range names {
		unitOf[name] = units[i]
		for _, statistic := range statistics {
			columns = append(columns, name+"_"+statistic)
		}
	}
	if path == "" {
		return newPrinter(s.out, columns)
	}
	text, err := json.Marshal(map[string]any{"units": unitOf, "atoms": v.Encoding().Atoms, "frame": v.Encoding().Frame})
	if err != nil {
		return nil, fmt.Errorf("describe summaries: %w", err)
	}
	about, err := which.mark(table.Metadata{summaryKey: string(text)})
	if err != nil {
		return nil, err
	}
	return table.Create(path, columns, about)
}
