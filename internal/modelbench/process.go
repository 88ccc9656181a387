package modelbench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"time"
)

// process is a Python that answers requests, a line of JSON each. It does one thing at a time and is idle between.
type process struct {
	name    string // for errors
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	errs    *tail
	ended   error // why it can answer no more
}

// startProcess starts a peer, with environment variables beside those of this process.
func startProcess(python, script string, environment ...string) (*process, error) {
	p := &process{name: python, command: exec.Command(python, "-u", script), errs: &tail{}}
	p.command.Env = peerEnvironment(environment)
	p.command.Stderr = p.errs
	p.command.WaitDelay = time.Second
	in, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) pid() int { return p.command.Process.Pid }

// errNoPeer is in the error of a Python that is not there, or that has no PyTorch.
var errNoPeer = errors.New("there is no PyTorch")

// errEnded is in the error of a peer whose process has ended before it answered.
var errEnded = errors.New("the peer has ended")

// refusal is an error that the peer reports and survives.
type refusal string

func (r refusal) Error() string { return string(r) }

// ask sends a request and decodes the answer. Where ctx is done before it comes, the process is killed.
func (p *process) ask(ctx context.Context, request map[string]any, answer any) error {
	if p.ended != nil {
		return p.ended
	}
	line, err := p.exchange(ctx, request)
	if err == nil {
		err = p.decode(line, answer)
	}
	var refused refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return fmt.Errorf("modelbench: %s: %s: %w", p.name, request["do"], refused)
	case ctx.Err() != nil:
		err = ctx.Err()
	}
	p.ended = fmt.Errorf("modelbench: %s: %s: %w%s", p.name, request["do"], err, p.lastWords())
	return p.ended
}

func (p *process) exchange(ctx context.Context, request map[string]any) ([]byte, error) {
	stop := context.AfterFunc(ctx, p.kill)
	defer stop()
	text, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	if _, err := p.in.Write(append(text, '\n')); err != nil {
		return nil, fmt.Errorf("%w: %w", errEnded, err)
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("%w without an answer: %w", errEnded, err)
	}
	return line, nil
}

func (p *process) decode(line []byte, answer any) error {
	var failed struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(line, &failed); err != nil {
		return fmt.Errorf("expected a line of JSON, got %.80q: %w", line, err)
	}
	if failed.Error != "" {
		return refusal(failed.Error)
	}
	if err := json.Unmarshal(line, answer); err != nil {
		return fmt.Errorf("did not expect the answer %.80q: %w", line, err)
	}
	return nil
}

// lastWords returns how a process that has gone wrong ended, for its error.
func (p *process) lastWords() string {
	p.close()
	words := p.errs.last()
	if p.command.ProcessState != nil {
		words = strings.TrimSpace(p.command.ProcessState.String() + "; " + words)
	}
	return " (" + strings.TrimSuffix(words, ";") + ")"
}

func (p *process) kill() { _ = p.command.Process.Kill() } // it may have ended by itself

// close ends the process.
func (p *process) close() {
	if p.command.ProcessState != nil {
		return
	}
	_ = p.in.Close() // which ends a healthy one
	stop := time.AfterFunc(time.Second, p.kill)
	defer stop.Stop()
	_ = p.command.Wait() // its exit code says nothing more
}

// isMissing reports whether a program is not there, or may not be run.
func isMissing(err error) bool {
	return errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}
