package mlflow

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/gocei/gocei/internal/atomicfile"
)

// File is the usual name of the file that keeps a run's id, in a run directory.
const File = "mlflow.json"

// kept is what that file holds: which run of which server. No password is in it.
type kept struct {
	URI          string `json:"tracking_uri"`
	Experiment   string `json:"experiment"`
	ExperimentID string `json:"experiment_id"`
	RunID        string `json:"run_id"`
}

// readKept returns what a file keeps, zero where there is none.
func readKept(path string) (k kept, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return kept{}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &k)
	}
	if err != nil {
		return kept{}, fmt.Errorf("mlflow: read run's id: %s: %w", path, err)
	}
	return k, nil
}

func (k kept) write(path string) error {
	text, err := json.MarshalIndent(k, "", "  ")
	if err == nil {
		err = atomicfile.Write(path, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("mlflow: keep run's id: %w", err)
	}
	return nil
}
