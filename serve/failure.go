package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// failure is an error that the client is told, with its status.
type failure struct {
	status int
	text   string
}

func (f *failure) Error() string { return f.text }

func failf(status int, format string, args ...any) error {
	return &failure{status, fmt.Sprintf(format, args...)}
}

// badRequest is what the client did wrong, in the words of the package that found it.
func badRequest(err error) error { return &failure{http.StatusBadRequest, err.Error()} }

// statusClientGone is what the log and the metrics say of a request whose client went away: nobody receives it.
const statusClientGone = 499

// retryAfterSeconds is when a client that was refused may come again.
const retryAfterSeconds = "1"

var (
	errFull     = &failure{http.StatusServiceUnavailable, "too much is under way: come again after the time in Retry-After"}
	errDraining = &failure{http.StatusServiceUnavailable, "the server is about to end"}
	errModel    = &failure{http.StatusInternalServerError, "the model failed; the server's log says why"}
	errInternal = &failure{http.StatusInternalServerError, "the server failed; its log says why"}
	errToken    = &failure{http.StatusUnauthorized, "this server asks for a token: send Authorization: Bearer TOKEN"}
	errLate     = &failure{http.StatusGatewayTimeout, "the request's time is up"}
	errGone     = &failure{statusClientGone, "the client went away"}
)

// told returns what the client is told of an error: what is not meant for it is errInternal.
func told(err error) *failure {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.DeadlineExceeded):
		return errLate
	case errors.Is(err, context.Canceled):
		return errGone
	}
	return errInternal
}
