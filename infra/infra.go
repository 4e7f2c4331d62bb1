// Package infra embeds the description of the HTTP API for the tests and for the documentation page, and the state machines for
// the tests that run them. template.yaml deploys the same files; the commands that run, deploy and administer the stack are below.
package infra

import "embed"

//go:embed openapi.yaml
var openAPI string

//go:embed *.asl.json
var machines embed.FS

// Machines returns the definitions of the state machines: <name>.asl.json for each.
func Machines() embed.FS { return machines }

// OpenAPI returns openapi.yaml, the description of the whole HTTP API.
func OpenAPI() string { return openAPI }
