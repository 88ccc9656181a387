package binding

import "github.com/gocei/gocei/cgo"

// Script is a TorchScript module: methods and the tensors that they use.
type Script struct {
	Source  string // of the methods, in TorchScript
	Buffers []ScriptBuffer
	// The archive has a file of that name with that text.
	NoteName, Note string
}

// ScriptBuffer is a tensor of a Script; Name is an identifier.
type ScriptBuffer struct {
	Name  string
	Value Tensor
}

// SaveScript compiles a script and writes it to path as an archive that torch.jit.load reads. The error is libtorch's own
// where the source does not compile.
func (s *Scope) SaveScript(path string, script Script) error {
	const op = "save script"
	native := cgo.Script{Source: script.Source, NoteName: script.NoteName, Note: script.Note}
	for _, b := range script.Buffers {
		if !s.usable(op, b.Value) {
			return s.err
		}
		native.Names, native.Tensors = append(native.Names, b.Name), append(native.Tensors, b.Value.of.handle)
	}
	if s.err != nil {
		return s.err
	}
	return check(op, cgo.SaveScript(path, native, &s.native), &s.native)
}
