package table

import (
	spec "github.com/parquet-go/parquet-go/format"
)

// pageIndex is where a file says, beside its footer, which rows are in which page
// of a chunk. One look there spares one at the header of each page, which lie a
// disk's seek apart.
type pageIndex struct {
	offset, length int64
	dictionary     int64 // the dictionary's place in the file; 0 where there is none
	firstPage      int64
}

// mostIndex bounds what is read of an index: of 16 bytes a page, that is a million
// pages of one chunk.
const mostIndex = 16 << 20

func newPageIndex(c spec.ColumnChunk) pageIndex {
	i := pageIndex{offset: c.OffsetIndexOffset, length: int64(c.OffsetIndexLength), firstPage: c.MetaData.DataPageOffset}
	if start := pagesStart(c.MetaData); start < i.firstPage {
		i.dictionary = start
	}
	return i
}

// read returns where a chunk's pages are; nil where the file does not say so, or
// not as the format wants it, and the pages' own headers must.
func (i pageIndex) read(p *pageReader, c chunk) *chunkPages {
	if i.offset <= 0 || i.length <= 0 || i.length > min(mostIndex, p.limit-i.offset) {
		return nil
	}
	text := make([]byte, i.length)
	if _, err := p.file.ReadAt(text, i.offset); err != nil {
		return nil
	}
	var index spec.OffsetIndex
	if _, err := decodeThrift(text, &index); err != nil {
		return nil
	}
	found := &chunkPages{dictionary: i.dictionary, indexed: true}
	row, offset := int64(-1), i.firstPage-1
	for _, page := range index.PageLocations {
		if page.FirstRowIndex <= row || page.Offset <= offset {
			return nil
		}
		row, offset = page.FirstRowIndex, page.Offset
		found.rows, found.offsets = append(found.rows, row), append(found.offsets, offset)
	}
	if len(found.rows) == 0 || found.rows[0] != 0 || row >= c.rows || found.offsets[0] != i.firstPage || offset >= p.limit {
		return nil
	}
	return found
}
