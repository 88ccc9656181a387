package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gocei/gocei/monitor"
	"github.com/gocei/gocei/monitor/mlflow"
	"github.com/gocei/gocei/trainer"
)

// How long a training that has ended waits for MLflow to be told; one that was interrupted has to be gone soon.
const (
	trackingEnd         = 10 * time.Second
	trackingInterrupted = 2 * time.Second
)

// tracking tells MLflow of a run.
type tracking struct {
	run  *mlflow.Run // nil where it could not begin
	warn func(error)
}

func newTracking(o trainOptions, c trainer.Config, dir string, member int, warn func(error)) *tracking {
	to := o.tracking()
	to.RunName, to.File, to.Resume, to.Warn = runName(o.Out, member), filepath.Join(dir, mlflow.File), o.Resume, warn
	to.Tags = map[string]string{"mlflow.source.name": "cei train", "mlflow.user": os.Getenv("USER"), "cei.version": version(), "cei.dir": dir}
	if member > 0 {
		c.Seed = trainer.MemberSeed(c.Seed, member)
		to.Tags["cei.member"] = fmt.Sprint(member)
	}
	to.Params = parameters(o, c)
	run, err := mlflow.Start(to)
	warn(err)
	return &tracking{run, warn}
}

func runName(dir string, member int) string {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	if member > 0 {
		return filepath.Base(dir) + "/" + filepath.Base(trainer.MemberDir(dir, member))
	}
	return filepath.Base(dir)
}

func (t *tracking) update(p trainer.Progress) {
	if t.run != nil && p.Metrics != nil {
		t.run.Log(int64(p.Epoch), time.Now(), monitor.Figures(*p.Metrics))
	}
}

func (t *tracking) end(err error) {
	status, within := mlflow.Finished, trackingEnd
	switch {
	case wasInterrupted(err):
		status, within = mlflow.Killed, trackingInterrupted
	case err != nil:
		status = mlflow.Failed
	}
	if t.run != nil {
		t.warn(t.run.End(status, within))
	}
}

// parameters returns what was asked for and what is in force, as "adam.weight_decay": "0.01".
func parameters(o trainOptions, c trainer.Config) map[string]string {
	all := map[string]string{}
	for _, from := range []any{o, c} {
		text, err := json.Marshal(from)
		if err != nil {
			continue // what cannot be told is no reason not to train
		}
		var values map[string]any
		numbers := json.NewDecoder(bytes.NewReader(text))
		numbers.UseNumber() // as they are written, also large ones
		if numbers.Decode(&values) == nil {
			flatten(all, "", values)
		}
	}
	return all
}

func flatten(into map[string]string, prefix string, values map[string]any) {
	for name, value := range values {
		if inner, ok := value.(map[string]any); ok {
			flatten(into, prefix+name+".", inner)
			continue
		}
		if value != nil && value != "" {
			into[prefix+name] = fmt.Sprint(value)
		}
	}
}
