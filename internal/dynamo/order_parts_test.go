package dynamo

import (
	"reflect"
	"testing"

	"portway/internal/porting"
	"portway/internal/storetest"
)

// Everything that an attempt's item holds counts in the digest, so that a read that is torn there is seen. A new field
// goes into partsOf, under a new partsForm.
func TestPartsTellEachFieldOfAnAttempt(t *testing.T) {
	full := storetest.FullOrder("7")
	chunks := chunksOf(full.Numbers)
	whole := func() (headItem, []tryItem) {
		tries := triesOf(full)
		return headItem{Parts: partsOf(chunks, tries)}, tries
	}
	head, tries := whole()
	if !head.has(chunks, tries) {
		t.Fatal("a head does not have its own parts")
	}
	var walk func(path string, of func(tries []tryItem) reflect.Value)
	walk = func(path string, of func(tries []tryItem) reflect.Value) {
		head, tries := whole()
		v := of(tries)
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if field := v.Type().Field(i); field.Type != reflect.TypeFor[key]() {
					walk(path+"."+field.Name, func(tries []tryItem) reflect.Value { return of(tries).Field(i) })
				}
			}
			return
		case reflect.Pointer:
			walk(path, func(tries []tryItem) reflect.Value { return of(tries).Elem() })
			return
		case reflect.String:
			v.SetString(v.String() + "'")
		case reflect.Int:
			v.SetInt(v.Int() + 1)
		case reflect.Bool:
			v.SetBool(!v.Bool())
		default:
			t.Fatalf("%s is a %s, which this test can't change", path, v.Type())
		}
		if head.has(chunks, tries) {
			t.Errorf("the parts do not tell a change of %s", path)
		}
	}
	for n := range full.Attempts {
		if tries[n].Record != nil {
			walk("Attempt", func(tries []tryItem) reflect.Value { return reflect.ValueOf(&tries[n]).Elem() })
			return
		}
	}
	t.Fatal("no attempt of a full order has a record")
}

func TestPartsTellEachNumber(t *testing.T) {
	full := storetest.FullOrder("7")
	tries := triesOf(full)
	head := headItem{Parts: partsOf(chunksOf(full.Numbers), tries)}
	for name, change := range map[string]func([]porting.Number) []porting.Number{
		"one less":       func(all []porting.Number) []porting.Number { return all[1:] },
		"one more":       func(all []porting.Number) []porting.Number { return append(all, porting.Number{TN: "+12065550999"}) },
		"another number": func(all []porting.Number) []porting.Number { all[0].TN = "+12065550999"; return all },
		"another state":  func(all []porting.Number) []porting.Number { all[0].State = porting.Ported; return all },
		"another reason": func(all []porting.Number) []porting.Number { all[1].Reason = porting.OtherReason; return all },
		"none":           func([]porting.Number) []porting.Number { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			if head.has(chunksOf(change(storetest.FullOrder("7").Numbers)), tries) {
				t.Error("the parts do not tell the change")
			}
		})
	}
	if head.has(chunksOf(full.Numbers), tries[1:]) {
		t.Error("the parts do not tell that an attempt is missing")
	}
}
