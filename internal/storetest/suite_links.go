package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
)

var linksCases = []testCase{
	{"a link comes back as it was written", linkWhole},
	{"a link is written by who has read it", linkStale},
	{"links are of one order", linksOfOrder},
	{"a link is read with its order and messages", linkWithOrder},
	{"a link is written with the receipt of its request, or not at all", linkOnce},
}

// FullLink returns a link that has something in every field.
func FullLink(order porting.OrderID) link.Link {
	return link.Link{Order: order, Account: "a", ID: "0123abcd", To: "jane@example.com", Scope: link.Verbs(),
		Hash: [32]byte{1, 2, 3}, Renewals: 2, Created: Now, Expires: Now.Add(time.Hour), Revoked: Now.Add(time.Minute),
		Return: "https://portal.example.com/orders", Language: porting.French,
		Reminded: link.Reminded{Times: 2, First: Now.Add(-time.Hour), Last: Now}, Code: link.Code{Nonce: "n", Sent: Now.Add(time.Second), Wrong: 3},
		Session: link.Session{Hash: [32]byte{4, 5, 6}, Until: Now.Add(2 * time.Hour)}, Version: 1}
}

func linkWhole(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	for _, l := range []link.Link{FullLink(o.ID),
		{Order: o.ID, Account: "a", ID: "zzzz0000", Scope: link.Scope{link.See}, Created: Now, Version: 1}} {
		s.must(s.store.SaveLink(s.Context(), l, nil))
		got, err := s.store.Link(s.Context(), o.ID, l.ID)
		if diff := cmp.Diff(l, got); err != nil || diff != "" {
			s.Errorf("%v, written (-), read (+):\n%s", err, diff)
		}
	}
	if again := s.load(o.ID); again.Version != o.Version {
		s.Errorf("the order has version %d after its links were written, want %d", again.Version, o.Version)
	}
}

func linkStale(s suite) {
	l := FullLink("1001")
	s.must(s.store.SaveLink(s.Context(), l, nil))
	if err := s.store.SaveLink(s.Context(), l, nil); !porting.Is(err, porting.Stale) {
		s.Errorf("made twice: %v", err)
	}
	l.Version = 3
	if err := s.store.SaveLink(s.Context(), l, nil); !porting.Is(err, porting.Stale) {
		s.Errorf("a version left out: %v", err)
	}
	l.Version, l.To = 2, "joe@example.com"
	s.must(s.store.SaveLink(s.Context(), l, nil))
	if got, err := s.store.Link(s.Context(), l.Order, l.ID); err != nil || got.To != l.To {
		s.Errorf("%s after the second write (%v)", got.To, err)
	}
}

func linkWithOrder(s suite) {
	o := s.create("a", Numbers(0, 2)...)
	s.do(o.ID, porting.Comment{By: Customer, Text: "Please wait."})
	l, other := FullLink(o.ID), FullLink(o.ID)
	other.ID = "zzzz0000"
	s.must(s.store.SaveLink(s.Context(), l, nil))
	s.must(s.store.SaveLink(s.Context(), other, nil))
	got, order, found, err := s.store.ViewByLink(s.Context(), o.ID, l.ID, 10)
	if diff := cmp.Diff(l, got); err != nil || diff != "" {
		s.Errorf("%v, written (-), read (+):\n%s", err, diff)
	}
	if order.ID != o.ID || len(order.Numbers) != 2 || len(found.Events) != 1 || found.Events[0].Message.Text != "Please wait." {
		s.Errorf("order %s with %d numbers and %d messages", order.ID, len(order.Numbers), len(found.Events))
	}
	for _, no := range []struct {
		order porting.OrderID
		id    string
	}{{order: o.ID, id: "aaaa0000"}, {order: "1", id: l.ID}} {
		if _, _, _, err := s.store.ViewByLink(s.Context(), no.order, no.id, 10); !porting.Is(err, porting.NotFound) {
			s.Errorf("link %s of order %s: %v", no.id, no.order, err)
		}
	}
}

func linksOfOrder(s suite) {
	mine, second, theirs := FullLink("1001"), FullLink("1001"), FullLink("10011")
	second.ID = "0000zzzz"
	for _, l := range []link.Link{mine, second, theirs} {
		s.must(s.store.SaveLink(s.Context(), l, nil))
	}
	all, err := s.store.Links(s.Context(), "1001")
	if err != nil || len(all) != 2 || all[0].ID != second.ID || all[1].ID != mine.ID {
		s.Errorf("%v (%v)", all, err)
	}
	if _, err := s.store.Link(s.Context(), "1002", mine.ID); !porting.Is(err, porting.NotFound) {
		s.Errorf("another order has it: %v", err)
	}
}

func linkOnce(s suite) {
	l := FullLink("1001")
	mine := orders.Receipt{Account: "a", Key: "k", Print: "p", Lease: Now.Add(time.Minute),
		Expires: Now.Add(time.Hour), Answer: orders.Answer{Status: 201}}
	s.code(s.store.SaveLink(s.Context(), l, &mine), porting.Stale) // nobody has taken the key
	if _, err := s.store.Link(s.Context(), l.Order, l.ID); !porting.Is(err, porting.NotFound) {
		s.Errorf("it was written: %v", err)
	}
	if _, ok := s.begin(mine, Now); !ok {
		s.Fatal("the key is not free")
	}
	s.must(s.store.SaveLink(s.Context(), l, &mine))
	if have, ok := s.begin(mine, Now); ok || have.Answer.Status != 201 {
		s.Errorf("the receipt is %+v", have)
	}
}
