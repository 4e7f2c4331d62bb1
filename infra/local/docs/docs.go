// Package docs makes the API's documentation: one page that holds everything it needs, the description and Swagger UI (of the
// module swaggest/swgui) included, and fetches nothing.
package docs

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html/template"
	"io"

	"github.com/swaggest/swgui/v5/static"
	"go.yaml.in/yaml/v3"
)

// page shows the description and sends no requests: a page of one origin would need the API's leave to call another.
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
SwaggerUIBundle({spec: {{.Spec}}, dom_id: "#ui", deepLinking: true, validatorUrl: null, supportedSubmitMethods: [],
	defaultModelRendering: "example", defaultModelsExpandDepth: 0, docExpansion: "list", showExtensions: false});
</script>
</body>
</html>
`))

// Page makes the page of an OpenAPI description in YAML. Where address is not empty, it is told as the API's own.
func Page(description, address string) ([]byte, error) {
	var spec map[string]any
	if err := yaml.Unmarshal([]byte(description), &spec); err != nil {
		return nil, fmt.Errorf("the description is no YAML: %w", err)
	}
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
