// Package onnx writes a graph as an ONNX model: opset 17 and IR version 8, which ONNX Runtime 1.12 and newer runs.
//
// The format is that of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), written field by field; the
// operators are those of https://onnx.ai/onnx/operators. The first dimension of every input and output is "batch".
package onnx
