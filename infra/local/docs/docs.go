// Package docs makes the API's documentation with [Page]: one page that holds the description and Swagger UI (of the module
// swaggest/swgui), and that loads nothing from anywhere. The page can send requests to the API ("Try it out") if the API allows
// the page's origin. The package knows the description as YAML only, and nothing of the stack.
package docs

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/swaggest/swgui/v5/static"
	"go.yaml.in/yaml/v3"
)

// page keeps the credentials that its reader enters in memory, never in the browser's storage.
var page = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<link rel="icon" href="data:,">
<style>{{.Style}}</style>
</head>
<body>
<div id="ui"></div>
<script>{{.Script}}</script>
<script>
SwaggerUIBundle({spec: {{.Spec}}, dom_id: "#ui", deepLinking: true, validatorUrl: null, persistAuthorization: false,
	displayRequestDuration: true, defaultModelRendering: "example", defaultModelsExpandDepth: 0, docExpansion: "list", showExtensions: false});
</script>
</body>
</html>
`))

// Page makes the page of an OpenAPI description in YAML. An address that is not empty takes the place of the description's
// servers: requests are sent there. The page keeps the order in which the description is written.
func Page(description, address string) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(description), &doc); err != nil {
		return nil, fmt.Errorf("the description is no YAML: %w", err)
	}
	var info struct{ Info struct{ Title string } }
	if err := doc.Decode(&info); err != nil {
		return nil, fmt.Errorf("the description has no title: %w", err)
	}
	if servers := member(doc.Content[0], "servers"); servers != nil && address != "" {
		if err := servers.Encode([]map[string]string{{"url": address}}); err != nil {
			return nil, err
		}
	}
	prepare(&doc)
	var spec bytes.Buffer
	if err := writeJSON(&spec, &doc); err != nil {
		return nil, fmt.Errorf("the description is no JSON: %w", err)
	}
	style, err := asset("swagger-ui.css")
	if err != nil {
		return nil, err
	}
	script, err := asset("swagger-ui-bundle.js")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, struct {
		Title  string
		Style  template.CSS
		Script template.JS
		Spec   template.JS
	}{info.Info.Title, template.CSS(style), template.JS(script), template.JS(spec.String())}) // ours and the module's, nobody else's
	return out.Bytes(), err
}

// member is the value of a name in a mapping; nil where there is none.
func member(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// prepare makes the texts below n fit Swagger UI. Wrapped lines are joined: CommonMark reads such a line break as a space, but
// Swagger UI breaks the line there. The example of an optional parameter moves into its description, since Swagger UI would send
// all examples at once.
func prepare(n *yaml.Node) {
	text, where, example := member(n, "description"), member(n, "in"), member(n, "example")
	if text != nil && text.Kind == yaml.ScalarNode {
		text.Value = unwrap(text.Value)
		if where != nil && example != nil && member(n, "required") == nil {
			for i := 0; i < len(n.Content); i += 2 {
				if n.Content[i+1] == example {
					n.Content = append(n.Content[:i:i], n.Content[i+2:]...)
				}
			}
			var values []string
			for _, v := range append([]*yaml.Node{example}, example.Content...) {
				if v.Kind == yaml.ScalarNode && v.Value != "" && v.Tag != "!!bool" { // true needs no example
					values = append(values, v.Value)
				}
			}
			if len(values) > 0 {
				text.Value += " For example: `" + strings.Join(values, ",") + "`."
			}
		}
	}
	for _, below := range n.Content {
		prepare(below)
	}
}

// writeJSON writes a node as JSON, with the names of objects in their order.
func writeJSON(b *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.DocumentNode:
		return writeJSON(b, n.Content[0])
	case yaml.MappingNode, yaml.SequenceNode:
		open, shut := byte('['), byte(']')
		if n.Kind == yaml.MappingNode {
			open, shut = '{', '}'
		}
		b.WriteByte(open)
		for i, below := range n.Content {
			switch {
			case n.Kind == yaml.MappingNode && i%2 == 1:
				b.WriteByte(':')
			case i > 0:
				b.WriteByte(',')
			}
			if n.Kind == yaml.MappingNode && i%2 == 0 {
				below = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: below.Value}
			}
			if err := writeJSON(b, below); err != nil {
				return err
			}
		}
		b.WriteByte(shut)
		return nil
	case yaml.ScalarNode:
		var v any
		if err := n.Decode(&v); err != nil {
			return err
		}
		raw, err := json.Marshal(v)
		b.Write(raw)
		return err
	}
	return fmt.Errorf("line %d holds neither a value nor values", n.Line)
}

// unwrap joins the lines of each paragraph and of each list item; the rows of tables stay.
func unwrap(text string) string {
	var b strings.Builder
	before := ""
	for line := range strings.SplitSeq(text, "\n") {
		begins := line == "" || strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "|")
		switch {
		case b.Len() == 0:
		case begins || before == "":
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
			line = strings.TrimLeft(line, " ")
		}
		b.WriteString(line)
		before = line
	}
	return b.String()
}

// asset is a file of Swagger UI.
func asset(name string) (string, error) {
	file, err := static.FS.Open(name + ".gz")
	if err != nil {
		return "", err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(plain)
	return string(text), err
}
