package statedict

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Mapping says what tensors of a run are called in a state dict: patterns of our names' beginnings, with those that stand
// there instead. A * stands for one part of a name between dots, and comes again, in order, in the other name. Of the
// patterns that fit, the one with the most parts rules, and of those the one with the fewest stars; the empty one fits all
// names. Names that no pattern fits stay as they are.
//
//	{"coupling.*.scale": "flow.*.s_net", "coupling.*.shift": "flow.*.t_net"}
//
// takes coupling.3.scale.0.weight from flow.3.s_net.0.weight. The other name - leaves a tensor as the run has it.
//
// Layers of a network are numbered 0, 1, 2 here. In a torch.nn.Sequential with an activation between each two of them they
// are 0, 2, 4; which of both it is, is seen.
type Mapping map[string]string

// keep is the other name of tensors that are not taken from the state dict.
const keep = "-"

// ReadMapping reads a mapping from a file with a JSON object.
func ReadMapping(path string) (Mapping, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("statedict: read mapping: %w", err)
	}
	var m Mapping
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("statedict: read mapping: %s: want an object of texts, as {\"coupling.*.scale\": \"flow.*.s_net\"}: %w", path, err)
	}
	return m, nil
}

// name returns what a tensor of a run is called in a state dict.
func (m Mapping) name(ours string) string {
	for _, pattern := range m.patterns() {
		if name, ok := renamed(ours, pattern, m[pattern]); ok {
			return name
		}
	}
	return ours
}

// patterns returns them in the order of their rank.
func (m Mapping) patterns() []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(parts(b)-parts(a), strings.Count(a, "*")-strings.Count(b, "*"), strings.Compare(a, b))
	})
}

func parts(pattern string) int {
	if pattern == "" {
		return 0
	}
	return 1 + strings.Count(pattern, ".")
}

// renamed returns a name whose beginning fits the pattern with the other one in its place.
func renamed(name, pattern, other string) (string, bool) {
	parts := strings.Split(name, ".")
	var wanted, stars []string
	if pattern != "" {
		wanted = strings.Split(pattern, ".")
	}
	if len(wanted) > len(parts) {
		return "", false
	}
	for i, part := range wanted {
		if part == "*" {
			stars = append(stars, parts[i])
		} else if part != parts[i] {
			return "", false
		}
	}
	if other == keep {
		return keep, true
	}
	for _, star := range stars {
		other = strings.Replace(other, "*", star, 1)
	}
	all := parts[len(wanted):]
	if other != "" {
		all = append([]string{other}, all...)
	}
	return strings.Join(all, "."), true
}

// find returns the tensor of a run's name, and what it is called.
func (d Dict) find(ours string, m Mapping) (name string, t Tensor, ok bool) {
	if name = m.name(ours); name == keep {
		return name, Tensor{}, true
	}
	if sequential := d.doubled(name); sequential != "" {
		name = sequential
	}
	t, ok = d[name]
	return name, t, ok
}

// doubled returns the name of a network's layer in a torch.nn.Sequential with activations in between; none where the layers
// are not numbered so.
func (d Dict) doubled(name string) string {
	parts := strings.Split(name, ".")
	if len(parts) < 3 {
		return ""
	}
	layer, err := strconv.Atoi(parts[len(parts)-2])
	if err != nil || layer < 0 {
		return ""
	}
	at := func(layer int) string {
		parts[len(parts)-2] = strconv.Itoa(layer)
		return strings.Join(parts, ".")
	}
	_, second := d[at(1)]
	_, third := d[at(2)]
	if second || !third {
		return ""
	}
	return at(2 * layer)
}
