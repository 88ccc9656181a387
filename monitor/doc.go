// Package monitor is what a training tells others while it runs: the same figures of every epoch, for whoever watches.
//
// Three packages below it carry them on, each in the form that its reader knows:
//
//	tensorboard   event files in a folder, which TensorBoard shows
//	mlflow        a run on an MLflow tracking server, over HTTP
//	prometheus    gauges on an HTTP endpoint, which Prometheus scrapes
//
// A training is worth more than what is told of it. Nothing here waits for a network or a disk longer than a write to a
// file takes, and nothing that fails here ends a training: it is told once, and the training goes on.
//
// All of them take a trainer.Progress or the Figures of its Metrics, so that a Go program calls them from its own
// trainer.Config.Progress.
package monitor
