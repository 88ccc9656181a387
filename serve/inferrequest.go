package serve

import (
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/excerpt"
)

// inferRequest is the Open Inference Protocol's, version 2, with its binary tensors.
type inferRequest struct {
	ID           *string           `json:"id"`
	ModelName    string            `json:"model_name"`
	ModelVersion string            `json:"model_version"`
	Parameters   inferParameters   `json:"parameters"`
	Inputs       []inputTensor     `json:"inputs"`
	Outputs      []requestedTensor `json:"outputs"`
}

type inferParameters struct {
	Samples          *int    `json:"samples"`
	Seed             *uint64 `json:"seed"`
	BinaryDataOutput bool    `json:"binary_data_output"`
}

type inputTensor struct {
	Name       string  `json:"name"`
	Shape      []int64 `json:"shape"`
	Datatype   string  `json:"datatype"`
	Parameters struct {
		BinaryDataSize *int64 `json:"binary_data_size"`
	} `json:"parameters"`
	Data *numbers `json:"data"`
}

type requestedTensor struct {
	Name       string `json:"name"`
	Parameters struct {
		BinaryData *bool `json:"binary_data"`
	} `json:"parameters"`
}

const mostID = 256

// readInfer reads a request's body, whose first bytes are JSON where the header says how many.
func readInfer(header string, body []byte) (q inferRequest, tensors []byte, err error) {
	text := body
	if header != "" {
		n, err := strconv.ParseUint(header, 10, 63)
		if err != nil || n > uint64(len(body)) {
			return q, nil, failf(http.StatusBadRequest, "%s is %s: want the length of the JSON, which is %d bytes at most here", headerSize, excerpt.Of(header), len(body))
		}
		text, tensors = body[:n], body[n:]
	}
	if err := decodeStrictly(text, &q); err != nil {
		return q, nil, err
	}
	if q.ID != nil && len(*q.ID) > mostID {
		return q, nil, failf(http.StatusBadRequest, "the id has %d bytes: want %d at most", len(*q.ID), mostID)
	}
	return q, tensors, nil
}

// rows returns what the only input holds: rows of the model's columns.
func (q *inferRequest) rows(m *served, tensors []byte) (dataset.Matrix, error) {
	columns := m.encoding.MomentumColumns
	if len(q.Inputs) != 1 || q.Inputs[0].Name != m.input() {
		return dataset.Matrix{}, failf(http.StatusBadRequest, "want one input, called %s", m.input())
	}
	in := &q.Inputs[0]
	if len(in.Shape) != 2 || in.Shape[0] < 1 || in.Shape[1] != int64(len(columns)) {
		return dataset.Matrix{}, failf(http.StatusBadRequest, "%s has shape %v: want [events, %d], the columns %s", in.Name, in.Shape, len(columns), excerpt.List(columns))
	}
	if in.Datatype != "FP64" && in.Datatype != "FP32" {
		return dataset.Matrix{}, failf(http.StatusBadRequest, "%s has datatype %s: want FP64 or FP32", in.Name, excerpt.Of(in.Datatype))
	}
	var values []float64
	var err error
	switch size := in.Parameters.BinaryDataSize; {
	case size != nil && in.Data != nil:
		err = fmt.Errorf("data are there twice, as JSON and as binary_data_size")
	case size != nil:
		values, err = in.binary(*size, tensors)
	case len(tensors) > 0:
		err = fmt.Errorf("%d bytes follow the JSON, and there is no binary_data_size", len(tensors))
	case in.Data == nil:
		err = fmt.Errorf("want data, or binary_data_size")
	default:
		values, err = in.plain()
	}
	if err != nil {
		return dataset.Matrix{}, failf(http.StatusBadRequest, "%s: %s", in.Name, err)
	}
	for i, x := range values {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return dataset.Matrix{}, failf(http.StatusBadRequest, "%s: row %d, column %s is %g: want a finite number", in.Name, i/len(columns)+1, excerpt.Of(columns[i%len(columns)]), x)
		}
	}
	return dataset.Matrix{Rows: len(values) / len(columns), Cols: len(columns), Data: values}, nil
}

// plain returns the numbers of JSON, as precise as their datatype.
func (in *inputTensor) plain() ([]float64, error) {
	if in.Shape[0] > int64(len(in.Data.values)) {
		return nil, fmt.Errorf("%d numbers do not fill shape %v", len(in.Data.values), in.Shape)
	}
	if err := in.Data.fill(int(in.Shape[0]), int(in.Shape[1])); err != nil {
		return nil, err
	}
	if in.Datatype == "FP32" {
		for i, x := range in.Data.values {
			in.Data.values[i] = float64(float32(x))
		}
	}
	return in.Data.values, nil
}

// binary returns the numbers of a tensor's bytes, little-endian.
func (in *inputTensor) binary(size int64, bytes []byte) ([]float64, error) {
	width := int64(8)
	if in.Datatype == "FP32" {
		width = 4
	}
	if size != int64(len(bytes)) {
		return nil, fmt.Errorf("binary_data_size is %d, and %d bytes follow the JSON", size, len(bytes))
	}
	if size%width != 0 || size/width%in.Shape[1] != 0 || size/width/in.Shape[1] != in.Shape[0] {
		return nil, fmt.Errorf("%d bytes do not fill shape %v of %s", size, in.Shape, in.Datatype)
	}
	values := make([]float64, size/width)
	for i := range values {
		if width == 4 {
			values[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(bytes[4*i:])))
		} else {
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(bytes[8*i:]))
		}
	}
	return values, nil
}
