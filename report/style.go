package report

import (
	"fmt"
	"image/color"
	"io"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/gocei/gocei/internal/atomicfile"
)

// Blue and vermilion of a palette that colour-blind readers can tell apart (Okabe & Ito 2008, Color Universal Design).
var (
	blue      = color.RGBA{R: 0, G: 114, B: 178, A: 255}
	vermilion = color.RGBA{R: 213, G: 94, B: 0, A: 255}
	paleGrey  = color.RGBA{R: 225, G: 225, B: 225, A: 255}
)

const pngDotsPerInch = 160

// newPlot returns an empty plot in the house's style.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = 3 * vg.Millimeter
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = paleGrey, paleGrey
	p.Add(grid)
	for _, s := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		s.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: 10}
	}
	p.Title.TextStyle.Font.Size = 11
	p.X.Tick.Marker, p.Y.Tick.Marker = roundTicks{}, roundTicks{}
	p.Legend.Top, p.Legend.Padding = true, vg.Millimeter
	return p
}

// savePlot writes a picture in the format that the path's ending names: .png or .svg.
func savePlot(p *plot.Plot, path string, width, height vg.Length) error {
	picture, err := render(p, filepath.Ext(path), width, height)
	if err != nil {
		return err
	}
	return atomicfile.WriteWith(path, func(w io.Writer) error {
		_, err := picture.WriteTo(w)
		return err
	})
}

func render(p *plot.Plot, format string, width, height vg.Length) (io.WriterTo, error) {
	switch format {
	case ".png":
		c := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(pngDotsPerInch))
		p.Draw(framed(c))
		return vgimg.PngCanvas{Canvas: c}, nil
	case ".svg":
		c := vgsvg.New(width, height)
		p.Draw(framed(c))
		return c, nil
	}
	return nil, fmt.Errorf("draw picture: format %q is not .png or .svg", format)
}

// framed leaves a margin around the picture, since the last tick's label reaches beyond its axis.
func framed(c vg.CanvasSizer) draw.Canvas {
	const margin = 3 * vg.Millimeter
	return draw.Crop(draw.New(c), margin, -2*margin, margin, -margin)
}
