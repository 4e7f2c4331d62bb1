package api

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"portway/internal/porting"
)

const descriptionFile = "../../infra/openapi.yaml"

// writeSection compares a part of infra/openapi.yaml with the text that the code gives, and writes it with -update. The
// part lies between a comment with its name and the comment of its end.
func writeSection(t *testing.T, name, want string) {
	t.Helper()
	raw, err := os.ReadFile(descriptionFile)
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`(?s)( *# --- ` + name + `: written by [^\n]*\n)(.*?)( *# --- end of ` + name + ` ---\n)`)
	m := form.FindSubmatchIndex(raw)
	if m == nil {
		t.Fatalf("infra/openapi.yaml has no section %q", name)
	}
	if string(raw[m[4]:m[5]]) == want {
		return
	}
	if !*update {
		t.Errorf("the section %q of infra/openapi.yaml is stale; go test ./internal/api -run %s -update writes it", name, t.Name())
		return
	}
	if err := os.WriteFile(descriptionFile, slices.Concat(raw[:m[4]], []byte(want), raw[m[5]:]), 0o644); err != nil {
		t.Fatal(err)
	}
}

// enumeration writes a schema that lists values: a description with a table, the values, and the names of their
// constants. The first cell of a row is the value.
func enumeration(name, about string, head []string, rows [][]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "    %s:\n      type: string\n      description: |\n", name)
	for _, line := range wrap(about, 112) {
		fmt.Fprintf(&b, "        %s\n", line)
	}
	fmt.Fprintf(&b, "\n        | %s |\n        |%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	var values, constants []string
	for _, cells := range rows {
		values, constants = append(values, cells[0]), append(constants, constantName(name, cells[0]))
		fmt.Fprintf(&b, "        | `%s` | %s |\n", cells[0], strings.Join(cells[1:], " | "))
	}
	fmt.Fprintf(&b, "      enum:\n%s      x-enum-varnames:\n%s", flow(values), flow(constants))
	return b.String()
}

// flow writes a list of words on wrapped lines.
func flow(words []string) string {
	var b strings.Builder
	for i, line := range wrap("["+strings.Join(words, ", ")+"]", 111) {
		b.WriteString("        " + strings.Repeat(" ", min(i, 1)) + line + "\n")
	}
	return b.String()
}

// wrap breaks a text between its words into lines of at most so many bytes.
func wrap(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// constantName names the constant of a value in generated clients: the schema's name and the value, in camel case. Some
// generators declare the constants of all schemas in one name space.
func constantName(schema, value string) string {
	if value == "" {
		value = "none"
	}
	name := schema
	for word := range strings.FieldsFuncSeq(value, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if word == strings.ToUpper(word) {
			word = strings.ToLower(word)
		}
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

// Each constant of an enumeration has its own name by one rule, and a table of meanings has a row for each value.
func TestEnumerations(t *testing.T) {
	seen := map[string]string{}
	for _, e := range described(t).Enumerations() {
		var want []string
		for _, v := range e.Values {
			want = append(want, constantName(e.Name, v))
			if seen[constantName(e.Name, v)] != "" {
				t.Errorf("%s of %s is a constant of %s too", v, e.Name, seen[constantName(e.Name, v)])
			}
			seen[constantName(e.Name, v)] = e.Name
		}
		if !slices.Equal(e.Constants, want) {
			t.Errorf("%s has the constants %v, want %v", e.Name, e.Constants, want)
		}
		if have := slices.Sorted(maps.Keys(e.Meanings)); len(have) > 0 && !slices.Equal(have, slices.Sorted(slices.Values(e.Values))) {
			t.Errorf("%s has the values %v and meanings for %v", e.Name, e.Values, have)
		}
	}
	if len(seen) < 200 {
		t.Errorf("only %d values were found", len(seen))
	}
}

// The catalogue of reasons is the table of reasons.
func TestCatalogueOfReasons(t *testing.T) {
	var rows [][]string
	for _, row := range porting.Reasons {
		rows = append(rows, []string{string(row.Code), row.Title, row.Meaning, row.Do})
	}
	writeSection(t, "reasons", enumeration("Reason", "Why an order, or some of its numbers, cannot go on as it is, and what to do about it (extension).",
		[]string{"reason", "title", "meaning", "what to do"}, rows))
}

// never are codes of the domain that no call of this API is answered with, and why.
var never = map[string]string{
	string(porting.Invalid):  "its faults are listed instead, each with its own code",
	string(porting.TooEarly): "only the sweep that ends orders can be too early",
	string(porting.NoFunds):  "the fee is taken by the workflow, and becomes a rejection",
	string(porting.Settled):  "what is so already is answered like what has just been done",
}

// The catalogue of codes has each code of the source. The statuses are those with which the source gives the code; the
// meaning is the comment of the code's constant.
func TestCatalogueOfCodes(t *testing.T) {
	codes, err := sourceCodes()
	if err != nil {
		t.Fatal(err)
	}
	for code := range never {
		if _, ok := codes[code]; !ok {
			t.Errorf("%s is never given, and no code at all", code)
		}
	}
	var rows [][]string
	for code, c := range codes {
		if never[code] != "" {
			continue
		}
		var statuses []string
		for _, status := range slices.Sorted(maps.Keys(c.statuses)) {
			statuses = append(statuses, itoa(status))
		}
		if len(statuses) == 0 || !strings.HasSuffix(c.meaning, ".") || strings.Contains(c.meaning, "|") {
			t.Errorf("%s has the statuses %v and the meaning %q", code, statuses, c.meaning)
		}
		rows = append(rows, []string{code, strings.Join(statuses, ", "), c.meaning})
	}
	slices.SortFunc(rows, func(a, b []string) int { return cmp.Or(strings.Compare(a[1], b[1]), strings.Compare(a[0], b[0])) })
	writeSection(t, "codes", enumeration("Code", "What is wrong with a request (extension). A code never changes its meaning. All faults of one answer "+
		"have the answer's status: a code of status 422 comes with status 400 if another fault of the request has status 400.",
		[]string{"code", "status", "meaning"}, rows))
}

// sourceCode is a code as the source gives it.
type sourceCode struct {
	statuses map[int]bool
	meaning  string
}

// allows reports whether an answer with the status can have the code. All faults of an answer have one status, and 400
// goes before 422.
func (c *sourceCode) allows(status int) bool {
	return c != nil && (c.statuses[status] || status == http.StatusBadRequest && c.statuses[http.StatusUnprocessableEntity])
}

// httpStatuses are the constants of net/http with which the package refuses.
var httpStatuses = map[string]int{
	"StatusBadRequest": http.StatusBadRequest, "StatusUnauthorized": http.StatusUnauthorized, "StatusNotFound": http.StatusNotFound,
	"StatusMethodNotAllowed": http.StatusMethodNotAllowed, "StatusConflict": http.StatusConflict,
	"StatusPreconditionFailed": http.StatusPreconditionFailed, "StatusRequestEntityTooLarge": http.StatusRequestEntityTooLarge,
	"StatusUnsupportedMediaType": http.StatusUnsupportedMediaType, "StatusUnprocessableEntity": http.StatusUnprocessableEntity,
	"StatusTooManyRequests": http.StatusTooManyRequests, "StatusInternalServerError": http.StatusInternalServerError,
	"StatusServiceUnavailable": http.StatusServiceUnavailable,
}

// sourceCodes reads the codes from the source: the constants and their comments, the statuses with which this package
// refuses, and the gateway's own answers in template.yaml.
var sourceCodes = sync.OnceValues(func() (map[string]*sourceCode, error) {
	var wrong []error
	codes, constants := map[string]*sourceCode{}, map[string]string{}
	at := func(code string) *sourceCode {
		if codes[code] == nil {
			codes[code] = &sourceCode{statuses: map[int]bool{}}
		}
		return codes[code]
	}
	var files []*ast.File
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		files = append(files, file)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		for spec, kind := range constantsOf(file) {
			lit, isLit := spec.Values[0].(*ast.BasicLit)
			of := map[string]bool{"FaultCode": true, "ErrorCode": true, "errorCode": true, "Fault": file.Name.Name == "nanp"}
			if !isLit || !of[kind] {
				continue
			}
			code, _ := strconv.Unquote(lit.Value)
			constants[spec.Names[0].Name] = code
			c := at(code)
			meaning, named := strings.CutPrefix(strings.Join(strings.Fields(spec.Doc.Text()), " "), spec.Names[0].Name+": ")
			if !named || c.meaning != "" {
				wrong = append(wrong, fmt.Errorf("%s has the comments %q and %q, want one: its name, a colon, its meaning", code, meaning, c.meaning))
			}
			c.meaning = meaning
			switch {
			case kind == "ErrorCode":
				c.statuses[statuses[porting.ErrorCode(code)]] = true
			case kind != "errorCode" && code != string(wrongType):
				c.statuses[http.StatusUnprocessableEntity] = true
			}
		}
	}
	for _, file := range files {
		if file.Name.Name != "api" {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || nameOf(call.Fun) != "refuse" {
				return true
			}
			code := call.Args[1]
			if conversion, ok := code.(*ast.CallExpr); ok {
				code = conversion.Args[0]
			}
			status, known := httpStatuses[nameOf(call.Args[0])], constants[nameOf(code)]
			if status == 0 || known == "" {
				wrong = append(wrong, fmt.Errorf("refused with the unknown status %s or code %s", nameOf(call.Args[0]), nameOf(code)))
				return true
			}
			at(known).statuses[status] = true
			return true
		})
	}
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		return nil, err
	}
	for _, m := range regexp.MustCompile(`"status":([0-9]+),.*"code":"([a-z_]+)"`).FindAllSubmatch(template, -1) {
		status, _ := strconv.Atoi(string(m[1]))
		at(string(m[2])).statuses[status] = true
	}
	at("server_error").meaning = "Something went wrong on our side before our code was reached. Try again." // the gateway's alone
	return codes, errors.Join(wrong...)
})

// constantsOf yields the constants and variables of a file, with the names of their types.
func constantsOf(file *ast.File) iter.Seq2[*ast.ValueSpec, string] {
	return func(yield func(*ast.ValueSpec, string) bool) {
		for _, d := range file.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range group.Specs {
				if spec, ok := s.(*ast.ValueSpec); ok && len(spec.Values) == 1 && !yield(spec, nameOf(spec.Type)) {
					return
				}
			}
		}
	}
}

// nameOf is the last name in an expression.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
