package dynamo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portway/internal/mail"
	"portway/internal/orders"
)

// A word that was ever stored has to be read for good: a status, a reason, an effect, a kind of event.
// testdata/words.txt has the words of each type, and loses none. -update adds those that are new.
func TestStoredWords(t *testing.T) {
	path := filepath.Join("testdata", "words.txt")
	types := map[reflect.Type]bool{reflect.TypeFor[orders.DueKind](): true}
	wordTypes(reflect.TypeFor[domain](), types, map[reflect.Type]bool{})
	delete(types, reflect.TypeFor[mail.State]()) // which is told of a record, and not stored
	now := map[string][]string{}
	for typ := range types {
		if words := wordsOf(t, typ); len(words) > 0 {
			now[typ.String()] = words
		}
	}
	raw, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	stored := map[string][]string{}
	for line := range strings.Lines(string(raw)) {
		typ, word, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if !ok {
			t.Fatalf("%q is no line of %s", line, path)
		}
		stored[typ] = append(stored[typ], word)
		if !slices.Contains(now[typ], word) {
			t.Errorf("%s has no %q any more, which items hold", typ, word)
		}
	}
	var lines []string
	for typ, words := range now {
		for _, word := range words {
			lines = append(lines, typ+": "+word+"\n")
			if !slices.Contains(stored[typ], word) && !*update {
				t.Errorf("%s has a new word, %q: run this test with -update", typ, word)
			}
		}
	}
	slices.Sort(lines)
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// wordTypes finds our types below t that are texts.
func wordTypes(t reflect.Type, found, seen map[reflect.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.String:
		if strings.HasPrefix(t.PkgPath(), "portway/") {
			found[t] = true
		}
	case reflect.Struct:
		for i := range t.NumField() {
			wordTypes(t.Field(i).Type, found, seen)
		}
	case reflect.Map:
		wordTypes(t.Key(), found, seen)
		wordTypes(t.Elem(), found, seen)
	case reflect.Slice, reflect.Array:
		wordTypes(t.Elem(), found, seen)
	}
}

// wordsOf returns the constants of a type that is a text, as its package declares them.
func wordsOf(t *testing.T, typ reflect.Type) []string {
	t.Helper()
	dir := filepath.Join("..", "..", strings.TrimPrefix(typ.PkgPath(), "portway/"))
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files (%v)", dir, len(files), err)
	}
	var words []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if named, ok := spec.Type.(*ast.Ident); !ok || named.Name != typ.Name() {
				return true
			}
			for _, v := range spec.Values {
				if text, ok := v.(*ast.BasicLit); ok && text.Kind == token.STRING {
					if word, err := strconv.Unquote(text.Value); err == nil && word != "" {
						words = append(words, word)
					}
				}
			}
			return true
		})
	}
	return words
}
