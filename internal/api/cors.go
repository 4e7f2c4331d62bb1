package api

import (
	"net/http"
	"strings"
)

// A browser lets a page of another origin read an answer only if the answer's headers allow it (Fetch standard, CORS).
// The page's script sends the credentials in the Authorization header. The API takes no cookies, so the answers do not
// allow credentials of the browser's own.

// exposed lists those headers of our answers that a page of the allowed origin may read.
const exposed = "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-Id"

// allow returns the headers that let pages of the origin read an answer. Without an origin it returns none.
func allow(origin string) map[string]string {
	if origin == "" {
		return nil
	}
	return map[string]string{"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed, "Vary": "Origin"}
}

// preflight answers OPTIONS with the methods and headers that the path takes. A browser sends the request without
// credentials, so none are needed, and the answer tells only what the description tells. Where no origin is allowed, the
// answer names none, and the browser sends no further request.
func preflight(path string) (reply, error) {
	methods := methodsOf(path)
	if len(methods) == 0 {
		return reply{}, refuse(http.StatusNotFound, codeUnknownRoute, "The requested URL was not found.")
	}
	list := strings.Join(append(methods, http.MethodOptions), ", ")
	return reply{status: http.StatusNoContent, body: asItWas(""), header: map[string]string{"Allow": list, "Access-Control-Allow-Methods": list,
		"Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match", "Access-Control-Max-Age": "600"}}, nil
}

// methodsOf returns the methods of the routes that fit a path; none where no route does.
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
