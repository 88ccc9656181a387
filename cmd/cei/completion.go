package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// completions write a script for each shell. They know all commands and flags, so that no program runs while somebody
// types, and what was typed is not evaluated.
var completions = map[string]func(app *cli.App) string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}

var shells = []string{"bash", "zsh", "fish"}

func completionCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a shell's completion script",
		ArgsUsage: strings.Join(shells, "|"),
		Description: "bash: cei completion bash > ~/.local/share/bash-completion/completions/cei\n" +
			"zsh:  cei completion zsh > a folder of $fpath, as _cei\n" +
			"fish: cei completion fish > ~/.config/fish/completions/cei.fish",
		Action: func(c *cli.Context) error {
			shell, err := oneArgument(c, "shell")
			if err != nil {
				return err
			}
			if !slices.Contains(shells, shell) {
				return usagef("completion: want %s, got %q", strings.Join(shells, ", "), shell)
			}
			_, err = fmt.Fprint(s.out, completions[shell](newApp(s)))
			return err
		},
	}
}

// bashCompletion completes commands and flags; anything else is bash's own, which completes files.
func bashCompletion(app *cli.App) string {
	var names []string
	var cases strings.Builder
	for _, c := range visibleCommands(app) {
		names = append(names, c.Name)
		fmt.Fprintf(&cases, "    %s) flags='%s' ;;\n", c.Name, strings.Join(typedFlags(c), " "))
	}
	return fmt.Sprintf(`# bash completion of cei
_cei() {
  local word=${COMP_WORDS[COMP_CWORD]} flags=''
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W '%[1]s help --help --version' -- "$word")
    return
  fi
  case ${COMP_WORDS[1]} in
    completion) [[ $word == -* ]] || mapfile -t COMPREPLY < <(compgen -W '%[2]s' -- "$word") ;;
    help) mapfile -t COMPREPLY < <(compgen -W '%[1]s' -- "$word") ;;
  esac
  case ${COMP_WORDS[1]} in
%[3]s  esac
  if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word"); fi
}
complete -o default -F _cei cei
`, strings.Join(names, " "), strings.Join(shells, " "), cases.String())
}

// zshCompletion completes commands and flags with their descriptions, and files.
func zshCompletion(app *cli.App) string {
	var commands, cases strings.Builder
	for _, c := range visibleCommands(app) {
		fmt.Fprintf(&commands, "    %s\n", zshDescribed(c.Name, c.Usage))
		fmt.Fprintf(&cases, "    %s)\n      flags=(\n", c.Name)
		for _, f := range describedFlags(c) {
			for _, name := range f.names {
				fmt.Fprintf(&cases, "        %s\n", zshDescribed(dashed(name), f.usage))
			}
		}
		cases.WriteString("      ) ;;\n")
	}
	return fmt.Sprintf(`#compdef cei
_cei() {
  local -a commands flags
  commands=(
%s  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  case $words[2] in
%s  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe -o option flags
  elif [[ $words[2] == completion ]]; then
    compadd %s
  elif [[ $words[2] == help ]]; then
    _describe command commands
  else
    _files
  fi
}
if [[ $funcstack[1] == _cei ]]; then _cei "$@"; else compdef _cei cei; fi
`, commands.String(), cases.String(), strings.Join(shells, " "))
}

// zshDescribed returns a word with its description as _describe takes them, where a colon is what parts them.
func zshDescribed(word, description string) string {
	return quoted(strings.ReplaceAll(word, ":", `\:`) + ":" + description)
}

// fishCompletion completes commands and flags with their descriptions, and files.
func fishCompletion(app *cli.App) string {
	var script strings.Builder
	script.WriteString("# fish completion of cei\n")
	for _, c := range visibleCommands(app) {
		fmt.Fprintf(&script, "complete -c cei -f -n __fish_use_subcommand -a %s -d %s\n", c.Name, fishQuoted(c.Usage))
		for _, f := range describedFlags(c) {
			fmt.Fprintf(&script, "complete -c cei -n '__fish_seen_subcommand_from %s'", c.Name)
			for _, name := range f.names {
				kind := "-l"
				if len(name) == 1 {
					kind = "-s"
				}
				fmt.Fprintf(&script, " %s %s", kind, name)
			}
			if f.value != "" {
				script.WriteString(" -r")
			}
			fmt.Fprintf(&script, " -d %s\n", fishQuoted(f.usage))
		}
	}
	fmt.Fprintf(&script, "complete -c cei -f -n '__fish_seen_subcommand_from completion' -a '%s'\n", strings.Join(shells, " "))
	return script.String()
}

// quoted returns text in single quotes of bash and zsh.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// fishQuoted returns text in single quotes of fish.
func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
