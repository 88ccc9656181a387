package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/gocei/gocei/dataset"
)

// printSummary prints what inspect found for people.
func printSummary(w io.Writer, path string, d dataset.Summary) error {
	fmt.Fprintf(w, "%s: %s; other columns: %d; duplicate rows: %d\n\n", path, contents(d), d.IgnoredColumns, d.DuplicateRows)
	g := textGrid{{"column", "min", "mean", "max", "sd", "role"}}
	for _, c := range d.Columns {
		role := string(c.Role)
		if c.Role == dataset.ColumnIndependent {
			role = "" // as most are, so that the others stand out
		}
		g = append(g, append(append([]string{c.Name}, alike(c.Min, c.Mean, c.Max, c.SD)...), role))
	}
	if err := g.print(w); err != nil {
		return err
	}
	if err := printKinematics(w, d); err != nil {
		return err
	}
	return printSuspicions(w, d.Suspicious)
}

// contents says what a table is of.
func contents(d dataset.Summary) string {
	if len(d.Atoms) == 0 {
		return fmt.Sprintf("%d rows of targets and conditions", d.Rows)
	}
	positions := "no positions"
	if d.PositionUnit != nil {
		positions = "positions in " + d.PositionUnit.Name
	}
	return fmt.Sprintf("%d events of %s\n%s, momenta in %s", d.Rows, strings.Join(d.Atoms, " "), positions, d.MomentumUnit.Name)
}

// printKinematics prints total momenta and energies, which a table without atoms has none of.
func printKinematics(w io.Writer, d dataset.Summary) error {
	if d.MomentumSum == nil {
		return nil
	}
	fmt.Fprintln(w)
	spreads := textGrid{{"per event", "5 %", "median", "95 %", "max"}, spreadLine("|Σp| ["+d.MomentumUnit.Name+"]", *d.MomentumSum)}
	if release := d.KineticEnergyReleaseEV; release != nil {
		spreads = append(spreads, spreadLine("KER [eV]", *release))
	}
	if err := spreads.print(w); err != nil {
		return err
	}
	if h := d.KineticEnergyReleaseHistogramEV; h != nil {
		fmt.Fprintln(w, "\nkinetic energy release [eV]")
		printHistogram(w, *h)
	}
	return nil
}

func spreadLine(name string, s dataset.Spread) []string {
	return append([]string{name}, alike(s.P5, s.Median, s.P95, s.Max)...)
}

// printSuspicions prints a paragraph for each finding.
func printSuspicions(w io.Writer, found []dataset.Suspicion) error {
	if len(found) == 0 {
		_, err := fmt.Fprintln(w, "\nnothing suspicious")
		return err
	}
	var err error
	fmt.Fprintln(w, "\nsuspicious")
	for _, f := range found {
		_, err = fmt.Fprintln(w, wrapped("  - ", suspicionText(f)))
	}
	return err
}

// suspicionText says how many rows it is about, which the text of one about the whole table does not.
func suspicionText(f dataset.Suspicion) string {
	if len(f.First) == 0 {
		return f.Text
	}
	var rows []string
	for _, row := range f.First {
		rows = append(rows, fmt.Sprint(row))
	}
	if f.Rows > len(f.First) {
		rows = append(rows, "…")
	}
	return fmt.Sprintf("%d %s (events %s, counted from 0)", f.Rows, f.Text, strings.Join(rows, ", "))
}
