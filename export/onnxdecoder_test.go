package export_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gocei/gocei/export/graph"
)

// decodeONNX rebuilds a graph from an ONNX file, by the numbers of fields in onnx.proto and by what the operators' own
// documentation says of them, so that the file is evaluated and not what it was made from.
func decodeONNX(t *testing.T, content []byte) (g *graph.Graph, notes map[string]string) {
	t.Helper()
	model := decodeMessage(t, content)
	require.Equal(t, int64(8), model.integer(1), "IR version")
	operators := decodeMessage(t, model.bytes(8)[0])
	require.Empty(t, string(operators.bytes(1)[0]), "the standard operators")
	require.Equal(t, int64(17), operators.integer(2), "opset")
	notes = map[string]string{}
	for _, raw := range model.bytes(14) {
		entry := decodeMessage(t, raw)
		notes[entry.text(1)] = entry.text(2)
	}
	d := &onnxDecoder{t: t, values: map[string]*graph.Value{}, g: &graph.Graph{}}
	d.graph(decodeMessage(t, model.bytes(7)[0]))
	return d.g, notes
}

type onnxDecoder struct {
	t      *testing.T
	values map[string]*graph.Value
	g      *graph.Graph
}

func (d *onnxDecoder) graph(m protoMessage) {
	for _, raw := range m.bytes(11) {
		name, dtype, width := d.valueInfo(raw)
		v := d.add(&graph.Value{Op: graph.Input, Name: name, DType: dtype, Width: width})
		d.g.Inputs = append(d.g.Inputs, v)
	}
	for _, raw := range m.bytes(5) {
		d.tensor(decodeMessage(d.t, raw))
	}
	for _, raw := range m.bytes(1) {
		d.node(decodeMessage(d.t, raw))
	}
	name, dtype, _ := d.valueInfo(m.bytes(12)[0])
	d.g.Output = d.value(name)
	require.Equal(d.t, dtype, d.g.Output.DType)
}

func (d *onnxDecoder) add(v *graph.Value) *graph.Value {
	require.NotContains(d.t, d.values, v.Name, "names are given once")
	d.values[v.Name] = v
	d.g.Steps = append(d.g.Steps, v)
	return v
}

func (d *onnxDecoder) value(name string) *graph.Value {
	require.Contains(d.t, d.values, name, "steps come after their arguments")
	return d.values[name]
}

var onnxTypes = map[int64]graph.DType{1: graph.Float32, 7: graph.Int64, 9: graph.Bool, 11: graph.Float64}

func (d *onnxDecoder) valueInfo(raw []byte) (name string, dtype graph.DType, width int64) {
	info := decodeMessage(d.t, raw)
	tensor := decodeMessage(d.t, decodeMessage(d.t, info.bytes(2)[0]).bytes(1)[0])
	dims := decodeMessage(d.t, tensor.bytes(2)[0]).bytes(1)
	require.Equal(d.t, "batch", decodeMessage(d.t, dims[0]).text(2))
	if len(dims) > 1 {
		width = decodeMessage(d.t, dims[1]).integer(1)
	}
	return info.text(1), onnxTypes[tensor.integer(1)], width
}

func (d *onnxDecoder) tensor(m protoMessage) {
	v := &graph.Value{Op: graph.Constant, Name: m.text(8), DType: onnxTypes[m.integer(2)], Shape: m.integers[1]}
	raw := m.bytes(9)[0]
	for len(raw) > 0 {
		switch v.DType {
		case graph.Float32:
			v.Data, raw = append(v.Data, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw)))), raw[4:]
		case graph.Float64:
			v.Data, raw = append(v.Data, math.Float64frombits(binary.LittleEndian.Uint64(raw))), raw[8:]
		default:
			v.Data, raw = append(v.Data, float64(int64(binary.LittleEndian.Uint64(raw)))), raw[8:]
		}
	}
	d.add(v)
}

// operators are those that mean the same without a word more.
var operators = map[string]graph.Op{
	"Add": graph.Add, "Sub": graph.Sub, "Mul": graph.Mul, "Div": graph.Div, "GreaterOrEqual": graph.AtLeast, "Less": graph.Less,
	"Where": graph.Where, "Exp": graph.Exp, "Log": graph.Log, "Sqrt": graph.Sqrt, "Abs": graph.Abs, "Tanh": graph.Tanh,
	"Round": graph.Round, "Softplus": graph.Softplus, "Elu": graph.ELU, "Clip": graph.Clamp,
}

func (d *onnxDecoder) node(m protoMessage) {
	v := &graph.Value{Name: m.text(2), Op: operators[m.text(4)]}
	for _, name := range m.bytes(1) {
		v.Args = append(v.Args, d.value(string(name)))
	}
	attributes := map[string]int64{}
	for _, raw := range m.bytes(5) {
		a := decodeMessage(d.t, raw)
		require.Equal(d.t, int64(2), a.integer(20), "an attribute that is an integer")
		attributes[a.text(1)] = a.integer(3)
	}
	v.DType = v.Args[0].DType
	lists := func(from int) (all []int64) { // arguments that are lists of integers
		for _, arg := range v.Args[from:] {
			require.Equal(d.t, graph.Int64, arg.DType)
			for _, x := range arg.Data {
				all = append(all, int64(x))
			}
		}
		v.Args = v.Args[:from]
		return all
	}
	last := map[string]int64{"axis": -1}
	var want map[string]int64
	switch operator := m.text(4); operator {
	case "Cast":
		v.Op, v.DType, want = graph.Cast, onnxTypes[attributes["to"]], map[string]int64{"to": attributes["to"]}
	case "Gemm":
		v.Op, want = graph.Linear, map[string]int64{"transB": 1}
	case "ReduceSum":
		v.Op, want = graph.Sum, map[string]int64{"keepdims": 0}
		if attributes["keepdims"] == 1 {
			v.Op, want = graph.Count, map[string]int64{"keepdims": 1}
		}
		require.Equal(d.t, []int64{-1}, lists(1))
	case "CumSum":
		v.Op = graph.CumSum
		require.Equal(d.t, []int64{-1}, lists(1))
	case "Slice":
		ints := lists(1)
		require.Len(d.t, ints, 3)
		require.Equal(d.t, int64(-1), ints[2])
		v.Op, v.Ints = graph.Slice, ints[:2]
	case "Reshape":
		v.Op, v.Ints = graph.Reshape, lists(1)
	case "Softmax", "Concat", "Gather", "GatherElements":
		v.Op, want = map[string]graph.Op{"Softmax": graph.Softmax, "Concat": graph.Concat, "Gather": graph.Select, "GatherElements": graph.Gather}[operator], last
	case "GreaterOrEqual", "Less":
		v.DType = graph.Bool
	case "Where":
		v.DType = v.Args[1].DType
	}
	require.NotEmpty(d.t, v.Op, "operator %s", m.text(4))
	if want == nil {
		want = map[string]int64{}
	}
	require.Equal(d.t, want, attributes, "attributes of %s", m.text(4))
	d.add(v)
}

// protoMessage is a protobuf message by its fields' numbers.
type protoMessage struct {
	integers map[protowire.Number][]int64
	chunks   map[protowire.Number][][]byte
}

func (m protoMessage) integer(field protowire.Number) int64 {
	if len(m.integers[field]) == 0 {
		return 0
	}
	return m.integers[field][0]
}

func (m protoMessage) bytes(field protowire.Number) [][]byte { return m.chunks[field] }

func (m protoMessage) text(field protowire.Number) string {
	if len(m.chunks[field]) == 0 {
		return ""
	}
	return string(m.chunks[field][0])
}

func decodeMessage(t *testing.T, raw []byte) protoMessage {
	t.Helper()
	m := protoMessage{map[protowire.Number][]int64{}, map[protowire.Number][][]byte{}}
	for len(raw) > 0 {
		field, kind, n := protowire.ConsumeTag(raw)
		require.NoError(t, protowire.ParseError(n))
		raw = raw[n:]
		switch kind {
		case protowire.VarintType:
			v, size := protowire.ConsumeVarint(raw)
			n = size
			m.integers[field] = append(m.integers[field], int64(v))
		case protowire.BytesType:
			var v []byte
			v, n = protowire.ConsumeBytes(raw)
			m.chunks[field] = append(m.chunks[field], v)
		default:
			require.Fail(t, fmt.Sprintf("field %d has wire type %d", field, kind))
		}
		require.NoError(t, protowire.ParseError(n))
		raw = raw[n:]
	}
	return m
}
