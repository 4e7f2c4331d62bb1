package porting

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the carrier's answers do.

func takeRecord(c *change, cmd TakeRecord) error {
	i := slices.IndexFunc(c.o.Attempts, func(a Attempt) bool { return a.Kind == AskCSR && a.PON == cmd.PON })
	if i < 0 {
		return Errorf(NotFound, "There is no such request on the order.")
	}
	a := &c.o.Attempts[i]
	a.Reads++
	before := a.State
	a.State, a.Said = cmd.State, cmd.Said
	c.o.Delays = 0
	switch cmd.State {
	case AnswerReady:
		a.Record, a.Answered = cmd.Record, c.now
		c.prove(cmd.Proof)
		c.say(Say(MsgRecordCame).With(c.classify(c.o.facts(), MsgClassByRecord)...))
	case AnswerNoRecord:
		a.Answered = c.now
		c.note(Say(MsgNoRecord))
	default:
		c.event.Kind = RecordAwaited
		c.note(Say(MsgRecordAwaited, "reads", strconv.Itoa(a.Reads)))
		switch {
		case cmd.State != AnswerLacking || before == AnswerLacking:
		case cmd.Given:
			a.Supplied = true
			c.say(Say(MsgRecordGiven, "said", cmd.Said))
		default:
			c.say(Say(MsgRecordLacks, "said", cmd.Said))
		}
	}
	return nil
}

func (c *change) answered(state AnswerState, said string) {
	if i := c.o.last(AskPort); i >= 0 {
		a := &c.o.Attempts[i]
		a.State, a.Said, a.Answered, a.Leased = state, said, c.now, time.Time{}
	}
}

// leased has the last request for the port leased until that instant.
func (c *change) leased(until time.Time) {
	if i := c.o.last(AskPort); i >= 0 {
		c.o.Attempts[i].Leased = until
	}
}

func refuse(c *change, cmd Refuse) error {
	port, ok := c.o.Last(AskPort)
	if !ok || port.PON != cmd.PON || port.State == AnswerRefused && !c.o.otherGrounds(cmd.Reasons) {
		return Errorf(Settled, "The refusal is known already, or is of another request.")
	}
	if c.o.Objection.Open() { // the carrier no longer stands by the ground that we contest
		c.endObjection(ObjectionOvertaken)
	}
	reasons := cmd.Reasons
	if len(reasons) == 0 {
		reasons = []Reason{{Code: OtherReason, Raw: cmd.Said}}
	}
	c.answered(AnswerRefused, cmd.Said)
	c.o.Desk = Message{} // whatever our staff was asked before, this is the answer
	reasons = c.takable(c.ownNumbers(reasons))
	c.o.Reasons, c.event.Reasons = reasons, reasons
	c.count(MarkRefused)
	if c.o.WantsOtherPeer() {
		c.count(MarkDenied)
	}
	refused := Say(MsgRefused)
	if c.o.refusedAsSimple(reasons) {
		f := c.o.facts()
		f.NotSimple = true
		refused = refused.With(c.classify(f, MsgNotSimple)...)
	}
	c.say(refused)
	return nil
}

// ownNumbers keeps the order's own numbers in the reasons: other numbers of the account are told to nobody.
func (c *change) ownNumbers(reasons []Reason) []Reason {
	reasons = slices.Clone(reasons)
	for i, r := range reasons {
		reasons[i].Numbers = slices.DeleteFunc(slices.Clone(r.Numbers), func(tn string) bool {
			return !slices.ContainsFunc(c.o.Numbers, func(n Number) bool { return n.TN == tn })
		})
	}
	return reasons
}

func accept(c *change, cmd Accept) error {
	c.answered(AnswerAccepted, cmd.Said)
	c.o.FOC, c.o.FOCAt, c.o.Reasons, c.o.Desk = cmd.FOC, c.Paced(c.o, c.now, cmd.At), nil, Message{}
	c.o.FOCTime = c.confirmedTime(c.o, cmd.At, cmd.Timed)
	c.o.Delays = 0
	c.announceSoon()
	if !c.o.CancelAsked() {
		c.o.Withdrawing = false
	}
	if ch := c.openChange(); ch != nil {
		ch.From = cmd.FOC
		if ch.Kind == WishDate && c.o.Resend != SupNew && ch.State == ChangeAskedFor {
			c.o.Resend = SupDate
		}
	}
	c.event.FOC = cmd.FOC
	c.count(MarkAccepted)
	c.say(Say(MsgAccepted, "foc", string(cmd.FOC)).With(slices.Concat(c.o.confirmedOther(cmd.FOC), c.confirmedHour(c.o), c.quietMove(c.o, cmd.FOC))...))
	return nil
}

// moveFOC takes the peer's new date. Without one the old date is in jeopardy: the next legal one after it is asked for.
func moveFOC(c *change, cmd MoveFOC) error {
	foc, at := cmd.FOC, c.Paced(c.o, c.now, cmd.At)
	if foc == "" {
		foc = c.after(c.o, c.o.FOC, c.now)
		days := int(foc.In(c.Calendar.Location()).Sub(c.o.FOC.In(c.Calendar.Location())).Hours()+12) / 24
		at = c.Paced(c.o, c.o.FOCAt, c.o.FOCAt.AddDate(0, 0, days))
		c.o.Resend = SupDate
	}
	c.o.Delays, c.o.Desk = 0, Message{}
	after := c.o
	if after.FOC = foc; cmd.FOC != "" {
		after.FOCTime = c.confirmedTime(c.o, cmd.At, cmd.Timed)
	}
	moved := Say(MsgMoved, "from", string(c.o.FOC), "to", string(foc)).With(append(c.confirmedHour(after), c.quietMove(c.o, foc)...)...)
	if foc == c.o.FOC {
		moved = Say(MsgHourMoved, "day", string(foc)).With(c.confirmedHour(after)...)
	}
	if ch, open := c.o.OpenChange(); open && cmd.FOC != "" && c.o.takenBy(ch, cmd.FOC) {
		moved = c.movedOnRequest(moved, ch)
	} else {
		c.count(MarkMoved)
	}
	c.say(moved)
	c.o.FOC, c.o.FOCAt, c.o.FOCTime, c.event.FOC = foc, at, after.FOCTime, foc
	c.announceSoon()
	return nil
}

// announceSoon counts a day as announced that is told less than two days before: the mail that tells it is enough.
func (c *change) announceSoon() {
	if c.o.FOCAt.Before(c.now.Add(2 * c.Lasts(c.o, 24*time.Hour))) {
		c.o.Announced = c.o.FOC
	}
}

func loseFOC(c *change, cmd LoseFOC) error {
	c.answered(AnswerRefused, cmd.Said)
	reasons := c.takable(c.ownNumbers(cmd.Reasons))
	c.o.Reasons, c.event.Reasons = reasons, reasons
	c.count(MarkLost)
	c.say(Say(MsgDateLost, "foc", string(c.o.FOC)))
	c.o.FOC, c.o.FOCAt, c.o.FOCTime, c.o.Desk = "", time.Time{}, "", Message{}
	return nil
}

func see(c *change, cmd See) error {
	port, err := c.supplement(cmd.PON, cmd.Version)
	if err != nil {
		return err
	}
	port.Seen = c.now
	c.note(Say(MsgSeen, "pon", string(port.PON), "version", strconv.Itoa(port.Version), "peer", port.Peer))
	return nil
}

// doubt leaves everything as it is; the event's kind brings the next status check forward.
func doubt(c *change, cmd Doubt) error {
	port, err := c.supplement(cmd.PON, cmd.Version)
	if err != nil {
		return err
	}
	c.note(Say(MsgDoubted, "pon", string(port.PON), "version", strconv.Itoa(port.Version), "peer", port.Peer))
	return nil
}

// supplement returns the last request for the port if it is that version and the peer has shown nothing else of it yet.
func (c *change) supplement(pon PON, version int) (*Attempt, error) {
	last, ok := c.o.Last(AskPort)
	if !ok || last.PON != pon || last.Version != version || !last.Seen.IsZero() {
		return nil, Errorf(Settled, "The peer's word about this version is known already.")
	}
	i := slices.IndexFunc(c.o.Attempts, func(a Attempt) bool { return a.Kind == AskPort && a.PON == pon && a.Version == version })
	return &c.o.Attempts[i], nil
}

// withdrawn ends the last request, and frees the numbers of an order that has ended.
func withdrawn(c *change, cmd Withdrawn) error {
	port, ok := c.o.Last(AskPort)
	switch {
	case !ok || port.PON != cmd.PON || port.State == AnswerOver:
		return Errorf(Settled, "The request has ended already, or is not the last one.")
	case c.o.withCarrier() && !c.o.Withdrawing:
		return Errorf(WrongStatus, "Nobody has asked the carrier to let the request go.")
	case cmd.By.Role == Staff && !c.o.Withdrawing && urgency(c.o.Desk) == 0:
		return Errorf(WrongStatus, "Nobody has asked the carrier to let the request go.")
	}
	if err := c.moved(cmd.By); err != nil {
		return err
	}
	c.answered(AnswerOver, cmd.Said)
	c.o.Withdrawing, c.o.Desk = false, Message{}
	c.o.Resend = SupNew // there is nothing left that a supplement could change
	if c.o.Status == Review {
		c.o.Desk = Say(MsgAskReview)
	}
	gone := Say(MsgWithdrawn, "pon", string(port.PON), "peer", port.Peer)
	if ch, open := c.o.OpenChange(); open && c.o.changesByRequest(ch) && c.o.withCarrier() {
		c.say(gone.With(append([]Message{Say(MsgChangeDone).With(c.o.askedMessage(ch))}, feeMessage(ch)...)...))
		c.endChange(ChangeIsDone, Say(MsgChangeMade))
		return nil
	}
	c.note(gone)
	return nil
}

func complete(c *change, cmd Complete) error {
	if len(cmd.Left) > 0 && !c.o.LeavesOut(cmd.Why) && slices.ContainsFunc(c.o.Active(), func(tn string) bool { return slices.Contains(cmd.Left, tn) }) {
		return Errorf(WrongStatus, "A number that stayed behind has to go back to the customer first.")
	}
	left := c.leaveOut(cmd.Left, cmd.Why, ForFailed)
	for i, n := range c.o.Numbers {
		if n.State == Taking || n.State == Failed {
			c.o.Numbers[i].enter(Ported, "", c.now)
		}
	}
	c.o.WithoutFailed, c.o.Reasons = false, nil
	c.answered(AnswerCompleted, cmd.Said)
	c.event.FOC = c.o.FOC
	c.say(Say(MsgCompleted))
	if len(left) > 0 {
		c.say(Say(MsgPartlyMoved, "numbers", strings.Join(left, ","), "reason", string(cmd.Why)))
	}
	return nil
}
