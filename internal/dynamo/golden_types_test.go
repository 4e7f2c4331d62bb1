package dynamo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/storetest"
)

// The golden items leave nothing out that is stored: no field of the domain, and no attribute of an item's type.
func TestGoldenItemsAreComplete(t *testing.T) {
	d := given()
	// These have the same values again, as far as lists, feeds and queues show them.
	d.InLists, d.Fed, d.Listed, d.Work = nil, nil, nil, nil
	derived := []string{"domain.InLists", "domain.Fed", "domain.Listed", "domain.Work",
		"domain.Pulls[].Due.Of"} // which only parked work has; jobs are never parked
	for _, path := range storetest.Unset(d) {
		if !slices.Contains(derived, path) {
			t.Errorf("nothing is given for %s", path)
		}
	}

	structs := itemTypes(t)
	byKind := map[string][]map[string]types.AttributeValue{}
	forms := slices.Collect(maps.Keys(olderForms)) // an attribute of an older form alone is read, and written no more
	for _, form := range append(forms, currentForm) {
		for _, i := range stored(t, filepath.Join(goldenRoot, form)) {
			byKind[kindOf(keyOf(i))] = append(byKind[kindOf(keyOf(i))], i)
		}
	}
	nodes := map[string][]map[string]types.AttributeValue{} // by the type that wrote them
	var walk func(name string, of []map[string]types.AttributeValue)
	walk = func(name string, of []map[string]types.AttributeValue) {
		nodes[name] = append(nodes[name], of...)
		for _, f := range structs[name] {
			switch {
			case f.of == "":
			case f.attribute == "":
				walk(f.of, of) // embedded
			default:
				var below []map[string]types.AttributeValue
				for _, n := range of {
					switch v := n[f.attribute].(type) {
					case *types.AttributeValueMemberM:
						below = append(below, v.Value)
					case *types.AttributeValueMemberL:
						for _, one := range v.Value {
							if m, ok := one.(*types.AttributeValueMemberM); ok {
								below = append(below, m.Value)
							}
						}
					}
				}
				walk(f.of, below)
			}
		}
	}
	for _, k := range kinds {
		if k.item != "" {
			walk(k.item, byKind[k.name])
		}
	}
	for name, fields := range structs {
		if len(nodes[name]) == 0 {
			t.Errorf("no golden item is a %s: add its kind to kinds, and one to what is given", name)
			continue
		}
		for _, f := range fields {
			if f.attribute != "" && !slices.ContainsFunc(nodes[name],
				func(n map[string]types.AttributeValue) bool { return n[f.attribute] != nil }) {
				t.Errorf("no golden item has the attribute %s of %s", f.attribute, name)
			}
		}
	}
}

// itemField is a field of an item's type: the name of its attribute, which an embedded type does not have, and the
// item's type of its value, where it is one.
type itemField struct{ attribute, of string }

// itemTypes returns the types by which this package and those below it write items, by package and name. They are the
// structs whose fields name attributes.
func itemTypes(t *testing.T) map[string][]itemField {
	t.Helper()
	all, found := map[string][]itemField{}, map[string][]itemField{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			name, tagged := file.Name.Name+"."+spec.Name.Name, false
			for _, f := range s.Fields.List {
				one := itemField{of: file.Name.Name + "." + typeName(f.Type)}
				if f.Tag != nil {
					text, err := strconv.Unquote(f.Tag.Value)
					if err != nil {
						t.Fatal(err)
					}
					one.attribute, _, _ = strings.Cut(reflect.StructTag(text).Get("dynamodbav"), ",")
					tagged = true
				}
				if one.attribute != "" || len(f.Names) == 0 {
					all[name] = append(all[name], one)
				}
			}
			if tagged {
				found[name] = all[name]
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := -1; n != len(found); { // those too that only embed others
		n = len(found)
		for name, fields := range all {
			for _, f := range fields {
				if f.attribute == "" && found[f.of] != nil {
					found[name] = fields
				}
			}
		}
	}
	for _, fields := range found {
		for i, f := range fields {
			if found[f.of] == nil {
				fields[i].of = "" // a text, a number, or a type of the domain
			}
		}
	}
	return found
}

// typeName returns the name of a type of the same package, of the elements where it is a list or a pointer.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ArrayType:
		return typeName(e.Elt)
	}
	return ""
}
