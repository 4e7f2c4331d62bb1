// Package apitest checks the HTTP API against its description, infra/openapi.yaml. Start with [Open]. [Contract.Check] compares an
// answer with the description, [Contract.Operations] lists the calls with their examples, and [Contract.Bad] makes bad requests
// from them. The package knows the description only: neither the handlers nor the domain.
//
// kin-openapi checks the description itself. Bodies are checked by the JSON Schema 2020-12 validator below it, since kin-openapi
// compiles a schema again for each value.
package apitest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"portway/infra"
)

// Contract is the compiled description. It is safe for concurrent use.
type Contract struct {
	Operations []Operation

	doc     any
	schemas map[string]*jsonschema.Schema // by place in the description
	ours    []string                      // the headers of all described answers
}

// Operation is one call: a method and a path with {name} for each id.
type Operation struct {
	Method     string
	Path       string
	Parameters []Parameter
	Examples   []Example

	answers map[string]answer // by status
}

// Changes reports whether the call changes something: then it has the parameter Idempotency-Key.
func (o Operation) Changes() bool {
	return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Name == "Idempotency-Key" })
}

// Succeeds reports whether the status is described for the call and means success.
func (o Operation) Succeeds(status int) bool {
	_, described := o.answers[strconv.Itoa(status)]
	return described && status < 300
}

// Parameter is a parameter in the query, in the headers or in the path.
type Parameter struct {
	Name string
	In   string
	// Example is the example as text, with commas between the items of a list.
	Example string
	// Default is the default as text; empty if there is none.
	Default string
}

// Example is one request that succeeds. A call without a body has one example without a body.
type Example struct {
	Name        string
	ContentType string
	Body        any
	Needs       Needs
}

// Needs says what an example needs: an order, or something of the account.
type Needs struct {
	Status  string   // the order's status; pending unless named
	Numbers []string // the order's numbers; any if empty
	Fix     bool     // the order's rejection has a ready fix
	Key     bool     // an access key
	Record  string   // a record of this kind for presets: route, e911 or cnam
	Contact string   // an address among the account's contacts
}

type answer struct {
	schema  string // the place of the body's schema
	headers map[string]header
	// texts are the media types that a body may have beside JSON.
	texts []string
}

type header struct {
	schema   string
	required bool
}

// Answer is an answer of the API.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

const (
	document = "openapi.json"
	anyError = "#/components/schemas/Errors"
)

// Open reads the description. It returns an error if the description or one of its examples is not valid.
func Open() (*Contract, error) {
	text := infra.OpenAPI()
	loaded, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		return nil, err
	}
	if err := loaded.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		return nil, err
	}
	var doc any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	c := &Contract{schemas: map[string]*jsonschema.Schema{}}
	if c.doc, err = jsonschema.UnmarshalJSON(strings.NewReader(string(raw))); err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(document, c.doc); err != nil {
		return nil, err
	}
	paths := members(c.doc, "paths")
	for _, path := range sorted(paths) {
		for _, method := range sorted(members(paths, path)) {
			if method != "parameters" {
				c.Operations = append(c.Operations, c.operation(path, method))
			}
		}
	}
	described := map[string]any{"Allow": nil}
	for _, o := range c.Operations {
		for _, a := range o.answers {
			for name := range a.headers {
				described[name] = nil
			}
		}
	}
	c.ours = sorted(described)
	places := []string{anyError}
	for name := range members(c.doc, "components", "schemas") {
		places = append(places, "#/components/schemas/"+name)
	}
	for _, o := range c.Operations {
		for _, a := range o.answers {
			places = append(places, a.schema)
			for _, h := range a.headers {
				places = append(places, h.schema)
			}
		}
	}
	for _, place := range places {
		if c.schemas[place] != nil || place == "" {
			continue
		}
		if c.schemas[place], err = compiler.Compile(document + place); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// operation reads one call.
func (c *Contract) operation(path, method string) Operation {
	place := "#/paths/" + escape(path)
	o := Operation{Method: strings.ToUpper(method), Path: path, answers: map[string]answer{}}
	for _, from := range []string{place, place + "/" + method} {
		list, _ := c.member(from, "parameters").([]any)
		for i := range list {
			p, _ := c.at(fmt.Sprintf("%s/parameters/%d", from, i))
			o.Parameters = append(o.Parameters, Parameter{Name: text(p["name"]), In: text(p["in"]), Example: text(p["example"]),
				Default: text(members(p, "schema")["default"])})
		}
	}
	place += "/" + method
	for status := range members(c.doc, "paths", path, method, "responses") {
		response, at := c.at(place + "/responses/" + status)
		a := answer{headers: map[string]header{}}
		for kind := range members(response, "content") {
			if kind != "application/json" {
				a.texts = append(a.texts, kind)
				continue
			}
			a.schema = at + "/content/" + escape(kind) + "/schema"
		}
		for name := range members(response, "headers") {
			h, hat := c.at(at + "/headers/" + name)
			required, _ := h["required"].(bool)
			a.headers[name] = header{hat + "/schema", required}
		}
		o.answers[status] = a
	}
	content := members(c.member(place, "requestBody"), "content")
	for _, kind := range sorted(content) {
		examples := members(content, kind, "examples")
		for _, name := range sorted(examples) {
			o.Examples = append(o.Examples, Example{Name: name, ContentType: kind, Body: members(examples, name)["value"],
				Needs: needsOf(members(examples, name)["x-needs"])})
		}
	}
	if len(content) == 0 {
		o.Examples = []Example{{Name: "call", Needs: needsOf(c.member(place, "x-needs"))}}
	}
	return o
}

func needsOf(v any) Needs {
	n := Needs{Status: "pending"}
	m, _ := v.(map[string]any)
	if s, ok := m["status"].(string); ok {
		n.Status = s
	}
	n.Fix, _ = m["fix"].(bool)
	n.Key, _ = m["key"].(bool)
	n.Record, _ = m["record"].(string)
	n.Contact, _ = m["contact"].(string)
	list, _ := m["numbers"].([]any)
	for _, tn := range list {
		n.Numbers = append(n.Numbers, text(tn))
	}
	return n
}

// at returns the object at a place and the place where it is written, after following references.
func (c *Contract) at(place string) (map[string]any, string) {
	here := c.doc
	for segment := range strings.SplitSeq(strings.TrimPrefix(place, "#/"), "/") {
		segment = strings.NewReplacer("~1", "/", "~0", "~").Replace(segment)
		switch v := here.(type) {
		case map[string]any:
			here = v[segment]
		case []any:
			i, err := strconv.Atoi(segment)
			if err != nil || i >= len(v) {
				return nil, place
			}
			here = v[i]
		}
	}
	m, _ := here.(map[string]any)
	if ref, ok := m["$ref"].(string); ok {
		return c.at(ref)
	}
	return m, place
}

func (c *Contract) member(place, name string) any {
	m, _ := c.at(place)
	return m[name]
}

// members returns the object below v at the names; it is empty if there is none.
func members(v any, names ...string) map[string]any {
	m, _ := v.(map[string]any)
	for _, name := range names {
		m, _ = m[name].(map[string]any)
	}
	return m
}

func sorted(m map[string]any) []string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, text(item))
		}
		return strings.Join(all, ",")
	}
	return fmt.Sprint(v)
}

func escape(segment string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(segment) }

// Find returns the call for a method and a path. Of several fitting paths it takes the one with the most literal segments, even
// if that path lacks the method: then the API answers with 404 or 405.
func (c *Contract) Find(method, path string) (Operation, bool) {
	best, literal, found := Operation{}, -1, false
	for _, o := range c.Operations {
		n, ok := match(o.Path, path)
		if !ok || n < literal || n == literal && found {
			continue
		}
		best, literal, found = o, n, o.Method == method
	}
	return best, found
}

// match compares like the API: in any case, with or without a slash at the end. It counts the literal segments.
func match(pattern, path string) (literal int, ok bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(want) != len(have) {
		return 0, false
	}
	for i := range want {
		switch {
		case strings.HasPrefix(want[i], "{") && have[i] != "":
		case strings.EqualFold(want[i], have[i]):
			literal++
		default:
			return 0, false
		}
	}
	return literal, true
}

// Check returns an error if the description does not have the answer's status, one of its headers or its body.
func (c *Contract) Check(method, path string, a Answer) error {
	o, found := c.Find(method, path)
	described, ok := o.answers[strconv.Itoa(a.Status)]
	switch {
	case !found && !slices.Contains([]int{401, 403, 404, 405, 429, 500, 503}, a.Status):
		return fmt.Errorf("%s %s is not described, and answers %d", method, path, a.Status)
	case !found:
		return c.Valid("Errors", a.Body)
	case !ok:
		return fmt.Errorf("%s %s is not described to answer %d", method, o.Path, a.Status)
	}
	var wrong []error
	for _, name := range c.ours {
		value, there := a.Header[http.CanonicalHeaderKey(name)]
		h, known := described.headers[name]
		switch {
		case there && !known:
			wrong = append(wrong, fmt.Errorf("header %s is not described", name))
		case !there && h.required:
			wrong = append(wrong, fmt.Errorf("header %s is missing", name))
		case there:
			if err := c.schemas[h.schema].Validate(value[0]); err != nil {
				wrong = append(wrong, fmt.Errorf("header %s: %w", name, err))
			}
		}
	}
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	if slices.Contains(described.texts, kind) {
		if len(a.Body) == 0 {
			wrong = append(wrong, fmt.Errorf("the %s is empty", kind))
		}
	} else if err := c.valid(described.schema, a.Body); err != nil {
		wrong = append(wrong, err)
	}
	if err := errors.Join(wrong...); err != nil {
		return fmt.Errorf("%s %s, answer %d: %w", method, o.Path, a.Status, err)
	}
	return nil
}

// Valid returns an error if a JSON text does not fit the named schema.
func (c *Contract) Valid(schema string, body []byte) error {
	return c.valid("#/components/schemas/"+schema, body)
}

func (c *Contract) valid(place string, body []byte) error {
	schema := c.schemas[place]
	if schema == nil {
		return fmt.Errorf("there is no schema at %s", place)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// Enumeration is a named schema that lists its values.
type Enumeration struct {
	Name   string
	Values []string
	// Constants name the values for generated clients.
	Constants []string
	// Meanings are the values' meanings, from the table in the schema's description; empty where it has none.
	Meanings map[string]string
}

// Enumerations lists the named schemas that have more than one value, by name.
func (c *Contract) Enumerations() []Enumeration {
	var all []Enumeration
	for _, name := range sorted(members(c.doc, "components", "schemas")) {
		m, _ := c.at("#/components/schemas/" + name)
		values, _ := m["enum"].([]any)
		if len(values) < 2 {
			continue
		}
		e := Enumeration{Name: name, Meanings: map[string]string{}}
		for _, v := range values {
			if v != nil {
				e.Values = append(e.Values, text(v))
			}
		}
		constants, _ := m["x-enum-varnames"].([]any)
		for _, v := range constants {
			e.Constants = append(e.Constants, text(v))
		}
		for line := range strings.SplitSeq(text(m["description"]), "\n") {
			cells := strings.Split(strings.Trim(line, "|"), " | ")
			value, isValue := strings.CutPrefix(strings.TrimSpace(cells[0]), "`")
			if value = strings.TrimSuffix(value, "`"); len(cells) > 1 && (isValue || value == "(empty)") {
				e.Meanings[strings.TrimPrefix(value, "(empty)")] = strings.TrimSpace(cells[len(cells)-1])
			}
		}
		all = append(all, e)
	}
	return all
}

// Words returns the values of the named enumeration with their meanings.
func (c *Contract) Words(schema string) map[string]string {
	words := map[string]string{}
	for _, e := range c.Enumerations() {
		for _, v := range e.Values {
			if e.Name == schema {
				words[v] = e.Meanings[v]
			}
		}
	}
	return words
}

// ResponseExamples returns the examples that the components' responses name, each with the statuses of these responses.
func (c *Contract) ResponseExamples() map[string][]int {
	statuses := map[string]map[string]bool{} // by response
	for path, item := range members(c.doc, "paths") {
		for method := range members(item) {
			for status, r := range members(c.doc, "paths", path, method, "responses") {
				name := strings.TrimPrefix(text(members(r)["$ref"]), "#/components/responses/")
				if statuses[name] == nil {
					statuses[name] = map[string]bool{}
				}
				statuses[name][status] = true
			}
		}
	}
	shown := map[string][]int{}
	for name, r := range members(c.doc, "components", "responses") {
		for example := range members(r, "content", "application/json", "examples") {
			for status := range statuses[name] {
				n, _ := strconv.Atoi(status)
				shown[example] = append(shown[example], n)
			}
		}
	}
	return shown
}

// Text is a summary or a description with its place.
type Text struct {
	Place   string
	Summary bool // else it is a description
	Text    string
}

// Texts returns all summaries and descriptions. Those inside the values of examples are left out.
func (c *Contract) Texts() []Text {
	var all []Text
	var walk func(v any, place string, names bool)
	walk = func(v any, place string, names bool) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range sorted(v) {
				text, isText := v[name].(string)
				switch {
				case names: // names of attributes or schemas, not words of OpenAPI
					walk(v[name], place+"/"+escape(name), false)
				case isText && (name == "description" || name == "summary"):
					all = append(all, Text{place + "/" + name, name == "summary", text})
				case name != "value" && name != "example":
					walk(v[name], place+"/"+escape(name), name == "properties" || name == "schemas")
				}
			}
		case []any:
			for i := range v {
				walk(v[i], place+"/"+strconv.Itoa(i), false)
			}
		}
	}
	walk(c.doc, "#", false)
	return all
}

// Attributes returns the names of an object's properties, for a place in the description such as #/components/schemas/Order.
func (c *Contract) Attributes(place string) []string {
	return sorted(members(c.member(place, "properties")))
}

// Lists finds the lists in an operation's good answers by their places, such as data/attributes/comments, each with how many
// entries it has at most; 0 where the description does not say so.
func (c *Contract) Lists(o Operation) map[string]int {
	found := map[string]int{}
	for status, a := range o.answers {
		if status[0] == '2' && a.schema != "" {
			c.lists(a.schema, "", nil, found)
		}
	}
	return found
}

func (c *Contract) lists(schema, at string, within []string, found map[string]int) {
	m, place := c.at(schema)
	if slices.Contains(within, place) {
		return
	}
	within = append(within, place)
	if m["items"] != nil {
		most, _ := m["maxItems"].(json.Number)
		n, _ := most.Int64()
		found[at] = int(n)
		c.lists(place+"/items", at, within, found)
	}
	for _, name := range sorted(members(m, "properties")) {
		c.lists(place+"/properties/"+escape(name), strings.TrimPrefix(at+"/"+name, "/"), within, found)
	}
	if members(m, "additionalProperties") != nil {
		c.lists(place+"/additionalProperties", at+"/*", within, found)
	}
	for _, among := range []string{"oneOf", "anyOf", "allOf"} {
		list, _ := m[among].([]any)
		for i := range list {
			c.lists(fmt.Sprintf("%s/%s/%d", place, among, i), at, within, found)
		}
	}
}
