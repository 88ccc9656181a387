// Package report draws what a run directory holds: pictures for papers (SVG) and for a glance (PNG).
//
// # Figures
//
// A [Figure] is a picture with the words that belong to it. Each function that makes one takes plain tables, checks them,
// and returns an error that says what is wrong with them; what is drawn cannot fail. Numbers that are not finite are left
// out and counted in the caption.
//
// # Sizes
//
// However many rows a table has, a figure is small: events are counted in cells, of which a picture is drawn, densities
// become histograms and contours, and only a few hundred events are dots. Words in SVG are text, in Liberation Sans or what
// has its widths. Figures are 13 cm wide with letters of 9 points, which a telephone shows whole; corner plots of many
// columns are wider.
//
// # Colours
//
// Lines and areas are of Okabe and Ito's palette, which the colour-blind can tell apart; densities get evenly darker with
// the logarithm of their counts. Lines that mark something are dashed, so that no meaning is in colour alone.
package report
