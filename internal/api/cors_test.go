package api

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

const deskOrigin = "https://desk.example.com"

func (w *world) forBrowsers() {
	w.api = New(Config{Book: w.book, Accounts: w.store, Portability: w.peers, BaseURL: "https://api.example.com", AllowOrigin: deskOrigin, Limit: Limit{PerSecond: 1, Burst: 1}})
}

// A browser asks without credentials, as often as it likes, what it may ask for.
func TestPreflight(t *testing.T) {
	w := newWorld(t)
	w.forBrowsers()
	for path, methods := range map[string]string{
		"/v2/portorders": "POST, GET, OPTIONS", "/v2/portorders/1/LOA/": "GET, POST, OPTIONS", "/v2/account/keys/x": "DELETE, OPTIONS", "/v2/routes": "GET, POST, OPTIONS",
	} {
		in := w.request("OPTIONS", path, "", map[string]string{"Origin": deskOrigin, "Access-Control-Request-Method": "POST"})
		in.RequestContext.Authorizer = nil
		out, err := w.api.Handle(t.Context(), in)
		if err != nil || out.StatusCode != 204 || out.Body != "" {
			t.Errorf("%s: %d %q (%v)", path, out.StatusCode, out.Body, err)
		}
		for name, want := range map[string]string{"Access-Control-Allow-Origin": deskOrigin, "Access-Control-Allow-Methods": methods, "Allow": methods, "Vary": "Origin",
			"Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match", "Access-Control-Max-Age": "600"} {
			if out.Headers[name] != want {
				t.Errorf("%s: %s is %q, want %q", path, name, out.Headers[name], want)
			}
		}
	}
	in := w.request("OPTIONS", "/v2/nothing", "", nil)
	in.RequestContext.Authorizer = nil
	if out := w.send(in); out.StatusCode != 404 || out.Headers["Access-Control-Allow-Origin"] != deskOrigin {
		t.Errorf("no such path: %d %v", out.StatusCode, out.Headers)
	}
}

// Every answer may be read by the page, refusals too; without an origin in the template none may.
func TestAnswersForBrowsers(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		w := newWorld(t)
		if allowed {
			w.forBrowsers()
		}
		in := w.request("GET", "/v2/portorders", "", map[string]string{"Origin": deskOrigin})
		nobody := in
		nobody.RequestContext.Authorizer = nil
		for _, one := range []events.APIGatewayProxyRequest{in, in, nobody} { // the second is one too many
			out := w.send(one)
			origin, exposed := out.Headers["Access-Control-Allow-Origin"], out.Headers["Access-Control-Expose-Headers"]
			if (origin == deskOrigin) != allowed || (exposed == "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-Id") != allowed || !allowed && origin+exposed != "" {
				t.Errorf("allowed %v, answer %d: %v", allowed, out.StatusCode, out.Headers)
			}
			if out.Headers["Strict-Transport-Security"] == "" || out.Headers["X-Content-Type-Options"] != "nosniff" ||
				out.Headers["Cache-Control"] != "no-store" {
				t.Errorf("the answer %d may be stored, sniffed or asked for without TLS: %v", out.StatusCode, out.Headers)
			}
		}
	}
}
