// Command performancepage makes docs/performance.md and its figures from what cei bench wrote. scripts/bench runs it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/modelbench"
)

func main() {
	from := flag.String("from", "build/performance.json", "the JSON file that cei bench wrote")
	out := flag.String("out", "docs/performance.md", "page to write; its figures go into the folder images beside it")
	flag.Parse()
	if err := run(*from, *out); err != nil {
		log.Fatal(err)
	}
}

func run(from, out string) error {
	report, err := readReport(from)
	if err != nil {
		return err
	}
	figures, err := writeFigures(filepath.Join(filepath.Dir(out), "images"), report.Results)
	if err != nil {
		return err
	}
	text, err := page(report, figures)
	if err != nil {
		return err
	}
	return atomicfile.Write(out, text)
}

func readReport(path string) (*modelbench.Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var report modelbench.Report
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(report.Results) == 0 {
		return nil, fmt.Errorf("%s: expected the results of cei bench, found none", path)
	}
	return &report, nil
}
