package api

import (
	"net/http"
	"strings"
)

// Browsers let a page of another origin read an answer only where the answer says so (Fetch standard, CORS).
// Credentials come in the Authorization header, which the page's own script sets; no cookie is taken, so none needs
// allowing.

// exposed are the headers of ours that such a page may read.
const exposed = "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-Id"

// allow are the headers by which an answer may be read by pages of the origin; none without one.
func allow(origin string) map[string]string {
	if origin == "" {
		return nil
	}
	return map[string]string{"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed, "Vary": "Origin"}
}

// preflight answers OPTIONS: what the path can be asked for. It needs no credentials, for a browser asks without, and
// tells nothing that the documents do not. Without an origin in the answer a browser goes no further.
func preflight(path string) (reply, error) {
	methods := methodsOf(path)
	if len(methods) == 0 {
		return reply{}, refuse(http.StatusNotFound, codeUnknownRoute, "The requested URL was not found.")
	}
	list := strings.Join(append(methods, http.MethodOptions), ", ")
	return reply{status: http.StatusNoContent, body: asItWas(""), header: map[string]string{"Allow": list, "Access-Control-Allow-Methods": list,
		"Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match", "Access-Control-Max-Age": "600"}}, nil
}

// methodsOf are the methods that a path knows.
func methodsOf(path string) []string {
	var methods []string
	known := ""
	for _, r := range routes {
		if _, ok := r.match(path); ok && (known == "" || r.path == known) {
			known = r.path
			methods = append(methods, r.method)
		}
	}
	return methods
}
