package tensorboard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const filePrefix = "events.out.tfevents."

// createAfter creates a file whose name sorts behind those of all event files in the folder, since TensorBoard reads them
// in the order of their names: events.out.tfevents.SECONDS.HOST.PID.NUMBER, the seconds those of the clock or later.
func createAfter(dir string) (*os.File, error) {
	names, err := eventFiles(dir)
	if err != nil {
		return nil, err
	}
	seconds := time.Now().Unix()
	for _, name := range names {
		text, _, _ := strings.Cut(strings.TrimPrefix(name, filePrefix), ".")
		if before, err := strconv.ParseInt(text, 10, 64); err == nil {
			seconds = max(seconds, before+1)
		}
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	name := fmt.Sprintf("%s%010d.%s.%d.0", filePrefix, seconds, host, os.Getpid())
	return os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// eventFiles returns the names of a folder's event files, none where there is no folder.
func eventFiles(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), filePrefix) && entry.Type().IsRegular() {
			names = append(names, entry.Name())
		}
	}
	return names, err
}

// Remove removes the event files of a folder, and the folder where nothing else is in it.
func Remove(dir string) error {
	names, err := eventFiles(dir)
	for _, name := range names {
		if e := os.Remove(filepath.Join(dir, name)); e != nil && !errors.Is(e, fs.ErrNotExist) && err == nil {
			err = e
		}
	}
	if err != nil {
		return fmt.Errorf("tensorboard: remove event files: %w", err)
	}
	_ = os.Remove(dir) // stays where it holds other things
	return nil
}
