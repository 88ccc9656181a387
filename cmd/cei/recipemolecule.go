package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/explosion/moleculefile"
)

// changeMolecule puts in the molecule and its charges. Charges that come with another molecule replace the recipe's.
func (o recipeOptions) changeMolecule(r *explosion.Recipe) (err error) {
	if o.Recipe == "" || o.Molecule != "" {
		if r.Molecule, err = lookupMolecule(cmp.Or(o.Molecule, "OCS")); err != nil {
			return fmt.Errorf("--molecule: %w", err)
		}
		if charged(r.Molecule) {
			r.Channels = nil
		}
	}
	if o.Isotopes != nil {
		if r.Molecule, err = r.Molecule.WithIsotopes(o.Isotopes); err != nil {
			return fmt.Errorf("--isotopes: %w", err)
		}
	}
	return o.changeChannels(r)
}

func (o recipeOptions) changeChannels(r *explosion.Recipe) (err error) {
	switch {
	case o.Charges != nil && o.Channels != "":
		return errors.New("--charges are those of one channel, --channels of several: give one of them")
	case o.Charges != nil:
		r.Channels = []explosion.Channel{{Charges: o.Charges}}
	case o.Channels != "":
		r.Channels, err = parseChannels(o.Channels)
	case r.Channels == nil && !charged(r.Molecule) && r.Molecule.Name == "OCS":
		r.Channels = []explosion.Channel{{Charges: []float64{2, 2, 2}}}
	case r.Channels == nil && !charged(r.Molecule):
		return fmt.Errorf("--charges are needed: one for each of the atoms %v", r.Molecule.Symbols())
	}
	return err
}

func charged(m explosion.Molecule) bool {
	for _, atom := range m.Atoms {
		if atom.Charge != 0 {
			return true
		}
	}
	return false
}

// lookupMolecule takes a name that ends as a file's does for a file.
func lookupMolecule(name string) (explosion.Molecule, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xyz", ".yaml", ".yml":
		return moleculefile.Read(name)
	}
	return explosion.LookupMolecule(name)
}

// parseChannels reads '2,2,2:3; 1,1,1:1'.
func parseChannels(text string) (channels []explosion.Channel, err error) {
	for _, part := range strings.Split(text, ";") {
		charges, weight, weighted := strings.Cut(part, ":")
		c := explosion.Channel{Weight: 1}
		for _, field := range strings.Split(charges, ",") {
			charge, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
			if err != nil {
				return nil, fmt.Errorf("--channels: %q is no charge: want channels as '2,2,2:3; 1,1,1:1'", field)
			}
			c.Charges = append(c.Charges, charge)
		}
		if weighted {
			if c.Weight, err = strconv.ParseFloat(strings.TrimSpace(weight), 64); err != nil || !(c.Weight > 0) {
				return nil, fmt.Errorf("--channels: %q is no weight above 0: want channels as '2,2,2:3; 1,1,1:1'", weight)
			}
		}
		channels = append(channels, c)
	}
	return channels, nil
}
