package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"portway/internal/metric"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Records remembers which mails were sent, since SES sends a mail twice when it is called twice. A sender leases the
// mail's record before it calls SES, and marks the record after. Whether a mail was sent whose record was leased and
// never marked is unknown.
type Records interface {
	// Lease leases the record of the key for a time, in one conditional write, and writes the outline into the record if the
	// record has none. The answer's state says whether the caller has the lease.
	Lease(ctx context.Context, key Key, o Outline, now time.Time, term time.Duration) (Lease, error)
	// MarkSent ends the lease and keeps the first message id that it is told. A key that nobody has leased can be
	// marked too: SES's feedback may come first.
	MarkSent(ctx context.Context, key Key, messageID string) error
	// Release ends the lease of a mail that was not sent. A key that is marked as sent stays marked.
	Release(ctx context.Context, key Key) error
	// Mark writes what became of a mail, unless its record has a stronger fate already, or there is no record.
	Mark(ctx context.Context, key Key, fate orders.MailFate, at time.Time) error
}

// Outline is what the record of a mail keeps of the mail itself.
type Outline struct {
	To      string // the readers' addresses, masked
	Subject string
}

// outline returns the outline of a mail to the addresses.
func outline(to []string, subject string) Outline {
	all := make([]string, 0, len(to))
	for _, address := range to {
		all = append(all, orders.MaskedAddress(address))
	}
	return Outline{To: strings.Join(all, ", "), Subject: subject}
}

// Lease is the answer to a caller who asks for the lease of a mail.
type Lease struct {
	State State
	// Tries counts the leases since the record was last released, this one included.
	Tries int
	// MessageID is SES's own, when the state is Sent.
	MessageID string
}

// State says how far a mail is.
type State string

// The states. Fresh and Unknown give the caller the lease.
const (
	Fresh   State = "fresh"   // nobody has tried to send the mail
	Unknown State = "unknown" // an earlier lease has run out, and the record is not marked
	Leased  State = "leased"  // somebody else has the lease
	Sent    State = "sent"
)

// LeaseTerm is how long a sender has a mail to itself. It has to be longer than a call of SendEmail with the crash
// after it, and than SES's Send event takes to come back and mark the record.
const LeaseTerm = 5 * time.Minute

// SES is the call of sesv2's client that we need.
type SES interface {
	SendEmail(context.Context, *sesv2.SendEmailInput, ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error)
}

// Sender sends mails, each once as far as SES allows. A mail that SES has taken is marked by SES's Send event before the
// lease ends. So a try that left no mark has hardly been sent: the process died before it, or SES never got it. It is
// tried again for as long as the caller tries, however many tries left no mark: an outage of SES may last. While both the
// answers and the events are lost, the caller's pauses alone bound the copies.
type Sender struct {
	SES     SES
	Records Records
	From    string // a verified address, also as "Portway <porting@example.com>"
	// Configuration is the configuration set whose events come back to us (ParseFeedback); empty for none.
	Configuration string
}

// Result tells what became of a mail.
type Result struct {
	MessageID string
	// Before says that the mail had been sent by an earlier call.
	Before bool
	// PossibleDuplicate says that an earlier try may have been sent too: neither its answer nor SES's feedback has
	// come.
	PossibleDuplicate bool
}

// Send sends m to all the addresses, as one mail. A mail that was sent already is no error. Otherwise the error is
//   - *NoRecipient: there is no address to send to; for good, until the account gets one
//   - *Refused: SES takes this mail from nobody; for good
//   - *Later: nothing was sent (another call is at it, SES throttles, pauses or can't be reached); try again
//   - *Unsure: it may or may not have been sent; try again after the lease
//
// or one of Records.
func (s *Sender) Send(ctx context.Context, to []string, m Message, now time.Time) (Result, error) {
	if len(to) == 0 {
		return Result{}, &NoRecipient{Why: "the account has no address for porting mail"}
	}
	for _, address := range to {
		if porting.MailFault(address) != "" {
			return Result{}, &NoRecipient{Why: "the account's address for porting mail is not one mail address that " +
				"SES takes"}
		}
	}
	key := m.Key
	lease, err := s.Records.Lease(ctx, key, outline(to, m.Subject), now, LeaseTerm)
	if err != nil {
		return Result{}, fmt.Errorf("lease the mail about %s: %w", key, err)
	}
	switch lease.State {
	case Sent:
		return Result{MessageID: lease.MessageID, Before: true}, nil
	case Leased:
		return Result{}, &Later{Key: key, Why: "another call is sending it"}
	}
	out, err := s.SES.SendEmail(ctx, s.input(to, m), once)
	if err != nil {
		return Result{}, s.failed(ctx, key, now, err)
	}
	id := aws.ToString(out.MessageId)
	if err := s.Records.MarkSent(ctx, key, id); err != nil {
		// The lease stays; SES's Send event marks the record before the lease ends.
		return Result{}, &Unsure{Key: key, Err: fmt.Errorf("sent as %s, but not marked: %w", id, err)}
	}
	return Result{MessageID: id, PossibleDuplicate: lease.State == Unknown}, nil
}

// once turns the SDK's retries off: after a lost answer they would send the mail again.
func once(o *sesv2.Options) { o.Retryer = aws.NopRetryer{} }

func (s *Sender) input(to []string, m Message) *sesv2.SendEmailInput {
	content := func(data string) *types.Content {
		return &types.Content{Data: aws.String(data), Charset: aws.String("UTF-8")}
	}
	in := &sesv2.SendEmailInput{
		FromEmailAddress: aws.String(s.From),
		Destination:      &types.Destination{ToAddresses: to},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: content(m.Subject),
			Body:    &types.Body{Text: content(m.Text), Html: content(m.HTML)},
		}},
		// Tag values take letters, digits, "_" and "-" only, so the key goes in two.
		EmailTags: []types.MessageTag{
			{Name: aws.String(string(m.Key.About)), Value: aws.String(m.Key.ID)},
			{Name: aws.String(tagVersion), Value: aws.String(strconv.FormatInt(m.Key.Version, 10))},
		},
	}
	if m.Key.To != "" {
		in.EmailTags = append(in.EmailTags, types.MessageTag{Name: aws.String(tagTo), Value: aws.String(m.Key.To)})
	}
	if id, ok := m.Key.Order(); ok {
		in.Content.Simple.Headers = append(in.Content.Simple.Headers, s.thread(id)...)
	}
	if s.Configuration != "" {
		in.ConfigurationSetName = aws.String(s.Configuration)
	}
	return in
}

// thread returns the headers by which mail programs show the mails of one order as one conversation: each mail answers the
// same message, which need not exist (RFC 5322, 3.6.4). Auto-Submitted keeps automatic answers away (RFC 3834, 5).
func (s *Sender) thread(id porting.OrderID) []types.MessageHeader {
	_, domain, _ := strings.Cut(s.From, "@")
	root := "<order." + string(id) + "@" + strings.TrimSuffix(domain, ">") + ">"
	header := func(name, value string) types.MessageHeader {
		return types.MessageHeader{Name: aws.String(name), Value: aws.String(value)}
	}
	return []types.MessageHeader{header("In-Reply-To", root), header("References", root), header("Auto-Submitted", "auto-generated")}
}

// failed sorts SES's error: the record of a mail that is certainly not sent is released, any other stays leased.
func (s *Sender) failed(ctx context.Context, key Key, now time.Time, err error) error {
	var api smithy.APIError
	var answer *smithyhttp.ResponseError
	var dial *net.OpError
	var sorted error
	switch {
	case errors.As(err, &api) && forGood[api.ErrorCode()]:
		metric.Count(ctx, now, metric.MailRefused, api.ErrorCode(), "mail", key.String())
		sorted = &Refused{Key: key, Code: api.ErrorCode(), Why: line(api.ErrorMessage())}
	case errors.As(err, &answer) && answer.HTTPStatusCode() >= 400 && answer.HTTPStatusCode() < 500 &&
		answer.HTTPStatusCode() != http.StatusRequestTimeout:
		why := http.StatusText(answer.HTTPStatusCode())
		if api != nil {
			why = api.ErrorCode()
		}
		metric.Count(ctx, now, metric.MailRefused, why, "mail", key.String())
		sorted = &Later{Key: key, Why: why}
	case errors.As(err, &dial) && dial.Op == "dial":
		sorted = &Later{Key: key, Why: "SES can't be reached"}
	default:
		return &Unsure{Key: key, Err: err}
	}
	// The caller's time may be up; the release is worth a moment of its own, else the lease decides.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := s.Records.Release(ctx, key); err != nil {
		return errors.Join(sorted, fmt.Errorf("release the mail about %s: %w", key, err))
	}
	if errors.As(sorted, new(*Refused)) {
		if err := s.Records.Mark(ctx, key, orders.MailRefused, now); err != nil {
			return errors.Join(sorted, fmt.Errorf("mark the mail about %s: %w", key, err))
		}
	}
	return sorted
}

// forGood are SES's refusals of the mail itself (API reference, SendEmail): sending it again gets the same answer. An
// account that is throttled, paused or short of rights is not among them: those pass, and the mail should go then.
var forGood = map[string]bool{
	"MessageRejected":                    true, // the content, or an address that is not verified while in the sandbox
	"BadRequestException":                true,
	"MailFromDomainNotVerifiedException": true,
}

// NoRecipient says that there is no address to send to.
type NoRecipient struct{ Why string }

func (e *NoRecipient) Error() string { return "the mail has no recipient: " + e.Why }

// Plain says that the error's text is fit for logs: it tells what is wrong with the address, not the address.
func (e *NoRecipient) Plain() string { return e.Error() }

// Refused is SES's no to a mail, with its own code and text.
type Refused struct {
	Key       Key
	Code, Why string
}

func (e *Refused) Error() string {
	return fmt.Sprintf("SES refused the mail about %s: %s: %s", e.Key, e.Code, e.Why)
}

// Plain is the error without SES's text, which may name the address.
func (e *Refused) Plain() string {
	return fmt.Sprintf("SES refused the mail about %s: %s", e.Key, e.Code)
}

// Later says that nothing was sent and that it may be tried again.
type Later struct {
	Key Key
	Why string
}

func (e *Later) Error() string {
	return fmt.Sprintf("the mail about %s is not sent yet: %s", e.Key, e.Why)
}

// Plain says that the error's text is fit for logs: the reason is a code or our own words.
func (e *Later) Plain() string { return e.Error() }

// Unsure says that the mail may have been sent.
type Unsure struct {
	Key Key
	Err error
}

func (e *Unsure) Error() string {
	return fmt.Sprintf("the mail about %s may have been sent: %v", e.Key, e.Err)
}

// Plain is the error with no more of its cause than the code, if the cause has one.
func (e *Unsure) Plain() string {
	var api smithy.APIError
	if errors.As(e.Err, &api) {
		return fmt.Sprintf("the mail about %s may have been sent: %s", e.Key, api.ErrorCode())
	}
	return fmt.Sprintf("the mail about %s may have been sent", e.Key)
}

func (e *Unsure) Unwrap() error { return e.Err }
