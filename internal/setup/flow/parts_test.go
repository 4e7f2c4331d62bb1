package flow

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
	"time"

	"portway/internal/document"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/webhook"
	"portway/internal/workflow"
)

// Every effect that the domain knows has a handler, and there is no handler of anything else.
func TestEveryEffectIsCarriedOut(t *testing.T) {
	p := Parts{Book: &orders.Book{}, Store: storetest.NewMemory(), Driver: &workflow.Driver{},
		Webhook: &webhook.Sender{},
		Files:   &document.Files{}, Now: time.Now}
	handlers := p.Outbox().Handlers
	effects := effects(t)
	for _, effect := range effects {
		if handlers[effect] == nil {
			t.Errorf("nothing carries out the effect %q", effect)
		}
	}
	if len(handlers) != len(effects) {
		t.Errorf("%d handlers for %d effects", len(handlers), len(effects))
	}
}

// effects reads the constants of type Effect from the domain's source.
func effects(t *testing.T) []porting.Effect {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../porting/event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []porting.Effect
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Effect" {
			return true
		}
		for _, value := range spec.Values {
			text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, porting.Effect(text))
		}
		return true
	})
	if len(all) == 0 {
		t.Fatal("the domain's source has no effects")
	}
	return all
}
