package porting

import (
	"maps"
	"slices"
	"strings"
)

// A number is left out of an order only if the customer's consent covers that, whoever has found it: the screening, the
// carrier's record, a refusal, or the registry when the other numbers moved. Without the consent the order goes back
// with the choice. A number that can be ported once something is done about it is never left out: with the consent the
// rest goes on, and that number goes back to the customer on an order of its own.

// OnUnportable is the customer's consent to go on without numbers that can't be ported. Its words are those of a create
// call; an order without the consent is stored without a word.
type OnUnportable string

// Without the consent an order with a number that can't be ported goes back to its customer. With it the order goes on
// without that number.
const (
	FailUnportable    OnUnportable = "fail"
	ExcludeUnportable OnUnportable = "exclude"
)

// LeavesOut says that a number may be left out of the order for that reason.
func (o Order) LeavesOut(code ReasonCode) bool {
	return o.Details.Unportable == ExcludeUnportable && code.MayLeaveOut()
}

// MayLeaveOut says that leaving numbers out is what resolves the reason; else something can be done about the number.
func (r ReasonCode) MayLeaveOut() bool { return slices.Contains(r.Info().Repairs, DropThem) }

// asksToLeaveOut says that the order could go on without the numbers that the reason names, and that the customer has
// not agreed to that.
func (o Order) asksToLeaveOut(r Reason) bool {
	n := len(o.named(r))
	return o.Details.Unportable != ExcludeUnportable && r.Code.MayLeaveOut() && n > 0 && n < len(o.Active())
}

// named are the numbers that the reason names and that take part in the order.
func (o Order) named(r Reason) []string {
	return slices.DeleteFunc(o.Active(), func(tn string) bool { return !slices.Contains(r.Numbers, tn) })
}

// withChoice offers, on each reason that leaving numbers out would resolve, to do that.
func (o Order) withChoice(reasons []Reason) []Reason {
	reasons = slices.Clone(reasons)
	for i, r := range reasons {
		if !o.asksToLeaveOut(r) {
			continue
		}
		patch := maps.Clone(r.Patch)
		if patch == nil {
			patch = map[string]string{}
		}
		patch["on_unportable"] = string(ExcludeUnportable)
		reasons[i].Patch = patch
		if r.Note.IsZero() {
			reasons[i].Note = Say(MsgLeaveOutChoice)
		}
	}
	return reasons
}

// leaveOutAgreed leaves out what the customer has agreed to leave out since the order was given back. One number stays.
func (c *change) leaveOutAgreed() []Message {
	var told []Message
	for _, r := range c.o.Reasons {
		tns := c.o.named(r)
		if !c.o.LeavesOut(r.Code) || len(tns) == 0 || len(tns) == len(c.o.Active()) {
			continue
		}
		left := c.leaveOut(tns, r.Code, ForLeftOut)
		told = append(told, Say(MsgLeftOut, "numbers", strings.Join(left, ","), "reason", string(r.Code)))
	}
	return told
}

// Stuck is what becomes of the numbers of an order that can't be ported as they are, before anything is sent.
type Stuck struct {
	// Out are left out, and Back is what the order, or an order of their own, goes back with.
	Out, Back []Reason
	// Apart says that the numbers of Back go back on an order of their own, and the rest goes on.
	Apart bool
}

// Sift decides what becomes of numbers that can't be ported as they are; each reason names some of them. Nothing is
// left of an order of which every number is stuck for good: that is RuleOut's.
func (o Order) Sift(reasons []Reason) Stuck {
	s := Stuck{}
	n := 0
	for _, r := range reasons {
		n += len(o.named(r))
	}
	if whole := n >= len(o.Active()); o.Details.Unportable != ExcludeUnportable || whole {
		s.Back = reasons
		return s
	}
	for _, r := range reasons {
		if o.LeavesOut(r.Code) {
			s.Out = append(s.Out, r)
		} else {
			s.Back, s.Apart = append(s.Back, r), true
		}
	}
	return s
}

// stayedBehind returns the numbers that did not move when the rest did, without those that the customer's consent
// covers, and the reasons for that.
func (o Order) stayedBehind(a Answer) (tns []string, reasons []Reason) {
	active := o.Active()
	for _, tn := range a.Left {
		if slices.Contains(active, tn) && !o.LeavesOut(a.reasonOf(tn).Code) {
			tns = append(tns, tn)
		}
	}
	if len(tns) == len(active) { // nothing moved
		return nil, nil
	}
	return tns, a.behind(tns)
}

// reasonOf is the reason for which a number stayed behind: the first that names it, else the first of all.
func (a Answer) reasonOf(tn string) Reason {
	for _, r := range a.Reasons {
		if slices.Contains(r.Numbers, tn) {
			return r
		}
	}
	if len(a.Reasons) > 0 {
		return a.Reasons[0]
	}
	return Reason{Code: OtherReason}
}

// GoesBack makes the command by which numbers go back to the customer on an order of their own. One transaction takes
// only so many: the caller asks again until there are none.
func (o Order) GoesBack(tns []string, reasons []Reason) (BringBack, bool) {
	if len(tns) == 0 || len(tns) >= len(o.Active()) {
		return BringBack{}, false
	}
	tns = tns[:min(len(tns), splitItems-siblingItems)]
	return BringBack{By: SystemBy(WayWorkflow), Reasons: reasons,
		Sibling: Sibling{Numbers: tns, Carrier: o.Carrier, Why: reasons[0].Code}}, true
}

// bringBack takes numbers off the order that go back to their customer on an order of their own.
func bringBack(c *change, cmd BringBack) error {
	remaining := c.o.Remaining
	if _, err := c.partWith(cmd.Sibling, c.share(c.o, len(cmd.Sibling.Numbers))); err != nil {
		return err
	}
	if len(c.o.Active()) == 0 {
		return Errorf(Invalid, "No number would be left on the order.")
	}
	c.o.Remaining = remaining // the request at the carrier has said what it says
	c.say(Say(MsgWentBack, "numbers", strings.Join(cmd.Sibling.Numbers, ","), "order", string(cmd.Sibling.ID),
		"reason", string(cmd.Sibling.Why)))
	return nil
}

// comeBack makes the order of numbers that go back to their customer.
func comeBack(c *change, cmd ComeBack) error {
	if err := splitOff(c, SplitOff{By: cmd.By, From: cmd.From, Sibling: cmd.Sibling}); err != nil {
		return err
	}
	c.o.Remaining = cmd.From.Remaining
	reasons := c.takable(c.ownNumbers(cmd.Reasons))
	c.o.Reasons, c.event.Reasons = reasons, reasons
	c.recovering(reasons)
	c.o.ClockFrom = c.now
	c.say(Say(MsgCameBack, "order", string(cmd.From.ID), "numbers", strings.Join(cmd.Sibling.Numbers, ",")))
	return nil
}
