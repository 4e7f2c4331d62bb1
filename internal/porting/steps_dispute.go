package porting

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What is done about a dispute, in the order of its life. Commands of the asking order stand before those of the holding
// one. Neither order's comments, mails and events tell whose the other one is.

// takenFaults returns the faults of a refusal that names held numbers.
func takenFaults(err error) Faults {
	var e *Error
	if errors.As(err, &e) && e.Code == Taken {
		return e.Faults
	}
	return nil
}

// MaxAlsoAsked is how many numbers the customer is told of that others hold: enough to act on, and too few to learn what
// others hold (our decision).
const MaxAlsoAsked = 5

// noteRival writes down which numbers kept the order from being submitted, so that a dispute can be offered.
func noteRival(c *change, cmd NoteRival) error {
	tns := slices.DeleteFunc(slices.Clone(cmd.Numbers), func(tn string) bool { return !slices.Contains(c.o.Active(), tn) })
	tns = tns[:min(len(tns), MaxAlsoAsked)]
	if len(tns) == 0 || slices.Equal(tns, c.o.AlsoAsked) || !c.o.disputable() {
		return Errorf(Settled, "The customer knows of these numbers.")
	}
	c.o.AlsoAsked = tns
	c.say(Say(MsgRivalFound, "numbers", strings.Join(tns, ",")))
	return nil
}

// openDispute signs the LOA without taking the numbers, and opens the dispute.
func openDispute(c *change, cmd OpenDispute) error {
	var faults Faults
	if n := len(c.o.Active()); n > MaxDisputed {
		faults.Add("numbers", TooMany, fmt.Sprintf("An order with a dispute has at most %d numbers, and this one has %d. "+
			"Move the disputed numbers to an order of their own.", MaxDisputed, n))
	}
	if !c.hasBill(c.o, c.now) {
		faults.Add("documents", Required, fmt.Sprintf("Add a bill of the account that is at most %d days old, and open the "+
			"dispute once the document's status is complete.", c.billDays(c.o)))
	}
	opened := 0
	for _, d := range c.o.Disputes {
		if d.Side == Asking {
			opened++
		}
	}
	switch {
	case !c.o.disputable():
		return Errorf(WrongStatus, "The order holds its numbers against all others. Send it again instead.")
	case c.o.disputeWith(cmd.Rival, Asking) >= 0:
		return Errorf(WrongStatus, "The order has a dispute about these numbers already. Read it at disputes.")
	case opened >= MaxDisputes:
		return Errorf(WrongStatus, "The order has had %d disputes and takes no more. Write to our porting desk.", MaxDisputes)
	case len(cmd.Numbers) == 0:
		return Errorf(WrongStatus, "No other order holds the numbers of this one. Sign the order.")
	}
	if err := c.signature(Sign{By: cmd.By, Signature: cmd.Signature}, append(c.unready(cmd.Intake), faults...)); err != nil {
		return err
	}
	c.o.AlsoAsked = nil
	c.activity()
	ends := c.DisputeEnds(c.o, c.now)
	c.o.Disputes = append(c.o.Disputes, Dispute{Side: Asking, Rival: cmd.Rival, Numbers: slices.Clone(cmd.Numbers),
		State: DisputeOpen, Opened: c.now, Ends: ends, LOA: c.o.loaDated()})
	c.event.Ends = ends
	c.say(c.aboutDispute(MsgDisputeOpened, cmd.Numbers, ends))
	return nil
}

// aboutDispute makes a message about disputed numbers, with the day until which papers are waited for.
func (c *change) aboutDispute(key MessageKey, tns []string, ends time.Time) Message {
	return Say(key, "numbers", strings.Join(tns, ","), "until", string(DateOf(ends.In(c.Calendar.Location()))))
}

// stays refuses a change after which the order would no longer be what was signed for its dispute.
func (c *change) stays() error {
	if c.o.asks() && len(c.Unsigned(c.o)) > 0 {
		return Errorf(WrongStatus, "The letter of agency was signed for a dispute, and has to stay as it is until the "+
			"dispute is over. Cancel the order to end the dispute.")
	}
	return nil
}

// livingDispute returns the living dispute with the other order.
func (c *change) livingDispute(rival OrderID, side Side) (*Dispute, error) {
	i := c.o.disputeWith(rival, side)
	if i < 0 {
		return nil, Errorf(Settled, "The dispute is over.")
	}
	c.o.Disputes = slices.Clone(c.o.Disputes)
	return &c.o.Disputes[i], nil
}

// askDispute brings the dispute to our staff, with what the rules propose.
func askDispute(c *change, cmd AskDispute) error {
	d, err := c.livingDispute(cmd.Rival, Asking)
	if err != nil {
		return err
	}
	why := Say(MsgAskDispute, "order", string(cmd.Rival), "numbers", strings.Join(d.Numbers, ","), "for", string(cmd.For)).
		With(Say(cmd.Why))
	if d.State != DisputeOpen || c.o.Desk.Equal(why) || !c.o.Desk.IsZero() && c.o.Desk.Key != MsgAskDispute {
		return Errorf(Settled, "The desk is asked already.")
	}
	c.o.Desk = why
	c.note(Say(MsgDeskAsked).With(why))
	return nil
}

// askPapers gives both sides more time to show papers, and tells what our staff asks for.
func askPapers(c *change, cmd AskPapers) error {
	d, err := c.decidable(cmd.ID)
	if err != nil {
		return err
	}
	d.Ends = c.DisputeEnds(c.o, c.now)
	c.event.Ends, c.o.Desk = d.Ends, Message{}
	c.say(c.aboutDispute(MsgPapersAsked, d.Numbers, d.Ends))
	return nil
}

// decidable returns the open dispute that a person decides.
func (c *change) decidable(id string) (*Dispute, error) {
	i, ok := c.o.Dispute(Asking, id)
	if !ok {
		return nil, Errorf(WrongStatus, "The order has not exactly one open dispute of this number. Give the number of the dispute.")
	}
	c.o.Disputes = slices.Clone(c.o.Disputes)
	if c.o.Disputes[i].State != DisputeOpen {
		return nil, Errorf(WrongStatus, "The dispute was decided already.")
	}
	return &c.o.Disputes[i], nil
}

// decideDispute decides for one side. The customer of the holding side is told by its own order.
func decideDispute(c *change, cmd DecideDispute) error {
	d, err := c.decidable(cmd.ID)
	if err != nil {
		return err
	}
	d.Winner, d.Decided, d.By, c.o.Desk = cmd.For, c.now, cmd.Name, Message{}
	switch cmd.For {
	case Asking:
		d.State = DisputeMoving
		c.say(c.aboutDispute(MsgDisputeWon, d.Numbers, time.Time{}).With(Words(cmd.Why)))
	case Holding:
		d.State, d.Over = DisputeOver, c.now
		c.say(c.aboutDispute(MsgDisputeLost, d.Numbers, time.Time{}).With(Words(cmd.Why)))
	default:
		return Faults{{Field: "outcome", Code: Required, Message: "Give asking or holding, the side that gets the numbers."}}.Err()
	}
	return nil
}

// takeOver submits the order that has won, or sends it again, with the signature of the dispute. A wished day that can't be
// any more is left out.
func takeOver(c *change, cmd TakeOver) error {
	d, err := c.livingDispute(cmd.Rival, Asking)
	if err != nil {
		return err
	}
	if err := c.mustBeSigned(); err != nil {
		return err
	}
	var told []Message
	if len(c.dayFaults()) > 0 {
		told = append(told, Say(MsgFieldEmptied, "field", "desired_completion_date", "before", string(c.o.Details.Desired)))
		if c.o.Details.DesiredTime != "" {
			told = append(told, Say(MsgFieldEmptied, "field", hourField, "before", string(c.o.Details.DesiredTime)))
		}
		c.o.Details.Desired, c.o.Details.DesiredTime = "", ""
	}
	d.State, d.Winner, d.Over = DisputeOver, Asking, c.now
	c.ownTerms()
	if c.o.Status == Rejected {
		c.reviewed()
	}
	c.say(c.aboutDispute(MsgTakenOver, d.Numbers, time.Time{}).With(told...))
	return nil
}

// endDispute ends the dispute of the asking order without the numbers, or with numbers that only the customer's own
// signature can take now.
func endDispute(c *change, cmd EndDispute) error {
	d, err := c.livingDispute(cmd.Rival, Asking)
	if err != nil {
		return err
	}
	d.State, d.Over, c.o.Desk = DisputeOver, c.now, Message{}
	c.say(c.aboutDispute(cmd.Why, d.Numbers, time.Time{}))
	return nil
}

// --- the holding order ---

// contestNumbers tells the holding order of a dispute, or that there is more time for papers.
func contestNumbers(c *change, cmd ContestNumbers) error {
	if i := c.o.disputeWith(cmd.Rival, Holding); i >= 0 {
		if c.o.Disputes[i].State != DisputeOpen || !cmd.Ends.After(c.o.Disputes[i].Ends) {
			return Errorf(Settled, "The order knows of the dispute.")
		}
		c.o.Disputes = slices.Clone(c.o.Disputes)
		c.o.Disputes[i].Ends, c.event.Ends = cmd.Ends, cmd.Ends
		c.say(c.aboutDispute(MsgPapersAsked, cmd.Numbers, cmd.Ends))
		return nil
	}
	held := c.o.Active()
	if !every(cmd.Numbers, func(tn string) bool { return slices.Contains(held, tn) }) {
		return Errorf(WrongStatus, "The order does not hold these numbers any more.")
	}
	contests := slices.DeleteFunc(slices.Clone(c.o.Disputes), func(d Dispute) bool { return d.Side != Holding })
	if len(contests) >= MaxContests {
		return Errorf(WrongStatus, "The order was contested %d times.", MaxContests)
	}
	c.o.Disputes = append(slices.Clone(c.o.Disputes), Dispute{Side: Holding, Rival: cmd.Rival, Numbers: slices.Clone(cmd.Numbers),
		State: DisputeOpen, Opened: c.now, Ends: cmd.Ends, LOA: c.o.loaDated()})
	c.event.Ends = cmd.Ends
	c.say(c.aboutDispute(MsgContested, cmd.Numbers, cmd.Ends))
	return nil
}

// endContest ends the dispute on the side of the order that keeps its numbers.
func endContest(c *change, cmd EndContest) error {
	d, err := c.livingDispute(cmd.Rival, Holding)
	if err != nil {
		return err
	}
	d.State, d.Over = DisputeOver, c.now
	if cmd.Decided {
		d.Winner = Holding
	}
	c.say(c.aboutDispute(MsgContestOver, d.Numbers, time.Time{}))
	return nil
}

// yield ends an order all of whose numbers go to the other side. It holds them until that order takes them, and until
// its carrier has let its request go.
func yield(c *change, cmd Yield) error {
	d, err := c.yields(cmd.Rival)
	if err != nil {
		return err
	}
	if left := Without(c.o.Active(), d.Numbers); len(left) > 0 {
		return Errorf(WrongStatus, "The order has numbers that nobody disputes.")
	}
	c.say(c.aboutDispute(MsgYielded, d.Numbers, time.Time{}))
	return nil
}

// yieldNumbers leaves out the numbers that go to the other side. An order that is on its way goes back to its customer, who
// sends it again without them: a request that has them ends as a whole.
func yieldNumbers(c *change, cmd YieldNumbers) error {
	d, err := c.yields(cmd.Rival)
	if err != nil {
		return err
	}
	if left := Without(c.o.Active(), d.Numbers); len(left) == 0 {
		return Errorf(WrongStatus, "No number would be left on the order.")
	}
	tns := slices.Clone(d.Numbers)
	c.leaveOut(tns, LostDispute, ForLeftOut)
	c.o.Withdrawing = c.o.Withdrawing || c.o.requestLives()
	if c.o.withCarrier() || c.o.Status == Review { // back to the customer
		reasons := []Reason{{Code: LostDispute, Numbers: tns}}
		c.o.Reasons, c.event.Reasons = reasons, reasons
		c.o.FOC, c.o.FOCAt, c.o.FOCTime = "", time.Time{}, ""
		c.o.ClockFrom, c.o.Reminders = c.now, 0
	}
	c.say(c.aboutDispute(MsgYieldedSome, tns, time.Time{}))
	return nil
}

// yields begins to give numbers up.
func (c *change) yields(rival OrderID) (*Dispute, error) {
	d, err := c.livingDispute(rival, Holding)
	switch {
	case err != nil:
		return nil, err
	case d.State == DisputeMoving:
		return nil, Errorf(Settled, "The numbers are on their way already.")
	case c.o.Status.Live() && slices.ContainsFunc(c.o.Numbers, func(n Number) bool { return n.State == Ported }):
		return nil, Errorf(WrongStatus, "Some numbers of the order have moved, and the carrier is still at work on the others.")
	case c.Frozen(c.o, c.now):
		return nil, Errorf(WrongStatus, "The numbers move on %s, and the carrier takes no change any more.", c.o.FOC)
	}
	d.State, d.Winner, d.Decided = DisputeMoving, Asking, c.now
	return d, nil
}

// letGo gives the numbers up, in the transaction in which the other order takes them.
func letGo(c *change, cmd LetGo) error {
	d, err := c.livingDispute(cmd.Rival, Holding)
	switch {
	case err != nil:
		return err
	case d.State != DisputeMoving:
		return Errorf(WrongStatus, "Nobody has decided that the order gives the numbers up.")
	case c.o.Withdrawing:
		return Errorf(TooEarly, "The carrier has not let the request go yet.")
	}
	d.State, d.Over = DisputeOver, c.now
	c.note(c.aboutDispute(MsgHandedOver, d.Numbers, time.Time{}))
	return nil
}

// disputeChanges are the events after which both sides of a dispute are brought into line.
var disputeChanges = []EventKind{DisputeOpened, NumbersContested, PapersAsked, DisputeDecided, DisputeEnded, Withdrew, DocumentKept,
	NumberExcluded, NumbersChanged, NumbersYielded, HandedOver, Proven, LOARenewed}

// disputes ends the disputes that the present change has settled, and has both sides brought into line.
func (c *change) disputes(before Order) {
	o := &c.o
	if len(o.Disputes) == 0 {
		return
	}
	touched := before.Disputed() || o.Disputed()
	for i, d := range o.Disputes {
		gone := d.Side == Asking && !o.disputable() ||
			d.Side == Holding && d.State == DisputeOpen && (o.Status == Completed || !o.Status.Live() && !o.Withdrawing) ||
			d.State == DisputeOpen && !slices.ContainsFunc(o.Numbers, func(n Number) bool { return slices.Contains(d.Numbers, n.TN) && n.State != Excluded })
		if d.Lives() && gone {
			o.Disputes = slices.Clone(o.Disputes)
			o.Disputes[i].State, o.Disputes[i].Over = DisputeOver, c.now
		}
	}
	if o.Desk.Key == MsgAskDispute && !o.asks() {
		o.Desk = Message{}
	}
	if touched && (c.event.StatusChanged() || slices.Contains(disputeChanges, c.event.Kind)) {
		c.event.Effects = append(c.event.Effects, SettleDispute)
	}
}
