package env

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda/messages"
)

// read is a place in the code that reads a variable.
type read struct {
	at, method, variable string
	args                 []reflect.Value
}

// reads finds the variables that the code reads, by the calls of a Reader's methods with the variable's name as a literal.
func reads(t *testing.T) []read {
	t.Helper()
	var all []read
	for _, root := range []string{"../../internal", "../../functions"} {
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			parsed, err := parser.ParseFile(set, file, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name, ok := call.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if from, _ := name.X.(*ast.Ident); from != nil && from.Name == "os" && name.Sel.Name == "Getenv" &&
					!strings.Contains(file, "internal/lambdax/") {
					t.Errorf("%s reads the environment by os.Getenv instead of package env", set.Position(call.Pos()))
				}
				method, ok := reflect.TypeFor[*Reader]().MethodByName(name.Sel.Name)
				if !ok || len(call.Args) == 0 || len(call.Args) != method.Type.NumIn()-1 { // another type's method
					return true
				}
				first, ok := call.Args[0].(*ast.BasicLit)
				if !ok || first.Kind != token.STRING || name.Sel.Name == "Fail" || name.Sel.Name == "Raw" {
					return true
				}
				r := read{at: set.Position(call.Pos()).String(), method: name.Sel.Name}
				for _, arg := range call.Args {
					r.args = append(r.args, valueOf(arg))
				}
				r.variable = r.args[0].String()
				all = append(all, r)
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// valueOf returns the value of a literal argument. A constant is taken to be a bound, and 999,999 stands for it.
func valueOf(arg ast.Expr) reflect.Value {
	lit, ok := arg.(*ast.BasicLit)
	if !ok {
		return reflect.ValueOf(999_999)
	}
	if lit.Kind == token.INT {
		n, _ := strconv.Atoi(strings.ReplaceAll(lit.Value, "_", ""))
		return reflect.ValueOf(n)
	}
	text, _ := strconv.Unquote(lit.Value)
	return reflect.ValueOf(text)
}

const canary = "s3cret-canary"

// bad lists values that each form refuses.
var bad = map[string][]string{
	"Text":     {"", canary + "\n", "\x00" + canary},
	"Optional": {canary + "\n", "\x7f"},
	"Secret":   {canary + "\r\n"},
	"Number":   {"", canary, "7.5", "-1", "1e3", " 3", "9999999", "99999999999999999999"},
	"Is":       {"", canary, "true", "YES"},
	"URL": {"", canary, "https://", "ftp://host/" + canary, "https://user:" + canary + "@host", "host/path",
		"https://host?x=" + canary, "https://ho st"},
	"OptionalURL": {canary, "https://", "//host"},
	"Address":     {"", canary, "a@b", "a@b@c.de", "Name <a@b.de>", "a@.de", "a@b.de\n"},
}

// For each variable that the code reads, and each value that its form refuses, the reader notes one fault. The function's
// answer names the variable and never repeats the value.
func TestEveryBadValueIsNamed(t *testing.T) {
	found := map[string]bool{}
	for _, r := range reads(t) {
		found[r.variable] = true
		if len(bad[r.method]) == 0 {
			t.Errorf("%s: no bad values for %s", r.at, r.method)
		}
		for _, value := range bad[r.method] {
			reader := Of(func(string) string { return value })
			reflect.ValueOf(reader).MethodByName(r.method).Call(r.args)
			if f := reader.Faults(); len(f) != 1 || f[0].Variable != r.variable || f[0].Problem == "" {
				t.Errorf("%s: with %q the faults are %v", r.at, value, f)
			}
			_, err := reader.refuse(context.Background(), nil)
			var told messages.InvokeResponse_Error
			if !errors.As(err, &told) || !strings.Contains(told.Message, r.variable) || strings.Contains(told.Message, canary) {
				t.Errorf("%s: with %q the function answers %v", r.at, value, err)
			}
		}
	}
	for _, name := range []string{"TABLE", "LOCALS_URL", "PORT_FEE", "MAIL_FROM", "RATE_LIMIT", "DAY_SECONDS", "HOOK_URL"} {
		if !found[name] {
			t.Errorf("the walk did not find %s", name)
		}
	}
}
