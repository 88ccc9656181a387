package onnx

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"github.com/gocei/gocei/export/graph"
)

// dataTypes are the numbers of TensorProto.DataType.
var dataTypes = map[graph.DType]int64{graph.Float32: 1, graph.Int64: 7, graph.Bool: 9, graph.Float64: 11}

// encodeTensor returns a TensorProto.
func encodeTensor(name string, dtype graph.DType, data []float64, shape []int64) message {
	var m message
	for _, size := range shape {
		m.integer(1, size)
	}
	m.integer(2, dataTypes[dtype])
	m.text(8, name)
	m.bytes(9, rawData(dtype, data))
	return m
}

func rawData(dtype graph.DType, data []float64) []byte {
	raw := make([]byte, 0, 8*len(data))
	for _, v := range data {
		switch dtype {
		case graph.Float32:
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
		case graph.Int64:
			raw = binary.LittleEndian.AppendUint64(raw, uint64(int64(v)))
		default:
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
		}
	}
	return raw
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
