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
	axis, count, err := m.parseAxis(text, "FROM:TO:COUNT")
	if err == nil {
		if axis.Count, err = strconv.Atoi(count[0]); err != nil {
			err = fmt.Errorf("%q: want a whole number", count[0])
		}
	}
	if err == nil {
		err = axis.check(len(m.Atoms))
	}
	if err != nil {
		return GridAxis{}, fmt.Errorf("explosion: parse grid axis %q: %w", text, err)
	}
	return axis, nil
}

// ParseInternalRange reads a range such as C-S=0.9:2.2 (a distance in Å) or
// O-C-S=140:180 (an angle in degrees), with atoms called as in ParseGridAxis.
func ParseInternalRange(m Molecule, text string) (InternalRange, error) {
	axis, _, err := m.parseAxis(text, "FROM:TO")
	r := InternalRange{axis.Atoms, axis.From, axis.To}
	if err == nil {
		err = r.check(len(m.Atoms))
	}
	if err != nil {
		return InternalRange{}, fmt.Errorf("explosion: parse range %q: %w", text, err)
	}
	return r, nil
}

// parseAxis reads atoms and ends of an axis in the form ATOM-ATOM=FROM:TO…, and
// returns what follows them.
func (m Molecule) parseAxis(text, form string) (axis GridAxis, more []string, err error) {
	names, values, _ := strings.Cut(text, "=")
	numbers := strings.Split(values, ":")
	if len(numbers) != 1+strings.Count(form, ":") {
		return axis, nil, fmt.Errorf("want ATOM-ATOM=%s, with three or four atoms for an angle or a dihedral", form)
	}
	for _, name := range strings.Split(names, "-") {
		atom, err := m.atomCalled(strings.TrimSpace(name))
		if err != nil {
			return axis, nil, err
		}
		axis.Atoms = append(axis.Atoms, atom+1)
	}
	for i := range numbers {
		numbers[i] = strings.TrimSpace(numbers[i])
	}
	for i, to := range []*float64{&axis.From, &axis.To} {
		if *to, err = strconv.ParseFloat(numbers[i], 64); err != nil {
			return axis, nil, fmt.Errorf("%q: want a number", numbers[i])
		}
	}
	return axis, numbers[2:], nil
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
