package porting

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// What the events of a life show of the carrier, each thing once.
func TestLessons(t *testing.T) {
	csr := []Command{signed, Pass{By: system}, csrAsked, MarkSent{By: system, PON: "C1", Ref: "ref"}}
	record := TakeRecord{By: system, PON: "C1", State: AnswerReady, Record: Record{Name: "Ada"}}
	again := []Command{returned, Resubmit{By: customer}, Approve{By: staff},
		Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "P2"}}, MarkSent{By: system, PON: "P2", Ref: "ref2"}}
	refuse2 := Refuse{By: peer, PON: "P2", Said: "REJECTED", Reasons: []Reason{{Code: ZipMismatch}, {Code: PINInvalid}, {Code: PINInvalid}}}
	accept2 := accepted
	accept2.PON = "P2"
	took := func(days int) Took { return Took{Known: true, Days: days} }
	for _, test := range []struct {
		name    string
		reach   []Command
		desired Date
		steps   []lessonStep
	}{
		{"a record", csr, "", []lessonStep{{2, record, Lesson{CSR: took(2)}}, {3, record, Lesson{}}}},
		{"no record", csr, "", []lessonStep{{2, TakeRecord{By: system, PON: "C1", State: AnswerNoRecord}, Lesson{}}}},
		{"a straight port", reach[Submitted], "", []lessonStep{
			{1, accepted, Lesson{Answered: true, FOC: took(1)}},
			{4, MoveFOC{By: peer, FOC: "2027-03-18"}, Lesson{}},
			{5, Complete{By: peer}, Lesson{Port: took(10)}}}},
		{"more days than are told apart", reach[Submitted], "", []lessonStep{{40, accepted, Lesson{Answered: true, FOC: took(MaxTook)}}}},
		{"a later day was wished", reach[Submitted], "2027-03-24", []lessonStep{
			{0, accepted, Lesson{Answered: true, FOC: took(0)}}, {16, Complete{By: peer}, Lesson{}}}},
		{"refused twice", reach[Submitted], "", append([]lessonStep{{1, refused, Lesson{Answered: true, Refused: []ReasonCode{ZipMismatch}}}},
			append(plain(again), lessonStep{0, refuse2, Lesson{Refused: []ReasonCode{PINInvalid}}})...)},
		{"refused, then accepted", reach[Submitted], "", append([]lessonStep{{1, refused, Lesson{Answered: true, Refused: []ReasonCode{ZipMismatch}}}},
			append(plain(again), lessonStep{2, accept2, Lesson{FOC: took(2)}})...)},
		{"accepted, lost and accepted", reach[Submitted], "", []lessonStep{
			{1, accepted, Lesson{Answered: true, FOC: took(1)}},
			{1, LoseFOC{By: peer, Reasons: []Reason{{Code: PendingOrder}}}, Lesson{Refused: []ReasonCode{PendingOrder}}}}},
		{"the peer does not carry it", reach[Submitted], "", []lessonStep{
			{1, Refuse{By: peer, PON: "P1", Said: "no", Reasons: []Reason{{Code: "PEER_DENIED"}}}, Lesson{}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1)
			l.o.Details.Desired, l.o.Own.Profile = test.desired, "old-bell"
			l.do(test.reach...)
			for n, s := range test.steps {
				if s.days > 0 {
					l.at = l.r.carrierDays(l.o).AddBusinessDays(l.at, s.days)
				}
				want := s.want
				if !reflect.DeepEqual(want, Lesson{}) {
					want.Carrier = "old-bell"
				}
				e := l.do(s.cmd).last()
				if !reflect.DeepEqual(e.Lesson, want) {
					t.Errorf("step %d, %T: %+v, want %+v", n, s.cmd, e.Lesson, want)
				}
				if want.Carrier != "" && !slices.Contains(e.Effects, KeepScore) {
					t.Errorf("step %d, %T is not counted", n, s.cmd)
				}
			}
		})
	}
}

// lessonStep is a command with what its event has to show.
type lessonStep struct {
	days int // business days of the carrier, before the command
	cmd  Command
	want Lesson
}

// plain makes steps of commands that show nothing.
func plain(cmds []Command) []lessonStep {
	var all []lessonStep
	for _, cmd := range cmds {
		all = append(all, lessonStep{cmd: cmd})
	}
	return all
}

// Nothing is learned from a sandbox, nor of a carrier that nobody can name.
func TestNothingIsLearned(t *testing.T) {
	for name, change := range map[string]func(*Order){
		"sandbox": func(o *Order) { o.Sandbox = true },
		"nobody":  func(o *Order) { o.Carrier = Carrier{} },
	} {
		for _, cmd := range []Command{accepted, refused} {
			l := brought(t, Submitted)
			change(&l.o)
			if e := l.do(cmd).last(); e.Lesson.Carrier != "" {
				t.Errorf("%s, %T: %+v", name, cmd, e.Lesson)
			}
		}
	}
	if LearnedOf("", "8X34") != "SPID:8X34" || LearnedOf("cox", "8X34") != "cox" || LearnedOf("", "") != "" {
		t.Error("the counters of a carrier have other names")
	}
}

// A lesson has the carrier's name in the table, times and codes, and no field for anything else.
func TestLessonsTellNobody(t *testing.T) {
	if typ := reflect.TypeFor[Lesson](); typ.NumField() != 6 {
		t.Error("a lesson has another field: see that it tells nothing of a customer")
	}
}

func TestQuarters(t *testing.T) {
	for day, want := range map[string][2]string{
		"2027-01-01": {"2027-1", "2026-2"}, "2027-03-31": {"2027-1", "2026-2"}, "2027-04-01": {"2027-2", "2026-3"},
		"2027-12-31": {"2027-4", "2027-1"}, "2027-05-31": {"2027-2", "2026-3"},
	} {
		at, _ := time.Parse(time.DateOnly, day)
		if got := [2]string{QuarterOf(at), LearnedSince(at)}; got != want {
			t.Errorf("%s: %v, want %v", day, got, want)
		}
	}
}
