package porting

import (
	"slices"
	"strconv"
	"strings"
)

// A port may come apart on its day: some numbers move, and others do not. Each number that has moved is served from that
// moment. The others keep the order from completing: it stays accepted, a person of ours is asked at once, and the
// customer is told which numbers work and to keep the service of the others. Once the others have moved too the order
// completes. If they will not, our staff has the order go on without them: with the customer's consent they are left out,
// else they go back to the customer on an order of their own.

// parted returns the numbers that are known to have moved and those that stayed behind, out of the order's numbers that take
// part. A number in neither list waits for its move.
func (o Order) parted(a Answer) (moved, failed []string) {
	for _, n := range o.Numbers {
		left := slices.Contains(a.Left, n.TN)
		switch {
		case n.State != Taking && n.State != Failed && n.State != Ported:
		case a.State == AnswerCompleted && !left || slices.Contains(a.Moved, n.TN) || n.State == Ported:
			moved = append(moved, n.TN)
		case left || n.State == Failed:
			failed = append(failed, n.TN)
		}
	}
	return moved, failed
}

// fallout takes the word that some of the numbers have moved, as far as the order does not know it. done says that the
// answer is dealt with: the order must not complete, or lose its date.
func (h hearing) fallout() (cmds []Command, done bool) {
	moved, failed := h.o.parted(h.a)
	switch {
	case len(moved) == 0 || len(moved) == len(h.o.Active()): // the port stands or falls as a whole
		return nil, false
	case h.a.State == AnswerCompleted && h.o.WithoutFailed:
		return nil, false
	}
	known := func(n Number) bool {
		return (n.State == Ported || !slices.Contains(moved, n.TN)) && (n.State == Failed || !slices.Contains(failed, n.TN))
	}
	if !slices.ContainsFunc(h.o.Numbers, func(n Number) bool { return !known(n) }) {
		return nil, true
	}
	return []Command{TakeMoved{By: h.by, Said: h.a.Said, Moved: moved, Failed: failed, Reasons: h.a.behind(failed)}}, true
}

// behind returns the reasons for which numbers stayed behind, each with those numbers alone. A number that no reason
// names has the first one.
func (a Answer) behind(tns []string) []Reason {
	var reasons []Reason
	rest := slices.Clone(tns)
	for _, r := range a.Reasons {
		r.Numbers = slices.DeleteFunc(slices.Clone(r.Numbers), func(tn string) bool { return !slices.Contains(tns, tn) })
		if len(r.Numbers) > 0 {
			reasons = append(reasons, r)
			rest = Without(rest, r.Numbers)
		}
	}
	if len(rest) > 0 {
		first := a.reasonOf("")
		first.Numbers = rest
		reasons = append(reasons, first)
	}
	return reasons
}

// takeMoved writes down which numbers have moved and which have not, and asks a person about the latter.
func takeMoved(c *change, cmd TakeMoved) error {
	reasons := c.takable(c.ownNumbers(cmd.Reasons))
	changed := false
	for i := range c.o.Numbers {
		n := &c.o.Numbers[i]
		switch {
		case slices.Contains(cmd.Moved, n.TN) && (n.State == Taking || n.State == Failed):
			n.enter(Ported, "", c.now)
			changed = true
		case slices.Contains(cmd.Failed, n.TN) && n.State == Taking:
			n.enter(Failed, Answer{Reasons: reasons}.reasonOf(n.TN).Code, c.now)
			changed = true
		}
	}
	moved, failed := c.o.In(Ported), c.o.In(Failed)
	switch {
	case !changed:
		return Errorf(Settled, "The order knows which of its numbers have moved.")
	case len(moved) == len(c.o.Active()):
		return Errorf(Invalid, "An order of which every number has moved is complete.")
	}
	c.event.FOC = c.o.FOC
	if len(failed) == 0 {
		c.say(Say(MsgSomeMoved, "n", strconv.Itoa(len(moved))))
		return nil
	}
	c.o.Reasons, c.event.Reasons = reasons, reasons
	list, why := strings.Join(failed, ","), string(Answer{Reasons: reasons}.reasonOf(failed[0]).Code)
	c.o.Desk = Say(MsgAskFallout, "numbers", list, "reason", why)
	c.say(Say(MsgFallout, "n", strconv.Itoa(len(moved)), "numbers", list, "reason", why))
	return nil
}

// goWithout is the decision of our staff that the numbers that did not move leave the order. Its machine carries it out,
// since an order of their own needs the customer's secrets.
func goWithout(c *change, _ GoWithout) error {
	failed := c.o.In(Failed)
	switch {
	case len(failed) == 0 || len(c.o.In(Ported)) == 0:
		return Errorf(WrongStatus, "The order goes on without numbers only once others of it have moved.")
	case c.o.WithoutFailed:
		return Errorf(Settled, "That is decided already.")
	}
	c.o.WithoutFailed, c.o.Desk, c.o.Delays = true, Message{}, 0
	c.note(Say(MsgGoesWithout, "numbers", strings.Join(failed, ",")))
	return nil
}

// partlyMoved says that some of the order's numbers are in service with us and others are not.
func (o Order) partlyMoved() bool {
	moved := len(o.In(Ported))
	return moved > 0 && moved < len(o.Active())
}

// AskUnmoved returns the command by which a person is asked about an order whose day has passed, and which nobody expects
// to move by itself any more. A number that still waits where others have moved counts as failed from then on.
func (o Order) AskUnmoved(by By) Command {
	waiting, failed := o.In(Taking), o.In(Failed)
	switch {
	case o.partlyMoved() && len(waiting) > 0:
		return TakeMoved{By: by, Failed: waiting, Reasons: []Reason{{Code: SVFailure, Numbers: waiting}}}
	case len(failed) > 0:
		why := string(Answer{Reasons: o.Reasons}.reasonOf(failed[0]).Code)
		return AskDesk{By: by, Why: Say(MsgAskFallout, "numbers", strings.Join(failed, ","), "reason", why)}
	}
	return AskDesk{By: by, Why: Say(MsgAskUnconfirmed)}
}

// GivenUp returns what becomes of the numbers that the order goes on without: the reasons of those that go back to the
// customer, and the completion by which the customer's consent leaves the others out.
func (o Order) GivenUp() (back []Reason, complete Complete, ok bool) {
	failed := o.In(Failed)
	if o.Status != Accepted || !o.WithoutFailed || len(failed) == 0 || len(o.In(Ported)) == 0 {
		return nil, Complete{}, false
	}
	a := Answer{Reasons: o.Reasons, Left: failed}
	tns, back := o.stayedBehind(a)
	port, _ := o.Last(AskPort)
	complete = Complete{By: PeerBy(port.Peer), Said: port.Said, Left: Without(failed, tns)}
	if len(complete.Left) > 0 {
		complete.Why = a.reasonOf(complete.Left[0]).Code
	}
	return back, complete, true
}
