package table

import (
	"errors"

	"github.com/gocei/gocei/explosion"
)

// ReadRecipe returns the recipe of a simulated table. A table without one is an
// *Error.
func ReadRecipe(path string) (explosion.Recipe, error) {
	r, err := Open(path, Options{})
	if err != nil {
		return explosion.Recipe{}, err
	}
	recipe, err := r.recipe()
	if err := errors.Join(err, r.Close()); err != nil {
		return explosion.Recipe{}, located(err, path)
	}
	return recipe, nil
}

func (r *Reader) recipe() (explosion.Recipe, error) {
	meta, told, err := eventMetadata(r.Metadata())
	if err != nil {
		return explosion.Recipe{}, err
	}
	if !told || meta.Recipe == nil {
		return explosion.Recipe{}, wrong("expected a simulated table with its recipe, found none")
	}
	recipe, err := explosion.ParseRecipe(meta.Recipe)
	if err != nil {
		return explosion.Recipe{}, wrong("%w", err)
	}
	return recipe, nil
}
