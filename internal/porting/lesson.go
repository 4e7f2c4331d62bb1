package porting

import (
	"slices"
	"strconv"
	"time"
)

// Lesson is what one event shows of the order's losing carrier. It names no order, no number and no customer. Over all its
// events an order shows each thing once: one answer, one time of each kind, and each reason of a refusal.
type Lesson struct {
	// Carrier names the counters (LearnedOf); empty where the event shows nothing.
	Carrier string
	// Answered says that the carrier has answered the order for the first time.
	Answered bool
	// CSR is how long the carrier took for the record, FOC to agree to a date, and Port until the numbers were ours.
	CSR, FOC, Port Took
	// Refused are the reasons of a refusal.
	Refused []ReasonCode
}

// Took is a time in whole business days of the carrier; unknown where it is zero.
type Took struct {
	Known bool
	Days  int // MaxTook at most
}

// MaxTook is from where on times are no longer told apart.
const MaxTook = 30

// Shown is what the order's events have shown already.
type Shown struct {
	Answered, CSR, FOC, Port bool
	Refused                  []ReasonCode
}

// LearnedOf names the counters of what is learned about an order's losing carrier: the id of its profile, or else its SPID
// or RespOrg; empty where neither is known.
func LearnedOf(profile, spid string) string {
	switch {
	case profile != "":
		return profile
	case spid != "":
		return "SPID:" + spid
	}
	return ""
}

// Learned are the counters of a carrier.
type Learned struct {
	// Orders is how many orders were answered. Slots marks the hashes of their accounts: as many accounts there were at least.
	Orders int
	Slots  [AccountSlots]bool
	// CSR, FOC and Port count orders by the business days that they took.
	CSR, FOC, Port [MaxTook + 1]int
	Refused        map[ReasonCode]int
}

// AccountSlots is the number of hashes of accounts. It is large enough to tell a few accounts apart, and too small to tell
// which ones they are.
const AccountSlots = 64

// QuarterOf is the quarter in which an event is counted, such as 2027-1, in UTC.
func QuarterOf(t time.Time) string {
	t = t.UTC()
	return strconv.Itoa(t.Year()) + "-" + strconv.Itoa(int(t.Month()+2)/3)
}

// learnedQuarters is how many quarters count, the present one among them: a carrier's ways of last year tell little.
const learnedQuarters = 4

// LearnedSince is the first quarter that still counts.
func LearnedSince(now time.Time) string {
	return QuarterOf(monthsBefore(now, 3*(learnedQuarters-1)))
}

// learn has the event tell what it shows of the carrier, and remembers on the order that it was told. What is played in a
// sandbox shows nothing, nor does a refusal that is the peer's own. A port for which the customer wished a later day than
// the earliest says nothing of how long the carrier takes (our decision).
func (c *change) learn() {
	o, e := &c.o, &c.event
	carrier := LearnedOf(o.Own.Profile, o.Carrier.SPID)
	if o.Sandbox || carrier == "" {
		return
	}
	var l Lesson
	shown := &o.Shown
	days := c.carrierDays(*o)
	took := func(done *bool, from, to time.Time) Took {
		if *done || from.IsZero() {
			return Took{}
		}
		*done = true
		return Took{Known: true, Days: min(daysBetween(days, from, to), MaxTook)}
	}
	switch port, _ := o.Last(AskPort); e.Kind {
	case RecordReceived:
		if csr, _ := o.Last(AskCSR); csr.State == AnswerReady {
			l.CSR = took(&shown.CSR, csr.Sent, csr.Answered)
		}
	case WasAccepted:
		l.Answered, shown.Answered = !shown.Answered, true
		l.FOC = took(&shown.FOC, port.Sent, c.now)
	case Refused, FOCLost:
		if o.WantsOtherPeer() {
			return
		}
		l.Answered, shown.Answered = !shown.Answered, true
		for _, r := range e.Reasons {
			if !slices.Contains(shown.Refused, r.Code) {
				l.Refused = append(l.Refused, r.Code)
				shown.Refused = append(slices.Clone(shown.Refused), r.Code)
			}
		}
	case WasCompleted:
		i := slices.IndexFunc(o.Attempts, func(a Attempt) bool { return a.Kind == AskPort && !a.Sent.IsZero() })
		if i >= 0 && o.Details.Desired <= c.Earliest(*o, o.Attempts[i].Sent) {
			l.Port = took(&shown.Port, o.Attempts[i].Sent, c.now)
		}
	}
	if l.Answered || l.CSR.Known || l.FOC.Known || l.Port.Known || len(l.Refused) > 0 {
		l.Carrier = carrier
		e.Lesson = l
	}
}
