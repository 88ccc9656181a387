package statedict

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"

	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/excerpt"
	"github.com/gocei/gocei/internal/tensorfile"
	"github.com/gocei/gocei/trainer"
)

// Import makes dir a run directory with the tensors of d and all else of the run like: its architecture and its encoding,
// which the weights must have been trained with. Every tensor of the run must be in d under the name that m gives it, with
// the same shape, and d must have none beside them. dir must be empty
// if it is there: what else a run leaves in its directory would be another run's.
func Import(d Dict, like, dir string, m Mapping) error {
	if err := importTo(d, like, dir, m); err != nil {
		return fmt.Errorf("statedict: import: %w", err)
	}
	return nil
}

func importTo(d Dict, like, dir string, m Mapping) error {
	if there, err := os.ReadDir(dir); err == nil && len(there) > 0 {
		return fmt.Errorf("%s is not empty", dir)
	}
	dirs, _, err := trainer.ReadRuns(like)
	if err != nil {
		return err
	}
	if len(dirs) > 1 {
		return fmt.Errorf("%s is an ensemble: want one of its members, such as %s", like, dirs[0])
	}
	config, err := os.ReadFile(filepath.Join(like, trainer.ConfigFile))
	if err != nil {
		return err
	}
	model, err := replaced(filepath.Join(like, trainer.ModelFile), d, m)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(filepath.Join(dir, trainer.ModelFile), model); err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, trainer.ConfigFile), config)
}

// replaced returns a model's file with other elements in its tensors.
func replaced(path string, d Dict, m Mapping) ([]byte, error) {
	tensors, metadata, err := tensorfile.Read(path)
	if err != nil {
		return nil, err
	}
	views, used := map[string]safetensors.TensorView{}, map[string]bool{}
	var problems problems
	for _, of := range tensors {
		name, t, ok := d.find(of.Name, m)
		if used[name] = true; !ok {
			problems.missing = append(problems.missing, named(of.Name, name))
		}
		if views[of.Name] = of.TensorView; !ok || name == keep {
			continue
		}
		if views[of.Name], err = converted(of.TensorView, t); err != nil {
			problems.wrong = append(problems.wrong, fmt.Sprintf("%s: %v", named(of.Name, name), err))
		}
	}
	for _, name := range d.Names() {
		if !used[name] {
			problems.unused = append(problems.unused, excerpt.Of(name))
		}
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	return safetensors.Serialize(views, metadata)
}

// named returns a tensor's name, and its other one where that differs.
func named(ours, theirs string) string {
	if ours == theirs {
		return excerpt.Of(ours)
	}
	return fmt.Sprintf("%s (as %s)", excerpt.Of(ours), excerpt.Of(theirs))
}

// converted returns a view of the same type and shape as like with t's elements.
func converted(like safetensors.TensorView, t Tensor) (safetensors.TensorView, error) {
	shape := make([]int64, len(like.Shape()))
	for i, size := range like.Shape() {
		shape[i] = int64(size)
	}
	if !slices.Equal(shape, t.Shape) {
		return like, fmt.Errorf("shape %v: want %v", t.Shape, shape)
	}
	raw := make([]byte, 0, like.DataLen())
	for _, v := range t.Float64s() {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return like, fmt.Errorf("it has an element that is %g", v)
		}
		if like.DType() == safetensors.F32 {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
		} else {
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
		}
	}
	return safetensors.NewTensorView(like.DType(), like.Shape(), raw)
}

// problems are what keeps a state dict from fitting a run.
type problems struct{ missing, wrong, unused []string }

func (p problems) err() error {
	var all []error
	if len(p.missing) > 0 {
		all = append(all, fmt.Errorf("the file has no tensors for %s", listed(p.missing)))
	}
	if len(p.wrong) > 0 {
		all = append(all, errors.New(listed(p.wrong)))
	}
	if len(p.unused) > 0 {
		all = append(all, fmt.Errorf("the run has no tensors for the file's %s", listed(p.unused)))
	}
	return errors.Join(all...)
}

// listed joins the first of many.
func listed(all []string) string {
	const most = 10
	text := strings.Join(all[:min(len(all), most)], ", ")
	if more := len(all) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
