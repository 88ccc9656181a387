package statedict

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// archive is what torch.save writes: a folder with data.pkl, which names the storages in data/, byteorder and version.
type archive struct {
	members map[string]*zip.File // by their path in the folder
	content []byte
	read    map[string][]byte
	held    int // bytes read
}

func decodeArchive(content []byte) (Dict, error) {
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	a := &archive{members: map[string]*zip.File{}, content: content, read: map[string][]byte{}}
	for _, f := range r.File {
		if _, name, found := strings.Cut(f.Name, "/"); found {
			a.members[name] = f
		}
	}
	if order, err := a.bytes("byteorder"); err == nil && string(order) != "little" {
		return nil, fmt.Errorf("its byte order is %.20q: want little", order)
	}
	program, err := a.bytes("data.pkl")
	if err != nil {
		return nil, err
	}
	value, err := unpickle(program, a.storage)
	if err != nil {
		return nil, fmt.Errorf("data.pkl: %w", err)
	}
	return stateDict(value)
}

// bytes returns a member, which may not be compressed: what it is unpacked to would not be bounded by the file.
func (a *archive) bytes(name string) ([]byte, error) {
	if held, ok := a.read[name]; ok {
		return held, nil
	}
	f, ok := a.members[name]
	if !ok {
		return nil, fmt.Errorf("the archive has no member %q", name)
	}
	if f.Method != zip.Store || f.UncompressedSize64 > uint64(len(a.content)) {
		return nil, fmt.Errorf("member %q is compressed, as torch.save leaves none", path.Clean(f.Name))
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("member %q: %w", name, err)
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(len(a.content))))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("member %q: %w", name, err)
	}
	if a.held += len(content); a.held > len(a.content) {
		return nil, errors.New("its members lie over each other")
	}
	a.read[name] = content
	return content, nil
}

// storage returns the bytes of a storage by its key.
func (a *archive) storage(key string) ([]byte, error) {
	if strings.ContainsAny(key, `/\.`) {
		return nil, fmt.Errorf("a storage is called %.20q", key)
	}
	return a.bytes("data/" + key)
}

// stateDict returns the tensors of the one dict that has any: the value itself, or one of its values.
func stateDict(value any) (Dict, error) {
	top, ok := value.(*dict)
	if !ok {
		return nil, errors.New("it holds no dict of tensors, but a whole module or a single tensor: save module.state_dict()")
	}
	if d := top.tensors(); len(d) > 0 {
		return d, nil
	}
	var found Dict
	var keys []string
	for _, key := range top.keys {
		if inner, ok := top.values[key].(*dict); ok {
			if d := inner.tensors(); len(d) > 0 {
				found, keys = d, append(keys, key)
			}
		}
	}
	switch len(keys) {
	case 0:
		return nil, errors.New("it holds no tensors")
	case 1:
		return found, nil
	}
	return nil, fmt.Errorf("it holds several dicts of tensors, %.200q: save the one that is wanted", keys)
}
