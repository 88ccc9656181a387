package table

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gocei/gocei/dataset"
)

// Describe reads a table of events to its end and summarises it, as
// dataset.Describe does, in memory that is a fraction of the table's. A table
// without events is an *Error.
func (r *EventReader) Describe(ctx context.Context) (dataset.Summary, error) {
	d := dataset.NewDescriber(&r.like)
	for {
		if err := ctx.Err(); err != nil {
			return dataset.Summary{}, fmt.Errorf("table: describe %s: %w", r.reader.path, err)
		}
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = d.Add(e)
		}
		if err != nil {
			return dataset.Summary{}, err
		}
	}
	s := d.Summary()
	if s.Rows == 0 {
		return dataset.Summary{}, r.empty()
	}
	return s, nil
}
