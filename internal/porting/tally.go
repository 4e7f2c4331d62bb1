package porting

import (
	"strings"
	"time"
)

// Mark is one thing that a peer, or a losing carrier through it, has done.
type Mark string

// What is counted of a peer. That a customer's order was wrong is the carrier's refusal too: it weighs on all peers alike.
const (
	MarkAccepted Mark = "accepted" // the carrier gave a date
	MarkRefused  Mark = "refused"  // the carrier said no
	MarkDenied   Mark = "denied"   // the peer does not carry the order
	MarkMoved    Mark = "moved"    // the date was put off
	MarkLost     Mark = "lost"     // the date was withdrawn
	MarkDown     Mark = "down"     // the peer could not be reached
)

// Marks lists them all.
func Marks() []Mark {
	return []Mark{MarkAccepted, MarkRefused, MarkDenied, MarkMoved, MarkLost, MarkDown}
}

// Tally is what one event adds to the score of a peer, and to that of the losing carrier which it was asked about. It names no
// order and no customer.
type Tally struct {
	Mark    Mark
	Peer    string
	Carrier string // SPID or RespOrg
	// Answered says that the carrier answered a request, and Days in how many business days, MaxDays at most.
	Answered bool
	Days     int
	// Lead is how many business days there are from an accepted request to its date.
	Lead int
}

// MaxDays is from where on answers are no longer told apart by their days.
const MaxDays = 10

// Scored is whose score it is: a peer's, or a losing carrier's.
type Scored string

// ScoreOfPeer is a peer's score.
func ScoreOfPeer(name string) Scored { return Scored("peer:" + name) }

// ScoreOfCarrier is a losing carrier's score.
func ScoreOfCarrier(spid string) Scored { return Scored("carrier:" + spid) }

// Carrier is the losing carrier's SPID; empty when the score is a peer's, whose name is then Peer.
func (s Scored) Carrier() string { return after(string(s), "carrier:") }

// Peer is the peer's name; empty when the score is a carrier's.
func (s Scored) Peer() string { return after(string(s), "peer:") }

func after(s, prefix string) string {
	if rest, ok := strings.CutPrefix(s, prefix); ok {
		return rest
	}
	return ""
}

// Month is what was counted in one month through one peer.
type Month struct {
	Month  string // 2027-01, in UTC
	Peer   string
	Marks  map[Mark]int
	Lead   int              // the sum over the accepted
	Days   [MaxDays + 1]int // answers by the business days that they took
	DownAt time.Time        // when the peer could last not be reached
}

const monthLayout = "2006-01"

// MonthOf is the month that an instant is counted in.
func MonthOf(t time.Time) string { return t.UTC().Format(monthLayout) }

// remembered is how many months count, the present one among them.
const remembered = 6

// ScoreSince is the first month that still counts.
func ScoreSince(now time.Time) string { return MonthOf(monthsBefore(now, remembered-1)) }

// monthsBefore is an instant in the n-th month before now's: the 31st of May has no April.
func monthsBefore(now time.Time, n int) time.Time {
	y, m, _ := now.UTC().Date()
	return time.Date(y, m-time.Month(n), 1, 0, 0, 0, 0, time.UTC)
}

// Weight is how much the month still counts: each month half as much as the one after it, so that a peer that has mended its
// ways is believed again within a season.
func (m Month) Weight(now time.Time) float64 {
	weight := 1.0
	for n := range remembered {
		if m.Month == MonthOf(monthsBefore(now, n)) {
			return weight
		}
		weight /= 2
	}
	return 0
}

// Habit is how long a losing carrier has lately taken to answer, in business days: half of its answers came within Usual, nine
// in ten within Slow. Without Answers nothing is known.
type Habit struct{ Answers, Usual, Slow int }

// fewAnswers is how many answers a habit needs: ten are enough for a median that one slow order does not move.
const fewAnswers = 10

// HabitOf is a carrier's habit by what was counted of it, whoever asked; none where that is too little.
func HabitOf(months []Month, now time.Time) Habit {
	var days [MaxDays + 1]float64
	all := 0.0
	for _, m := range months {
		for d, n := range m.Days {
			days[d] += float64(n) * m.Weight(now)
			all += float64(n) * m.Weight(now)
		}
	}
	if all < fewAnswers {
		return Habit{}
	}
	within := func(share float64) int {
		sum := 0.0
		for d, n := range days {
			if sum += n; sum >= share*all {
				return d
			}
		}
		return MaxDays
	}
	return Habit{Answers: int(all), Usual: within(0.5), Slow: within(0.9)}
}

// count has the event count for the peer of the order's request. What is played in a sandbox tells nothing of anybody.
func (c *change) count(mark Mark) {
	if c.o.Sandbox {
		return
	}
	port, _ := c.o.Last(AskPort)
	t := Tally{Mark: mark, Peer: port.Peer, Carrier: c.o.Carrier.SPID}
	if !port.Sent.IsZero() && (mark == MarkAccepted || mark == MarkRefused) {
		t.Answered, t.Days = true, min(daysBetween(c.Calendar, port.Sent, c.now), MaxDays)
		if mark == MarkAccepted {
			t.Lead = daysBetween(c.Calendar, port.Sent, c.o.FOC.In(c.Calendar.Location()))
		}
	}
	c.event.Tally = t
}

// daysBetween is how many whole business days lie between two instants; a month of them at most.
func daysBetween(c Calendar, from, to time.Time) int {
	n := 0
	for n < 31 && !c.AddBusinessDays(from, n+1).After(to) {
		n++
	}
	return n
}
