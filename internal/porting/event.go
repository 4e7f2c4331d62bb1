package porting

import (
	"slices"
	"strings"
	"time"
)

// Event tells one thing that happened. Events are append-only: history, comments, mail and webhooks are read from them.
// An event never holds a secret.
type Event struct {
	Order   OrderID
	Group   GroupID
	Account AccountID
	Version int64 // of the order after the change
	N       int   // place among the events of that change
	Kind    EventKind
	At      time.Time
	By      By
	Before  Status
	Status  Status
	// Message tells what happened; Comment says that customers read it among the order's comments.
	Message Message
	Comment bool
	Reasons []Reason
	FOC     Date
	Charge  Money
	// ChargeFor is the change for which the charge is; empty for the port itself.
	ChargeFor WishKind
	// Credit is what counts for the fee beside the charge, since it was paid for the order CreditOf.
	Credit   Money
	CreditOf OrderID
	// Refund comes back to the account, for RefundFor.
	Refund    Money
	RefundFor RefundFor
	// Tally is what the event adds to the score of peers and carriers; it is told to nobody.
	Tally Tally
	// Lesson is what the event shows of the losing carrier; it is told to nobody.
	Lesson Lesson
	// Effects are what has to follow outside. They are worked off after the write, each at least once.
	Effects []Effect
	// Ends is the end of the customer's clock where the event is about it.
	Ends time.Time
	// Paper is the one that was asked for.
	Paper string
	// StatusURL is where the order's status webhook went when it happened.
	StatusURL string
}

// KeyID returns the public id of the access key with which the customer caused the event; empty where no call of the
// customer did, and for one that a person did by a link. Older events have the account's id in that place, and the
// account's feed has no way of an event.
func (e Event) KeyID() string {
	if e.By.Role != Customer || e.By.Name == string(e.Account) || strings.HasPrefix(e.By.Name, linkPrefix) {
		return ""
	}
	return e.By.Name
}

// StatusChanged says that the event changed the public status; creation does not (D-HOOK: on every change).
func (e Event) StatusChanged() bool { return e.Before != None && e.Before != e.Status }

// EventKind names what happened.
type EventKind string

// What can happen to an order.
const (
	Created         EventKind = "created"
	Edited          EventKind = "edited"
	NumbersChanged  EventKind = "numbers_changed"
	PresetsChanged  EventKind = "presets_changed"
	DocumentAdded   EventKind = "document_added"
	DocumentCame    EventKind = "document_came"
	DocumentKept    EventKind = "document_accepted"
	DocumentFailed  EventKind = "document_failed"
	Commented       EventKind = "commented"
	CommentSettled  EventKind = "comment_settled"
	Signed          EventKind = "signed"
	LOARenewed      EventKind = "letter_renewed"
	RenewalAsked    EventKind = "renewal_asked"
	ClockExtended   EventKind = "extended"
	WasReopened     EventKind = "reopened"
	FeeReturned     EventKind = "fee_returned"
	WasCancelled    EventKind = "cancelled"
	WasAbandoned    EventKind = "abandoned"
	HardCancelled   EventKind = "hard_canceled"
	Reminded        EventKind = "reminded"
	DayAnnounced    EventKind = "day_announced"
	Expired         EventKind = "expired"
	NotPortable     EventKind = "not_portable"
	NumberExcluded  EventKind = "number_excluded"
	Passed          EventKind = "passed"
	CSRSkipped      EventKind = "csr_skipped"
	CSRSettled      EventKind = "csr_settled"
	Corrected       EventKind = "corrected"
	HandOverPlanned EventKind = "hand_over_planned"
	AttemptPlanned  EventKind = "attempt_planned"
	AttemptSent     EventKind = "attempt_sent"
	AttemptLeased   EventKind = "attempt_leased"
	AttemptSeen     EventKind = "attempt_seen"
	AnswerDoubted   EventKind = "answer_doubted"
	Withdrew        EventKind = "withdrawn"
	TakenUp         EventKind = "taken_up"
	RecordReceived  EventKind = "record_received"
	RecordAwaited   EventKind = "record_awaited"
	Refused         EventKind = "refused"
	Repaired        EventKind = "repaired"
	WasSplitOff     EventKind = "split_off"
	WasRejected     EventKind = "rejected"
	Resubmitted     EventKind = "resubmitted"
	Approved        EventKind = "approved"
	WasAccepted     EventKind = "accepted"
	FOCMoved        EventKind = "foc_moved"
	FOCLost         EventKind = "foc_lost"
	Parted          EventKind = "partly_moved"
	GoesWithout     EventKind = "goes_without"
	WasCompleted    EventKind = "completed"
	SnapbackAsked   EventKind = "snapback_asked"
	WentBack        EventKind = "snapped_back"
	SnapbackRefused EventKind = "snapback_refused"
	Checked         EventKind = "checked"
	Delayed         EventKind = "delayed"
	DeskAsked       EventKind = "desk_asked"
	Proven          EventKind = "proven"
	Retried         EventKind = "retried"
	Objected        EventKind = "objected"
	ObjectionTold   EventKind = "objection_told"
	Escalated       EventKind = "objection_escalated"
	ObjectionOver   EventKind = "objection_dropped"
	EvidenceKept    EventKind = "evidence_kept"
	Waiting         EventKind = "waiting"
	Resumed         EventKind = "resumed"
	Redriven        EventKind = "redriven"
	HoldLapsed      EventKind = "hold_lapsed"
	ChangeAsked     EventKind = "change_asked"
	ChangeDone      EventKind = "change_done"
	ChangeRefused   EventKind = "change_refused"
)

// What can happen with our own switch.
const (
	Provisioned      EventKind = "provisioned"
	SwitchRefuses    EventKind = "provision_refused"
	SwitchAskedAgain EventKind = "provision_asked_again"
	CallsCame        EventKind = "calls_arrive"
)

// What can happen in a dispute about numbers.
const (
	RivalFound       EventKind = "rival_found"
	DisputeOpened    EventKind = "dispute_opened"
	NumbersContested EventKind = "numbers_contested"
	PapersAsked      EventKind = "papers_asked"
	DisputeDecided   EventKind = "dispute_decided"
	DisputeEnded     EventKind = "dispute_ended"
	NumbersYielded   EventKind = "numbers_yielded"
	HandedOver       EventKind = "handed_over"
	CaseOpened       EventKind = "authority_doubted"
	CaseClosed       EventKind = "authority_decided"
	CaseEvidenceKept EventKind = "authority_evidence_kept"
)

// Effect is something outside that has to follow from an event.
type Effect string

// The effects. A mail's template is named by its event's kind.
const (
	SendMail    Effect = "mail"
	SendWebhook Effect = "webhook"
	StartDriver Effect = "start"
	ResumeWait  Effect = "resume"
	// PullDocuments has the event's documents fetched from where the customer has them. FileLOA keeps the letter of agency
	// with the documents, as it was signed.
	PullDocuments Effect = "pull"
	FileLOA       Effect = "letter"
	// WithdrawRequest ends the request at its peer when the order ends without its numbers, or is given back before the
	// carrier has answered.
	WithdrawRequest Effect = "withdraw"
	// ReleaseNumbers frees the holds that a change gave up, where they are more than fit into its transaction.
	ReleaseNumbers Effect = "release"
	// SendObjection brings an objection to the people of its present rung, and FileEvidence keeps the pack of evidence.
	SendObjection Effect = "objection"
	FileEvidence  Effect = "evidence"
	// SettleDispute brings both sides of the order's disputes into line.
	SettleDispute Effect = "dispute"
	// KeepScore adds the event's tally to the scores, and its lesson to what is learned about the carrier.
	KeepScore Effect = "score"
	// Publish puts the event on the stack's bus, for the operator's own systems.
	Publish Effect = "bus"
	// AskSwitch has our own switch asked for what it has to do with the order's numbers.
	AskSwitch Effect = "provision"
	// PayRefund gives the event's refund back to the account.
	PayRefund Effect = "refund"
	// KeepSearch keeps the words by which staff find the order.
	KeepSearch Effect = "search"
)

// effects are all effects in the order in which those of one event are carried out: the order moves on before anybody
// is told of it, and files, which take longest, come last.
var effects = [...]Effect{
	ResumeWait, StartDriver, AskSwitch, SendMail, SendWebhook, Publish, WithdrawRequest, ReleaseNumbers, SettleDispute, PayRefund, KeepScore, KeepSearch,
	SendObjection,
	FileLOA, FileEvidence, PullDocuments,
}

// Effects returns all effects in the order in which those of one event are carried out.
func Effects() []Effect { return effects[:] }

// SortEffects brings effects into the order in which they are carried out. One of a younger release comes first.
func SortEffects(some []Effect) {
	slices.SortStableFunc(some, func(a, b Effect) int {
		return slices.Index(effects[:], a) - slices.Index(effects[:], b)
	})
}

// Topic is what a customer's own server can be told of by webhook.
type Topic string

// The topics. That of the status is documented (D-HOOK), the others are ours.
const (
	StatusChange    Topic = "status_change"
	CommentWritten  Topic = "comment"
	DateChanged     Topic = "date_changed"
	NumbersExcluded Topic = "numbers_excluded"
	ReminderSent    Topic = "reminder"
	DocumentChanged Topic = "document"
	NumberMoved     Topic = "number_states"
	DisputeChanged  Topic = "dispute"
)

// topics are the kinds of event that webhooks tell of where the status stays.
var topics = map[EventKind]Topic{
	Commented:       CommentWritten,
	FOCMoved:        DateChanged,
	FOCLost:         DateChanged,
	NumberExcluded:  NumbersExcluded,
	Reminded:        ReminderSent,
	DocumentKept:    DocumentChanged,
	DocumentFailed:  DocumentChanged,
	Parted:          NumberMoved,
	WentBack:        NumberMoved,
	SnapbackRefused: NumberMoved,
	CallsCame:       NumberMoved,
	SwitchRefuses:   NumberMoved,

	DisputeOpened:    DisputeChanged,
	NumbersContested: DisputeChanged,
	PapersAsked:      DisputeChanged,
	DisputeDecided:   DisputeChanged,
	DisputeEnded:     DisputeChanged,
	CaseOpened:       DisputeChanged,
	CaseClosed:       DisputeChanged,
	NumbersYielded:   DisputeChanged,
}

// Topic is what webhooks tell the event as, empty for one that they don't tell.
func (e Event) Topic() Topic {
	if e.StatusChanged() || e.Kind == WasRejected { // an order that begins as a rejected one is told too
		return StatusChange
	}
	return topics[e.Kind]
}

// Topics are all of them, the documented one first.
func Topics() []Topic {
	return []Topic{StatusChange, CommentWritten, DateChanged, NumbersExcluded, ReminderSent, DocumentChanged, NumberMoved,
		DisputeChanged}
}

// ByNameOnly says that an endpoint gets the topic only if it asks for it by name: the endpoints that ask for no topic get
// those of the release that introduced endpoints, so that no new kind of body surprises them.
func (t Topic) ByNameOnly() bool { return t == NumberMoved || t == DisputeChanged }

// bookkeeping are the events of the state machine that drives an order. They tell nothing of the port, and nobody outside.
var bookkeeping = [...]EventKind{Waiting, Resumed, Redriven}

// Published says that the event goes to the bus.
func (e Event) Published() bool { return !slices.Contains(bookkeeping[:], e.Kind) }

// mails are the kinds of event that the customer is told of by mail: a request that was sent only where it asks for
// another day than the wished one, and a comment only where our staff has written it. The sources say that rejections, ends
// and reminders are mailed. The others are our decision, since silence is the users' first complaint.
var mails = [...]EventKind{Created, Commented, Corrected, NumberExcluded, WasRejected, Expired, NotPortable, Reminded, RenewalAsked, Passed, Approved, AttemptSent,
	WasAccepted, FOCMoved, DayAnnounced, Parted, WasCompleted, CallsCame, WentBack, SnapbackRefused,
	WasCancelled, WasAbandoned, HardCancelled, FOCLost, ChangeDone, ChangeRefused,
	DisputeOpened, NumbersContested, PapersAsked, DisputeDecided, DisputeEnded, NumbersYielded,
	CaseOpened, CaseClosed}

// starts are the kinds after which a state machine has to drive the order.
var starts = [...]EventKind{Signed, WasSplitOff, CSRSettled, CSRSkipped, Resubmitted, TakenUp, FOCMoved, FOCLost, Redriven}

// Mailed says that a mail follows the event.
func (e Event) Mailed() bool {
	switch e.Kind {
	case AttemptSent:
		return e.AnotherDay()
	case Commented:
		return e.By.Role == Staff
	case Corrected: // not where the customer may not be shown the carrier's record
		return !e.Message.Unproven
	}
	return slices.Contains(mails[:], e.Kind)
}

// Mailed are the kinds of event that a mail follows, in the order of an order's life.
func Mailed() []EventKind { return mails[:] }
