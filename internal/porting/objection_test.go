package porting

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// The words of an objection fit into a note, name the request, the ground and the rule, and hold no value of the customer
// or of the record: for each class and each reason, on every step of the ladder.
func TestEachObjectionFitsIntoANote(t *testing.T) {
	r := rules(t)
	for _, terms := range Classes {
		for _, info := range Reasons {
			o := refusedAs(t, terms.Class, tns(1), Reason{Code: info.Code, Said: "ACCT 7788 of Ada Lovelace"})
			o.Attempts[0].Record = echo(o.Details, strings.ToUpper)
			o.Attempts[0].Answered = now
			o.Objection = Objection{State: ObjectionRaised, Class: terms.Class, Reasons: []ReasonCode{info.Code, AccountUnpaid},
				PON: "pw-9007199254740991-12", Version: 3, Asked: now}
			for _, rung := range Ladder(terms.Class) {
				o.Objection.Step, o.Objection.Ends = rung.Step, r.endOf(o, rung, now)
				words := r.ObjectionText(o)
				if n := utf8.RuneCountInString(words); n > maxObjection {
					t.Errorf("%s, %s, %s: %d characters", terms.Class, info.Code, rung.Step, n)
				}
				for _, want := range []string{"Objection for " + rung.Who, "pw-9007199254740991-12", "version 3", info.Title} {
					if !strings.Contains(words, want) {
						t.Errorf("%s, %s, %s lacks %q: %s", terms.Class, info.Code, rung.Step, want, words)
					}
				}
				for _, value := range []string{"Lovelace", "LOVELACE", "Analytical", "ANALYTICAL", "Pike", "PIKE", "98101", "7788",
					canaryAccount, canaryPIN, canarySSN} {
					if strings.Contains(words, value) {
						t.Errorf("%s, %s shows %q: %s", terms.Class, info.Code, value, words)
					}
				}
			}
		}
	}
}

// Business hours are counted from 8:00 to 17:00 of business days at the carrier's clock.
func TestBusinessHours(t *testing.T) {
	c := rules(t).Calendar
	at := func(day, hour, minute int) time.Time {
		return time.Date(2027, 3, day, hour, minute, 0, 0, c.Location())
	}
	for _, test := range []struct {
		name       string
		from, want time.Time
	}{
		{"in the morning", at(2, 9, 0), at(2, 13, 0)},
		{"before it opens", at(2, 5, 0), at(2, 12, 0)},
		{"over the evening", at(2, 15, 0), at(3, 10, 0)},
		{"after it has closed", at(2, 20, 0), at(3, 12, 0)},
		{"to the minute of closing", at(2, 13, 0), at(2, 17, 0)},
		{"over a weekend", at(5, 16, 30), at(8, 11, 30)},
		{"on a Sunday", at(7, 12, 0), at(8, 12, 0)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := addBusinessHours(c, test.from, 4*time.Hour); !got.Equal(test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// An objection climbs by the clock alone where the system climbs it, rung by rung, and stays on the last one.
func TestTheLadder(t *testing.T) {
	l := brought(t, Submitted)
	prepared(l)
	l.do(Object{By: staff})
	var steps []string
	for {
		b := l.o.Objection
		steps = append(steps, string(b.Step))
		if b.Rung().files() {
			break
		}
		if _, _, err := l.r.Apply(l.o, EscalateObjection{By: system}, b.Ends.Add(-time.Minute)); codeOf(err) != TooEarly {
			t.Fatalf("%s is left too early: %v", b.Step, err)
		}
		if check := l.o.Due[DueCheck]; check.After(b.Ends) {
			t.Errorf("%s ends on %s and is looked at on %s", b.Step, b.Ends, check)
		}
		l.at = b.Ends
		l.do(EscalateObjection{By: system})
	}
	if got, want := strings.Join(steps, " "), "port_center supervisor manager carrier_relations fcc_informal"; got != want {
		t.Errorf("the steps are %s, want %s", got, want)
	}
	if !l.o.Objection.Ends.IsZero() || l.r.ObjectionDue(l.o, l.at.AddDate(1, 0, 0)) {
		t.Error("a complaint has a clock of ours")
	}
	l.do(EscalateObjection{By: staff}, EscalateObjection{By: staff})
	if _, _, err := l.r.Apply(l.o, EscalateObjection{By: staff}, l.at); codeOf(err) != WrongStatus {
		t.Errorf("there is somebody above the last rung: %v", err)
	}
	for _, class := range []Class{CanadaWireline, CanadaWireless} {
		for _, rung := range Ladder(class) {
			if strings.HasPrefix(string(rung.Step), "fcc") {
				t.Errorf("%s ports are brought to %s", class, rung.Who)
			}
		}
	}
}

// Whatever happens to an order, an open objection ends when its refusal no longer stands, and its question with it.
func TestHowObjectionsEnd(t *testing.T) {
	for _, test := range []struct {
		name string
		cmds []Command
		want ObjectionOutcome
	}{
		{"the carrier agrees to a date", []Command{accepted}, ObjectionWon},
		{"the carrier gives another ground", []Command{Refuse{By: peer, PON: "P1", Said: "REJECTED",
			Reasons: []Reason{{Code: PortFreeze}}}}, ObjectionOvertaken},
		{"the request is sent again", []Command{Retry{By: staff}}, ObjectionOvertaken},
		{"the order is repaired", []Command{Repair{By: system, Repairs: []RepairKind{TryLater}, Sup: SupOther}}, ObjectionOvertaken},
		{"our staff rejects the order", []Command{returned}, ObjectionDropped},
		{"our staff drops it", []Command{DropObjection{By: staff}}, ObjectionDropped},
		{"the order is cancelled", []Command{HardCancel{By: staff, Why: "Asked for."}}, ObjectionMoot},
		{"the customer sends the order again", []Command{Return{By: system, Reasons: unpaid.Reasons}, Resubmit{By: customer},
			Approve{By: staff}}, ObjectionOvertaken},
		{"the customer gives up", []Command{Return{By: system, Reasons: unpaid.Reasons}, Cancel{By: customer}}, ObjectionMoot},
		{"the carrier gives way beside the customer's fix", []Command{Return{By: system, Reasons: unpaid.Reasons},
			TakeUp{By: system}, accepted}, ObjectionWon},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Submitted)
			prepared(l)
			if l.o.Desk.Key != MsgAskObject || l.o.Objection.Open() != true {
				t.Fatalf("the objection is not prepared: %+v", l.o.Objection)
			}
			l.do(test.cmds...)
			b := l.o.Objection
			if b.State != ObjectionEnded || b.Outcome != test.want || b.Ended.IsZero() || !b.Ends.IsZero() {
				t.Errorf("it has ended as %q, want %q: %+v", b.Outcome, test.want, b)
			}
			if objectionQuestion(l.o.Desk) {
				t.Errorf("a person is still asked %s", l.o.Desk.Key)
			}
		})
	}
}

// The system objects to nothing that the carrier may refuse, and twice to nothing.
func TestWhatTheSystemDoesNotContest(t *testing.T) {
	l := brought(t, Submitted)
	if _, _, err := l.r.Apply(l.o, Object{By: system}, l.at); codeOf(err) != WrongStatus {
		t.Errorf("a request that nobody has refused is contested: %v", err)
	}
	l.do(refused)
	if _, _, err := l.r.Apply(l.o, Object{By: system}, l.at); codeOf(err) != WrongStatus {
		t.Errorf("a lawful ground is contested: %v", err)
	}
	l = brought(t, Submitted)
	prepared(l)
	l.do(DropObjection{By: staff})
	if _, _, err := l.r.Apply(l.o, Object{By: system}, l.at); codeOf(err) != Settled {
		t.Errorf("what our staff has dropped is contested again: %v", err)
	}
	if d := l.r.DecideRepair(l.o, Help{}, l.at); d.Do != RepairByCustomer {
		t.Errorf("a dropped objection leads to %s", d.Do)
	}
}

// In a sandbox a step lasts as long as its days do there.
func TestASandboxClimbsAtItsOwnPace(t *testing.T) {
	l := brought(t, Submitted)
	l.r.SandboxDay = 10 * time.Second
	l.o.Sandbox = true
	prepared(l)
	l.do(Object{By: staff})
	asked := l.o.Objection.Asked
	if l.r.ObjectionDue(l.o, asked.Add(time.Second)) || !l.r.ObjectionDue(l.o, asked.Add(time.Minute)) {
		t.Errorf("the step ends on %s", l.o.Objection.Ends)
	}
}

// A function of a release that knows no objections takes them off the order. Rules object twice then, and not for ever.
func TestALostObjectionIsNotMadeForEver(t *testing.T) {
	l := brought(t, Submitted)
	prepared(l)
	for made := 1; ; made++ {
		l.o.Objection, l.o.Desk = Objection{}, Message{}
		if d := l.r.DecideRepair(l.o, Help{}, l.at); d.Do != RepairByObjection {
			if made != mostContests || d.Do != RepairByCustomer {
				t.Errorf("after %d objections: %s", made, d.Do)
			}
			return
		}
		if made > mostContests {
			t.Fatalf("there is objection %d", made+1)
		}
		l.do(Object{By: system})
	}
}

// While a refusal is contested the carrier repeats it for a while. Only one with another ground is taken, and then it is
// decided on like any refusal.
func TestASecondRefusalOfAContestedRequest(t *testing.T) {
	for name, test := range map[string]struct {
		reasons []Reason
		taken   bool
	}{
		"the same ground":           {unpaid.Reasons, false},
		"another ground":            {[]Reason{{Code: PortFreeze}}, true},
		"another ground beside it":  {append(slices.Clone(unpaid.Reasons), Reason{Code: PortFreeze}), true},
		"no ground that is told us": {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := brought(t, Submitted)
			prepared(l)
			l.do(Object{By: staff})
			port, _ := l.o.Last(AskPort)
			heard := l.r.Hear(l.o, Answer{State: AnswerRefused, Said: "REJECTED", Reasons: test.reasons, About: l.o.About()}, peer, l.at)
			o, _, err := l.r.Apply(l.o, Refuse{By: peer, PON: port.PON, Said: "REJECTED", Reasons: test.reasons}, l.at)
			if taken := err == nil; taken != test.taken || (len(heard.Commands) > 0) != test.taken {
				t.Fatalf("taken %t, heard %+v, %v", taken, heard.Commands, err)
			}
			if test.taken && (o.Objection.Open() || !o.isRefused() || o.Reasons[len(o.Reasons)-1].Code != PortFreeze) {
				t.Errorf("%+v for %+v", o.Objection, o.Reasons)
			}
		})
	}
}
