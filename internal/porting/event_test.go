package porting

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// texts returns the values of the constants of a type that is a text, read from a file of the package.
func texts(t *testing.T, file, typ string) []string {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if named, ok := spec.Type.(*ast.Ident); !ok || named.Name != typ {
			return true
		}
		for _, v := range spec.Values {
			if lit, ok := v.(*ast.BasicLit); ok {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, text)
			}
		}
		return true
	})
	if len(all) == 0 {
		t.Fatalf("%s has no constant of the type %s", file, typ)
	}
	return all
}

// Each effect has its place in the order in which effects are carried out. A store reads them from a set, without order.
func TestEffectOrder(t *testing.T) {
	declared := texts(t, "event.go", "Effect")
	for _, name := range declared {
		if !slices.Contains(Effects(), Effect(name)) {
			t.Errorf("the effect %q is missing in effects (event.go), which says when it is carried out", name)
		}
	}
	if len(Effects()) != len(declared) {
		t.Errorf("%d effects have an order, and %d are declared", len(Effects()), len(declared))
	}

	got := slices.Clone(Effects())
	slices.Reverse(got)
	SortEffects(got)
	if !slices.Equal(got, Effects()) {
		t.Errorf("sorted %v, want %v", got, Effects())
	}
	got = []Effect{KeepScore, "not yet", ResumeWait}
	SortEffects(got)
	if want := []Effect{"not yet", ResumeWait, KeepScore}; !slices.Equal(got, want) {
		t.Errorf("sorted %v, want %v", got, want)
	}
}
