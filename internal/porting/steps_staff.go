package porting

import (
	"slices"
	"strings"
)

// What our staff's decisions do; the system takes some of them too.

func ticketCancel(c *change, cmd HardCancel) error {
	c.say("The order was cancelled on request, before anything was sent to the carrier. %s", cmd.Why)
	return nil
}

// hardCancel takes the fee when the LSP has had the order (D-STA: "may be assessed").
func hardCancel(c *change, cmd HardCancel) error {
	if c.Frozen(c.o, c.now) && !cmd.Force && !strings.HasPrefix(strings.ToLower(cmd.Why), "force") {
		return Errorf(WrongStatus,
			"The numbers move on %s, and the carrier takes no change in the last %d hours before: the port would happen all the same. "+
				"Wait for the date, or begin the text with \"force\" to cancel on our side.", c.o.FOC, int(c.Freeze.Hours()))
	}
	had := slices.ContainsFunc(c.o.Attempts, func(a Attempt) bool { return a.Kind == AskPort && !a.Sent.IsZero() && a.State != AnswerDenied })
	if had && c.HardCancelFee > 0 {
		c.o.CancelFee, c.event.Charge = c.HardCancelFee, c.HardCancelFee
	}
	c.say("The order was cancelled on request after it had gone to the carrier. %s", cmd.Why)
	return nil
}

func ruleOut(c *change, cmd RuleOut) error {
	c.o.Reasons, c.event.Reasons = cmd.Reasons, cmd.Reasons
	c.say("The numbers can't be ported to us: neither we nor a porting peer can take them. No fee was charged.")
	return nil
}

func giveBack(c *change, cmd Return) error {
	if len(cmd.Reasons) == 0 {
		return Faults{{"reasons", Required, "Say why the order goes back."}}.Err()
	}
	c.o.Reasons, c.event.Reasons = cmd.Reasons, cmd.Reasons
	c.o.ClockFrom, c.o.Reminders = c.now, 0
	titles := make([]string, 0, len(cmd.Reasons))
	for _, r := range cmd.Reasons {
		titles = append(titles, r.Code.Info().Title)
	}
	c.say("The order was rejected: %s.", strings.Join(titles, "; "))
	return nil
}

// approve sends on what passes the checks of a first submission. An order whose carrier was never asked for its record is
// compared with it first.
func approve(c *change, _ Approve) error {
	var faults Faults
	for _, r := range c.Screen(c.o, c.now) {
		info := r.Code.Info()
		faults.Add(strings.Join(info.Fields, ","), NotAllowed, info.Meaning)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	c.charge()
	c.o.Enclosed = c.wanted(c.o, c.o.Reasons, c.now)
	c.o.Reasons, c.o.Repairs, c.o.Desk = nil, nil, ""
	_, sent := c.o.Last(AskPort)
	csr, _ := c.o.Last(AskCSR)
	c.o.CSRSettled = c.o.CSRSettled || sent || !csr.Answered.IsZero()
	for i, a := range c.o.Attempts {
		if a.Kind == AskCSR && a.State == AnswerLacking {
			c.o.Attempts[i].State, c.o.Attempts[i].Reads = AnswerWaiting, 0 // the order may now have what it lacked
		}
	}
	c.sendAgain()
	c.say("The corrections were reviewed; the order goes to the carrier.")
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

func retry(c *change, _ Retry) error {
	if c.o.Desk == "" {
		return Errorf(WrongStatus, "Nobody has asked the desk about this order.")
	}
	c.o.Desk, c.o.Delays = "", 0
	c.o.Enclosed = c.wanted(c.o, c.o.Reasons, c.now)
	c.sendAgain()
	c.note("Our staff has it tried again.")
	return nil
}
