package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/api/apitest"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// contract is the description of the API. The method send checks every answer of this package's tests against it.
var contract = sync.OnceValues(apitest.Open)

func described(t *testing.T) *apitest.Contract {
	t.Helper()
	c, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func checkContract(t *testing.T, in events.APIGatewayProxyRequest, out events.APIGatewayProxyResponse) {
	t.Helper()
	if err := described(t).Check(in.HTTPMethod, in.Path, answerOf(out)); err != nil {
		t.Errorf("%v\n%s", err, out.Body)
	}
}

func answerOf(out events.APIGatewayProxyResponse) apitest.Answer {
	h := http.Header{}
	for name, value := range out.Headers {
		h.Set(name, value)
	}
	return apitest.Answer{Status: out.StatusCode, Header: h, Body: []byte(out.Body)}
}

// The description has every route and no other call.
func TestDescriptionAndRoutesAreTheSame(t *testing.T) {
	have := map[string]bool{}
	for _, o := range described(t).Operations {
		have[o.Method+" "+o.Path] = true
	}
	for _, r := range routes {
		name := r.method + " " + r.path
		if !have[name] {
			t.Errorf("%s is not in infra/openapi.yaml", name)
		}
		delete(have, name)
		if o, _ := described(t).Find(r.method, r.path); r.changes != o.Changes() {
			t.Errorf("%s: the description says that it changes something: %v", name, o.Changes())
		}
	}
	for name := range have {
		t.Errorf("%s is described and no route", name)
	}
}

// Each call has a summary and a description, each description is sentences, and a summary is a line without a full
// stop.
func TestDescriptionIsWritten(t *testing.T) {
	told := map[string]bool{}
	for _, text := range described(t).Texts() {
		told[text.Place] = true
		body := strings.TrimSpace(text.Text)
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(body, "`*"))
		end := strings.HasSuffix(body, ".") || strings.HasSuffix(body, "|") // or a table's last row
		switch {
		case !text.Summary && (!unicode.IsUpper(first) && !strings.HasPrefix(body, "`") || !end):
			t.Errorf("%s is no sentence: %q", text.Place, body)
		case text.Summary && (!unicode.IsUpper(first) || strings.HasSuffix(body, ".") || len(body) > 80 || strings.Contains(body, "\n")):
			t.Errorf("%s is no line: %q", text.Place, body)
		}
	}
	for _, o := range described(t).Operations {
		place := "#/paths/" + strings.ReplaceAll(o.Path, "/", "~1") + "/" + strings.ToLower(o.Method)
		if !told[place+"/summary"] || !told[place+"/description"] {
			t.Errorf("%s %s has no summary or no description", o.Method, o.Path)
		}
	}
}

// No parameter has a default: generated clients send a default unasked, and some parameters do not go together. The
// description says what happens without the parameter.
func TestParametersHaveNoDefaults(t *testing.T) {
	for _, o := range described(t).Operations {
		for _, p := range o.Parameters {
			if p.Default != "" {
				t.Errorf("%s %s: %s has the default %s", o.Method, o.Path, p.Name, p.Default)
			}
		}
	}
}

// The values of statuses, turns, kinds of events and other enumerations are those of the domain, and each has a meaning.
func TestWordsAreTheDomains(t *testing.T) {
	files, err := filepath.Glob("../porting/*.go")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]bool{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || strings.HasSuffix(path, "_test.go") || !spec.Names[0].IsExported() {
				return true
			}
			kind, ok := spec.Type.(*ast.Ident)
			for _, v := range spec.Values {
				if b, isLit := v.(*ast.BasicLit); ok && isLit && b.Kind == token.STRING {
					if want[kind.Name] == nil {
						want[kind.Name] = map[string]bool{}
					}
					word, _ := strconv.Unquote(b.Value)
					want[kind.Name][word] = true
				}
			}
			return true
		})
	}
	delete(want["Status"], string(porting.None))
	for schema, kind := range map[string]string{"Status": "Status", "Turn": "Turn", "EventKind": "EventKind", "AutoCorrect": "Consent",
		"GroupStatus": "Summary", "Fixer": "Fixer", "Role": "Role"} {
		have := described(t).Words(schema)
		for word := range want[kind] {
			if have[word] == "" {
				t.Errorf("%s %q has no meaning in the table of its schema", schema, word)
			}
			delete(have, word)
		}
		for word := range have {
			t.Errorf("%s %q is described, and not the domain's", schema, word)
		}
	}
}

// The webhook of each status fits its schema.
func TestStatusWebhookIsDescribed(t *testing.T) {
	for _, m := range porting.Moves() {
		e := porting.Event{Order: "150626304004106", Account: "acme", Version: 3, At: now, Before: porting.Accepted, Status: m.To,
			StatusURL: "https://customer.example.com/ports"}
		if m.To == porting.Accepted {
			e.Before = porting.Submitted
		}
		if m.To == porting.None {
			continue
		}
		body, err := webhook.Compose(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := described(t).Valid("StatusWebhook", body); err != nil {
			t.Errorf("%s: %v", m.To, err)
		}
	}
}
