package serve

import (
	"bytes"
	"net/http"
	"sync"

	"github.com/gocei/gocei/internal/excerpt"
)

// bodies are the buffers that requests are read into, again and again.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// admitted reads a body and lets it be answered, if there is room for it. What respond appends to the buffer is sent.
func (s *Server) admitted(respond func(v *visit, r *http.Request, kind string, body, to []byte) (page, error)) func(*visit, http.ResponseWriter, *http.Request) {
	return func(v *visit, w http.ResponseWriter, r *http.Request) {
		size := s.config.MaxBody
		if r.ContentLength >= 0 {
			size = min(size, r.ContentLength)
		}
		if err := s.admission.enter(size); err != nil {
			v.fail(w, err)
			return
		}
		defer func() { s.admission.leave(size, v.weight) }()
		body, answer := bodies.Get().(*bytes.Buffer), answers.Get().(*[]byte)
		defer func() {
			if body.Cap() <= mostKept {
				body.Reset()
				bodies.Put(body)
			}
			if cap(*answer) <= mostKept {
				answers.Put(answer)
			}
		}()
		kind, err := v.body(w, r, body)
		if err != nil {
			v.fail(w, err)
			return
		}
		p, err := respond(v, r, kind, body.Bytes(), (*answer)[:0])
		if err != nil {
			v.fail(w, err)
			return
		}
		*answer = p.body[:0]
		v.write(w, p)
	}
}

// infer answers /v2/models/{model}/infer.
func (s *Server) infer(v *visit, r *http.Request, kind string, body, to []byte) (page, error) {
	m, err := s.modelOf(r)
	if err != nil {
		return page{}, err
	}
	header := r.Header.Get(headerSize)
	if kind == kindBinary && header == "" {
		return page{}, failf(http.StatusBadRequest, "a body with binary tensors needs the header %s", headerSize)
	}
	q, tensors, err := readInfer(header, body)
	if err != nil {
		return page{}, err
	}
	if q.ModelName != "" && q.ModelName != m.Name || q.ModelVersion != "" && q.ModelVersion != m.Version {
		return page{}, failf(http.StatusBadRequest, "the body names another model, or another version of it, than the path")
	}
	if err := q.checkOutputs(); err != nil {
		return page{}, err
	}
	rows, err := q.rows(m, tensors)
	if err != nil {
		return page{}, err
	}
	asked := question{model: m}
	asked.samples, asked.seed = settle(q.Parameters.Samples, q.Parameters.Seed)
	if asked.events, err = m.events(rows); err != nil {
		return page{}, badRequest(err)
	}
	if err := s.config.checkSize(asked); err != nil {
		return page{}, err
	}
	a, err := v.ask(asked)
	if err != nil {
		return page{}, err
	}
	outputs := q.outputs(m, a)
	p := page{status: http.StatusOK, kind: kindJSON}
	if p.body, p.header = appendInfer(to, &q, m, asked, outputs); p.header > 0 {
		p.kind = kindBinary
	}
	return p, nil
}

// modelOf returns the model that the path names, in the version that it may name.
func (s *Server) modelOf(r *http.Request) (*served, error) {
	m, ok := s.models[r.PathValue("model")]
	if !ok {
		return nil, failf(http.StatusNotFound, "there is no model %s", excerpt.Of(r.PathValue("model")))
	}
	if version := r.PathValue("version"); version != "" && version != m.Version {
		return nil, failf(http.StatusNotFound, "model %s has version %s alone", m.Name, m.Version)
	}
	return m, nil
}
