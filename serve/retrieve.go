package serve

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/excerpt"
	"github.com/gocei/gocei/posterior"
)

// retrieve answers /v1/retrieve.
func (s *Server) retrieve(v *visit, r *http.Request, kind string, body, to []byte) (page, error) {
	if kind != kindJSON {
		return page{}, failf(http.StatusUnsupportedMediaType, "the body's Content-Type must be %s", kindJSON)
	}
	var q retrieveRequest
	if err := decodeStrictly(body, &q); err != nil {
		return page{}, err
	}
	m, err := s.modelNamed(q.Model)
	if err != nil {
		return page{}, err
	}
	if err := q.checkReturn(); err != nil {
		return page{}, err
	}
	factor, unit, err := q.scale(m.encoding)
	if err != nil {
		return page{}, err
	}
	asked := question{model: m, summarised: q.returns(returnSummary)}
	if asked.events, err = q.events(m); err != nil {
		return page{}, err
	}
	asked.samples, asked.seed = settle(q.Samples, q.Seed)
	if err := s.config.checkSize(asked); err != nil {
		return page{}, err
	}
	a, err := v.ask(asked)
	if err != nil {
		return page{}, err
	}
	w := retrieveWriter{model: m, asked: asked, answer: a, factor: factor, unit: unit, q: &q}
	if to, err = w.appendAll(to); err != nil {
		return page{}, err
	}
	return page{status: http.StatusOK, kind: kindJSON, body: to}, nil
}

// modelNamed returns a model by its name, or the only one.
func (s *Server) modelNamed(name string) (*served, error) {
	if name == "" && len(s.names) == 1 {
		name = s.names[0]
	}
	m, ok := s.models[name]
	switch {
	case name == "":
		return nil, failf(http.StatusBadRequest, "there are several models: name one of %s", excerpt.List(s.names))
	case !ok:
		return nil, failf(http.StatusNotFound, "there is no model %s", excerpt.Of(name))
	}
	return m, nil
}

// retrieveWriter writes an answer in the field's own terms.
type retrieveWriter struct {
	model  *served
	asked  question
	answer *answer
	q      *retrieveRequest
	factor float64 // from the run's unit of length
	unit   string
}

// columns returns the names of what an event has, and their units.
func (w *retrieveWriter) columns() (names, units []string) {
	names, units = w.model.digest.Columns, slices.Clone(w.model.digest.Units)
	for i := range units {
		if w.isLength(i) {
			units[i] = w.unit
		}
	}
	return names, units
}

func (w *retrieveWriter) isLength(column int) bool {
	return !w.model.encoding.Plain() && w.model.digest.Units[column] == w.model.encoding.PositionUnit.Name
}

func (w *retrieveWriter) appendAll(b []byte) ([]byte, error) {
	m, d := w.model, w.answer.draws
	names, units := w.columns()
	b = append(b, `{"model":`...)
	b = appendString(b, m.Name)
	b = append(b, `,"version":`...)
	b = appendString(b, m.Version)
	b = append(b, `,"samples":`...)
	b = strconv.AppendInt(b, int64(w.asked.samples), 10)
	b = append(b, `,"seed":`...)
	b = strconv.AppendUint(b, w.asked.seed, 10)
	b = append(b, `,"frame":`...)
	b = appendString(b, string(m.encoding.Frame.Kind))
	b = append(b, `,"columns":`...)
	b = appendStrings(b, names)
	b = append(b, `,"units":`...)
	b = appendStrings(b, units)
	b = append(b, `,"draw_columns":`...)
	b = appendStrings(b, d.Columns)
	distances, limit := w.distances()
	if limit > 0 {
		b = append(b, `,"domain_distance_limit":`...)
		b = appendNumber(b, limit)
	}
	b = append(b, `,"events":[`...)
	for i := range d.Events {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"outside_domain":`...)
		b = strconv.AppendBool(b, w.answer.outside[i])
		if distances != nil {
			b = append(b, `,"domain_distance":`...)
			b = appendNumber(b, distances[i])
		}
		var err error
		if b, err = w.appendEvent(b, w.answer.of(i)); err != nil {
			return nil, err
		}
		b = append(b, '}')
	}
	return append(b, "]}\n"...), nil
}

// distances returns how far the events are from the training part, and from where on that is unusual; none where the run
// does not know.
func (w *retrieveWriter) distances() (all []float64, limit float64) {
	domain := w.model.encoding.Domain
	if domain == nil {
		return nil, 0
	}
	all, err := domain.Distances(w.answer.asked.Conditions())
	if err != nil {
		return nil, 0
	}
	if l, err := domain.Limit(posterior.FalseAlarms); err == nil {
		limit = l.Distance
	}
	return all, limit
}

// statistics are those of a summary, as cei sample --summary calls them.
var statistics = []struct {
	name string
	of   func(posterior.ColumnSummary) float64
}{
	{"mean", func(c posterior.ColumnSummary) float64 { return c.Mean }},
	{"median", func(c posterior.ColumnSummary) float64 { return c.Median }},
	{"sd", func(c posterior.ColumnSummary) float64 { return c.SD }},
	{"q05", func(c posterior.ColumnSummary) float64 { return c.Q05 }},
	{"q16", func(c posterior.ColumnSummary) float64 { return c.Q16 }},
	{"q84", func(c posterior.ColumnSummary) float64 { return c.Q84 }},
	{"q95", func(c posterior.ColumnSummary) float64 { return c.Q95 }},
	{"hd68_low", func(c posterior.ColumnSummary) float64 { return c.HD68Low }},
	{"hd68_high", func(c posterior.ColumnSummary) float64 { return c.HD68High }},
}

func (w *retrieveWriter) appendEvent(b []byte, draws dataset.Matrix) ([]byte, error) {
	if w.q.returns(returnSummary) {
		summary, err := w.model.digest.Summary(draws)
		if err != nil {
			return nil, err
		}
		b = append(b, `,"summary":`...)
		b = w.appendSummary(b, summary)
	}
	if w.q.returns(returnDraws) {
		b = append(b, `,"draws":[`...)
		for i := range draws.Rows {
			if i > 0 {
				b = append(b, ',')
			}
			row := draws.Row(i)
			for j := range row {
				if w.isLength(j) {
					row[j] *= w.factor
				}
			}
			b = appendNumbers(b, row)
		}
		b = append(b, ']')
	}
	return b, nil
}

func (w *retrieveWriter) appendSummary(b []byte, s posterior.Summary) []byte {
	b = append(b, '{')
	for j, column := range s {
		if j > 0 {
			b = append(b, ',')
		}
		factor := 1.0
		if w.isLength(j) {
			factor = w.factor
		}
		b = appendString(b, w.model.digest.Columns[j])
		b = append(b, ":{"...)
		for k, statistic := range statistics {
			if k > 0 {
				b = append(b, ',')
			}
			b = appendString(b, statistic.name)
			b = append(b, ':')
			b = appendNumber(b, factor*statistic.of(column))
		}
		b = append(b, '}')
	}
	return append(b, '}')
}
