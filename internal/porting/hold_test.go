package porting

import (
	"slices"
	"testing"
	"time"
)

// From whom an order keeps its numbers, at each point of its life.
func TestHoldsByLife(t *testing.T) {
	const none, own, all = "", "own account", "all accounts"
	checkFails := Return{By: system, Reasons: []Reason{{Code: AddressInvalid}}}
	for _, test := range []struct {
		name string
		life []Command
		want string
	}{
		{"a draft", nil, own},
		{"a draft with another number", []Command{ChangeNumbers{By: customer, Add: []string{"+12065550199"}}}, own},
		{"signed", []Command{signed}, all},
		{"given back before a carrier was asked", []Command{signed, checkFails}, all},
		{"sent again", []Command{signed, checkFails, Resubmit{By: customer}}, all},
		{"with a carrier", reach[Submitted], all},
		{"refused by a carrier", reach[Rejected], all},
		{"given up", []Command{signed, checkFails, Cancel{By: customer}}, none},
		{"done", reach[Completed], none},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 2).do(test.life...)
			var want []string
			switch test.want {
			case own:
				for _, tn := range l.o.Active() {
					want = append(want, string(l.o.Account)+"/"+tn)
				}
			case all:
				want = l.o.Active()
			}
			if got := l.o.Holds(); !slices.Equal(got, want) {
				t.Errorf("it holds %v, want %v", got, want)
			}
			if got := l.o.Drafted(); (got > 0) != (test.want == own) {
				t.Errorf("%d unsigned numbers", got)
			}
		})
	}
}

// The hold of a rejected order lapses after seven rejected days without a request at a carrier, whatever the customer
// does on the order meanwhile, and is taken anew with the next submission.
func TestHoldLapses(t *testing.T) {
	checkFails := Return{By: system, Reasons: []Reason{{Code: AddressInvalid}}}
	day := 24 * time.Hour
	t.Run("the seventh day", func(t *testing.T) {
		l := begin(t, 2).do(signed, checkFails)
		end := l.o.StatusAt.Add(7 * day)
		l.do(Edit{By: customer, To: details(), Fields: []string{"city"}})
		if got := l.r.Lapses(l.o); !got.Equal(end) || !l.o.Due[DueClock].Equal(end) {
			t.Fatalf("it lapses at %s, due %s, want %s", got, l.o.Due[DueClock], end)
		}
		if _, _, err := l.r.Apply(l.o, Lapse{system}, end.Add(-1)); codeOf(err) != TooEarly {
			t.Errorf("before: %v", err)
		}
		l.at = end
		l.do(Lapse{system})
		if !l.o.OwnOnly || l.o.Drafted() != 2 || !l.last().Comment || l.o.Due[DueClock].Before(end) {
			t.Errorf("own %v, %d unsigned, event %+v, due %v", l.o.OwnOnly, l.o.Drafted(), l.last(), l.o.Due)
		}
		if _, _, err := l.r.Apply(l.o, Lapse{system}, end); codeOf(err) != Settled {
			t.Errorf("again: %v", err)
		}
		if l.do(Resubmit{By: customer}); l.o.OwnOnly || l.o.HeldIdle != 0 {
			t.Errorf("resubmitted, own %v, idle %s", l.o.OwnOnly, l.o.HeldIdle)
		}
	})
	t.Run("rejected days add up", func(t *testing.T) {
		l := begin(t, 1).do(signed, checkFails)
		l.at = l.o.StatusAt.Add(5 * day)
		l.do(Resubmit{By: customer})
		l.at = l.at.Add(3 * day) // of our review
		l.do(Return{By: staff, Reasons: []Reason{{Code: AddressInvalid}}})
		if want := l.o.StatusAt.Add(2 * day); !l.r.Lapses(l.o).Equal(want) {
			t.Errorf("it lapses at %s, want %s", l.r.Lapses(l.o), want)
		}
	})
	for name, change := range map[string]func(*Order){
		"a carrier has had the request":     func(o *Order) { o.Attempts = []Attempt{{Kind: AskPort, Ref: "1", State: AnswerRefused}} },
		"a carrier may have the request":    func(o *Order) { o.Attempts = []Attempt{{Kind: AskPort}} },
		"the request at the peer has ended": func(o *Order) { o.Attempts = []Attempt{{Kind: AskPort, Ref: "1", State: AnswerOver}} },
		"a sandbox meets no other account":  func(o *Order) { o.Sandbox = true },
		"not rejected":                      func(o *Order) { o.Status = Review },
	} {
		t.Run("never: "+name, func(t *testing.T) {
			l := begin(t, 1).do(signed, checkFails)
			change(&l.o)
			if at := l.r.Lapses(l.o); !at.IsZero() {
				t.Errorf("it lapses at %s", at)
			}
		})
	}
	t.Run("a peer that has denied the request has nothing of it", func(t *testing.T) {
		l := begin(t, 1).do(signed, checkFails)
		l.o.Attempts = []Attempt{{Kind: AskPort, State: AnswerDenied}, {Kind: AskCSR, Ref: "2"}}
		if l.r.Lapses(l.o).IsZero() {
			t.Error("it never lapses")
		}
	})
}

// An unsigned order of an earlier release holds its numbers against everybody until its next change.
func TestHoldOfAnEarlierRelease(t *testing.T) {
	for name, cmd := range map[string]Command{
		"asked for by another account": Lapse{system},
		"edited":                       Edit{By: customer, To: details(), Fields: []string{"city"}},
		"signed":                       signed,
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, 2)
			l.o.OwnOnly = false
			if holds := l.o.Holds(); !slices.Equal(holds, l.o.Active()) || l.o.Drafted() != 0 {
				t.Fatalf("it holds %v", holds)
			}
			if l.do(cmd); l.o.OwnOnly != (l.o.Status == Pending) {
				t.Errorf("%s, own %v", l.o.Status, l.o.OwnOnly)
			}
		})
	}
}

// A step that changes the kind of many holds takes them in its transaction and leaves the old ones to their effect.
func TestLeavesHolds(t *testing.T) {
	for n, want := range map[int]bool{HoldsPerTransaction / 2: false, HoldsPerTransaction/2 + 1: true} {
		before := begin(t, n)
		after := begin(t, n).do(signed)
		if got := LeavesHolds(before.o, after.o); got != want || slices.Contains(after.last().Effects, ReleaseNumbers) != want {
			t.Errorf("%d numbers signed: %v, effects %v", n, got, after.last().Effects)
		}
	}
	if LeavesHolds(Order{}, begin(t, 500).o) {
		t.Error("a new order leaves holds")
	}
}
