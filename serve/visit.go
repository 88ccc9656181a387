package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// visit is a request under way.
type visit struct {
	server *Server
	ctx    context.Context // ends with the request's time, or when its client goes away
	id     string
	began  time.Time

	weight int // what it reserved, in draws

	// For the log.
	status int
	bytes  int
	model  string
	draws  int
	err    error
}

// page is what a handler answers with.
type page struct {
	status int
	kind   string // of content
	header int    // length of the JSON before binary tensors; 0 without
	body   []byte
}

const (
	kindJSON   = "application/json"
	kindBinary = "application/octet-stream"
	headerSize = "Inference-Header-Content-Length"
)

// answers are the buffers that answers are written into, again and again.
var answers = sync.Pool{New: func() any { return new([]byte) }}

// mostKept is how large a buffer may be that is used again: one huge answer should not keep its memory for ever.
const mostKept = 1 << 20

// write sends the answer.
func (v *visit) write(w http.ResponseWriter, p page) {
	h := w.Header()
	h["Content-Type"] = []string{p.kind}
	h["Content-Length"] = []string{strconv.Itoa(len(p.body))}
	if p.header > 0 {
		h.Set(headerSize, strconv.Itoa(p.header))
	}
	v.status, v.bytes = p.status, len(p.body)
	w.WriteHeader(p.status)
	if _, err := w.Write(p.body); err != nil && v.err == nil {
		v.err = err
	}
}

// fail tells the client of an error, and the log.
func (v *visit) fail(w http.ResponseWriter, err error) {
	v.err = err
	f := told(err)
	switch f.status {
	case statusClientGone:
		v.status = f.status
		return
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfterSeconds)
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="cei"`)
	}
	if errors.Is(err, errDraining) {
		w.Header().Set("Connection", "close")
	}
	if f == errInternal {
		v.server.config.Log.Error("request failed", "id", v.id, "error", err)
	}
	v.write(w, page{status: f.status, kind: kindJSON, body: append(appendString([]byte(`{"error":`), f.text), "}\n"...)})
}

// body reads what the client sent into a buffer, and returns the type of its content.
func (v *visit) body(w http.ResponseWriter, r *http.Request, to *bytes.Buffer) (kind string, err error) {
	if kind, err = contentKind(r); err != nil {
		return "", err
	}
	most := v.server.config.MaxBody
	if r.ContentLength > most {
		return "", failf(http.StatusRequestEntityTooLarge, "a body of %d bytes: want %d at most", r.ContentLength, most)
	}
	_, err = to.ReadFrom(http.MaxBytesReader(w, r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "", failf(http.StatusRequestEntityTooLarge, "the body is too large: want %d bytes at most", most)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "", failf(http.StatusBadRequest, "the body ends before its Content-Length")
	case err != nil && v.ctx.Err() != nil:
		return "", v.ctx.Err()
	case err != nil:
		return "", failf(http.StatusBadRequest, "the body cannot be read")
	}
	return kind, nil
}

// contentKind returns the type of a request's content, JSON where it says none.
func contentKind(r *http.Request) (string, error) {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return "", failf(http.StatusUnsupportedMediaType, "the body is compressed: want it as it is, without Content-Encoding")
	}
	said := r.Header.Get("Content-Type")
	if said == "" || said == kindJSON {
		return kindJSON, nil
	}
	switch kind, _, err := mime.ParseMediaType(said); {
	case err == nil && (kind == kindJSON || kind == kindBinary):
		return kind, nil
	}
	return "", failf(http.StatusUnsupportedMediaType, "the body's Content-Type must be %s, or %s with binary tensors", kindJSON, kindBinary)
}

// note writes the line of the access log.
func (v *visit) note(of route, r *http.Request, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case v.status >= http.StatusInternalServerError && v.status != http.StatusServiceUnavailable:
		level = slog.LevelError
	case of.quiet && v.status == http.StatusOK:
		level = slog.LevelDebug
	}
	log := v.server.config.Log
	if !log.Enabled(v.ctx, level) {
		return
	}
	attributes := []slog.Attr{
		slog.String("id", v.id), slog.String("route", of.path), slog.String("method", r.Method), slog.Int("status", v.status),
		slog.Int("bytes", v.bytes), slog.Float64("seconds", took.Seconds()), slog.String("remote", r.RemoteAddr),
	}
	if v.model != "" {
		attributes = append(attributes, slog.String("model", v.model), slog.Int("draws", v.draws))
	}
	if v.err != nil {
		attributes = append(attributes, slog.String("error", v.err.Error()))
	}
	log.LogAttrs(v.ctx, level, "request", attributes...)
}
