// Package tensorfile reads whole safetensors files.
package tensorfile

import (
	"fmt"
	"os"

	"github.com/nlpodyssey/safetensors"
)

// Read returns the tensors and the metadata of a file, which is empty where it has none. A device or a pipe, which may have
// no end, is refused. Errors name the file.
func Read(path string) (tensors []safetensors.NamedTensorView, metadata map[string]string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a regular file", path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	file, err := safetensors.Deserialize(content)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	_, header, err := safetensors.ReadMetadata(content)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	metadata = map[string]string{}
	for key, value := range header.Metadata() {
		metadata[key] = value
	}
	return file.Tensors(), metadata, nil
}
