package serve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/internal/excerpt"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// Model is a trained model under the name that requests call it by.
type Model struct {
	Name    string
	Version string // the first digits of the SHA-256 of its weights
	Inverse *posterior.Inverse
	// Recipe, if there is one, says the charges that the kinetic energy release takes.
	Recipe *explosion.Recipe
}

var modelName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Open returns the best model of a run directory under a name of letters, digits, dots, dashes and underscores. Close its
// Inverse when done.
func Open(ctx context.Context, name, dir string, choices ...posterior.Option) (*Model, error) {
	if !modelName.MatchString(name) {
		return nil, fmt.Errorf("serve: name model: %s: want 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first", excerpt.Of(name))
	}
	inverse, err := posterior.Open(ctx, dir, choices...)
	if err != nil {
		return nil, fmt.Errorf("serve: open model %s: %w", name, err)
	}
	version, err := weightsVersion(dir)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("serve: open model %s: %w", name, err), inverse.Close())
	}
	return &Model{Name: name, Version: version, Inverse: inverse}, nil
}

// weightsVersion is made of the weights of all members.
func weightsVersion(dir string) (string, error) {
	dirs, err := trainer.RunDirs(dir)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, member := range dirs {
		f, err := os.Open(filepath.Join(member, trainer.ModelFile))
		if err != nil {
			return "", err
		}
		_, err = io.Copy(sum, f)
		_ = f.Close() // it was read
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}
