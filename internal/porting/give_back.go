package porting

// Returnable is what staff can still give back of all that was taken for the order. What counts for another order is not.
func (c Charges) Returnable() Money {
	return c.PortFee + c.CancelFee + c.ChangeFees - c.Refunded - c.Credited - c.Returned
}

// returnFee gives a part of the order's fees back by a person's decision, which may come after the order's end.
// No more than what was taken comes back in all, by whichever rule or person.
func returnFee(c *change, cmd GiveBack) error {
	var faults Faults
	switch left := c.o.Returnable(); {
	case left <= 0:
		return Errorf(WrongStatus, "Nothing that was taken for the order can be given back.")
	case cmd.Amount <= 0:
		faults.Add("amount", Required, "Give the amount that is given back, in dollars.")
	case cmd.Amount > left:
		faults.Add("amount", NotAllowed, "At most $"+left.Dollars()+" can be given back: it was taken for the order, and has not come back yet.")
	}
	why := TidyLine(cmd.Why)
	if bad := LineFault(why); bad != "" || why == "" {
		faults.Add("text", Required, "Say in one line why the fee is given back. The customer reads it.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	c.o.Returned += cmd.Amount
	c.event.Refund, c.event.RefundFor = cmd.Amount, ForGoodwill
	c.say(Say(MsgFeeReturned, "amount", cmd.Amount.Dollars(), "why", why))
	return nil
}
