package trainer_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// fitEnsemble trains an ensemble of small models, which has to succeed.
func fitEnsemble(t *testing.T, members int, split *dataset.Split, c trainer.Config) []*trainer.Result {
	t.Helper()
	results, err := trainer.FitEnsemble(context.Background(), members, smallMembers(t), split, c)
	require.NoError(t, err)
	require.Len(t, results, members)
	return results
}

func smallMembers(t *testing.T) func(int, uint64) (trainer.Model, error) {
	return func(_ int, seed uint64) (trainer.Model, error) { return newRegression(t, seed), nil }
}

func ensembleConfig(dir string, resume bool) trainer.Config {
	c := quick()
	c.Epochs, c.Seed, c.Dir, c.Resume = 3, 4, dir, resume
	return c
}

func requireSameEnsemble(t *testing.T, members int, whole, broken string) {
	t.Helper()
	for member := 1; member <= members; member++ {
		requireSameRun(t, trainer.MemberDir(whole, member), trainer.MemberDir(broken, member))
	}
	want, err := trainer.ReadEnsemble(whole)
	require.NoError(t, err)
	got, err := trainer.ReadEnsemble(broken)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Equal(t, trainer.Ensemble{Format: 1, Members: members, Finished: members}, got)
}

func TestMembersDifferByTheirSeedsAlone(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir, single := smoothSplit(t, 200), t.TempDir(), t.TempDir()
	seen := map[int]int{}
	c := ensembleConfig(dir, false)
	c.Progress = func(p trainer.Progress) {
		require.Equal(t, 3, p.Members)
		if p.Metrics != nil {
			seen[p.Member]++
		}
	}
	results := fitEnsemble(t, 3, split, c)
	require.Equal(t, map[int]int{1: 3, 2: 3, 3: 3}, seen)

	_, err := trainer.Fit(context.Background(), newRegression(t, 4), split, ensembleConfig(single, false))
	require.NoError(t, err)
	requireSameRun(t, single, trainer.MemberDir(dir, 1))

	dirs, runs, err := trainer.ReadRuns(dir)
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "member-1"), filepath.Join(dir, "member-2"), filepath.Join(dir, "member-3")}, dirs)
	for i, run := range runs {
		require.Equal(t, trainer.MemberSeed(4, i+1), run.Training.Seed)
		run.Training.Seed = runs[0].Training.Seed
		require.Equal(t, runs[0], run)
		require.Equal(t, 3, results[i].Epochs)
		for j := range i {
			require.NotEqual(t, course(t, dirs[i]), course(t, dirs[j]))
		}
	}
	of, err := trainer.ReadRunConfig(dir)
	require.NoError(t, err)
	require.Equal(t, runs[0], of, "an ensemble's config is its first member's")
}

// Members' seeds must not meet those of other members, also not of another seed's ensemble.
func TestMemberSeedsDiffer(t *testing.T) {
	seen := map[uint64][2]uint64{}
	for seed := range uint64(100) {
		require.Equal(t, seed, trainer.MemberSeed(seed, 1))
		for member := 1; member <= 20; member++ {
			s := trainer.MemberSeed(seed, member)
			before, ok := seen[s]
			require.False(t, ok, "seed %d, member %d as %v", seed, member, before)
			seen[s] = [2]uint64{seed, uint64(member)}
		}
	}
}

func TestInterruptedEnsembleResumesExactly(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole := smoothSplit(t, 100), t.TempDir()
	fitEnsemble(t, 3, split, ensembleConfig(whole, true))
	for looks := int64(1); looks < 30; looks += 2 {
		broken := t.TempDir()
		_, err := trainer.FitEnsemble(newMoody(looks), 3, smallMembers(t), split, ensembleConfig(broken, false))
		require.ErrorIs(t, err, context.Canceled, "look %d", looks)
		require.ErrorContains(t, err, "of 3: ")
		_, _, err = trainer.ReadRuns(broken)
		require.ErrorContains(t, err, "not trained to the end")
		fitEnsemble(t, 3, split, ensembleConfig(broken, true))
		requireSameEnsemble(t, 3, whole, broken)
	}
}

func TestResumedEnsembleGrows(t *testing.T) {
	bindingtest.NoLeak(t)
	split, whole, grown := smoothSplit(t, 100), t.TempDir(), t.TempDir()
	fitEnsemble(t, 3, split, ensembleConfig(whole, false))
	fitEnsemble(t, 2, split, ensembleConfig(grown, false))
	fitEnsemble(t, 3, split, ensembleConfig(grown, true))
	requireSameEnsemble(t, 3, whole, grown)

	_, err := trainer.FitEnsemble(context.Background(), 2, smallMembers(t), split, ensembleConfig(grown, true))
	require.ErrorContains(t, err, "an ensemble of 3 members, and 2 are asked for")
	requireSameEnsemble(t, 3, whole, grown)
}

// A resumed ensemble with nothing left to train stays whole wherever that is interrupted, and so does one that is to be
// resumed with other settings. One with more epochs to train is not whole until they are.
func TestFinishedEnsembleStaysWhole(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 100), t.TempDir()
	fitEnsemble(t, 2, split, ensembleConfig(dir, false))
	whole := func() bool { _, _, err := trainer.ReadRuns(dir); return err == nil }
	fitEnsemble(t, 2, split, ensembleConfig(dir, true))
	require.True(t, whole())

	other := ensembleConfig(dir, true)
	other.Batch = 17
	_, err := trainer.FitEnsemble(context.Background(), 2, smallMembers(t), split, other)
	require.ErrorContains(t, err, "member 1 of 2: ")
	require.ErrorContains(t, err, "training settings differ")
	require.True(t, whole())

	longer := ensembleConfig(dir, true)
	longer.Epochs = 5
	_, err = trainer.FitEnsemble(newMoody(4), 2, smallMembers(t), split, longer)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, whole())
	fitEnsemble(t, 2, split, longer)
	require.True(t, whole())
	require.Len(t, course(t, trainer.MemberDir(dir, 2)), 5)
}

func TestEnsembleAndRunReplaceEachOther(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 100), t.TempDir()
	names := func() (names []string) {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	fit := func(resume bool) error {
		_, err := trainer.Fit(context.Background(), newRegression(t, 4), split, ensembleConfig(dir, resume))
		return err
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "member-notes"), 0o700))
	require.NoError(t, fit(false))
	run := []string{"config.json", "last", "member-notes", "metrics.jsonl", "model.safetensors"}
	require.Equal(t, run, names())
	_, err := trainer.FitEnsemble(context.Background(), 3, smallMembers(t), split, ensembleConfig(dir, true))
	require.ErrorContains(t, err, "holds a single run")
	require.Equal(t, run, names())

	fitEnsemble(t, 3, split, ensembleConfig(dir, false))
	require.Equal(t, []string{"ensemble.json", "member-1", "member-2", "member-3", "member-notes"}, names())
	require.ErrorContains(t, fit(true), "holds an ensemble")
	fitEnsemble(t, 2, split, ensembleConfig(dir, false))
	require.Equal(t, []string{"ensemble.json", "member-1", "member-2", "member-notes"}, names())
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.EnsembleFile), []byte("garbage"), 0o600))
	require.NoError(t, fit(false))
	require.Equal(t, run, names())
}

// What is found wrong before training starts takes nothing away.
func TestEnsembleThatCannotStartLeavesWhatIsThere(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 100), t.TempDir()
	fitEnsemble(t, 2, split, ensembleConfig(dir, false))
	wrong := ensembleConfig(dir, false)
	wrong.Batch = 0
	_, err := trainer.FitEnsemble(context.Background(), 3, smallMembers(t), split, wrong)
	require.ErrorContains(t, err, "batch must be at least 1")
	_, err = trainer.FitEnsemble(context.Background(), 3, func(int, uint64) (trainer.Model, error) { return nil, fs.ErrInvalid }, split, ensembleConfig(dir, false))
	require.ErrorIs(t, err, fs.ErrInvalid)
	_, _, err = trainer.ReadRuns(dir)
	require.NoError(t, err)
}

func TestFitEnsembleRefuses(t *testing.T) {
	split := smoothSplit(t, 100)
	_, err := trainer.FitEnsemble(context.Background(), 1, smallMembers(t), split, ensembleConfig(t.TempDir(), false))
	require.ErrorContains(t, err, "need 2 members or more")
	_, err = trainer.FitEnsemble(context.Background(), 2, smallMembers(t), split, ensembleConfig("", false))
	require.ErrorContains(t, err, "need a directory")
}

func TestReadRunsNamesWhatIsWrong(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 100)
	config := func(change func(run map[string]any)) func(dir string) error {
		return func(dir string) error {
			path := filepath.Join(trainer.MemberDir(dir, 2), trainer.ConfigFile)
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			var run map[string]any
			if err := json.Unmarshal(text, &run); err != nil {
				return err
			}
			change(run)
			if text, err = json.Marshal(run); err != nil {
				return err
			}
			return os.WriteFile(path, text, 0o600)
		}
	}
	ensemble := func(text string) func(dir string) error {
		return func(dir string) error {
			return os.WriteFile(filepath.Join(dir, trainer.EnsembleFile), []byte(text), 0o600)
		}
	}
	for says, spoil := range map[string]func(dir string) error{
		"is DIR/member-2 a run directory?":                                        func(dir string) error { return os.RemoveAll(trainer.MemberDir(dir, 2)) },
		"the split settings of DIR/member-2 differ from those of DIR/member-1":    config(func(run map[string]any) { run["split"].(map[string]any)["seed"] = 9 }),
		"the model settings of DIR/member-2 differ from those of DIR/member-1":    config(func(run map[string]any) { run["model"].(map[string]any)["kind"] = "other" }),
		"the training settings of DIR/member-2 differ from those of DIR/member-1": config(func(run map[string]any) { run["training"].(map[string]any)["noise"] = 7 }),
		"DIR/ensemble.json: unexpected end of JSON input":                         ensemble(""),
		"DIR/ensemble.json has format 9":                                          ensemble(`{"format":9}`),
		"1 members, 0 of them finished":                                           ensemble(`{"format":1,"members":1}`),
		"3 members, 4 of them finished":                                           ensemble(`{"format":1,"members":3,"finished":4}`),
		"in DIR, member 2 is not trained to the end":                              ensemble(`{"format":1,"members":2,"finished":1}`),
		"in DIR, members 2 to 5 are not trained to the end":                       ensemble(`{"format":1,"members":5,"finished":1}`),
	} {
		dir := t.TempDir()
		fitEnsemble(t, 2, split, ensembleConfig(dir, false))
		require.NoError(t, spoil(dir))
		_, _, err := trainer.ReadRuns(dir)
		require.ErrorContains(t, err, strings.ReplaceAll(says, "DIR", dir))
	}
}

// The length of training may differ, as of a member that was continued alone.
func TestReadRunsAllowsMembersOfOtherLength(t *testing.T) {
	bindingtest.NoLeak(t)
	split, dir := smoothSplit(t, 100), t.TempDir()
	fitEnsemble(t, 2, split, ensembleConfig(dir, false))
	alone := ensembleConfig(trainer.MemberDir(dir, 2), true)
	alone.Epochs, alone.Seed = 5, trainer.MemberSeed(4, 2)
	_, err := trainer.Fit(context.Background(), newRegression(t, alone.Seed), split, alone)
	require.NoError(t, err)
	_, _, err = trainer.ReadRuns(dir)
	require.NoError(t, err)
}

func TestRunDirsOfARunIsItself(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		dirs, err := trainer.RunDirs(dir)
		require.NoError(t, err)
		require.Equal(t, []string{dir}, dirs)
	}
	_, err := trainer.ReadEnsemble(t.TempDir())
	require.ErrorIs(t, err, fs.ErrNotExist)
}
