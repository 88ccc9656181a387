package nn

import "github.com/gocei/gocei/binding"

// Loss is what a model's training minimises: a scalar, and the named scalars that it is made of.
type Loss struct {
	Total binding.Tensor
	Terms []Term
}

// Term is a named part of a loss, for curves and logs.
type Term struct {
	Name  string
	Value binding.Tensor
}
