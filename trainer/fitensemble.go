package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/gocei/gocei/dataset"
)

// FitEnsemble trains an ensemble in the directory c.Dir: several models on the same data with the same settings, which
// differ by their seeds alone and so by first weights and shuffling, one after the other. Their equal mixture is more
// accurate than each of them and less overconfident (Lakshminarayanan, Pritzel & Blundell 2017, Simple and scalable
// predictive uncertainty estimation using deep ensembles, arXiv:1612.01474; for posteriors: Hermans et al. 2022, A trust
// crisis in simulation-based inference?, arXiv:2110.06581).
//
// It calls newModel for each member in turn, from 1, with that member's seed for the first weights, trains what it
// returns as Fit does, and closes it if it is an io.Closer. Member 1 is, to the bit, what Fit makes of c alone. The
// weights are left in the members' run directories (see MemberDir). A Source gives all members the same rows.
//
// With c.Group, all processes train one member after the other together. With c.MembersAtOnce, several members train side by
// side, each with its own copy of the data on the device; see the package's section on CUDA graphs. An error then ends one
// member, the others under way go on, and none is begun any more. newModel, c.Progress and c.Warn are called by one goroutine
// at a time all the same.
//
// With c.Resume, members that have ended stay as they are, those that were interrupted continue, and those that are
// missing are trained, also where the ensemble had fewer. Without it, an earlier run or ensemble in c.Dir is replaced.
//
// The results are those of the members, in their order, as far as training came; nil is that of a member that could not begin
// while a later one could.
func FitEnsemble(ctx context.Context, members int, newModel func(member int, seed uint64) (Model, error), d *dataset.Split, c Config) ([]*Result, error) {
	e, err := openEnsemble(members, c)
	if err != nil {
		return nil, err
	}
	if !c.follows() {
		release, err := lockDir(c.Dir)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	if c.MembersAtOnce > 1 {
		return e.fitAtOnce(ctx, newModel, d)
	}
	return e.fitInTurn(ctx, newModel, d)
}

// newMember makes the model of a member, with its seed.
type newMember func(member int, seed uint64) (Model, error)

// fitInTurn trains one member after the other, up to the first error.
func (e *ensembleFit) fitInTurn(ctx context.Context, newModel newMember, d *dataset.Split) ([]*Result, error) {
	var results []*Result
	for member := 1; member <= e.members; member++ {
		result, err := e.fit(ctx, member, newModel, d)
		if result != nil {
			results = append(results, result)
		}
		if err != nil {
			return results, fmt.Errorf("trainer: member %d of %d: %w", member, e.members, err)
		}
	}
	return results, nil
}

// ensembleFit is an ensemble's training under way.
type ensembleFit struct {
	config  Config        // of the whole
	members int           // that are asked for
	claimed chan struct{} // closed when the directory was claimed

	mutex  sync.Mutex // of what follows, and of the caller's functions
	kept   Ensemble   // what ensemble.json holds; zero for nothing
	before int        // the first so many members had ended before
	ended  []bool     // members that have ended since
}

func openEnsemble(members int, c Config) (*ensembleFit, error) {
	e := &ensembleFit{config: c, members: members, claimed: make(chan struct{}), ended: make([]bool, max(members, 0))}
	switch {
	case members < 2:
		return nil, fmt.Errorf("trainer: fit ensemble: need 2 members or more, got %d", members)
	case c.Dir == "":
		return nil, fmt.Errorf("trainer: fit ensemble: need a directory for the members")
	case !c.Resume || c.follows():
		return e, nil
	}
	var err error
	e.kept, err = ReadEnsemble(c.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = nil
		if exists(c.Dir, ConfigFile) {
			err = fmt.Errorf("trainer: resume %s: it holds a single run, and an ensemble was asked for", c.Dir)
		}
	case err == nil && e.kept.Members > members:
		err = fmt.Errorf("trainer: resume %s: it holds an ensemble of %d members, and %d are asked for", c.Dir, e.kept.Members, members)
	}
	e.before = e.kept.Finished
	return e, err
}

func (e *ensembleFit) fit(ctx context.Context, member int, newModel newMember, d *dataset.Split) (result *Result, err error) {
	c := e.configOf(member)
	m, err := e.newModel(member, c.Seed, newModel)
	if err != nil {
		return nil, err
	}
	if closer, ok := m.(io.Closer); ok {
		defer func() { err = errors.Join(err, closer.Close()) }()
	}
	result, err = fit(ctx, m, d, c, func(f *fitter) error { return e.claim(member, f.ended()) })
	if err == nil && !c.follows() {
		err = e.end(member)
	}
	return result, err
}

func (e *ensembleFit) configOf(member int) Config {
	c := e.config
	c.Dir, c.Seed = MemberDir(c.Dir, member), MemberSeed(c.Seed, member)
	if c.Progress != nil {
		c.Progress = func(p Progress) {
			p.Member, p.Members = member, e.members
			e.mutex.Lock()
			defer e.mutex.Unlock()
			e.config.Progress(p)
		}
	}
	if c.Warn != nil {
		c.Warn = func(message string) {
			e.mutex.Lock()
			defer e.mutex.Unlock()
			e.config.Warn(message)
		}
	}
	return c
}

func (e *ensembleFit) newModel(member int, seed uint64, newModel newMember) (Model, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return newModel(member, seed)
}

// claim prepares the ensemble's directory for a member's training, which may have ended before. The first member's comes
// first. Where one has not ended, later ones may not have either, by what is asked for this time.
func (e *ensembleFit) claim(member int, ended bool) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if member == 1 && !e.config.Resume {
		if err := errors.Join(removeEnsemble(e.config.Dir), removeRun(e.config.Dir)); err != nil {
			return err
		}
	}
	if !ended {
		e.before = min(e.before, member-1)
	}
	if err := e.keep(); err != nil {
		return err
	}
	if member == 1 {
		close(e.claimed)
	}
	return nil
}

// end takes down that a member is trained to its end.
func (e *ensembleFit) end(member int) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.ended[member-1] = true
	return e.keep()
}

// keep writes ensemble.json where that changes it.
func (e *ensembleFit) keep() error {
	finished := e.before
	for finished < e.members && e.ended[finished] {
		finished++
	}
	next := Ensemble{Format: ensembleFormat, Members: e.members, Finished: finished}
	if next == e.kept {
		return nil
	}
	e.kept = next
	return next.write(e.config.Dir)
}

// claimDir prepares a directory for a run that is no ensemble's.
func (f *fitter) claimDir() error {
	if !f.config.Resume {
		return removeEnsemble(f.config.Dir)
	}
	if exists(f.config.Dir, EnsembleFile) {
		return fmt.Errorf("trainer: resume %s: it holds an ensemble, and a single run was asked for", f.config.Dir)
	}
	return nil
}

// removeEnsemble removes an ensemble with its members: the directories that have their names beside an ensemble.json,
// however many that says, which goes last.
func removeEnsemble(dir string) error {
	if !exists(dir, EnsembleFile) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if err == nil && entry.IsDir() && isMember(entry.Name()) {
			err = os.RemoveAll(filepath.Join(dir, entry.Name()))
		}
	}
	if err == nil {
		err = os.Remove(filepath.Join(dir, EnsembleFile))
	}
	if err != nil {
		return fmt.Errorf("trainer: replace ensemble: %w", err)
	}
	return nil
}

func isMember(name string) bool {
	number, ok := strings.CutPrefix(name, memberPrefix)
	member, err := strconv.Atoi(number)
	return ok && err == nil && member > 0
}

// removeRun removes a run's files.
func removeRun(dir string) error {
	for _, name := range []string{PreviousStateFile, StateFile, ModelFile, MetricsFile, ConfigFile} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("trainer: replace run: %w", err)
		}
	}
	_ = os.Remove(filepath.Join(dir, filepath.Dir(StateFile))) // stays where it holds other things
	return nil
}
