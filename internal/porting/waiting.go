package porting

import (
	"slices"
	"time"
)

// An order that waits for a person stands on lists of the desk. The lists follow from the order alone: from the question
// to the desk, from a customer's comment that nobody has answered, and from the agreed day. Each list is a kind of due
// date, so that the desk reads it like a sweep reads its work, the oldest promise first. Nothing sweeps it.

// Queue is one of the desk's lists.
type Queue string

// The lists. A question that belongs to none of the others is on the first one.
const (
	QueueDecide  Queue = "decide"
	QueueReview  Queue = "review"  // the customer has corrected the order
	QueueComment Queue = "comment" // the customer has written, and nobody has answered
	QueueToday   Queue = "today"   // the numbers move on the agreed day
	QueueFallout Queue = "fallout" // the agreed day has gone wrong
	QueueChange  Queue = "change"  // a change that only a person can ask of the carrier
	QueueSilent  Queue = "silent"  // the carrier or the peer has to be called
)

// Queues lists them all, as the desk shows them.
func Queues() []Queue {
	return []Queue{QueueDecide, QueueReview, QueueComment, QueueChange, QueueToday, QueueFallout, QueueSilent}
}

// Due is the kind of due date by which the list is read.
func (q Queue) Due() DueKind { return DueKind("desk-" + q) }

// QueueOf returns the list on which a question to the desk stands.
func QueueOf(question MessageKey) Queue {
	for q, questions := range queueQuestions {
		if slices.Contains(questions, question) {
			return q
		}
	}
	return QueueDecide
}

// queueQuestions are the questions that have a list of their own.
var queueQuestions = map[Queue][]MessageKey{
	QueueReview: {MsgAskReview},
	QueueFallout: {MsgAskMissed, MsgAskUnconfirmed, MsgAskNoOtherDate, MsgAskAgreed, MsgAskMoved, MsgAskFallout, MsgAskSnapback,
		MsgAskWinback, MsgAskSwitch},
	QueueSilent: {MsgAskSilent, MsgAskDenied, MsgAskUnclear, MsgAskWithdrawal, MsgAskContradiction, MsgAskTellObjection,
		MsgAskComplaint},
}

// promised is in how many hours of the desk's day an order leaves its list (our decision). The desk works from deskOpens
// to deskCloses on its business days, so that 8 hours are one business day.
var promised = map[Queue]int{
	QueueDecide: 8, QueueReview: 8, QueueComment: 4, QueueChange: 4, QueueFallout: 2, QueueSilent: 8,
}

const (
	deskOpens  = 9
	deskCloses = 17
)

// DeskItem is an order's place on one of the desk's lists.
type DeskItem struct {
	Queue Queue
	Since time.Time
	By    time.Time // the promise
}

// Waits returns the lists on which the order stands, in the order of Queues.
func (r Rules) Waits(o Order) []DeskItem {
	since := map[Queue]time.Time{}
	switch {
	case o.Status == Review && (o.Desk.IsZero() || QueueOf(o.Desk.Key) == QueueReview):
		since[QueueReview] = o.StatusAt
	case !o.Desk.IsZero():
		since[QueueOf(o.Desk.Key)] = o.DeskAt
	}
	if !o.Unanswered.IsZero() {
		since[QueueComment] = o.Unanswered
	}
	if ch, ok := o.OpenChange(); ok && ch.State == ChangeWithStaff {
		since[QueueChange] = ch.At
	}
	if o.Status == Accepted && !o.FOCAt.IsZero() && since[QueueFallout].IsZero() {
		since[QueueToday] = o.StatusAt
	}
	var all []DeskItem
	for _, q := range Queues() {
		at, waits := since[q]
		switch {
		case !waits:
		case q == QueueToday:
			all = append(all, DeskItem{q, at, o.FOCAt})
		default:
			if at.IsZero() { // asked before the desk had lists
				at = o.Updated
			}
			all = append(all, DeskItem{q, at, r.Paced(o, at, deskHours(r.Calendar, at, promised[q]))})
		}
	}
	return all
}

// deskHours returns the instant at which the desk has worked for so many hours since from.
func deskHours(c Calendar, from time.Time, hours int) time.Time {
	left := time.Duration(hours) * time.Hour
	for day := from; ; day = c.At(c.AddBusinessDays(day, 1), deskOpens, 0) {
		opens, closes := c.At(day, deskOpens, 0), c.At(day, deskCloses, 0)
		if !c.IsBusinessDay(day) || !day.Before(closes) {
			continue
		}
		begins := opens
		if day.After(opens) {
			begins = day
		}
		if closes.Sub(begins) >= left {
			return begins.Add(left)
		}
		left -= closes.Sub(begins)
	}
}

// waits keeps since when the order waits for a person: for an answer to a question that is new, and to the first comment
// of the customer that nobody has answered. Our staff answers by a comment, and by a decision that is told to the customer.
func (c *change) waits(before Order) {
	o := &c.o
	switch {
	case o.Desk.IsZero():
		o.DeskAt = time.Time{}
	case !o.Desk.Equal(before.Desk) || o.DeskAt.IsZero():
		o.DeskAt = c.now
	}
	switch by := c.event.By.Role; {
	case o.Status.Terminal():
		o.Unanswered = time.Time{}
	case c.event.Kind == Commented && by == Customer && o.Unanswered.IsZero():
		o.Unanswered = c.now
	case by == Staff && slices.Contains(answering[:], c.event.Kind):
		o.Unanswered = time.Time{}
	}
}

// answering are the events of our staff that answer a customer's comment.
var answering = [...]EventKind{Commented, CommentSettled, Approved, WasRejected}

// settleComment says that a customer's comment needs no answer.
func settleComment(c *change, _ SettleComment) error {
	if c.o.Unanswered.IsZero() {
		return Errorf(Settled, "No comment of the customer waits for an answer.")
	}
	c.note(Say(MsgCommentSettled))
	return nil
}
