package torchscript

import (
	"fmt"
	"strings"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/export/graph"
)

// Save writes a graph to path as an archive, with a file beside it in the archive that has that name and text. It needs
// the native library.
func Save(path string, g *graph.Graph, noteName, note string) error {
	text, err := source(g)
	if err != nil {
		return fmt.Errorf("torchscript: save: %w", err)
	}
	if _, err := binding.Load(); err != nil {
		return fmt.Errorf("torchscript: save: %w", err)
	}
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	script := binding.Script{Source: text, NoteName: noteName, Note: note}
	for _, v := range g.Constants() {
		script.Buffers = append(script.Buffers, binding.ScriptBuffer{Name: strings.TrimPrefix(variable(v), "self."), Value: tensor(s, v)})
	}
	if err := s.SaveScript(path, script); err != nil {
		return fmt.Errorf("torchscript: save: %w", err)
	}
	return nil
}

func tensor(s *binding.Scope, v *graph.Value) binding.Tensor {
	switch v.DType {
	case graph.Int64:
		whole := make([]int64, len(v.Data))
		for i, x := range v.Data {
			whole[i] = int64(x)
		}
		return s.FromInt64s(whole, binding.CPU, v.Shape...)
	case graph.Float32:
		return s.FromFloat64s(v.Data, binding.Float32, binding.CPU, v.Shape...)
	}
	return s.FromFloat64s(v.Data, binding.Float64, binding.CPU, v.Shape...)
}
