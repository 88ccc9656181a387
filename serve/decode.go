package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"
)

// decodeStrictly reads one JSON object, without fields that are not known and nothing after it. Errors say where.
func decodeStrictly(text []byte, into any) error {
	if err := checkStructure(text); err != nil {
		return badRequest(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return badRequest(fmt.Errorf("the body is no such JSON as is wanted: %s", jsonWords(err)))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badRequest(errors.New("there is something after the JSON object"))
	}
	return nil
}

// jsonWords says what is wrong in the terms of JSON, not in those of Go's types.
func jsonWords(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case errors.As(err, &syntax):
		return fmt.Sprintf("%s at byte %d", syntax, syntax.Offset)
	case errors.As(err, &kind):
		where := "the body"
		if kind.Field != "" {
			where = excerpt.Of(kind.Field)
		}
		return fmt.Sprintf("%s must not be %s (byte %d)", where, shortened(kind.Value), kind.Offset)
	}
	return shortened(strings.TrimPrefix(err.Error(), "json: "))
}

// shortened keeps what clients sent from filling an error.
func shortened(text string) string {
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// What requests have of objects and their members, many times over. Each costs a hundred times the bytes that it is written
// in, so that a body within its limit could take all memory.
const (
	mostObjects = 1000
	mostMembers = 10_000
)

// checkStructure counts objects and members of what may be JSON.
func checkStructure(text []byte) error {
	objects, members, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			objects++
		case c == ':':
			members++
		}
	}
	if objects > mostObjects || members > mostMembers {
		return fmt.Errorf("%d JSON objects with %d members: want %d and %d at most", objects, members, mostObjects, mostMembers)
	}
	return nil
}
