package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-cmp/cmp"

	"portway/internal/orders"
	"portway/internal/porting"
)

var ordersCases = []testCase{
	{"History tells what happened, oldest first", history},
	{"ErrNotFound", notFound},
	{"Commit refuses a stale version", stale},
	{"parallel writers lose no update", parallelWriters},
}

func history(s suite) {
	s.account("told", 10_000)
	o := s.create("told", Numbers(1, 3)...)
	s.do(o.ID, porting.SetPresets{By: Customer, To: porting.Presets{CNAM: "1"}, Fields: porting.PresetFields()})
	s.do(o.ID, Sign())
	s.do(o.ID, porting.Exclude{By: System, TNs: []string{o.Numbers[1].TN}, Reason: porting.NoCoverage})
	s.do(o.ID, porting.Pass{By: System})
	s.do(o.ID, porting.Plan{By: System, Attempt: porting.Attempt{Kind: porting.AskCSR, Peer: "locals", PON: "C1"}})
	s.do(o.ID, porting.MarkSent{By: System, PON: "C1", Ref: "csr-1"})
	o = s.do(o.ID, porting.TakeRecord{By: System, PON: "C1", State: porting.AnswerReady, Said: "READY",
		Record: porting.Record{Name: "Ada Lovelace", AccountNumber: porting.NewSecret(SecretAccount),
			Numbers: Numbers(1, 3)}})
	got, events, err := Whole(s.Context(), s.store, o.ID)
	if err != nil {
		s.Fatal(err)
	}
	if diff := cmp.Diff(o, got, Same); diff != "" {
		s.Errorf("the order: written (-), read (+):\n%s", diff)
	}
	if len(events) != int(o.Version) {
		s.Fatalf("%d events, want one for each of %d versions", len(events), o.Version)
	}
	var all []string
	for i, e := range events {
		if e.Version != int64(i+1) || e.Order != o.ID {
			s.Errorf("event %d is of order %s version %d", i, e.Order, e.Version)
		}
		all = append(all, fmt.Sprintf("%+v", e))
	}
	if e := events[0]; e.Kind != porting.Created || e.By != Customer || !e.At.Equal(Now) || e.Account != "told" ||
		e.Group != o.Group {
		s.Errorf("the first event is %+v", e)
	}
	passed := events[slices.IndexFunc(events, func(e porting.Event) bool { return e.Kind == porting.Passed })]
	if passed.Charge != 1500 || passed.Before != porting.Processing || passed.Status != porting.Submitted ||
		passed.StatusURL == "" {
		s.Errorf("the event of the fee is %+v", passed)
	}
	for _, secret := range []string{SecretAccount, SecretPIN, SecretSSN} {
		if strings.Contains(strings.Join(all, "\n"), secret) {
			s.Errorf("an event shows %s", secret)
		}
	}
}

func notFound(s suite) {
	_, err := s.store.Load(s.Context(), "404")
	s.code(err, porting.NotFound)
	_, _, err = s.store.View(s.Context(), "404", 10)
	s.code(err, porting.NotFound)
	_, _, err = s.store.Group(s.Context(), "404")
	s.code(err, porting.NotFound)
	o := s.create("a", Numbers(0, 1)...)
	d := s.dueOf(due(porting.DueClock), o.ID)
	_, err = s.store.Event(s.Context(), orders.Due{Kind: orders.DueEvent, Key: d.Key + ".404", Order: o.ID})
	s.code(err, porting.NotFound)
}

func stale(s suite) {
	o := s.create("a", Numbers(0, 1)...)
	edit := porting.Edit{By: Customer, To: porting.Details{Alias: "first"}, Fields: []string{"alias"}}
	if _, err := s.book.Apply(s.Context(), o, edit); err != nil {
		s.Fatal(err)
	}
	edit.To.Alias = "second"
	_, err := s.book.Apply(s.Context(), o, edit)
	s.code(err, porting.Stale)
	got, events, err := Whole(s.Context(), s.store, o.ID)
	if err != nil || got.Details.Alias != "first" || got.Version != 2 || len(events) != 2 {
		s.Errorf("the alias is %q in version %d with %d events (%v)", got.Details.Alias, got.Version, len(events), err)
	}
}

func parallelWriters(s suite) {
	const writers = 20
	o := s.create("a", Numbers(0, 1)...)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for {
				_, err := s.book.Do(s.Context(), o.ID,
					porting.Comment{By: Customer, Text: fmt.Sprintf("comment %d", i)})
				if err == nil {
					return
				}
				if !porting.Is(err, porting.Stale) {
					s.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	got, events, err := Whole(s.Context(), s.store, o.ID)
	if err != nil {
		s.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range events {
		seen[e.Message.Text] = true
	}
	if got.Version != writers+1 || len(events) != writers+1 || len(seen) != writers+1 {
		s.Errorf("version %d with %d events, %d of them different; want %d of each", got.Version, len(events),
			len(seen), writers+1)
	}
}
