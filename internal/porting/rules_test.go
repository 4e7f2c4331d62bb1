package porting

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func when(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, rules(t).Calendar.Location())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// 45 calendar days in the desk's zone: a pending order from its creation, a rejected one from its notice or the customer's
// last activity (S-PEN, S-SUB, S-REJ, D-STA).
func TestEnd(t *testing.T) {
	edit := Edit{By: customer, To: Details{Alias: "New"}, Fields: []string{"alias"}}
	for _, test := range []struct {
		name string
		life func() *life
		want string
	}{
		{"pending: from creation, over the change to summer time", func() *life { return begin(t, 1) }, "2027-04-16 09:00"},
		{"pending: an edit changes nothing", func() *life { return begin(t, 1).do(edit) }, "2027-04-16 09:00"},
		{"rejected: from the notice", func() *life { return begin(t, 1).do(signed, returned) }, "2027-04-16 11:00"},
		{"rejected: an edit is activity", func() *life { return begin(t, 1).do(signed, returned, edit) }, "2027-04-16 12:00"},
		{"rejected: so is a document", func() *life { return begin(t, 1).do(signed, returned, AddDocument{customer, bill}) }, "2027-04-16 12:00"},
		{"rejected: so are presets", func() *life {
			return begin(t, 1).do(signed, returned, SetPresets{customer, Presets{CNAM: "1"}, []string{"cnam_id"}})
		}, "2027-04-16 12:00"},
		{"rejected: so is a customer's comment", func() *life { return begin(t, 1).do(signed, returned, Comment{customer, "Wait."}) }, "2027-04-16 12:00"},
		{"rejected: our own comment is not", func() *life { return begin(t, 1).do(signed, returned, Comment{staff, "Waiting."}) }, "2027-04-16 11:00"},
		{"processing: nobody's clock", func() *life { return begin(t, 1).do(signed) }, ""},
		{"review: nobody's clock", func() *life { return begin(t, 1).do(signed, returned, Resubmit{customer}) }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := test.life()
			var want time.Time
			if test.want != "" {
				want = when(t, test.want)
			}
			if got := l.r.End(l.o); !got.Equal(want) {
				t.Errorf("it ends %s, want %s", got, want)
			}
		})
	}
}

func TestExpire(t *testing.T) {
	for s, want := range map[Status]Status{Pending: Cancelled, Rejected: Abandoned} {
		l := brought(t, s)
		l.at = l.r.End(l.o).Add(-1)
		if _, _, err := l.r.Apply(l.o, Expire{system}, l.at); codeOf(err) != TooEarly {
			t.Errorf("%s, a nanosecond early: %v", s, err)
		}
		l.at = l.r.End(l.o)
		end := l.at
		if l.do(Expire{system}); l.o.Status != want || !l.last().Ends.Equal(end) ||
			len(l.o.Due) != 0 && !l.o.Withdrawing {
			t.Errorf("%s becomes %s, want %s; due %v", s, l.o.Status, want, l.o.Due)
		}
	}
}

// Reminders come 14 and 3 days before the end; one that was missed is not sent late beside the next.
func TestRemind(t *testing.T) {
	l := begin(t, 1)
	end := l.r.End(l.o)
	if want := end.AddDate(0, 0, -14); !l.o.Due[DueClock].Equal(want) {
		t.Fatalf("the clock is due %s, want %s", l.o.Due[DueClock], want)
	}
	if _, _, err := l.r.Apply(l.o, Remind{system}, end.AddDate(0, 0, -14).Add(-1)); codeOf(err) != TooEarly {
		t.Errorf("early: %v", err)
	}
	l.at = end.AddDate(0, 0, -14)
	if l.do(Remind{system}); l.o.Reminders != 1 || !l.o.Due[DueClock].Equal(end.AddDate(0, 0, -3)) || !l.last().Ends.Equal(end) {
		t.Errorf("after the first: %d sent, due %s", l.o.Reminders, l.o.Due[DueClock])
	}
	late := begin(t, 1)
	late.at = end.AddDate(0, 0, -2)
	if late.do(Remind{system}); late.o.Reminders != 2 || !late.o.Due[DueClock].Equal(end) {
		t.Errorf("both at once: %d sent, due %s", late.o.Reminders, late.o.Due[DueClock])
	}
	if _, _, err := late.r.Apply(late.o, Remind{system}, late.at); codeOf(err) != TooEarly {
		t.Errorf("a third: %v", err)
	}
	if _, _, err := late.r.Apply(late.o, Remind{system}, end.Add(time.Hour)); codeOf(err) != TooEarly {
		t.Errorf("a third after the end: %v", err)
	}
	over := begin(t, 1)
	over.at = end.Add(time.Hour)
	if over.do(Remind{system}); over.o.Reminders != 2 {
		t.Errorf("after the end: %d sent", over.o.Reminders)
	}
	back := brought(t, Rejected)
	back.at = back.r.End(back.o).AddDate(0, 0, -3)
	back.do(Remind{system}, Comment{customer, "I am on it."})
	if back.o.Reminders != 0 || !back.o.Due[DueClock].Equal(back.r.End(back.o).AddDate(0, 0, -14)) {
		t.Errorf("activity does not begin the reminders anew: %d, due %s", back.o.Reminders, back.o.Due[DueClock])
	}
}

// The customer is told a day before the numbers move, once for each agreed day. A day that is agreed less than two days before is
// told by the mail that says so.
func TestAnnounce(t *testing.T) {
	l := brought(t, Accepted)
	eve := l.o.FOCAt.AddDate(0, 0, -1)
	if !l.o.Due[DueClock].Equal(eve) || l.r.Announces(l.o, eve.Add(-1)) || !l.r.Announces(l.o, eve) {
		t.Fatalf("due %s, want %s", l.o.Due[DueClock], eve)
	}
	if _, _, err := l.r.Apply(l.o, Announce{system}, eve.Add(-1)); codeOf(err) != TooEarly {
		t.Errorf("early: %v", err)
	}
	l.at = eve
	if e := l.do(Announce{system}).last(); !e.Mailed() || e.FOC != l.o.FOC || !l.o.Due[DueClock].IsZero() {
		t.Errorf("%+v, due %s", e, l.o.Due[DueClock])
	}
	if _, _, err := l.r.Apply(l.o, Announce{system}, eve.Add(time.Hour)); codeOf(err) != TooEarly {
		t.Errorf("twice: %v", err)
	}
	l.do(MoveFOC{By: peer, FOC: "2027-04-14", At: l.at.AddDate(0, 0, 20)})
	if want := l.o.FOCAt.AddDate(0, 0, -1); !l.o.Due[DueClock].Equal(want) {
		t.Errorf("a new day is due %s, want %s", l.o.Due[DueClock], want)
	}
	if l.do(MoveFOC{By: peer, FOC: "2027-03-20", At: l.at.Add(47 * time.Hour)}); !l.o.Due[DueClock].IsZero() {
		t.Errorf("a day that is told the day before is due %s", l.o.Due[DueClock])
	}
}

// Every 3 business days at 9, or the business day before the date, whichever is sooner; weekly for project orders (S-SUB).
func TestNextCheck(t *testing.T) {
	for _, test := range []struct {
		name, now, want string
		status          Status
		numbers         int
		kind            Kind
		foc, desired    Date
		habit           Habit
	}{
		{name: "every 3 business days", now: "2027-03-02 15:00", want: "2027-03-05 09:00", status: Submitted, desired: "2027-03-15"},
		{name: "over a weekend", now: "2027-03-04 08:00", want: "2027-03-09 09:00", status: Submitted, desired: "2027-03-29"},
		{name: "from a weekend", now: "2027-03-06 12:00", want: "2027-03-10 09:00", status: Submitted, desired: "2027-03-29"},
		{name: "at 9 by the clock, summer time or not", now: "2027-03-12 09:00", want: "2027-03-17 09:00", status: Submitted, desired: "2027-03-29"},
		{name: "over Thanksgiving", now: "2027-11-24 09:00", want: "2027-11-30 09:00", status: Submitted, desired: "2027-12-20"},
		{name: "the day before the date", now: "2027-03-08 09:00", want: "2027-03-09 09:00", status: Accepted, foc: "2027-03-10"},
		{name: "the business day before a Monday", now: "2027-03-11 10:00", want: "2027-03-12 09:00", status: Accepted, foc: "2027-03-15"},
		{name: "the day before has begun: the day after", now: "2027-03-09 09:00", want: "2027-03-11 09:00", status: Accepted, foc: "2027-03-10"},
		{name: "daily when the date has passed", now: "2027-03-15 09:00", want: "2027-03-16 09:00", status: Accepted, foc: "2027-03-10"},
		{name: "the day before the date asked for", now: "2027-03-09 10:00", want: "2027-03-12 09:00", status: Submitted, desired: "2027-03-15"},
		{name: "weekly for a project", now: "2027-03-02 10:00", want: "2027-03-09 09:00", status: Submitted, numbers: ProjectSize, desired: "2027-03-29"},
		{name: "a project below the size is none", now: "2027-03-02 10:00", want: "2027-03-05 09:00", status: Submitted, numbers: ProjectSize - 1, desired: "2027-03-29"},
		{name: "a project's week ends before a holiday", now: "2027-11-18 10:00", want: "2027-11-24 09:00", status: Submitted, numbers: 60, desired: "2027-12-20"},
		{name: "a project too on the day before", now: "2027-03-08 10:00", want: "2027-03-11 09:00", status: Accepted, numbers: 60, foc: "2027-03-12"},
		{name: "a project too daily when the date has passed", now: "2027-03-15 09:00", want: "2027-03-16 09:00", status: Accepted, numbers: 60, foc: "2027-03-10"},
		{name: "a project too daily for toll-free", now: "2027-03-05 10:00", want: "2027-03-08 09:00", status: Submitted, numbers: 60, kind: TollFree, desired: "2027-03-29"},
		{name: "a project too the day after a carrier usually answers", now: "2027-03-02 15:00", want: "2027-03-04 09:00", status: Submitted, numbers: 60, desired: "2027-03-29", habit: Habit{20, 1, 2}},
		{name: "the day after a carrier usually answers", now: "2027-03-02 15:00", want: "2027-03-04 09:00", status: Submitted, desired: "2027-03-29", habit: Habit{20, 1, 2}},
		{name: "daily where it usually answers the same day", now: "2027-03-02 15:00", want: "2027-03-03 09:00", status: Submitted, desired: "2027-03-29", habit: Habit{20, 0, 1}},
		{name: "no later for a slow carrier", now: "2027-03-02 15:00", want: "2027-03-05 09:00", status: Submitted, desired: "2027-03-29", habit: Habit{20, 6, 9}},
		{name: "an answer that is there makes nobody hurry", now: "2027-03-02 15:00", want: "2027-03-05 09:00", status: Accepted, foc: "2027-03-29", habit: Habit{20, 0, 1}},
		{name: "daily for toll-free", now: "2027-03-05 10:00", want: "2027-03-08 09:00", status: Submitted, kind: TollFree, desired: "2027-03-29"},
		{name: "none before the carrier has it", now: "2027-03-02 10:00", status: Processing, desired: "2027-03-29"},
		{name: "none while it is with the customer", now: "2027-03-02 10:00", status: Rejected, desired: "2027-03-29"},
		{name: "none when it is over", now: "2027-03-02 10:00", status: Completed, foc: "2027-03-29"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{Status: test.status, Kind: test.kind, Answers: Answers{FOC: test.foc, Habit: test.habit}, Numbers: make([]Number, max(1, test.numbers)), Given: Given{Details: Details{Desired: test.desired}}}
			var want time.Time
			if test.want != "" {
				want = when(t, test.want)
			}
			if got := rules(t).NextCheck(o, when(t, test.now)); !got.Equal(want) {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// A project differs from other orders in the rule of three business days alone: any other rule that makes the check of a
// small order sooner makes the project's as soon.
func TestNextCheckOfAProject(t *testing.T) {
	r := rules(t)
	compared := 0
	for _, status := range []Status{Submitted, Accepted} {
		for _, kind := range []Kind{Local, TollFree} {
			for _, habit := range []Habit{{}, {20, 0, 1}, {20, 1, 2}, {20, 6, 9}} {
				for date := range 30 { // of March, a few of them in the past
					for _, clock := range []string{"2027-03-02 15:00", "2027-03-08 09:00", "2027-03-13 11:00"} {
						now := when(t, clock)
						day := Date(fmt.Sprintf("2027-03-%02d", date+1))
						o := Order{Status: status, Kind: kind, Answers: Answers{Habit: habit}, Numbers: make([]Number, 1),
							Given: Given{Details: Details{Desired: day}}}
						if status == Accepted {
							o.FOC = day
						}
						small := r.NextCheck(o, now)
						o.Numbers = make([]Number, ProjectSize)
						project := r.NextCheck(o, now)
						usual := r.Calendar.At(r.Calendar.AddBusinessDays(now, r.CheckDays), r.CheckHour, 0)
						switch {
						case small.Before(usual) && !project.Equal(small):
							t.Errorf("%s %s %v, %s at %s: a project is asked %s, another order %s", status, kind, habit, day, clock, project, small)
						case project.Before(small) || project.Sub(now) > 8*24*time.Hour:
							t.Errorf("%s %s %v, %s at %s: a project is asked %s", status, kind, habit, day, clock, project)
						case small.Before(usual):
							compared++
						}
					}
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d orders were asked sooner than usual", compared)
	}
}

// The check keeps its place unless the change moves it.
func TestCheckKeepsItsPlace(t *testing.T) {
	l := brought(t, Submitted)
	due := l.o.Due[DueCheck]
	l.do(Comment{system, "A finding."}, refused, Delay{By: system, Why: Words("The peer is down.")})
	if !l.o.Due[DueCheck].Equal(due) {
		t.Errorf("the check moved from %s to %s", due, l.o.Due[DueCheck])
	}
	l.at = due
	if l.do(Check{By: system, Found: []Message{Words("Nothing new.")}}); !l.o.Due[DueCheck].After(due) {
		t.Errorf("after a check the next is due %s", l.o.Due[DueCheck])
	}
	fast := brought(t, Submitted)
	due = fast.o.Due[DueCheck]
	fast.do(Plan{By: system, Attempt: Attempt{Kind: AskCSR, Peer: "locals", PON: "C"}, Habit: Habit{20, 0, 1}})
	if !fast.o.Due[DueCheck].Before(due) {
		t.Error("the check does not follow the carrier's habit")
	}
	asked := brought(t, Submitted).do(AskDesk{By: system, Why: Say(MsgAskUnclear)})
	at := asked.at
	if asked.do(Retry{By: staff}); !asked.o.Due[DueCheck].Equal(at) {
		t.Errorf("after a person's answer the carrier is asked at %s, want %s", asked.o.Due[DueCheck], at)
	}
	accept := brought(t, Accepted)
	due = accept.o.Due[DueCheck]
	if accept.do(MoveFOC{peer, "2027-03-04", now, false, ""}); accept.o.Due[DueCheck].Equal(due) {
		t.Error("the check does not follow the date")
	}
}

// The fee is taken once, for the numbers that go to the carrier (S-PRE2, D-STA: no further fee).
func TestFee(t *testing.T) {
	total := func(l *life) Money {
		var sum Money
		for _, e := range l.events {
			sum += e.Charge
		}
		return sum
	}
	for _, test := range []struct {
		name string
		cmds []Command
		want Money
	}{
		{"before the carrier has it: none", []Command{signed}, 0},
		{"on the way to the carrier", []Command{signed, Pass{system}}, 2250},
		{"not for what is left out", []Command{signed, Exclude{system, tns(1), NoCoverage}, Pass{system}}, 1500},
		{"rejected before it was taken: with the approval", []Command{signed, returned, Resubmit{customer}, Approve{staff}}, 2250},
		{"resubmission: no further fee", append(slices.Clone(reach[Review]), Approve{staff}), 2250},
		{"not portable: none", []Command{signed, RuleOut{system, nil}}, 0},
		{"hard cancel before anything was sent: the port fee alone", []Command{signed, Pass{system}, HardCancel{By: staff, Why: ""}}, 2250},
		{"hard cancel after it was sent", append(slices.Clone(reach[Submitted]), HardCancel{By: staff, Why: ""}), 2250 + 2500},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 3).do(test.cmds...)
			if got := total(l); got != test.want || l.o.PortFee+l.o.CancelFee != test.want {
				t.Errorf("charged %s, the order says %s and %s; want %s", got, l.o.PortFee, l.o.CancelFee, test.want)
			}
		})
	}
	for cents, want := range map[Money]string{750: "7.5", 0: "0", 2250: "22.5", 101: "1.01", 100: "1", -50: "-0.5"} {
		if got := cents.String(); got != want {
			t.Errorf("%d cents are %q, want %q", int64(cents), got, want)
		}
	}
}

// D-GRP, for every combination of statuses.
func TestSummarize(t *testing.T) {
	all := allStatuses()
	for set := range 1 << len(all) {
		var some []Status
		for i, s := range all {
			if set>>i&1 == 1 {
				some = append(some, s)
			}
		}
		has := func(s ...Status) bool {
			return slices.ContainsFunc(some, func(x Status) bool { return slices.Contains(s, x) })
		}
		want := AllCanceled
		if has(Completed) {
			want = AllCompleted
		}
		if has(Processing, Submitted, Accepted, Review) {
			want = InProgress
		}
		if has(Pending, Rejected) {
			want = RequiresAction
		}
		if got := Summarize(some); got != want {
			t.Fatalf("%v: %q, want %q", some, got, want)
		}
		slices.Reverse(some)
		if got := Summarize(some); got != want {
			t.Fatalf("%v: %q, want %q: the order counts", some, got, want)
		}
	}
}

func TestGroupLines(t *testing.T) {
	line := func(tn string, k Kind, country, spid string) Line {
		return Line{TN: tn, Kind: k, Country: country, Carrier: Carrier{SPID: spid}}
	}
	for _, test := range []struct {
		name  string
		lines []Line
		want  string
	}{
		{"none", nil, ""},
		{"one carrier, one order", []Line{line("1", Local, "US", "A"), line("2", Local, "US", "A")}, "local US A [1 2]"},
		{"local and toll-free never mix", []Line{line("1", Local, "US", "A"), line("2", TollFree, "US", "A")}, "local US A [1]; tollfree  A [2]"},
		{"nor the US and Canada", []Line{line("1", Local, "US", "A"), line("2", Local, "CA", "A")}, "local US A [1]; local CA A [2]"},
		{"nor two carriers", []Line{line("1", Local, "US", "A"), line("2", Local, "US", "B"), line("3", Local, "US", "A")}, "local US A [1 3]; local US B [2]"},
		{"toll-free has no country", []Line{line("1", TollFree, "US", "A"), line("2", TollFree, "CA", "A")}, "tollfree  A [1 2]"},
		{"in the order of the first numbers", []Line{line("2", Local, "US", "B"), line("1", Local, "US", "A")}, "local US B [2]; local US A [1]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range GroupLines(test.lines) {
				got = append(got, fmt.Sprintf("%s %s %s %v", p.Kind, p.Country, p.Carrier.SPID, p.Numbers))
				for i, at := range p.Places {
					if test.lines[at].TN != p.Numbers[i] {
						t.Errorf("%s is at %d of the lines, not at %d", test.lines[at].TN, at, i)
					}
				}
				if len(p.Places) != len(p.Numbers) {
					t.Errorf("%d places of %d numbers", len(p.Places), len(p.Numbers))
				}
			}
			if text := strings.Join(got, "; "); text != test.want {
				t.Errorf("%s, want %s", text, test.want)
			}
		})
	}
}

// Every pre-submission reason at once (S-PRE2).
func TestScreen(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Details)
		want   []ReasonCode
	}{
		{"OK", func(*Details) {}, nil},
		{"OK: middle initial and suffix", func(d *Details) { d.BillingName = "Dr. Ada B. Lovelace, Jr." }, nil},
		{"a company is no person", func(d *Details) { d.BillingName = "Analytical Engines LLC" }, []ReasonCode{AuthPersonInvalid}},
		{"two people are no person", func(d *Details) { d.BillingName = "Ada and Charles Lovelace" }, []ReasonCode{AuthPersonInvalid}},
		{"an initial is no first name", func(d *Details) { d.BillingName = "A. Lovelace" }, []ReasonCode{AuthPersonInvalid}},
		{"one word is no name", func(d *Details) { d.BillingName = "Ada" }, []ReasonCode{AuthPersonInvalid}},
		{"a PO box is no service address", func(d *Details) { d.Street = "P.O. Box 17" }, []ReasonCode{AddressInvalid}},
		{"nor on the second line", func(d *Details) { d.Street2 = "PO Box 17" }, []ReasonCode{AddressInvalid}},
		{"a street needs a word", func(d *Details) { d.Street = "500" }, []ReasonCode{AddressInvalid}},
		{"a word of one letter", func(d *Details) { d.Street = "500 A" }, nil},
		{"a word of another script", func(d *Details) { d.Street = "中山路 1" }, nil},
		{"a control character is no word", func(d *Details) { d.Street = "500 \u007f" }, []ReasonCode{AddressInvalid}},
		{"30 days ahead", func(d *Details) { d.Desired = "2027-04-01" }, nil},
		{"31 days ahead", func(d *Details) { d.Desired = "2027-04-02" }, []ReasonCode{DateOutOfRange}},
		{"no date", func(d *Details) { d.Desired = "" }, nil},
		{"a business names its company", func(d *Details) { d.Company = "" }, []ReasonCode{OrderIncomplete}},
		{"a residence does not", func(d *Details) { d.Company, d.UsageType = "", Residential }, nil},
		{"all at once", func(d *Details) { *d = Details{UsageType: Business, Desired: "2028-01-01"} },
			[]ReasonCode{AuthPersonInvalid, AddressInvalid, DateOutOfRange, OrderIncomplete}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := details()
			test.change(&d)
			var got []ReasonCode
			for _, r := range rules(t).Screen(Order{Given: Given{Details: d}}, now) {
				got = append(got, r.Code)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// A peer's answer makes the commands that the order still needs; telling it again makes none.
func TestHear(t *testing.T) {
	dates := []Reason{{Code: "JEOPARDY_CARRIER"}}
	hear := func(l *life, a Answer) []Command {
		a.About = l.o.About()
		return l.r.Hear(l.o, a, peer, l.at).Commands
	}
	for _, test := range []struct {
		name   string
		status Status
		answer Answer
		want   string
	}{
		{"still waiting", Submitted, Answer{State: AnswerWaiting}, ""},
		{"accepted", Submitted, Answer{State: AnswerAccepted, FOC: "2027-03-16"}, "Accept"},
		{"refused", Submitted, Answer{State: AnswerRefused, Reasons: []Reason{{Code: ZipMismatch}}}, "Refuse"},
		{"over at the peer", Submitted, Answer{State: AnswerOver}, "Refuse"},
		{"completed at once", Submitted, Answer{State: AnswerCompleted}, "Accept Complete"},
		{"the same date", Accepted, Answer{State: AnswerAccepted, FOC: "2027-03-16"}, ""},
		{"another date", Accepted, Answer{State: AnswerAccepted, FOC: "2027-03-18"}, "MoveFOC"},
		{"completed", Accepted, Answer{State: AnswerCompleted}, "Complete"},
		{"completed in part", Accepted, Answer{State: AnswerCompleted, Left: tns(1), Reasons: []Reason{{Code: TNNotFound}}}, "TakeMoved"},
		{"in jeopardy", Accepted, Answer{State: AnswerRefused, Reasons: dates}, "MoveFOC"},
		{"the date is withdrawn", Accepted, Answer{State: AnswerRefused, Reasons: []Reason{{Code: "PORT_FREEZE"}}}, "LoseFOC"},
		{"over after a date", Accepted, Answer{State: AnswerOver}, "LoseFOC"},
		{"too late", HardCanceled, Answer{State: AnswerAccepted, FOC: "2027-03-16"}, ""},
		{"done already", Completed, Answer{State: AnswerCompleted}, ""},
		{"with the customer", Rejected, Answer{State: AnswerRefused}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, test.status)
			cmds := hear(l, test.answer)
			var names []string
			for _, c := range cmds {
				names = append(names, commandName(c))
			}
			if got := strings.Join(names, " "); got != test.want {
				t.Fatalf("%q, want %q", got, test.want)
			}
			l.do(cmds...)
			if again := hear(l, test.answer); len(again) != 0 {
				t.Errorf("told again it makes %T", again[0])
			}
		})
	}
	t.Run("an order that asked nobody hears nothing", func(t *testing.T) {
		if got := hear(brought(t, Processing), Answer{State: AnswerAccepted}); len(got) != 0 {
			t.Errorf("%T", got[0])
		}
	})
}

// Whatever a peer says in whatever status: its commands are legal, and saying it again changes nothing.
func TestHearIsIdempotent(t *testing.T) {
	for _, s := range allStatuses() {
		for _, state := range []AnswerState{AnswerNone, AnswerWaiting, AnswerRefused, AnswerAccepted, AnswerCompleted, AnswerOver, AnswerUnclear} {
			for _, foc := range []Date{"", "2027-03-16", "2027-03-18"} {
				for _, reasons := range [][]Reason{nil, {{Code: ZipMismatch}}, {{Code: "JEOPARDY_CARRIER"}}} {
					a := Answer{State: state, FOC: foc, Reasons: reasons}
					l := brought(t, s)
					a.About = l.o.About()
					l.do(l.r.Hear(l.o, a, peer, l.at).Commands...)
					a.About = l.o.About()
					if again := l.r.Hear(l.o, a, peer, l.at).Commands; len(again) != 0 {
						t.Errorf("in %s, %+v told again makes %T", s, a, again[0])
					}
				}
			}
		}
	}
}

func TestQuote(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"Nothing", "", ""},
		{"PlainWords", "Account number mismatch", "Account number mismatch"},
		{"LineBreaks", "two\nlines\tand\u0000more", "two lines and more"},
		{"SpacesAreJoined", "   much   space  ", "much space"},
		{"LongTextFits", strings.Repeat("é", 200), strings.Repeat("é", 200)},
		{"TooLongTextIsCut", strings.Repeat("é", 201), strings.Repeat("é", 199) + "…"},
		{"TooManyWordsAreCut", strings.Repeat("word ", 100), strings.TrimSpace(strings.Repeat("word ", 40))[:199] + "…"},

		{"PIN", "PIN 8842 invalid", "PIN … invalid"},
		{"PINBehindColon", "acct:7731", "…"},
		{"PINInTwo", "PIN 88 42 invalid", "PIN … invalid"},
		{"PINInDigits", "PIN 8 8 4 2 invalid", "PIN … invalid"},
		{"PINWithDashes", "PIN 8-8-4-2 invalid", "PIN … invalid"},
		{"PINWithLooseDashes", "PIN 88 - 42 invalid", "PIN … invalid"},
		{"PINWithLineBreak", "PIN 88\n42 invalid", "PIN … invalid"},
		{"PINWithNoBreakSpace", "PIN 88\u00a042 invalid", "PIN … invalid"},
		{"PINWithHiddenSpace", "PIN 88\u200b42 invalid", "PIN … invalid"},
		{"PINInBrackets", "PIN (88) (42) invalid", "PIN … invalid"},
		{"PINInWideDigits", "PIN ８８４２ and ８ ８ ４ ２ invalid", "PIN … and … invalid"},
		{"PINInOtherDigits", "PIN ٨٨٤٢ invalid", "PIN … invalid"},
		{"SSN", "SSN 123-45-6789 or 123 45 6789 unknown", "SSN … or … unknown"},
		{"Account", "acct (A-7731), see above", "acct … see above"},
		{"AccountInGroups", "acct 881 234 55 unknown", "acct … unknown"},
		{"AccountInLetteredGroups", "acct A88 B12 C3 unknown", "acct … unknown"},
		{"Numbers", "+12065550101 is not on (206) 555-0101", "… is not on …"},
		{"URL", "see https://user:secret@files.example/x?token=abcdef now", "see … now"},
		{"QueryWithoutScheme", "see files.example/x?token=abcdef now", "see … now"},
		{"NamedValue", "pin=secret is wrong", "… is wrong"},

		{"ShortCodeStays", "code 742 is short", "code 742 is short"},
		{"CountsStay", "10 of 12 numbers, line 3", "10 of 12 numbers, line 3"},
		{"ShortRowStays", "lines 7, 12", "lines 7, 12"},
		{"SignsStay", "a - b = c", "a - b = c"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Quote(test.in)
			if got != test.want {
				t.Errorf("%q is quoted as %q, want %q", test.in, got, test.want)
			}
			if again := Quote(got); again != got {
				t.Errorf("%q is quoted as %q the second time", got, again)
			}
		})
	}
}
