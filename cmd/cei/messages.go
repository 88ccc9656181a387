package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
)

// messages is where a command's messages go: as lines of text, or each line as a JSON record. Several goroutines may write.
type messages struct {
	to      io.Writer
	records *slog.Logger // nil for text

	mutex sync.Mutex
	line  []byte // the begin of one, while records are written
}

func newMessages(to io.Writer, asJSON bool) *messages {
	m := &messages{to: to}
	if asJSON {
		m.records = slog.New(slog.NewJSONHandler(to, nil))
	}
	return m
}

// Write takes text, of which records are made line by line.
func (m *messages) Write(p []byte) (int, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.records == nil {
		return m.to.Write(p)
	}
	m.line = append(m.line, p...)
	for {
		end := bytes.IndexByte(m.line, '\n')
		if end < 0 {
			return len(p), nil
		}
		m.record(string(m.line[:end]))
		m.line = m.line[end+1:]
	}
}

// note writes one message, which may have several lines.
func (m *messages) note(text string) {
	if m.records == nil {
		fmt.Fprintln(m, text)
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.record(text)
}

// record writes one record; what is JSON already stays as it is, and empty lines, which only part text, are left out.
func (m *messages) record(text string) {
	text = strings.TrimRight(text, " \r")
	warning, warns := strings.CutPrefix(text, "warning: ")
	switch {
	case text == "":
	case text[0] == '{' && json.Valid([]byte(text)):
		fmt.Fprintln(m.to, text)
	case warns:
		m.records.Warn(warning)
	default:
		m.records.Info(text)
	}
}

// log writes a record with figures, in JSON or as text.
func (m *messages) log(level slog.Level, text string, figures ...slog.Attr) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	records := m.records
	if records == nil {
		records = slog.New(slog.NewTextHandler(m.to, nil))
	}
	records.LogAttrs(context.Background(), level, text, figures...)
}

// flush ends a line that has no end.
func (m *messages) flush() {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if len(m.line) > 0 {
		m.record(string(m.line))
		m.line = nil
	}
}
