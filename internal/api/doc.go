// Package api is the customer's HTTP API: Flowroute's Porting API v2.0 on the wire, our order book behind it. It reads
// top down: [API.Handle] guards, routes and answers; each handler reads a body into one command or one read; problem.go
// writes what went wrong.
//
// Where the public pages are silent or contradict each other, infra/docs/decisions.md says what we do and why. What is
// ours alone is marked as an extension in infra/openapi.yaml.
//
// Errors are Flowroute's envelope with one entry for each fault. 400 is for what can't be read (syntax, wrong JSON
// types), 422 for values; all faults come at once. Detail names the attribute and says what is wanted, and never
// repeats a value, save the telephone numbers of a 409.
package api
