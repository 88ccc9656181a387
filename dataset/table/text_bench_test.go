package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

const benchmarkedColumns = 18

// benchmarkedText is a table of numbers with some digits; -1 for as many as they
// have.
func benchmarkedText(rows, digits int) []byte {
	random := rand.New(rand.NewPCG(1, 1))
	text := []byte("c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,c16,c17,c18\n")
	for range rows {
		for range benchmarkedColumns {
			text = append(strconv.AppendFloat(text, random.NormFloat64()*100, 'g', digits, 64), ',')
		}
		text[len(text)-1] = '\n'
	}
	return text
}

func reportRows(b *testing.B, rows, bytes int) {
	b.SetBytes(int64(bytes))
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReadText(b *testing.B) {
	const rows = 300_000
	for _, digits := range []int{-1, 8} {
		text := benchmarkedText(rows, digits)
		for _, ending := range []string{".csv", ".csv.gz", ".csv.zst"} {
			var packed bytes.Buffer
			out, err := compress(&packed, ending)
			require.NoError(b, err)
			_, err = out.Write(text)
			require.NoError(b, err)
			require.NoError(b, out.Close())
			path := storeFile(b, "t"+ending, packed.Bytes())
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("digits=%d/%s/workers=%d", digits, ending[1:], workers), func(b *testing.B) {
					for b.Loop() {
						require.Equal(b, rows, countRows(b, path, workers))
					}
					reportRows(b, rows, len(text))
				})
			}
		}
		path := storeFile(b, "t.csv", text)
		b.Run(fmt.Sprintf("digits=%d/encoding-csv", digits), func(b *testing.B) {
			for b.Loop() {
				require.Equal(b, rows, countRowsByCSV(b, path))
			}
			reportRows(b, rows, len(text))
		})
	}
}

func countRows(b *testing.B, path string, workers int) (rows int) {
	r, err := Open(path, Options{Workers: workers})
	require.NoError(b, err)
	defer r.Close()
	for {
		block, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		require.NoError(b, err)
		rows += block.Rows
	}
}

func countRowsByCSV(b *testing.B, path string) (rows int) {
	file, err := os.Open(path)
	require.NoError(b, err)
	defer file.Close()
	r := csv.NewReader(file)
	r.ReuseRecord = true
	_, err = r.Read()
	require.NoError(b, err)
	row := make([]float64, benchmarkedColumns)
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		require.NoError(b, err)
		for j, field := range fields {
			if row[j], err = strconv.ParseFloat(field, 64); err != nil {
				b.Fatal(err)
			}
		}
		rows++
	}
}

func BenchmarkWriteText(b *testing.B) {
	const rows = 100_000
	random := rand.New(rand.NewPCG(1, 1))
	m := dataset.NewMatrix(rows, benchmarkedColumns)
	for i := range m.Data {
		m.Data[i] = random.NormFloat64() * 100
	}
	for _, ending := range []string{".csv", ".csv.gz", ".csv.zst"} {
		b.Run(ending[1:], func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "t"+ending)
			for b.Loop() {
				w, err := Create(path, columnsOf(benchmarkedColumns), nil)
				require.NoError(b, err)
				require.NoError(b, w.Write(m))
				require.NoError(b, w.Commit())
			}
			info, err := os.Stat(path)
			require.NoError(b, err)
			reportRows(b, rows, int(info.Size()))
		})
	}
}
