package moleculefile

import (
	"errors"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// document is a YAML mapping whose values can be pointed at.
type document struct{ root *ast.MappingNode }

// onlyMapping returns the one mapping that a file consists of.
func onlyMapping(file *ast.File) (root *ast.MappingNode, err error) {
	for _, part := range file.Docs {
		if part.Body == nil {
			continue
		}
		mapping, ok := part.Body.(*ast.MappingNode)
		if !ok || root != nil {
			return nil, wrongToken(part.Body.GetToken(), "want one molecule, as in name: OCS")
		}
		root = mapping
		ast.Walk(plainOnly{&err}, mapping)
	}
	if root == nil {
		return nil, wrongAt(1, 1, "nothing in the file: want one molecule, as in name: OCS")
	}
	return root, err
}

// plainOnly finds what a description has no use for and a decoder may stumble
// over, such as tags, anchors and aliases.
type plainOnly struct{ err *error }

// Visit keeps the first error.
func (p plainOnly) Visit(node ast.Node) ast.Visitor {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.StringNode, *ast.LiteralNode,
		*ast.IntegerNode, *ast.FloatNode, *ast.NanNode, *ast.InfinityNode, *ast.CommentGroupNode, *ast.CommentNode:
		return p
	}
	if *p.err == nil {
		*p.err = wrongToken(node.GetToken(), "want names, numbers and lists only")
	}
	return nil
}

// wrong is an error at the value that a path names, or at what is left of it.
func (d document) wrong(path string, format string, args ...any) error {
	at := ast.Node(d.root)
	for end := range path {
		if end > 0 && (path[end] == '.' || path[end] == '[') {
			at = d.find(path[:end], at)
		}
	}
	return wrongToken(start(d.find(path, at)), format, args...)
}

// start returns the first token of a node; that of a mapping without braces is
// its first key and not the colon after.
func start(node ast.Node) *token.Token {
	mapping, ok := node.(*ast.MappingNode)
	if ok && !mapping.IsFlowStyle && len(mapping.Values) > 0 {
		return mapping.Values[0].Key.GetToken()
	}
	return node.GetToken()
}

// find returns the node of a path, or another where there is none.
func (d document) find(path string, otherwise ast.Node) ast.Node {
	parsed, err := yaml.PathString(path)
	if err != nil {
		return otherwise
	}
	node, err := parsed.FilterNode(d.root)
	if err != nil || node == nil {
		return otherwise
	}
	return node
}

func wrongToken(at *token.Token, format string, args ...any) error {
	if at == nil || at.Position == nil {
		return wrongAt(0, 0, format, args...)
	}
	return wrongAt(at.Position.Line, at.Position.Column, format, args...)
}

// placed says where the YAML library found an error, in one line.
func placed(err error) error {
	var positioned yaml.Error
	if errors.As(err, &positioned) {
		return wrongToken(positioned.GetToken(), "%s", positioned.GetMessage())
	}
	return wrongAt(0, 0, "%w", err)
}
