// Package texttest tests that the translations of a package's sentences are whole. [Whole] is its one test; [Sentences] finds
// the sentences in the source. It knows the form of a package's table (package text), and nothing of what the sentences say.
package texttest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portway/internal/porting"
	"portway/internal/text"
)

// Sentences are the texts that the Go files of a folder, tests aside, give as the first argument to calls of these names, such
// as Say. A text that is put together from literals counts as one; texts in variables have to be given to Whole.
func Sentences(t testing.TB, dir string, calls ...string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || !slices.Contains(calls, nameOf(call.Fun)) {
				return true
			}
			if s, ok := literal(call.Args[0]); ok && strings.ContainsFunc(s, isLetter) {
				all = append(all, s)
			}
			return true
		})
	}
	return all
}

func isLetter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, too := literal(e.Y)
		return left + right, ok && too && e.Op == token.ADD
	case *ast.ParenExpr:
		return literal(e.X)
	}
	return "", false
}

// Whole tests that the tables es.txt and fr.txt of a folder have a row for each of the sentences, with the same placeholders,
// and no other row.
func Whole(t *testing.T, dir string, sentences []string) {
	t.Helper()
	for file, language := range map[string]porting.Language{"es.txt": porting.Spanish, "fr.txt": porting.French} {
		raw, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults(string(raw), language, sentences) {
			t.Errorf("%s: %s", filepath.Join(dir, file), fault)
		}
	}
}

// faults are what is wrong with a table for the sentences.
func faults(raw string, language porting.Language, sentences []string) []string {
	var all []string
	found := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	seen, english := map[string]bool{}, ""
	for line := range strings.Lines(raw) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "\t"):
			if english == "" {
				found("a translation without a sentence above: %s", line)
			} else if seen[english] {
				found("twice: %s", english)
			}
			seen[english], english = true, ""
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		default:
			if english != "" {
				found("no translation below: %s", english)
			}
			english = line
		}
	}
	if english != "" {
		found("no translation below: %s", english)
	}
	rows := text.NewTable(raw, raw).Rows(language)
	wanted := map[string]bool{}
	for _, s := range sentences {
		if wanted[s] || !strings.ContainsFunc(wordless.ReplaceAllString(s, ""), isLetter) { // nothing is to be translated
			continue
		}
		wanted[s] = true
		switch own, ok := rows[s]; {
		case !ok:
			found("a row is missing for\n%s", s)
		case strings.TrimSpace(own) == "":
			found("the translation is empty: %s", s)
		case !slices.Equal(gaps(s), gaps(own)):
			found("it has %v where the English has %v: %s", gaps(own), gaps(s), s)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(rows)) {
		if !wanted[s] {
			found("nobody says %s", s)
		}
	}
	return all
}

var (
	placeholder = regexp.MustCompile(`\{([a-z_0-9]+)(\|[a-z]+)?[^}]*\}`)
	wordless    = regexp.MustCompile(`\{[a-z_0-9]+(\|[a-z]+)?\}`) // a placeholder without a unit
	verb        = regexp.MustCompile(`%(\[\d\])?[a-z%]`)
)

// gaps are what is filled in, in any order: the placeholders with their forms, and the verbs of fmt.
func gaps(s string) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		all = append(all, m[1]+m[2])
	}
	for _, m := range verb.FindAllString(s, -1) {
		all = append(all, "%"+m[len(m)-1:])
	}
	slices.Sort(all)
	return all
}
