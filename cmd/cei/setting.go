package main

import (
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// setting is a flag, the environment variable of the same name, and the field that both set.
type setting struct {
	flag cli.Flag
	set  func(c *cli.Context)
}

func (s setting) name() string { return s.flag.Names()[0] }

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
		if isSet(c, s.name()) {
			s.set(c)
		}
	}
}

// isSet reports whether a flag or a variable gives a value. A variable that is empty gives none.
func isSet(c *cli.Context, name string) bool {
	value := c.String(name) // whatever the flag's type; a list comes in brackets
	return c.IsSet(name) && value != "" && value != "[]"
}

// The constructors of settings take what is in force otherwise as the text that the help shows.

func text(field *string, name, usage, otherwise string) setting {
	return setting{&cli.StringFlag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}, func(c *cli.Context) { *field = c.String(name) }}
}

func texts(field *[]string, name, usage, otherwise string) setting {
	return setting{list{&cli.StringSliceFlag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}}, func(c *cli.Context) { *field = c.StringSlice(name) }}
}

func yes(field *bool, name, usage string) setting {
	return setting{&cli.BoolFlag{Name: name, Usage: usage, DisableDefaultText: true, EnvVars: variables(name)}, func(c *cli.Context) { *field = c.Bool(name) }}
}

// Fields of these are nil until something is asked for, so that presets can fill in the rest.

func integer(field **int, name, usage, otherwise string) setting {
	return setting{&cli.IntFlag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Int(name)) }}
}

func number(field **float64, name, usage, otherwise string) setting {
	return setting{&cli.Float64Flag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Float64(name)) }}
}

func duration(field **time.Duration, name, usage, otherwise string) setting {
	return setting{&cli.DurationFlag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Duration(name)) }}
}

func seed(field **uint64, usage string) setting {
	const name = "seed"
	return setting{&cli.Uint64Flag{Name: name, Usage: usage, DefaultText: "1", EnvVars: variables(name)}, func(c *cli.Context) { *field = ptr(c.Uint64(name)) }}
}

func integers(field *[]int64, name, usage, otherwise string) setting {
	return setting{list{&cli.Int64SliceFlag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}}, func(c *cli.Context) { *field = c.Int64Slice(name) }}
}

func numbers(field *[]float64, name, usage, otherwise string) setting {
	return setting{list{&cli.Float64SliceFlag{Name: name, Usage: usage, DefaultText: otherwise, EnvVars: variables(name)}}, func(c *cli.Context) { *field = c.Float64Slice(name) }}
}

// list is a flag with several values, separated by commas. Without this, the help would show it as to be repeated.
type list struct{ sliceFlag }

type sliceFlag interface {
	cli.DocGenerationSliceFlag
	cli.CategorizableFlag
	cli.VisibleFlag
}

// IsSliceFlag is what the help asks.
func (list) IsSliceFlag() bool { return false }

// String returns the flag's line in the help.
func (l list) String() string { return cli.FlagStringer(l) }

func ptr[T any](v T) *T { return &v }

// given returns the value that was asked for, or else the other.
func given[T any](asked *T, otherwise T) T {
	if asked != nil {
		return *asked
	}
	return otherwise
}

// defaultSeed is the seed of every command that is not given one.
const defaultSeed = 1
