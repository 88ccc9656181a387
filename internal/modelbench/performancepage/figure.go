package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/modelbench"
)

// figure is a picture of sweeps, a panel each.
type figure struct {
	File    string
	Caption string
	sweeps  []sweep
}

// The size of a panel, and how finely it is drawn.
const (
	panelWidth   = 9 * vg.Centimeter
	panelHeight  = 8 * vg.Centimeter
	dotsPerInch  = 160
	panelPadding = 3 * vg.Millimeter
)

// figuresOf returns the figures for which enough was measured.
func figuresOf(results []modelbench.Result) (all []figure) {
	for _, f := range []struct {
		file, caption string
		cinn, cvae    axis
	}{
		{"step_width.png", "A training step against the width of the networks, batch 512.", widths, widths},
		{"step_depth.png", "A training step against the depth of the model, width 128, batch 512.", couplings, layers},
		{"step_batch.png", "A training step against the rows of its batch, width 128.", batches, batches},
	} {
		sweeps := []sweep{sweepOf(results, modelbench.CINNStep, "cINN", f.cinn), sweepOf(results, modelbench.CVAEStep, "CVAE", f.cvae)}
		if sweeps = slices.DeleteFunc(sweeps, sweep.few); len(sweeps) > 0 {
			all = append(all, figure{f.file, f.caption, sweeps})
		}
	}
	return all
}

// writeFigures draws them into a folder.
func writeFigures(folder string, results []modelbench.Result) ([]figure, error) {
	figures := figuresOf(results)
	for _, f := range figures {
		picture, err := f.png()
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", f.File, err)
		}
		if err := atomicfile.Write(filepath.Join(folder, f.File), picture); err != nil {
			return nil, err
		}
	}
	return figures, nil
}

func (f figure) png() ([]byte, error) {
	panels := [][]*plot.Plot{nil}
	for _, s := range f.sweeps {
		p, err := s.panel()
		if err != nil {
			return nil, err
		}
		panels[0] = append(panels[0], p)
	}
	columns := len(panels[0])
	canvas := vgimg.NewWith(vgimg.UseWH(vg.Length(columns)*panelWidth, panelHeight), vgimg.UseDPI(dotsPerInch))
	tiles := draw.Tiles{
		Rows: 1, Cols: columns, PadX: panelPadding,
		PadTop: panelPadding, PadBottom: panelPadding, PadLeft: panelPadding, PadRight: panelPadding,
	}
	for i, c := range plot.Align(panels, tiles, draw.New(canvas))[0] {
		panels[0][i].Draw(c)
	}
	var b bytes.Buffer
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(&b)
	return b.Bytes(), err
}
