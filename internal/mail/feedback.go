package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"portway/internal/porting"
)

// Feedbacks acts on what SES tells of our mail.
type Feedbacks struct {
	Records Records
	// Hold holds mail to the addresses back on the account of the order, until the account changes or confirms them.
	Hold func(ctx context.Context, id porting.OrderID, addresses []string, complained bool) error
	// Note writes a comment on an order.
	Note func(ctx context.Context, id porting.OrderID, text string) error
}

// Take marks the record of a mail that SES has sent, which counts also where the sender did not get SES's answer. Where a mail came
// back for good, or its reader complained of it, the addresses are held from now on, and a comment on the order says so. Feedback
// about a mail that is not ours changes nothing.
func (f *Feedbacks) Take(ctx context.Context, event []byte) error {
	b, err := ParseFeedback(event)
	id, aboutOrder := b.Key.Order()
	switch {
	case err != nil:
		return err
	case b.Key == (Key{}):
		return nil
	case b.Kind == Send:
		return f.Records.MarkSent(ctx, b.Key, b.MessageID)
	case b.Stops() && aboutOrder:
		if err := f.Hold(ctx, id, b.Recipients, b.Kind == Complaint); err != nil {
			return err
		}
		return f.Note(ctx, id, "A mail about this order came back. No more mail goes to that address until it is changed or confirmed among the account's contacts.")
	}
	return nil
}

// Feedback is what SES tells of a mail of ours through the configuration set.
type Feedback struct {
	// Key is the mail's; the zero key where the mail has no tags of ours.
	Key       Key
	Kind      FeedbackKind
	MessageID string
	// Recipients are the addresses that it is about: those that bounced or complained, else all.
	Recipients []string
	// Permanent is a hard bounce: the address takes no mail, now or later.
	Permanent bool
	// Why is the reason in SES's and the other mail server's words; it may hold an address.
	Why string
}

// Stops says that mail to the address does no good: it does not exist, or its reader complained. Feedbacks holds it.
func (f Feedback) Stops() bool { return f.Kind == Complaint || f.Kind == Bounce && f.Permanent }

// FeedbackKind is SES's eventType.
type FeedbackKind string

// The kinds that we act on; others (Open, Click, Reject, DeliveryDelay, Rendering Failure) pass as they are.
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
	type recipient struct {
		Address    string `json:"emailAddress"`
		Diagnostic string `json:"diagnosticCode"`
	}
	var in struct {
		Detail struct {
			Type string `json:"eventType"`
			Mail struct {
				MessageID   string              `json:"messageId"`
				Destination []string            `json:"destination"`
				Tags        map[string][]string `json:"tags"`
			} `json:"mail"`
			Bounce struct {
				Type       string      `json:"bounceType"`
				SubType    string      `json:"bounceSubType"`
				Recipients []recipient `json:"bouncedRecipients"`
			} `json:"bounce"`
			Complaint struct {
				Type       string      `json:"complaintFeedbackType"`
				Recipients []recipient `json:"complainedRecipients"`
			} `json:"complaint"`
			Delivery struct {
				Recipients []string `json:"recipients"`
			} `json:"delivery"`
			Reject struct {
				Reason string `json:"reason"`
			} `json:"reject"`
		} `json:"detail"`
	}
	if err := json.Unmarshal(event, &in); err != nil {
		return Feedback{}, fmt.Errorf("SES feedback: %w", err)
	}
	d := in.Detail
	if d.Type == "" || d.Mail.MessageID == "" {
		return Feedback{}, errors.New("SES feedback: no eventType or no mail.messageId")
	}
	f := Feedback{Kind: FeedbackKind(d.Type), MessageID: d.Mail.MessageID, Recipients: d.Mail.Destination}
	f.Key, _ = keyOf(d.Mail.Tags)
	about := func(rs []recipient) {
		if len(rs) == 0 {
			return
		}
		f.Recipients = nil
		for _, r := range rs {
			f.Recipients = append(f.Recipients, r.Address)
		}
	}
	switch f.Kind {
	case Bounce:
		about(d.Bounce.Recipients)
		f.Permanent, f.Why = d.Bounce.Type == "Permanent", d.Bounce.Type+" "+d.Bounce.SubType
		if rs := d.Bounce.Recipients; len(rs) > 0 && rs[0].Diagnostic != "" {
			f.Why += ": " + line(rs[0].Diagnostic)
		}
	case Complaint:
		about(d.Complaint.Recipients)
		f.Why = d.Complaint.Type
	case Delivery:
		if len(d.Delivery.Recipients) > 0 {
			f.Recipients = d.Delivery.Recipients
		}
	case Reject:
		f.Why = d.Reject.Reason
	}
	return f, nil
}
