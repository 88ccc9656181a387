package dataset

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
)

// hashes returns a hash of the bits of each event.
func hashes(e *Events, seed maphash.Seed) []uint64 {
	var hash maphash.Hash
	hash.SetSeed(seed)
	all := make([]uint64, e.Len())
	for i := range all {
		hash.Reset()
		writeBits(&hash, e.Momenta.Row(i))
		if e.HasPositions() {
			writeBits(&hash, e.Positions.Row(i))
		}
		all[i] = hash.Sum64()
	}
	return all
}

// CommonRows returns how many rows of the second events are, to the bit, among the
// first. Events in another order of columns or other units have none that are seen.
func CommonRows(first, second *Events) (n int) {
	seed := maphash.MakeSeed()
	among := map[uint64]bool{}
	for _, h := range hashes(first, seed) {
		among[h] = true
	}
	for _, h := range hashes(second, seed) {
		if among[h] {
			n++
		}
	}
	return n
}

func writeBits(hash *maphash.Hash, row []float64) {
	var bits [8]byte
	for _, v := range row {
		binary.LittleEndian.PutUint64(bits[:], math.Float64bits(v))
		hash.Write(bits[:]) // never fails
	}
}

// duplicateRows returns, ascending, the rows that an earlier one equals to the
// bit, by their 64-bit hashes: among ten million rows the chance that two
// different ones look the same is below 1e-5.
func duplicateRows(hashes []uint64) (duplicates []int) {
	order := make([]int, len(hashes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(hashes[a], hashes[b]), a-b) })
	for k := 1; k < len(order); k++ {
		if hashes[order[k]] == hashes[order[k-1]] {
			duplicates = append(duplicates, order[k])
		}
	}
	slices.Sort(duplicates)
	return duplicates
}
