package statedict

import (
	"errors"
	"fmt"
)

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
