package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"portway/internal/metric"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Feedbacks acts on what SES tells of our mail.
type Feedbacks struct {
	Records Records
	// Block blocks mail to the addresses on the account of the order, until the account changes or confirms them.
	Block func(ctx context.Context, id porting.OrderID, addresses []string, complained bool) error
	// Note writes a comment on an order.
	Note func(ctx context.Context, id porting.OrderID, text string) error
	Now  func() time.Time
}

// Take marks the record of a mail that SES has sent, which counts also where the sender did not get SES's answer, and writes
// the mail's fate into the record. For anything else it does what the feedback's row says: it blocks the addresses, and
// comments on the order what happened. Feedback about a mail that is not ours changes nothing.
func (f *Feedbacks) Take(ctx context.Context, event []byte) error {
	b, err := ParseFeedback(event)
	switch {
	case err != nil:
		return err
	case b.Key == (Key{}):
		return nil
	case b.Kind == Send:
		return f.Records.MarkSent(ctx, b.Key, b.MessageID)
	}
	row := b.row()
	if fate := b.fate(); fate != "" {
		if err := f.Records.Mark(ctx, b.Key, fate, f.Now()); err != nil {
			return err
		}
	}
	if b.Kind == Bounce || b.Kind == Complaint || b.Kind == Reject {
		metric.Count(ctx, f.Now().UTC(), metric.MailFeedback, string(b.Kind), "message", b.MessageID)
	}
	if row.ours {
		slog.WarnContext(ctx, "mail of ours was called bad", "kind", b.Kind, "type", b.Type, "subtype", b.Subtype,
			"message", b.MessageID)
	}
	id, aboutOrder := b.Key.Order()
	if !aboutOrder {
		return nil
	}
	text := row.says
	if row.blocks {
		if err := f.Block(ctx, id, b.Recipients, b.Kind == Complaint); err != nil {
			return err
		}
		text += " No more mail goes to that address until it is changed or confirmed among the account's contacts."
	}
	if text == "" {
		return nil
	}
	return f.Note(ctx, id, text)
}

// Feedback is what SES tells of a mail of ours through the configuration set.
type Feedback struct {
	// Key is the mail's; the zero key where the mail has no tags of ours.
	Key       Key
	Kind      FeedbackKind
	MessageID string
	// Type and Subtype are SES's words for a bounce or complaint; empty where it has none.
	Type, Subtype string
	// Recipients are the addresses that it is about: those that bounced or complained, else all.
	Recipients []string
	// Why is the reason in SES's and the other mail server's words; it may hold an address.
	Why string
}

// Stops says that mail to the addresses does no good. Feedbacks blocks them.
func (f Feedback) Stops() bool { return f.row().blocks }

// fate is what the feedback says of the mail itself; empty where it says nothing. A mail server's word about our mail, such
// as a virus, is no complaint of the reader.
func (f Feedback) fate() orders.MailFate {
	switch f.Kind {
	case Delivery:
		return orders.MailDelivered
	case Bounce:
		return orders.MailBounced
	case Reject:
		return orders.MailRefused
	case Complaint:
		if f.row().blocks {
			return orders.MailComplained
		}
	}
	return ""
}

// feedbackRow is what one type of feedback means and does.
type feedbackRow struct {
	kind          FeedbackKind
	kindOf, subOf string // SES's type and subtype; "*" is any
	// blocks: no more mail goes to the addresses.
	blocks bool
	// ours: something is wrong with our mail or our set-up, which the log tells our staff.
	ours bool
	// says is the comment on the order; empty for none.
	says string
}

// feedbackRows are SES's types (Amazon SES developer guide, contents of event notifications: bounce object, complaint
// object; the types of complaints are those of RFC 5965 and RFC 6591). The first row that fits counts.
var feedbackRows = []feedbackRow{
	// The address takes no mail, now or later.
	{kind: Bounce, kindOf: "Permanent", subOf: "NoEmail", blocks: true,
		says: "A mail about this order came back: there is no such address."},
	{kind: Bounce, kindOf: "Permanent", subOf: "Suppressed", blocks: true,
		says: "A mail about this order was not sent: mail to the address has come back before."},
	{kind: Bounce, kindOf: "Permanent", subOf: "OnAccountSuppressionList", blocks: true,
		says: "A mail about this order was not sent: mail to the address has come back before, or its reader has " +
			"complained."},
	{kind: Bounce, kindOf: "Permanent", subOf: "*", blocks: true,
		says: "A mail about this order came back: its mail server takes no mail for the address."},
	// The address may take the next mail; this one was given up.
	{kind: Bounce, kindOf: "Transient", subOf: "MailboxFull",
		says: "A mail about this order came back: the mailbox is full. The next mail is sent there as before."},
	{kind: Bounce, kindOf: "Transient", subOf: "MessageTooLarge", ours: true,
		says: "A mail about this order came back: its mail server found it too large. The next mail is sent there as " +
			"before."},
	{kind: Bounce, kindOf: "Transient", subOf: "ContentRejected", ours: true,
		says: "A mail about this order came back: its mail server refused the content. The next mail is sent there " +
			"as before."},
	{kind: Bounce, kindOf: "Transient", subOf: "AttachmentRejected", ours: true,
		says: "A mail about this order came back: its mail server refused an attachment. The next mail is sent there " +
			"as before."},
	{kind: Bounce, kindOf: "Undetermined", subOf: "*",
		says: "A mail about this order came back, and its mail server did not say clearly why. The next mail is sent " +
			"there as before."},
	{kind: Bounce, kindOf: "*", subOf: "*",
		says: "A mail about this order came back: its mail server did not take it in time. The next mail is sent " +
			"there as before."},

	// The reader's word.
	{kind: Complaint, kindOf: "*", subOf: "OnAccountSuppressionList", blocks: true,
		says: "A mail about this order was not sent: the reader has complained of our mail before."},
	{kind: Complaint, kindOf: "abuse", subOf: "*", blocks: true,
		says: "The reader of a mail about this order marked it as unwanted."},
	{kind: Complaint, kindOf: "fraud", subOf: "*", blocks: true,
		says: "The reader of a mail about this order reported it as fraud."},
	{kind: Complaint, kindOf: "not-spam", subOf: "*"}, // the reader took it out of the unwanted mail
	// A mail server's word, not the reader's.
	{kind: Complaint, kindOf: "virus", subOf: "*", ours: true,
		says: "A mail server reported a virus in a mail about this order. It says nothing about the address: the " +
			"next mail is sent there as before."},
	{kind: Complaint, kindOf: "auth-failure", subOf: "*", ours: true,
		says: "A mail server could not verify that a mail about this order came from us. It says nothing about the " +
			"address: the next mail is sent there as before."},
	{kind: Complaint, kindOf: "*", subOf: "*", blocks: true,
		says: "The reader of a mail about this order complained of it, without saying why."},

	{kind: Reject, kindOf: "*", subOf: "*", ours: true,
		says: "A mail about this order was not sent: the mail service found something wrong with its content."},
}

// row is the row of the feedback; the zero row, which does nothing, for kinds that need nothing.
func (f Feedback) row() feedbackRow {
	fits := func(want, got string) bool { return want == "*" || strings.EqualFold(want, got) }
	for _, r := range feedbackRows {
		if r.kind == f.Kind && fits(r.kindOf, f.Type) && fits(r.subOf, f.Subtype) {
			return r
		}
	}
	return feedbackRow{}
}

// FeedbackKind is SES's eventType.
type FeedbackKind string

// The kinds that we act on; others (Open, Click, DeliveryDelay, Rendering Failure) pass as they are.
const (
	Send      FeedbackKind = "Send"
	Delivery  FeedbackKind = "Delivery"
	Bounce    FeedbackKind = "Bounce"
	Complaint FeedbackKind = "Complaint"
	Reject    FeedbackKind = "Reject"
)

// ParseFeedback reads an event of SES's configuration set as EventBridge delivers it: the event's own form stands under
// "detail".
func ParseFeedback(event []byte) (Feedback, error) {
	var in struct {
		Detail feedbackEvent `json:"detail"`
	}
	if err := json.Unmarshal(event, &in); err != nil {
		return Feedback{}, fmt.Errorf("SES feedback: %w", err)
	}
	d := in.Detail
	if d.Type == "" || d.Mail.MessageID == "" {
		return Feedback{}, errors.New("SES feedback: no eventType or no mail.messageId")
	}
	f := Feedback{Kind: FeedbackKind(d.Type), MessageID: d.Mail.MessageID}
	f.Key, _ = keyOf(d.Mail.Tags)
	var about []string // the addresses, where not all of the mail's are meant
	switch f.Kind {
	case Bounce:
		about = addresses(d.Bounce.Recipients)
		f.Type, f.Subtype, f.Why = d.Bounce.Type, d.Bounce.SubType, d.Bounce.Type+" "+d.Bounce.SubType
		if rs := d.Bounce.Recipients; len(rs) > 0 && rs[0].Diagnostic != "" {
			f.Why += ": " + line(rs[0].Diagnostic)
		}
	case Complaint:
		about = addresses(d.Complaint.Recipients)
		f.Type, f.Subtype, f.Why = d.Complaint.Type, d.Complaint.SubType, d.Complaint.Type
	case Delivery:
		about = d.Delivery.Recipients
	case Reject:
		f.Why = d.Reject.Reason
	}
	if f.Recipients = about; len(about) == 0 {
		f.Recipients = d.Mail.Destination
	}
	return f, nil
}

// feedbackEvent is the event's own form (Amazon SES developer guide, contents of event notifications), as far as we read it.
type feedbackEvent struct {
	Type string `json:"eventType"`
	Mail struct {
		MessageID   string              `json:"messageId"`
		Destination []string            `json:"destination"`
		Tags        map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		Type       string              `json:"bounceType"`
		SubType    string              `json:"bounceSubType"`
		Recipients []feedbackRecipient `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		Type       string              `json:"complaintFeedbackType"`
		SubType    string              `json:"complaintSubType"`
		Recipients []feedbackRecipient `json:"complainedRecipients"`
	} `json:"complaint"`
	Delivery struct {
		Recipients []string `json:"recipients"`
	} `json:"delivery"`
	Reject struct {
		Reason string `json:"reason"`
	} `json:"reject"`
}

// feedbackRecipient is one address that a bounce or a complaint is about.
type feedbackRecipient struct {
	Address    string `json:"emailAddress"`
	Diagnostic string `json:"diagnosticCode"`
}

func addresses(recipients []feedbackRecipient) []string {
	var all []string
	for _, r := range recipients {
		all = append(all, r.Address)
	}
	return all
}
