package storetest

import (
	"slices"
	"sync"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

var disputesCases = []testCase{
	{"the order that has lost ends, and the winner is submitted in its place", wholeChangesHands},
	{"a number changes hands when the carrier has let it go, and not before", waitsForCarrier},
	{"a part of an order changes hands, and the rest stays", partChangesHands},
	{"of parallel changes of hands one happens, and none does harm", parallelHands},
	{"a change of hands is refused as a whole", handsRefused},
	{"a dispute decided for the holding order leaves the number there", holderKeeps},
	{"a dispute ends with either of its orders", disputeEnds},
	{"a dispute about a number that has moved opens a case about that port, once", movedMeanwhile},
	{"the winner is submitted when the holding order has ended by itself", holderGone},
	{"a rejected order whose hold has lapsed wins its numbers back, and is sent again", lapsedWins},
	{"what a release without disputes has left held is freed for the winner", leftHeld},
}

// bill puts an accepted bill on an order.
func (s suite) bill(id porting.OrderID) {
	s.Helper()
	o := s.do(id, porting.AddDocument{By: Customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument}})
	s.do(id, porting.SettleDocument{By: System, ID: o.Documents[len(o.Documents)-1].ID, Digest: "d1", Size: 1, Pages: 1})
}

// dispute has account b dispute the numbers that the order of account a holds: the first n of the holding order's.
func (s suite) dispute(from, n int, life ...porting.Command) (asking, holding porting.Order) {
	s.Helper()
	s.account("a", 100_000)
	s.account("b", 100_000)
	tns := Numbers(from, 3)
	holding = s.create("a", tns[:2]...)
	s.do(holding.ID, Sign())
	for _, cmd := range life {
		s.do(holding.ID, cmd)
	}
	asking = s.create("b", append(tns[:n:n], tns[2])...)
	s.bill(asking.ID)
	rival, held, err := s.book.Rival(s.Context(), asking)
	if err != nil || rival != holding.ID || !slices.Equal(held, tns[:n]) {
		s.Fatalf("order %s holds %v: %v", rival, held, err)
	}
	s.do(asking.ID, porting.OpenDispute{By: Customer, Signature: Sign().Signature, Rival: rival, Numbers: held})
	s.settle(asking.ID)
	if d := s.load(holding.ID).Disputes; len(d) != 1 || d[0].Side != porting.Holding || !d[0].Lives() {
		s.Fatalf("the holding order knows of %+v", d)
	}
	return s.load(asking.ID), s.load(holding.ID)
}

func (s suite) settle(id porting.OrderID) {
	s.Helper()
	if err := s.book.SettleDisputes(s.Context(), id); err != nil {
		s.Fatal(err)
	}
}

func (s suite) decide(id porting.OrderID, side porting.Side) {
	s.Helper()
	s.do(id, porting.DecideDispute{By: porting.StaffBy("AB"), For: side, Why: "The papers say so."})
	s.settle(id)
}

// holds checks which order holds a number; empty for none.
func (s suite) holds(tn string, want porting.OrderID) {
	s.Helper()
	id, err := s.store.Holder(s.Context(), tn)
	if err != nil && !porting.Is(err, porting.NotFound) {
		s.Fatal(err)
	}
	if id != want {
		s.Errorf("%s is held by %q, want %q", tn, id, want)
	}
}

// atCarrier leads a signed order to its carrier.
var atCarrier = []porting.Command{
	porting.Pass{By: System}, porting.SettleCSR{By: System, Why: porting.Words("It matches.")},
	porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
	porting.MarkSent{By: System, PON: "P1", Ref: "ref"},
}

func wholeChangesHands(s suite) {
	asking, holding := s.dispute(700, 2)
	s.holds(holding.Numbers[0].TN, holding.ID)
	s.decide(asking.ID, porting.Asking)
	if a, h := s.load(asking.ID), s.load(holding.ID); a.Status != porting.Processing || h.Status != porting.Cancelled ||
		a.Disputed() || h.Disputed() {
		s.Errorf("the winner is %s, the other order %s", a.Status, h.Status)
	}
	for _, n := range asking.Numbers {
		s.holds(n.TN, asking.ID)
		s.holds("b/"+n.TN, "")
	}
	version := s.load(asking.ID).Version
	s.settle(asking.ID)
	s.settle(holding.ID)
	if got := s.load(asking.ID).Version; got != version {
		s.Errorf("it is settled again: version %d, was %d", got, version)
	}
}

func waitsForCarrier(s suite) {
	asking, holding := s.dispute(701, 2, atCarrier...)
	s.decide(asking.ID, porting.Asking)
	tn := holding.Numbers[0].TN
	s.holds(tn, holding.ID)
	if a, h := s.load(asking.ID), s.load(holding.ID); a.Status != porting.Pending || h.Status != porting.HardCanceled || !h.Withdrawing {
		s.Fatalf("the winner is %s, the other order %s, withdrawing %v", a.Status, h.Status, h.Withdrawing)
	}
	s.do(holding.ID, porting.Withdrawn{By: Peer, PON: "P1"})
	s.holds(tn, holding.ID) // a third order has no moment in which to take it
	s.settle(holding.ID)
	s.holds(tn, asking.ID)
	if a := s.load(asking.ID); a.Status != porting.Processing {
		s.Errorf("the winner is %s", a.Status)
	}
}

func partChangesHands(s suite) {
	asking, holding := s.dispute(702, 1, atCarrier...)
	s.decide(asking.ID, porting.Asking)
	h := s.load(holding.ID)
	if h.Status != porting.Rejected || !h.Withdrawing || len(h.Active()) != 1 || h.Reasons[0].Code != porting.LostDispute {
		s.Fatalf("the other order is %s, withdrawing %v, with %v", h.Status, h.Withdrawing, h.Active())
	}
	s.holds(h.Numbers[0].TN, holding.ID)
	s.do(holding.ID, porting.Withdrawn{By: Peer, PON: "P1"})
	s.settle(asking.ID)
	s.holds(h.Numbers[0].TN, asking.ID)
	s.holds(h.Numbers[1].TN, holding.ID)
	s.do(holding.ID, porting.Resubmit{By: Customer})
	found, err := s.store.List(s.Context(), "a", orders.Filter{Numbers: []string{h.Numbers[0].TN}, Limit: 10})
	if err != nil || len(found) != 1 || found[0].ID != holding.ID {
		s.Errorf("the account's orders of the number are %+v, %v", found, err)
	}
}

func parallelHands(s suite) {
	asking, holding := s.dispute(703, 2)
	s.do(asking.ID, porting.DecideDispute{By: porting.StaffBy("AB"), For: porting.Asking})
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			id := asking.ID
			if n%2 == 0 {
				id = holding.ID
			}
			if err := s.book.SettleDisputes(s.Context(), id); err != nil && !porting.Is(err, porting.Stale) {
				s.Error(err)
			}
		})
	}
	wg.Wait()
	s.settle(asking.ID)
	s.holds(holding.Numbers[0].TN, asking.ID)
	signed := 0
	_, events, err := Whole(s.Context(), s.store, asking.ID)
	for _, e := range events {
		if e.Kind == porting.Signed {
			signed++
		}
	}
	if err != nil || signed != 1 {
		s.Errorf("submitted %d times, %v", signed, err)
	}
}

func handsRefused(s suite) {
	asking, holding := s.dispute(704, 1)
	third := s.create("c", asking.Numbers[1].TN)
	s.do(third.ID, Sign()) // holds the number that nobody disputes
	s.decide(asking.ID, porting.Asking)
	s.holds(asking.Numbers[1].TN, third.ID)
	s.holds(asking.Numbers[0].TN, "") // free for the customer who has won it, by a signature
	a := s.load(asking.ID)
	if a.Status != porting.Pending || a.Disputed() || s.load(holding.ID).Disputed() {
		s.Fatalf("the winner is %s, disputes %+v", a.Status, a.Disputes)
	}
	s.do(asking.ID, porting.ChangeNumbers{By: Customer, Remove: []string{asking.Numbers[1].TN}})
	s.do(asking.ID, Sign())
	s.holds(asking.Numbers[0].TN, asking.ID)
}

func holderKeeps(s suite) {
	asking, holding := s.dispute(705, 2, atCarrier...)
	s.decide(asking.ID, porting.Holding)
	h := s.load(holding.ID)
	if h.Status != porting.Submitted || h.Disputed() || h.Disputes[0].Winner != porting.Holding || s.load(asking.ID).Disputed() {
		s.Errorf("the holding order is %s with %+v", h.Status, h.Disputes)
	}
	s.holds(holding.Numbers[0].TN, holding.ID)
}

func disputeEnds(s suite) {
	asking, holding := s.dispute(706, 2)
	s.do(asking.ID, porting.Cancel{By: Customer})
	s.settle(asking.ID)
	if h := s.load(holding.ID); h.Disputed() || h.Disputes[0].Winner != "" {
		s.Errorf("the holding order has %+v", h.Disputes)
	}
	s.holds(holding.Numbers[0].TN, holding.ID)
}

func movedMeanwhile(s suite) {
	asking, holding := s.dispute(709, 1, atCarrier...)
	moved := holding.Numbers[0].TN
	s.do(holding.ID, porting.Accept{By: Peer, PON: "P1", FOC: "2027-03-16", At: Now})
	if _, err := s.book.At(Now.Add(48*time.Hour)).Do(s.Context(), holding.ID, porting.Complete{By: Peer}); err != nil {
		s.Fatal(err)
	}
	s.settle(asking.ID)
	s.settle(asking.ID)
	h := s.load(holding.ID)
	if !h.Authority.Open() || !slices.Equal(h.Authority.Numbers, []string{moved}) || h.Status != porting.Completed {
		s.Errorf("the port is %s with the case %+v", h.Status, h.Authority)
	}
	if a := s.load(asking.ID); a.Disputed() || a.Status != porting.Pending {
		s.Errorf("the asking order is %s with %+v", a.Status, a.Disputes)
	}
	_, events, err := Whole(s.Context(), s.store, holding.ID)
	opened := 0
	for _, e := range events {
		if e.Kind == porting.CaseOpened {
			opened++
		}
	}
	if err != nil || opened != 1 {
		s.Errorf("opened %d times, %v", opened, err)
	}
}

func holderGone(s suite) {
	asking, holding := s.dispute(707, 2)
	s.do(holding.ID, porting.RuleOut{By: System, Reasons: []porting.Reason{{Code: porting.NoCoverage}}})
	s.settle(holding.ID) // which knows of no dispute any more
	s.settle(asking.ID)
	if a := s.load(asking.ID); a.Status != porting.Processing || a.Disputed() {
		s.Errorf("the winner is %s", a.Status)
	}
	s.holds(holding.Numbers[0].TN, asking.ID)
}

func lapsedWins(s suite) {
	tns := Numbers(720, 2)
	s.account("a", 100_000)
	s.account("b", 100_000)
	asking, holding := s.create("a", tns...), s.create("b", tns[:1]...)
	s.do(asking.ID, Sign())
	s.do(asking.ID, porting.Return{By: System, Reasons: []porting.Reason{{Code: porting.AddressInvalid}}})
	s.bill(asking.ID)
	if _, _, err := s.book.Rival(s.Context(), s.load(asking.ID)); !porting.Is(err, porting.NotFound) {
		s.Errorf("an order that holds its numbers has a rival: %v", err)
	}
	s.book = s.book.At(Now.AddDate(0, 0, 8))
	s.do(holding.ID, Sign())
	s.must(s.store.Release(s.Context(), s.load(asking.ID)))
	_, err := s.book.Do(s.Context(), asking.ID, porting.Resubmit{By: Customer})
	s.taken(err, holding.ID, tns[0])
	s.must(s.book.NoteRival(s.Context(), asking.ID, err))
	if o := s.load(asking.ID); !slices.Equal(o.AlsoAsked, tns[:1]) {
		s.Errorf("told of %v", o.AlsoAsked)
	}
	rival, held, err := s.book.Rival(s.Context(), s.load(asking.ID))
	if err != nil || rival != holding.ID || !slices.Equal(held, tns[:1]) {
		s.Fatalf("order %s holds %v: %v", rival, held, err)
	}
	s.do(asking.ID, porting.OpenDispute{By: Customer, Signature: Sign().Signature, Rival: rival, Numbers: held})
	s.settle(asking.ID)
	s.decide(asking.ID, porting.Asking)
	if a, h := s.load(asking.ID), s.load(holding.ID); a.Status != porting.Review || h.Status != porting.Cancelled || a.Disputed() {
		s.Errorf("the winner is %s, the other order %s", a.Status, h.Status)
	}
	for _, tn := range tns {
		s.holds(tn, asking.ID)
		s.holds("a/"+tn, "")
	}
}

func leftHeld(s suite) {
	asking, holding := s.dispute(708, 2, atCarrier...)
	s.decide(asking.ID, porting.Asking)
	s.do(holding.ID, porting.Withdrawn{By: Peer, PON: "P1"})
	before := s.load(holding.ID)
	before.Contention = porting.Contention{}
	after := before
	after.Version++
	s.must(s.store.Commit(s.Context(), orders.Change{Before: before, After: after}, Now))
	s.settle(asking.ID)
	s.settle(asking.ID)
	s.holds(holding.Numbers[0].TN, asking.ID)
}
