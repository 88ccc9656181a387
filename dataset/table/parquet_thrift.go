package table

import (
	"errors"
	"runtime"

	"github.com/parquet-go/parquet-go/encoding/thrift"
)

// decodeThrift decodes a structure of the format from the start of text, with
// which it shares memory, and returns how long it is.
func decodeThrift(text []byte, v any) (length int, err error) {
	r := &thriftReader{BytesReader: new(thrift.CompactProtocol).NewReaderFromBytes(text), size: len(text)}
	if thrift.NewDecoder(r).Decode(v) != nil {
		err = errDamagedThrift // the decoder's own error tells a way of numbers, as deep as it went
	}
	return r.BytesRead(), err
}

// thriftReader refuses what the decoder would believe: lists that are longer than
// what is left of the text, for which it would allocate, and values within values
// without end, which would overflow the stack, and that nothing can recover from.
type thriftReader struct {
	thrift.BytesReader
	size   int
	fields int
}

// mostListed columns, row groups or others are in a list, as in Arrow's reader.
// Decoded, a column of a row group takes half a kilobyte, whatever it takes before.
const mostListed = 1_000_000

var errDamagedThrift = errors.New("expected what the format defines, found something else")

func (r *thriftReader) ReadList() (thrift.List, error) {
	list, err := r.BytesReader.ReadList()
	least := 1 // bytes of an element
	if list.Type == thrift.STRUCT {
		least = 3 // one field and the end
	}
	if err == nil && (list.Size > mostListed || int(list.Size)*least > r.size-r.BytesRead()) {
		err = errDamagedThrift
	}
	if err == nil {
		err = r.checkDepth()
	}
	return list, err
}

func (r *thriftReader) ReadSet() (thrift.Set, error) {
	list, err := r.ReadList()
	return thrift.Set(list), err
}

func (r *thriftReader) ReadMap() (thrift.Map, error) {
	m, err := r.BytesReader.ReadMap()
	if err == nil && int(m.Size) > r.size-r.BytesRead() {
		err = errDamagedThrift
	}
	if err == nil {
		err = r.checkDepth()
	}
	return m, err
}

func (r *thriftReader) ReadField() (thrift.Field, error) {
	if err := r.checkDepth(); err != nil {
		return thrift.Field{}, err
	}
	return r.BytesReader.ReadField()
}

// Discard is what the decoder looks for in its reader to skip bytes.
func (r *thriftReader) Discard(n int) (int, error) {
	return r.BytesReader.(interface{ Discard(int) (int, error) }).Discard(n)
}

// checkDepth looks at the stack only now and then, since that takes a while. The
// format's own structures are ten deep.
func (r *thriftReader) checkDepth() error {
	const most = 10_000 // frames
	if r.fields++; r.fields%1024 == 0 && runtime.Callers(most, make([]uintptr, 1)) > 0 {
		return errDamagedThrift
	}
	return nil
}

// recoverDamage makes an error of a panic: the libraries that decode index into
// damaged data without looking, and nothing may panic across this package's border.
func recoverDamage(err *error) {
	if p := recover(); p != nil {
		*err = wrong("the file is damaged: %v", p)
	}
}
