package porting

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// AnswerState is what a peer says of a request, whatever its own words.
type AnswerState string

// The states of a port request, and those of a CSR request (waiting, ready, none).
const (
	AnswerNone      AnswerState = ""          // not asked yet; for a CSR: there is none
	AnswerWaiting   AnswerState = "waiting"   // the carrier has it
	AnswerRefused   AnswerState = "refused"   // rejected, or broken: reasons say why
	AnswerAccepted  AnswerState = "accepted"  // with a date
	AnswerCompleted AnswerState = "completed" // the numbers are in service with us
	AnswerOver      AnswerState = "over"      // cancelled, died or expired at the peer
	AnswerDenied    AnswerState = "denied"    // the peer does not carry the order; another one was asked
	AnswerReady     AnswerState = "ready"     // the CSR is there
	AnswerLacking   AnswerState = "lacking"   // the CSR is not given before more is told
	AnswerNoRecord  AnswerState = "no_record" // the carrier gives no CSR
	AnswerUnclear   AnswerState = "unclear"   // the peer's word is not known to us, or contradicts itself: a person has to ask
)

// Answer is what a peer says of one port request.
type Answer struct {
	State   AnswerState
	Said    string // the peer's own word, such as FOC or PORT_PROCESSING
	FOC     Date
	At      time.Time // the instant of activation on that day
	Reasons []Reason
	Left    []string // numbers that did not move when the rest did
}

// Heard turns a peer's answer into the commands that the order still needs; none when the order knows it already, which makes
// a second telling harmless.
func (o Order) Heard(a Answer, by By, now time.Time) []Command {
	port, ok := o.Last(AskPort)
	if !ok {
		return nil
	}
	accept := Accept{By: by, PON: port.PON, Said: a.Said, FOC: a.FOC, At: a.At}
	if accept.FOC == "" {
		accept.FOC, accept.At = DateOf(now), now
	}
	complete := Complete{By: by, Said: a.Said, Left: a.Left}
	if len(a.Reasons) > 0 {
		complete.Why = a.Reasons[0].Code
	}
	switch {
	case o.Status == Submitted && a.State == AnswerAccepted:
		return []Command{accept}
	case o.Status == Submitted && a.State == AnswerCompleted:
		return []Command{accept, complete}
	case o.Status == Submitted && (o.Resend != SupNew || port.Sent.IsZero()):
		return nil // what the peer refuses is the request before the one that we are about to send
	case o.Status == Submitted && port.State == AnswerWaiting && (a.State == AnswerRefused || a.State == AnswerOver):
		return []Command{Refuse{By: by, PON: port.PON, Said: a.Said, Reasons: a.Reasons}}
	case o.Status == Accepted && a.State == AnswerCompleted:
		return []Command{complete}
	case o.Status == Accepted && a.State == AnswerAccepted && a.FOC != "" && a.FOC != o.FOC:
		return []Command{MoveFOC{By: by, FOC: a.FOC, At: a.At, Why: a.Said}}
	case o.Status == Accepted && a.State == AnswerRefused && o.Resend == SupNew && jeopardy(a.Reasons):
		return []Command{MoveFOC{By: by, Why: a.Said}}
	case o.Status == Accepted && o.Resend == SupNew && (a.State == AnswerRefused || a.State == AnswerOver):
		return []Command{LoseFOC{By: by, Said: a.Said, Reasons: a.Reasons}}
	}
	return nil
}

// jeopardy says that all reasons are about the date alone.
func jeopardy(reasons []Reason) bool {
	return len(reasons) > 0 && !slices.ContainsFunc(reasons, func(r Reason) bool { return !r.Code.Info().Date() })
}

// Quote makes a peer's own text fit for comments, mail and logs: one line of at most 200 characters, in which every word of
// four or more characters that holds a digit is blotted out, since it may be an account number or a PIN.
func Quote(s string) string {
	words := strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) })
	for i, w := range words {
		if strings.ContainsAny(w, "0123456789") && len(strings.Trim(w, ".,;:()[]'\"")) >= 4 {
			words[i] = "…"
		}
	}
	quoted := []rune(strings.Join(words, " "))
	if len(quoted) > 200 {
		quoted = append(quoted[:199], '…')
	}
	return string(quoted)
}
