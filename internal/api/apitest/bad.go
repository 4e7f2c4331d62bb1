package apitest

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// Request is a request for the API. The sender replaces {order}, {group} and other names in its path by ids.
type Request struct {
	Method string
	Path   string
	Query  string
	Header map[string]string
	Body   string
	Needs  Needs
	// From names the call and the example, Why what was done to the example.
	From string
	Why  []string
}

// Good returns the request of an example, without parameters.
func (o Operation) Good(e Example) Request {
	r := Request{Method: o.Method, Path: o.Path, Header: map[string]string{}, Needs: e.Needs, From: o.Method + " " + o.Path + " " + e.Name}
	for _, p := range o.Parameters {
		if p.In == "path" && p.Example != "" {
			r.Path = strings.ReplaceAll(r.Path, "{"+p.Name+"}", p.Example)
		}
	}
	if e.ContentType == "" {
		return r
	}
	r.Header["Content-Type"] = e.ContentType
	r.Body = encode(e.ContentType, e.Body)
	return r
}

func encode(contentType string, body any) string {
	if s, isText := body.(string); isText && strings.HasPrefix(contentType, "text/") {
		return s
	}
	if contentType == "application/x-www-form-urlencoded" {
		form := url.Values{}
		for name, v := range members(body) {
			list, ok := v.([]any)
			if !ok {
				list = []any{v}
			}
			for _, item := range list {
				form.Add(name, text(item))
			}
		}
		return form.Encode()
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return string(raw)
}

// Bad makes bad requests without end: examples that are changed in one to three ways. A few of them are still good. The same seed
// makes the same requests.
func (c *Contract) Bad(seed uint64) iter.Seq[Request] {
	return func(yield func(Request) bool) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		for {
			o := c.Operations[rnd.IntN(len(c.Operations))]
			e := o.Examples[rnd.IntN(len(o.Examples))]
			if e.ContentType == "" && rnd.IntN(3) > 0 { // without a body there is less to change
				continue
			}
			b := &bad{Rand: rnd, op: o, request: o.Good(e), body: clone(e.Body), query: url.Values{}, hasBody: e.ContentType != ""}
			for range 1 + rnd.IntN(3) {
				spoiler := spoilers[rnd.IntN(len(spoilers))]
				if spoiler.do(b) {
					b.request.Why = append(b.request.Why, spoiler.name)
				}
			}
			if len(b.request.Why) == 0 {
				continue
			}
			if !yield(b.finish()) {
				return
			}
		}
	}
}

// bad is a request that is being changed.
type bad struct {
	*rand.Rand
	op      Operation
	request Request
	query   url.Values
	raw     string // the end of the query
	body    any
	hasBody bool
	written []func(string) string // changes of the body's text
}

func (b *bad) finish() Request {
	r := b.request
	if b.hasBody {
		r.Body = encode(r.Header["Content-Type"], b.body)
	}
	for _, do := range b.written {
		r.Body = do(r.Body)
	}
	r.Query = b.query.Encode() + b.raw
	return r
}

func pick[T any](b *bad, list []T) T { return list[b.IntN(len(list))] }

// clone copies a JSON value.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := maps.Clone(v)
		for name := range m {
			m[name] = clone(m[name])
		}
		return m
	case []any:
		list := slices.Clone(v)
		for i := range list {
			list[i] = clone(list[i])
		}
		return list
	}
	return v
}

// spot is a place in a body: a member of an object, or an item of a list.
type spot struct {
	object map[string]any
	name   string
	list   []any
	i      int
}

func (s spot) get() any {
	if s.object != nil {
		return s.object[s.name]
	}
	return s.list[s.i]
}

func (s spot) set(v any) {
	if s.object != nil {
		s.object[s.name] = v
		return
	}
	s.list[s.i] = v
}

// spots returns all places in a value, in a fixed order.
func spots(v any) []spot {
	var all []spot
	switch v := v.(type) {
	case map[string]any:
		for _, name := range sorted(v) {
			all = append(append(all, spot{object: v, name: name}), spots(v[name])...)
		}
	case []any:
		for i := range v {
			all = append(append(all, spot{list: v, i: i}), spots(v[i])...)
		}
	}
	return all
}

// spoil changes a random place of the body. It reports whether there is one.
func (b *bad) spoil(do func(spot)) bool {
	all := spots(b.body)
	if !b.hasBody || len(all) == 0 {
		return false
	}
	do(pick(b, all))
	return true
}

// write changes the text of the body.
func (b *bad) write(do func(string) string) bool {
	b.written = append(b.written, do)
	return true
}

func (b *bad) header(name string, values []string) bool {
	b.request.Header[name] = pick(b, values)
	return true
}

func deep(n int) json.RawMessage {
	return json.RawMessage(strings.Repeat("[", n) + strings.Repeat("]", n))
}

var (
	otherTypes = []any{nil, true, false, 0, -1, 7.5, "", "x", []any{}, []any{nil}, []any{"x"}, map[string]any{}, map[string]any{"x": 1},
		json.RawMessage("1e400"), json.RawMessage("-0"), json.RawMessage("123456789012345678901234567890")}
	oddTexts = []string{"", " ", "\t", "x", "0", "-1", "null", "true", "undefined", "NaN", "\x00", "a\x00b", "\r\n", "\u202eabc", "\ufeff", "\u00a0",
		"日本語", "🙂", "é", "e\u0301", "ﬀ", "İ", "'", `"`, `\`, "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x",
		"../../etc/passwd", "|id", "+1", "+14255550101\n", "+442071838750", "+19005550101", "911", "2026-02-30", "0000-00-00", "9999-12-31",
		"-1-01-01", "https://user:pw@example.com", "javascript:alert(1)", "ftp://x", "http://", "a@", "@b", "a@b", "a@b@c.de", "********", "cancelled",
		"Business ", "us", "WASHINGTON", "M4C 5K7", "98104-", "150626304004106"}
	oddIDs = []string{"0", "-1", "1", "01", "x", "7x", "1.5", "1e3", "null", "+7", " ", "%00", "%2F", "%2e%2e", "..", "9007199254740993", "99999999999999999999",
		"0x10", "７", "🙂", "{}", "1;2", "1,2", "*", "portability", "150626304004106150626304004106"}
	oddHeaders = []string{"", " ", `"`, `""`, `"x`, "*", "W/", `W/"1"`, `"1", "2"`, `"0"`, `"-1"`, `"99999999999999999999"`, "\\", "é", strings.Repeat("k", 256),
		strings.Repeat("k", 5000), "a\tb", "1", "null"}
	mediaTypes = []string{"", " ", "text/xml", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ";;", "json",
		"application/json; charset=utf-16", "application/vnd.api+json", "application/*", "*/*", "application/json, text/plain", "APPLICATION/JSON"}
	oddNames = []string{"", "x", "Numbers", "numbers ", "__proto__", "constructor", "id", "status", "group_id", "cost", "version", "turn", "a/b~c", "é",
		strings.Repeat("n", 300), "\x00", "on_unportable", "rejections"}
	methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
)

// spoilers are the ways to change a request. Each reports whether it has changed something.
var spoilers = []struct {
	name string
	do   func(*bad) bool
}{
	{"another type", func(b *bad) bool { return b.spoil(func(s spot) { s.set(clone(pick(b, otherTypes))) }) }},
	{"an odd text", func(b *bad) bool { return b.spoil(func(s spot) { s.set(pick(b, oddTexts)) }) }},
	{"a text made longer", func(b *bad) bool {
		return b.spoil(func(s spot) {
			s.set(strings.Repeat(pick(b, []string{"x", "9", " ", "é", "🙂", "ab "}), 1<<b.IntN(14)))
		})
	}},
	{"an odd character added", func(b *bad) bool {
		return b.spoil(func(s spot) {
			if v, ok := s.get().(string); ok {
				at := b.IntN(len(v) + 1)
				s.set(v[:at] + pick(b, oddTexts) + v[at:])
			}
		})
	}},
	{"something left out", func(b *bad) bool {
		return b.spoil(func(s spot) {
			if s.object != nil {
				delete(s.object, s.name)
			}
		})
	}},
	{"an unknown member", func(b *bad) bool {
		return b.spoil(func(s spot) {
			o := s.object
			if inner, ok := s.get().(map[string]any); ok {
				o = inner
			}
			if o != nil {
				o[pick(b, oddNames)] = clone(pick(b, otherTypes))
			}
		})
	}},
	{"a list made longer", func(b *bad) bool {
		return b.spoil(func(s spot) {
			if v, ok := s.get().([]any); ok && len(v) > 0 {
				var long []any
				for n := 1 << b.IntN(11); len(long) < n; {
					long = append(long, v...)
				}
				s.set(long)
			}
		})
	}},
	{"nested deeply", func(b *bad) bool { return b.spoil(func(s spot) { s.set(deep(1 << b.IntN(12))) }) }},
	{"all of it of another type", func(b *bad) bool {
		b.body = clone(pick(b, otherTypes))
		return b.hasBody
	}},

	{"cut off", func(b *bad) bool { return b.write(func(s string) string { return s[:b.IntN(len(s)+1)] }) }},
	{"garbage behind", func(b *bad) bool {
		return b.write(func(s string) string { return s + pick(b, []string{"x", "{}", "]", "\x00", ",", "//", s}) })
	}},
	{"garbage before", func(b *bad) bool {
		return b.write(func(s string) string {
			return pick(b, []string{"\xef\xbb\xbf", ")]}',\n", "x", " \n", "\x00", "["}) + s
		})
	}},
	{"a byte changed", func(b *bad) bool {
		return b.write(func(s string) string {
			if s == "" {
				return "\xff"
			}
			raw := []byte(s)
			raw[b.IntN(len(raw))] = byte(b.IntN(256))
			return string(raw)
		})
	}},
	{"a name twice", func(b *bad) bool {
		return b.write(func(s string) string { return strings.Replace(s, "{", `{"data":{},"data":{},`, 1) })
	}},
	{"single quotes", func(b *bad) bool { return b.write(func(s string) string { return strings.ReplaceAll(s, `"`, "'") }) }},
	{"another body", func(b *bad) bool {
		return b.write(func(string) string {
			return pick(b, []string{"", " ", "null", "[]", "{}", `""`, "0", "true", "<x/>", "a=b", "%", "numbers=%zz", "\xff\xfe{\x00", `{"data":null}`,
				`{"data":{"attributes":null}}`, `{"data":{"attributes":{}}}`, `{"numbers":{}}`, `{"\ud800":1}`})
		})
	}},
	{"huge", func(b *bad) bool {
		if b.IntN(20) > 0 { // a megabyte takes long
			return false
		}
		return b.write(func(s string) string { return s + strings.Repeat(" ", 1<<20) })
	}},

	{"another content type", func(b *bad) bool { return b.header("Content-Type", mediaTypes) }},
	{"an odd If-Match", func(b *bad) bool { return b.header("If-Match", oddHeaders) }},
	{"an odd Idempotency-Key", func(b *bad) bool { return b.header("Idempotency-Key", oddHeaders) }},
	{"an odd header", func(b *bad) bool {
		return b.header(pick(b, []string{"Accept", "X-Forwarded-Proto", "X-Request-Id", "Prefer", "X-HTTP-Method-Override"}), oddHeaders)
	}},

	{"another id", func(b *bad) bool {
		at := strings.Index(b.request.Path, "{")
		if at < 0 {
			return false
		}
		end := at + strings.Index(b.request.Path[at:], "}")
		b.request.Path = b.request.Path[:at] + pick(b, oddIDs) + b.request.Path[end+1:]
		return true
	}},
	{"another order", func(b *bad) bool {
		b.request.Needs.Status = pick(b, []string{"pending", "processing", "submitted", "rejected", "cancelled", "theirs", "none"})
		return strings.Contains(b.request.Path, "{")
	}},
	{"another path", func(b *bad) bool {
		b.request.Path = pick(b, []string{b.request.Path + "/x", b.request.Path + "//", strings.TrimSuffix(b.request.Path, "s"), strings.Replace(b.request.Path, "portorders", "PORTORDERS", 1),
			strings.Replace(b.request.Path, "/v2", "/v1", 1), strings.Replace(b.request.Path, "/v2", "", 1), b.request.Path + "/"})
		return true
	}},
	{"another method", func(b *bad) bool {
		b.request.Method = pick(b, methods)
		return true
	}},

	{"an odd parameter", func(b *bad) bool {
		var known []string
		for _, p := range b.op.Parameters {
			if p.In == "query" {
				known = append(known, p.Name)
			}
		}
		name := pick(b, append(known, "x", "order_by", "page", "validate_only", "__proto__", "Limit", "limit[]"))
		value := pick(b, oddTexts)
		if b.IntN(3) == 0 {
			value = pick(b, oddIDs)
		}
		b.query.Add(name, value)
		return true
	}},
	{"a parameter twice", func(b *bad) bool {
		for _, p := range b.op.Parameters {
			if p.In == "query" {
				b.query[p.Name] = []string{p.Example, p.Example}
			}
		}
		return len(b.query) > 0
	}},
	{"all parameters", func(b *bad) bool {
		for _, p := range b.op.Parameters {
			if p.In == "query" {
				b.query.Set(p.Name, p.Example)
			}
		}
		return len(b.query) > 0
	}},
	{"an odd query", func(b *bad) bool {
		b.raw = pick(b, []string{"&", "&&=", "&%zz", "&=x", "&limit", "&status", "&a=b;c=d", "&limit=10#x", fmt.Sprintf("&%s=1", strings.Repeat("q", 1<<b.IntN(12)))})
		return true
	}},
}
