package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves a command's arguments behind its flags, since the flag package stops at the first argument and
// people write "cei evaluate DIR --json". What follows "--" is arguments.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 3 {
		return args
	}
	command := app.Command(args[1])
	if command == nil {
		return args
	}
	var flags, rest, dashes []string
	for i := 2; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			dashes, rest = []string{arg}, append(rest, args[i+1:]...)
			i = len(args)
		case len(arg) < 2 || arg[0] != '-':
			rest = append(rest, arg)
		case slices.Contains(cli.HelpFlag.Names(), strings.TrimLeft(arg, "-")):
			return append(args[:2:2], arg) // help would take an argument for a command's name
		default:
			flags = append(flags, arg)
			if !takesValue(command, arg) {
				continue
			}
			if i++; i == len(args) {
				return slices.Concat(args[:2], flags) // an argument must not become the value that is missing
			}
			flags = append(flags, args[i])
		}
	}
	return slices.Concat(args[:2], flags, dashes, rest)
}

// takesValue reports whether a flag's value is the next argument.
func takesValue(command *cli.Command, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range command.Flags {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}
