package porting

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What the system's own moves do, in the order of an order's life.

func remind(c *change, _ Remind) error {
	if at := c.clock(c.o); c.o.Reminders >= len(c.Reminders) || at.After(c.now) {
		return Errorf(TooEarly, "No reminder is due.")
	}
	end := c.End(c.o)
	for c.o.Reminders < len(c.Reminders) && !end.AddDate(0, 0, -c.Reminders[c.o.Reminders]).After(c.now) {
		c.o.Reminders++
	}
	c.event.Ends = end
	c.say("A reminder was sent: without activity the order ends on %s.", DateOf(end))
	return nil
}

func expire(c *change, _ Expire) error {
	end := c.End(c.o)
	if end.After(c.now) {
		return Errorf(TooEarly, "The order's time is not up.")
	}
	c.event.Ends = end
	c.say("The order ended after %d days without activity.", c.LifeDays)
	return nil
}

func pass(c *change, _ Pass) error {
	c.charge()
	c.o.Delays = 0
	c.note("All checks passed; the order goes to the carrier.")
	return nil
}

// charge takes the port fee, once in an order's life.
func (c *change) charge() {
	if c.o.PortFee == 0 {
		c.o.PortFee = c.PortFee * Money(len(c.o.Active()))
		c.event.Charge = c.o.PortFee
	}
}

func exclude(c *change, cmd Exclude) error {
	left := c.leaveOut(cmd.TNs, cmd.Reason)
	if len(left) == 0 {
		return Errorf(Settled, "The numbers are left out already.")
	}
	if len(c.o.Active()) == 0 {
		return Errorf(Invalid, "No number would be left on the order.")
	}
	c.say("Left out: %s. %s", strings.Join(left, ", "), cmd.Reason.Info().Meaning)
	return nil
}

func (c *change) leaveOut(tns []string, why ReasonCode) []string {
	var left []string
	for i, n := range c.o.Numbers {
		if n.State == Taking && slices.Contains(tns, n.TN) {
			c.o.Numbers[i].State, c.o.Numbers[i].Reason = Excluded, why
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
	c.o.Attempts = append(c.o.Attempts, a)
	c.o.Resend = SupNew
	c.o.Delays = 0 // who is asked now has kept nobody waiting yet
	if cmd.Habit != (Habit{}) {
		c.o.Habit = cmd.Habit
	}
	c.note("Request %s version %02d to %s is about to be sent.", a.PON, a.Version, a.Peer)
	if cmd.Why != "" {
		c.say("The order goes through %s: %s.", a.Peer, cmd.Why)
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
		c.o.Attempts[i] = a
		c.o.Delays = 0
		if a.Kind == AskPort {
			c.o.Resend, c.o.Enclosed = SupNew, nil // what a repair wanted sent has gone, be it with a request that was planned before
		}
		if a.Kind == AskCSR {
			c.say("The carrier's record (CSR) was asked for through %s.", a.Peer)
		} else {
			c.say("The order was sent to the carrier through %s, reference %s version %02d.", a.Peer, a.PON, a.Version)
		}
		return nil
	}
	return Errorf(NotFound, "There is no such request on the order.")
}

func skipCSR(c *change, cmd SkipCSR) error { return c.settleCSR("No CSR: " + cmd.Why) }

func settleCSR(c *change, cmd SettleCSR) error { return c.settleCSR(cmd.Why) }

func (c *change) settleCSR(why string) error {
	if c.o.CSRSettled {
		return Errorf(Settled, "The CSR is settled already.")
	}
	c.o.CSRSettled, c.o.Desk = true, ""
	c.say("%s", why)
	return nil
}

func correct(c *change, cmd Correct) error {
	changed, err := c.amend(cmd.To, cmd.Fields, cmd.Patch)
	if err != nil {
		return err
	}
	c.say("Corrected from the carrier's record: %s.", strings.Join(changed, "; "))
	return nil
}

// amend takes the named fields from to and tells what changed, before and after, without secrets.
func (c *change) amend(to Details, names []string, patch map[string]string) ([]string, error) {
	for name, value := range patch {
		to.Set(name, value)
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var changed []string
	for _, name := range names {
		row, ok := DetailRow(name)
		if !ok {
			return nil, Faults{{name, Unknown, "There is no such attribute."}}.Err()
		}
		before, plain := c.o.Details.Get(name)
		row.copy(&c.o.Details, &to)
		switch after, _ := c.o.Details.Get(name); {
		case plain && before == after:
		case plain:
			changed = append(changed, fmt.Sprintf("%s %q → %q", name, before, after))
		default:
			changed = append(changed, name)
		}
	}
	c.o.Details = c.o.Details.Tidy()
	return changed, nil
}

func repair(c *change, cmd Repair) error {
	changed, err := c.amend(cmd.To, cmd.Fields, cmd.Patch)
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
		if left := c.leaveOut(d.Numbers, d.Code); len(left) > 0 {
			changed = append(changed, fmt.Sprintf("left out %s (%s)", strings.Join(left, ", "), d.Code.Info().Title))
		}
	}
	if len(c.o.Active()) == 0 {
		return Errorf(Invalid, "No number would be left on the order.")
	}
	c.enclose(cmd.Enclose)
	if cmd.More {
		c.o.Reasons = cmd.Rest
		c.say("Resolved without the customer (%s), in part: %s. More follows.", cmd.Why, strings.Join(changed, "; "))
		return nil
	}
	if btn := cmd.Remaining.BTN; btn != "" && btn != c.o.Remaining.BTN {
		changed = append(changed, fmt.Sprintf("the account's main number is to be %s", btn))
	}
	if cmd.Remaining != (Remaining{}) {
		c.o.Remaining = cmd.Remaining
	}
	c.o.Resend, c.o.Reasons = cmd.Sup, nil
	done := ""
	if len(changed) > 0 {
		done = ": " + strings.Join(changed, "; ")
	}
	if cmd.Fresh || cmd.Peer != "" {
		delete(c.o.Repairs, Escalate) // the next request has its own time
		c.o.Escalated = time.Time{}
	}
	if cmd.Peer != "" {
		port, _ := c.o.Last(AskPort)
		c.answered(AnswerDenied, "")
		c.o.Attempts = append(c.o.Attempts, Attempt{Kind: AskPort, Peer: cmd.Peer, PON: c.o.NextPON(AskPort), Planned: c.now})
		c.say("%s does not carry the order; %s says that it can bring the numbers and is asked instead (%s)%s.", port.Peer, cmd.Peer, cmd.Why, done)
		return nil
	}
	if cmd.Fresh {
		c.answered(AnswerOver, "")
	} else {
		c.answered(AnswerWaiting, "")
	}
	c.say("Resolved without the customer (%s)%s. The request is sent again.", cmd.Why, done)
	return nil
}

func check(c *change, cmd Check) error {
	if cmd.Chased != NotChased {
		c.o.Repairs[Escalate], c.o.Escalated = int(cmd.Chased), c.now
	}
	c.say("%s", cmd.Finding)
	return nil
}

func delay(c *change, cmd Delay) error {
	c.o.Delays++
	c.note("%s", cmd.Why)
	c.event.Comment = c.o.Delays == 1
	if cmd.Peer != "" && !c.o.Sandbox {
		c.event.Tally = Tally{Mark: MarkDown, Peer: cmd.Peer}
	}
	return nil
}

func askDesk(c *change, cmd AskDesk) error {
	if c.o.Desk != "" {
		return Errorf(Settled, "The desk is asked already.")
	}
	c.o.Desk = cmd.Why
	c.note("Our staff was asked: %s", cmd.Why)
	return nil
}

func await(c *change, cmd Await) error {
	c.o.Wait = Wait{For: cmd.For, Machine: c.o.Driver.Machine, Token: cmd.Token, Seq: c.o.Version + 1}
	c.note("Waiting for: %s.", cmd.For)
	return nil
}

func resume(c *change, cmd Resume) error {
	if c.o.Wait.Seq != cmd.Seq || !c.o.Wait.Token.IsSet() {
		return Errorf(Settled, "That wait is over already.")
	}
	c.note("No longer waiting for: %s.", c.o.Wait.For)
	c.o.Wait = Wait{}
	return nil
}

func redrive(c *change, cmd Redrive) error {
	if c.o.Driver.Run != cmd.Run {
		return Errorf(Settled, "Another run drives the order already.")
	}
	c.o.Wait = Wait{}
	c.note("Run %d of the workflow was gone; a new one starts.", cmd.Run)
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
