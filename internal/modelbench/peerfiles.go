package modelbench

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"
)

// peerFiles is the peer's program.
//
//go:embed peer/*.py
var peerFiles embed.FS

// writePeer puts the peer's program into a folder and returns what to run.
func writePeer(folder string) (script string, err error) {
	target := filepath.Join(folder, "program")
	if err := os.CopyFS(target, peerFiles); err != nil {
		return "", fmt.Errorf("modelbench: write the peer's program: %w", err)
	}
	return filepath.Join(target, "peer", "main.py"), nil
}
