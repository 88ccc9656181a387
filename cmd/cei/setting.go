package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// setting is a flag, the environment variable of the same name, and the field that both set.
type setting struct {
	flag cli.Flag
	set  func(c *cli.Context)
}

// variables returns the environment variables of a flag: CEI_LEARNING_RATE for --learning-rate.
func variables(name string) []string {
	return []string{"CEI_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))}
}

// flagsOf returns the settings' flags.
func flagsOf(settings []setting) (flags []cli.Flag) {
	for _, s := range settings {
		flags = append(flags, s.flag)
	}
	return flags
}

// apply sets the fields whose flag or variable is given, over what they hold.
func apply(c *cli.Context, settings []setting) {
	for _, s := range settings {
		if c.IsSet(s.flag.Names()[0]) {
			s.set(c)
		}
	}
}

func text(field *string, name, usage string) setting {
	return setting{&cli.StringFlag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = c.String(name) }}
}

func texts(field *[]string, name, usage string) setting {
	return setting{&cli.StringSliceFlag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = c.StringSlice(name) }}
}

func yes(field *bool, name, usage string) setting {
	return setting{&cli.BoolFlag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = c.Bool(name) }}
}

// Fields of these are nil until something is asked for, so that presets can fill in the rest.

func integer(field **int, name, usage string) setting {
	return setting{&cli.IntFlag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Int(name)) }}
}

func number(field **float64, name, usage string) setting {
	return setting{&cli.Float64Flag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Float64(name)) }}
}

func seed(field **uint64, name, usage string) setting {
	return setting{&cli.Uint64Flag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Uint64(name)) }}
}

func integers(field *[]int64, name, usage string) setting {
	return setting{&cli.Int64SliceFlag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = c.Int64Slice(name) }}
}

func numbers(field *[]float64, name, usage string) setting {
	return setting{&cli.Float64SliceFlag{Name: name, Usage: usage, EnvVars: variables(name)}, func(c *cli.Context) { *field = c.Float64Slice(name) }}
}

func ptr[T any](v T) *T { return &v }

// given returns the value that was asked for, or else the other.
func given[T any](asked *T, otherwise T) T {
	if asked != nil {
		return *asked
	}
	return otherwise
}

// oneOf refuses a word that is not among those allowed.
func oneOf(flag, word string, allowed ...string) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	return usagef("--%s must be %s, got %q", flag, strings.Join(allowed, ", "), word)
}

// defaultSeed is the seed of every command that is not given one.
const defaultSeed = 1
