package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
)

var listsCases = []testCase{
	{"the feed tells every event of an account, once", feed},
	{"list filters", listFilters},
	{"list pages, newest first", listPages},
	{"list finds orders by number, past ones too", listNumbers},
}

func feed(s suite) {
	s.create("other", Numbers(0, 1)...)
	one := s.create("feed", Numbers(4, 1)...)
	two := s.create("feed", Numbers(5, 1)...)
	later := *s.book
	later.Now = func() time.Time { return Now.Add(time.Hour) }
	// It happened a week ago and is written later than the others.
	if _, err := later.At(Now.AddDate(0, 0, -7)).Do(s.Context(), two.ID, Sign()); err != nil {
		s.Fatal(err)
	}
	if _, err := later.Do(s.Context(), one.ID, porting.Comment{By: Customer, Text: "Hello"}); err != nil {
		s.Fatal(err)
	}
	var want, got []string
	for _, id := range []porting.OrderID{one.ID, two.ID} {
		_, history, err := Whole(s.Context(), s.store, id)
		if err != nil {
			s.Fatal(err)
		}
		for _, e := range history {
			want = append(want, fmt.Sprintf("%+v", InFeed(e)))
		}
	}
	var after, resume orders.Place
	for {
		page, err := later.Feed(s.Context(), "feed", after, 3)
		if err != nil {
			s.Fatal(err)
		}
		if len(page.Events) > 3 {
			s.Errorf("a page of 3 has %d events", len(page.Events))
		}
		for _, e := range page.Events {
			if e.Place <= after {
				s.Errorf("%s comes after %s", e.Place, after)
			}
			after = e.Place
			got = append(got, fmt.Sprintf("%+v", e.Event))
		}
		resume = page.Resume
		if !page.More {
			break
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("history (-), feed (+):\n%s", diff)
	}
	again, err := later.Feed(s.Context(), "feed", resume, 10)
	if err != nil || len(again.Events) != 2 || again.More { // what has not settled comes again
		s.Errorf("behind what has settled: %d events (%v)", len(again.Events), err)
	}
}

func listFilters(s suite) {
	s.account("lf", 100_000)
	tns := Numbers(0, 4)
	one := s.create("lf", tns[0])
	_, two, err := s.book.At(Now.Add(24*time.Hour)).Create(s.Context(), orders.Draft{By: Customer, Account: "lf",
		Details: func() porting.Details { d := Details(); d.Alias = "Second"; return d }(), Lines: Lines(tns[1:2])})
	if err != nil {
		s.Fatal(err)
	}
	s.create("else", tns[2])
	done := s.create("lf", tns[3])
	s.do(done.ID, Sign())
	s.do(done.ID, porting.Pass{By: System})
	s.do(done.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}})
	s.do(done.ID, porting.MarkSent{By: System, PON: "P1", Ref: "1"})
	s.do(done.ID, porting.Accept{By: Peer, PON: "P1", FOC: "2027-03-16", At: Now})
	if _, err := s.book.At(Now.Add(48*time.Hour)).Do(s.Context(), done.ID, porting.Complete{By: Peer}); err != nil {
		s.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		filter orders.Filter
		want   []porting.OrderID
	}{
		{"all", orders.Filter{}, []porting.OrderID{one.ID, two[0].ID, done.ID}},
		{"status", orders.Filter{Status: porting.Pending}, []porting.OrderID{one.ID, two[0].ID}},
		{"alias", orders.Filter{Alias: "Second"}, []porting.OrderID{two[0].ID}},
		{"group", orders.Filter{Group: one.Group}, []porting.OrderID{one.ID}},
		{"foc", orders.Filter{FOC: "2027-03-16"}, []porting.OrderID{done.ID}},
		{"created after", orders.Filter{CreatedAfter: Now}, []porting.OrderID{two[0].ID}},
		{"created before", orders.Filter{CreatedBefore: Now.Add(time.Second)}, []porting.OrderID{one.ID, done.ID}},
		{"modified after", orders.Filter{ModifiedAfter: Now.Add(25 * time.Hour)}, []porting.OrderID{done.ID}},
		{"completed after", orders.Filter{DoneAfter: Now}, []porting.OrderID{done.ID}},
		{"completed before", orders.Filter{DoneBefore: Now}, nil},
		{"two at once", orders.Filter{Status: porting.Pending, Alias: "Second"}, []porting.OrderID{two[0].ID}},
		{"numbers and status", orders.Filter{Numbers: tns, Status: porting.Completed}, []porting.OrderID{done.ID}},
	} {
		all, err := s.store.List(s.Context(), "lf", test.filter)
		if err != nil {
			s.Fatal(err)
		}
		var got []porting.OrderID
		for _, o := range all {
			got = append(got, o.ID)
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) {
			s.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	all, err := s.store.List(s.Context(), "lf", orders.Filter{FOC: "2027-03-16"})
	if err != nil || len(all) != 1 {
		s.Fatalf("%d orders (%v)", len(all), err)
	}
	o := s.load(done.ID)
	if diff := cmp.Diff(inLists(o), all[0], Same); diff != "" {
		s.Errorf("what a list shows: order (-), list (+):\n%s", diff)
	}
}

func listPages(s suite) {
	var want []porting.OrderID
	for i := range 7 {
		o := s.create("pages", Numbers(0, 7)[i])
		want = append(want, o.ID)
	}
	// Newest first, by number, however long the ids are.
	slices.SortFunc(want, func(a, b porting.OrderID) int { return strings.Compare(string(b), string(a)) })
	var got []porting.OrderID
	for offset := 0; offset < 9; offset += 3 {
		page, err := s.store.List(s.Context(), "pages", orders.Filter{Limit: 3, Offset: offset})
		if err != nil {
			s.Fatal(err)
		}
		if len(page) > 3 {
			s.Errorf("a page of %d", len(page))
		}
		for _, o := range page {
			got = append(got, o.ID)
		}
	}
	if !slices.Equal(got, want) {
		s.Errorf("pages of %v, want %v", got, want)
	}
	// A page behind an order stays the same while orders are added.
	got = nil
	for n, before := 0, porting.OrderID(""); n < 9; n += 3 {
		page, err := s.store.List(s.Context(), "pages", orders.Filter{Limit: 3, Before: before})
		if err != nil {
			s.Fatal(err)
		}
		for _, o := range page {
			got = append(got, o.ID)
			before = o.ID
		}
		s.create("pages", Numbers(1, 9)[n])
	}
	if !slices.Equal(got, want) {
		s.Errorf("pages behind an order of %v, want %v", got, want)
	}
	first := s.load(want[6]).Numbers[0].TN
	for before, n := range map[porting.OrderID]int{want[6]: 0, want[5]: 1, "": 1, "99": 0} {
		page, err := s.store.List(s.Context(), "pages", orders.Filter{Numbers: []string{first}, Before: before})
		if err != nil || len(page) != n {
			s.Errorf("by number before %q: %d orders, want %d (%v)", before, len(page), n, err)
		}
	}
}

func listNumbers(s suite) {
	tns := Numbers(0, 3)
	first := s.create("ln", tns[0], tns[1])
	s.do(first.ID, porting.Cancel{By: Customer})
	other := s.create("other", tns[0])
	s.do(other.ID, porting.Cancel{By: Customer})
	second := s.create("ln", tns[0])
	removed := s.create("ln", tns[1], tns[2])
	s.do(removed.ID, porting.ChangeNumbers{By: Customer, Remove: []string{tns[1]}})
	for _, test := range []struct {
		numbers []string
		want    []porting.OrderID
	}{
		{tns[:1], []porting.OrderID{second.ID, first.ID}},
		{tns[1:2], []porting.OrderID{first.ID}},
		{tns, []porting.OrderID{removed.ID, second.ID, first.ID}},
		{[]string{"+12069999999"}, nil},
	} {
		all, err := s.store.List(s.Context(), "ln", orders.Filter{Numbers: test.numbers})
		if err != nil {
			s.Fatal(err)
		}
		var got []porting.OrderID
		for _, o := range all {
			got = append(got, o.ID)
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) {
			s.Errorf("%v: %v, want %v", test.numbers, got, test.want)
		}
	}
}
