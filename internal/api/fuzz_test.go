package api

import (
	"net/http"
	"net/url"
	"testing"
	"unicode/utf8"

	"portway/internal/porting"
)

// No body, path or query makes the API answer with a 5xx, with something other than JSON, or with an error outside its
// envelope; send checks the last two.
func fuzz(t *testing.T, request func(w *world) (method, target, body string, header map[string]string)) {
	w := newWorld(t)
	w.five()
	method, target, body, header := request(w)
	in := w.request(method, "/", "", header)
	in.Body = body
	in.Path = w.fill(target)
	if out := w.send(in); out.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%d %s", out.StatusCode, out.Body)
	}
}

func FuzzBodies(f *testing.F) {
	targets := []string{
		"POST /v2/portorders", "POST /v2/portorders/portability", "PATCH /v2/portorders/{pending}", "PATCH /v2/portorders/{submitted}",
		"PATCH /v2/portorders/{rejected}/status", "PATCH /v2/portorders/{pending}/relationships/numbers", "POST /v2/portorders/{pending}/loa",
		"POST /v2/portorders/{rejected}/comments",
	}
	for i := range targets {
		for _, body := range []string{
			attrs(minimal), attrs(`"status":"cancelled"`), attrs(`"zip":1,"presets":{"x":null},"loa_details":{"cc":"a@b.c"}`), `{"add":["+12065550120"],"remove":["1"]}`,
			`{"numbers":["+12065550129",7,null]}`, `{"data":{"attributes":{"signature_name":"J","signature_title":"O","numbers":[]}}}`,
			`{"data":{"attributes":{"text":"\u0000\ud800"}}}`, `{"a":1,"a":2}`, `[[[`, `{"data":null}`, "\xff", ` `,
		} {
			f.Add(i, body, "application/json")
		}
		f.Add(i, "numbers=14252081174&numbers[]=%zz", formType)
	}
	f.Fuzz(func(t *testing.T, i int, body, contentType string) {
		fuzz(t, func(*world) (string, string, string, map[string]string) {
			method, target := split(targets[uint(i)%uint(len(targets))])
			return method, target, body, map[string]string{"Content-Type": contentType}
		})
	})
}

func split(s string) (string, string) {
	for i := range s {
		if s[i] == ' ' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func FuzzPath(f *testing.F) {
	for _, r := range routes {
		f.Add(r.method, r.path)
	}
	f.Add("GET", "//v2//portorders//")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, method, path string) {
		fuzz(t, func(*world) (string, string, string, map[string]string) { return method, path, "", nil })
	})
}

func FuzzQuery(f *testing.F) {
	f.Add("group_id=1&status")
	f.Add("limit=200&offset=9999999&numbers=+1206,,&created_after=2026-13-01&alias=&status=pending")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		f, faults := readFilter(values)
		if len(faults) == 0 && (f.Limit < 1 || f.Limit > maxLimit || f.Offset < 0 || f.Offset > maxOffset) {
			t.Errorf("limit %d, offset %d", f.Limit, f.Offset)
		}
		w := newWorld(t)
		in := w.request("GET", "/v2/portorders", "", nil)
		in.MultiValueQueryStringParameters = values
		if out := w.send(in); out.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%d %s", out.StatusCode, out.Body)
		}
	})
}

// What is read strictly is UTF-8, and each name stands in its object once.
func FuzzReadObject(f *testing.F) {
	for _, seed := range []string{`{"a":{"b":[1,"x",null,true]}}`, `{"a":1,"a":2}`, `{"a":1}{}`, `{"\u0061":1,"a":2}`, `{"a" 1}`, `[1 2]`, "\xef\xbb\xbf{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		o, err := readObject(body)
		if err != nil {
			return
		}
		if !utf8.ValidString(body) || len(o.names) != len(o.values) {
			t.Errorf("%q was read as %v", body, o)
		}
	})
}

// However often a body is read as attributes, the mask never becomes a secret.
func FuzzAttributes(f *testing.F) {
	f.Add(`{"pin":"********","last_4_ssn":null,"provider_account":" ******** ","enable_cnam_lookups":1,"presets":{"alias":7}}`)
	f.Fuzz(func(t *testing.T, body string) {
		o, err := readObject(body)
		if err != nil {
			return
		}
		var fs faults
		g := readAttributes(o, &fs, porting.Details{}, porting.Presets{}, len(body)%2 == 0)
		for _, s := range []porting.Secret{g.details.PIN, g.details.LastFourSSN, g.details.ProviderAccount} {
			if s.Reveal() == Mask {
				t.Errorf("the mask of %q became a secret", body)
			}
		}
	})
}
