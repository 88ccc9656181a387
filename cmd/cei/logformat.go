package main

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// The forms that messages have.
const (
	logFormatFlag = "log-format"
	logAuto       = "auto"
	logText       = "text"
	logJSON       = "json"
)

// jsonElsewhere are commands that run for long beside other programs, whose messages are JSON where they are on no terminal.
var jsonElsewhere = []string{"train", "serve"}

// withLogFormat gives a command the flag that says what its messages look like. What it says is done before the command
// line is parsed (see logFormat), so that what is wrong with that is told in the same form.
func withLogFormat(c *cli.Command) {
	otherwise := logText
	if slices.Contains(jsonElsewhere, c.Name) {
		otherwise = "auto: a progress bar on a terminal, elsewhere JSON"
	}
	c.Flags = append(c.Flags, &cli.StringFlag{
		Name: logFormatFlag, Usage: "`FORMAT` of the messages on standard error: auto, text, or json for a JSON object a line", DefaultText: otherwise, EnvVars: variables(logFormatFlag),
	})
	c.Before = func(c *cli.Context) error {
		return oneOf(logFormatFlag, c.String(logFormatFlag), logAuto, logText, logJSON)
	}
}

// logFormat returns the form that a command line, whose flags come first, or the environment asks for.
func logFormat(args []string) string {
	for i := 2; i < len(args) && args[i] != "--"; i++ {
		name, value, given := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		switch {
		case name != logFormatFlag || args[i][0] != '-':
		case given:
			return value
		case i+1 < len(args):
			return args[i+1]
		}
	}
	return cmp.Or(os.Getenv(variables(logFormatFlag)[0]), logAuto)
}

// logged returns the streams with messages in the form that is asked for.
func (s streams) logged(args []string) streams {
	format := logFormat(args)
	asJSON := format == logJSON || format == logAuto && !s.terminal && len(args) > 1 && slices.Contains(jsonElsewhere, args[1])
	s.terminal = s.terminal && format == logAuto
	s.log = newMessages(s.err, asJSON)
	s.err = s.log
	return s
}
