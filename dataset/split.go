package dataset

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Fractions are the shares of the rows that each part of a split gets. They add
// up to 1; validation and test may be 0.
type Fractions struct {
	Train      float64 `json:"train"`
	Validation float64 `json:"validation"`
	Test       float64 `json:"test"`
}

// DefaultFractions are 70 % to fit models on, 15 % to choose among them and 15 %
// to judge the chosen.
var DefaultFractions = Fractions{Train: 0.70, Validation: 0.15, Test: 0.15}

// Partition holds the indices of the rows in each part. Every row is in exactly
// one.
type Partition struct {
	Train      []int `json:"train"`
	Validation []int `json:"validation"`
	Test       []int `json:"test"`
}

// leastShare keeps the answer to "how many rows does that take?" in bounds.
const leastShare = 1e-6

// SplitRows deals n rows out at random. The same n, fractions and seed give the
// same partition. The borders between the parts are rounded to the nearest row;
// a part with a share above 0 must not stay empty, and the error says how many
// rows that takes.
func SplitRows(n int, f Fractions, seed uint64) (Partition, error) {
	if err := f.check(); err != nil {
		return Partition{}, err
	}
	if !f.enough(n, 1) {
		return Partition{}, fmt.Errorf("dataset: split rows: %d rows are too few for parts of %g/%g/%g: want at least %d", n, f.Train, f.Validation, f.Test, f.rowsFor(n, 1))
	}
	first, second := f.borders(n)
	order := rand.New(rand.NewPCG(seed, 0)).Perm(n)
	return Partition{Train: order[:first:first], Validation: order[first:second:second], Test: order[second:]}, nil
}

func (f Fractions) check() error {
	for _, share := range []float64{f.Train, f.Validation, f.Test} {
		if share != 0 && !(share >= leastShare && share <= 1) || f.Train == 0 || !(math.Abs(f.Train+f.Validation+f.Test-1) <= 1e-9) {
			return fmt.Errorf("dataset: split rows: parts of %g/%g/%g: want shares that add up to 1, the first above 0, none below %g but 0 itself", f.Train, f.Validation, f.Test, leastShare)
		}
	}
	return nil
}

// borders returns where the validation and test parts begin.
func (f Fractions) borders(n int) (validation, test int) {
	validation = int(math.Round(f.Train * float64(n)))
	test = int(math.Round((f.Train + f.Validation) * float64(n)))
	return validation, test
}

// enough reports whether n rows put as many as wanted into the training part
// and leave no part with a share of its own empty.
func (f Fractions) enough(n, train int) bool {
	validation, test := f.borders(n)
	return validation >= train && (test > validation || f.Validation == 0) && (n > test || f.Test == 0)
}

// rowsFor returns the smallest number of rows, not below n, that are enough.
func (f Fractions) rowsFor(n, train int) int {
	for n = max(n, 0); !f.enough(n, train); n++ {
	}
	return n
}
