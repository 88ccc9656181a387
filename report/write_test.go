package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func smallReport(names ...string) *Report {
	r := &Report{page: &page{Title: "run"}}
	for _, name := range names {
		r.Pictures = append(r.Pictures, &Picture{Name: name, SVG: []byte("<svg/>"), PNG: []byte("png")})
	}
	return r
}

func TestReportIsWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	require.NoError(t, MayReplace(dir))
	paths, err := smallReport("ranks", "newton").Write(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{
		filepath.Join(dir, "report.html"), filepath.Join(dir, "figures", "ranks.png"), filepath.Join(dir, "figures", "ranks.svg"),
		filepath.Join(dir, "figures", "newton.png"), filepath.Join(dir, "figures", "newton.svg"),
	}, paths)
	for _, path := range paths {
		assert.FileExists(t, path)
	}
	require.NoError(t, MayReplace(dir), "a report may be made anew")

	_, err = smallReport("ranks").Write(dir)
	require.NoError(t, err)
	assert.NoFileExists(t, filepath.Join(dir, "figures", "newton.png"), "the picture is of another report")
	assert.FileExists(t, filepath.Join(dir, "figures", "ranks.svg"))
}

// Files of others are left alone, whichever of the report's names they have.
func TestMayReplaceRefusesStrangers(t *testing.T) {
	for _, name := range []string{"report.html", "figures/dalitz.svg"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte("<p>mine"), 0o600))
		err := MayReplace(dir)
		require.ErrorContains(t, err, path)
		assert.ErrorContains(t, err, "--force")
	}
	require.NoError(t, MayReplace(newRun(t)), "a run directory is the program's own")
}

// Only what this package made is removed.
func TestRemoveReport(t *testing.T) {
	dir := t.TempDir()
	theirs := filepath.Join(dir, FiguresDir, "mine.png")
	require.NoError(t, os.MkdirAll(filepath.Dir(theirs), 0o700))
	require.NoError(t, os.WriteFile(theirs, nil, 0o600))
	_, err := smallReport("ranks").Write(dir)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, PageFile), []byte(generator), 0o600))
	Remove(dir)
	assert.NoFileExists(t, filepath.Join(dir, PageFile))
	assert.NoFileExists(t, filepath.Join(dir, FiguresDir, "ranks.svg"))
	assert.FileExists(t, theirs)

	page := filepath.Join(dir, PageFile)
	require.NoError(t, os.WriteFile(page, []byte("<p>mine"), 0o600))
	Remove(dir)
	assert.FileExists(t, page)
}
