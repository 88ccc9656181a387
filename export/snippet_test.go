package export_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const runSnippet = `
import sys
given = {name: np.array(a["Data"]).reshape(a["Shape"]) for name, a in json.load(open(sys.argv[2])).items()}
logs = log_density(sys.argv[1], given["positions"], given["momenta"])
print(json.dumps({"Shape": logs.shape, "Data": logs.tolist()}))
`

// The page's own program, and no other, gives the numbers of package posterior.
func TestThePagesProgram(t *testing.T) {
	page, err := os.ReadFile("../docs/export.md")
	require.NoError(t, err)
	_, snippet, found := strings.Cut(string(page), "```python\n")
	require.True(t, found)
	snippet, _, found = strings.Cut(snippet, "```\n")
	require.True(t, found)
	interpreter := python(t, "numpy")
	s := subjects["affine couplings"]
	dir := s.train(t)
	_, density := expected(t, dir, s.events(t))
	out := runPython(t, interpreter, snippet+runSnippet, dir, density.inputs)
	assert.InDeltaSlice(t, density.output, out.Data, 10*s.tolerance())
}
