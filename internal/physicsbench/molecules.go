package main

import (
	"context"
	"fmt"
	"io"

	"github.com/gocei/gocei/explosion"
)

// writeMolecules measures molecules of two to five atoms, every ion singly charged.
func writeMolecules(ctx context.Context, w io.Writer, s settings) error {
	names := []string{"N2", "H2O", "C2H2", "CH4", "CHBrClF"}
	rates := map[string]sample{}
	errors := map[string][]float64{}
	for round := range s.rounds {
		for _, name := range names {
			r, err := singlyCharged(name)
			if err != nil {
				return err
			}
			momenta, seconds, err := explode(ctx, with(r, explosion.MethodFast, tolerance, 20_000), 1)
			if err != nil {
				return err
			}
			rates[name] = append(rates[name], float64(len(momenta))/seconds)
			if round > 0 {
				continue
			}
			truth, _, err := explode(ctx, with(r, explosion.MethodReference, 1e-12, 500), 0)
			if err != nil {
				return err
			}
			for i := range truth {
				errors[name] = append(errors[name], relativeError(momenta[i], truth[i]))
			}
		}
	}
	fmt.Fprint(w, "## Molecules\n\nThe default method at its default tolerance, one worker, charges 1, each coordinate up to 0.25 Å off equilibrium.\n\n| | atoms | events/s | error: median | largest of 500 |\n|---|---|---|---|---|\n")
	for _, name := range names {
		r, err := singlyCharged(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "| %s | %d | %s | %.1e | %.1e |\n", name, len(r.Molecule.Atoms), rates[name], quantile(errors[name], 0.5), quantile(errors[name], 1))
	}
	_, err := fmt.Fprintln(w)
	return err
}

func singlyCharged(name string) (explosion.Recipe, error) {
	m, err := explosion.LookupMolecule(name)
	if err != nil {
		return explosion.Recipe{}, err
	}
	charges := make([]float64, len(m.Atoms))
	for i := range charges {
		charges[i] = 1
	}
	return explosion.Recipe{Molecule: m, Channels: []explosion.Channel{{Charges: charges}}, Events: 1}.Complete()
}
