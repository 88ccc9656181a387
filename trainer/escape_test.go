package trainer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/trainer"
)

// The names of an ensemble's members are made from numbers, so that no file of a run can name a place outside it.
func TestMembersStayInTheirFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	for _, member := range []int{-1, 0, 1, 10_000} {
		inside, err := filepath.Rel(dir, trainer.MemberDir(dir, member))
		assert.NoError(t, err)
		assert.True(t, filepath.IsLocal(inside), inside)
		assert.NotContains(t, inside, string(filepath.Separator))
	}
}

func TestEnsembleFileHasALimit(t *testing.T) {
	dir := t.TempDir()
	text := `{"format": 1, "members": 2, "finished": 2}` + strings.Repeat(" ", 65<<20)
	assert.NoError(t, os.WriteFile(filepath.Join(dir, trainer.EnsembleFile), []byte(text), 0o600))
	_, err := trainer.ReadEnsemble(dir)
	assert.ErrorContains(t, err, "more than 67108864 bytes")
}
