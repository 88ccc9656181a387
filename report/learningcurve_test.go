package report

import (
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"github.com/gocei/gocei/trainer"
)

// courses are trainings that are hard to draw.
func courses() map[string][][2]float64 {
	course := func(epochs int, loss func(i float64) float64) (all [][2]float64) {
		for i := range epochs {
			all = append(all, [2]float64{loss(float64(i)), loss(float64(i)) + 0.1})
		}
		return all
	}
	return map[string][][2]float64{
		"one epoch":             {{3.2, 3.4}},
		"two epochs":            {{3.2, 3.4}, {2.1, 2.5}},
		"flat":                  {{5, 5}, {5, 5}, {5, 5}},
		"flat at zero":          {{0, 0}, {0, 0}},
		"flat and huge":         {{1e20, 1e20}, {1e20, 1e20}},
		"flat and negative":     {{-1e6, -1e6}, {-1e6, -1e6}},
		"nearly flat":           {{1e6, 1e6 + 1e-9}, {1e6 - 1e-9, 1e6}},
		"largest of float32":    {{math.MaxFloat32, -math.MaxFloat32}, {1, 1}},
		"smallest there is":     {{math.SmallestNonzeroFloat64, 0}, {0, 0}},
		"negative":              course(100, func(i float64) float64 { return -14 + 20*math.Exp(-i/20) }),
		"huge first":            course(50, func(i float64) float64 { return 2 + 5*math.Exp(-i/9) + 1e12*math.Exp(-100*i) }),
		"huge first, then flat": {{1e9, 1e9}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},
		"rising":                course(40, func(i float64) float64 { return i * i }),
		"a thousand epochs":     course(1000, func(i float64) float64 { return 1000 / (1 + i) }),
	}
}

func TestLearningCurve(t *testing.T) {
	for name, losses := range courses() {
		t.Run(name, func(t *testing.T) {
			dir := newRun(t, losses...)
			require.NoError(t, LearningCurve(dir))
			picture := decodePNG(t, filepath.Join(dir, "learning_curve.png"))
			inches := func(l vg.Length) int { return int(math.Round(l.Dots(pngDotsPerInch))) }
			assert.InDelta(t, inches(figureWidth), picture.Bounds().Dx(), 1)
			words := wordsOfSVG(t, filepath.Join(dir, "learning_curve.svg"))
			for _, word := range []string{"cINN: best epoch ", "epoch", "loss", "training", "validation", "best"} {
				assert.Contains(t, words, word)
			}
			assert.NotContains(t, words, "NaN")
			assert.NotContains(t, words, "Inf")
		})
	}
}

func decodePNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	picture, err := png.Decode(f)
	require.NoError(t, err)
	return picture
}

// wordsOfSVG returns the text in an SVG file.
func wordsOfSVG(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return textOf(t, content)
}

// The range has every loss in it, or where a start is steep, all but the steep ones.
func TestLossRange(t *testing.T) {
	for name, losses := range courses() {
		t.Run(name, func(t *testing.T) {
			epochs, inside, all := metricsOf(losses), 0, 0
			low, high := lossRange(epochs)
			require.Less(t, low, high)
			require.False(t, math.IsInf(low, 0) || math.IsInf(high, 0))
			for _, l := range losses {
				for _, x := range l {
					all++
					if low < x && x < high {
						inside++
					}
				}
			}
			if len(losses) < 10 {
				assert.Equal(t, all, inside)
			}
			assert.GreaterOrEqual(t, inside, all*9/10)
			best := bestEpoch(epochs).ValidationLoss
			assert.True(t, low < best && best < high)
		})
	}
}

func TestSteepStartDoesNotFlattenTheRest(t *testing.T) {
	low, high := lossRange(metricsOf(courses()["huge first"]))
	assert.Greater(t, low, 1.0)
	assert.Less(t, high, 20.0)
}

func TestBestEpochIsTheFirstOfTheLowest(t *testing.T) {
	best := bestEpoch(metricsOf([][2]float64{{0, 3}, {1, 1}, {2, 2}, {3, 1}}))
	assert.Equal(t, 2, best.Epoch)
	assert.Equal(t, 1.0, best.ValidationLoss)
}

// Where no epoch was completed there is nothing to draw, and nothing is written.
func TestLearningCurveOfNothing(t *testing.T) {
	dir := newRun(t)
	require.NoError(t, LearningCurve(dir))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

func TestLearningCurveReplacesTheOneBefore(t *testing.T) {
	dir := newRun(t, [2]float64{2, 2}, [2]float64{1, 1})
	for _, name := range LearningCurveFiles {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("old"), 0o600))
	}
	require.NoError(t, LearningCurve(dir))
	decodePNG(t, filepath.Join(dir, "learning_curve.png"))
	wordsOfSVG(t, filepath.Join(dir, "learning_curve.svg"))
}

// Errors say which file is missing or wrong.
func TestLearningCurveErrors(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "run")
	assert.ErrorContains(t, LearningCurve(missing), missing)

	dir := newRun(t, [2]float64{1, 1})
	require.NoError(t, os.Remove(filepath.Join(dir, trainer.ConfigFile)))
	assert.ErrorContains(t, LearningCurve(dir), trainer.ConfigFile)

	dir = newRun(t, [2]float64{1, 1})
	require.NoError(t, os.WriteFile(filepath.Join(dir, trainer.MetricsFile), []byte("{}\nnonsense\n"), 0o600))
	assert.ErrorContains(t, LearningCurve(dir), trainer.MetricsFile+":2")

	dir = newRun(t, [2]float64{1, 1})
	require.NoError(t, os.Mkdir(filepath.Join(dir, "learning_curve.png"), 0o700))
	err := LearningCurve(dir)
	require.ErrorContains(t, err, "report: ")
	assert.ErrorContains(t, err, "learning_curve.png")
}

// Epochs whose losses are not finite are left out, and long trainings make no long lines.
func TestCurves(t *testing.T) {
	epochs := metricsOf([][2]float64{{3, 4}, {math.NaN(), 2}, {2, math.Inf(1)}, {1, 2}})
	f, err := Curves("cvae", epochs)
	assert.Contains(t, drawn(t, f, err), "CVAE: best epoch 4, validation loss 2")
	f, err = Curves("cinn", metricsOf(make([][2]float64, 50_000)))
	drawn(t, f, err)
	f, err = Curves("cinn", []trainer.Metrics{{}})
	drawn(t, f, err)
	for _, none := range [][]trainer.Metrics{nil, epochs[1:3]} {
		_, err = Curves("cinn", none)
		assert.ErrorContains(t, err, "report: learning curve: no epoch was completed with finite losses")
	}
}

// Of a long training, points are evenly spaced, and the last epoch is one of them.
func TestPointsAreThinned(t *testing.T) {
	for _, n := range []int{1, 2, curvePoints, curvePoints + 1, 12_345} {
		xys := points(metricsOf(make([][2]float64, n)), func(m trainer.Metrics) float64 { return m.TrainLoss })
		assert.LessOrEqual(t, len(xys), curvePoints+1)
		assert.Equal(t, float64(n), xys[len(xys)-1].X)
		for i := 2; i < len(xys); i++ {
			assert.Equal(t, xys[1].X-xys[0].X, xys[i].X-xys[i-1].X)
		}
	}
}
