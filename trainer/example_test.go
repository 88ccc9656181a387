package trainer_test

import (
	"context"
	"fmt"
	"log"
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/trainer"
)

// nitrogen simulates N₂ that breaks into N⁺ + N⁺ from rest: for two charges, energy conservation alone gives the momenta.
type nitrogen struct {
	encoding dataset.Encoding // of the split that is trained on
	rows     int
	seed     uint64
}

// events returns molecules in random directions with bonds of 2 to 4 bohr: other ones for each epoch, the same ones
// whenever it is asked for.
func (n nitrogen) events(epoch, rows int) (*dataset.Events, error) {
	const reducedMass = 12763 // of two ¹⁴N, in electron masses
	random := rand.New(rand.NewPCG(n.seed, uint64(epoch)))
	positions, momenta := dataset.NewMatrix(rows, 6), dataset.NewMatrix(rows, 6)
	for i := range rows {
		bond := 2 + 2*random.Float64()
		u := [3]float64{random.NormFloat64(), random.NormFloat64(), random.NormFloat64()}
		length := math.Sqrt(u[0]*u[0] + u[1]*u[1] + u[2]*u[2])
		for k := range u {
			x, p := u[k]/length*bond/2, u[k]/length*math.Sqrt(2*reducedMass/bond)
			positions.Row(i)[k], positions.Row(i)[3+k] = x, -x
			momenta.Row(i)[k], momenta.Row(i)[3+k] = p, -p
		}
	}
	return dataset.NewEvents([]string{"N", "N"}, positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
}

func (n nitrogen) Part(_ context.Context, epoch int) (part dataset.Part, err error) {
	events, err := n.events(epoch, n.rows)
	if err != nil {
		return dataset.Part{}, err
	}
	if part.Positions, err = n.encoding.EncodePositions(events); err != nil {
		return dataset.Part{}, err
	}
	part.Momenta, err = n.encoding.EncodeMomenta(events)
	return part, err
}

// Training on fresh events: the split of epoch 1's fixes the encoding and the rows to validate and test on, and a source
// makes the training rows of every epoch after it.
func ExampleSource() {
	ctx := context.Background()
	source := nitrogen{seed: 1}
	events, err := source.events(1, 1000)
	if err != nil {
		log.Fatal(err)
	}
	split, err := dataset.Prepare(events, dataset.Options{})
	if err != nil {
		log.Fatal(err)
	}
	source.encoding, source.rows = split.Encoding, split.Train.Len()

	config := trainer.Robust(split.Train.Len())
	config.Source = source
	config.Noise = 0 // it makes up for rows that repeat
	// result, err := trainer.Fit(ctx, model, split, config)

	part, err := config.Source.Part(ctx, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("epoch 2: %d fresh events of %d coordinates and %d conditions\n", part.Len(), part.Positions.Cols, part.Momenta.Cols)
	// Output: epoch 2: 700 fresh events of 3 coordinates and 3 conditions
}
