package statedict

import (
	"errors"
	"fmt"
)

// Bounds of a program. A state dict of a thousand tensors has some ten thousand instructions.
const (
	mostInstructions = 1 << 22
	mostOnStack      = 1 << 20
)

// machine runs a pickle's program, see pickletools in Python's standard library. A value is nil, bool, int64, float64, string,
// tuple, *list, *dict, global, storage or Tensor.
type machine struct {
	program []byte
	at      int
	stack   []any
	marks   []int // heights of the stack
	memo    map[uint32]any
	load    func(key string) ([]byte, error)
}

type (
	tuple []any
	list  struct{ values []any }
	// global is a name in a module, as "collections OrderedDict".
	global  string
	storage struct {
		element element
		data    []byte
	}
)

var errTruncated = errors.New("the program ends too early")

// unpickle returns the value that a program leaves.
func unpickle(program []byte, load func(key string) ([]byte, error)) (any, error) {
	m := &machine{program: program, memo: map[uint32]any{}, load: load}
	for range mostInstructions {
		code, err := m.byte()
		if err != nil {
			return nil, err
		}
		if code == '.' {
			return m.pop()
		}
		start := m.at - 1
		if err := m.step(code); err != nil {
			return nil, fmt.Errorf("byte %d: %w", start, err)
		}
		if len(m.stack) > mostOnStack {
			return nil, fmt.Errorf("byte %d: more than %d values on the stack", start, mostOnStack)
		}
	}
	return nil, fmt.Errorf("more than %d instructions", mostInstructions)
}

// step runs an instruction.
func (m *machine) step(code byte) error {
	if do, ok := instructions[code]; ok {
		return do(m)
	}
	return fmt.Errorf("instruction %#02x is none that a state dict needs", code)
}

func (m *machine) push(v any) error {
	m.stack = append(m.stack, v)
	return nil
}

func (m *machine) pop() (any, error) {
	values, err := m.take(1)
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// take returns the n values on top, which may not lie below the last mark.
func (m *machine) take(n int) ([]any, error) {
	floor := 0
	if len(m.marks) > 0 {
		floor = m.marks[len(m.marks)-1]
	}
	first := len(m.stack) - n
	if first < floor {
		return nil, errors.New("the stack is empty")
	}
	values := append([]any{}, m.stack[first:]...)
	m.stack = m.stack[:first]
	return values, nil
}

// marked returns the values above the last mark.
func (m *machine) marked() ([]any, error) {
	if len(m.marks) == 0 {
		return nil, errors.New("there is no mark")
	}
	values, err := m.take(len(m.stack) - m.marks[len(m.marks)-1])
	m.marks = m.marks[:len(m.marks)-1]
	return values, err
}
