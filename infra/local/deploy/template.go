package deploy

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// template is the SAM template as a tree of YAML nodes, so that writing it back changes nothing but what was changed
// here.
type template struct {
	doc yaml.Node
}

func parse(text []byte) (*template, error) {
	t := new(template)
	if err := yaml.Unmarshal(text, &t.doc); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	if len(t.doc.Content) != 1 || t.doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("template: not a mapping")
	}
	return t, nil
}

func (t *template) text() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&t.doc); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// function is a Lambda function of the template with its code in the source tree.
type function struct {
	logicalID string
	dir       string     // of its package, relative to the template, with slashes
	props     *yaml.Node // its Properties
}

// functions lists the template's Lambda functions whose code is a local directory. CodeUri is the directory of the
// package. Where it is the whole tree, because `sam build` builds by the Makefile, the directory follows from the
// logical id as it does in the Makefile.
func (t *template) functions() ([]function, error) {
	global := get(get(get(t.doc.Content[0], "Globals"), "Function"), "CodeUri")
	var all []function
	for id, res := range t.resources("AWS::Serverless::Function") {
		props := get(res, "Properties")
		if props == nil { // all properties are in Globals
			props = &yaml.Node{Kind: yaml.MappingNode}
			res.Content = append(res.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "Properties"},
				props)
		}
		if get(props, "InlineCode") != nil {
			continue
		}
		uri := get(props, "CodeUri")
		if uri == nil {
			uri = global
		}
		if uri == nil {
			return nil, fmt.Errorf("template: %s has no CodeUri", id)
		}
		if uri.Kind != yaml.ScalarNode || strings.HasPrefix(uri.Value, "s3://") {
			continue // the code is uploaded already
		}
		dir := path.Clean(uri.Value)
		if dir == "." {
			dir = path.Join("functions", packageName(id))
		}
		all = append(all, function{id, dir, props})
	}
	return all, nil
}

// packageName makes the name of the function's directory from its logical id: status-check for StatusCheckFunction. The
// Makefile's build rule does the same.
func packageName(logicalID string) string {
	var b strings.Builder
	for i, r := range strings.TrimSuffix(logicalID, "Function") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// definition is a local file that the template names, such as a state machine.
type definition struct {
	logicalID string
	file      string // relative to the template, with slashes
	uri       *yaml.Node
}

// definitions lists the state machines and APIs that a local file describes.
func (t *template) definitions() []definition {
	var all []definition
	for id, res := range pairs(get(t.doc.Content[0], "Resources")) {
		uri := get(get(res, "Properties"), "DefinitionUri")
		if uri == nil || uri.Kind != yaml.ScalarNode || strings.HasPrefix(uri.Value, "s3://") {
			continue
		}
		all = append(all, definition{id, path.Clean(uri.Value), uri})
	}
	return all
}

// resources iterates over the template's resources of one type, by logical id.
func (t *template) resources(typ string) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		for id, res := range pairs(get(t.doc.Content[0], "Resources")) {
			if n := get(res, "Type"); n != nil && n.Value == typ && !yield(id, res) {
				return
			}
		}
	}
}

// get returns the value at key of a mapping, or nil. A node that is nil or not a mapping has no keys. An alias has the keys
// of the mapping that it stands for.
func get(n *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(n) {
		if k == key {
			return v
		}
	}
	return nil
}

func pairs(n *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		if n != nil && n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i].Value, n.Content[i+1]) {
				return
			}
		}
	}
}

// set puts a plain string at key of a mapping.
func set(n *yaml.Node, key, value string) {
	node := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
	if old := get(n, key); old != nil {
		node.LineComment, node.HeadComment, node.FootComment = old.LineComment, old.HeadComment, old.FootComment
		*old = node
		return
	}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, &node)
}
