// Package infra holds what is deployed and told beside the functions.
package infra

import _ "embed"

//go:embed openapi.yaml
var openAPI string

// OpenAPI is the description of the whole HTTP API, openapi.yaml.
func OpenAPI() string { return openAPI }
