package porting

import (
	"slices"
	"strings"
	"time"
)

// A toll-free number that was given up lately, or whose RespOrg no longer exists, moves by no request of ours: the help
// desk of the registry hands it over to the RespOrg that shows it the subscriber's LOA and a bill (support.somos.com,
// 4677287805716 and 4678116307604). The LOA may be 30 days old and the bill 90. Our staff files the request in the
// registry's portal, since the wire that we know has no call for it without an earlier request. The number is ours from
// then on, or can be moved by a request like any other.

// ByHelpDesk says that a number with the reason is handed over by the registry's help desk, and by nobody else.
func (r ReasonCode) ByHelpDesk() bool { return r == TFDisconnected || r == TFTransitional }

// CanRecover says that the order has what the registry's help desk wants to see: a bill and an LOA that are both young
// enough. A bill whose date nobody has told counts; our staff looks at it.
func (r Rules) CanRecover(o Order, now time.Time) bool {
	bill, ok := o.Newest(BillDocument)
	return ok && !r.Stale(o, bill, now) && !o.Signature.At.IsZero() && !r.LOAExpired(o, now)
}

// AskToRecover is the question to our staff about numbers that the registry's help desk has to hand over. It has the
// text of the request, which our staff sends.
func (r Rules) AskToRecover(o Order, reasons []Reason) Message {
	var tns []string
	for _, reason := range reasons {
		tns = append(tns, reason.Numbers...)
	}
	return Say(MsgAskRecover, "numbers", strings.Join(tns, ","), "from", o.Carrier.SPID, "to", r.Operator.RespOrg,
		"signed", string(DateOf(o.loaDated().In(r.Calendar.Location()))))
}

// recovering remembers that numbers of the order wait for the registry's help desk.
func (c *change) recovering(reasons []Reason) {
	i := slices.IndexFunc(reasons, func(r Reason) bool { return r.Code.ByHelpDesk() })
	if i >= 0 && c.o.Flags.Recovery == "" {
		c.o.Flags.Recovery = reasons[i].Code
	}
}

// recovered completes an order whose numbers the registry's help desk has handed over. No request was sent for them.
func recovered(c *change, _ Recover) error {
	if c.o.Flags.Recovery == "" {
		return Errorf(WrongStatus, "The numbers were with us before, and were not to be handed over for this order.")
	}
	if _, sent := c.o.Last(AskPort); sent {
		return Errorf(WrongStatus, "The order has a request, whose answer completes it.")
	}
	c.o.Reasons, c.o.Desk, c.o.Delays = nil, Message{}, 0
	c.o.FOC, c.o.FOCAt = DateOf(c.now.In(c.carrierDays(c.o).Location())), c.now
	c.event.FOC = c.o.FOC
	for i, n := range c.o.Numbers {
		if n.State == Taking {
			c.o.Numbers[i].enter(Ported, "", c.now)
		}
	}
	c.say(Say(MsgRecovered))
	return nil
}
