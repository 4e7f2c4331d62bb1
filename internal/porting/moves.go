package porting

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// move is one row of the table: who may give which command in which statuses, where it leads, the event it makes, what
// it does, and the rule it comes from.
type move struct {
	name  string
	by    []Role
	from  statusSet
	to    Status // same: the status stays
	event EventKind
	does  func(*change, Command) error
	rule  string
}

// same is the target of a move that leaves the status alone.
const same Status = "same"

// row makes a move of the command that does takes.
func row[C Command](by []Role, from statusSet, to Status, event EventKind, does func(*change, C) error, rule string) move {
	return move{
		name: commandName(*new(C)), by: by, from: from, to: to, event: event, rule: rule,
		does: func(c *change, cmd Command) error { return does(c, cmd.(C)) },
	}
}

func commandName(cmd Command) string { return reflect.TypeOf(cmd).Name() }

func by(roles ...Role) []Role { return roles }

// moves is the whole life of an order. What is not in it cannot happen. The numbers are the rows of the transition
// table in the public sources (S-SUB, D-STA and the others), in the order of an order's life.
//
// A cancelled order is restarted (23, S-PEN2) by a new order with the same numbers: our decision, since the old one stays
// in the history for the life of the account. A port that fails on its day (22) goes back to submitted by LoseFOC, never
// straight to rejected: our decision, the repair is tried first.
var moves = []move{
	// 1-2: pending is the customer's
	row(by(Customer), fresh, Pending, Created, create, "1: creation does not submit (D-CRE, D-HOOK)"),
	row(by(Customer), in(Pending, Rejected), same, Edited, edit, "2, 12: details change while the order is with the customer (S-PEN, D-UPD)"),
	row(by(Customer), in(Pending), same, NumbersChanged, changeNumbers, "2: numbers change in pending only (D-NUM)"),
	row(by(Customer), live, same, PresetsChanged, setPresets, "2, 12: presets change until the end (D-PRS)"),
	row(by(Customer), in(Pending, Rejected), same, DocumentAdded, addDocument, "2, 12: documents come while the order is with the customer (D-DOC)"),
	row(by(System), existing, same, DocumentCame, takeDocument, "2, 12: a pulled file has come (D-PUL); its order may have gone on: our decision"),
	row(by(System), existing, same, DocumentKept, settleDocument, "2, 12: a document counts when its file was checked, which may be later (D-DOC): our decision"),

	// 3-5: out of pending
	row(by(Customer), in(Pending), Processing, Signed, sign, "3: accepting the e-LOA submits (S-OVR, D-LOA, D-SLO)"),
	row(by(Customer), in(Pending), Cancelled, WasCancelled, cancel, "4: no fee (D-CAN, S-PEN)"),
	row(by(System), in(Pending), Cancelled, Expired, expire, "5: 45 days, then a mail (S-PEN, D-STA)"),
	row(by(Customer, Staff), in(Pending, Rejected), same, ClockExtended, extend, "5, 17: the 45 days are extended once: our decision"),
	row(by(System), in(Accepted), same, DayAnnounced, announce, "15: the day before the numbers move: our decision"),
	row(by(System), in(Pending, Rejected), same, Reminded, remind, "5: reminders inside the 45 days (S-PEN); in rejected too: our decision"),

	// A dispute about numbers that another account's order holds
	row(by(System), in(Pending, Rejected), same, RivalFound, noteRival, "a signature, or a resubmission, that another order's hold refuses is told: our decision"),
	row(by(Customer), in(Pending, Rejected), same, DisputeOpened, openDispute, "an LOA and a bill open a dispute: our decision"),
	row(by(System), in(Pending, Rejected), same, DeskAsked, askDispute, "a person decides a dispute, by what the rules propose"),
	row(by(Staff), in(Pending, Rejected), same, PapersAsked, askPapers, "our staff may ask both sides for papers"),
	row(by(Staff), in(Pending, Rejected), same, DisputeDecided, decideDispute, "the newest valid LOA wins, and a person decides: our decision"),
	row(by(System), in(Pending), Processing, Signed, takeOver, "3: the signature of the dispute submits the order that has won"),
	row(by(System), in(Rejected), Review, Resubmitted, takeOver, "13: the signature of the dispute sends the order that has won again"),
	row(by(System), in(Pending, Rejected), same, DisputeEnded, endDispute, "a dispute ends when the numbers are free or gone"),
	row(by(System), working, same, NumbersContested, contestNumbers, "the customer whose numbers are disputed is told"),
	row(by(System), in(Rejected), same, NumbersContested, contestNumbers, "the customer whose numbers are disputed is told"),
	row(by(System), existing, same, DisputeEnded, endContest, "the customer who keeps the numbers is told"),
	row(by(System), in(Processing), Cancelled, NumbersYielded, yield, "an order without numbers of its own ends, with no fee"),
	row(by(System), in(Rejected), Abandoned, NumbersYielded, yield, "an order without numbers of its own ends, with no fee"),
	row(by(System), in(Submitted, Accepted, Review), HardCanceled, NumbersYielded, yield, "an order without numbers of its own ends, with no fee"),
	row(by(System), in(Submitted, Accepted, Review), Rejected, NumbersYielded, yieldNumbers, "the request is withdrawn, and the rest goes back to the customer: our decision"),
	row(by(System), in(Processing, Rejected), same, NumbersYielded, yieldNumbers, "the rest of the order goes on"),
	row(by(System), existing, same, HandedOver, letGo, "a number changes hands when the carrier has let it go"),

	// A port that somebody doubts
	row(by(Staff, System), doubted, same, CaseOpened, openCase, "who doubts a port has a case with a clock: our decision"),
	row(by(System), existing, same, CaseEvidenceKept, keepCaseEvidence, "the evidence is put together at once"),
	row(by(System), doubted, same, DeskAsked, lapseCase, "at the end of the clock a person sends the numbers back"),
	row(by(Staff), doubted, same, CaseClosed, closeCase, "a person decides whether the numbers go back"),
	row(by(Customer), in(Completed), same, DocumentAdded, renewBill, "papers for a case come after the port too"),

	// 6-8: processing is ours
	row(by(System, Staff), in(Processing), Cancelled, NotPortable, ruleOut, "6: no coverage or no agreement and no peer; no fee, a mail (S-PRO)"),
	row(by(System, Staff), in(Processing), Rejected, WasRejected, giveBack, "7: a pre-submission check fails (S-REJ, S-PRE)"),
	row(by(System), in(Processing), Submitted, Passed, pass, "8: the fee is taken on the way to the LSP (S-PRE2)"),
	row(by(System, Staff), in(Processing, Submitted), same, NumberExcluded, exclude, "6: a number nobody can port is left out, the rest goes on: our decision"),

	row(by(System), in(Submitted), Completed, WasCompleted, recovered, "6: the registry's help desk has handed the numbers over, without a request: our decision"),

	// 9: submitted is the carrier's; what we do ourselves leaves the status alone and adds comments (S-SUB)
	row(by(System), in(Submitted, Accepted), same, AttemptPlanned, plan, "9: a request is written before it is sent (our decision)"),
	row(by(System), in(Submitted), same, HandOverPlanned, planHandOver, "9: a toll-free request is handed over two business days before the wished day: our decision"),
	row(by(System), in(Submitted, Accepted), same, AttemptLeased, lease, "9: a request that nobody sends any more is taken over: our decision"),
	row(by(System), asking, same, AttemptSent, markSent, "9: the peer has taken the request, on whose way the order may have gone on"),
	row(by(PeerRole), in(Submitted, Accepted), same, AttemptSeen, see, "9: the peer knows of a supplement: our decision"),
	row(by(PeerRole), in(Submitted, Accepted), same, AnswerDoubted, doubt, "9: an answer that may be about the version before is asked for again: our decision"),
	row(by(PeerRole, System, Staff), asking, same, Withdrew, withdrawn, "16-21: a request ends when its peer confirms it, and the numbers are free then: our decision"),
	row(by(System), in(Submitted), same, RecordReceived, takeRecord, "9: the CSR is asked for in submitted (S-SUB)"),
	row(by(System, Staff), in(Submitted), same, CSRSkipped, skipCSR, "9: not every carrier has CSRs, toll-free never (S-SUB)"),
	row(by(System, Staff), in(Submitted), same, CSRSettled, settleCSR, "9: the order is checked against the CSR (S-SUB)"),
	row(by(System, Staff), in(Submitted), same, Corrected, correct, "9: corrected from the CSR, within the customer's consent: our decision"),
	row(by(PeerRole), in(Submitted), same, Refused, refuse, "9: the status waits while we try to repair (S-SUB)"),
	row(by(System, Staff), in(Submitted), same, Repaired, repair, "9: a rejection is resolved without the customer where possible (S-SUB)"),

	row(by(System, Staff), in(Submitted, Rejected), same, Objected, object, "9: an improper refusal is contested by rule (47 CFR 52.36): our decision"),
	row(by(System), existing, same, ObjectionTold, tellObjection, "9: a note brings the objection to the carrier, or a person does: our decision"),
	row(by(System, Staff), in(Submitted, Rejected, Review), same, Escalated, escalate, "9: a carrier that does not give way is escalated (47 CFR 1.717): our decision"),
	row(by(Staff), in(Submitted, Rejected, Review), same, ObjectionOver, dropObjection, "9: our staff may drop an objection: our decision"),
	row(by(System), existing, same, EvidenceKept, keepEvidence, "9: the evidence for a complaint is kept: our decision"),

	row(by(System), fresh, Submitted, WasSplitOff, splitOff, "9: what can't go together goes on as orders of one group (S-SUB; taxonomy, MULTIPLE_ACCOUNTS)"),

	row(by(System), in(Processing, Submitted, Accepted), same, NumberExcluded, bringBack, "6, 18: a number that can be ported once something is done goes back on an order of its own, the rest goes on: our decision"),
	row(by(System), fresh, Rejected, WasRejected, comeBack, "6, 18: the order of such a number is with the customer: our decision"),

	// 10-12: the carrier's answer
	row(by(PeerRole), in(Submitted), Accepted, WasAccepted, accept, "10: the LSP gives a FOC date (S-SUB, S-ACC)"),
	row(by(System, Staff), in(Submitted), Rejected, WasRejected, giveBack, "11: reason and instructions by mail (S-SUB, S-POST)"),

	// 13-15: the customer's second try
	row(by(Customer), in(Rejected), Review, Resubmitted, resubmit, "13: no further fee (D-STA)"),
	row(by(Customer), in(Rejected), Review, Resubmitted, signAgain, "13: signing again resubmits too: our decision (D-LOA leaves it open)"),
	row(by(Staff, System), in(Review), Submitted, Approved, approve, "14: reviewed and sent again (S-SUB)"),
	row(by(Staff, System), in(Review), Rejected, WasRejected, giveBack, "15: the corrections do not suffice (inferred)"),

	// Any time on the way: papers run out, and the order may have to be sent again
	row(by(System), watched, same, RenewalAsked, askRenewal, "carriers take an LOA of 15 to 30 days (Somos, Neustar); asked for before: our decision"),
	row(by(Customer), in(Submitted, Review, Accepted), same, DocumentAdded, renewBill, "a fresh bill that was asked for: our decision"),
	row(by(Customer), in(Submitted, Review, Accepted), same, LOARenewed, renew, "a fresh LOA that was asked for changes no status: our decision"),

	row(by(Staff, System), in(Rejected, Review), Submitted, TakenUp, takeUp, "the carrier has accepted what was given back, perhaps for our objection: our decision"),

	// 16-17: the customer gives up
	row(by(Customer), in(Rejected), Abandoned, WasAbandoned, cancel, "16: cancelling from rejected abandons (D-CAN, D-STA)"),
	row(by(System), in(Rejected), Abandoned, Expired, expire, "17: 45 days from the notice without activity (S-SUB, S-REJ, D-STA)"),

	// 18, 22: the calendar's turn
	row(by(PeerRole), in(Accepted), Completed, WasCompleted, complete, "18: the numbers migrate (D-STA, D-PRS)"),
	row(by(PeerRole, System), in(Accepted), same, Parted, takeMoved, "18: numbers that have moved are served, and the others keep the order from completing: our decision"),
	row(by(Staff), in(Accepted), same, GoesWithout, goWithout, "18: our staff gives up the numbers that did not move: our decision"),
	row(by(PeerRole), in(Accepted), same, FOCMoved, moveFOC, "22: a jeopardy moves the date, not the status: our decision"),
	row(by(PeerRole), in(Accepted), Submitted, FOCLost, loseFOC, "22: a FOC withdrawn goes back to be repaired: our decision"),

	row(by(Customer, Staff), in(Completed), same, SnapbackAsked, askSnapback, "18: a number goes back within a day on its holder's word: our decision"),
	row(by(Staff), in(Completed), same, WentBack, takeSnapback, "18: our staff confirms that it went back, and the order stays completed: our decision"),
	row(by(Staff), in(Completed), same, SnapbackRefused, refuseSnapback, "18: or that it stays: our decision"),

	// Our own switch: its answers change no status
	row(by(System), onSwitch, same, Provisioned, takeProvision, "18: our switch says per number whether it takes the calls; the status stays the carrier's word: our decision"),
	row(by(Staff), onSwitch, same, SwitchAskedAgain, askSwitchAgain, "18: our staff has the switch asked again for what it refuses"),
	row(by(Staff), onSwitch, same, Provisioned, serveByHand, "18: our staff has done what the switch does not, and has made the test calls: our decision"),

	// 19-21: cancellation by ticket; the status says whether anything had been asked of the carrier: our decision where
	// the sources are silent (processing, review)
	row(by(Staff), in(Submitted, Accepted), HardCanceled, HardCancelled, hardCancel, "19, 20: a fee may apply (D-STA, S-ACC)"),
	row(by(Staff), in(Review), HardCanceled, HardCancelled, hardCancel, "21: a fee only if the LSP ever had the order: our decision"),
	row(by(Staff), in(Processing), Cancelled, WasCancelled, ticketCancel, "21: nothing was sent, no fee: our decision"),

	// Changes in flight: the status changes only when the carrier's does
	row(by(Customer, Staff), in(Submitted, Accepted, Rejected), same, ChangeAsked, askChange, "19, 20: a change is asked of the carrier, and the order stays as it is until the answer: our decision"),
	row(by(Customer, Staff), in(Pending, Processing), Cancelled, WasCancelled, cancelNow, "4, 21: nothing was sent, no fee: our decision"),
	row(by(Customer, Staff), in(Rejected), Abandoned, WasAbandoned, cancelNow, "16: cancelling from rejected abandons (D-CAN, D-STA)"),
	row(by(Customer, Staff), in(Submitted, Review), HardCanceled, HardCancelled, cancelNow, "19, 21: no carrier has the request: our decision"),
	row(by(PeerRole, System, Staff), in(Submitted, Accepted), HardCanceled, HardCancelled, confirmCancel, "19, 20: the carrier has let the numbers go: our decision"),
	row(by(PeerRole, System, Staff), in(Submitted, Accepted), same, ChangeDone, finishChange, "19, 20: the carrier has taken the change: our decision"),
	row(by(PeerRole, System, Staff), in(Submitted, Accepted), same, ChangeRefused, refuseChange, "19, 20: a change that the carrier refuses leaves the order as it was: our decision"),

	// 23: what was given up comes back as a new order
	row(by(Customer, Staff), givenUp, same, WasReopened, reopen, "23: an order that was given up is reopened once, within 30 days (S-PEN2): our decision"),
	row(by(Customer, Staff), fresh, Pending, Created, restart, "23: the order in its place has its details, and neither its secrets nor its signature: our decision"),

	row(by(Staff), existing, same, FeeReturned, returnFee, "20, 21: our staff gives a fee back, at most what was taken: our decision"),

	row(by(System), in(Pending, Rejected), same, HoldLapsed, lapse, "no number is kept from others for long without a request at its carrier: our decision"),

	// Any time: what is written down, and who drives
	row(by(Staff), live, same, CommentSettled, settleComment, "a comment that needs no answer leaves the desk's list: our decision"),
	row(by(Customer, Staff, System), live, same, Commented, comment, "S-SUB: findings are comments; a customer's comment is activity: our decision"),
	row(by(System), asking, same, Checked, check, "S-SUB: every 3 business days or the day before the date, weekly for projects"),
	row(by(System), working, same, Delayed, delay, "a peer that is down delays the order and never rejects it: our decision"),
	row(by(Staff), live, same, Proven, acceptBill, "a bill that our staff has accepted proves who asks: our decision"),
	row(by(System), askable, same, DeskAsked, askDesk, "S-SUB: our staff tries before the customer is asked; and is asked as long as a request lives"),
	row(by(Staff, System), in(Processing, Submitted, Accepted), same, Retried, retry, "S-SUB: our staff tries again; after an outage so does the system: our decision"),
	row(by(Staff), in(Rejected, Review, Cancelled, Abandoned, HardCanceled), same, Retried, askAgain, "our staff has a request withdrawn, or its carrier asked, again: our decision"),
	row(by(System), existing, same, Waiting, await, "the machine waits by task token; one that comes too late goes on at once: our decision"),
	row(by(System), existing, same, Resumed, resume, "the machine goes on: our decision"),
	row(by(System), working, same, Redriven, redrive, "a driver that died is replaced from the order alone: our decision"),
}

// change is a move being made.
type change struct {
	Rules
	now   time.Time
	o     Order
	event Event
}

// say makes m what the event tells, to be read among the order's comments.
func (c *change) say(m Message) { c.event.Message, c.event.Comment = m, true }

// note makes m what the event tells, for the history alone.
func (c *change) note(m Message) { c.event.Message = m }

// Apply carries out cmd on o as of now. It knows no clock, no network and no store. The order comes back unchanged with
// an [*Error] (WrongStatus, Forbidden, or Invalid with every fault) when the move is not open to the caller.
func (r Rules) Apply(o Order, cmd Command, now time.Time) (Order, []Event, error) {
	m, err := find(o.Status, cmd)
	if err != nil {
		return o, nil, err
	}
	if o.CancelAsked() && cmd.Actor().Role == System && slices.Contains(heldBack[:], m.event) {
		return o, nil, Errorf(Settled, "The carrier is being asked to cancel the order, so that nothing else is asked of it.")
	}
	c := &change{Rules: r, now: now, o: o.clone()}
	c.event = Event{Kind: m.event, At: now, By: cmd.Actor(), Before: o.Status}
	if err := m.does(c, cmd); err != nil {
		return o, nil, err
	}
	if m.to != same {
		c.o.Status = m.to
		if o.Status != None {
			c.o.StatusAt = now
		}
	}
	c.o.Version = o.Version + 1
	c.o.Updated = now
	c.event.Status = c.o.Status
	c.settle(o)
	return c.o, []Event{c.event}, nil
}

// heldBack are the events of the system that wait as long as the carrier is asked to cancel the order.
var heldBack = [...]EventKind{AttemptPlanned, Repaired, WasRejected, NumberExcluded, Objected}

// settle makes everything that follows from the new state alone: who drives, who is waited for, what is due, and the
// effects.
func (c *change) settle(before Order) {
	o, e := &c.o, &c.event
	if o.Machine() == NoMachine {
		o.Driver.Machine = NoMachine
	}
	if (o.Status.Terminal() || o.Status == Rejected) && e.StatusChanged() {
		o.Desk = Message{}
	}
	if o.Status != Rejected && o.Status != Review {
		o.ChangedFrom = nil
	}
	c.contest()
	c.overtake(before)
	if o.Resend == SupCancel && !o.CancelAsked() {
		o.Resend = SupNew
	}
	c.authority()
	if o.Status.Terminal() {
		o.Details = o.Details.only(func(r Detail) bool { return !r.Erased })
		if e.StatusChanged() {
			o.Withdrawing = o.Status != Completed && o.requestLives()
		}
	}
	if o.Wait.Token.IsSet() && o.Wait.Outcome == "" {
		if o.Wait.Outcome = o.outcome(); o.Wait.Outcome != "" {
			e.Effects = append(e.Effects, ResumeWait)
		}
	}
	if slices.Contains(starts[:], e.Kind) || c.startsChange() || e.Kind == Approved && !o.CSRSettled || decided(*e) && !before.awaitsDecision() {
		o.Driver = Driver{Machine: o.Machine(), Run: before.Driver.Run + 1}
		e.Effects = append(e.Effects, StartDriver)
	}
	if e.Mailed() {
		e.Effects = append(e.Effects, SendMail)
	}
	if e.Topic() != "" { // to status_url and the account's endpoints; whether there are any is found when it is told
		e.Effects = append(e.Effects, SendWebhook)
	}
	if e.Published() {
		e.Effects = append(e.Effects, Publish)
	}
	if o.Withdrawing && (!before.Withdrawing || e.Kind == AttemptSent || e.Kind == Retried) {
		e.Effects = append(e.Effects, WithdrawRequest)
	}
	c.learn()
	if (e.Tally.Mark != "" || e.Lesson.Carrier != "") && !o.Sandbox { // what is played says nothing of carriers
		e.Effects = append(e.Effects, KeepScore)
	}
	if o.Status.Terminal() && o.Status != Completed && e.StatusChanged() {
		n := len(o.Active())
		c.refund(ForAbandoned, n, n)
	}
	if e.Refund > 0 {
		e.Effects = append(e.Effects, PayRefund)
	}
	c.holding(before)
	if LeavesHolds(before, *o) {
		e.Effects = append(e.Effects, ReleaseNumbers)
	}
	c.searchable()
	c.shrink()
	c.handedOver()
	c.disputes(before)
	c.provisioning(before)
	c.waits(before)
	o.Due = c.due(*o, c.now)
	c.guard()
	e.Order, e.Group, e.Account = o.ID, o.Group, o.Account
	e.Version, e.StatusURL = o.Version, o.Details.StatusURL
}

// decided reports whether the event is a person's decision that the order goes on.
func decided(e Event) bool {
	return e.Kind == Approved || e.Kind == Retried || e.Kind == GoesWithout || e.Kind == ObjectionOver && e.Status == Submitted
}

// awaitsDecision reports whether a machine waits for a person's decision, and goes on by it.
func (o Order) awaitsDecision() bool {
	return o.Wait.Token.IsSet() && (o.Wait.For == WaitDesk || o.Wait.For == WaitReview)
}

// HoldsPerTransaction is how many numbers fit into the transaction that holds or frees them, beside the order's own
// items (DynamoDB takes 100 in all).
const HoldsPerTransaction = 85

// find returns the row for cmd in status s. Where there is none, the error says in which statuses there would be one.
func find(s Status, cmd Command) (move, error) {
	name := commandName(cmd)
	var open []Status
	role := cmd.Actor().Role
	for _, m := range moves {
		if m.name != name {
			continue
		}
		if !m.from.has(s) {
			open = append(open, m.from...)
			continue
		}
		if !slices.Contains(m.by, role) {
			return move{}, Errorf(Forbidden, "The role %s may not do this.", role)
		}
		return m, nil
	}
	return move{}, Errorf(WrongStatus, "%s", onlyWhile(s, open))
}

// onlyWhile says why nothing can be done in status s that can be done in the open ones. It names the first two of them
// in the table's order: a reader who is told all five has to look for the one that matters.
func onlyWhile(s Status, open []Status) string {
	open = slices.DeleteFunc(open, func(s Status) bool { return s == None })
	switch {
	case len(open) == 0:
		return fmt.Sprintf("The order exists already, and is %s.", s)
	case s.Terminal() && len(open) >= len(live):
		return fmt.Sprintf("The order is %s and cannot be changed any more.", s)
	}
	which := "a "
	if strings.ContainsRune("aeiou", rune(open[0][0])) {
		which = "an "
	}
	which += string(open[0])
	if len(open) > 1 {
		which += " or " + string(open[1])
	}
	which += " order"
	if open[0] == Review { // no adjective
		which = "an order in review"
	}
	if len(open) > 2 {
		return fmt.Sprintf("The order is %s. This can be done to %s.", s, which)
	}
	return fmt.Sprintf("The order is %s. Only %s can be changed this way.", s, which)
}

// Move is a row of the table for those who draw or explain it.
type Move struct {
	Command string
	By      []Role
	From    []Status
	To      Status // empty when the status stays
	Event   EventKind
	Rule    string
}

// Moves lists the whole table.
func Moves() []Move {
	rows := make([]Move, 0, len(moves))
	for _, m := range moves {
		to := m.to
		if to == same {
			to = None
		}
		rows = append(rows, Move{m.name, m.by, m.from, to, m.event, m.rule})
	}
	return rows
}

// Open says whether role may give the named command to an order in status s.
func Open(s Status, command string, role Role) bool {
	for _, m := range moves {
		if m.name == command && m.from.has(s) && slices.Contains(m.by, role) {
			return true
		}
	}
	return false
}
