package statedict

import (
	"errors"
	"fmt"
)

// dict is one of Python's, whose keys are texts; other keys are left out, with their values.
type dict struct {
	keys   []string
	values map[string]any
}

func newDict() *dict { return &dict{values: map[string]any{}} }

func (d *dict) set(key, value any) {
	name, ok := key.(string)
	if !ok {
		return
	}
	if _, there := d.values[name]; !there {
		d.keys = append(d.keys, name)
	}
	d.values[name] = value
}

// tensors returns those values that are tensors.
func (d *dict) tensors() Dict {
	all := Dict{}
	for _, key := range d.keys {
		if t, ok := d.values[key].(Tensor); ok {
			all[key] = t
		}
	}
	return all
}

// callables are the functions that may be called, each of its arguments.
var callables = map[global]func(args tuple) (any, error){
	"collections OrderedDict":         orderedDict,
	"torch._utils _rebuild_tensor_v2": rebuildTensor,
	"torch._utils _rebuild_parameter": func(args tuple) (any, error) {
		if len(args) < 1 {
			return nil, errors.New("a parameter without a tensor")
		}
		if _, ok := args[0].(Tensor); !ok {
			return nil, errors.New("a parameter that is no tensor")
		}
		return args[0], nil
	},
}

func orderedDict(args tuple) (any, error) {
	if len(args) > 0 {
		return nil, errors.New("an OrderedDict of arguments")
	}
	return newDict(), nil
}

// rebuildTensor takes a storage, the first element's place in it, sizes and strides; what follows says nothing of the
// elements.
func rebuildTensor(args tuple) (any, error) {
	if len(args) < 4 {
		return nil, errors.New("a tensor of too few arguments")
	}
	of, isStorage := args[0].(storage)
	offset, isNumber := args[1].(int64)
	shape, isShape := numbers(args[2])
	strides, areStrides := numbers(args[3])
	if !isStorage || !isNumber || !isShape || !areStrides {
		return nil, errors.New("a tensor of other arguments than a storage, a number and two tuples of numbers")
	}
	t := Tensor{Shape: shape, element: of.element, strides: strides, offset: offset, data: of.data}
	return t, t.check()
}

func numbers(v any) (all []int64, ok bool) {
	values, ok := v.(tuple)
	if !ok {
		return nil, false
	}
	for _, value := range values {
		n, ok := value.(int64)
		if !ok {
			return nil, false
		}
		all = append(all, n)
	}
	return all, true
}

// reduce calls a function.
func (m *machine) reduce() error {
	values, err := m.take(2)
	if err != nil {
		return err
	}
	name, isName := values[0].(global)
	args, areArgs := values[1].(tuple)
	call := callables[name]
	if !isName || !areArgs || call == nil {
		return fmt.Errorf("a call of %T %.80v, which is no function that a state dict needs", values[0], name)
	}
	result, err := call(args)
	if err != nil {
		return err
	}
	return m.push(result)
}

// persistent turns ('storage', type, key, device, size) into a storage.
func (m *machine) persistent() error {
	value, err := m.pop()
	if err != nil {
		return err
	}
	id, _ := value.(tuple)
	if len(id) < 5 || id[0] != any("storage") {
		return errors.New("a reference to something that is no storage")
	}
	kind, isName := id[1].(global)
	key, isKey := id[2].(string)
	of, known := storages[string(kind)]
	if !isName || !isKey || !known {
		return fmt.Errorf("a storage of type %.80v and key %.80v", id[1], id[2])
	}
	data, err := m.load(key)
	if err != nil {
		return err
	}
	return m.push(storage{of, data})
}

// build gives an object its attributes. Those of an OrderedDict, which PyTorch keeps versions in, say nothing of the
// elements.
func (m *machine) build() error {
	values, err := m.take(2)
	if err != nil {
		return err
	}
	if _, ok := values[0].(*dict); !ok {
		return errors.New("attributes for something that is no dict")
	}
	return m.push(values[0])
}

// set puts pairs of keys and values into the dict on top of the stack.
func (m *machine) set(pairs []any) error {
	top, err := m.pop()
	if err != nil {
		return err
	}
	d, ok := top.(*dict)
	if !ok || len(pairs)%2 != 0 {
		return errors.New("items for something that is no dict")
	}
	for i := 0; i < len(pairs); i += 2 {
		if !plain(pairs[i]) {
			return errors.New("a key that is neither a text nor a number")
		}
		d.set(pairs[i], pairs[i+1])
	}
	return m.push(d)
}

// plain reports whether a value may be a key.
func plain(v any) bool {
	switch v.(type) {
	case string, int64, bool:
		return true
	}
	return false
}

func (m *machine) extend(values []any) error {
	top, err := m.pop()
	if err != nil {
		return err
	}
	l, ok := top.(*list)
	if !ok {
		return errors.New("elements for something that is no list")
	}
	l.values = append(l.values, values...)
	return m.push(l)
}
