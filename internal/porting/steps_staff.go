package porting

import (
	"strings"
	"time"
)

// What our staff's decisions do; the system takes some of them too.

func ticketCancel(c *change, cmd HardCancel) error {
	c.say(Say(MsgCancelledEarly, "why", cmd.Why))
	return nil
}

// hardCancel takes the fee when the LSP has had the order (D-STA: "may be assessed").
func hardCancel(c *change, cmd HardCancel) error {
	if err := c.moved(cmd.By); err != nil {
		return err
	}
	if len(c.o.In(Ported)) > 0 {
		return Errorf(WrongStatus, "Some of the numbers have moved already, and are in service with us. Go on without the others.")
	}
	if c.Frozen(c.o, c.now) && !cmd.Force {
		return Errorf(WrongStatus,
			"The numbers move on %s, and the carrier takes no change in the last %d hours before: the port would happen all the same. "+
				"Wait for the date, or give force to cancel on our side all the same.", c.o.FOC, int(c.Freeze.Hours()))
	}
	if c.o.hadRequest() {
		fee := c.o.Tariff.Cancel.Or(c.HardCancelFee)
		if ch, ok := c.o.OpenChange(); ok && ch.Kind == WishCancel { // as the customer has accepted it
			fee = ch.Fee
		}
		c.o.CancelFee, c.event.Charge = fee, fee
	}
	c.say(Say(MsgHardCancelled, "why", cmd.Why))
	return nil
}

func ruleOut(c *change, cmd RuleOut) error {
	c.o.Reasons, c.event.Reasons = cmd.Reasons, cmd.Reasons
	c.say(Say(MsgRuledOut))
	return nil
}

func giveBack(c *change, cmd Return) error {
	if err := c.moved(cmd.By); err != nil {
		return err
	}
	if len(cmd.Reasons) == 0 {
		return Faults{{Field: "reasons", Code: Required, Message: "Say why the order goes back."}}.Err()
	}
	c.prove(cmd.Proof)
	if cmd.Missed {
		c.o.Proof, c.o.Misses = c.o.Proof.Compared(), count(c.o.Misses, c.now)
	}
	reasons := c.takable(c.o.withChoice(cmd.Reasons))
	c.o.Reasons, c.event.Reasons = reasons, reasons
	c.recovering(reasons)
	c.o.ClockFrom, c.o.Reminders, c.o.ChangedFrom = c.now, 0, nil
	if c.o.requestLives() && !c.o.refusalStands() {
		c.o.Withdrawing = true
	}
	returned := Say(MsgReturned)
	if c.o.Objection.Open() && cmd.Role == System {
		returned = returned.With(Say(MsgObjectionBeside))
	}
	c.say(returned)
	return nil
}

// approve sends on what passes the checks of a first submission. An order whose carrier was never asked for its record is
// compared with it first.
func approve(c *change, cmd Approve) error {
	if err := c.moved(cmd.By); err != nil {
		return err
	}
	var faults Faults
	for _, r := range c.Screen(c.o, c.now) {
		info := r.Code.Info()
		faults.Add(strings.Join(info.Fields, ","), NotAllowed, info.Meaning)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	left := c.leaveOutAgreed()
	c.charge()
	c.o.Enclosed = c.wanted(c.o, c.o.Reasons, c.now)
	c.o.Reasons, c.o.Repairs, c.o.Desk = nil, nil, Message{}
	_, sent := c.o.Last(AskPort)
	csr, _ := c.o.Last(AskCSR)
	// What a person has approved goes on as it is. Else an unproven order is compared again with what was corrected.
	again := cmd.Role == System && csr.State == AnswerReady && !c.o.Proof.Compared().Given()
	c.o.CSRSettled = c.o.CSRSettled || sent || !csr.Answered.IsZero() && !again
	for i, a := range c.o.Attempts {
		if a.Kind == AskCSR && a.State == AnswerLacking {
			c.o.Attempts[i].State, c.o.Attempts[i].Reads = AnswerWaiting, 0 // the order may now have what it lacked
		}
	}
	c.sendAgain()
	c.say(Say(MsgApproved).With(append(left, c.o.holderMessage()...)...))
	return nil
}

// sendAgain has a refused request sent again: as a supplement where the peer has it, else as it was planned.
func (c *change) sendAgain() {
	port, ok := c.o.Last(AskPort)
	if !ok || port.State != AnswerRefused {
		return
	}
	c.answered(AnswerWaiting, "")
	if port.Ref != "" {
		c.o.Resend = SupOther
	}
}

// takeUp goes on with the request that the carrier has, as if the order had never been given back.
func takeUp(c *change, cmd TakeUp) error {
	if cmd.Role == System && !c.o.Objection.Open() {
		return Errorf(WrongStatus, "A person decides whether the order goes on, since no objection of ours is open.")
	}
	if !c.o.HasOpenRequest() {
		return Errorf(WrongStatus, "No carrier has a request of the order that could be taken up.")
	}
	if len(c.o.Yields()) > 0 {
		return Errorf(WrongStatus, "The request asks for numbers that go to the other side of a dispute. It has to end first.")
	}
	c.o.Reasons, c.o.Desk, c.o.Withdrawing, c.o.Delays = nil, Message{}, false, 0
	c.o.CSRSettled = true
	port, _ := c.o.Last(AskPort)
	c.answered(AnswerWaiting, "")
	c.leased(port.Leased) // the new driver waits for a sender that is still at work
	c.say(Say(MsgTakenUp))
	return nil
}

// moved refuses what our staff can't decide as long as the carrier says that the numbers of a live order have moved.
func (c *change) moved(by By) error {
	if by.Role == Staff && c.o.Desk.Key == MsgAskMoved && c.o.Status.Live() {
		return Errorf(WrongStatus, "The carrier says that the numbers have moved. "+
			"Take the request up to complete the order, or have the carrier asked again if that is not so.")
	}
	return nil
}

// askAgain has the peer of a request asked again about an order that is not with the carrier for us. An order in review
// waits for its review then.
func askAgain(c *change, _ Retry) error {
	switch {
	case c.o.Desk.IsZero():
		return Errorf(WrongStatus, "Nobody has asked the desk about this order.")
	case c.o.Desk.Key == MsgAskReview:
		return Errorf(WrongStatus, "The order waits for a review: approve it, or reject it.")
	case objectionQuestion(c.o.Desk):
		return Errorf(WrongStatus, "The order is with its customer. Object to the refusal, or drop the objection.")
	}
	c.o.Desk = Message{}
	if c.o.Status == Review {
		c.o.Desk = Say(MsgAskReview)
	}
	c.note(Say(MsgRetried))
	return nil
}

// retry has the machine do its last step again, and the carrier asked at once. A carrier that people at the peer were told
// of gets its time anew, and is chased again after it.
func retry(c *change, cmd Retry) error {
	if c.o.Desk.IsZero() {
		return Errorf(WrongStatus, "Nobody has asked the desk about this order.")
	}
	if cmd.By.Role == System && !c.o.AskedByOutage() {
		return Errorf(WrongStatus, "A person was asked, and has to decide.")
	}
	if c.o.Desk.Key == MsgAskSwitch {
		return Errorf(WrongStatus, "The carrier has nothing to do with it: have the switch asked again, or say that it is done by hand.")
	}
	delete(c.o.Repairs, Escalate)
	c.o.Escalated = time.Time{}
	c.o.Desk, c.o.Delays = Message{}, 0
	c.o.Enclosed = c.wanted(c.o, c.o.Reasons, c.now)
	c.sendAgain()
	c.note(Say(MsgRetried))
	return nil
}
