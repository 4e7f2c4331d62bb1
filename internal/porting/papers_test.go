package porting

import (
	"slices"
	"testing"
	"time"
)

// A fresh letter is asked for five days before the old one is too old, once for each letter, while the order may have to be sent
// (again); of an accepted order only when its letter runs out before its day.
func TestPapersRunOut(t *testing.T) {
	for _, test := range []struct {
		name   string
		status Status
		change func(*Order)
		want   int // days from the signature to the question; 0 is never
	}{
		{"not before it is signed", Pending, nil, 0},
		{"not while we check it", Processing, nil, 0},
		{"with the carrier", Submitted, nil, 25},
		{"with us for review", Review, nil, 25},
		{"with the customer", Rejected, nil, 25},
		{"an agreed day comes first", Accepted, nil, 0},
		{"an agreed day comes later", Accepted, func(o *Order) { o.FOCAt = o.Signature.At.AddDate(0, 0, 31) }, 25},
		{"toll-free", Submitted, func(o *Order) { o.Kind = TollFree }, 25},
		{"asked already", Submitted, func(o *Order) { o.Renewals = map[string]time.Time{SignedLOA: o.Signature.At} }, 0},
		{"asked for the letter before", Submitted, func(o *Order) { o.Renewals = map[string]time.Time{SignedLOA: o.Signature.At.AddDate(0, 0, -30)} }, 25},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, test.status)
			if test.change != nil {
				test.change(&l.o)
			}
			l.do(Comment{system, "Now."})
			at, due := l.o.Due[DuePapers]
			if due != (test.want > 0) {
				t.Fatalf("due %v", at)
			}
			if !due {
				if _, _, err := l.r.Apply(l.o, AskRenewal{system}, l.o.Signature.At.AddDate(1, 0, 0)); err == nil {
					t.Error("asked all the same")
				}
				return
			}
			if want := l.o.Signature.At.AddDate(0, 0, test.want); !at.Equal(want) {
				t.Errorf("due %s, want %s", at, want)
			}
			if _, _, err := l.r.Apply(l.o, AskRenewal{system}, at.Add(-1)); codeOf(err) != TooEarly {
				t.Errorf("a moment too early: %v", err)
			}
			signedAt := l.o.Signature.At
			l.at = at
			e := l.do(AskRenewal{system}).last()
			if e.Paper != SignedLOA || !e.Ends.Equal(signedAt.AddDate(0, 0, 30)) || !e.Comment || !slices.Contains(e.Effects, SendMail) || e.Status != test.status {
				t.Errorf("%+v", e)
			}
			if _, again := l.o.Due[DuePapers]; again {
				t.Error("asked twice for one letter")
			}
		})
	}
}

// A letter that is renewed on the way is watched anew, and what only a new order needs does not keep it back.
func TestRenewTheLetter(t *testing.T) {
	for _, s := range []Status{Submitted, Review, Accepted} {
		l := brought(t, s)
		l.o.FOCAt = l.o.Signature.At.AddDate(0, 0, 90)
		l.at = l.o.Signature.At.AddDate(0, 0, 26) // the date asked for has gone by
		l.do(AskRenewal{system})
		if _, _, err := l.r.Apply(l.o, Sign{By: customer}, l.at); !slices.Equal(faultsOf(err), []string{"signature_name required", "signature_title required"}) {
			t.Errorf("unsigned: %v", err)
		}
		l.do(signed)
		if l.o.Status != s || l.last().Kind != LOARenewed || !slices.Equal(unpublished(t, l.last()), []Effect{FileLOA}) || l.r.LOAExpired(l.o, l.at.AddDate(0, 0, 29)) {
			t.Errorf("in %s: %+v", s, l.last())
		}
		if want := l.o.Signature.At.AddDate(0, 0, 25); !l.o.Due[DuePapers].Equal(want) {
			t.Errorf("in %s the new letter is due %s, want %s", s, l.o.Due[DuePapers], want)
		}
	}
}

// On the way a paper is taken only when it was asked for, and each of them once.
func TestNobodyAskedForThePaper(t *testing.T) {
	for _, s := range []Status{Submitted, Review, Accepted} {
		l := brought(t, s)
		for name, cmd := range map[string]Command{"letter": signed, "bill": AddDocument{customer, bill}, "proof": AddDocument{customer, Document{Name: "p.pdf", Kind: ProofDocument}}} {
			if _, _, err := l.r.Apply(l.o, cmd, l.at); codeOf(err) != WrongStatus {
				t.Errorf("a %s in %s: %v", name, s, err)
			}
		}
	}
	l := brought(t, Submitted)
	l.at = l.o.Signature.At.AddDate(0, 0, 26)
	l.do(AskRenewal{system}, signed)
	if _, _, err := l.r.Apply(l.o, signed, l.at); codeOf(err) != WrongStatus {
		t.Errorf("another letter: %v", err)
	}
}

// Each carrier's own age counts.
func TestLetterDays(t *testing.T) {
	r := rules(t)
	r.LOADays = 15
	if local, tollFree := r.loaDays(Order{Kind: Local}), r.loaDays(Order{Kind: TollFree}); local != 15 || tollFree != 30 {
		t.Errorf("local %d, toll-free %d", local, tollFree)
	}
}

// The newest bill of those that were accepted is watched too, by the day on which it was issued.
func TestABillRunsOut(t *testing.T) {
	l := brought(t, Submitted)
	l.o.Renewals = map[string]time.Time{SignedLOA: l.o.Signature.At}
	l.o.Documents = append(l.o.Documents, Document{ID: "7", Kind: BillDocument, State: DocumentComplete, Dated: "2027-01-20"},
		Document{ID: "8", Kind: BillDocument, State: DocumentComplete, Dated: "2027-02-20"}, Document{ID: "9", Kind: BillDocument, State: DocumentError, Dated: "2027-03-01"},
		Document{ID: "10", Kind: BillDocument, State: DocumentComplete}, Document{ID: "11", Kind: ProofDocument, State: DocumentComplete, Dated: "2027-03-01"})
	l.do(Comment{system, "Now."})
	if want := time.Date(2027, 3, 17, 23, 59, 59, 0, time.UTC); !l.o.Due[DuePapers].Equal(want) {
		t.Fatalf("due %s, want %s", l.o.Due[DuePapers], want)
	}
	l.at = l.o.Due[DuePapers]
	e := l.do(AskRenewal{system}).last()
	last := DateOf(e.Ends.In(l.r.Calendar.Location()))
	if e.Paper != Bill || last != "2027-03-22" {
		t.Errorf("taken until %s: %+v", last, e)
	}
	noon := last.In(l.r.Calendar.Location()).Add(12 * time.Hour)
	for day, stale := range map[time.Time]bool{noon: false, noon.AddDate(0, 0, 1): true} {
		if l.r.Stale(l.o, Document{Kind: BillDocument, Dated: "2027-02-20"}, day) != stale {
			t.Errorf("on %s the bill's being too old is not %v", DateOf(day), stale)
		}
	}
	l.do(AddDocument{customer, Document{Name: "bill.pdf", Kind: BillDocument, Dated: "2027-03-15"}})
	if l.o.Status != Submitted || !l.o.Due[DuePapers].IsZero() {
		t.Errorf("%s, due %s before the new bill is accepted", l.o.Status, l.o.Due[DuePapers])
	}
}
