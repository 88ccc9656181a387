package modelbench

import "fmt"

// Case is a work at one size.
type Case struct {
	Work      Work  `json:"work"`
	Model     Model `json:"model,omitempty"`
	Width     int   `json:"width"`               // of each hidden layer of a network; 0 where none is measured
	Batch     int   `json:"batch"`               // rows that go through the model at once
	Couplings int   `json:"couplings,omitempty"` // of a cINN, whose networks have two hidden layers each
	Layers    int   `json:"layers,omitempty"`    // hidden ones of each network of a CVAE

	// Brief cases get few rounds and a peer that is not compiled: they are no targets, as the points of a figure.
	Brief bool `json:"brief,omitempty"`
}

// String returns the case in words.
func (c Case) String() string {
	switch {
	case c.Work == StartUp:
		return string(c.Work)
	case c.Couplings > 0:
		return fmt.Sprintf("%s of %s, width %d, %d couplings, batch %d", c.Work, c.Model, c.Width, c.Couplings, c.Batch)
	}
	return fmt.Sprintf("%s of %s, width %d, %d layers, batch %d", c.Work, c.Model, c.Width, c.Layers, c.Batch)
}
