package modelbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// startPeers starts every Python that was asked for, with each setting of threads.
func (b *bench) startPeers(ctx context.Context) (err error) {
	if len(b.options.Pythons) == 0 {
		return nil
	}
	if b.script, err = writePeer(b.folder); err != nil {
		return err
	}
	for _, python := range b.options.Pythons {
		peer, err := b.startPython(ctx, python)
		if err != nil {
			return err
		}
		b.report.Peers = append(b.report.Peers, peer)
	}
	return nil
}

func (b *bench) startPython(ctx context.Context, python string) (Peer, error) {
	peer := Peer{Python: python}
	b.options.Progress("starting %s", python)
	for _, setting := range threadSettings(b.report.Machine.Threads, b.options.Device) {
		c, err := startCandidate(ctx, b, python, setting)
		if errors.Is(err, errNoPeer) {
			peer.Missing = err.Error()
			b.options.Progress("%s is left out: %v", python, err)
			return peer, nil
		}
		if err != nil {
			return peer, err
		}
		if len(c.modes) == 0 {
			c.close()
			continue
		}
		b.candidates = append(b.candidates, c)
		peer.Torch, peer.Threads = c.torch, append(peer.Threads, setting.name)
		for _, mode := range c.modes {
			if !slices.Contains(peer.Modes, mode) {
				peer.Modes = append(peer.Modes, mode)
			}
		}
	}
	return peer, nil
}

// revive starts the peers anew that have ended.
func (b *bench) revive(ctx context.Context) error {
	for _, c := range b.candidates {
		if c.ended == nil {
			continue
		}
		fresh, err := startCandidate(ctx, b, c.python, c.setting)
		if err != nil {
			return fmt.Errorf("modelbench: start a peer anew: %w", err)
		}
		*c = *fresh
	}
	return nil
}

func (b *bench) closePeers() {
	for _, c := range b.candidates {
		c.close()
	}
}
