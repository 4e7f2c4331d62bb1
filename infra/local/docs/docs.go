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
// servers: requests are sent there.
func Page(description, address string) ([]byte, error) {
	var spec map[string]any
	if err := yaml.Unmarshal([]byte(description), &spec); err != nil {
		return nil, fmt.Errorf("the description is no YAML: %w", err)
	}
	unwrapAll(spec)
	if address != "" {
		spec["servers"] = []any{map[string]any{"url": address}}
	}
	raw, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("the description is no JSON: %w", err)
	}
	info, _ := spec["info"].(map[string]any)
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
	}{fmt.Sprint(info["title"]), template.CSS(style), template.JS(script), template.JS(raw)}) // ours and the module's, nobody else's
	return out.Bytes(), err
}

// unwrapAll joins the wrapped lines in the descriptions below v. CommonMark reads such a line break as a space, but Swagger UI
// breaks the line there.
func unwrapAll(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			if text, ok := below.(string); ok && name == "description" {
				v[name] = unwrap(text)
			}
			unwrapAll(below)
		}
	case []any:
		for _, below := range v {
			unwrapAll(below)
		}
	}
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
