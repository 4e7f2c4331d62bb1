package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
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
		f, faults := readFilter(values, maxLimit)
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
		var fs porting.Faults
		g := readAttributes(o, &fs, len(body)%2 == 0)
		for _, s := range []porting.Secret{g.details.PIN, g.details.LastFourSSN, g.details.ProviderAccount} {
			if s.Reveal() == Mask {
				t.Errorf("the mask of %q became a secret", body)
			}
		}
	})
}

// A form is read as lists of texts, each name once.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{"numbers=14252081174&numbers=%2B12065550129", "numbers[]=1,2&numbers=3", "a=b;c=d", "%zz", "=", "&&", "numbers"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		o, err := readForm(body)
		if err != nil {
			return
		}
		if len(o.names) != len(o.values) {
			t.Errorf("%q was read as %v", body, o)
		}
		for name, v := range o.values {
			if list, ok := v.([]any); !ok || len(list) == 0 || !slices.Contains(o.names, name) {
				t.Errorf("%q: %q was read as %v", body, name, v)
			}
		}
		fuzz(t, func(*world) (string, string, string, map[string]string) {
			return "POST", "/v2/portorders/portability", body, map[string]string{"Content-Type": formType}
		})
	})
}

// A quoted object is read as its text alone would be.
func FuzzQuoted(f *testing.F) {
	for _, seed := range []string{`"{\"numbers\": ['+14254664444']}"`, `"{}"`, `{}`, `"\ud800"`, `""`, `"'{"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if o, err := readQuoted(body); err == nil && len(o.names) != len(o.values) {
			t.Errorf("%q was read as %v", body, o)
		}
		fuzz(t, func(*world) (string, string, string, map[string]string) {
			return "POST", "/v2/portorders/portability", body, map[string]string{"Content-Type": textType}
		})
	})
}

// What is no cursor of ours opens no page of another kind, and a cursor comes back as the place that it was made of.
func FuzzCursor(f *testing.F) {
	f.Add("order", "150626304004106")
	f.Add("event", "a:b")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, kind, place string) {
		if strings.Contains(kind, ":") { // ours have none
			return
		}
		if got, ok := readCursor(kind, cursorOf(kind, place)); !ok || got != place {
			t.Errorf("%q of %q came back as %q, %v", place, kind, got, ok)
		}
		if _, ok := readCursor(kind+"s", cursorOf(kind, place)); ok {
			t.Errorf("a cursor of %q serves another kind", kind)
		}
		for _, cursor := range []string{place, cursorOf(kind, place)} {
			for _, target := range []string{"/v2/portorders", "/v2/events"} {
				name := "cursor"
				if target == "/v2/events" {
					name = "after"
				}
				w := newWorld(t)
				in := w.request("GET", target, "", nil)
				in.MultiValueQueryStringParameters = url.Values{name: {cursor}}
				if out := w.send(in); out.StatusCode >= http.StatusInternalServerError {
					t.Errorf("%s=%q: %d %s", name, cursor, out.StatusCode, out.Body)
				}
			}
		}
	})
}

func FuzzEventQuery(f *testing.F) {
	f.Add("after=1&limit=2")
	f.Add("after=-1&limit=201&x=")
	f.Add("after=99999999999999999999&after=2")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		w := newWorld(t)
		w.five()
		for _, target := range []string{"/v2/portorders/{rejected}/events", "/v2/events"} {
			in := w.request("GET", target, "", nil)
			in.MultiValueQueryStringParameters = values
			if out := w.send(in); out.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%d %s", out.StatusCode, out.Body)
			}
		}
	})
}

// Whatever the headers and the dry-run parameter say, a call is carried out whole, or refused and changes nothing.
func FuzzHeaders(f *testing.F) {
	f.Add(`"1"`, "3f0c9d0e", "application/json", "true")
	f.Add(`W/"1", *`, `"quoted"`, "", "")
	f.Add(`"`, `"\`, "application/json; charset=", "yes")
	f.Fuzz(func(t *testing.T, ifMatch, key, contentType, dry string) {
		w := newWorld(t)
		w.five()
		was := w.state()
		in := w.request("PATCH", "/v2/portorders/{pending}", attrs(`"zip":"98104"`),
			map[string]string{"If-Match": ifMatch, "Idempotency-Key": key, "Content-Type": contentType})
		in.MultiValueQueryStringParameters = url.Values{"validate_only": {dry}}
		out := w.send(in)
		if out.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%d %s", out.StatusCode, out.Body)
		}
		if changed := w.state() != was; changed != (out.StatusCode == http.StatusOK && dry != "true") {
			t.Errorf("answered %d, and changed something: %v", out.StatusCode, changed)
		}
	})
}
