package dataset

import (
	"bytes"
	"testing"
)

func BenchmarkReadCSV(b *testing.B) {
	var text bytes.Buffer
	if err := WriteCSV(&text, triatomic(b, 20_000, 1)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadCSV(bytes.NewReader(text.Bytes()), "benchmark", Layout{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteCSV(b *testing.B) {
	e := triatomic(b, 20_000, 1)
	b.ReportAllocs()
	for b.Loop() {
		var text bytes.Buffer
		if err := WriteCSV(&text, e); err != nil {
			b.Fatal(err)
		}
	}
}
