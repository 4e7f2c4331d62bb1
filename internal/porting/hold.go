package porting

import (
	"fmt"
	"slices"
	"time"
)

// An order keeps its numbers from other orders. From its signature on it keeps them from every other order of its world:
// two signed orders for one number would be two requests at carriers. A draft keeps them from other orders of its own
// account alone, so that a create call that is repeated blindly makes nothing twice (D-CRE), while nobody can keep a
// number from its holder, or learn who else asks for it, without signing for it. What was signed and never reached a
// carrier keeps its numbers from others for [Rules.HoldDays] rejected days. infra/docs/decisions.md has the reasons.

// Holds names what this order keeps from other orders, as its owner's holds are named. An order that has ended keeps its
// numbers until its request is withdrawn at the peer: until then the carrier may move them all the same. One that has lost
// a dispute keeps the disputed numbers until the winner takes them.
func (o Order) Holds() []string {
	var holds []string
	if o.Status.Live() || o.Withdrawing {
		name := o.Owner().Hold
		if o.OwnOnly {
			name = o.Owner().OwnHold
		}
		holds = o.Active()
		for i, tn := range holds {
			holds[i] = name(tn)
		}
	}
	for _, tn := range o.Yields() {
		if hold := o.Owner().Hold(tn); !slices.Contains(holds, hold) {
			holds = append(holds, hold)
		}
	}
	return holds
}

// Drafted counts the numbers that the order keeps from its own account's orders alone.
func (o Order) Drafted() int {
	if !o.OwnOnly || !o.Status.Live() {
		return 0
	}
	return len(o.Active())
}

// UnsignedNumbers is how many numbers an account may have on orders that are not signed, unless its own limit says
// otherwise: those of four orders of the largest size (our decision).
const UnsignedNumbers = 4 * MaxNumbers

// UnsignedError refuses n more unsigned numbers of an account that may have most of them and has so many.
func UnsignedError(n, most, has int) error {
	return Faults{{Field: "numbers", Code: TooMany, Message: fmt.Sprintf("Your account may have %d numbers on orders that are not signed, and has %d. "+
		"Sign or cancel orders before you add these %d.", most, has, n)}}.Err()
}

// unsure says that the order was written by a release that knew no drafts, in a status in which its holds may be those of
// a draft: functions of two releases write the same orders while one takes the place of the other.
func (o Order) unsure() bool {
	return !o.OwnOnly && !o.Sandbox && (o.Status == Pending || o.Status == Processing && o.Signature.Order == "")
}

// TakesHolds returns the holds that the step from before to after takes. Some of them the order may have: a hold may be
// taken twice for one order.
func TakesHolds(before, after Order) []string {
	if before.unsure() {
		return after.Holds()
	}
	return Without(after.Holds(), before.Holds())
}

// Without returns the holds that are not among those.
func Without(holds, those []string) []string {
	skip := make(map[string]bool, len(those))
	for _, hold := range those {
		skip[hold] = true
	}
	return slices.DeleteFunc(slices.Clone(holds), func(hold string) bool { return skip[hold] })
}

// LeavesHolds says that the step from before to after leaves holds that it gives up to the effect [ReleaseNumbers]: they
// are more than its transaction frees beside those that it takes, or nobody knows which ones there are.
func LeavesHolds(before, after Order) bool {
	had, has := len(before.Holds()), len(after.Holds())
	if before.unsure() {
		return true
	}
	if had > 0 && before.Owner() == after.Owner() && before.OwnOnly != after.OwnOnly && !after.Sandbox {
		return had+has > HoldsPerTransaction
	}
	return had-has > HoldsPerTransaction
}

// holding settles from whom the order keeps its numbers, after the present change. The time for which a rejected order
// has kept numbers of which no carrier knows adds up over its rejections, until it takes its numbers anew.
func (c *change) holding(before Order) {
	o := &c.o
	if before.Status == Rejected && o.Status != Rejected && !before.OwnOnly && before.unsent() {
		o.HeldIdle += max(0, c.now.Sub(before.StatusAt))
	}
	switch o.Status {
	case Pending:
		o.OwnOnly = true
	case Rejected: // as the order was, until its hold lapses
	default:
		if before.OwnOnly {
			o.HeldIdle = 0
		}
		o.OwnOnly = false
	}
}

// unsent says that no carrier has ever had, or may ever have had, a request for the order's numbers. A peer that has
// denied a first request has nothing of it.
func (o Order) unsent() bool {
	return !slices.ContainsFunc(o.Attempts, func(a Attempt) bool {
		return a.Kind == AskPort && (a.State != AnswerDenied || a.Ref != "")
	})
}

// Lapses is when a rejected order stops keeping its numbers from other accounts; zero for one that keeps them, or has
// stopped.
func (r Rules) Lapses(o Order) time.Time {
	if o.Status != Rejected || o.OwnOnly || !o.unsent() || o.Sandbox {
		return time.Time{}
	}
	return o.StatusAt.AddDate(0, 0, r.HoldDays).Add(-o.HeldIdle)
}

// lapse ends the hold of a rejected order against other accounts. It gives an unsigned order of an earlier release,
// which held its numbers against everybody, the hold of a draft.
func lapse(c *change, _ Lapse) error {
	switch {
	case c.o.OwnOnly:
		return Errorf(Settled, "The order keeps its numbers from its own account's orders alone already.")
	case c.o.Status == Pending: // settled by holding
		c.note(Say(MsgHoldDraft))
		return nil
	}
	if at := c.Lapses(c.o); at.IsZero() || at.After(c.now) {
		return Errorf(TooEarly, "The order still keeps its numbers.")
	}
	c.o.OwnOnly = true
	c.say(Say(MsgHoldLapsed))
	return nil
}
