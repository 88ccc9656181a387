// Package report draws what a run directory holds: pictures for papers (SVG) and for a glance (PNG).
package report
