package cgo

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoadGivesTheSameAnswerEverAfter(t *testing.T) {
	lib := library(t)
	again, err := Load()
	require.NoError(t, err)
	assert.Equal(t, lib, again)
	assert.Equal(t, ABIVersion, lib.ABI)
	assert.NotEmpty(t, lib.TorchVersion)
}

func TestANamedPathIsTheOnlyOneTried(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "mine.so")
	t.Setenv(LibraryVariable, file)
	assert.Equal(t, []string{file}, candidates())
	t.Setenv(LibraryVariable, folder)
	assert.Equal(t, []string{filepath.Join(folder, libraryName)}, candidates(), "a folder stands for the library in it")
	t.Chdir(folder)
	t.Setenv(LibraryVariable, "mine.so")
	assert.Equal(t, []string{file}, candidates(), "relative to the working folder, never looked for elsewhere")
}

func TestSearchOrder(t *testing.T) {
	t.Setenv(LibraryVariable, "")
	self, err := filepath.EvalSymlinks(executable(t))
	require.NoError(t, err)
	assert.Equal(t, []string{
		filepath.Join(filepath.Dir(filepath.Dir(self)), "lib", libraryName),
		filepath.Join(repository(t), "build", "lib", libraryName),
		libraryName,
	}, candidates())
}

// A program installed as bin/cei finds lib/libceitorch.so, and looks further where that cannot be used.
func TestTheLibraryBesideTheExecutableComesFirst(t *testing.T) {
	lib := library(t)
	folder := t.TempDir()
	binary, beside := filepath.Join(folder, "bin", "program"), filepath.Join(folder, "lib", libraryName)
	copyFile(t, executable(t), binary)
	copyFile(t, lib.Path, beside)
	assert.Equal(t, beside+"\n<nil>\n", loadIn(t, binary, LibraryVariable+"="))
	copyFile(t, stubOf(t, ABIVersion+1), beside)
	fallback := filepath.Join(repository(t), "build", "lib", libraryName)
	if _, err := os.Stat(fallback); err != nil {
		t.Skipf("nothing to fall back to: %v", err)
	}
	assert.Equal(t, fallback+"\n<nil>\n", loadIn(t, binary, LibraryVariable+"="))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
	require.NoError(t, os.WriteFile(to, data, 0o755))
}

// repository returns the folder of the checkout.
func repository(t *testing.T) string {
	t.Helper()
	here, err := os.Getwd()
	require.NoError(t, err)
	return filepath.Dir(here)
}

func TestMissingLibrary(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nowhere.so")
	output := loadInAnotherProcess(t, LibraryVariable+"="+missing)
	assert.Contains(t, output, "tried:\n  "+missing+": no such file\n")
	assert.Contains(t, output, "scripts/setup")
	assert.Contains(t, output, LibraryVariable)
}

func TestAFileThatIsNoLibrary(t *testing.T) {
	text := filepath.Join(t.TempDir(), libraryName)
	require.NoError(t, os.WriteFile(text, []byte("not a library\n"), 0o644))
	output := loadInAnotherProcess(t, LibraryVariable+"="+filepath.Dir(text))
	assert.Contains(t, output, "\n  "+text+": ")
	assert.NotContains(t, output, "no such file")
}

func TestALibraryThatIsNotTheShim(t *testing.T) {
	other := compile(t, "int unrelated(void) { return 1; }")
	output := loadInAnotherProcess(t, LibraryVariable+"="+other)
	assert.Contains(t, output, other+": it has no function ceitorch_api")
}

func TestAShimOfAnotherABI(t *testing.T) {
	for _, version := range []int{ABIVersion - 1, ABIVersion + 1} {
		stub := stubOf(t, version)
		output := loadInAnotherProcess(t, LibraryVariable+"="+stub)
		assert.Contains(t, output, fmt.Sprintf("%s: it has version %d of the shim's ABI and this program needs version %d; run scripts/setup again", stub, version, ABIVersion))
	}
}

// stubOf compiles a library whose table says that it has that version, and has nothing else.
func stubOf(t *testing.T, version int) string {
	t.Helper()
	return compile(t, fmt.Sprintf(`
		static const struct { int abi, entries; } table = {%d, 0};
		const void* ceitorch_api(void) { return &table; }`, version))
}

// A library that needs another which is not there says which.
func TestALibraryWithoutItsDependencies(t *testing.T) {
	dependency := compile(t, "int needed(void) { return 1; }")
	dependent := compile(t, "int needed(void); int call(void) { return needed(); }", dependency)
	require.NoError(t, os.Remove(dependency))
	output := loadInAnotherProcess(t, LibraryVariable+"="+dependent)
	assert.Contains(t, output, dependent+": ")
	assert.Contains(t, output, filepath.Base(dependency))
}

// compile makes a shared library of C source with the compiler that cgo uses.
func compile(t *testing.T, source string, more ...string) string {
	t.Helper()
	compiler, err := exec.Command("go", "env", "CC").Output()
	require.NoError(t, err)
	folder := t.TempDir()
	file, library := filepath.Join(folder, "stub.c"), filepath.Join(folder, "libstub.so")
	require.NoError(t, os.WriteFile(file, []byte(source), 0o644))
	words := append(strings.Fields(string(compiler)), "-shared", "-fPIC", "-o", library, file)
	output, err := exec.Command(words[0], append(words[1:], more...)...).CombinedOutput()
	require.NoError(t, err, "%s", output)
	return library
}
