package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// valuesCases compare what a store gives back with what it was given, never with what it gave back before: a field that
// is kept nowhere is missing from both of those.
var valuesCases = []testCase{
	{"an order comes back as it was given", orderKept},
	{"each field of an order changes by itself", everyChangeKept},
	{"an order without anything comes back so", bareOrderKept},
	{"an event comes back as it was given", eventKept},
	{"a receipt comes back as it was given", receiptKept},
	{"a kept mail comes back as it was given", mailKept},
	{"an account, its keys and its ledger come back as they were given", accountKept},
	{"a preset comes back as it was given", presetKept},
	{"an endpoint comes back as it was given", endpointKept},
	{"a delivery comes back as it was given", deliveryKept},
	{"a score comes back as it was counted", scoreKept},
	{"a due date comes back as it was given", dueKept},
}

// exactly compares every field. Secrets are alike in ciphertext and text.
var exactly = cmp.Options{
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b porting.Secret) bool { return a.Sealed() == b.Sealed() && a.Reveal() == b.Reveal() }),
	cmpopts.EquateEmpty(),
}

// kept compares what was given with what a store gives back.
func (s suite) kept(what string, given, got any, err error) {
	s.Helper()
	if diff := cmp.Diff(given, got, exactly); err != nil || diff != "" {
		s.Errorf("%s: %v, given (-), read (+):\n%s", what, err, diff)
	}
}

// whole fails for each field that a test gives to a store unset: a store that loses it would pass.
func (s suite) whole(given any, except ...string) {
	s.Helper()
	for _, path := range Unset(given) {
		if !slices.Contains(except, path) {
			s.Errorf("full.go: nothing is given for %s, so that a store that loses it would pass", path)
		}
	}
}

const fullID porting.OrderID = "9007199254740001"

// fullOrder gives the store a FullOrder with a FullEvent, and the account that the event charges.
func (s suite) fullOrder() (porting.Order, porting.Event) {
	s.Helper()
	o := FullOrder(fullID)
	e := FullEvent(o)
	s.must(s.store.OpenAccount(s.Context(), FullAccount()))
	s.must(s.store.Open(s.Context(), FullGroup(fullID), []orders.Change{{After: o, Events: []porting.Event{e}}},
		Now.Add(2*time.Minute)))
	return o, e
}

// inLists returns as much of an order as lists show.
func inLists(o porting.Order) porting.Order {
	l := porting.Order{ID: o.ID, Group: o.Group, Account: o.Account, Status: o.Status, StatusAt: o.StatusAt,
		Created: o.Created, Updated: o.Updated, Kind: o.Kind, Carrier: o.Carrier}
	l.FOC, l.Details.Alias, l.Details.Desired = o.FOC, o.Details.Alias, o.Details.Desired
	if len(o.Numbers) > 0 {
		l.Numbers = []porting.Number{{TN: o.Numbers[0].TN}}
	}
	return l
}

func orderKept(s suite) {
	o, _ := s.fullOrder()
	s.whole(o)
	s.whole(FullGroup(fullID))
	got, err := s.store.Load(s.Context(), o.ID)
	s.kept("loaded", o, got, err)
	got, _, err = s.store.View(s.Context(), o.ID, 0)
	s.kept("viewed", o, got, err)
	g, heads, err := s.store.Group(s.Context(), o.Group)
	s.kept("its group", FullGroup(fullID), g, err)
	head := o
	head.Numbers, head.Attempts = nil, nil
	s.kept("in its group", []porting.Order{head}, heads, err)
	list, err := s.store.List(s.Context(), o.Account, orders.Filter{})
	s.kept("in a list", []porting.Order{inLists(o)}, list, err)
}

// everyChangeKept changes one value of an order at a time, so that a store that writes only what differs looks at all
// of it.
func everyChangeKept(s suite) {
	before, _ := s.fullOrder()
	// No command changes the owner of an order, and a document's id is its place.
	fixed := []string{"Order.ID", "Order.Group", "Order.Account", "Order.Sandbox", "Order.Version",
		"Order.Documents[].ID"}
	tried := map[string]bool{}
	for n := 0; ; n++ {
		after := FullOrder(fullID)
		path, ok := vary(&after, n)
		if !ok {
			break
		}
		if tried[path] = true; slices.Contains(fixed, path) {
			continue
		}
		after.Version = before.Version + 1
		s.must(s.store.Commit(s.Context(), orders.Change{Before: before, After: after}, Now))
		got, err := s.store.Load(s.Context(), fullID)
		s.kept(path, after, got, err)
		before = after
	}
	for _, path := range fixed {
		if !tried[path] {
			s.Errorf("there is no %s any more", path)
		}
	}
}

// vary changes the n-th of the values of an order that are not zero, and returns its path.
func vary(o *porting.Order, n int) (path string, ok bool) {
	var walk func(at string, v reflect.Value) bool
	walk = func(at string, v reflect.Value) bool {
		switch kind := v.Kind(); {
		case v.IsZero():
			return false
		case isRecord(v.Type()):
			for i := range v.NumField() {
				name := at
				if field := v.Type().Field(i); !field.Anonymous {
					name += "." + field.Name
				}
				if walk(name, v.Field(i)) {
					return true
				}
			}
			return false
		case kind == reflect.Slice:
			for i := range v.Len() {
				if walk(at+"[]", v.Index(i)) {
					return true
				}
			}
			return false
		}
		if n--; n >= 0 {
			return false
		}
		path = at
		change(v)
		return true
	}
	ok = walk("Order", reflect.ValueOf(o).Elem())
	return path, ok
}

// change gives v another value.
func change(v reflect.Value) {
	switch old := v.Interface().(type) {
	case porting.Message:
		other := porting.Words(old.Text + "'")
		if old.Key != "" {
			other = porting.Say(old.Key+"'", "what", "else").With(append(slices.Clone(old.List), porting.Words("more"))...)
		}
		v.Set(reflect.ValueOf(other))
		return
	case time.Time:
		v.Set(reflect.ValueOf(old.Add(time.Second)))
		return
	case porting.Secret:
		other := porting.SealedSecret(old.Sealed() + "'")
		if old.Sealed() == "" {
			other = porting.NewSecret(old.Reveal() + "'")
		}
		v.Set(reflect.ValueOf(other))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "'")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Map:
		for _, k := range v.MapKeys() { // of all its values at once
			one := reflect.New(v.Type().Elem()).Elem()
			one.Set(v.MapIndex(k))
			change(one)
			v.SetMapIndex(k, one)
		}
	default:
		panic(fmt.Sprintf("a %s can't be changed", v.Type())) // a test's own gap
	}
}

func bareOrderKept(s suite) {
	full, _ := s.fullOrder()
	bare := porting.Order{ID: "1001", Group: "8000000000000002", Account: "plain", Version: 1, Status: porting.Pending,
		Kind: porting.Local}
	g := porting.Group{ID: bare.Group, Account: bare.Account, Created: Now, Orders: []porting.OrderID{bare.ID}}
	s.must(s.store.Open(s.Context(), g, []orders.Change{{After: bare}}, Now))
	got, err := s.store.Load(s.Context(), bare.ID)
	s.kept("opened", bare, got, err)

	// A full order loses everything but its attempts, which no command removes.
	emptied := porting.Order{ID: full.ID, Group: full.Group, Account: full.Account, Sandbox: true,
		Version: full.Version + 1, Status: porting.Pending}
	emptied.Attempts = full.Attempts
	s.must(s.store.Commit(s.Context(), orders.Change{Before: full, After: emptied}, Now))
	got, err = s.store.Load(s.Context(), full.ID)
	s.kept("emptied", emptied, got, err)
}

func eventKept(s suite) {
	o, e := s.fullOrder()
	s.whole(e)
	history, more, err := s.store.History(s.Context(), o.ID, 0, 10)
	s.kept("told", []porting.Event{e}, history, err)
	said, err := s.store.Search(s.Context(), o.ID, orders.Search{Limit: 10})
	s.kept("found", orders.Found{Events: []porting.Event{e}}, said, err)
	d := s.dueOf(orders.DueEvent, o.ID)
	got, err := s.store.Event(s.Context(), d)
	s.kept("due", e, got, err)
	got, err = s.store.EventOf(s.Context(), webhook.Delivery{Order: o.ID, Version: e.Version, N: e.N})
	s.kept("of a delivery", e, got, err)
	placed, later, err := s.store.Feed(s.Context(), o.Account, "", 10)
	s.kept("fed", []orders.Placed{{Event: InFeed(e), Place: orders.PlaceOf(e, Now.Add(2*time.Minute))}}, placed, err)
	if more || later {
		s.Error("there is one event, and more is said to follow")
	}
}

func receiptKept(s suite) {
	r := FullReceipt()
	s.whole(r)
	_, mine, err := s.store.Begin(s.Context(), r, Now)
	if err != nil || !mine {
		s.Fatalf("a new key is not free: %v", err)
	}
	running := r
	running.Answer = orders.Answer{}
	other := r
	other.Print, other.Lease, other.Group, other.Expires = "p", Now.Add(time.Hour), "1", Now.Add(time.Hour)
	got, _, err := s.store.Begin(s.Context(), other, Now)
	s.kept("running", running, got, err)
	s.must(s.store.Finish(s.Context(), r))
	got, _, err = s.store.Begin(s.Context(), other, Now)
	s.kept("answered", r, got, err)
}

func mailKept(s suite) {
	o, _ := s.fullOrder()
	l := FullMail(o)
	s.whole(l)
	s.must(s.store.KeepMail(s.Context(), l))
	got, _, err := s.store.Mails(s.Context(), o.ID, 0, 10)
	s.kept("kept", []orders.Mail{l}, got, err)
}

func accountKept(s suite) {
	a, k := FullAccount(), FullKey()
	s.whole(a)
	s.whole(k)
	s.must(s.store.OpenAccount(s.Context(), a))
	s.must(s.store.AddKey(s.Context(), k))
	s.account("other", 0)
	got, err := s.store.Account(s.Context(), a.ID)
	s.kept("account", a, got, err)
	found, err := s.store.Key(s.Context(), k.Access)
	s.kept("key", k, found, err)
	listed := k
	listed.Hash = [len(k.Hash)]byte{}
	got, keys, err := s.store.Keys(s.Context(), a.ID)
	s.kept("account with its keys", a, got, err)
	s.kept("its keys", []account.Key{listed}, keys, err)

	c := account.Change{Before: a, After: a}
	c.After.Version, c.After.Mail = a.Version+1, "new@example.com"
	c.After.Contacts = []account.Contact{{Purpose: account.Porting, Address: "p@example.com", Since: Now.Add(time.Hour), Blocked: account.Complained,
		BlockedAt: Now.Add(2 * time.Hour)}}
	more := FullKey()
	more.Access, more.Name, more.Created, more.Hash = "Acme0002", "Newer", Now.Add(time.Hour), [32]byte{4}
	k.Expires = Now.Add(3 * time.Hour)
	c.Add, c.Update = []account.Key{more}, []account.Key{k}
	s.must(s.store.Amend(s.Context(), c))
	listed.Expires, more.Hash = k.Expires, listed.Hash
	got, keys, err = s.store.Keys(s.Context(), a.ID)
	s.kept("amended", c.After, got, err)
	s.kept("amended keys", []account.Key{listed, more}, keys, err)
	found, err = s.store.Key(s.Context(), k.Access)
	s.kept("an ended key", k, found, err)

	s.must(s.store.Deposit(s.Context(), a.ID, 500, "wire 7", Now.Add(time.Minute)))
	a.Tariff.Local++
	s.must(s.store.SetTariff(s.Context(), a.ID, a.Tariff))
	got, err = s.store.Account(s.Context(), a.ID)
	s.kept("tariff", a.Tariff, got.Tariff, err)
	s.must(s.store.SetTariff(s.Context(), a.ID, porting.Tariff{}))
	got, err = s.store.Account(s.Context(), a.ID)
	s.kept("no tariff", porting.Tariff{}, got.Tariff, err)
	s.code(s.store.SetTariff(s.Context(), "nobody", a.Tariff), porting.NotFound)
	o := FullOrder(fullID)
	e := FullEvent(o)
	s.must(s.store.Open(s.Context(), FullGroup(fullID), []orders.Change{{After: o, Events: []porting.Event{e}}}, Now))
	back := e
	back.At, back.Refund = Now.Add(2*time.Minute), 40
	for range 2 { // the effect is carried out at least once
		s.must(s.store.Refund(s.Context(), back))
	}
	want := []account.Line{
		{At: back.At, Kind: account.RefundLine, Amount: back.Refund, Order: o.ID, For: back.RefundFor},
		{At: Now.Add(time.Minute), Kind: account.DepositLine, Amount: 500, Reference: "wire 7"},
		{At: e.At, Kind: account.PortFeeLine, Amount: -e.Charge, Order: o.ID, Reference: account.ReferenceOf(e), Change: e.ChargeFor},
	}
	lines := s.lines(a.ID, "", 10)
	for i := range lines {
		if lines[i].Place == "" {
			s.Errorf("line %d has no place", i)
		}
		lines[i].Place = ""
	}
	s.whole(want[0], "Line.Place", "Line.Reference", "Line.Change")
	s.whole(want[1], "Line.Place", "Line.Order", "Line.For", "Line.Change")
	s.whole(want[2], "Line.Place", "Line.Reference", "Line.For")
	s.kept("ledger", want, lines, nil)
	if balance := s.balance(a.ID); balance != a.Balance+500-e.Charge+back.Refund {
		s.Errorf("the balance is %s", balance)
	}
}

func presetKept(s suite) {
	p := FullPreset()
	s.whole(p)
	s.must(s.store.AddPreset(s.Context(), p, nil))
	for _, judged := range []func(*account.Preset){
		func(*account.Preset) {},
		func(p *account.Preset) { p.Rejected = "" },
		func(p *account.Preset) { p.Approved, p.Rejected = time.Time{}, "It is a name of another." },
	} {
		p = FullPreset()
		judged(&p)
		s.must(s.store.JudgePreset(s.Context(), p))
		list, err := s.store.Presets(s.Context(), p.Account, p.Kind, "", 10)
		s.kept("listed", []account.Preset{p}, list, err)
		found, err := s.store.FindPresets(s.Context(), p.Account, []account.Ref{p.Ref})
		s.kept("found", map[account.Ref]account.Preset{p.Ref: p}, found, err)
	}
}

func endpointKept(s suite) {
	e := FullEndpoint()
	s.whole(e)
	s.must(s.store.SaveEndpoint(s.Context(), e, nil))
	got, err := s.store.Endpoint(s.Context(), e.Account, e.ID)
	s.kept("endpoint", e, got, err)
	list, err := s.store.Endpoints(s.Context(), e.Account)
	s.kept("listed", []webhook.Endpoint{e}, list, err)
	due, err := s.store.Due(s.Context(), webhook.DuePause, e.PausedAt, 10)
	if err != nil || len(due) != 1 {
		s.Fatalf("%d due (%v)", len(due), err)
	}
	got, err = s.store.Paused(s.Context(), due[0])
	s.kept("due", e, got, err)
	plain := webhook.Endpoint{ID: e.ID, Account: e.Account, Version: 2}
	s.must(s.store.SaveEndpoint(s.Context(), plain, nil))
	got, err = s.store.Endpoint(s.Context(), e.Account, e.ID)
	s.kept("without anything", plain, got, err)
}

func deliveryKept(s suite) {
	d := FullDelivery()
	s.whole(d)
	made := d
	made.Attempts, made.Next = nil, d.Made
	s.must(s.store.Add(s.Context(), made))
	got, err := s.store.Delivery(s.Context(), made)
	s.kept("made", made, got, err)
	w := s.take(made.Next)
	w.State, w.Next = d.State, d.Next
	s.must(s.store.Settle(s.Context(), w, d.Attempts[0]))
	got, err = s.store.Delivery(s.Context(), d)
	s.kept("tried", d, got, err)
	list, err := s.store.Deliveries(s.Context(), d.Account, d.Endpoint, webhook.Page{Limit: 10})
	s.kept("listed", []webhook.Delivery{d}, list, err)

	work := d
	work.Attempts = nil // its record has them
	lane, err := s.store.Lane(s.Context(), webhook.Work{Delivery: d})
	if err != nil || len(lane) != 1 {
		s.Fatalf("%d in its lane (%v)", len(lane), err)
	}
	due := lane[0].Due
	s.kept("in its lane", webhook.Work{Delivery: work, Due: due}, lane[0], err)
	if due.Kind != webhook.DueDelivery || due.Key == "" || !due.At.Equal(d.Next) || due.Tries != 1 {
		s.Errorf("it is due as %+v", due)
	}
	taken := s.take(d.Next)
	work.Next = taken.Due.At // until when it is taken
	s.kept("taken", webhook.Work{Delivery: work, Due: taken.Due}, taken, err)
}

func scoreKept(s suite) {
	_, e := s.fullOrder()
	s.must(s.store.Count(s.Context(), e))
	down := FullEvent(FullOrder("1001"))
	down.Tally, down.Lesson = porting.Tally{Mark: porting.MarkDown, Peer: e.Tally.Peer}, porting.Lesson{}
	other := FullOrder("1001")
	other.Group = "8000000000000009"
	other.Numbers = nil
	g := FullGroup("1001")
	g.ID = other.Group
	s.must(s.store.Open(s.Context(), g, []orders.Change{{After: other, Events: []porting.Event{down}}}, Now))
	s.must(s.store.Count(s.Context(), down))
	want := porting.Month{Month: "2027-03", Peer: "locals",
		Marks: map[porting.Mark]int{porting.MarkAccepted: 1, porting.MarkDown: 1}, Lead: 5, DownAt: down.At}
	want.Days[2] = 1
	s.whole(want)
	got, err := s.store.Months(s.Context(), porting.ScoreOfPeer("locals"), "2027-01")
	s.kept("months", []porting.Month{want}, got, err)
}

func dueKept(s suite) {
	o, _ := s.fullOrder()
	for _, kind := range porting.DueKinds() {
		of := orders.KindOf(orders.DueKind(kind), o.Owner())
		d := s.dueOf(of, o.ID)
		want := orders.Due{Kind: of, Key: d.Key, Order: o.ID, At: o.Due[kind]}
		s.kept(string(kind), want, d, nil)
		if d.Key == "" {
			s.Errorf("%s has no key", kind)
		}
		s.must(s.store.Fail(s.Context(), d, Now.Add(48*time.Hour)))
		d = s.dueOf(of, o.ID)
		d, _, err := s.store.Lease(s.Context(), d, Now.Add(49*time.Hour))
		want.At, want.Tries = Now.Add(49*time.Hour), 1
		s.whole(want, "Due.Of")
		s.kept(string(kind)+" after a failure", want, d, err)
		why := "It broke: " + string(kind)
		s.must(s.store.Park(s.Context(), d, why, Now.Add(50*time.Hour), Now.Add(51*time.Hour)))
		parked := s.due(orders.DueParked, Now.Add(51*time.Hour))
		parked = slices.DeleteFunc(parked, func(p orders.Due) bool { return p.Key != d.Key })
		s.kept(string(kind)+" parked", []orders.Due{{Kind: orders.DueParked, Of: of, Key: d.Key, Order: o.ID,
			At: Now.Add(51 * time.Hour)}}, parked, nil)
		queued := orders.Queued{Kind: of, Why: porting.Words(why), Since: Now.Add(50 * time.Hour), Tries: 2}
		s.whole(queued)
		got, err := s.store.Queued(s.Context(), parked[0])
		s.kept(string(kind)+" in the queue", queued, got, err)
	}
}
