package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

var webhooksCases = []testCase{
	{"an endpoint comes back as it was written", endpointWhole},
	{"an endpoint is written by who has read it", endpointStale},
	{"an endpoint is written with the receipt of its request, or not at all", endpointOnce},
	{"a row of failures is known by its first", ailing},
	{"a pause falls due until it is told", pausing},
	{"a delivery is made once, and is due until it is done", deliveryLife},
	{"work is taken by one", takenOnce},
	{"the work of one order is a lane", lane},
	{"a delivery is made again", again},
	{"deliveries are listed by the time of their events", deliveryPages},
	{"the event of a delivery", eventOfDelivery},
}

func someEndpoint() webhook.Endpoint {
	return webhook.Endpoint{ID: "weaaaa", Account: "hooked", URL: "https://hooks.example.com/?key=1",
		Description: "Billing", Types: []string{"portorder.comment"},
		Secrets: []webhook.Signing{{Secret: porting.SealedSecret("c1")},
			{Secret: porting.SealedSecret("c2"), Until: Now.Add(time.Hour)}},
		Created: Now, Version: 1}
}

func endpointWhole(s suite) {
	e := someEndpoint()
	s.must(s.store.SaveEndpoint(s.Context(), e, nil))
	e.Paused, e.Why, e.PausedAt, e.FailingSince, e.Version = true, "Dead.", Now.Add(time.Minute), Now, 2
	s.must(s.store.SaveEndpoint(s.Context(), e, nil))
	own := webhook.Endpoint{ID: webhook.StatusURL, Account: "hooked", Created: Now, Version: 1}
	s.must(s.store.SaveEndpoint(s.Context(), own, nil))
	same := cmp.Comparer(func(a, b porting.Secret) bool { return a.Sealed() == b.Sealed() })
	got, err := s.store.Endpoint(s.Context(), "hooked", e.ID)
	if diff := cmp.Diff(e, got, same); err != nil || diff != "" {
		s.Errorf("%v, written (-), read (+):\n%s", err, diff)
	}
	all, err := s.store.Endpoints(s.Context(), "hooked")
	if err != nil || len(all) != 2 {
		s.Errorf("%d endpoints (%v)", len(all), err)
	}
	for _, account := range []porting.AccountID{"hooke", "hooked2", "other"} {
		if all, err := s.store.Endpoints(s.Context(), account); err != nil || len(all) != 0 {
			s.Errorf("%s has %d endpoints (%v)", account, len(all), err)
		}
		if _, err := s.store.Endpoint(s.Context(), account, e.ID); !porting.Is(err, porting.NotFound) {
			s.Errorf("%s reads it: %v", account, err)
		}
	}
	s.must(s.store.RemoveEndpoint(s.Context(), "hooked", e.ID, nil))
	s.must(s.store.RemoveEndpoint(s.Context(), "hooked", e.ID, nil))
	if _, err := s.store.Endpoint(s.Context(), "hooked", e.ID); !porting.Is(err, porting.NotFound) {
		s.Errorf("it is still there: %v", err)
	}
}

func endpointStale(s suite) {
	e := someEndpoint()
	s.must(s.store.SaveEndpoint(s.Context(), e, nil))
	if err := s.store.SaveEndpoint(s.Context(), e, nil); !porting.Is(err, porting.Stale) {
		s.Errorf("made twice: %v", err)
	}
	e.Version = 3
	if err := s.store.SaveEndpoint(s.Context(), e, nil); !porting.Is(err, porting.Stale) {
		s.Errorf("a version left out: %v", err)
	}
}

func endpointOnce(s suite) {
	e := someEndpoint()
	mine := orders.Receipt{Account: "hooked", Key: "k", Print: "p", Lease: Now.Add(time.Minute),
		Expires: Now.Add(time.Hour), Answer: orders.Answer{Status: 201}}
	s.code(s.store.SaveEndpoint(s.Context(), e, &mine), porting.Stale) // nobody has taken the key
	if all, err := s.store.Endpoints(s.Context(), "hooked"); err != nil || len(all) != 0 {
		s.Errorf("%d endpoints (%v), want none", len(all), err)
	}
	if _, ok := s.begin(mine, Now); !ok {
		s.Fatal("the key is not free")
	}
	s.must(s.store.SaveEndpoint(s.Context(), e, &mine))
	if have, ok := s.begin(mine, Now); ok || have.Answer.Status != 201 {
		s.Errorf("the receipt is %+v", have)
	}
	s.code(s.store.RemoveEndpoint(s.Context(), "hooked", e.ID, &mine), porting.Stale) // its key has an answer
	if _, err := s.store.Endpoint(s.Context(), "hooked", e.ID); err != nil {
		s.Errorf("the endpoint: %v", err)
	}
}

func ailing(s suite) {
	e := someEndpoint()
	if since, err := s.store.Failing(s.Context(), "hooked", e.ID, Now); err != nil || !since.IsZero() {
		s.Errorf("one that is not there fails since %s (%v)", since, err)
	}
	s.must(s.store.Recovered(s.Context(), "hooked", e.ID))
	s.must(s.store.Pause(s.Context(), "hooked", e.ID, "Dead.", Now))
	if all, err := s.store.Endpoints(s.Context(), "hooked"); err != nil || len(all) != 0 {
		s.Errorf("it was made by that: %v (%v)", all, err)
	}
	s.must(s.store.SaveEndpoint(s.Context(), e, nil))
	for _, at := range []time.Time{Now, Now.Add(time.Hour)} {
		if since, err := s.store.Failing(s.Context(), "hooked", e.ID, at); err != nil || !since.Equal(Now) {
			s.Errorf("fails since %s (%v)", since, err)
		}
	}
	s.must(s.store.Recovered(s.Context(), "hooked", e.ID))
	if got, err := s.store.Endpoint(s.Context(), "hooked", e.ID); err != nil || !got.FailingSince.IsZero() ||
		got.Version != 1 {
		s.Errorf("%+v (%v)", got, err)
	}
}

func pausing(s suite) {
	e := someEndpoint()
	s.must(s.store.SaveEndpoint(s.Context(), e, nil))
	s.must(s.store.Pause(s.Context(), "hooked", e.ID, "Dead.", Now))
	s.must(s.store.Pause(s.Context(), "hooked", e.ID, "Dead again.", Now.Add(time.Hour)))
	due, err := s.store.Due(s.Context(), webhook.DuePause, Now, 10)
	if err != nil || len(due) != 1 {
		s.Fatalf("%d due (%v)", len(due), err)
	}
	if got, err := s.store.Paused(s.Context(), due[0]); err != nil || got.ID != e.ID || got.Account != "hooked" ||
		!got.Paused || got.Why != "Dead." ||
		!got.PausedAt.Equal(Now) || got.Version != 2 {
		s.Errorf("%+v (%v)", got, err)
	}
	// After a change that leaves it paused, the customer still has to be told.
	stopped, err := s.store.Endpoint(s.Context(), "hooked", e.ID)
	s.must(err)
	stopped.Description, stopped.Version = "Other", 3
	s.must(s.store.SaveEndpoint(s.Context(), stopped, nil))
	if due, err = s.store.Due(s.Context(), webhook.DuePause, Now, 10); err != nil || len(due) != 1 {
		s.Fatalf("after a change %d due (%v)", len(due), err)
	}
	leased, ok, err := s.store.Lease(s.Context(), due[0], Now.Add(time.Minute))
	if err != nil || !ok {
		s.Fatalf("not leased: %v", err)
	}
	s.must(s.store.PauseTold(s.Context(), leased))
	none := func(what string) {
		s.Helper()
		if due, err := s.store.Due(s.Context(), webhook.DuePause, Now.Add(time.Hour), 10); err != nil || len(due) != 0 {
			s.Errorf("%s: %d due (%v)", what, len(due), err)
		}
	}
	none("told")
	stopped.Paused, stopped.Why, stopped.Version = true, "", 4
	s.must(s.store.SaveEndpoint(s.Context(), stopped, nil))
	none("paused by its owner")
}

func someDelivery(order porting.OrderID, version int64, at time.Time) webhook.Delivery {
	return webhook.Delivery{Account: "hooked", Endpoint: "weaaaa", At: at, Order: order, Version: version,
		Type: "portorder.status_change", State: webhook.Pending, Made: Now, Next: Now.Add(2 * time.Minute)}
}

// work returns the deliveries that are due until then.
func (s suite) work(until time.Time) []orders.Due {
	s.Helper()
	due, err := s.store.Due(s.Context(), webhook.DueDelivery, until, 100)
	s.must(err)
	return due
}

// take takes the only work that is due.
func (s suite) take(at time.Time) webhook.Work {
	s.Helper()
	due := s.work(at)
	if len(due) != 1 {
		s.Fatalf("%d due, want one", len(due))
	}
	hold := at.Add(90 * time.Second)
	w, ok, err := s.store.LeaseWork(s.Context(), due[0], at, hold)
	if err == nil && !ok { // its answer was lost on the way, and the call repeated by the client: it is held already
		due[0].At = hold
		w, ok, err = s.store.LeaseWork(s.Context(), due[0], hold, hold.Add(time.Second))
	}
	if err != nil || !ok {
		s.Fatalf("not taken: %v", err)
	}
	return w
}

func deliveryLife(s suite) {
	d := someDelivery("260009164804098", 3, Now.Add(-time.Second))
	s.must(s.store.Add(s.Context(), d))
	s.must(s.store.Add(s.Context(), d))
	if n := len(s.work(Now)); n != 0 {
		s.Errorf("%d due already", n)
	}
	at := d.Next
	w := s.take(at)
	if w.ID() != d.ID() || w.Type != d.Type || !w.Made.Equal(d.Made) || w.Due.Tries != 0 {
		s.Errorf("taken %+v", w)
	}
	tried := webhook.Attempt{At: at, Status: 503, Why: "not accepted", Took: 1500 * time.Millisecond}
	w.State, w.Next = webhook.Pending, at.Add(time.Minute)
	s.must(s.store.Settle(s.Context(), w, tried))
	s.must(s.store.Settle(s.Context(), w, tried)) // it is due elsewhere by now
	got, err := s.store.Delivery(s.Context(), d)
	want := d
	want.Next, want.Attempts = w.Next, []webhook.Attempt{tried}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		s.Errorf("%v, want (-), got (+):\n%s", err, diff)
	}

	at = at.Add(time.Minute)
	w = s.take(at)
	if w.Due.Tries != 1 {
		s.Errorf("%d tries", w.Due.Tries)
	}
	s.must(s.store.PutOff(s.Context(), w, at.Add(time.Hour)))
	at = at.Add(time.Hour)
	w = s.take(at)
	arrived := webhook.Attempt{At: at, Status: 204}
	w.State, w.Next = webhook.Delivered, time.Time{}
	s.must(s.store.Settle(s.Context(), w, arrived))
	want.State, want.Next, want.Attempts = webhook.Delivered, time.Time{}, append(want.Attempts, arrived)
	got, err = s.store.Delivery(s.Context(), d)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		s.Errorf("%v, want (-), got (+):\n%s", err, diff)
	}
	if n := len(s.work(Now.AddDate(1, 0, 0))); n != 0 {
		s.Errorf("%d still due", n)
	}
	s.must(s.store.Add(s.Context(), d)) // told of again after all was done
	if n := len(s.work(Now.AddDate(1, 0, 0))); n != 0 {
		s.Error("it is due again")
	}
	if _, err := s.store.Delivery(s.Context(), someDelivery("1", 1, Now)); !porting.Is(err, porting.NotFound) {
		s.Errorf("one that was never made: %v", err)
	}
}

func takenOnce(s suite) {
	s.must(s.store.Add(s.Context(), someDelivery("260009164804098", 3, Now)))
	due := s.work(Now.Add(time.Hour))
	won := 0
	for range 3 {
		_, ok, err := s.store.LeaseWork(s.Context(), due[0], Now.Add(time.Hour), Now.Add(2*time.Hour))
		s.must(err)
		if ok {
			won++
		}
	}
	if won != 1 {
		s.Errorf("taken %d times", won)
	}
	// Its lane shows the work as it is leased.
	held, err := s.store.Lane(s.Context(), webhook.Work{Delivery: someDelivery("260009164804098", 3, Now)})
	if err != nil || len(held) != 1 || !held[0].Due.At.Equal(Now.Add(2*time.Hour)) {
		s.Fatalf("the lane is %+v (%v)", held, err)
	}
	if _, ok, err := s.store.LeaseWork(s.Context(), held[0].Due, Now.Add(time.Hour), Now.Add(3*time.Hour)); ok || err != nil {
		s.Errorf("taken while another worker has it: %v (%v)", ok, err)
	}
	if _, ok, err := s.store.LeaseWork(s.Context(), held[0].Due, Now.Add(2*time.Hour), Now.Add(3*time.Hour)); !ok || err != nil {
		s.Errorf("not taken when the other worker's lease is over: %v (%v)", ok, err)
	}
}

func lane(s suite) {
	const mine, another = porting.OrderID("260009164804098"), porting.OrderID("26000916480409")
	for _, d := range []webhook.Delivery{someDelivery(mine, 10, Now.Add(3)), someDelivery(mine, 9, Now.Add(2)),
		someDelivery(mine, 8, Now.Add(1)), someDelivery(another, 7, Now)} {
		s.must(s.store.Add(s.Context(), d))
	}
	elsewhere := someDelivery(mine, 1, Now)
	elsewhere.Endpoint = "weaaaab"
	s.must(s.store.Add(s.Context(), elsewhere))
	got, err := s.store.Lane(s.Context(), webhook.Work{Delivery: someDelivery(mine, 9, Now)})
	s.must(err)
	var versions []int64
	for _, w := range got {
		versions = append(versions, w.Version)
		if _, ok, err := s.store.LeaseWork(s.Context(), w.Due, Now, Now.Add(time.Hour)); err != nil || !ok {
			s.Errorf("the work of change %d can't be taken as the lane tells it (%v)", w.Version, err)
		}
	}
	if !slices.Equal(versions, []int64{8, 9, 10}) {
		s.Errorf("the lane is %v", versions)
	}
}

func again(s suite) {
	d := someDelivery("260009164804098", 3, Now.Add(-time.Second))
	d.State, d.Next = webhook.Missed, time.Time{}
	s.must(s.store.Add(s.Context(), d))
	if n := len(s.work(Now.AddDate(1, 0, 0))); n != 0 {
		s.Errorf("what was missed is due")
	}
	d.Made, d.Next = Now.Add(time.Hour), Now.Add(time.Hour)
	s.must(s.store.Requeue(s.Context(), d))
	got, err := s.store.Delivery(s.Context(), d)
	if err != nil || got.State != webhook.Pending || !got.Made.Equal(d.Made) || !got.Next.Equal(d.Next) {
		s.Errorf("%+v (%v)", got, err)
	}
	w := s.take(d.Next)
	if w.ID() != d.ID() || !w.Made.Equal(d.Made) {
		s.Errorf("taken %+v", w)
	}
	w.State, w.Next = webhook.Delivered, time.Time{}
	s.must(s.store.Settle(s.Context(), w, webhook.Attempt{At: d.Next, Status: 200}))
	for n := 1; n <= webhook.MostAttempts+5; n++ { // the list does not grow for ever
		got, err := s.store.Delivery(s.Context(), d)
		s.must(err)
		if len(got.Attempts) > webhook.MostAttempts {
			s.Fatalf("%d attempts", len(got.Attempts))
		}
		got.Made, got.Next = Now.Add(time.Hour), Now.Add(time.Hour)
		s.must(s.store.Requeue(s.Context(), got))
		w := s.take(got.Next)
		w.State, w.Next = webhook.Delivered, time.Time{}
		s.must(s.store.Settle(s.Context(), w, webhook.Attempt{At: got.Next, Status: 200}))
	}
	if err := s.store.Requeue(s.Context(), someDelivery("1", 1, Now)); !porting.Is(err, porting.NotFound) {
		s.Errorf("one that was never made: %v", err)
	}
}

func deliveryPages(s suite) {
	var want []string
	for n := range 5 {
		d := someDelivery(porting.OrderID(fmt.Sprint(100+n)), 2, Now.Add(time.Duration(n)*time.Minute))
		s.must(s.store.Add(s.Context(), d))
		want = append([]string{d.ID()}, want...)
	}
	for _, d := range []webhook.Delivery{someDelivery("7", 2, Now), someDelivery("8", 2, Now)} {
		d.Endpoint = "weaaaab"
		if d.Order == "8" {
			d.Endpoint, d.Account = "weaaaa", "hooked2"
		}
		s.must(s.store.Add(s.Context(), d))
	}
	ids := func(p webhook.Page) []string {
		s.Helper()
		all, err := s.store.Deliveries(s.Context(), "hooked", "weaaaa", p)
		s.must(err)
		var ids []string
		for _, d := range all {
			ids = append(ids, d.ID())
		}
		return ids
	}
	if got := ids(webhook.Page{Limit: 10}); !slices.Equal(got, want) {
		s.Errorf("newest first: %v, want %v", got, want)
	}
	third := someDelivery("102", 2, Now.Add(2*time.Minute))
	if got := ids(webhook.Page{Limit: 1, Before: &third}); !slices.Equal(got, want[3:4]) {
		s.Errorf("behind the third: %v, want %v", got, want[3:4])
	}
	if got := ids(webhook.Page{Limit: 10, From: Now.Add(time.Minute), To: Now.Add(3 * time.Minute),
		Oldest: true}); !slices.Equal(got, []string{want[3], want[2]}) {
		s.Errorf("of two minutes: %v", got)
	}
	if got := ids(webhook.Page{Limit: 10, From: Now.Add(time.Minute), To: Now}); len(got) != 0 {
		s.Errorf("of no time: %v", got)
	}
}

func eventOfDelivery(s suite) {
	o := s.create("hooked", Numbers(0, 1)...)
	s.do(o.ID, Sign())
	e, err := s.store.EventOf(s.Context(), someDelivery(o.ID, 2, Now))
	if err != nil || e.Kind != porting.Signed || e.Order != o.ID || e.Version != 2 || e.StatusURL == "" {
		s.Errorf("%+v (%v)", e, err)
	}
	if _, err := s.store.EventOf(s.Context(), someDelivery(o.ID, 3, Now)); !porting.Is(err, porting.NotFound) {
		s.Errorf("of no event: %v", err)
	}
}
