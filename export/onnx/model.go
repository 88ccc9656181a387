package onnx

import (
	"fmt"

	"github.com/gocei/gocei/export/graph"
)

const (
	irVersion = 8
	opset     = 17
)

// Model is a graph as an ONNX model.
type Model struct {
	Graph *graph.Graph
	Name  string
	Width int64             // number of the output's columns; 0 where it is [batch]
	Notes map[string]string // the model's metadata
}

// Encode returns the file's content.
func (m Model) Encode() ([]byte, error) {
	body, err := encodeGraph(m.Graph, m.Name, m.Width)
	if err != nil {
		return nil, fmt.Errorf("onnx: encode %s: %w", m.Name, err)
	}
	var operators, model message
	operators.text(1, "")
	operators.integer(2, opset)
	model.integer(1, irVersion)
	model.text(2, "cei")
	model.bytes(7, body)
	model.bytes(8, operators)
	for _, key := range sortedKeys(m.Notes) {
		var entry message
		entry.text(1, key)
		entry.text(2, m.Notes[key])
		model.bytes(14, entry)
	}
	return model, nil
}

// encodeGraph returns a GraphProto.
func encodeGraph(g *graph.Graph, name string, width int64) (message, error) {
	n := &nodes{}
	for _, v := range g.Steps {
		if err := n.add(v); err != nil {
			return nil, fmt.Errorf("step %q: %w", v.Name, err)
		}
	}
	var m message
	for _, node := range n.nodes {
		m.bytes(1, node)
	}
	m.text(2, name)
	for _, tensor := range n.tensors {
		m.bytes(5, tensor)
	}
	for _, v := range g.Inputs {
		m.bytes(11, valueInfo(v.Name, v.DType, v.Width))
	}
	m.bytes(12, valueInfo(g.Output.Name, g.Output.DType, width))
	return m, nil
}

// valueInfo describes an array [batch,width], or [batch] for width 0.
func valueInfo(name string, dtype graph.DType, width int64) message {
	var batch, columns, shape, tensor, kind, m message
	batch.text(2, "batch")
	shape.bytes(1, batch)
	if width > 0 {
		columns.integer(1, width)
		shape.bytes(1, columns)
	}
	tensor.integer(1, dataTypes[dtype])
	tensor.bytes(2, shape)
	kind.bytes(1, tensor)
	m.text(1, name)
	m.bytes(2, kind)
	return m
}
