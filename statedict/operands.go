package statedict

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

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
