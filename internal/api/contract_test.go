package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/api/apitest"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// contract is the description of the API, to which send holds every answer of this package's tests.
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

// The description has the routes, all of them, and no other.
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

// never are codes of the domain that no call of this API can be answered with, and why.
var never = map[string]string{
	string(porting.Invalid):  "its faults are told instead, each with its own code",
	string(porting.TooEarly): "only the sweep that ends orders can be too early",
	string(porting.NoFunds):  "the fee is taken by the workflow, and becomes a rejection",
	string(porting.Settled):  "what is so already is answered like what has just been done",
}

// The catalogue has every code that the source can give, and no other.
func TestCatalogueOfCodes(t *testing.T) {
	have := described(t).Words("Code")
	for code, where := range sourceCodes(t) {
		if _, ok := have[code]; !ok && never[code] == "" {
			t.Errorf("%s, of %s, is not in the catalogue", code, where)
		}
		if _, ok := have[code]; ok && never[code] != "" {
			t.Errorf("%s is in the catalogue and never given", code)
		}
		if have[code][1] == "" && never[code] == "" {
			t.Errorf("%s has no meaning", code)
		}
		delete(have, code)
	}
	for code := range have {
		t.Errorf("%s is in the catalogue, and nothing gives it", code)
	}
}

// sourceCodes are the codes by where they stand: constants of the types of codes, what is refused by a literal, and what the
// gateway answers by itself.
func sourceCodes(t *testing.T) map[string]string {
	codes := map[string]string{}
	add := func(lit ast.Expr, where string) {
		if b, ok := lit.(*ast.BasicLit); ok && b.Kind == token.STRING {
			if code, err := strconv.Unquote(b.Value); err == nil {
				codes[code] = where
			}
		}
	}
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				kind := n.Type
				if s, ok := kind.(*ast.SelectorExpr); ok {
					kind = s.Sel
				}
				name, ok := kind.(*ast.Ident)
				if ok && (name.Name == "FaultCode" || name.Name == "ErrorCode" || name.Name == "Fault" && file.Name.Name == "nanp") {
					for _, v := range n.Values {
						add(v, path)
					}
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "refuse" && file.Name.Name == "api" {
					add(n.Args[1], path)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"code":"([a-z_]+)"`).FindAllSubmatch(template, -1) {
		codes[string(m[1])] = "template.yaml"
	}
	return codes
}

// The reasons of a rejection are described as the table has them.
func TestCatalogueOfReasons(t *testing.T) {
	have := described(t).Words("Reason")
	for _, row := range porting.Reasons {
		if want := [2]string{row.Title, row.Meaning + " " + row.Do}; have[string(row.Code)] != want {
			t.Errorf("%s is described as %q, want %q", row.Code, have[string(row.Code)], want)
		}
		delete(have, string(row.Code))
	}
	for code := range have {
		t.Errorf("%s is described, and not in the table of reasons", code)
	}
}

// Statuses, turns, kinds of event and the like are the domain's.
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
			if _, ok := have[word]; !ok {
				t.Errorf("%s %q is not described", schema, word)
			}
			delete(have, word)
		}
		for word := range have {
			t.Errorf("%s %q is described, and not the domain's", schema, word)
		}
	}
}

// The webhook of every status is as it is described.
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
