package mlflow

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// What requests and answers hold, as far as it is needed here.
type (
	pair struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	metric struct {
		Key       string  `json:"key"`
		Value     float64 `json:"value"`
		Timestamp int64   `json:"timestamp"` // ms since 1970
		Step      int64   `json:"step"`
	}
	batch struct {
		RunID   string   `json:"run_id"`
		Metrics []metric `json:"metrics,omitempty"`
		Params  []pair   `json:"params,omitempty"`
		Tags    []pair   `json:"tags,omitempty"`
	}
	newRun struct {
		ExperimentID string `json:"experiment_id"`
		RunName      string `json:"run_name,omitempty"`
		StartTime    int64  `json:"start_time"`
		Tags         []pair `json:"tags,omitempty"`
	}
	runUpdate struct {
		RunID   string `json:"run_id"`
		Status  Status `json:"status"`
		EndTime int64  `json:"end_time,omitempty"`
	}
	runAnswer struct {
		Run struct {
			Info struct {
				RunID        string `json:"run_id"`
				ExperimentID string `json:"experiment_id"`
				Stage        string `json:"lifecycle_stage"`
			} `json:"info"`
		} `json:"run"`
	}
)

// Limits of a request to runs/log-batch; of metrics it takes 1000, for which a busy server needs seconds. Servers of other versions take longer values of parameters; 500 characters all do.
const (
	mostMetrics   = 200
	mostPairs     = 100
	longestKey    = 250
	longestParam  = 500
	longestTag    = 5000
	longestName   = 250 // of a run
	deletedStage  = "deleted"
	alreadyExists = "RESOURCE_ALREADY_EXISTS"
)

// experimentID returns the id of the experiment of that name, which is made where there is none.
func (c *client) experimentID(ctx context.Context, name string) (string, error) {
	id, err := c.findExperiment(ctx, name)
	if !missing(err) {
		return id, err
	}
	var made struct {
		ID string `json:"experiment_id"`
	}
	err = c.post(ctx, "experiments/create", map[string]string{"name": name}, &made)
	var refused *apiError
	if errors.As(err, &refused) && refused.Code == alreadyExists { // another training was quicker
		return c.findExperiment(ctx, name)
	}
	if err == nil && made.ID == "" {
		err = fmt.Errorf("mlflow: create experiment %q: %w", name, &apiError{Message: "without an id"})
	}
	return made.ID, err
}

func (c *client) findExperiment(ctx context.Context, name string) (string, error) {
	var found struct {
		Experiment struct {
			ID    string `json:"experiment_id"`
			Stage string `json:"lifecycle_stage"`
		} `json:"experiment"`
	}
	if err := c.get(ctx, "experiments/get-by-name", url.Values{"experiment_name": {name}}, &found); err != nil {
		return "", err
	}
	switch e := found.Experiment; {
	case e.Stage == deletedStage:
		return "", fmt.Errorf("mlflow: experiment %q: %w", name, &apiError{Code: "DELETED", Message: "it was deleted: restore it, or name another"})
	case e.ID == "":
		return "", fmt.Errorf("mlflow: experiment %q: %w", name, &apiError{Message: "without an id"})
	}
	return found.Experiment.ID, nil
}

func (c *client) createRun(ctx context.Context, r newRun) (string, error) {
	var made runAnswer
	err := c.post(ctx, "runs/create", r, &made)
	if err == nil && made.Run.Info.RunID == "" {
		err = fmt.Errorf("mlflow: create run: %w", &apiError{Message: "without an id"})
	}
	return made.Run.Info.RunID, err
}

// continueRun marks a run as running again, and reports whether there still is one.
func (c *client) continueRun(ctx context.Context, id string) (bool, error) {
	var found runAnswer
	err := c.get(ctx, "runs/get", url.Values{"run_id": {id}}, &found)
	if missing(err) || err == nil && found.Run.Info.Stage == deletedStage {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, c.post(ctx, "runs/update", runUpdate{RunID: id, Status: Running}, nil)
}
