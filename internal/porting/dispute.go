package porting

import (
	"slices"
	"strconv"
	"time"
)

// Two accounts may ask for the same number. The order that was signed first holds the number, and the other one stays
// pending, or rejected where its hold has lapsed. Its customer may open a dispute, with a signed LOA and a recent
// bill. Both customers are told, without a word about each other, and may show papers until a clock ends. A rule
// proposes who gets the number, and a person decides: the newest valid LOA wins (infra/docs/decisions.md has the
// reasons). Each of the two orders has its own side of the dispute, so that no order has to be read for another.
//
// The number goes from one order to the other in one transaction, and not before the carrier has let the request of
// the first one go. A number that has moved already is beyond a dispute: whether its port was authorised is a case of
// its own (authority.go).

// Dispute is one order's side of a dispute with one other order.
type Dispute struct {
	Side Side
	// Rival is the other order, or [SimulatedRival]. No customer is told of it.
	Rival OrderID
	// Numbers are those that both orders ask for.
	Numbers []string
	State   DisputeState
	// Winner is the side that got the numbers; empty where nobody has decided.
	Winner Side
	Opened time.Time
	// Ends is until when papers are waited for.
	Ends time.Time
	// LOA is when this side's LOA was signed, as of the beginning. One that is signed later changes nothing: else both
	// sides would sign in turns.
	LOA time.Time
	// Decided is when a person decided, and By has the initials.
	Decided time.Time
	By      string
	// Over is when the dispute ended for this order.
	Over time.Time
}

// Side says which part an order has in a dispute. Its text is stored with the order.
type Side string

// The order asks for numbers, or it holds them.
const (
	Asking  Side = "asking"
	Holding Side = "holding"
)

// Other is the other side.
func (s Side) Other() Side {
	if s == Asking {
		return Holding
	}
	return Asking
}

// DisputeState is how far a dispute has come. Its text is stored with the order.
type DisputeState string

// Papers are waited for or looked at; a person has decided that the asking side gets the numbers, and these are on their
// way; it is over.
const (
	DisputeOpen   DisputeState = "open"
	DisputeMoving DisputeState = "moving"
	DisputeOver   DisputeState = "over"
)

// SimulatedRival is the other order of a dispute in a sandbox, where no other account's order is met.
const SimulatedRival OrderID = "simulated"

// Limits of disputes.
const (
	// MaxDisputed is how many numbers an order may have that opens a dispute, so that its holds and those of the other
	// order change hands in one transaction.
	MaxDisputed = 25
	// MaxDisputes is how many disputes one order may open in its life, and MaxContests how many others may open about it.
	MaxDisputes = 10
	MaxContests = 20
	// DisputeDays is how many business days of the desk there are to show papers (assumed: no rule sets any; trade desks
	// give 24 to 48 hours' notice).
	DisputeDays = 2
)

// Lives says that the dispute is not over.
func (d Dispute) Lives() bool { return d.State == DisputeOpen || d.State == DisputeMoving }

// DisputeID is the number of a dispute on its order, from 1, as text.
func DisputeID(place int) string { return strconv.Itoa(place + 1) }

// Dispute returns the place of the living dispute of that number; where the number is empty, of the only living dispute
// of the side.
func (o Order) Dispute(side Side, id string) (place int, ok bool) {
	found := 0
	for i, d := range o.Disputes {
		if d.Side == side && d.Lives() && (id == "" || id == DisputeID(i)) {
			place, found = i, found+1
		}
	}
	return place, found == 1
}

// disputeWith returns the place of the living dispute with the other order; -1 where there is none.
func (o Order) disputeWith(rival OrderID, side Side) int {
	return slices.IndexFunc(o.Disputes, func(d Dispute) bool { return d.Rival == rival && d.Side == side && d.Lives() })
}

// Disputed says that the order has a dispute that is not over.
func (o Order) Disputed() bool { return slices.ContainsFunc(o.Disputes, Dispute.Lives) }

// DisputeWith returns the order's side of its latest dispute with another order; of an order that knows of none, what it
// has signed.
func (o Order) DisputeWith(rival OrderID) Dispute {
	for _, d := range slices.Backward(o.Disputes) {
		if d.Rival == rival {
			return d
		}
	}
	return Dispute{LOA: o.loaDated()}
}

// disputable says that another account's order may hold numbers of this one: it was not signed yet, or it was given back
// and its hold has lapsed (Lapses).
func (o Order) disputable() bool { return o.Status == Pending || o.Status == Rejected && o.OwnOnly }

// asks says that the order has opened a dispute that is not over.
func (o Order) asks() bool {
	return slices.ContainsFunc(o.Disputes, func(d Dispute) bool { return d.Side == Asking && d.Lives() })
}

// Yields returns the numbers that the order keeps for the winner of a dispute, until that order takes them.
func (o Order) Yields() []string {
	var tns []string
	for _, d := range o.Disputes {
		if d.Side == Holding && d.State == DisputeMoving {
			tns = append(tns, d.Numbers...)
		}
	}
	return tns
}

// DisputeFacts is what one side can show.
type DisputeFacts struct {
	// LOA is when it was signed; zero where it was not. Valid says that it lists the numbers, says what the order says and
	// is young enough to be sent.
	LOA   time.Time
	Valid bool
	// Bill says that a recent bill was accepted, and Proof that a secret of the account has matched.
	Bill, Proof bool
}

// papers says that the side has shown more than a signature.
func (f DisputeFacts) papers() bool { return f.Bill || f.Proof }

// DisputeFacts gathers what the order can show in a dispute.
func (r Rules) DisputeFacts(o Order, d Dispute, now time.Time) DisputeFacts {
	listed := o.SignedNumbers()
	return DisputeFacts{
		LOA: d.LOA,
		Valid: !o.Signature.IsZero() && !r.LOAExpired(o, now) && len(r.Unsigned(o)) == 0 &&
			every(d.Numbers, func(tn string) bool { return slices.Contains(listed, tn) }),
		Bill:  r.hasBill(o, now),
		Proof: o.Proof.Given(),
	}
}

// hasBill says that the order has an accepted bill that a carrier would still take.
func (r Rules) hasBill(o Order, now time.Time) bool {
	bill, ok := o.Newest(BillDocument)
	return ok && !r.Stale(o, bill, now)
}

// Proposal is what the rules say of a dispute; a person decides.
type Proposal struct {
	// For is the side that gets the numbers; empty where more papers are waited for.
	For Side
	// Why is the reason in a sentence.
	Why MessageKey
}

// proposals are the rules in their order; the first one that fits proposes.
var proposals = []struct {
	why  MessageKey
	fits func(asks, holds DisputeFacts, lapsed bool) bool
	side func(asks, holds DisputeFacts) Side
}{
	{MsgOneLOA, func(asks, holds DisputeFacts, _ bool) bool { return asks.Valid != holds.Valid },
		func(asks, _ DisputeFacts) Side { return sideIf(asks.Valid) }},
	{MsgNoLOA, func(asks, _ DisputeFacts, _ bool) bool { return !asks.Valid },
		func(_, _ DisputeFacts) Side { return Holding }},
	{MsgNewestLOA, func(asks, holds DisputeFacts, _ bool) bool { return asks.papers() && holds.papers() },
		func(asks, holds DisputeFacts) Side { return sideIf(asks.LOA.After(holds.LOA)) }},
	{MsgPapersAwaited, func(_, _ DisputeFacts, lapsed bool) bool { return !lapsed },
		func(_, _ DisputeFacts) Side { return "" }},
	{MsgOnePapers, func(asks, holds DisputeFacts, _ bool) bool { return asks.papers() != holds.papers() },
		func(asks, _ DisputeFacts) Side { return sideIf(asks.papers()) }},
	{MsgNoPapers, func(_, _ DisputeFacts, _ bool) bool { return true },
		func(_, _ DisputeFacts) Side { return Holding }},
}

func sideIf(asking bool) Side {
	if asking {
		return Asking
	}
	return Holding
}

// ProposeDispute says who gets the numbers by the rules, as far as both sides' papers tell. Lapsed says that the time for
// papers is over: then the side that has shown none loses.
func ProposeDispute(asks, holds DisputeFacts, lapsed bool) Proposal {
	for _, row := range proposals {
		if row.fits(asks, holds, lapsed) {
			return Proposal{row.side(asks, holds), row.why}
		}
	}
	return Proposal{}
}

// DisputeEnds returns the end of the time for papers in a dispute that begins, or is asked about, at now.
func (r Rules) DisputeEnds(o Order, now time.Time) time.Time {
	return r.Paced(o, now, r.Calendar.AddBusinessDays(now, DisputeDays))
}

// RetryDispute is the time after which a dispute is looked at again that did not go on, or whose numbers are on their way.
const RetryDispute = time.Hour

// disputeDue is when the order's disputes next need a look: at the end of the time for papers, and while numbers are on
// their way. What a person is asked about waits for that person. The holding side is looked at by the asking one; its own
// look comes later, for a dispute whose other side is gone.
func (r Rules) disputeDue(o Order) time.Time {
	var next time.Time
	if o.Authority.Open() && o.Desk.Key != MsgAskAuthority {
		next = o.Authority.Ends
	}
	for _, d := range o.Disputes {
		at := time.Time{}
		switch {
		case d.State == DisputeMoving:
			at = d.Decided.Add(r.Lasts(o, RetryDispute))
		case d.State == DisputeOpen && d.Side == Holding:
			at = r.Paced(o, d.Ends, r.Calendar.AddBusinessDays(d.Ends, DisputeDays))
		case d.State == DisputeOpen && o.Desk.Key != MsgAskDispute:
			at = d.Ends
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// simulatedRivals are the last digits of the numbers of a sandbox that a simulated order of another account holds, each
// with what that order shows.
var simulatedRivals = map[string]DisputeFacts{
	"9901": {Valid: true},
	"9902": {Valid: true, Bill: true},
}

// SimulatedFacts returns what the simulated order shows that holds the disputed numbers. Its LOA is a day newer than the
// one of the asking side where it shows a bill, so that it wins.
func SimulatedFacts(d Dispute) DisputeFacts {
	for _, tn := range d.Numbers {
		if f, ok := simulatedRivals[lastDigits(tn)]; ok {
			f.LOA = d.LOA.AddDate(0, 0, -1)
			if f.papers() {
				f.LOA = d.LOA.AddDate(0, 0, 1)
			}
			return f
		}
	}
	return DisputeFacts{}
}

func lastDigits(tn string) string { return tn[max(0, len(tn)-4):] }

// SimulatedHolds returns the sandbox order's numbers that a simulated order of another account holds.
func (o Order) SimulatedHolds() []string {
	if !o.Sandbox {
		return nil
	}
	return slices.DeleteFunc(o.Active(), func(tn string) bool {
		_, held := simulatedRivals[lastDigits(tn)]
		return !held || slices.ContainsFunc(o.Disputes, func(d Dispute) bool {
			return d.Side == Asking && d.Winner == Asking && slices.Contains(d.Numbers, tn)
		})
	})
}

// RivalNumbers returns the numbers that an order of another account holds, from the refusal of a signature; nil where err
// is no such refusal.
func RivalNumbers(err error) []string {
	var tns []string
	for _, f := range takenFaults(err) {
		if f.Message == OtherRequest {
			tns = append(tns, f.Field)
		}
	}
	return tns
}
