package peer

import (
	"fmt"
	"slices"
	"time"

	"portway/internal/porting"
)

// Card is a peer's score card: what was counted of it lately, older months counting less (porting.Month.Weight).
type Card struct {
	Accepted, Refused, Denied, Moved, Lost, Down float64
	// Lead is the sum of the accepted orders' business days to their dates.
	Lead float64
	// DownAt holds the last time at which the peer could not be reached.
	DownAt time.Time
}

// CardOf adds up the peer's months.
func CardOf(name string, months []porting.Month, now time.Time) Card {
	var c Card
	for _, m := range months {
		if m.Peer != name {
			continue
		}
		w := m.Weight(now)
		for mark, sum := range map[porting.Mark]*float64{
			porting.MarkAccepted: &c.Accepted, porting.MarkRefused: &c.Refused, porting.MarkDenied: &c.Denied,
			porting.MarkMoved: &c.Moved, porting.MarkLost: &c.Lost, porting.MarkDown: &c.Down,
		} {
			*sum += w * float64(m.Marks[mark])
		}
		c.Lead += w * float64(m.Lead)
		if m.DownAt.After(c.DownAt) {
			c.DownAt = m.DownAt
		}
	}
	return c
}

// answers counts the answers on the card, with refusals to carry an order.
func (c Card) answers() float64 { return c.Accepted + c.Refused + c.Denied }

// acceptance is the share of answers that were a date.
func (c Card) acceptance() float64 { return share(c.Accepted, c.answers()) }

// days returns the average number of business days from a request to its date.
func (c Card) days() float64 { return share(c.Lead, c.Accepted) }

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// slowest is a lead in business days that earns no points: NANC best practice 67 gives a project as long.
const slowest = 15

// weights divide the 100 points that a card can earn among what it shows (our decision). More is better.
var weights = []struct {
	what   string
	points float64
	earned func(Card) float64 // from 0 to 1
}{
	{"orders get a date", 50, Card.acceptance},
	{"the date is near", 20, func(c Card) float64 { return share(c.Accepted, c.Accepted) * max(0, 1-c.days()/slowest) }},
	{"the date is kept; one put off is half lost", 20, func(c Card) float64 {
		return share(max(0, c.Accepted-c.Lost-c.Moved/2), c.Accepted)
	}},
	{"it can be reached", 10, func(c Card) float64 { return share(c.answers(), c.answers()+c.Down) }},
}

// enough is the number of answers from which a card counts: with fewer, one bad day would reorder the peers.
const enough = 20

// Points returns what the card has earned of 100 points; ok is false if it has too few answers.
func (c Card) Points() (points float64, ok bool) {
	for _, w := range weights {
		points += w.points * w.earned(c)
	}
	return points, c.answers() >= enough
}

// margin is the lead in points that a peer needs to be asked before the peer that is configured first. Peers that are
// nearly equal keep the configured sequence, so that it does not change with every order.
const margin = 5

// rest is the time for which a peer that could not be reached comes last. It is as long as an order itself would wait
// there for its second retry.
const rest = 15 * time.Minute

// Ranked is a peer in its place.
type Ranked struct {
	Peer   Peer
	Direct bool // by an agreement of our own
	Card   Card
	// Resting says that it could not be reached just now.
	Resting bool
	// Before names the peers that would be asked first if they were reachable.
	Before []string
	// Better says that its score has brought it before the peer Over, which is configured before it.
	Better bool
	Over   Ranking
}

// Ranking names the peer that was overtaken, with its card.
type Ranking struct {
	Name string
	Card Card
}

// Rank sorts the peers by the sequence in which an order is brought to them: direct ones as they are configured, then
// the others by their scores. Scores change the configured sequence only if both cards have enough answers and differ
// by more than the margin. A peer that could not be reached just now comes last.
func Rank(peers []Ranked, now time.Time) []Ranked {
	var ranked []Ranked
	for _, p := range peers {
		p.Resting = !p.Card.DownAt.IsZero() && now.Sub(p.Card.DownAt) < rest
		at := len(ranked)
		for at > 0 && !p.Direct && p.better(ranked[at-1]) {
			at--
			p.Better, p.Over = true, Ranking{ranked[at].Peer.Name(), ranked[at].Card}
		}
		ranked = slices.Insert(ranked, at, p)
	}
	var resting []string
	for i, p := range ranked {
		if p.Resting {
			resting = append(resting, p.Peer.Name())
		} else {
			ranked[i].Before = slices.Clone(resting)
		}
	}
	slices.SortStableFunc(ranked, func(a, b Ranked) int {
		switch {
		case a.Resting == b.Resting:
			return 0
		case a.Resting:
			return 1
		}
		return -1
	})
	return ranked
}

func (p Ranked) better(than Ranked) bool {
	mine, known := p.Card.Points()
	other, both := than.Card.Points()
	return known && both && !than.Direct && mine > other+margin
}

// Record returns the share of orders that get a date and the business days until it, such as "0.410,3.5". The second
// part is missing if no order got one. The record counts all customers' orders together, so that it is for our staff
// alone.
func (c Card) Record() string {
	if c.Accepted == 0 {
		return fmt.Sprintf("%.3f", c.acceptance())
	}
	return fmt.Sprintf("%.3f,%.1f", c.acceptance(), c.days())
}
