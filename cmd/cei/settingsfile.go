package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/urfave/cli/v2"
)

const configFlag = "config"

// readSettingsFile gives flags their values from a YAML file: its keys are their names, and its values are read as
// theirs are. What the command line or a variable sets is left alone. Errors name file, line and column.
func readSettingsFile(c *cli.Context, path string, settings []setting) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	entries, err := settingsIn(content)
	if err == nil {
		err = applyEntries(c, entries, settings)
	}
	var wrong *settingsError
	if errors.As(err, &wrong) {
		return fmt.Errorf("read settings: %s:%d:%d: %s", path, wrong.at.Position.Line, wrong.at.Position.Column, wrong.reason)
	}
	if err != nil {
		return fmt.Errorf("read settings: %s: %w", path, err)
	}
	return nil
}

// settingsError is something wrong at a place in a settings file.
type settingsError struct {
	at     *token.Token
	reason string
}

func (e *settingsError) Error() string { return e.reason }

func wrongSetting(at ast.Node, format string, args ...any) error {
	return &settingsError{at.GetToken(), fmt.Sprintf(format, args...)}
}

// settingsIn returns the key-value pairs of a YAML document.
func settingsIn(content []byte) ([]*ast.MappingValueNode, error) {
	file, err := parser.ParseBytes(content, 0)
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return nil, &settingsError{syntax.GetToken(), syntax.GetMessage()}
	}
	if err != nil {
		return nil, err
	}
	var entries []*ast.MappingValueNode
	for i, document := range file.Docs {
		if document.Body == nil {
			continue
		}
		mapping, ok := document.Body.(*ast.MappingNode)
		if !ok || i > 0 {
			return nil, wrongSetting(document.Body, "expected one list of settings, a line each, as epochs: 100")
		}
		entries = mapping.Values
	}
	return entries, nil
}

func applyEntries(c *cli.Context, entries []*ast.MappingValueNode, settings []setting) error {
	byName := map[string]setting{}
	for _, s := range settings {
		byName[s.name()] = s
	}
	for _, entry := range entries {
		name := entry.Key.GetToken().Value
		s, ok := byName[name]
		if !ok {
			return wrongSetting(entry.Key, "there is no setting %q", name)
		}
		value, err := settingText(entry.Value, s)
		if err != nil {
			return err
		}
		if isSet(c, name) {
			continue
		}
		if err := c.Set(name, value); err != nil {
			return wrongSetting(entry.Value, "invalid value %q for %s: %v", value, name, err)
		}
	}
	return nil
}

// settingText returns a value as one would write it on the command line.
func settingText(value ast.Node, s setting) (string, error) {
	elements := []ast.Node{value}
	if sequence, ok := value.(*ast.SequenceNode); ok {
		if _, ok := s.flag.(list); !ok {
			return "", wrongSetting(value, "expected one value for %s, found a list", s.name())
		}
		elements = sequence.Values
	}
	var words []string
	for _, element := range elements {
		switch element.(type) {
		case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
			words = append(words, element.GetToken().Value)
		default:
			return "", wrongSetting(element, "expected a number, a word, true or false for %s", s.name())
		}
	}
	return strings.Join(words, ","), nil
}
