package report

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"io"
	"path/filepath"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/gocei/gocei/internal/atomicfile"
)

// Figure is a picture with the words that belong to it.
type Figure struct {
	Name    string // of its files, without ending, such as "corner"
	Title   string // a heading
	Caption string // what is seen, in a sentence or more

	width, height vg.Length
	draw          func(draw.Canvas)
}

// Column is a quantity that figures have on their axes.
type Column struct {
	Name  string // such as "r_CO"
	Label string // for readers; the name where it is empty
	Unit  string // such as "Å"; empty where there is none
}

const pngDotsPerInch = 160

// title returns the column's label and unit, for an axis.
func (c Column) title() string {
	if c.Unit == "" {
		return c.label()
	}
	return c.label() + " (" + c.Unit + ")"
}

func (c Column) label() string { return cmp.Or(c.Label, c.Name) }

// SVG returns the figure as a vector picture whose words are text.
func (f *Figure) SVG() ([]byte, error) {
	c := vgsvg.New(f.width, f.height)
	f.draw(framed(c))
	text, err := bytesOf(c)
	if err != nil {
		return nil, fmt.Errorf("report: draw %s: %w", f.Name, err)
	}
	return mendSVG(text), nil
}

// PNG returns the figure as a picture of 160 dots per inch.
func (f *Figure) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(f.width, f.height), vgimg.UseDPI(pngDotsPerInch))
	f.draw(framed(c))
	picture, err := bytesOf(vgimg.PngCanvas{Canvas: c})
	if err != nil {
		return nil, fmt.Errorf("report: draw %s: %w", f.Name, err)
	}
	return picture, nil
}

// Write puts Name.svg and Name.png into a folder, each wholly or not at all.
func (f *Figure) Write(dir string) error {
	for _, format := range []struct {
		ending string
		render func() ([]byte, error)
	}{{".svg", f.SVG}, {".png", f.PNG}} {
		picture, err := format.render()
		if err != nil {
			return err
		}
		if err := atomicfile.Write(filepath.Join(dir, f.Name+format.ending), picture); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

func bytesOf(w io.WriterTo) ([]byte, error) {
	var b bytes.Buffer
	_, err := w.WriteTo(&b)
	return b.Bytes(), err
}

// The margin about a figure, and what it takes of its width and height.
const (
	margin      = 2 * vg.Millimeter
	frameWidth  = 3 * margin
	frameHeight = 2 * margin
)

// framed fills the canvas with white, since pages may be dark, and leaves a margin, since the last tick's label reaches
// beyond its axis.
func framed(sizer vg.CanvasSizer) draw.Canvas {
	c := draw.New(sizer)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	return draw.Crop(c, margin, margin-frameWidth, margin, margin-frameHeight)
}
