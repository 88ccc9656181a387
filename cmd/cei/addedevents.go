package main

import (
	"fmt"

	"github.com/gocei/gocei/dataset"
)

// addedEvents returns the events of --add, selected as those of --data are, or nil without it. A table that shares events
// with the other is refused: what is tested on would be trained on.
func (o trainOptions) addedEvents(events *dataset.Events, s streams) (*dataset.Events, error) {
	if o.Add == "" {
		return nil, nil
	}
	added, err := tableOptions{Targets: o.Targets, Conditions: o.Conditions}.read(o.Add, true)
	if err != nil {
		return nil, fmt.Errorf("--add: %w", err)
	}
	same := overlap(events.Recipe, added.Recipe)
	if o.Data != "" {
		one, errOne := fileSum(o.Data)
		other, errOther := fileSum(o.Add)
		same = same || errOne == nil && errOther == nil && one == other
	}
	if same {
		return nil, fmt.Errorf("--add %s holds events of the table that is split: the model would be tested on what it was trained on", o.Add)
	}
	if o.PositionUnit != "" || o.MomentumUnit != "" {
		s.note("--add %s is not in the units asked for --data, but in its own: positions in %s, momenta in %s", o.Add, added.PositionUnit.Name, added.MomentumUnit.Name)
	}
	if n := dataset.CommonRows(events, added); n > 0 {
		s.note("warning: %d rows of --add %s are rows of the table that is split too: where these are tested on, figures look better than they are", n, o.Add)
	}
	added, _, err = o.selectFrom(added, nil, s)
	return added, err
}
