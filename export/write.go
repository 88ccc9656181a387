package export

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nlpodyssey/safetensors"

	"github.com/gocei/gocei/export/onnx"
	"github.com/gocei/gocei/export/torchscript"
	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/tensorfile"
	"github.com/gocei/gocei/trainer"
)

// Format is a file format of other programs.
type Format string

const (
	// ONNX is read by ONNX Runtime and others.
	ONNX Format = "onnx"
	// TorchScript is read by PyTorch and libtorch.
	TorchScript Format = "torchscript"
	// Safetensors holds a model's weights and all that its run says of them, but no function; see WriteWeights.
	Safetensors Format = "safetensors"
)

// Formats are all formats that there are.
var Formats = []string{string(TorchScript), string(ONNX), string(Safetensors)}

// Write writes the function to path, as ONNX or TorchScript. The latter needs the native library.
func (f *Function) Write(path string, format Format) error {
	notes, err := json.Marshal(f.Notes)
	if err != nil {
		return fmt.Errorf("export: write %s: %w", path, err)
	}
	switch format {
	case ONNX:
		model := onnx.Model{Graph: f.Graph, Name: fmt.Sprintf("%s %s", f.Notes.Model, f.Notes.What), Width: int64(f.Notes.Output.Width), Notes: map[string]string{NotesName: string(notes)}}
		var content []byte
		if content, err = model.Encode(); err == nil {
			err = atomicfile.Write(path, content)
		}
	case TorchScript:
		err = f.writeTorchScript(path, string(notes))
	default:
		err = fmt.Errorf("%q is no format of a function: want %s or %s", format, ONNX, TorchScript)
	}
	if err != nil {
		return fmt.Errorf("export: write %s: %w", path, err)
	}
	return nil
}

// writeTorchScript has libtorch write to a file of its own first, which has no part in the file system's protocol that
// keeps others from seeing half of it.
func (f *Function) writeTorchScript(path, notes string) error {
	folder, err := os.MkdirTemp("", "cei-export-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // what is left there is a copy
	archive := filepath.Join(folder, "archive")
	if err := torchscript.Save(archive, f.Graph, NotesName, notes); err != nil {
		return err
	}
	content, err := os.ReadFile(archive)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, content)
}

// WriteWeights writes the weights of a run directory's best model to path, as safetensors: those of model.safetensors,
// with the run's config.json among the metadata, so that one file has all that a reader needs.
func WriteWeights(dir, path string) error {
	content, err := weightsOf(dir)
	if err == nil {
		err = atomicfile.Write(path, content)
	}
	if err != nil {
		return fmt.Errorf("export: write weights of %s: %w", dir, err)
	}
	return nil
}

// weightsOf returns model.safetensors with the key "run" added to its metadata.
func weightsOf(dir string) ([]byte, error) {
	if _, err := oneRun(dir); err != nil {
		return nil, err
	}
	config, err := os.ReadFile(filepath.Join(dir, trainer.ConfigFile))
	if err != nil {
		return nil, err
	}
	tensors, metadata, err := tensorfile.Read(filepath.Join(dir, trainer.ModelFile))
	if err != nil {
		return nil, err
	}
	metadata["run"] = string(config)
	views := map[string]safetensors.TensorView{}
	for _, t := range tensors {
		views[t.Name] = t.TensorView
	}
	return safetensors.Serialize(views, metadata)
}
