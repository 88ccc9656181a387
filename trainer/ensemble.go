package trainer

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gocei/gocei/internal/atomicfile"
)

// EnsembleFile is the name of the file that tells an ensemble's directory from a run's.
const EnsembleFile = "ensemble.json"

const (
	ensembleFormat = 1
	memberPrefix   = "member-"
	maxMembers     = 10_000 // more than anyone trains; a file that names more is no ensemble's
)

// Ensemble is what ensemble.json holds. Each member is a run of its own, in a directory beside that file.
type Ensemble struct {
	Format   int `json:"format"`
	Members  int `json:"members"`
	Finished int `json:"finished"` // the first so many members are trained to their end
}

// MemberDir returns the run directory of an ensemble's member; the first is member 1.
func MemberDir(dir string, member int) string {
	return filepath.Join(dir, memberPrefix+strconv.Itoa(member))
}

// MemberSeed returns the seed of an ensemble's member; the first is member 1, and has the ensemble's own. How many members
// there are does not matter, so that an ensemble can grow.
func MemberSeed(seed uint64, member int) uint64 {
	if member == 1 {
		return seed
	}
	return rand.NewPCG(seed, uint64(member)).Uint64() >> 32 // 32 bits, which no reader of JSON rounds
}

// ReadEnsemble returns what a directory's ensemble.json says. The error is fs.ErrNotExist where there is none.
func ReadEnsemble(dir string) (Ensemble, error) {
	path := filepath.Join(dir, EnsembleFile)
	text, err := readAtMost(path, maxConfigBytes)
	if err != nil {
		return Ensemble{}, fmt.Errorf("trainer: read ensemble: %w", err)
	}
	var e Ensemble
	if err := json.Unmarshal(text, &e); err != nil {
		return Ensemble{}, fmt.Errorf("trainer: read ensemble: %s: %w", path, err)
	}
	if e.Format != ensembleFormat {
		return Ensemble{}, fmt.Errorf("trainer: read ensemble: %s has format %d, and this program reads format %d", path, e.Format, ensembleFormat)
	}
	if e.Members < 2 || e.Members > maxMembers || e.Finished < 0 || e.Finished > e.Members {
		return Ensemble{}, fmt.Errorf("trainer: read ensemble: %s: %d members, %d of them finished: want 2 to %d, and not more finished than there are",
			path, e.Members, e.Finished, maxMembers)
	}
	return e, nil
}

func (e Ensemble) write(dir string) error {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("trainer: write ensemble: %w", err)
	}
	if err := atomicfile.Write(filepath.Join(dir, EnsembleFile), append(text, '\n')); err != nil {
		return fmt.Errorf("trainer: write ensemble: %w", err)
	}
	return nil
}

func (e Ensemble) dirs(dir string) []string {
	all := make([]string, e.Members)
	for i := range all {
		all[i] = MemberDir(dir, i+1)
	}
	return all
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// RunDirs returns the run directories that a directory stands for: those of an ensemble's members, trained or not, or
// else itself.
func RunDirs(dir string) ([]string, error) {
	if !exists(dir, EnsembleFile) {
		return []string{dir}, nil
	}
	e, err := ReadEnsemble(dir)
	if err != nil {
		return nil, err
	}
	return e.dirs(dir), nil
}

// ReadRuns returns the run directories whose equal mixture a directory's posterior is, and what their config.json say:
// itself, or an ensemble's members. Members that are not trained to their end, or differ in more than seed and length
// of training, are an error.
func ReadRuns(dir string) (dirs []string, runs []RunConfig, err error) {
	if err := checkFinished(dir); err != nil {
		return nil, nil, err
	}
	if dirs, err = RunDirs(dir); err != nil {
		return nil, nil, err
	}
	for _, each := range dirs {
		run, err := readRunConfig(each)
		if err != nil {
			return nil, nil, err
		}
		runs = append(runs, run)
	}
	return dirs, runs, checkAlike(dirs, runs)
}

// checkFinished names an ensemble's members that are not trained to their end.
func checkFinished(dir string) error {
	if !exists(dir, EnsembleFile) {
		return nil
	}
	e, err := ReadEnsemble(dir)
	if err != nil || e.Finished == e.Members {
		return err
	}
	which := fmt.Sprintf("member %d is", e.Members)
	if e.Finished+1 < e.Members {
		which = fmt.Sprintf("members %d to %d are", e.Finished+1, e.Members)
	}
	return fmt.Errorf("trainer: read ensemble: in %s, %s not trained to the end: resume the ensemble's training", dir, which)
}

// checkAlike refuses members that an ensemble's training would not have made.
func checkAlike(dirs []string, runs []RunConfig) error {
	for i := range runs[1:] {
		run := runs[i+1]
		run.Training.Seed = runs[0].Training.Seed
		part, err := difference(runs[0], run)
		if err != nil {
			return err
		}
		if part != "" {
			return fmt.Errorf("trainer: read ensemble: the %s settings of %s differ from those of %s", part, dirs[i+1], dirs[0])
		}
	}
	return nil
}
