package porting

import (
	"slices"
	"strings"
	"time"
)

// A number that has moved can go back to the carrier that had it for a day after its activation, without an order of that
// carrier (snapback). The holder of the number asks for it. Our staff asks the peer's people, since neither wire has a call
// for it, and says what came of it. The order stays completed; its numbers have gone back.

// SnapbackTime is how long after its activation a number can go back (NANC; the peers' pages say the same).
const SnapbackTime = 24 * time.Hour

// SnapbackEnds returns until when the number can go back; zero for one that is not in service with us. The order's
// completion stands for an activation that is not known to the second, as after a change by an older release.
func (r Rules) SnapbackEnds(o Order, n Number) time.Time {
	if n.State != Ported || o.Status != Completed {
		return time.Time{}
	}
	at := n.At
	if at.IsZero() {
		at = o.StatusAt
	}
	return at.Add(r.Lasts(o, SnapbackTime))
}

// SnapbackUntil returns until when the last number of a completed order can go back; zero for any other order.
func (r Rules) SnapbackUntil(o Order) time.Time {
	var last time.Time
	for _, n := range o.Numbers {
		if ends := r.SnapbackEnds(o, n); ends.After(last) {
			last = ends
		}
	}
	return last
}

// askSnapback brings the wish that numbers go back to our staff.
func askSnapback(c *change, cmd AskSnapback) error {
	var faults Faults
	if !cmd.HolderAsks {
		faults.Add("holder_asks", Required, "Say that the holder of the numbers asks for it: nobody else can.")
	}
	if why := TidyLine(cmd.Why); why == "" {
		faults.Add("reason", Required, "Say why the numbers are to go back, for the carrier.")
	} else if bad := LineFault(why); bad != "" {
		faults.Add("reason", BadFormat, bad)
	}
	tns := cmd.Numbers
	if len(tns) == 0 {
		tns = c.o.In(Ported)
	}
	var first time.Time
	for _, tn := range tns {
		i := slices.IndexFunc(c.o.Numbers, func(n Number) bool { return n.TN == tn })
		if i < 0 {
			faults.Add("numbers", Unknown, tn+" is not on the order.")
			continue
		}
		ends := c.SnapbackEnds(c.o, c.o.Numbers[i])
		switch {
		case ends.IsZero():
			faults.Add("numbers", NotAllowed, tn+" is not in service with us.")
		case ends.Before(c.now):
			faults.Add("numbers", OutOfRange, tn+" can't go back any more: the 24 hours after its activation are over. Have the other "+
				"carrier order a port.")
		case first.IsZero() || ends.Before(first):
			first = ends
		}
	}
	switch {
	case c.o.sendsBack():
		return Errorf(Settled, "Numbers of the order are on their way back already. Wait until that is settled.")
	case len(faults) > 0:
		return faults.Err()
	case len(tns) == 0:
		return Errorf(WrongStatus, "No number of the order is in service with us.")
	}
	c.sendBack(tns, first, TidyLine(cmd.Why))
	c.say(Say(MsgSnapbackAsked, "numbers", strings.Join(tns, ","), "why", TidyLine(cmd.Why)))
	return nil
}

// sendBack asks our staff to have numbers sent back to the carrier that had them. Until is the end of the first number's
// time; once it is over, only a port back is left (winback: Bandwidth's guide to unauthorized ports).
func (c *change) sendBack(tns []string, until time.Time, why string) {
	port, _ := c.o.Last(AskPort)
	list := strings.Join(tns, ",")
	if until.Before(c.now) {
		c.o.Desk = Say(MsgAskWinback, "numbers", list, "peer", port.Peer, "pon", string(port.PON), "why", why)
		return
	}
	c.o.Desk = Say(MsgAskSnapback, "numbers", list, "peer", port.Peer, "pon", string(port.PON), "until",
		until.In(c.Calendar.Location()).Format("3:04 PM MST on January 2"), "why", why)
}

// takeSnapback writes down that the numbers have gone back.
func takeSnapback(c *change, _ TakeSnapback) error {
	tns, err := c.o.goingBack()
	if err != nil {
		return err
	}
	of, failed := len(c.o.Active()), 0
	for i, n := range c.o.Numbers {
		if n.State != Ported || !slices.Contains(tns, n.TN) {
			continue
		}
		if a := c.o.Authority; a.State == CaseReturned && slices.Contains(a.Numbers, n.TN) { // the port was not authorised: nothing is refunded
			c.o.Numbers[i].enter(SnappedBack, PortUndone, c.now)
			continue
		}
		c.o.Numbers[i].enter(SnappedBack, "", c.now)
		failed++
	}
	c.refund(ForFailed, failed, of)
	c.o.Desk = Message{}
	c.say(Say(MsgSnappedBack, "numbers", strings.Join(tns, ",")))
	return nil
}

// refuseSnapback ends the wish: the numbers stay with us.
func refuseSnapback(c *change, cmd RefuseSnapback) error {
	tns, err := c.o.goingBack()
	if err != nil {
		return err
	}
	c.o.Desk = Message{}
	c.say(Say(MsgSnapbackRefused, "numbers", strings.Join(tns, ","), "why", TidyLine(cmd.Why)))
	return nil
}

// sendsBack says that our staff is asked to have numbers sent back.
func (o Order) sendsBack() bool { return o.Desk.Key == MsgAskSnapback || o.Desk.Key == MsgAskWinback }

// goingBack are the numbers of which our staff was asked whether they go back.
func (o Order) goingBack() ([]string, error) {
	if !o.sendsBack() {
		return nil, Errorf(WrongStatus, "Nobody has asked that numbers of the order go back.")
	}
	return Listed(o.Desk.Args["numbers"]), nil
}
