package porting

import (
	"slices"
	"testing"
	"time"
)

// Who doubts a port has a case: evidence at once, papers by the end of the clock, and then a person.
func TestDoubtedPort(t *testing.T) {
	for raised, days := range map[CaseRaised]int{RaisedByHolder: 2, RaisedByCarrier: 1} {
		t.Run(string(raised), func(t *testing.T) {
			l := brought(t, Completed)
			opened := l.at
			l.do(OpenCase{By: staff, Raised: raised, Who: "J. Roe, by mail"})
			a := l.o.Authority
			if want := l.r.Calendar.AddBusinessDays(opened, days); !a.Ends.Equal(want) || !l.o.Due[DueDispute].Equal(want) {
				t.Errorf("it ends at %s, due %s, want %s", a.Ends, l.o.Due[DueDispute], want)
			}
			e := l.last()
			if !e.Comment || !slices.Contains(e.Effects, FileEvidence) || !slices.Contains(e.Effects, SendMail) ||
				e.Message.Args["who"] != "" {
				t.Errorf("event %+v", e)
			}
			if _, _, err := l.r.Apply(l.o, OpenCase{By: staff, Raised: raised, Who: "again"}, l.at); codeOf(err) != WrongStatus {
				t.Errorf("a second case: %v", err)
			}
			l.do(AddDocument{By: customer, Document: bill})
			if _, _, err := l.r.Apply(l.o, LapseCase{system}, l.at); codeOf(err) != TooEarly {
				t.Errorf("before the end: %v", err)
			}
			l.at = a.Ends
			l.do(LapseCase{system})
			if l.o.Desk.Key != MsgAskAuthority || !l.o.Due[DueDispute].IsZero() {
				t.Errorf("asked %+v, due %s", l.o.Desk, l.o.Due[DueDispute])
			}
			l.do(CloseCase{By: staff, State: CaseReturned, Why: "Nothing shows that the holder wanted it."})
			if l.o.Desk.Key != MsgAskWinback || !slices.Equal(Listed(l.o.Desk.Args["numbers"]), a.Numbers) || len(l.o.In(SnappedBack)) > 0 {
				t.Errorf("asked %+v", l.o.Desk)
			}
			fee := l.o.Refunded
			l.do(TakeSnapback{By: staff})
			if back := l.o.In(SnappedBack); !slices.Equal(back, a.Numbers) || !l.o.Desk.IsZero() || l.o.Numbers[0].Reason != PortUndone || l.o.Refunded != fee {
				t.Errorf("gone back: %v, desk %+v, refunded %s", l.o.Numbers, l.o.Desk, l.o.Refunded)
			}
		})
	}
	t.Run("a case that is decided in time begins the snapback, with its clock", func(t *testing.T) {
		l := brought(t, Completed)
		l.do(OpenCase{By: staff, Raised: RaisedByHolder, Who: "by mail", Numbers: tns(1)})
		l.at = l.o.Numbers[0].At.Add(SnapbackTime - time.Hour)
		l.do(CloseCase{By: staff, State: CaseReturned, Why: "Nothing shows that the holder wanted it."})
		if l.o.Desk.Key != MsgAskSnapback || l.o.Desk.Args["numbers"] != tns(1)[0] || l.o.Desk.Args["until"] == "" ||
			len(l.r.Waits(l.o)) != 1 || l.r.Waits(l.o)[0].Queue != QueueFallout {
			t.Fatalf("asked %+v", l.o.Desk)
		}
		if l.do(RefuseSnapback{By: staff, Why: "The line was ended."}); !slices.Equal(l.o.In(Ported), tns(3)) {
			t.Errorf("%+v", l.o.Numbers)
		}
	})
	t.Run("numbers that are on their way back stay so, beside those of the case", func(t *testing.T) {
		l := brought(t, Completed)
		l.do(OpenCase{By: staff, Raised: RaisedByHolder, Who: "by mail", Numbers: tns(2)[1:]},
			AskSnapback{By: staff, HolderAsks: true, Why: "No dial tone.", Numbers: tns(1)},
			CloseCase{By: staff, State: CaseReturned, Why: "Nothing shows that the holder wanted it."})
		if got := Listed(l.o.Desk.Args["numbers"]); l.o.Desk.Key != MsgAskSnapback || !slices.Equal(got, tns(2)) || l.o.Desk.Args["why"] != "No dial tone." {
			t.Errorf("asked %+v", l.o.Desk)
		}
	})
	t.Run("an authorised port stays", func(t *testing.T) {
		l := brought(t, Completed)
		l.do(OpenCase{By: staff, Raised: RaisedByCarrier, Who: "Port desk"}, CloseCase{By: staff, State: CaseAuthorised, Why: "The bill shows it."})
		if len(l.o.In(SnappedBack)) > 0 || l.o.Authority.Open() {
			t.Errorf("%+v", l.o.Authority)
		}
	})
	t.Run("numbers that have not moved are called off", func(t *testing.T) {
		l := brought(t, Submitted)
		l.do(OpenCase{By: staff, Raised: RaisedByHolder, Who: "by mail"})
		if _, _, err := l.r.Apply(l.o, CloseCase{By: staff, State: CaseReturned}, l.at); codeOf(err) != WrongStatus {
			t.Error(err)
		}
		l.do(HardCancel{By: staff, Why: "The holder did not ask for it."})
		if l.o.Authority.State != CaseReturned {
			t.Errorf("the case is %s", l.o.Authority.State)
		}
	})
	t.Run("faults are told all at once", func(t *testing.T) {
		l := brought(t, Completed)
		_, _, err := l.r.Apply(l.o, OpenCase{By: staff, Numbers: []string{"+12065559999"}}, l.at)
		var fields []string
		if e, ok := err.(*Error); ok {
			for _, f := range e.Faults {
				fields = append(fields, f.Field)
			}
		}
		if !slices.Equal(fields, []string{"outcome", "who", "numbers"}) {
			t.Errorf("faults of %v", fields)
		}
	})
	t.Run("without a case no paper comes after the port", func(t *testing.T) {
		l := brought(t, Completed)
		if _, _, err := l.r.Apply(l.o, AddDocument{By: customer, Document: bill}, l.at); codeOf(err) != WrongStatus {
			t.Error(err)
		}
	})
}
