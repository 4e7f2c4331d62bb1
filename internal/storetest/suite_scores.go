package storetest

import (
	"hash/fnv"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portway/internal/porting"
)

var scoresCases = []testCase{
	{"an event counts once in the scores", scores},
	{"parallel counts lose nothing", parallelScores},
	{"an event's lesson counts once", lessons},
}

// tallied returns events that the store has, each with the tally that the test wants counted.
func (s suite) tallied(tallies ...porting.Tally) []porting.Event {
	s.Helper()
	var all []porting.Event
	for n, tally := range tallies {
		o := s.create("scores", Numbers(n, 1)...)
		_, events, err := Whole(s.Context(), s.store, o.ID)
		if err != nil {
			s.Fatal(err)
		}
		e := events[0]
		e.Tally = tally
		all = append(all, e)
	}
	return all
}

func scores(s suite) {
	events := s.tallied(
		porting.Tally{Mark: porting.MarkAccepted, Peer: "locals", Carrier: "8X34", Answered: true, Days: 2, Lead: 5},
		porting.Tally{Mark: porting.MarkAccepted, Peer: "locals", Carrier: "8X34", Answered: true, Days: 99, Lead: 7},
		porting.Tally{Mark: porting.MarkRefused, Peer: "locals2", Carrier: "8X34", Answered: true},
		porting.Tally{Mark: porting.MarkDown, Peer: "locals"},
		porting.Tally{Mark: porting.MarkLost, Peer: "locals", Carrier: "6214"},
		porting.Tally{}, // counts nothing
	)
	events[4].At = Now.AddDate(0, -2, 0)
	for range 2 {
		for _, e := range events {
			if err := s.store.Count(s.Context(), e); err != nil {
				s.Fatal(err)
			}
		}
	}
	unknown := events[0]
	unknown.Version += 7
	if err := s.store.Count(s.Context(), unknown); err != nil { // an event that never was counts nothing
		s.Error(err)
	}
	down := events[3].At
	both := porting.Month{Month: "2027-03", Peer: "locals", Marks: map[porting.Mark]int{porting.MarkAccepted: 2},
		Lead: 12}
	both.Days[2], both.Days[porting.MaxDays] = 1, 1
	march, other := both, porting.Month{Month: "2027-03", Peer: "locals2",
		Marks: map[porting.Mark]int{porting.MarkRefused: 1}}
	march.Marks, march.DownAt = map[porting.Mark]int{porting.MarkAccepted: 2, porting.MarkDown: 1}, down
	other.Days[0] = 1
	january := porting.Month{Month: "2027-01", Peer: "locals", Marks: map[porting.Mark]int{porting.MarkLost: 1}}
	for _, test := range []struct {
		of    porting.Scored
		since string
		want  []porting.Month
	}{
		{porting.ScoreOfPeer("locals"), "2027-01", []porting.Month{january, march}},
		{porting.ScoreOfPeer("locals"), "2027-02", []porting.Month{march}},
		{porting.ScoreOfCarrier("8X34"), "2026-10", []porting.Month{both, other}},
		{porting.ScoreOfCarrier("6214"), "2026-10", []porting.Month{january}},
		{porting.ScoreOfPeer("nobody"), "2026-10", nil},
	} {
		got, err := s.store.Months(s.Context(), test.of, test.since)
		if err != nil {
			s.Fatal(err)
		}
		slices.SortFunc(got, func(a, b porting.Month) int { return strings.Compare(a.Month+a.Peer, b.Month+b.Peer) })
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			s.Errorf("%s since %s: want (-), got (+):\n%s", test.of, test.since, diff)
		}
	}
}

func parallelScores(s suite) {
	const writers = 8
	tallies := make([]porting.Tally, writers)
	for n := range tallies {
		tallies[n] = porting.Tally{Mark: porting.MarkAccepted, Peer: "busy", Carrier: "busy", Answered: true, Days: 1}
	}
	events := s.tallied(tallies...)
	var all sync.WaitGroup
	for _, e := range slices.Concat(events, events) { // each by two functions
		all.Go(func() {
			for { // as the outbox does
				if err := s.store.Count(s.Context(), e); !porting.Is(err, porting.Stale) {
					if err != nil {
						s.Error(err)
					}
					return
				}
			}
		})
	}
	all.Wait()
	for _, of := range []porting.Scored{porting.ScoreOfPeer("busy"), porting.ScoreOfCarrier("busy")} {
		months, err := s.store.Months(s.Context(), of, "2027-03")
		if err != nil || len(months) != 1 || months[0].Marks[porting.MarkAccepted] != writers ||
			months[0].Days[1] != writers {
			s.Errorf("%s: %+v (%v)", of, months, err)
		}
	}
}

func lessons(s suite) {
	took := func(days int) porting.Took { return porting.Took{Known: true, Days: days} }
	events := s.tallied(porting.Tally{}, porting.Tally{}, porting.Tally{Mark: porting.MarkAccepted, Peer: "locals"}, porting.Tally{})
	for n, lesson := range []porting.Lesson{
		{Carrier: "cox", CSR: took(0)},
		{Carrier: "cox", Answered: true, Refused: []porting.ReasonCode{porting.ZipMismatch, porting.PINInvalid}},
		{Carrier: "cox", Answered: true, FOC: took(3), Port: took(99)},
		{Carrier: "SPID:8X34", Answered: true, Refused: []porting.ReasonCode{porting.ZipMismatch}},
	} {
		events[n].Lesson = lesson
	}
	events[0].At = Now.AddDate(-1, 0, 0)
	var all sync.WaitGroup
	for _, e := range slices.Concat(events, events) { // each by two functions
		all.Go(func() {
			for { // as the outbox does
				if err := s.store.Count(s.Context(), e); !porting.Is(err, porting.Stale) {
					if err != nil {
						s.Error(err)
					}
					return
				}
			}
		})
	}
	all.Wait()
	slots := func(events ...porting.Event) (set [porting.AccountSlots]bool) {
		for _, e := range events {
			h := fnv.New32a()
			h.Write([]byte(e.Account))
			set[h.Sum32()%porting.AccountSlots] = true
		}
		return set
	}
	cox := porting.Learned{Orders: 2, Slots: slots(events...), Refused: map[porting.ReasonCode]int{porting.ZipMismatch: 1, porting.PINInvalid: 1}}
	cox.FOC[3], cox.Port[porting.MaxTook] = 1, 1
	earlier := cox
	earlier.CSR[0] = 1
	both := cox
	both.Orders, both.Refused = 3, map[porting.ReasonCode]int{porting.ZipMismatch: 2, porting.PINInvalid: 1}
	for _, test := range []struct {
		carriers []string
		since    string
		want     porting.Learned
	}{
		{[]string{"cox"}, porting.QuarterOf(Now), cox},
		{[]string{"cox"}, porting.QuarterOf(Now.AddDate(-1, 0, 0)), earlier},
		{[]string{"cox", "SPID:8X34"}, porting.LearnedSince(Now), both},
		{[]string{"co"}, porting.LearnedSince(Now), porting.Learned{}},
		{nil, porting.LearnedSince(Now), porting.Learned{}},
	} {
		got, err := s.store.Learned(s.Context(), test.carriers, test.since)
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			s.Errorf("%v since %s (%v): want (-), got (+):\n%s", test.carriers, test.since, err, diff)
		}
	}
	months, err := s.store.Months(s.Context(), porting.ScoreOfPeer("locals"), "2027-03")
	if err != nil || len(months) != 1 || months[0].Marks[porting.MarkAccepted] != 1 {
		s.Errorf("the tally that came with a lesson: %+v (%v)", months, err)
	}
}
