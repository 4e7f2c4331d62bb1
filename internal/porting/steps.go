package porting

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the system's own moves do, in the order of an order's life.

func remind(c *change, _ Remind) error {
	if at := c.reminder(c.o); c.o.Reminders >= len(c.Reminders) || at.After(c.now) {
		return Errorf(TooEarly, "No reminder is due.")
	}
	end := c.End(c.o)
	for c.o.Reminders < len(c.Reminders) && !c.reminder(c.o).After(c.now) {
		c.o.Reminders++
	}
	c.event.Ends = end
	c.say(Say(MsgReminded, "ends", string(DateOf(end))))
	return nil
}

func announce(c *change, _ Announce) error {
	if at := c.announcement(c.o); at.IsZero() || at.After(c.now) {
		return Errorf(TooEarly, "The numbers do not move tomorrow.")
	}
	c.o.Announced, c.event.FOC = c.o.FOC, c.o.FOC
	c.say(Say(MsgDayAnnounced, "day", string(c.o.FOC)))
	return nil
}

func expire(c *change, _ Expire) error {
	end := c.End(c.o)
	if end.After(c.now) {
		return Errorf(TooEarly, "The order's time is not up.")
	}
	c.event.Ends = end
	days := c.LifeDays
	if c.extended(c.o) {
		days *= 2
	}
	c.say(Say(MsgExpired, "days", strconv.Itoa(days)))
	return nil
}

func pass(c *change, _ Pass) error {
	c.charge()
	c.o.Delays = 0
	told := c.o.holderMessage()
	if c.event.Credit > 0 {
		told = append(told, Say(MsgCredited, "amount", c.event.Credit.Dollars(), "order", string(c.event.CreditOf)))
	}
	c.tell(Say(MsgPassed), told)
	return nil
}

// charge takes the port fee, once in an order's life. What was paid for an order that this one reopens counts first.
func (c *change) charge() {
	if c.o.PortFee == 0 {
		c.o.PortFee = c.Fee(c.o) * Money(len(c.o.Active()))
		credit := min(c.o.Credit, c.o.PortFee)
		c.o.Credit -= credit
		c.event.Charge = c.o.PortFee - credit
		if credit > 0 {
			c.event.Credit, c.event.CreditOf = credit, c.o.Reopens
		}
	}
}

func exclude(c *change, cmd Exclude) error {
	if cmd.By.Role == System && !c.o.LeavesOut(cmd.Reason) {
		return Errorf(WrongStatus, "The customer has not agreed to go on without the number.")
	}
	left := c.leaveOut(cmd.TNs, cmd.Reason, ForLeftOut)
	if len(left) == 0 {
		return Errorf(Settled, "The numbers are left out already.")
	}
	if len(c.o.Active()) == 0 {
		return Errorf(Invalid, "No number would be left on the order.")
	}
	told := Say(MsgLeftOut, "numbers", strings.Join(left, ","), "reason", string(cmd.Reason))
	if c.o.Class == ProjectPort { // it may be none without them
		told = told.With(c.classify(c.o.facts(), MsgClassByNumbers)...)
	}
	c.say(told)
	return nil
}

// leaveOut takes numbers off the order, with their share of the fee where it comes back for that cause.
func (c *change) leaveOut(tns []string, why ReasonCode, back RefundFor) []string {
	var left []string
	of := len(c.o.Active())
	defer func() { c.refund(back, len(left), of) }()
	for i, n := range c.o.Numbers {
		if (n.State == Taking || n.State == Failed) && slices.Contains(tns, n.TN) {
			c.o.Numbers[i].enter(Excluded, why, c.now)
			left = append(left, n.TN)
		}
	}
	return left
}

func plan(c *change, cmd Plan) error {
	a := cmd.Attempt
	for _, old := range c.o.Attempts {
		if old.Kind == a.Kind && old.PON == a.PON && old.Version == a.Version {
			return Errorf(Settled, "The request is planned already.")
		}
	}
	a.Planned = c.now
	if a.Kind == AskPort {
		a.AskedFor = c.askedFor(c.o, a.Asked, c.now)
		a.Leased = c.now.Add(SendLimit)
	}
	c.o.Attempts = append(c.o.Attempts, a)
	c.o.Resend = SupNew
	c.o.Delays = 0 // who is asked now has kept nobody waiting yet
	if cmd.Habit != (Habit{}) {
		c.o.Habit = cmd.Habit
	}
	c.note(Say(MsgPlanned, "pon", string(a.PON), "version", strconv.Itoa(a.Version), "peer", a.Peer))
	if len(cmd.Why) > 0 {
		c.say(Say(MsgChosen, "peer", a.Peer).With(cmd.Why...))
	}
	return nil
}

func markSent(c *change, cmd MarkSent) error {
	for i, a := range c.o.Attempts {
		if a.PON != cmd.PON || a.Version != cmd.Version {
			continue
		}
		if !a.Sent.IsZero() {
			return Errorf(Settled, "The request was sent already.")
		}
		a.Ref, a.Sent, a.State = cmd.Ref, c.now, AnswerWaiting
		a.Answered, a.Leased, a.Digest = time.Time{}, time.Time{}, Secret{}
		if cmd.Asked != "" {
			a.Asked, a.AskedFor, a.AskedTime = cmd.Asked, c.askedFor(c.o, cmd.Asked, c.now), cmd.Time
		}
		c.o.Attempts[i] = a
		c.o.Delays = 0
		switch sent := Say(MsgSent, "pon", string(a.PON), "version", strconv.Itoa(a.Version), "peer", a.Peer); {
		case a.Kind == AskCSR:
			c.say(Say(MsgRecordAsked, "peer", a.Peer))
		case cmd.Differs:
			c.o.Resend = SupOther
			sent.Key = MsgSentOther
			c.say(sent)
		default:
			if !c.o.CancelAsked() {
				c.o.Resend = SupNew // the repair's change has gone, perhaps with a request planned before it
			}
			c.o.Enclosed = nil
			if asks := c.o.AskedMessage(a); !asks.IsZero() && c.o.Status == Submitted {
				sent = sent.With(append([]Message{asks}, c.askedHour(c.o, a)...)...)
			}
			sent.List = append(sent.List, c.changeSent()...)
			c.say(sent)
		}
		c.event.Comment = c.event.Comment && c.o.withCarrier()
		return nil
	}
	return Errorf(NotFound, "There is no such request on the order.")
}

// SendLimit is how long an invocation may take to send a request that it has written down: longer than the function that
// sends it may run.
const SendLimit = 90 * time.Second

// lease takes a request over that was written down and not sent. Its sender may have died; the next one looks for it at
// the peer first.
func lease(c *change, cmd Lease) error {
	for i, a := range c.o.Attempts {
		switch {
		case a.Kind != AskPort || a.PON != cmd.PON || a.Version != cmd.Version:
		case !a.Sent.IsZero():
			return Errorf(Settled, "The request was sent already.")
		case c.now.Before(a.Leased):
			return Errorf(Settled, "Another invocation is sending the request.")
		default:
			c.o.Attempts[i].Leased, c.o.Attempts[i].Digest = c.now.Add(SendLimit), cmd.Digest
			if cmd.Asked != "" {
				c.o.Attempts[i].Asked, c.o.Attempts[i].AskedFor = cmd.Asked, c.askedFor(c.o, cmd.Asked, c.now)
				c.o.Attempts[i].AskedTime = cmd.Time
			}
			c.note(Say(MsgLeased, "pon", string(a.PON), "version", strconv.Itoa(a.Version), "peer", a.Peer))
			return nil
		}
	}
	return Errorf(NotFound, "There is no such request on the order.")
}

func skipCSR(c *change, cmd SkipCSR) error { return c.settleCSR(cmd.Why) }

func settleCSR(c *change, cmd SettleCSR) error {
	if c.o.Desk.Key == MsgAskRecover {
		return Errorf(WrongStatus, "The registry's help desk has to hand the numbers over first. Have the registry asked again when "+
			"it has, or give the order back.")
	}
	c.prove(cmd.Proof)
	return c.settleCSR(cmd.Why)
}

func (c *change) settleCSR(why Message) error {
	if c.o.CSRSettled {
		return Errorf(Settled, "The CSR is settled already.")
	}
	c.o.CSRSettled, c.o.Desk = true, Message{}
	if _, sent := c.o.Last(AskPort); !sent { // the comparison may have proven the order
		why = why.With(c.classify(c.o.facts(), MsgClassByRecord)...)
	}
	c.say(why)
	return nil
}

func correct(c *change, cmd Correct) error {
	changed, err := c.amend(cmd.To, cmd.Fields, cmd.Patch, nil)
	if err != nil {
		return err
	}
	if len(changed) == 0 {
		return Errorf(Settled, "The order has what the carrier's record says already, or cannot take it.")
	}
	c.prove(cmd.Proof)
	c.say(Say(MsgCorrected).With(changed...))
	return nil
}

// amend takes the named fields from to and tells what changed, before and after, without secrets. It takes nothing that
// the screening or an edit would refuse, and refuses what the customer would have to sign; form names the details of
// which only the spelling changes.
func (c *change) amend(to Details, names []string, patch map[string]string, form []string) ([]Message, error) {
	patch = c.Takable(c.o, patch, c.now)
	unsigned := c.Unsigned(c.o)
	for name, value := range patch {
		to.Set(name, value)
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var changed []Message
	for _, name := range names {
		row, ok := DetailRow(name)
		if !ok {
			return nil, Faults{{Field: name, Code: Unknown, Message: "There is no such attribute."}}.Err()
		}
		before, plain := c.o.Details.Get(name)
		row.copy(&c.o.Details, &to)
		switch after, _ := c.o.Details.Get(name); {
		case plain && before == after:
		case plain && before == "":
			changed = append(changed, Say(MsgFieldSet, "field", name, "after", after))
		case plain && after == "":
			changed = append(changed, Say(MsgFieldEmptied, "field", name, "before", before))
		case plain:
			changed = append(changed, Say(MsgFieldChanged, "field", name, "before", before, "after", after))
		default:
			changed = append(changed, Say(MsgSecretChanged, "field", name))
		}
	}
	c.o.Details = c.o.Details.Tidy()
	if len(changed) > 0 {
		changed = append(changed, c.conform(form)...)
	}
	for _, name := range c.Unsigned(c.o) {
		if !slices.Contains(unsigned, name) {
			return nil, Errorf(SignatureNeeded, "The letter of agency was signed with another %s.", name)
		}
	}
	return changed, nil
}

func repair(c *change, cmd Repair) error {
	c.prove(cmd.Proof)
	changed, err := c.amend(cmd.To, cmd.Fields, cmd.Patch, cmd.Form)
	if err != nil {
		return err
	}
	for _, r := range cmd.Repairs {
		c.o.Repairs[r]++
	}
	fee := make([]Money, len(cmd.SplitOff)) // by the order as it was
	for i, s := range cmd.SplitOff {
		fee[i] = c.share(c.o, len(s.Numbers))
	}
	for i, s := range cmd.SplitOff {
		parted, err := c.partWith(s, fee[i])
		if err != nil {
			return err
		}
		changed = append(changed, parted)
	}
	for _, d := range cmd.Drop {
		if !c.o.LeavesOut(d.Code) {
			return Errorf(WrongStatus, "The customer has not agreed to go on without the number.")
		}
		if left := c.leaveOut(d.Numbers, d.Code, ForLeftOut); len(left) > 0 {
			changed = append(changed, Say(MsgDidLeaveOut, "numbers", strings.Join(left, ","), "reason", string(d.Code)))
		}
	}
	if len(c.o.Active()) == 0 {
		return Errorf(Invalid, "No number would be left on the order.")
	}
	c.enclose(cmd.Enclose)
	if cmd.More {
		c.o.Reasons = cmd.Rest
		c.say(Say(MsgRepairedPart, "repairs", string(SplitThemOff)).With(changed...))
		return nil
	}
	if btn := cmd.Remaining.BTN; btn != "" && btn != c.o.Remaining.BTN {
		changed = append(changed, Say(MsgDidMainNumber, "number", btn))
	}
	if cmd.Remaining != (Remaining{}) {
		c.o.Remaining = cmd.Remaining
	}
	if cmd.NotBefore > c.o.NotBefore {
		c.o.NotBefore = cmd.NotBefore
		changed = append(changed, Say(MsgDidNotBefore, "date", string(cmd.NotBefore)))
	}
	c.o.Resend, c.o.Reasons = cmd.Sup, nil
	repairs := make([]string, 0, len(cmd.Repairs))
	for _, kind := range cmd.Repairs {
		repairs = append(repairs, string(kind))
	}
	how := strings.Join(repairs, ",")
	if cmd.Fresh || cmd.Peer != "" {
		delete(c.o.Repairs, Escalate) // the next request has its own time
		c.o.Escalated = time.Time{}
	}
	if cmd.Peer != "" {
		port, _ := c.o.Last(AskPort)
		c.answered(AnswerDenied, "")
		c.o.Attempts = append(c.o.Attempts, Attempt{Kind: AskPort, Peer: cmd.Peer, PON: c.o.NextPON(AskPort), Planned: c.now})
		c.say(Say(MsgOtherPeer, "from", port.Peer, "to", cmd.Peer, "repairs", how).With(changed...))
		return nil
	}
	if cmd.Fresh {
		c.answered(AnswerOver, "")
	} else {
		c.answered(AnswerWaiting, "")
	}
	c.say(Say(MsgRepaired, "repairs", how).With(changed...))
	return nil
}

func check(c *change, cmd Check) error {
	if cmd.Chased != NotChased {
		c.o.Repairs[Escalate], c.o.Escalated = int(cmd.Chased), c.now
	}
	c.say(Say(MsgChecked).With(cmd.Found...))
	c.event.Comment = c.o.withCarrier() // of no other order the customer waits for the carrier
	return nil
}

func delay(c *change, cmd Delay) error {
	c.o.Delays++
	c.note(cmd.Why)
	c.event.Comment = c.o.Delays == 1
	if cmd.Peer != "" && !c.o.Sandbox {
		c.event.Tally = Tally{Mark: MarkDown, Peer: cmd.Peer}
	}
	for i, a := range c.o.Attempts {
		if a.Kind == AskPort && a.Leased.Equal(cmd.Leased) { // the caller no longer sends; somebody else may have taken over
			c.o.Attempts[i].Leased = time.Time{}
		}
	}
	return nil
}

func askDesk(c *change, cmd AskDesk) error {
	switch port, _ := c.o.Last(AskPort); {
	case !c.o.canAsk(cmd.Why):
		return Errorf(Settled, "The desk is asked already.")
	case !working.has(c.o.Status) && !c.o.HasOpenRequest():
		return Errorf(WrongStatus, "No carrier has a request of the order, so that nobody has to look at it.")
	case cmd.Denied:
		c.answered(port.State, port.Said)
	}
	c.o.Desk = cmd.Why
	if cmd.Why.Key == MsgAskTaxID { // the customer has to know why digits on the order do not help
		c.say(Say(MsgTaxIDByHand).With(cmd.Why))
		return nil
	}
	if cmd.Why.Key == MsgAskRecover {
		c.recovering([]Reason{{Code: cmp.Or(c.o.Flags.Recovery, TFTransitional)}})
		c.say(Say(MsgRecoverByHand, "numbers", cmd.Why.Args["numbers"]).With(cmd.Why))
		return nil
	}
	c.note(Say(MsgDeskAsked).With(cmd.Why))
	return nil
}

// await keeps the token of the newest try of the newest state. An execution of before this release tells no try.
func await(c *change, cmd Await) error {
	if !cmd.Fence.Entered.IsZero() {
		if cmd.Fence.before(c.o.Driver.Fence) {
			return Errorf(Settled, "A later try of the machine waits already.")
		}
		c.o.Driver.Fence = cmd.Fence
	}
	c.o.Wait = Wait{For: cmd.For, Machine: c.o.Driver.Machine, Run: c.o.Driver.Run, Token: cmd.Token, Seq: c.o.Version + 1}
	c.note(Say(MsgWaiting, "for", string(cmd.For)))
	return nil
}

func resume(c *change, cmd Resume) error {
	if c.o.Wait.Seq != cmd.Seq || !c.o.Wait.Token.IsSet() {
		return Errorf(Settled, "That wait is over already.")
	}
	c.note(Say(MsgResumed, "for", string(c.o.Wait.For)))
	c.o.Wait = Wait{}
	return nil
}

func redrive(c *change, cmd Redrive) error {
	if c.o.Driver.Run != cmd.Run {
		return Errorf(Settled, "Another run drives the order already.")
	}
	c.o.Wait = Wait{}
	c.note(Say(MsgRedriven, "run", strconv.Itoa(cmd.Run)))
	return nil
}
