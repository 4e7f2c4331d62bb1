package porting

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever gives a command says in which role and in which way, wherever the code makes a By.
func TestEveryByHasARoleAndAWay(t *testing.T) {
	made := 0
	for _, root := range []string{"..", "../../functions", "../../infra"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if !ok || !isBy(lit.Type) {
					return true
				}
				made++
				named := map[string]bool{}
				for _, e := range lit.Elts {
					if pair, ok := e.(*ast.KeyValueExpr); ok {
						named[pair.Key.(*ast.Ident).Name] = true
					}
				}
				if !named["Role"] || !named["Way"] {
					t.Errorf("%s: this By has no Role or no Way; CustomerBy, StaffBy, PeerBy and SystemBy (by.go) set both",
						set.Position(lit.Pos()))
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if made < 4 {
		t.Errorf("only %d of them were found", made)
	}
}

func isBy(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "By"
	case *ast.SelectorExpr:
		pkg, ok := e.X.(*ast.Ident)
		return ok && pkg.Name == "porting" && e.Sel.Name == "By"
	}
	return false
}

// The event of a change has the command's By, whole.
func TestEventsKeepWhoGaveTheCommand(t *testing.T) {
	for _, by := range []By{CustomerBy("key-7f3q2m"), StaffBy("AB"), SystemBy(WayMail)} {
		l := begin(t, 1)
		if got := l.do(Comment{By: by, Text: "Please hurry."}).last().By; got != by {
			t.Errorf("%+v gave the command, and the event has %+v", by, got)
		}
	}
}
