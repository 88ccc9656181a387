package main

import (
	"cmp"
	"net"

	"github.com/gocei/gocei/monitor/mlflow"
)

// monitorOptions say who is told of a training while it runs. They do not belong to what a run is.
type monitorOptions struct {
	TensorBoard      bool   `json:"-"`
	MLflow           string `json:"-"`
	MLflowExperiment string `json:"-"`
	MetricsListen    string `json:"-"`
}

// mlflowFromEnvironment stands for the URI that MLflow's own variable has.
const mlflowFromEnvironment = "env"

func monitorSettings(o *monitorOptions) []setting {
	return category("Seen while it runs:", []setting{
		yes(&o.TensorBoard, "tensorboard", "write event files for TensorBoard into DIR/tensorboard, or that of each member"),
		text(&o.MLflow, "mlflow", "`URI` of an MLflow tracking server to tell, or env for $MLFLOW_TRACKING_URI; $MLFLOW_TRACKING_TOKEN, or _USERNAME and _PASSWORD, are used", "none"),
		text(&o.MLflowExperiment, "mlflow-experiment", "`NAME` of the experiment there", "$MLFLOW_EXPERIMENT_NAME, or else cei"),
		text(&o.MetricsListen, "metrics-listen", "`ADDRESS` to answer Prometheus on, as 127.0.0.1:9100, at /metrics", "none"),
	})
}

func (o monitorOptions) check() error {
	if o.MetricsListen != "" {
		if _, _, err := net.SplitHostPort(o.MetricsListen); err != nil {
			return usagef("--metrics-listen takes an address, as 127.0.0.1:9100, got %q", o.MetricsListen)
		}
	}
	if o.MLflow == "" {
		return nil
	}
	if err := o.tracking().Check(); err != nil {
		return usagef("--mlflow: %w", err)
	}
	return nil
}

// tracking returns where MLflow is, and how to prove who asks.
func (o monitorOptions) tracking() mlflow.Options {
	t := mlflow.Options{URI: o.MLflow, Experiment: o.MLflowExperiment}
	if t.URI == mlflowFromEnvironment {
		t.URI = ""
	}
	t = t.FromEnvironment()
	t.Experiment = cmp.Or(t.Experiment, "cei")
	return t
}
