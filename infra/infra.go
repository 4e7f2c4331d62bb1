// Package infra embeds the description of the HTTP API for the tests and for the documentation page. The state machines beside it
// are deployed by template.yaml; the commands that run, deploy and administer the stack are below it.
package infra

import _ "embed"

//go:embed openapi.yaml
var openAPI string

// OpenAPI returns openapi.yaml, the description of the whole HTTP API.
func OpenAPI() string { return openAPI }
