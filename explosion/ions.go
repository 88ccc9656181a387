package explosion

// ions are the charged atoms of a molecule on their way. Neutral atoms feel no
// force and take no part.
type ions struct {
	atoms   []int     // the atom that each ion is, [n]
	masses  []float64 // electron masses, [n]
	inverse []float64 // 1/mass, [3n]
	pairs   []pair    // all i < j, by i and then by j
	state   []float64 // positions [3n], momenta [3n]
}

func newIons(m Molecule) *ions {
	s := &ions{}
	var charged []Atom
	for i, atom := range m.Atoms {
		if atom.Charge != 0 {
			mass := atom.MassDalton * DaltonElectronMass
			s.atoms = append(s.atoms, i)
			s.masses = append(s.masses, mass)
			s.inverse = append(s.inverse, 1/mass, 1/mass, 1/mass)
			charged = append(charged, atom)
		}
	}
	s.pairs = pairsOf(charged)
	s.state = make([]float64, 6*len(s.atoms))
	return s
}

func (s *ions) positions() []float64 { return s.state[:len(s.inverse)] }
func (s *ions) momenta() []float64   { return s.state[len(s.inverse):] }

// start takes the ions' part of the positions and momenta [3N] of a molecule,
// momenta nil at rest, into their centre-of-mass frame, where neither a displaced
// origin nor a common motion costs digits. It returns the velocity of that frame.
func (s *ions) start(positions, momenta []float64) (drift vector) {
	clear(s.momenta())
	for ion, atom := range s.atoms {
		copy(s.positions()[3*ion:3*ion+3], positions[3*atom:])
		if momenta != nil {
			copy(s.momenta()[3*ion:3*ion+3], momenta[3*atom:])
		}
	}
	moveToCentreOfMass(s.positions(), s.masses)
	if momenta == nil {
		return vector{}
	}
	total := 0.0
	for ion, mass := range s.masses {
		total += mass
		drift = drift.add(vectorAt(s.momenta(), 3*ion))
	}
	drift = drift.scale(1 / total)
	s.boost(drift.scale(-1))
	return drift
}

// finish writes the momenta in the frame of the input to those [3N] of a
// molecule.
func (s *ions) finish(momenta []float64, drift vector) {
	s.boost(drift)
	for ion, atom := range s.atoms {
		copy(momenta[3*atom:3*atom+3], s.momenta()[3*ion:])
	}
}

func (s *ions) boost(velocity vector) {
	momenta := s.momenta()
	for ion, mass := range s.masses {
		vectorAt(momenta, 3*ion).add(velocity.scale(mass)).put(momenta, 3*ion)
	}
}

// energy is that in the frame they are in.
func (s *ions) energy() float64 {
	return coulombEnergy(s.positions(), s.pairs) + KineticEnergyRelease(s.masses, s.momenta())
}
