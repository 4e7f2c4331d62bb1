package porting

import (
	"slices"
	"strings"
	"time"
)

// What is done on the way of a change, from the asking to its end.

// askChange writes the change down as the planner has it, and has the carrier asked where that is needed.
func askChange(c *change, cmd AskChange) error {
	p, err := c.PlanChange(c.o, cmd.Wish, c.now)
	if err != nil {
		return err
	}
	if cmd.Fee != p.Fee {
		return Faults{{Field: "accept_fee", Code: NotAllowed, Message: "The change costs $" + p.Fee.Dollars() + ". To have it made, send exactly this amount as accept_fee."}}.Err()
	}
	if err := c.signChange(p); err != nil {
		return err
	}
	w := p.Wish
	asked := AskedChange{Kind: w.Kind, State: ChangeAskedFor, By: cmd.Role, At: c.now, Date: w.Date, From: c.o.FOC,
		Numbers: slices.Clone(w.Numbers), Fields: slices.Clone(w.Fields), Reason: w.Reason, Fee: p.Fee}
	told := c.o.askedMessage(asked)
	if w.Kind == WishCorrection && len(p.Sign) == 0 {
		asked.Was = c.o.Details.only(func(r Detail) bool { return slices.Contains(w.Fields, r.Name) })
	}
	switch p.Way {
	case WayStaff:
		asked.State = ChangeWithStaff
		told = told.With(Say(MsgChangeByStaff))
	case WayWithdrawal:
		asked.State = ChangeWithCarrier
		c.o.Withdrawing, c.o.Resend = true, SupCancel
	case WayNewRequest: // the wish is the order's at once, and is made once the registry lets the old request go
		asked.State = ChangeWithCarrier
		c.o.Withdrawing, c.o.HandOver = true, time.Time{}
	case WaySupplement:
		c.o.Resend = p.Sup
	}
	c.o.Changes = append(c.o.Changes, asked)
	if p.Way == WaySupplement && w.Kind == WishCorrection || p.Way == WayNewRequest || p.Way == WayAtOnce {
		c.make(w)
	}
	c.say(told)
	if p.Way == WayAtOnce {
		c.endChange(ChangeIsDone, Say(MsgChangeMade))
	}
	return nil
}

// signChange signs what the change makes the LOA say otherwise. The signature covers a correction only together with it.
func (c *change) signChange(p ChangePlan) error {
	w := p.Wish
	switch {
	case w.Kind == WishAddition: // the rejected order is signed before it is sent again
		return nil
	case !w.Signs && len(p.Sign) > 0:
		e := Errorf(SignatureNeeded, "The letter of agency shows what you change. Sign it in the same call, with signature_name and signature_title.")
		for _, name := range p.Sign {
			e.Faults = append(e.Faults, Fault{Field: name, Code: FaultCode(SignatureNeeded), Message: "The letter of agency was signed with another value."})
		}
		return e
	case !w.Signs:
		return nil
	case len(p.Sign) == 0:
		return Faults{{Field: "signature_name", Code: NotAllowed, Message: "Leave this out. The change needs no signature."}}.Err()
	}
	was := c.o.Details
	if w.Kind == WishCorrection {
		c.o.Details = w.To
	}
	if err := c.signature(Sign{By: c.event.By, Signature: w.Signature}, c.blocked(w.Intake, nil)); err != nil {
		c.o.Details = was
		return err
	}
	return nil
}

// make carries the wish out on our side.
func (c *change) make(w Wish) {
	switch w.Kind {
	case WishDate:
		c.o.Details.Desired = w.Date
		if c.o.NotBefore > w.Date {
			c.o.NotBefore = ""
		}
		c.o.HandOver = time.Time{}
	case WishCorrection:
		c.o.Details = w.To
		if slices.Contains(w.Fields, "provider") && c.o.Kind == Local {
			c.o.Flags.Resold = w.Flags.Resold
		}
		c.classify(c.o.facts(), MsgClassByWord)
	case WishRemoval:
		c.leaveOut(w.Numbers, RemovedOnRequest, ForLeftOut)
		c.o.AlsoAsked = Without(c.o.AlsoAsked, w.Numbers)
		c.classify(c.o.facts(), MsgClassByNumbers)
	case WishAddition:
		for _, tn := range w.Numbers {
			c.o.Numbers = append(c.o.Numbers, Number{TN: tn})
		}
		c.o.Flags = c.o.Flags.with(w.Flags)
		c.classify(c.o.facts(), MsgClassByNumbers)
		c.activity()
	}
}

// endChange ends the open change. What it costs is taken when it is done.
func (c *change) endChange(state ChangeState, outcome Message) {
	ch := c.openChange()
	if ch == nil {
		return
	}
	ch.State, ch.Ended, ch.Outcome, ch.Was = state, c.now, outcome, Details{}
	if state == ChangeIsDone && ch.Fee > 0 {
		c.event.Charge += ch.Fee
		c.event.ChargeFor = ch.Kind
		switch ch.Kind {
		case WishCancel:
			c.o.CancelFee = ch.Fee
		case WishAddition:
			c.o.PortFee += ch.Fee
		default:
			c.o.ChangeFees += ch.Fee
		}
	}
}

// feeMessage tells the fee of a change that is done; nothing where it has none.
func feeMessage(ch AskedChange) []Message {
	if ch.Fee == 0 {
		return nil
	}
	return []Message{Say(MsgChangeFee, "fee", ch.Fee.Dollars())}
}

// askedMessage tells what was asked for.
func (o Order) askedMessage(ch AskedChange) Message {
	switch ch.Kind {
	case WishCancel:
		return Say(MsgCancelAsked)
	case WishDate:
		return Say(MsgDateAsked, "date", string(ch.Date))
	case WishCorrection:
		return Say(MsgCorrectionAsked, "fields", strings.Join(ch.Fields, ","))
	case WishRemoval:
		return Say(MsgRemovalAsked, "numbers", strings.Join(ch.Numbers, ","))
	case WishAddition:
		return Say(MsgAdditionMade, "numbers", strings.Join(ch.Numbers, ","))
	}
	return Say(MsgExpediteAsked, "why", string(ch.Reason))
}

// cancelNow ends an order of which no carrier has to be asked. An order that has been given back may still have a request at
// a carrier, which is withdrawn.
func cancelNow(c *change, cmd CancelNow) error {
	p, err := c.PlanChange(c.o, Wish{Kind: WishCancel}, c.now)
	switch {
	case err != nil:
		return err
	case p.Way != WayAtOnce:
		return Errorf(WrongStatus, "The carrier has the request, and has to be asked first.")
	}
	c.o.Changes = append(c.o.Changes, AskedChange{Kind: WishCancel, State: ChangeAskedFor, By: cmd.Role, At: c.now, Fee: p.Fee})
	ch, _ := c.o.OpenChange()
	c.say(Say(MsgCancelled).With(feeMessage(ch)...))
	c.endChange(ChangeIsDone, Say(MsgChangeMade))
	return nil
}

// confirmCancel ends an order whose request the carrier has let go.
func confirmCancel(c *change, cmd ConfirmCancel) error {
	port, ok := c.o.Last(AskPort)
	ch, open := c.o.OpenChange()
	byStaff := open && ch.Kind == WishCancel && cmd.Role == Staff
	switch {
	case !c.o.CancelAsked() && !byStaff:
		return Errorf(WrongStatus, "Nobody has asked to cancel the order.")
	case ok && cmd.PON != "" && port.PON != cmd.PON:
		return Errorf(Settled, "The request is not the last one.")
	}
	if len(c.o.In(Ported)) > 0 {
		return Errorf(WrongStatus, "Numbers of the order have moved already, so it can't be cancelled any more.")
	}
	if err := c.moved(cmd.By); err != nil {
		return err
	}
	c.answered(AnswerOver, cmd.Said)
	c.o.Withdrawing, c.o.Resend = false, SupNew
	c.say(Say(MsgCancelConfirmed).With(feeMessage(ch)...))
	c.endChange(ChangeIsDone, Say(MsgCancelConfirmed))
	return nil
}

// finishChange makes the change that the carrier has taken.
func finishChange(c *change, _ FinishChange) error {
	ch, open := c.o.OpenChange()
	switch {
	case !open:
		return Errorf(Settled, "No change waits for an answer.")
	case ch.Kind == WishCancel:
		return Errorf(WrongStatus, "A cancellation ends with the order: say that the carrier has let the request go.")
	case ch.Kind == WishDate:
		return Errorf(WrongStatus, "Another date is done when the carrier's date is written down.")
	}
	c.o.Resend = SupNew
	c.say(Say(MsgChangeDone).With(append([]Message{c.o.askedMessage(ch)}, feeMessage(ch)...)...))
	if ch.Kind == WishRemoval {
		c.make(Wish{Kind: ch.Kind, Numbers: ch.Numbers})
	}
	c.endChange(ChangeIsDone, Say(MsgChangeMade))
	return nil
}

// refuseChange leaves the order as it was before the change.
func refuseChange(c *change, cmd RefuseChange) error {
	ch, open := c.o.OpenChange()
	if !open && !c.o.CancelAsked() {
		return Errorf(Settled, "No change waits for an answer.")
	}
	if ch.Kind == WishCorrection {
		for _, row := range detailRows {
			if slices.Contains(ch.Fields, row.Name) && !c.o.resigned(ch) {
				row.copy(&c.o.Details, &ch.Was)
			}
		}
	}
	if cmd.Dropped {
		if i := c.o.last(AskPort); i >= 0 && c.o.Attempts[i].Version > 0 && c.o.Attempts[i].Sent.IsZero() {
			a := &c.o.Attempts[i]
			a.State, a.Answered, a.Leased, a.Digest = AnswerDropped, c.now, time.Time{}, Secret{}
		}
	}
	if c.o.CancelAsked() {
		c.o.Withdrawing = false
	}
	c.o.Resend, c.o.Delays = SupNew, 0
	if c.o.Desk.Key == MsgAskWithdrawal {
		c.o.Desk = Message{}
	}
	if cmd.Restore && c.o.Status == Accepted {
		c.answered(AnswerAccepted, "")
		c.o.Resend = SupOther
		if ch.Kind == WishDate {
			c.o.Resend = SupDate
		}
	}
	reasons := c.takable(c.ownNumbers(cmd.Reasons))
	c.event.Reasons = reasons
	why := Say(MsgChangeNotTaken)
	switch {
	case cmd.Why != "":
		why = Say(MsgChangeRefusedWhy, "why", cmd.Why)
	case len(reasons) > 0:
		why = Say(MsgChangeRefusedFor, "reason", string(reasons[0].Code))
	}
	c.say(Say(MsgChangeRefused).With(c.o.askedMessage(ch), why))
	c.endChange(ChangeIsRefused, why)
	return nil
}

// resigned says that the LOA was signed with the change.
func (o Order) resigned(ch AskedChange) bool { return !o.Signature.At.Before(ch.At) }

// overtake ends the open change of an order that has gone on without it.
func (c *change) overtake(before Order) {
	ch, open := c.o.OpenChange()
	if !open || c.event.Kind == ChangeAsked {
		return
	}
	switch o := &c.o; {
	case ch.Kind == WishCancel && o.Status == HardCanceled && c.event.Kind == HardCancelled: // by our staff, for the customer
		c.o.CancelFee, c.event.Charge = 0, 0 // of the change instead
		c.endChange(ChangeIsDone, Say(MsgCancelConfirmed))
	case o.Status == Completed, ch.Kind == WishCancel && o.partlyMoved():
		if o.CancelAsked() { // what has not moved yet is for a person
			o.Withdrawing, o.Resend = false, SupNew
		}
		c.event.Message.List = append(slices.Clone(c.event.Message.List), c.o.askedMessage(ch), Say(MsgMovedAllTheSame))
		c.endChange(ChangeOvertaken, Say(MsgMovedAllTheSame))
	case o.changesByRequest(ch) && before.Status == Submitted && o.Status == Accepted: // the registry has taken the old request first
		c.event.Message.List = append(slices.Clone(c.event.Message.List), c.o.askedMessage(ch), Say(MsgChangeOvertaken))
		c.endChange(ChangeOvertaken, Say(MsgChangeOvertaken))
	case !o.withCarrier(), before.Status == Accepted && o.Status == Submitted:
		c.endChange(ChangeOvertaken, Say(MsgChangeOvertaken))
	}
}

// changesByRequest says that the change is another date that a new request asks for in place of the old one.
func (o Order) changesByRequest(ch AskedChange) bool {
	return ch.Kind == WishDate && ch.State == ChangeWithCarrier && o.Terms().Change == ChangeByRequest
}

// takenBy says that a new date is the carrier's answer to the change. The carrier that was asked by a request answers it
// with any date. While our staff asks, only the date that was wished does, or an earlier one for an expedited port: another
// one is the carrier's own, and the change still waits.
func (o Order) takenBy(ch AskedChange, foc Date) bool {
	switch ch.State {
	case ChangeWithCarrier:
		return ch.Kind != WishCancel
	case ChangeWithStaff:
		return ch.Kind == WishDate && foc == ch.Date || ch.Kind == WishExpedite && foc < o.FOC
	}
	return false
}

// movedOnRequest ends the change that a new date answers. The old carrier may still cut the line on the old date, which the
// customer is told, and which the status check before that date looks at.
func (c *change) movedOnRequest(moved Message, ch AskedChange) Message {
	list := append([]Message{c.o.askedMessage(ch)}, feeMessage(ch)...)
	switch ch.Kind {
	case WishDate:
		c.o.Details.Desired = ch.Date
		list = append(list, Say(MsgOldDate, "date", string(c.o.FOC)))
	case WishRemoval:
		c.make(Wish{Kind: ch.Kind, Numbers: ch.Numbers})
	}
	if ch.From == "" {
		c.openChange().From = c.o.FOC
	}
	if i := c.o.last(AskPort); i >= 0 && c.o.Attempts[i].Version > 0 && c.o.Attempts[i].Seen.IsZero() {
		c.o.Attempts[i].Seen = c.now
	}
	c.endChange(ChangeIsDone, Say(MsgChangeMade))
	return moved.With(append(slices.Clone(moved.List), list...)...)
}

// changeSent takes note that the carrier has the request that asks for the change. Of an order without a date that is the
// end of the change: the carrier answers the request as a whole. A date that was agreed stands until the carrier answers.
func (c *change) changeSent() []Message {
	ch, ok := c.o.changing()
	switch {
	case !ok || ch.State != ChangeAskedFor:
		return nil
	case c.o.Status == Accepted:
		c.openChange().State = ChangeWithCarrier
		return nil
	case ch.Kind == WishDate || ch.Kind == WishRemoval:
		c.make(Wish{Kind: ch.Kind, Date: ch.Date, Numbers: ch.Numbers})
	}
	fee := feeMessage(ch)
	c.endChange(ChangeIsDone, Say(MsgChangeMade))
	return append([]Message{Say(MsgChangeSent).With(c.o.askedMessage(ch))}, fee...)
}

// startsChange says that a machine has to ask the carrier of an accepted order for a change, or to bring the request back
// to what it was. The machine of a submitted order waits for an answer, and is told by its token (outcomes).
func (c *change) startsChange() bool {
	if c.o.Status != Accepted || c.o.Withdrawing || c.o.Resend == SupNew {
		return false
	}
	return c.event.Kind == ChangeAsked || c.event.Kind == WasAccepted || c.event.Kind == ChangeRefused
}
