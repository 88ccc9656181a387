package serve

import (
	"net/http"
	"strconv"

	"github.com/gocei/gocei/internal/excerpt"
)

// tensor is an output: numbers or truth values.
type tensor struct {
	name    string
	shape   []int
	numbers []float64
	truths  []bool
	binary  bool
}

// outputNames are all that a model gives.
var outputNames = []string{"draws", "mean", "sd", "outside_domain"}

// outputs returns the tensors that are asked for, in that order; all where none is.
func (q *inferRequest) outputs(m *served, a *answer) []tensor {
	wanted := q.Outputs
	if len(wanted) == 0 {
		for _, name := range outputNames {
			wanted = append(wanted, requestedTensor{Name: name})
		}
	}
	all := make([]tensor, len(wanted))
	for i, w := range wanted {
		all[i] = m.output(w.Name, a)
		all[i].binary = q.Parameters.BinaryDataOutput
		if w.Parameters.BinaryData != nil {
			all[i].binary = *w.Parameters.BinaryData
		}
	}
	return all
}

// checkOutputs refuses outputs that are not known, or twice the same, before anything is drawn.
func (q *inferRequest) checkOutputs() error {
	seen := map[string]bool{}
	for _, name := range outputNames {
		seen[name] = false
	}
	for _, w := range q.Outputs {
		if twice, known := seen[w.Name]; !known || twice {
			return failf(http.StatusBadRequest, "output %s: want each once of %s", excerpt.Of(w.Name), excerpt.List(outputNames))
		}
		seen[w.Name] = true
	}
	return nil
}

func (m *served) output(name string, a *answer) tensor {
	d := a.draws
	switch name {
	case "draws":
		return tensor{name: name, shape: []int{d.Events, d.PerEvent, d.Coordinates}, numbers: d.Data}
	case "outside_domain":
		return tensor{name: name, shape: []int{d.Events}, truths: a.outside}
	}
	mean, sd := make([]float64, d.Events*d.Coordinates), make([]float64, d.Events*d.Coordinates)
	for i := range d.Events {
		first, end := i*d.Coordinates, (i+1)*d.Coordinates
		m.digest.Moments(a.of(i), mean[first:end], sd[first:end])
	}
	t := tensor{name: name, shape: []int{d.Events, d.Coordinates}, numbers: mean}
	if name == "sd" {
		t.numbers = sd
	}
	return t
}

func (t *tensor) datatype() string {
	if t.numbers == nil {
		return "BOOL"
	}
	return "FP64"
}

func (t *tensor) binarySize() int {
	if t.numbers == nil {
		return len(t.truths)
	}
	return 8 * len(t.numbers)
}

// appendInfer appends the answer to a request: JSON, and what is asked for as binary after it. header is the length of the
// JSON, where there is something after it.
func appendInfer(b []byte, q *inferRequest, m *served, asked question, outputs []tensor) (answer []byte, header int) {
	b = append(b, `{"model_name":`...)
	b = appendString(b, m.Name)
	b = append(b, `,"model_version":`...)
	b = appendString(b, m.Version)
	if q.ID != nil {
		b = append(b, `,"id":`...)
		b = appendString(b, *q.ID)
	}
	b = append(b, `,"parameters":{"samples":`...)
	b = strconv.AppendInt(b, int64(asked.samples), 10)
	b = append(b, `,"seed":`...)
	b = strconv.AppendUint(b, asked.seed, 10)
	b = append(b, `},"outputs":[`...)
	any := false
	for i := range outputs {
		if i > 0 {
			b = append(b, ',')
		}
		b = outputs[i].appendJSON(b)
		any = any || outputs[i].binary
	}
	b = append(b, "]}"...)
	if !any {
		return append(b, '\n'), 0
	}
	header = len(b)
	for i := range outputs {
		if t := &outputs[i]; t.binary && t.numbers != nil {
			b = appendFP64(b, t.numbers)
		} else if t.binary {
			b = appendBOOL(b, t.truths)
		}
	}
	return b, header
}

func (t *tensor) appendJSON(b []byte) []byte {
	b = append(b, `{"name":`...)
	b = appendString(b, t.name)
	b = append(b, `,"datatype":"`...)
	b = append(b, t.datatype()...)
	b = append(b, `","shape":`...)
	b = appendInts(b, t.shape)
	switch {
	case t.binary:
		b = append(b, `,"parameters":{"binary_data_size":`...)
		b = strconv.AppendInt(b, int64(t.binarySize()), 10)
		b = append(b, '}')
	case t.numbers != nil:
		b = append(b, `,"data":`...)
		b = appendNumbers(b, t.numbers)
	default:
		b = append(b, `,"data":`...)
		b = appendBools(b, t.truths)
	}
	return append(b, '}')
}
