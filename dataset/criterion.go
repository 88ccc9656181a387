package dataset

import (
	"errors"

	"github.com/gocei/gocei/explosion"
)

// criterion keeps some rows.
type criterion struct {
	name      string
	threshold *float64
	unit      string
	keep      func(row int) bool
}

func (c criterion) filter(rows []int) []int {
	kept := make([]int, 0, len(rows))
	for _, row := range rows {
		if c.keep(row) {
			kept = append(kept, row)
		}
	}
	return kept
}

func (s Selection) criteria(e *Events) (all []criterion, err error) {
	if e.Plain() && (s.MaxMomentumSumAU != nil || s.KERMinEV != nil || s.KERMaxEV != nil) {
		return nil, errors.New("the table has targets and conditions instead of atoms, of which there are neither momenta to add up nor energies")
	}
	if s.MaxMomentumSumAU != nil {
		sums, au := momentumSums(e), e.MomentumUnit.OrAtomic().AU
		all = append(all, criterion{CriterionMomentumSum, s.MaxMomentumSumAU, explosion.AtomicMomentum.Name, func(row int) bool { return sums[row]*au <= *s.MaxMomentumSumAU }})
	}
	if s.KERMinEV != nil || s.KERMaxEV != nil {
		if _, err := e.Masses(); err != nil {
			return nil, err
		}
		releases := kineticEnergyReleases(e)
		if s.KERMinEV != nil {
			all = append(all, criterion{CriterionKERMin, s.KERMinEV, "eV", func(row int) bool { return releases[row] >= *s.KERMinEV }})
		}
		if s.KERMaxEV != nil {
			all = append(all, criterion{CriterionKERMax, s.KERMaxEV, "eV", func(row int) bool { return releases[row] <= *s.KERMaxEV }})
		}
	}
	if s.Domain != nil {
		domain, err := s.Domain.domainCriteria(e)
		if err != nil {
			return nil, err
		}
		all = append(all, domain...)
	}
	return all, nil
}

// domainCriteria encodes events one by one where they cannot be encoded together,
// so that one that the frame cannot turn costs no other.
func (c Encoding) domainCriteria(e *Events) ([]criterion, error) {
	if _, err := c.conform(e); err != nil {
		return nil, err
	}
	turns, outside := make([]bool, e.Len()), make([]bool, e.Len())
	if conditions, err := c.EncodeMomenta(e); err == nil {
		outside = c.OutsideDomain(conditions)
		for i := range turns {
			turns[i] = true
		}
	} else {
		for i := range turns {
			conditions, err := c.EncodeMomenta(e.SelectRows([]int{i}))
			turns[i] = err == nil
			outside[i] = !turns[i] || c.OutsideDomain(conditions)[0]
		}
	}
	return []criterion{
		{name: CriterionFrame, keep: func(row int) bool { return turns[row] }},
		{name: CriterionTrainingDomain, keep: func(row int) bool { return !outside[row] }},
	}, nil
}
