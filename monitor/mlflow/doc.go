// Package mlflow tells an MLflow tracking server of a training, over version 2.0 of its REST API
// (https://mlflow.org/docs/latest/rest-api.html).
//
//	run, err := mlflow.Start(mlflow.Options{URI: "http://localhost:5000", Experiment: "OCS"})
//	run.Log(epoch, time.Now(), monitor.Figures(metrics))
//	err = run.End(mlflow.Finished, 10*time.Second)
//
// # Beside the training
//
// A Run has a goroutine of its own, which alone speaks to the server, and a queue of epochs before it. Log never waits: where
// the queue is full, as with a server that has not answered for thousands of epochs, the epoch is left out and counted. What
// fails for a while is tried again, less and less often; what is refused for good, as without credentials, is not. Warn
// is called the first time only, and End, which waits no longer than it is told, says what the server was not told.
//
// # Resuming
//
// The run's id is kept in a file, so that a training that continues continues its run. MLflow cannot take back an epoch: one
// that is trained a second time, since the last checkpoint was older, has two values there, of which the later counts.
package mlflow
