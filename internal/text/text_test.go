package text

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portway/internal/porting"
)

// keys are the message keys of the domain by the names of their constants, read from its source.
func keys(t *testing.T) map[string]porting.MessageKey {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../porting/message.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]porting.MessageKey{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Msg") {
			return true
		}
		value := constant.StringVal(constant.MakeFromLiteral(spec.Values[0].(*ast.BasicLit).Value, token.STRING, 0))
		all[spec.Names[0].Name] = porting.MessageKey(value)
		return true
	})
	return all
}

// Every key has its sentence, no sentence is left over, and each is a sentence.
func TestCatalogueIsWhole(t *testing.T) {
	known := keys(t)
	if len(known) < 80 {
		t.Fatalf("only %d keys were found", len(known))
	}
	seen := map[porting.MessageKey]string{}
	for name, key := range known {
		if other, twice := seen[key]; twice {
			t.Errorf("%s and %s are the same key", name, other)
		}
		seen[key] = name
		if English.sentences[key].customer == "" {
			t.Errorf("%s has no sentence", name)
		}
	}
	for key := range English.sentences {
		if seen[key] == "" {
			t.Errorf("the sentence %q has no key", key)
		}
	}
	for _, row := range porting.DetailRows() {
		if English.fields[row.Name] == "" {
			t.Errorf("en.go: the detail %s has no name in English.fields", row.Name)
		}
	}
	for _, name := range porting.PresetFields() {
		if English.fields["presets/"+name] == "" {
			t.Errorf("en.go: the preset %s has no name in English.fields", name)
		}
	}
	for _, kind := range porting.RepairKinds() {
		if English.repairs[kind] == "" {
			t.Errorf("en.go: the repair %q has no name in English.repairs", kind)
		}
	}
	for _, kind := range porting.DocumentKinds() {
		if English.documents[kind] == "" {
			t.Errorf("en.go: the kind of document %q has no name in English.documents", kind)
		}
	}
}

// placeholders are the arguments that a sentence needs.
func placeholders(s sentence) []string {
	found := map[string]bool{}
	for _, template := range []string{s.customer, s.staff} {
		for {
			_, rest, ok := strings.Cut(template, "{")
			if !ok {
				break
			}
			var one string
			one, template, _ = strings.Cut(rest, "}")
			name, form, _ := strings.Cut(one, "|")
			if name != "list" && name != "reasons" && form != "once" {
				found[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Wherever the code says a message it gives the arguments that the sentence needs. Calls with a key that is no constant are
// walked by the whole-life tests.
func TestEverySentenceGetsItsArguments(t *testing.T) {
	known, said := keys(t), map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && !strings.HasSuffix(path, "message.go") && filepath.Base(filepath.Dir(path)) != "text" {
				said[id.Name] = true
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || nameOf(call.Fun) != "Say" {
				return true
			}
			key, ok := known[nameOf(call.Args[0])]
			if !ok {
				return true
			}
			var given []string
			for i := 1; i+1 < len(call.Args); i += 2 {
				lit, ok := call.Args[i].(*ast.BasicLit)
				if !ok {
					t.Errorf("%s: the name of an argument is no literal", set.Position(call.Pos()))
					return true
				}
				name, _ := strconv.Unquote(lit.Value)
				given = append(given, name)
			}
			for _, need := range placeholders(English.sentences[key]) {
				if !slices.Contains(given, need) {
					t.Errorf("%s: the sentence %q needs {%s}", set.Position(call.Pos()), key, need)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range known {
		if !said[name] {
			t.Errorf("nobody says %s", name)
		}
	}
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// A customer reads no peer, no peer's own word, no version and no score.
func TestWhatCustomersNeverRead(t *testing.T) {
	const canary = "CANARY"
	kept := []string{"peer", "from", "to", "other", "record", "other_record", "version", "error", "run", "how"}
	said := []porting.MessageKey{porting.MsgRecordGiven, porting.MsgRecordLacks} // the carrier's words, which it means for the customer
	dates := []porting.MessageKey{porting.MsgMoved}
	desk := func(key porting.MessageKey) bool { return strings.HasPrefix(string(key), "ask_") } // never read by customers
	for key, s := range English.sentences {
		if desk(key) {
			continue
		}
		args := map[string]string{}
		for _, name := range placeholders(s) {
			args[name] = "value"
			if slices.Contains(kept, name) && !slices.Contains(dates, key) || name == "said" && !slices.Contains(said, key) {
				args[name] = canary
			}
		}
		if got := English.Message(porting.Message{Key: key, Args: args}); strings.Contains(got, canary) {
			t.Errorf("customers read %q", got)
		}
	}
	event := porting.Event{Message: porting.Say(porting.MsgDeskAsked).With(porting.Words(canary))}
	if got := English.Event(event); got != "Our staff was asked." {
		t.Errorf("customers read %q", got)
	}
}

func TestSentences(t *testing.T) {
	reasons := []porting.Reason{{Code: porting.ZipMismatch, Raw: "7402", Said: "ZIP differs"}, {Code: porting.NameMismatch}}
	for _, test := range []struct {
		name            string
		event           porting.Event
		customer, staff string
	}{
		{"a person's words", porting.Event{Message: porting.Words("Please {wait}.")}, "Please {wait}.", "Please {wait}."},
		{"one number", porting.Event{Message: porting.Say(porting.MsgCreated, "n", "1")}, "The order was created with 1 number.", ""},
		{"several numbers", porting.Event{Message: porting.Say(porting.MsgCreated, "n", "12")}, "The order was created with 12 numbers.", ""},
		{"days", porting.Event{Message: porting.Say(porting.MsgMoved, "from", "2027-03-15", "to", "2027-03-17")},
			"The date was moved from Monday, March 15, 2027 to Wednesday, March 17, 2027.", ""},
		{"no day", porting.Event{Message: porting.Say(porting.MsgAccepted, "foc", "soon")}, "The carrier accepted the order. The numbers move on soon.", ""},
		{"reasons with the carrier's words", porting.Event{Message: porting.Say(porting.MsgRefused), Reasons: reasons},
			"The carrier refused the request: ZIP code mismatch (“ZIP differs”); Name mismatch. We are trying to resolve it.",
			"The carrier refused the request: ZIP code mismatch (“7402 ZIP differs”); Name mismatch. We are trying to resolve it."},
		{"numbers", porting.Event{Message: porting.Say(porting.MsgLeftOut, "numbers", "+12065550101,+12065550102", "reason", "TN_NOT_PORTABLE")},
			"These numbers were left out of the order: (206) 555-0101 and (206) 555-0102. A number can't be ported.", ""},
		{"many numbers", porting.Event{Message: porting.Say(porting.MsgDidLeaveOut,
			"numbers", strings.Repeat("+12065550101,", 12)+"+12065550102", "reason", "TN_NOT_PORTABLE")},
			strings.Repeat("(206) 555-0101, ", 9) + "(206) 555-0101 and 3 more left out (Number not portable)", ""},
		{"another main number", porting.Event{Message: porting.Say(porting.MsgDidMainNumber, "number", "+12065550101")},
			"a number that stays named as the account's new main number", "(206) 555-0101 named as the account's new main number"},
		{"changes", porting.Event{Message: porting.Say(porting.MsgCorrected).With(
			porting.Say(porting.MsgFieldChanged, "field", "zip", "before", "98101", "after", "98102"), porting.Say(porting.MsgSecretChanged, "field", "provider_account"))},
			"The order was corrected from the carrier's record: the ZIP code from “98101” to “98102”; the account number.", ""},
		{"a repair without changes", porting.Event{Message: porting.Say(porting.MsgRepaired, "repairs", string(porting.NextDate))},
			"We resolved the carrier's refusal (with the next possible date). The request is sent again.", ""},
		{"a score", porting.Event{Message: porting.Say(porting.MsgChosen, "peer", "locals").With(porting.Say(porting.MsgPeerRecord, "record", "0.41,3.5"))},
			"The way to the carrier was chosen: a porting partner that serves these numbers.",
			"The order goes through locals: lately 41 % of its orders got a date, 3.5 business days away."},
		{"a document that failed", porting.Event{Message: porting.Say(porting.MsgDocumentRefused, "id", "1", "kind", "bill").With(
			porting.Say(porting.MsgUnfetched).With(porting.Say(porting.MsgFetchStatus, "status", "404")))},
			"Document 1 (bill) was not accepted. The file could not be fetched: its host answers 404.", ""},
		{"a document that failed, as older releases stored it", porting.Event{Message: porting.Say(porting.MsgDocumentRefused,
			"id", "1", "kind", "bill", "why", "It is no PDF file.")}, "Document 1 (bill) was not accepted. It is no PDF file.", ""},
		{"of a younger release", porting.Event{Message: porting.Say("not_yet")}, "not_yet", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.staff == "" {
				test.staff = test.customer
			}
			if got := English.Event(test.event); got != test.customer {
				t.Errorf("a customer reads\n%s\nwant\n%s", got, test.customer)
			}
			if got := English.StaffEvent(test.event); got != test.staff {
				t.Errorf("our staff reads\n%s\nwant\n%s", got, test.staff)
			}
		})
	}
}
