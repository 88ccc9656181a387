package dataset

import "github.com/gocei/gocei/explosion"

// Conditioning tells how safely the events define the axes of the run's frame,
// and which axis atoms would be better. Events without positions are judged by
// their momenta.
func (c Encoding) Conditioning(e *Events) (explosion.Conditioning, error) {
	e, err := c.conform(e)
	if err != nil {
		return explosion.Conditioning{}, err
	}
	return c.Frame.Conditioning(c.Atoms, e.Positions.Data, e.Momenta.Data)
}
