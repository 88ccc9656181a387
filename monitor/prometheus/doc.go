// Package prometheus shows how a training goes on an HTTP endpoint in the text format of Prometheus, as gauges whose names
// begin with cei_training_, beside those of the Go runtime and the process.
//
// The endpoint is GET /metrics, without authentication: listen where only those who may know can ask, as on loopback.
package prometheus
