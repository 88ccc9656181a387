package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/trainer"
)

// Exit codes, as documented for scripts.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// streams are where a command writes: results to out, progress and messages to err.
type streams struct {
	out, err io.Writer
	terminal bool      // err is a terminal, so progress may be drawn on it
	log      *messages // what err writes to; nil for plain text
}

// note tells the user something that is not a result.
func (s streams) note(format string, args ...any) { s.messages().note(fmt.Sprintf(format, args...)) }

func (s streams) messages() *messages {
	if s.log == nil {
		return newMessages(s.err, false)
	}
	return s.log
}

// usageError is a command line or configuration that makes no sense.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run runs the command line and returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	args = flagsFirst(newApp(s), args)
	s = s.logged(args)
	defer s.log.flush()
	err := newApp(s).RunContext(ctx, args)
	var usage usageError
	var noTopic cli.ExitCoder // of "cei help nosuchcommand"
	switch {
	case err == nil:
		return exitDone
	case ctx.Err() != nil || errors.Is(err, trainer.ErrInterrupted):
		return s.failed(exitInterrupted, fmt.Sprintf("interrupted: %v", err))
	case errors.As(err, &usage), errors.As(err, &noTopic):
		return s.failed(exitUsage, fmt.Sprintf("%v\nRun cei help, or a command with --help.", err))
	}
	return s.failed(exitFailed, err.Error())
}

// failed tells why the program ends without its result, and returns the exit code, which a JSON record has too.
func (s streams) failed(code int, why string) int {
	if s.log.records == nil {
		s.note("cei: %s", why)
	} else {
		s.log.flush()
		s.log.log(slog.LevelError, why, slog.Int("exit_code", code))
	}
	return code
}

func newApp(s streams) *cli.App {
	badUsage := func(_ *cli.Context, err error, _ bool) error { return usageError{err} }
	commands := []*cli.Command{
		simulateCommand(s), inspectCommand(s), convertCommand(s), trainCommand(s), evaluateCommand(s), sampleCommand(s), retrieveCommand(s), joinCommand(s), reportCommand(s), serveCommand(s), healthCommand(s), exportCommand(s), importCommand(s), doctorCommand(s), benchCommand(s), completionCommand(s), manCommand(s),
	}
	for _, c := range commands {
		c.OnUsageError = badUsage
		c.HideHelpCommand = true // arguments are files and folders, which may be called help
		withLogFormat(c)
	}
	return &cli.App{
		Name:         "cei",
		Usage:        "from the momenta of a Coulomb explosion to the geometry before it",
		Version:      version(),
		Writer:       s.out,
		ErrWriter:    s.err,
		Commands:     commands,
		OnUsageError: badUsage,
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usagef("there is no command %q", name)
			}
			return cli.ShowAppHelp(c)
		},
		ExitErrHandler: func(*cli.Context, error) {}, // run chooses the exit code
	}
}

// oneArgument returns the only argument of a command.
func oneArgument(c *cli.Context, what string) (string, error) {
	if c.NArg() != 1 {
		return "", usagef("%s: give one %s, got %d arguments", c.Command.Name, what, c.NArg())
	}
	return c.Args().First(), nil
}

// noArguments refuses arguments that are not flags.
func noArguments(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("%s: unexpected argument %q", c.Command.Name, c.Args().First())
	}
	return nil
}
