package table

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// npzMetadata is what the member metadata holds, as JSON in an array of one
// string.
type npzMetadata struct {
	Columns  []string                   `json:"columns"`
	Metadata map[string]json.RawMessage `json:"metadata"`
	texts    Metadata
}

// readNPZMetadata returns nothing where the member is another program's: JSON of
// other texts is taken as metadata, anything else is left alone.
func readNPZMetadata(members []npzMember) (about npzMetadata, err error) {
	i := slices.IndexFunc(members, func(m npzMember) bool { return m.name == metadataMember })
	if i < 0 {
		return about, nil
	}
	text, err := members[i].text()
	if err != nil || text == "" {
		return about, err
	}
	if json.Unmarshal([]byte(text), &about) != nil || about.Columns == nil {
		about = npzMetadata{}
		if json.Unmarshal([]byte(text), &about.Metadata) != nil {
			about.Metadata = nil // another program's text
		}
	}
	if len(about.Metadata) > 0 {
		about.texts, err = textsOf(about.Metadata)
	}
	return about, err
}

// text returns the only string in an array, "" where it holds something else.
func (m npzMember) text() (string, error) {
	a, err := m.header()
	if err != nil || a.unsupported != nil || a.structured() {
		return "", err
	}
	kind := strings.TrimLeft(a.fields[0].npyType.name, "<>|=")[0]
	size, err := a.bytes()
	if err != nil || size != int64(a.item) || size != m.size()-a.start || kind != 'S' && kind != 'U' {
		return "", err
	}
	data, err := m.openAt(a.start)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(data.in, int64(a.item)+1)) // one more shows the end, and checks the sum
	if err := errors.Join(err, data.close()); err != nil {
		return "", err
	}
	if kind == 'U' {
		text = fromUTF32(text, strings.HasPrefix(a.fields[0].npyType.name, ">"))
	}
	return string(bytes.TrimRight(text, "\x00")), nil
}

func fromUTF32(text []byte, bigEndian bool) (out []byte) {
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	for i := 0; i+4 <= len(text); i += 4 {
		out = utf8.AppendRune(out, rune(order.Uint32(text[i:])))
	}
	return out
}

// member returns the .npy file of the metadata, whose text numpy gives as a str.
func (about npzMetadata) member() ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(about); err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	if text.Len() > largestItem {
		return nil, fmt.Errorf("metadata of %d MiB: want at most %d", text.Len()>>20, largestItem>>20)
	}
	runes := []rune(strings.TrimSpace(text.String()))
	file, err := npyHeader(fmt.Sprintf("'<U%d'", len(runes)))
	for _, c := range runes {
		file = binary.LittleEndian.AppendUint32(file, uint32(c))
	}
	return file, err
}
