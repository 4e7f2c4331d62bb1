package dynamo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/desk"
	"portway/internal/dynamo"
	"portway/internal/dynamo/deskrows"
	"portway/internal/dynamo/mailrecord"
	"portway/internal/dynamo/searchrows"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// words lists the texts in a value. Secrets are texts too.
func words(v reflect.Value, found map[string]bool) {
	if s, ok := v.Interface().(porting.Secret); ok {
		found[s.Reveal()+s.Sealed()] = true
		return
	}
	switch v.Kind() {
	case reflect.String:
		found[v.String()] = true
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				words(v.Field(i), found)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			words(v.Index(i), found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			words(key, found)
			words(v.MapIndex(key), found)
		}
	}
}

// No item of the table, and none of its indexes, has a text that erasing takes from an order, its events or its mails. What
// stays can be read, and erasing again changes nothing more.
func TestErase(t *testing.T) {
	name, client := table(t)
	store := dynamo.New(client, name, sealer())
	o := storetest.FullOrder("9000000000000001")
	o.Status, o.Withdrawing, o.Version, o.Desk = porting.Completed, false, 1, porting.Message{}
	e := storetest.FullEvent(o)
	e.Effects, e.Charge, e.Refund = nil, 0, 0
	e.Message = porting.Words("The letter of Augusta Ada King is torn.")
	kept := storetest.FullMail(o)
	if err := store.Commit(t.Context(), orders.Change{After: o, Events: []porting.Event{e}}, storetest.Now); err != nil {
		t.Fatal(err)
	}
	if err := store.KeepMail(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	records := mailrecord.New(client, name)
	if _, err := records.Lease(t.Context(), mail.OrderKey(o.ID, 1), mail.Outline{To: "a…@lovelace.example", Subject: "Ada's numbers"},
		storetest.Now, time.Minute); err != nil {
		t.Fatal(err)
	}
	desks := deskrows.New(client, name)
	if err := desks.SetMark(t.Context(), desk.Mark{Order: o.ID, Later: storetest.Now, LaterWhy: "Ada is away.", Version: 1}); err != nil {
		t.Fatal(err)
	}
	if err := desks.AddNote(t.Context(), desk.Note{Order: o.ID, At: storetest.Now, By: "AB", Text: "Ada has called."}); err != nil {
		t.Fatal(err)
	}
	live := o
	live.Sandbox = false // whose orders have no words
	rows := searchrows.New(client, name, func(context.Context) ([]byte, error) { return []byte("key"), nil })
	if err := rows.Keep(t.Context(), live); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{o.Details.BillingName, o.Details.LOAEmail, o.Attempts[0].Ref} {
		if found, err := rows.Found(t.Context(), porting.SearchWord(text), 5); err != nil || !slices.Equal(found, []porting.OrderID{o.ID}) {
			t.Fatalf("by %q %v is found, %v", text, found, err)
		}
	}
	before, err := store.Load(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	dump := func() string {
		raw, err := json.Marshal(items(t, name, client))
		if err != nil {
			t.Fatal(err)
		}
		all := string(raw)
		for _, index := range []string{"list", "feed"} {
			out, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &name, IndexName: aws.String(index)})
			if err != nil {
				t.Fatal(err)
			}
			raw, err := json.Marshal(out.Items)
			if err != nil {
				t.Fatal(err)
			}
			all += string(raw)
		}
		return all
	}
	full := dump()

	if was, err := store.Erase(t.Context(), o.ID); err != nil || was.Version != 1 {
		t.Fatalf("%+v, %v", was.Version, err)
	}
	after, err := store.Load(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	gone, stays := map[string]bool{}, map[string]bool{}
	words(reflect.ValueOf(before), gone)
	words(reflect.ValueOf(e), gone)
	words(reflect.ValueOf(kept), gone)
	words(reflect.ValueOf(after), stays)
	tells, _, err := store.History(t.Context(), o.ID, 0, 10)
	if err != nil || len(tells) != 1 || tells[0].Kind != e.Kind {
		t.Fatalf("the history is %+v, %v", tells, err)
	}
	words(reflect.ValueOf(tells), stays)
	erased, searched := dump(), 0
	for text := range gone {
		value := `"Value":"` + text + `"`
		if stays[text] || !strings.Contains(full, value) {
			continue
		}
		searched++
		if strings.Contains(erased, value) {
			t.Errorf("%q is still in the table", text)
		}
	}
	if searched < 30 {
		t.Errorf("only %d texts were searched", searched)
	}
	for _, text := range []string{"Augusta", "ADA LOVELACE", "sealed ", "ops@example.com", "Dear customer", "Ada is away.", "Ada has called.", "a…@lovelace.example", "Ada's numbers"} {
		if !strings.Contains(full, text) || strings.Contains(erased, text) {
			t.Errorf("%q was in the table: %v; it still is: %v", text, strings.Contains(full, text), strings.Contains(erased, text))
		}
	}
	if strings.Contains(erased, "FIND#") || strings.Contains(erased, "find#") || !strings.Contains(full, "find#") {
		t.Error("the order is still found by its words, or never was")
	}
	if _, err := store.Erase(t.Context(), o.ID); err != nil {
		t.Errorf("erasing again: %v", err)
	}
	if again := dump(); strings.ReplaceAll(again, `"3"`, `"2"`) != strings.ReplaceAll(erased, `"3"`, `"2"`) {
		t.Errorf("erasing again changes more than the version")
	}
}

// Nothing is erased of an order that goes on, or whose customer is still to be told something.
func TestEraseWaits(t *testing.T) {
	name, client := table(t)
	store := dynamo.New(client, name, sealer())
	for n, c := range []struct {
		status  porting.Status
		effects []porting.Effect
	}{{porting.Submitted, nil}, {porting.Completed, []porting.Effect{porting.SendMail}}} {
		o := storetest.FullOrder(porting.OrderID(fmt.Sprint(9000000000000001 + n)))
		o.Status, o.Withdrawing, o.Version, o.OwnOnly, o.Desk = c.status, false, 1, false, porting.Message{}
		o.Numbers = []porting.Number{{TN: fmt.Sprintf("+1206555020%d", n)}}
		e := storetest.FullEvent(o)
		e.Effects, e.Charge, e.Refund = c.effects, 0, 0
		if err := store.Commit(t.Context(), orders.Change{After: o, Events: []porting.Event{e}}, storetest.Now); err != nil {
			t.Fatal(err)
		}
		before := items(t, name, client)
		if _, err := store.Erase(t.Context(), o.ID); !porting.Is(err, porting.WrongStatus) {
			t.Errorf("%s with the effects %v: %v", c.status, c.effects, err)
		}
		if after := items(t, name, client); !reflect.DeepEqual(keysOf(before), keysOf(after)) {
			t.Errorf("%s with the effects %v: items were changed", c.status, c.effects)
		}
	}
}

// keysOf prints items, whose values have no comparison of their own.
func keysOf(all map[string]map[string]types.AttributeValue) string {
	raw, _ := json.Marshal(all) // attribute values can always be written
	return string(raw)
}
