// Package launch finds a process's place among those that train together from the environment that a launcher gives it. It
// starts no processes itself: torchrun, Kubeflow, Slurm and Kubernetes do, and are looked for in this order.
//
// Variables of a launcher that are there in part, or contradict each other, are an error that names them: a process that trains
// alone where others wait for it would be noticed late.
package launch

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Place is a process's place among those that train together.
type Place struct {
	Launcher string // whose variables say so; empty for a process that trains alone
	Rank     int    // from 0
	Size     int

	LocalRank, LocalSize int // among the processes on this machine, as far as is known
	Cores                int // that the launcher gave this process; 0 where it does not say

	Host string // of process 0
	Port int    // where it listens

	Note string // what the user may have meant otherwise; empty for nothing
}

// Alone is the place of a process that trains alone.
func Alone() Place { return Place{Size: 1, LocalSize: 1} }

// DefaultPort is where process 0 listens if nothing says otherwise: torchrun's.
const DefaultPort = 29500

// Lookup returns the value of an environment variable and whether it is set, as os.LookupEnv does.
type Lookup func(name string) (value string, set bool)

// FromEnvironment returns the process's place. An empty variable is none.
func FromEnvironment(lookup Lookup) (Place, error) {
	for _, launcher := range []struct {
		name string
		read func(*reader) (Place, bool)
	}{
		{"torchrun", torchrun}, {"Kubeflow", kubeflow}, {"Slurm", slurm}, {"Kubernetes", kubernetes},
	} {
		r := &reader{lookup: lookup}
		p, there := launcher.read(r)
		if !there {
			continue
		}
		p.Launcher = launcher.name
		return r.checked(p)
	}
	r := &reader{lookup: lookup}
	if r.has("WORLD_SIZE") && r.number("WORLD_SIZE", 1) > 1 {
		return Place{}, errors.New("launch: WORLD_SIZE says that there are several processes, and no variable which of them this is: RANK, SLURM_PROCID or JOB_COMPLETION_INDEX")
	}
	return Alone(), r.err
}

// checked returns what a launcher said if it makes sense. One process needs no address of itself.
func (r *reader) checked(p Place) (Place, error) {
	switch {
	case r.err != nil:
		return Place{}, fmt.Errorf("launch: %s's variables: %w", p.Launcher, r.err)
	case p.Rank >= p.Size:
		return Place{}, fmt.Errorf("launch: %s's variables: process %d of %d: want 0 to %d (%s)", p.Launcher, p.Rank, p.Size, p.Size-1, strings.Join(r.read, ", "))
	case p.Size == 1:
		alone := Alone()
		alone.Note = p.Note
		return alone, nil
	}
	p.LocalSize = max(p.LocalSize, p.LocalRank+1)
	return p, nil
}

// reader reads variables, keeps the first error, and remembers which ones it read.
type reader struct {
	lookup Lookup
	read   []string
	err    error
}

func (r *reader) has(name string) bool { return r.text(name, "") != "" }

// text returns a variable's value, or another if it is not set.
func (r *reader) text(name, other string) string {
	if value, set := r.lookup(name); set && strings.TrimSpace(value) != "" {
		return strings.TrimSpace(value)
	}
	return other
}

// needed returns the value of a variable that must be set.
func (r *reader) needed(name string) string {
	value := r.text(name, "")
	if value == "" {
		r.fail(fmt.Errorf("%s is not set", name))
	}
	return value
}

// number returns the value of a variable that must be set to a whole number.
func (r *reader) number(name string, least int) int {
	value := r.needed(name)
	r.read = append(r.read, name)
	n, err := strconv.Atoi(value)
	if value != "" && (err != nil || n < least || n > most) {
		r.fail(fmt.Errorf("%s is %q: want a whole number from %d on", name, value, least))
		return least
	}
	return n
}

// most is more than any number of processes, nodes or ports.
const most = 1 << 30

// numberOr returns another number where the variable is not set.
func (r *reader) numberOr(name string, least, other int) int {
	if !r.has(name) {
		return other
	}
	return r.number(name, least)
}

// port returns a port that must be set to one.
func (r *reader) port(name string) int {
	n := r.number(name, 1)
	if n > 65535 {
		r.fail(fmt.Errorf("%s is %d: want a port from 1 to 65535", name, n))
	}
	return n
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}
