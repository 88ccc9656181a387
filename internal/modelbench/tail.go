package modelbench

import (
	"bytes"
	"sync"
)

// tail keeps the end of what a process says of its errors.
type tail struct {
	sync.Mutex
	text []byte
}

const tailBytes = 4096

func (t *tail) Write(p []byte) (int, error) {
	t.Lock()
	defer t.Unlock()
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-tailBytes):]
	return len(p), nil
}

// last returns the last line that is not empty.
func (t *tail) last() string {
	t.Lock()
	defer t.Unlock()
	lines := bytes.Split(bytes.TrimSpace(t.text), []byte("\n"))
	return string(lines[len(lines)-1])
}
