package report

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/trainer"
)

// The names of what Write writes.
const (
	PageFile   = "report.html"
	FiguresDir = "figures"
)

// Write puts report.html and figures/NAME.png and .svg into a folder, each file wholly or not at all, and the page last.
// It returns their paths, the page first.
func (r *Report) Write(dir string) ([]string, error) {
	html, err := r.HTML()
	if err != nil {
		return nil, err
	}
	r.removeStale(dir)
	paths := []string{filepath.Join(dir, PageFile)}
	for _, p := range r.Pictures {
		png, svg := picturePaths(dir, p.Name)
		if err := cmp.Or(atomicfile.Write(png, p.PNG), atomicfile.Write(svg, p.SVG)); err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		paths = append(paths, png, svg)
	}
	if err := atomicfile.Write(paths[0], html); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return paths, nil
}

// generator marks a page as made by this package.
const generator = `<meta name="generator" content="cei report">`

// pictureNames are those that pictures can have.
var pictureNames = []string{
	"learning_curve", "corner_typical", "corner_wide", "corner_two_modes", "predicted_true", "predicted_true_bonds",
	"residuals", "residuals_bonds", "ranks", "coverage", "newton", "dalitz", "energy_release",
}

// picturePaths returns where the files of a picture are.
func picturePaths(dir, name string) (png, svg string) {
	stem := filepath.Join(dir, FiguresDir, name)
	return stem + ".png", stem + ".svg"
}

// MayReplace refuses to write over what others made: it returns an error that names a file that a report would write
// and that is in the folder already, unless that is a run directory or the page there is this package's.
func MayReplace(dir string) error {
	if isOwn(dir) {
		return nil
	}
	paths := []string{filepath.Join(dir, PageFile)}
	for _, name := range pictureNames {
		png, svg := picturePaths(dir, name)
		paths = append(paths, png, svg)
	}
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil {
			return fmt.Errorf("%s is there already, and not from this command; --force replaces it", path)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// isOwn reports whether the files of a report that are in a folder are this package's to replace.
func isOwn(dir string) bool {
	_, err := trainer.ReadRunConfig(dir)
	return err == nil || madeHere(filepath.Join(dir, PageFile))
}

// removeStale removes pictures of an earlier report that this one does not have.
func (r *Report) removeStale(dir string) {
	if !isOwn(dir) {
		return
	}
	for _, name := range pictureNames {
		if r.picture(name) == nil {
			png, svg := picturePaths(dir, name)
			_ = os.Remove(png) // most are not there
			_ = os.Remove(svg)
		}
	}
}

// Remove removes the report in a folder, whose page is this package's, and its pictures.
func Remove(dir string) {
	page := filepath.Join(dir, PageFile)
	if !madeHere(page) {
		return
	}
	(&Report{}).removeStale(dir)
	_ = os.Remove(page)
	_ = os.Remove(filepath.Join(dir, FiguresDir)) // stays where it holds other things
}

func madeHere(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, 1024)
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	return bytes.Contains(start[:n], []byte(generator))
}
