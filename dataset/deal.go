package dataset

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// deal is how the sections of a table are dealt out: whole sections are validated
// and tested on, and the rows of all others trained on, part by part. Whole ones
// because they can be found again without reading the table, and because rows that
// lie together may be alike: what a model is judged by shall not have neighbours
// that it was trained on.
type deal struct {
	kept       []int // rows of each section that the selection keeps
	validation []int // sections, ascending, as are the others
	test       []int
	train      []int
	trainRows  int
	partRows   int // of an epoch
	seed       uint64
	shuffled   bool // sections are visited in another order in each pass
}

// Streams of random numbers beside that of SplitRows.
const (
	dealStream = 1
	passStream = 1 << 32 // and the passes after the first count on from it
)

// newDeal draws sections until there are as many rows as wanted to validate and to
// test on, or somewhat more.
func newDeal(kept []int, validation, test int, seed uint64) deal {
	d := deal{kept: kept, seed: seed}
	order := rand.New(rand.NewPCG(seed, dealStream)).Perm(len(kept))
	take := func(want int) (taken []int) {
		for rows := 0; rows < want && len(order) > 0; order = order[1:] {
			if n := kept[order[0]]; n > 0 {
				taken, rows = append(taken, order[0]), rows+n
			}
		}
		slices.Sort(taken)
		return taken
	}
	d.validation, d.test = take(validation), take(test)
	d.train = order
	slices.Sort(d.train)
	d.trainRows = d.rowsIn(d.train)
	return d
}

func (d deal) rowsIn(sections []int) (rows int) {
	for _, section := range sections {
		rows += d.kept[section]
	}
	return rows
}

// pass returns the training sections in the order in which a pass over the table,
// counted from 0, visits them.
func (d deal) pass(number int) []int {
	if !d.shuffled {
		return d.train
	}
	order := slices.Clone(d.train)
	random := rand.New(rand.NewPCG(d.seed, passStream+uint64(number)))
	random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// part returns what an epoch, counted from 1, trains on. Passes follow each other
// without a gap, and epochs take one stretch of them after another, so that each
// row comes once in a pass, whatever the rows of an epoch.
func (d deal) part(epoch int) (pieces []piece) {
	start := (epoch - 1) * d.partRows
	skip, left := start%d.trainRows, d.partRows
	for pass := start / d.trainRows; left > 0; pass++ {
		for _, section := range d.pass(pass) {
			n := d.kept[section]
			from := min(skip, n)
			to := min(n, from+left)
			if to > from {
				pieces = append(pieces, piece{section, from, to})
			}
			skip, left = skip-from, left-(to-from)
		}
	}
	return pieces
}

// inOrder returns pieces in the order of the table where that can be read anywhere:
// disks like it, and the trainer shuffles rows anyway. Elsewhere they are in it but
// where a pass ends and the next begins.
func (d deal) inOrder(pieces []piece) []piece {
	if d.shuffled {
		slices.SortFunc(pieces, func(a, b piece) int { return cmp.Or(a.section-b.section, a.from-b.from) })
	}
	return pieces
}

// whole returns the pieces that are all of some sections.
func (d deal) whole(sections []int) (pieces []piece) {
	for _, section := range sections {
		pieces = append(pieces, piece{section, 0, d.kept[section]})
	}
	return pieces
}
