package explosion

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseGridAxis reads an axis such as C-S=1:5:20 (a distance from 1 to 5 Å in 20
// values), O-C-S=140:180:20 (an angle in degrees) or H1-C1-C2-H2=0:180:7 (a
// dihedral). Atoms are called by their symbols in any case, with a number from 1
// where an element occurs several times.
func ParseGridAxis(m Molecule, text string) (GridAxis, error) {
	wrong := func(err error) (GridAxis, error) {
		return GridAxis{}, fmt.Errorf("explosion: parse grid axis %q: %w", text, err)
	}
	names, values, _ := strings.Cut(text, "=")
	numbers := strings.Split(values, ":")
	if len(numbers) != 3 {
		return wrong(fmt.Errorf("want ATOM-ATOM=FROM:TO:COUNT, with three or four atoms for an angle or a dihedral"))
	}
	var axis GridAxis
	for _, name := range strings.Split(names, "-") {
		atom, err := m.atomCalled(strings.TrimSpace(name))
		if err != nil {
			return wrong(err)
		}
		axis.Atoms = append(axis.Atoms, atom+1)
	}
	var err error
	for i, to := range []*float64{&axis.From, &axis.To} {
		if *to, err = strconv.ParseFloat(strings.TrimSpace(numbers[i]), 64); err != nil {
			return wrong(fmt.Errorf("%q: want a number", numbers[i]))
		}
	}
	if axis.Count, err = strconv.Atoi(strings.TrimSpace(numbers[2])); err != nil {
		return wrong(fmt.Errorf("%q: want a whole number", numbers[2]))
	}
	if err := axis.check(len(m.Atoms)); err != nil {
		return wrong(err)
	}
	return axis, nil
}

// atomCalled returns the index of an atom by its symbol, and number where there
// are several of its element.
func (m Molecule) atomCalled(name string) (int, error) {
	total, seen := map[string]int{}, map[string]int{}
	for _, symbol := range m.Symbols() {
		total[symbol]++
	}
	var labels []string
	for i, symbol := range m.Symbols() {
		seen[symbol]++
		label := symbol
		if total[symbol] > 1 {
			label += strconv.Itoa(seen[symbol])
		}
		if strings.EqualFold(label, name) {
			return i, nil
		}
		labels = append(labels, label)
	}
	return 0, fmt.Errorf("no atom %q: want one of %s", name, strings.Join(labels, ", "))
}
