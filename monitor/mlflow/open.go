package mlflow

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// open finds the run to continue, or makes one.
func (r *Run) open(ctx context.Context) error {
	o := r.options
	here := kept{URI: r.client.base.String(), Experiment: o.Experiment}
	if o.Resume && o.File != "" {
		before, err := readKept(o.File)
		if err != nil {
			r.warn(err)
		}
		if before.RunID != "" && before.URI == here.URI && before.Experiment == here.Experiment {
			there, err := r.client.continueRun(ctx, before.RunID)
			if there || err != nil {
				r.id = before.RunID
				return err
			}
		}
	}
	if err := r.create(ctx, &here); err != nil {
		return err
	}
	if o.File != "" {
		if err := here.write(o.File); err != nil {
			r.warn(err)
		}
	}
	return nil
}

// create makes a run, and tells its parameters, which MLflow does not let change later.
func (r *Run) create(ctx context.Context, here *kept) (err error) {
	o := r.options
	if here.ExperimentID, err = r.client.experimentID(ctx, o.Experiment); err != nil {
		return err
	}
	tags := pairs(o.Tags, longestTag)
	run := newRun{ExperimentID: here.ExperimentID, RunName: cut(o.RunName, longestName), StartTime: time.Now().UnixMilli(), Tags: tags[:min(len(tags), mostPairs)]}
	if r.id, err = r.client.createRun(ctx, run); err != nil {
		return err
	}
	here.RunID = r.id
	for part := range slices.Chunk(pairs(o.Params, longestParam), mostPairs) {
		if err := r.client.post(ctx, "runs/log-batch", batch{RunID: r.id, Params: part}, nil); err != nil {
			return err
		}
	}
	return nil
}

// pairs returns texts in the order of their keys, cut to the lengths that the server takes. Empty ones are left out.
func pairs(texts map[string]string, longest int) (all []pair) {
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if key != "" && texts[key] != "" {
			all = append(all, pair{cut(key, longestKey), cut(texts[key], longest)})
		}
	}
	return all
}

// cut returns the first so many characters of a text.
func cut(text string, most int) string {
	if text = strings.ToValidUTF8(text, "?"); utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
