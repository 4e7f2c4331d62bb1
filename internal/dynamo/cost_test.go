package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"portway/internal/account"
	"portway/internal/dynamo"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/storetest"
)

func sealer() *secret.Sealer { return &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"} }

// items reads the whole table, for the eyes of a test alone.
func items(t *testing.T, name string, client *dynamodb.Client) map[string]map[string]types.AttributeValue {
	t.Helper()
	all := map[string]map[string]types.AttributeValue{}
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &name, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			all[value(i["pk"])+"|"+value(i["sk"])] = i
		}
	}
	return all
}

func value(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	}
	return ""
}

func TestCalls(t *testing.T) {
	t.Parallel()
	var calls dynamo.Calls
	name, client := table(t, calls.Option)
	keys := &dynamotest.Keys{}
	store := dynamo.New(client, name, &secret.Sealer{Keys: keys, KeyID: "test"})
	book := storetest.Book(t, store)
	if err := store.OpenAccount(t.Context(), account.Account{ID: "a", Kind: account.Live, Balance: 10_000}); err != nil {
		t.Fatal(err)
	}
	var o porting.Order
	expect := func(what string, want map[string]int, dataKeys int, do func() error) {
		t.Helper()
		calls.Reset()
		before := keys.Made
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := calls.Count(); !maps.Equal(got, want) {
			t.Errorf("%s calls %v, want %v", what, got, want)
		}
		if got := keys.Made - before; got != dataKeys {
			t.Errorf("%s makes %d data keys, want %d", what, got, dataKeys)
		}
		t.Logf("%-22s %5.1f units %v", what, calls.Units(), calls.Count())
	}
	write, read := map[string]int{"TransactWriteItems": 1}, map[string]int{"Query": 1}
	step := map[string]int{"Query": 1, "TransactWriteItems": 1}
	expect("create", write, 1, func() error {
		_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 2)...))
		if err == nil {
			o = made[0]
		}
		return err
	})
	do := func(cmd porting.Command) func() error {
		return func() error { _, err := book.Do(t.Context(), o.ID, cmd); return err }
	}
	expect("sign", step, 0, do(storetest.Sign()))
	expect("pass", step, 0, do(porting.Pass{By: storetest.System}))
	expect("plan", step, 0, do(porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskCSR, PON: "C1"}}))
	expect("take the record", step, 1, do(porting.TakeRecord{By: storetest.System, PON: "C1", State: porting.AnswerReady,
		Record: porting.Record{AccountNumber: porting.NewSecret(storetest.SecretAccount)}}))
	expect("check", step, 0, do(porting.Check{By: storetest.System, Found: []porting.Message{porting.Words("Waiting.")}}))
	expect("load", read, 0, func() error { _, err := store.Load(t.Context(), o.ID); return err })
	expect("view", map[string]int{"Query": 2}, 0, func() error { _, _, err := store.View(t.Context(), o.ID, 100); return err })
	// However long the history is, no more of it is read than is wanted.
	for _, read := range []struct {
		what string
		do   func() error
	}{
		{"its latest comments", func() error { _, _, err := store.View(t.Context(), o.ID, 5); return err }},
		{"a page of history", func() error { _, _, err := store.History(t.Context(), o.ID, 0, 5); return err }},
		{"a page of the feed", func() error { _, _, err := store.Feed(t.Context(), "a", "", 5); return err }},
	} {
		units := func() float64 {
			calls.Reset()
			if err := read.do(); err != nil {
				t.Fatal(err)
			}
			return calls.Units()
		}
		talk := func() {
			for range 15 {
				if err := do(porting.Comment{By: storetest.Customer, Text: strings.Repeat("x", 1500)})(); err != nil {
					t.Fatal(err)
				}
			}
		}
		talk()
		few := units()
		if talk(); units() > few+0.5 {
			t.Errorf("%s takes %.1f units of 15 comments, and %.1f of 30", read.what, few, units())
		}
	}
	expect("list", read, 0, func() error { _, err := store.List(t.Context(), "a", orders.Filter{}); return err })
	expect("due", map[string]int{"Query": 4}, 0, func() error { _, err := store.Due(t.Context(), "clock", storetest.Now, 10); return err })
}

// What a status change writes does not grow with the order's numbers, and nothing in the table shows a secret.
func TestTable(t *testing.T) {
	t.Parallel()
	name, client := table(t)
	store := dynamo.New(client, name, sealer())
	book := storetest.Book(t, store)
	if err := store.OpenAccount(t.Context(), account.Account{ID: "a", Kind: account.Live, Balance: 10_000_000}); err != nil {
		t.Fatal(err)
	}
	_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 3000)...))
	if err != nil {
		t.Fatal(err)
	}
	before := items(t, name, client)
	o, err := book.Do(t.Context(), made[0].ID, storetest.Sign())
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	after := items(t, name, client)
	for k, i := range after {
		if fmt.Sprint(flat(i)) != fmt.Sprint(flat(before[k])) {
			changed = append(changed, k)
		}
	}
	if len(changed) != 3 { // head, event, driver's due date
		t.Errorf("a signature writes %v", changed)
	}
	if _, ok := after["O#"+string(o.ID)+"|DUE#clock"]; ok {
		t.Error("the clock's due date is left")
	}
	for k, i := range after {
		for _, canary := range []string{storetest.SecretAccount, storetest.SecretPIN, "\"" + storetest.SecretSSN + "\""} {
			if strings.Contains(flat(i), canary) {
				t.Errorf("%s shows %s", k, canary)
			}
		}
	}
	if n := len(flat(after["O#"+string(o.ID)+"|ORDER"])); n > 4000 {
		t.Errorf("the head has %d bytes", n)
	}
}

// flat is an item as text with its attributes sorted.
func flat(i map[string]types.AttributeValue) string {
	var show func(v types.AttributeValue) string
	show = func(v types.AttributeValue) string {
		switch v := v.(type) {
		case *types.AttributeValueMemberM:
			return flat(v.Value)
		case *types.AttributeValueMemberL:
			var all []string
			for _, x := range v.Value {
				all = append(all, show(x))
			}
			return fmt.Sprint(all)
		case *types.AttributeValueMemberSS:
			return fmt.Sprint(v.Value)
		case *types.AttributeValueMemberBOOL:
			return fmt.Sprint(v.Value)
		}
		return fmt.Sprintf("%q", value(v))
	}
	all := map[string]string{}
	for k, v := range i {
		all[k] = show(v)
	}
	return fmt.Sprint(all)
}

var errCrash = errors.New("crash")

// crash ends a client after so many calls, as if its process had ended then: the last call may have been carried out.
type crash struct {
	calls int  // that go through
	lost  bool // the last of them is carried out, but its answer is lost
	made  int
}

func (c *crash) option(o *dynamodb.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Crash",
			func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				if c.made++; c.made > c.calls {
					return middleware.InitializeOutput{}, middleware.Metadata{}, errCrash
				}
				out, md, err := next.HandleInitialize(ctx, in)
				if c.made == c.calls && c.lost && err == nil {
					return middleware.InitializeOutput{}, md, errCrash
				}
				return out, md, err
			}), middleware.After)
	})
}

// A creator that ends after any of its calls leaves either all of the orders or, after Undo, nothing: no order, no held
// number, no due date.
func TestCrashInALargeCreate(t *testing.T) {
	t.Parallel()
	const numbers = 320
	for _, lost := range []bool{false, true} {
		for n, over := 0, false; !over; n++ {
			t.Run(fmt.Sprintf("after call %d, answer lost %v", n, lost), func(t *testing.T) {
				c := &crash{calls: n, lost: lost}
				name, creator := table(t, c.option)
				draft := storetest.Draft("a", storetest.Numbers(0, numbers)...)
				draft.Lines[5].Carrier.SPID = "5678" // two orders
				_, _, err := storetest.Book(t, dynamo.New(creator, name, sealer())).Create(t.Context(), draft)
				if over = err == nil && !lost || c.made < n; over {
					return // it came to its end before the crash
				}
				if err == nil {
					t.Fatal("no error")
				}

				client := dynamodb.NewFromConfig(engineConfig())
				store := dynamo.New(client, name, sealer())
				sweep(t, store)
				sweep(t, store)
				made, err := store.List(t.Context(), "a", orders.Filter{})
				if err != nil {
					t.Fatal(err)
				}
				switch len(made) {
				case 2: // the crash came after the last transaction
					for _, o := range made {
						if o, err := store.Load(t.Context(), o.ID); err != nil || len(o.Numbers) != 1 && len(o.Numbers) != numbers-1 {
							t.Errorf("order %s has %d numbers (%v)", o.ID, len(o.Numbers), err)
						}
					}
					if _, _, err := storetest.Book(t, store).Create(t.Context(), draft); !porting.Is(err, porting.Taken) {
						t.Errorf("error %v, want Taken", err)
					}
				case 0:
					for k, i := range items(t, name, client) {
						if !strings.HasPrefix(k, "TN#") || i["holder"] != nil {
							t.Errorf("%s is left", k)
						}
					}
					if _, _, err := storetest.Book(t, store).Create(t.Context(), draft); err != nil {
						t.Errorf("the numbers are held: %v", err)
					}
				default:
					t.Errorf("%d orders, want two or none", len(made))
				}
			})
			if t.Failed() {
				return
			}
		}
	}
}

// sweep undoes the intakes that are due.
func sweep(t *testing.T, store *dynamo.Store) {
	t.Helper()
	book := storetest.Book(t, store).At(storetest.Now.Add(time.Hour))
	_, err := book.Sweep(t.Context(), orders.DueIntake, 0, func(ctx context.Context, _ *orders.Book, d orders.Due) error {
		return store.Undo(ctx, d)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A keyed create that ends half-way keeps its numbers from nobody once its key is taken again, and what is left of the first
// try, should it wake up, does no harm.
func TestCrashInAKeyedCreate(t *testing.T) {
	t.Parallel()
	name, creator := table(t, (&crash{calls: 9}).option)
	draft := storetest.Draft("a", storetest.Numbers(0, 320)...)
	first := dynamo.New(creator, name, sealer())
	receipt := orders.Receipt{Account: "a", Key: "k", Print: "p", Group: "4503599627370497",
		Lease: storetest.Now.Add(time.Minute), Expires: storetest.Now.Add(24 * time.Hour)}
	keyed := func(store *dynamo.Store, at time.Time) error {
		r := receipt
		r.Lease = at.Add(time.Minute)
		r, mine, err := store.Begin(t.Context(), r, at)
		if err != nil || !mine {
			return fmt.Errorf("the key is %+v: %w", r, err)
		}
		d := draft
		d.Group = r.Group
		book := storetest.Book(t, store)
		p, err := book.PlanGroup(d)
		if err != nil {
			return err
		}
		r.Answer = orders.Answer{Status: 201, Body: "made"}
		return book.Open(t.Context(), p, &r)
	}
	if err := keyed(first, storetest.Now); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	store := dynamo.New(dynamodb.NewFromConfig(engineConfig()), name, sealer())
	if _, _, err := storetest.Book(t, store).Create(t.Context(), draft); !porting.Is(err, porting.Taken) {
		t.Fatalf("error %v: the crash came too early to prove anything", err)
	}
	if err := keyed(store, storetest.Now.Add(30*time.Second)); err == nil {
		t.Error("the key was taken while its lease ran")
	}
	if err := keyed(store, storetest.Now.Add(time.Minute)); err != nil {
		t.Errorf("the second try: %v", err)
	}
	made, err := store.List(t.Context(), "a", orders.Filter{})
	if err != nil || len(made) != 1 {
		t.Errorf("%d orders (%v)", len(made), err)
	}
}

// An undo that ends half-way is taken up again.
func TestCrashInAnUndo(t *testing.T) {
	t.Parallel()
	for n, over := 1, false; !over; n++ {
		name, creator := table(t, (&crash{calls: 6}).option)
		draft := storetest.Draft("a", storetest.Numbers(0, 320)...)
		if _, _, err := storetest.Book(t, dynamo.New(creator, name, sealer())).Create(t.Context(), draft); err == nil {
			t.Fatal("no error")
		}
		client := dynamodb.NewFromConfig(engineConfig())
		store := dynamo.New(client, name, sealer())
		due, err := store.Due(t.Context(), orders.DueIntake, storetest.Now.Add(time.Hour), 1)
		if err != nil || len(due) != 1 {
			t.Fatalf("%d intakes (%v), want one", len(due), err)
		}
		undoer := dynamo.New(dynamodb.NewFromConfig(engineConfig(), (&crash{calls: n, lost: n%2 == 0}).option), name, sealer())
		over = undoer.Undo(t.Context(), due[0]) == nil
		if err := store.Undo(t.Context(), due[0]); err != nil {
			t.Fatal(err)
		}
		if left := items(t, name, client); len(left) > 0 {
			for k, i := range left {
				if !strings.HasPrefix(k, "TN#") || i["holder"] != nil {
					t.Errorf("after %d calls %s is left", n, k)
				}
			}
		}
	}
}

// A creator that is undone while it still runs makes no order and holds no number.
func TestUndoUnderTheCreator(t *testing.T) {
	t.Parallel()
	for at := 3; at <= 8; at++ {
		var store *dynamo.Store
		undo := &meanwhile{at: at, do: func() { sweep(t, store) }}
		name, creator := table(t, undo.option)
		client := dynamodb.NewFromConfig(engineConfig())
		store = dynamo.New(client, name, sealer())
		book := storetest.Book(t, dynamo.New(creator, name, sealer()))
		// Create tries again with other ids.
		_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 320)...))
		if err != nil {
			t.Fatalf("undone before call %d: %v", at, err)
		}
		sweep(t, store)
		for k, i := range items(t, name, client) {
			if strings.HasPrefix(k, "TN#") && value(i["holder"]) != string(made[0].ID) {
				t.Errorf("%s is held by %q, want %s", k, value(i["holder"]), made[0].ID)
			}
			if strings.HasPrefix(k, "O#") && !strings.HasPrefix(k, "O#"+string(made[0].ID)) {
				t.Errorf("%s is left", k)
			}
		}
	}
}

// meanwhile does something before a client's call.
type meanwhile struct {
	at, made int
	do       func()
}

func (m *meanwhile) option(o *dynamodb.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Meanwhile",
			func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				if m.made++; m.made == m.at {
					m.do()
				}
				return next.HandleInitialize(ctx, in)
			}), middleware.After)
	})
}
