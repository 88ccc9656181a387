package main

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"
)

func manCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:        "man",
		Usage:       "print the manual page",
		Description: "Read it with: cei man | man -l -\nInstall it as: cei man > ~/.local/share/man/man1/cei.1",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			_, err := fmt.Fprint(s.out, manualPage(newApp(s)))
			return err
		},
	}
}

// manualPage returns the page in man's own macros, see man(7).
func manualPage(app *cli.App) string {
	var page strings.Builder
	section := func(name, text string) { fmt.Fprintf(&page, ".SH %s\n%s\n", name, text) }
	fmt.Fprintf(&page, ".TH CEI 1 \"\" \"cei %s\" \"User Commands\"\n.nh\n.ad l\n", roff(strings.Fields(app.Version)[0]))
	section("NAME", `cei \- `+roff(app.Usage))
	section("SYNOPSIS", ".B cei\n.I command\n[\n.I option ...\n]\n[\n.I argument ...\n]")
	section("DESCRIPTION", "Results go to standard output, progress and messages to standard error.\nOptions may stand before or after arguments.")
	page.WriteString(".SH COMMANDS\n")
	for _, c := range visibleCommands(app) {
		page.WriteString(manualOf(c))
	}
	section("EXIT STATUS", exitStatus())
	section("ENVIRONMENT", "Every option with a value, and every one without, can be given as a variable:\n.B CEI_LEARNING_RATE\nfor\n"+
		`.BR \-\-learning\-rate .`+"\n.TP\n.B CEI_TORCH_LIB\nwhere the native library is: the file, or the folder that holds it\n"+
		".TP\n.B OMP_NUM_THREADS\nthreads to compute with where\n"+`.B \-\-threads`+"\nis not given")
	return page.String()
}

// manualOf returns the part of a command.
func manualOf(c *cli.Command) string {
	var part strings.Builder
	fmt.Fprintf(&part, ".SS cei %s", c.Name)
	if c.ArgsUsage != "" {
		fmt.Fprintf(&part, " %s", roff(c.ArgsUsage))
	}
	fmt.Fprintf(&part, "\n%s.\n", roff(c.Usage))
	if c.Description != "" {
		fmt.Fprintf(&part, ".PP\n%s\n", brokenLines(roff(c.Description)))
	}
	for _, f := range describedFlags(c) {
		names := make([]string, len(f.names))
		for i, name := range f.names {
			names[i] = `\fB` + roff(dashed(name)) + `\fR`
		}
		if part.WriteString(".TP\n" + strings.Join(names, ", ")); f.value != "" {
			part.WriteString(` \fI` + roff(f.value) + `\fR`)
		}
		part.WriteString("\n" + roff(f.usage) + "\n")
		if f.otherwise != "" {
			part.WriteString("(default: " + roff(f.otherwise) + ")\n")
		}
	}
	return part.String()
}

// brokenLines keeps lines apart. Those that begin with a space are so anyway.
func brokenLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n.br\n"), "\n.br\n ", "\n ")
}

func exitStatus() string {
	var all strings.Builder
	for _, status := range []struct {
		code    int
		meaning string
	}{
		{exitDone, "done"},
		{exitFailed, "failed"},
		{exitUsage, "the command line or a setting makes no sense"},
		{exitInterrupted, "interrupted; a training has left a checkpoint"},
	} {
		fmt.Fprintf(&all, ".TP\n.B %d\n%s\n", status.code, status.meaning)
	}
	return strings.TrimSuffix(all.String(), "\n")
}

// roff returns text that stands for itself: without escapes, and without lines that would be requests.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	var ascii strings.Builder
	for _, r := range strings.Join(lines, "\n") {
		if r > unicode.MaxASCII {
			fmt.Fprintf(&ascii, `\[u%04X]`, r) // in whatever encoding the page is read
		} else {
			ascii.WriteRune(r)
		}
	}
	return ascii.String()
}
