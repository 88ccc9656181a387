package posterior

import (
	"fmt"

	"github.com/gocei/gocei/dataset"
)

// Laboratory returns what turns draws for the events back to the axes in which their momenta were measured, for use
// inside Each. Runs in a recoil frame have it, and runs on a table left as it is; others return an error, since momenta
// do not tell how their positions lie.
func (v *Inverse) Laboratory(events *dataset.Events) (*dataset.Laboratory, error) {
	l, err := v.run.Encoding.Laboratory(events)
	if err != nil {
		return nil, fmt.Errorf("posterior: %w", err)
	}
	return l, nil
}

// InLaboratory returns draws, made by Sample for the same events, in the axes in which the events' momenta were
// measured: Cartesian positions around the centre of mass.
func (v *Inverse) InLaboratory(events *dataset.Events, draws *Draws) (*Draws, error) {
	l, err := v.Laboratory(events)
	if err != nil {
		return nil, err
	}
	if events.Len() != draws.Events {
		return nil, fmt.Errorf("posterior: restore laboratory axes: draws for %d events: want %d", draws.Events, events.Len())
	}
	restored := *draws
	restored.Columns, restored.Data = l.Columns, make([]float64, 0, len(draws.Data))
	for event := range draws.Events {
		size := draws.PerEvent * draws.Coordinates
		positions, err := l.Restore(event, dataset.Matrix{Rows: draws.PerEvent, Cols: draws.Coordinates, Data: draws.Data[event*size : (event+1)*size]})
		if err != nil {
			return nil, fmt.Errorf("posterior: %w", err)
		}
		restored.Data = append(restored.Data, positions.Data...)
	}
	return &restored, nil
}
