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

var historyCases = []testCase{
	{"View has the latest comments", latestComments},
	{"Search walks back through the history", searchBack},
	{"History comes in pages", historyPages},
	{"a page of large events is a short one", shortPages},
	{"kept mails come in pages, the latest first", mailPages},
}

// spoken makes an order whose history has a comment in every third place, n of them, and returns their texts, oldest
// first.
func spoken(s suite, n int) (porting.Order, []string) {
	s.Helper()
	o := s.create("spoken", Numbers(0, 1)...)
	var texts []string
	for i := range n {
		for k := range 2 {
			o = s.do(o.ID, porting.Edit{By: Customer, To: porting.Details{Alias: fmt.Sprint(i, k)},
				Fields: []string{"alias"}})
		}
		texts = append(texts, fmt.Sprintf("comment %d", i))
		o = s.do(o.ID, porting.Comment{By: Customer, Text: texts[i]})
	}
	return o, texts
}

func textsOf(events []porting.Event) []string {
	var all []string
	for _, e := range events {
		all = append(all, e.Message.Text)
	}
	return all
}

func latestComments(s suite) {
	o, said := spoken(s, 4)
	for _, test := range []struct {
		wanted  int
		want    []string
		earlier bool
	}{
		{0, nil, false}, {1, said[3:], true}, {3, said[1:], true}, {4, said, false}, {100, said, false},
	} {
		got, found, err := s.store.View(s.Context(), o.ID, test.wanted)
		if err != nil {
			s.Fatal(err)
		}
		if diff := cmp.Diff(o, got, Same); diff != "" {
			s.Errorf("%d wanted: the order: written (-), read (+):\n%s", test.wanted, diff)
		}
		if !slices.Equal(textsOf(found.Events), test.want) || found.Earlier != (orders.Seq{}) != test.earlier {
			s.Errorf("%d wanted: %q, earlier ones before %v; want %q, %v", test.wanted, textsOf(found.Events),
				found.Earlier, test.want, test.earlier)
		}
	}
	p, err := s.book.Plan(s.Context(), o.ID, 2, func(porting.Order) (porting.Command, error) {
		return porting.Comment{By: Customer, Text: "the last"}, nil
	})
	s.must(err)
	if got := textsOf(p.Comments.Events); !slices.Equal(got, []string{said[3], "the last"}) ||
		p.Comments.Earlier.Version != 13 {
		s.Errorf("a change is answered with %q, earlier ones before %v", got, p.Comments.Earlier)
	}
	s.must(s.book.Commit(s.Context(), p.Change))
}

func searchBack(s suite) {
	o, said := spoken(s, 4)
	_, history, err := Whole(s.Context(), s.store, o.ID)
	if err != nil {
		s.Fatal(err)
	}
	var edits []string
	for _, e := range history {
		if e.Kind == porting.Edited {
			edits = append(edits, e.Message.Text)
		}
	}
	for _, test := range []struct {
		name   string
		search orders.Search
		want   []string
	}{
		{"comments", orders.Search{Comments: true}, said},
		{"one kind", orders.Search{Kind: porting.Edited}, edits},
		{"everything", orders.Search{}, textsOf(history)},
		{"before a place", orders.Search{Comments: true, Before: orders.Seq{Version: 10}}, said[:2]},
		{"a kind that never happened", orders.Search{Kind: porting.WasCompleted}, nil},
	} {
		for limit := 1; limit <= len(history)+1; limit++ {
			search := test.search
			search.Limit = limit
			var got []string
			for pages := 0; ; pages++ {
				found, err := s.store.Search(s.Context(), o.ID, search)
				if err != nil || pages > len(history) {
					s.Fatalf("%s, %d a page: %d pages, %v", test.name, limit, pages, err)
				}
				got = append(textsOf(found.Events), got...)
				if found.Earlier == (orders.Seq{}) {
					break
				}
				search.Before = found.Earlier
			}
			if !slices.Equal(got, test.want) {
				s.Errorf("%s, %d a page: %q, want %q", test.name, limit, got, test.want)
			}
		}
	}
	if found, err := s.store.Search(s.Context(), "404", orders.Search{Limit: 1}); err != nil || len(found.Events) > 0 {
		s.Errorf("of no order: %v, %v", found, err)
	}
}

func historyPages(s suite) {
	o, _ := spoken(s, 1)
	_, whole, err := Whole(s.Context(), s.store, o.ID)
	if err != nil || len(whole) != 4 {
		s.Fatalf("%d events, %v", len(whole), err)
	}
	for _, test := range []struct {
		after int64
		limit int
		want  []porting.Event
		more  bool
	}{
		{0, 3, whole[:3], true}, {0, 4, whole, false}, {0, 9, whole, false}, {1, 3, whole[1:], false},
		{2, 1, whole[2:3], true}, {4, 5, nil, false},
	} {
		got, more, err := s.store.History(s.Context(), o.ID, test.after, test.limit)
		if diff := cmp.Diff(textsOf(test.want), textsOf(got)); err != nil || more != test.more || diff != "" {
			s.Errorf("%d after %d: more %v, %v\n%s", test.limit, test.after, more, err, diff)
		}
	}
}

// A page that ends before its limit says that there are more events, and none is lost.
func shortPages(s suite) {
	o := s.create("large", Numbers(0, 1)...)
	large := strings.Repeat("x", 300_000)
	const events = 5
	for i := range events {
		after := o
		after.Version++
		e := porting.Event{Order: o.ID, Account: o.Account, Version: after.Version, Kind: porting.Commented, At: Now.Add(time.Duration(i) * time.Minute), Message: porting.Words(large), Comment: true}
		if err := s.store.Commit(s.Context(), orders.Change{Before: o, After: after, Events: []porting.Event{e}}, Now.Add(time.Duration(i)*time.Minute)); err != nil {
			s.Fatal(err)
		}
		o = after
	}
	var after int64
	var place orders.Place
	var history, feed int
	for more := true; more && history <= events+1; {
		var page []porting.Event
		var err error
		if page, more, err = s.store.History(s.Context(), o.ID, after, 100); err != nil || len(page) == 0 {
			s.Fatalf("a page of %d events, %v", len(page), err)
		}
		history, after = history+len(page), page[len(page)-1].Version
	}
	for more := true; more && feed <= events+1; {
		var page []orders.Placed
		var err error
		if page, more, err = s.store.Feed(s.Context(), o.Account, place, 100); err != nil || len(page) == 0 {
			s.Fatalf("a page of %d events of the feed, %v", len(page), err)
		}
		feed, place = feed+len(page), page[len(page)-1].Place
	}
	if history != events+1 || feed != events+1 {
		s.Errorf("%d events in the history, %d in the feed, want %d", history, feed, events+1)
	}
}

func mailPages(s suite) {
	o := s.create("mails", Numbers(0, 1)...)
	for _, version := range []int64{2, 3, 5, 8} {
		if err := s.store.KeepMail(s.Context(), orders.Mail{Order: o.ID, Version: version, At: Now,
			Text: "…"}); err != nil {
			s.Fatal(err)
		}
	}
	for _, test := range []struct {
		before int64
		limit  int
		want   []int64
		more   bool
	}{
		{0, 3, []int64{3, 5, 8}, true}, {0, 4, []int64{2, 3, 5, 8}, false}, {5, 1, []int64{3}, true},
		{5, 2, []int64{2, 3}, false}, {2, 9, nil, false},
	} {
		got, more, err := s.store.Mails(s.Context(), o.ID, test.before, test.limit)
		var versions []int64
		for _, l := range got {
			versions = append(versions, l.Version)
		}
		if err != nil || more != test.more || !slices.Equal(versions, test.want) {
			s.Errorf("%d before %d: %v, more %v, %v; want %v, %v", test.limit, test.before, versions, more, err,
				test.want, test.more)
		}
	}
}
