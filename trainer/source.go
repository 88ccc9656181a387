package trainer

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/nonfinite"
)

// Source makes the training rows of each epoch, so that with a simulator behind it no event is trained on twice.
//
// Part returns the rows of an epoch in model coordinates: positions [n,d] and momenta [n,c], all finite, of the same
// shapes as the split's training part, since the steps of an epoch and the course of the learning rate are counted in
// them. Events become such rows by the split's Encoding. Epoch 1 trains on the split's training part itself, which the
// encoding was fitted on, so that Part is asked for epochs from 2.
//
// What Part returns must depend on the epoch alone, and not on earlier calls: a resumed training asks for the epoch
// that it was interrupted in once more. The rows are the trainer's from then on.
//
// Part is called in the order of epochs, one call at a time, on a goroutine beside the training and one epoch ahead, so
// that an epoch may be made that is never trained on. It should return soon after ctx is done, since Fit waits for it
// before it returns.
type Source interface {
	Part(ctx context.Context, epoch int) (dataset.Part, error)
}

// shape is what every epoch's part has alike.
type shape struct{ rows, positions, momenta int }

func shapeOf(p dataset.Part) shape {
	return shape{p.Positions.Rows, p.Positions.Cols, p.Momenta.Cols}
}

// fresh returns an epoch's part of a source, which must have a shape.
func fresh(ctx context.Context, source Source, epoch int, want shape) (dataset.Part, error) {
	part, err := source.Part(ctx, epoch)
	if err == nil {
		err = checkRows("positions", part.Positions, want.rows, want.positions)
	}
	if err == nil {
		err = checkRows("momenta", part.Momenta, want.rows, want.momenta)
	}
	if err != nil {
		return dataset.Part{}, fmt.Errorf("trainer: make the events of epoch %d: %w", epoch, err)
	}
	return part, nil
}

// checkRows refuses what would make the loss NaN, or fail, many steps later.
func checkRows(name string, m dataset.Matrix, rows, cols int) error {
	if m.Rows != rows || m.Cols != cols || len(m.Data) != rows*cols {
		return fmt.Errorf("%s [%d,%d] of %d numbers: want [%d,%d] of %d numbers, as in the split's training part",
			name, m.Rows, m.Cols, len(m.Data), rows, cols, rows*cols)
	}
	i := nonfinite.Index(m.Data)
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%s: row %d, column %d is %g: want a finite number", name, i/m.Cols+1, i%m.Cols+1, m.Data[i])
}
