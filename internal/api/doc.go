// Package api answers the HTTP calls of customers. On the wire it speaks Flowroute's Porting API v2.0; behind it stands
// our order book. Start reading at [API.Handle], which checks a request, finds its row in routes, and writes the answer.
// A handler reads a body into one command, or reads an order or the account, and returns a reply. problem.go makes
// replies of errors. Package access has the gateway's authorizer, and says who calls.
//
// Where the public pages are silent or contradict each other, infra/docs/decisions.md says what we do and why. The
// description, infra/openapi.yaml, marks each addition of ours as an extension.
//
// Errors are Flowroute's envelope, with one entry for each fault, and all faults are told at once. A body that can't be
// read (its syntax, or the JSON type of a value) is a 400; a value that can't be taken is a 422. The detail of an entry
// names the attribute and says what to send. It repeats no value that was sent, except the telephone numbers of a 409.
//
// The package knows the domain, the order book, accounts and webhooks. It knows no table, no state machine and no mail.
package api
