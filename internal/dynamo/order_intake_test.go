package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"portway/internal/dynamo"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var errCrash = errors.New("crash")

// crash ends a client after so many calls, as if its process had died. The last call may have been carried out.
type crash struct {
	calls int  // that go through
	lost  bool // the last of them is carried out, but its answer is lost
	made  int
}

func (c *crash) option(o *dynamodb.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Crash",
			func(ctx context.Context, in middleware.InitializeInput,
				next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
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

// A process that dies after any call of a large create leaves all of the orders or, after Undo, nothing: no order, no
// held number, no due date.
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
						if o, err := store.Load(t.Context(), o.ID); err != nil || len(o.Numbers) != 1 &&
							len(o.Numbers) != numbers-1 {
							t.Errorf("order %s has %d numbers (%v)", o.ID, len(o.Numbers), err)
						}
					}
					if _, _, err := storetest.Book(t, store).Create(t.Context(), draft); !porting.Is(err,
						porting.Taken) {
						t.Errorf("error %v, want Taken", err)
					}
				case 0:
					for k, i := range items(t, name, client) {
						if !strings.HasPrefix(k, "TN#") && !strings.HasSuffix(k, "|UNSIGNED") || i["holder"] != nil {
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

// A process that dies after any call of a large signature leaves the order signed with all its numbers or, after Undo,
// pending as it was; meanwhile another signature of the order goes on with the work.
func TestCrashInALargeSignature(t *testing.T) {
	t.Parallel()
	const numbers = 210
	tns := storetest.Numbers(0, numbers)
	for _, lost := range []bool{false, true} {
		for n, over := 0, false; !over; n++ {
			for _, again := range []bool{false, true} {
				t.Run(fmt.Sprintf("after call %d, answer lost %v, signed again %v", n, lost, again), func(t *testing.T) {
					name, client := table(t)
					store := dynamo.New(client, name, sealer())
					_, made, err := storetest.Book(t, store).Create(t.Context(), storetest.Draft("a", tns...))
					if err != nil {
						t.Fatal(err)
					}
					id := made[0].ID
					c := &crash{calls: n, lost: lost}
					signer := dynamo.New(dynamodb.NewFromConfig(engineConfig(), c.option), name, sealer())
					_, err = storetest.Book(t, signer).Do(t.Context(), id, storetest.Sign())
					if over = err == nil && !lost || c.made < n; over {
						return // it came to its end before the crash
					}
					if err == nil {
						t.Fatal("no error")
					}
					if again {
						_, err := storetest.Book(t, store).Do(t.Context(), id, storetest.Sign())
						if err != nil && !porting.Is(err, porting.WrongStatus) {
							t.Fatal(err)
						}
					}
					sweep(t, store)
					sweep(t, store)
					o, err := store.Load(t.Context(), id)
					if err != nil || again && o.Status != porting.Processing {
						t.Fatalf("the order is %s (%v)", o.Status, err)
					}
					if err := store.Release(t.Context(), o); err != nil {
						t.Fatal(err)
					}
					want := map[string]bool{}
					for _, hold := range o.Holds() {
						want["TN#"+hold+"|CLAIM"] = true
					}
					for k, i := range items(t, name, client) {
						if strings.HasPrefix(k, "TN#") && want[k] != (i["holder"] != nil) || strings.HasSuffix(k, "|HOLDING") {
							t.Errorf("the order is %s, and there is %s, held %v", o.Status, k, i["holder"] != nil)
						}
					}
				})
				if t.Failed() {
					return
				}
			}
		}
	}
}

// sweep undoes the intakes that are due.
func sweep(t *testing.T, store *dynamo.Store) {
	t.Helper()
	book := storetest.Book(t, store).At(storetest.Now.Add(time.Hour))
	_, err := book.Sweep(t.Context(), orders.DueIntake, 0,
		func(ctx context.Context, _ *orders.Book, d orders.Due) error {
			return store.Undo(ctx, d)
		})
	if err != nil {
		t.Fatal(err)
	}
}

// A large create with an idempotency key that ended half-way holds no numbers once its key is taken again. If its
// process goes on then, it does no harm.
func TestCrashInAKeyedCreate(t *testing.T) {
	t.Parallel()
	name, creator := table(t, (&crash{calls: 14}).option)
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

// An undo that ended half-way is finished by another one.
func TestCrashInAnUndo(t *testing.T) {
	t.Parallel()
	for n, over := 1, false; !over; n++ {
		name, creator := table(t, (&crash{calls: 11}).option)
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
		undoer := dynamo.New(dynamodb.NewFromConfig(engineConfig(), (&crash{calls: n, lost: n%2 == 0}).option), name,
			sealer())
		over = undoer.Undo(t.Context(), due[0]) == nil
		if err := store.Undo(t.Context(), due[0]); err != nil {
			t.Fatal(err)
		}
		if left := items(t, name, client); len(left) > 0 {
			for k, i := range left {
				if !strings.HasPrefix(k, "TN#") && !strings.HasSuffix(k, "|UNSIGNED") || i["holder"] != nil {
					t.Errorf("after %d calls %s is left", n, k)
				}
			}
		}
	}
}

// A large create that is undone while it runs makes no order and holds no number.
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

// meanwhile does something before a call of a client.
type meanwhile struct {
	at, made int
	do       func()
}

func (m *meanwhile) option(o *dynamodb.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Meanwhile",
			func(ctx context.Context, in middleware.InitializeInput,
				next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				if m.made++; m.made == m.at {
					m.do()
				}
				return next.HandleInitialize(ctx, in)
			}), middleware.After)
	})
}

// A create call died half-way, and undoing it failed for a day, so that it is parked. It holds its numbers for no order
// until it is tried again, which needs nobody.
func TestParkedIntakeIsUndone(t *testing.T) {
	t.Parallel()
	name, creator := table(t, (&crash{calls: 14}).option)
	draft := storetest.Draft("a", storetest.Numbers(0, 320)...)
	if _, _, err := storetest.Book(t, dynamo.New(creator, name, sealer())).Create(t.Context(), draft); err == nil {
		t.Fatal("no error")
	}
	store := dynamo.New(dynamodb.NewFromConfig(engineConfig()), name, sealer())
	book := storetest.Book(t, store)
	now := storetest.Now
	book.Now = func() time.Time { return now }
	broken := true
	for end := now.Add(40 * time.Hour); now.Before(end); now = now.Add(20 * time.Minute) {
		if _, err := book.SweepParked(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := book.Sweep(t.Context(), orders.DueIntake, 0, func(ctx context.Context, b *orders.Book, d orders.Due) error {
			if broken {
				return errors.New("throttled")
			}
			return b.Store.Undo(ctx, d)
		})
		if err != nil {
			t.Fatal(err)
		}
		parked, err := book.ParkedWork(t.Context(), orders.Parked{Kind: orders.DueIntake})
		if err != nil {
			t.Fatal(err)
		}
		if len(parked) > 0 && broken {
			if err := store.Held(t.Context(), []string{"a/" + storetest.Numbers(0, 1)[0]}); !porting.Is(err, porting.Taken) {
				t.Fatalf("the numbers are not held: %v", err)
			}
			broken = false
		}
	}
	if broken {
		t.Error("it was never parked")
	}
	for k, i := range items(t, name, dynamodb.NewFromConfig(engineConfig())) {
		if !strings.HasPrefix(k, "TN#") && !strings.HasSuffix(k, "|UNSIGNED") || i["holder"] != nil {
			t.Errorf("%s is left", k)
		}
	}
}
