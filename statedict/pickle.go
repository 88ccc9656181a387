package statedict

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
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

// instructions are those of protocol 2 that a state dict is made of.
var instructions = map[byte]func(m *machine) error{
	0x80: func(m *machine) error { // PROTO
		if version, err := m.byte(); err != nil || version != 2 {
			return errors.Join(fmt.Errorf("protocol %d: want 2, which is torch.save's own", version), err)
		}
		return nil
	},
	'N':  func(m *machine) error { return m.push(nil) },
	0x88: func(m *machine) error { return m.push(true) },
	0x89: func(m *machine) error { return m.push(false) },
	'}':  func(m *machine) error { return m.push(newDict()) },
	']':  func(m *machine) error { return m.push(&list{}) },
	')':  func(m *machine) error { return m.push(tuple{}) },
	'(':  func(m *machine) error { m.marks = append(m.marks, len(m.stack)); return nil },
	'0':  func(m *machine) error { _, err := m.pop(); return err },
	'K':  func(m *machine) error { return m.integer(1) },
	'M':  func(m *machine) error { return m.integer(2) },
	'J':  func(m *machine) error { return m.integer(4) },
	0x8a: (*machine).long,
	'G':  (*machine).float,
	'X':  (*machine).text,
	'c':  (*machine).name,
	'q':  func(m *machine) error { return m.keep(1) },
	'r':  func(m *machine) error { return m.keep(4) },
	'h':  func(m *machine) error { return m.recall(1) },
	'j':  func(m *machine) error { return m.recall(4) },
	0x85: func(m *machine) error { return m.tuple(1) },
	0x86: func(m *machine) error { return m.tuple(2) },
	0x87: func(m *machine) error { return m.tuple(3) },
	't': func(m *machine) error {
		values, err := m.marked()
		if err != nil {
			return err
		}
		return m.push(tuple(values))
	},
	'Q': (*machine).persistent,
	'R': (*machine).reduce,
	'b': (*machine).build,
	's': func(m *machine) error {
		pair, err := m.take(2)
		if err != nil {
			return err
		}
		return m.set(pair)
	},
	'u': func(m *machine) error {
		pairs, err := m.marked()
		if err != nil {
			return err
		}
		return m.set(pairs)
	},
	'a': func(m *machine) error {
		value, err := m.take(1)
		if err != nil {
			return err
		}
		return m.extend(value)
	},
	'e': func(m *machine) error {
		values, err := m.marked()
		if err != nil {
			return err
		}
		return m.extend(values)
	},
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

func (m *machine) byte() (byte, error) {
	raw, err := m.bytes(1)
	if err != nil {
		return 0, err
	}
	return raw[0], nil
}

func (m *machine) bytes(n int) ([]byte, error) {
	if n < 0 || n > len(m.program)-m.at {
		return nil, errTruncated
	}
	m.at += n
	return m.program[m.at-n : m.at], nil
}

// integer pushes a number of so many bytes; one of 4 has a sign.
func (m *machine) integer(bytes int) error {
	n, err := m.unsigned(bytes)
	if bytes == 4 {
		return errors.Join(err, m.push(int64(int32(n))))
	}
	return errors.Join(err, m.push(int64(n)))
}

func (m *machine) unsigned(bytes int) (uint32, error) {
	raw, err := m.bytes(bytes)
	if err != nil {
		return 0, err
	}
	var wide [4]byte
	copy(wide[:], raw)
	return binary.LittleEndian.Uint32(wide[:]), nil
}

// long pushes an integer of up to 8 bytes.
func (m *machine) long() error {
	size, err := m.byte()
	if err != nil {
		return err
	}
	raw, err := m.bytes(int(size))
	if err != nil || size > 8 {
		return errors.Join(err, fmt.Errorf("an integer of %d bytes: want 8 at most", size))
	}
	var wide [8]byte
	if size > 0 && raw[size-1]&0x80 != 0 {
		wide = [8]byte{255, 255, 255, 255, 255, 255, 255, 255}
	}
	copy(wide[:], raw)
	return m.push(int64(binary.LittleEndian.Uint64(wide[:])))
}

func (m *machine) float() error {
	raw, err := m.bytes(8)
	if err != nil {
		return err
	}
	return m.push(math.Float64frombits(binary.BigEndian.Uint64(raw)))
}

func (m *machine) text() error {
	size, err := m.unsigned(4)
	if err != nil {
		return err
	}
	raw, err := m.bytes(int(size))
	if err != nil {
		return err
	}
	return m.push(string(raw))
}

// name pushes a global: two lines, a module and a name in it.
func (m *machine) name() error {
	const longest = 200
	rest := string(m.program[m.at:min(m.at+longest, len(m.program))])
	module, rest, found := strings.Cut(rest, "\n")
	name, _, more := strings.Cut(rest, "\n")
	if !found || !more {
		return errTruncated
	}
	m.at += len(module) + len(name) + 2
	g := global(module + " " + name)
	if _, isStorage := storages[string(g)]; !isStorage && callables[g] == nil {
		return fmt.Errorf("it names %.80q, which a state dict does not need; it is refused, and nothing was executed", module+"."+name)
	}
	return m.push(g)
}

func (m *machine) keep(bytes int) error {
	key, err := m.unsigned(bytes)
	if err != nil {
		return err
	}
	value, err := m.pop()
	if err != nil {
		return err
	}
	m.memo[key] = value
	return m.push(value)
}

func (m *machine) recall(bytes int) error {
	key, err := m.unsigned(bytes)
	if err != nil {
		return err
	}
	value, ok := m.memo[key]
	if !ok {
		return fmt.Errorf("value %d was not kept", key)
	}
	return m.push(value)
}

func (m *machine) tuple(n int) error {
	values, err := m.take(n)
	if err != nil {
		return err
	}
	return m.push(tuple(values))
}
