package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Decide carries out the decision of an event. A widget's button is answered with the order's screen as it is then; any
// other event is answered with a [Reply]. self is the ARN of the function that answers.
func (w *Widgets) Decide(ctx context.Context, self string, event json.RawMessage) (any, error) {
	var from struct {
		Context *Context `json:"widgetContext"`
		Desk    string   `json:"desk"`
		Account string   `json:"account_action"`
		Bulk    string   `json:"bulk"`
	}
	if err := json.Unmarshal(event, &from); err != nil || from.Context == nil {
		a, faults := read(event)
		if len(faults) > 0 {
			return Reply{Errors: faults}, nil
		}
		return w.act(ctx, a)
	}
	// The event is read once more without what the console adds, since a decision has no field that nobody knows.
	var all map[string]json.RawMessage
	if err := json.Unmarshal(event, &all); err != nil {
		return nil, err
	}
	delete(all, "widgetContext")
	plain, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	show := self
	if lambdaARN.MatchString(from.Desk) {
		show = from.Desk
	}
	s := w.screen(ctx, show, self, Call{Context: from.Context})
	if from.Account != "" {
		return s.decideOnAccount(plain), nil
	}
	if from.Bulk != "" {
		return s.decideOnMany(plain), nil
	}
	var a Action
	in := json.NewDecoder(bytes.NewReader(plain))
	in.DisallowUnknownFields()
	if err := in.Decode(&a); err != nil {
		s.fail("The button can't be read. Reload the order, and press it again.")
		return s.page(s.list()), nil
	}
	a.fill(from.Context)
	s.call.Initials = a.Initials
	reply, err := w.act(ctx, a)
	s.now = w.Book.Time()
	s.tell(a, reply, err)
	if a.Action == unpark {
		s.call.Tab = "parked"
		return s.page(s.list()), nil
	}
	return s.page(s.order(a.Order)), nil
}

// act carries a decision out, on the order or beside it.
func (w *Widgets) act(ctx context.Context, a Action) (Reply, error) {
	if isMark(a.Action) {
		return w.mark(ctx, a)
	}
	return Act(ctx, w.Book, a)
}

// tell begins the screen with what came of a decision. A decision that was not carried out shows its form again, with what
// was typed.
func (s *screen) tell(a Action, reply Reply, err error) {
	title := a.Action
	for _, f := range allForms() {
		if f.action == a.Action {
			title = f.title
		}
	}
	switch {
	case err != nil:
		s.call.Form = a.Action
		s.fail("Nothing was done: %s Try it again.", porting.Plain(err))
		slog.ErrorContext(s.ctx, "decision failed", "order", a.Order, "action", a.Action, "error", porting.Plain(err))
	case len(reply.Errors) > 0:
		s.call.Form, s.faults = a.Action, reply.Errors
		told := "Nothing was done."
		for _, f := range reply.Errors {
			if f.Field == "" || f.Field == "version" || f.Field == "order" {
				told += " " + f.Message
			}
			s.sure = s.sure || f.Code == mayHoldSecret
		}
		s.fail("%s Look at the form below.", told)
	default:
		s.done = fmt.Sprintf("Done: %s, by %s, at %s.", title, strings.ToUpper(a.Initials), s.clock(s.now))
		if reply.Unparked > 0 {
			s.done += fmt.Sprintf(" %d pieces of work are tried now.", reply.Unparked)
		}
		s.forget()
		slog.InfoContext(s.ctx, "decided at the desk", "order", a.Order, "action", a.Action, "by", strings.ToUpper(a.Initials))
	}
}

// mayHoldSecret is the code of a fault: words to a customer that may hold an account number, a PIN or a key are sent as
// written once the person says so.
const mayHoldSecret = "may_hold_secret"

// secretive returns the fault of words that may hold a secret, unless the person is sure.
func secretive(a Action) []Fault {
	words := a.Who + " " + a.Text
	for _, r := range a.Reasons {
		words += " " + r.Text
	}
	plain := strings.Join(strings.Fields(words), " ")
	if a.Sure || porting.Blot(plain) == plain {
		return nil
	}
	return []Fault{{"text", mayHoldSecret, "The words hold digits or an address that may be an account number, a PIN or a key: “" +
		porting.Blot(plain) + "” would show the rest. Take them out, or send the words as written."}}
}

// byPhone is a carrier that has told a person of ours.
func byPhone(initials string) porting.By {
	return porting.By{Role: porting.PeerRole, Way: porting.WayDesk, Name: strings.ToUpper(initials)}
}

// activation is the hour at which numbers move on the agreed day where nobody says otherwise: half past eleven in New York.
var activation = func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return time.FixedZone("EST", -5*3600)
	}
	return zone
}()

// answer is what a carrier has told a person, as an answer to the order's last request.
func answer(r porting.Rules, o porting.Order, a Action, now time.Time) porting.Answer {
	said := strings.TrimSpace("by phone or mail, " + a.Who + ": " + a.Text)
	if cut := []rune(said); len(cut) > 200 {
		said = string(cut[:199]) + "…"
	}
	got := porting.Answer{About: o.About(), Said: said}
	switch a.Outcome {
	case "date":
		got.State, got.FOC = porting.AnswerAccepted, a.Date
		if day := a.Date.In(activation); !day.IsZero() {
			got.At = r.Paced(o, now, day.Add(11*time.Hour+30*time.Minute))
		}
	case "refused":
		got.State = porting.AnswerRefused
		for _, reason := range a.Reasons {
			got.Reasons = append(got.Reasons, porting.Reason{Code: reason.Code, Said: said})
		}
	case "completed":
		got.State = porting.AnswerCompleted
	}
	return got
}

// record takes what a carrier has told a person as its answer: the same commands as an answer through the peer.
func record(ctx context.Context, book *orders.Book, a Action) (porting.Order, error) {
	for first := true; ; first = false {
		var heard porting.Hearing
		o, err := book.Change(ctx, a.Order, func(o porting.Order) (porting.Command, error) {
			if first {
				if err := unseen(ctx, book, a, o); err != nil {
					return nil, err
				}
			}
			heard = book.Rules.Hear(o, answer(book.Rules, o, a, book.Time()), byPhone(a.Initials), book.Time())
			if len(heard.Commands) == 0 {
				return nil, porting.Errorf(porting.WrongStatus, "The order does not wait for this answer, or knows it already. Look at its requests.")
			}
			return heard.Commands[0], nil
		})
		if err != nil || len(heard.Commands) < 2 {
			return o, err
		}
	}
}

// recordFaults finds what is wrong with an answer that a person enters.
func recordFaults(a Action, today porting.Date) []Fault {
	var faults []Fault
	switch a.Outcome {
	case "date":
		if _, err := porting.ParseDate(string(a.Date)); err != nil {
			faults = append(faults, Fault{"date", "required", "Give the agreed date in the form YYYY-MM-DD, such as 2027-01-05."})
		} else if a.Date < today {
			faults = append(faults, Fault{"date", "not_allowed", "Give a date that is not past: today is " + string(today) + "."})
		}
	case "refused":
		if len(a.Reasons) == 0 {
			faults = append(faults, Fault{"reasons", "required", "Choose the reason that the carrier gave."})
		}
	case "completed":
	default:
		faults = append(faults, Fault{"outcome", "required", "Say what the carrier said: a date, a refusal, or that the numbers have moved."})
	}
	if strings.TrimSpace(a.Who) == "" {
		faults = append(faults, Fault{"who", "required", "Say who told you, and how."})
	}
	return faults
}
