package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"portway/internal/porting"
	"portway/internal/text"
)

// One decision on many orders: those of a list as its filter has them. The person sees the outcome for each order first. Then
// each order is decided on by itself, as by its own button: one that has changed since the preview is left as it is, and
// the report says so.

// bulkMost is how many orders one press decides on. bulkReserve is the part of the function's time that is left for the
// report: orders for which the time does not suffice are left to another press.
const (
	bulkMost    = 100
	bulkReserve = 5 * time.Second
)

// bulkVerbs are the decisions that may be taken on many orders. Rejecting and calling off are none, since each customer
// gets reasons of their own.
var bulkVerbs = []choice{{"", "choose"}, {"take", "Take"}, {"put_off", "Put off"}, {"comment", "Comment"},
	{"settle_comment", "No answer needed"}, {"retry", "Try again"}, {"approve", "Approve"}, {unpark, "Release parked work"}}

// seen is an order as the person saw it in the preview.
type seen struct {
	Order   porting.OrderID `json:"order"`
	Version int64           `json:"version"`
}

// bulkDecision is what the button below a preview sends. The button below a report that is not complete has what was typed
// too.
type bulkDecision struct {
	Bulk     string       `json:"bulk"`
	Orders   []seen       `json:"orders"`
	Desk     string       `json:"desk"`
	Sure     bool         `json:"sure,omitempty"`
	Initials string       `json:"initials,omitempty"`
	Text     string       `json:"text,omitempty"`
	Date     porting.Date `json:"date,omitempty"`
}

// on returns the decision on one of the orders.
func (d bulkDecision) on(o seen) Action {
	return Action{Action: d.Bulk, Order: o.Order, Version: o.Version, Initials: d.Initials, Text: d.Text, Date: d.Date, Sure: d.Sure}
}

// bulkOrders reads which orders the list has as it is filtered, each once, the oldest promise first. more says that there
// are others.
func (s *screen) bulkOrders() (ids []porting.OrderID, more bool, err error) {
	rows, _, err := s.passing()
	if err != nil {
		return nil, false, err
	}
	for _, r := range rows {
		if !r.known || slices.Contains(ids, r.Order) {
			continue
		}
		if len(ids) == bulkMost {
			return ids, true, nil
		}
		ids = append(ids, r.Order)
	}
	return ids, false, nil
}

// bulk shows the form of a decision on all orders of a list, and the outcome for each of them once a verb is chosen.
func (s *screen) bulk() markup {
	ids, more, err := s.bulkOrders()
	if err != nil {
		return s.trouble(err)
	}
	if len(ids) == 0 {
		s.fail("Nothing waits here that could be decided on.")
		return s.list()
	}
	to := s.call
	to.Context, to.Preview, to.Insert = nil, true, false
	count := fmt.Sprintf("The list has %d orders as it is filtered.", len(ids))
	if more {
		count = fmt.Sprintf("The list has more than %d orders; the first %d of them are decided on now.", bulkMost, bulkMost)
	}
	initials := s.typed("initials")
	if initials == "" {
		initials = s.call.Initials
	}
	parts := []markup{el("h2", "Decide on many orders"), el("p", count),
		selectField("verb", "What is done with each of them", s.typed("verb"), s.wrong("action"), bulkVerbs),
		areaField("text", "The comment as each customer reads it, or why the orders are put off", s.typed("text"), s.wrong("text")),
		textField("date", "Put off until the day, such as 2027-01-05", s.typed("date"), s.wrong("date"), maxLength(10)),
		textField("initials", "Your initials", initials, s.wrong("initials"), maxLength(4)),
		s.see("Preview", to)}
	if s.call.Preview {
		parts = append(parts, s.bulkPreview(ids))
	}
	return el("div", parts)
}

// bulkPreview shows what the decision would do to each order, and the button that carries it out.
func (s *screen) bulkPreview(ids []porting.OrderID) markup {
	d := bulkDecision{Bulk: s.typed("verb"), Desk: s.self, Initials: "AB", Text: s.typed("text"), Date: porting.Date(s.typed("date")), Sure: true}
	if !slices.ContainsFunc(bulkVerbs[1:], func(c choice) bool { return c.value == d.Bulk }) {
		return el("div", class("note", "bad"), at("role", "status"), el("strong", "Choose what is done with the orders."))
	}
	var rows [][]markup
	open := bulkDecision{Bulk: d.Bulk, Desk: s.self}
	for _, id := range ids {
		o, err := s.Book.Store.Load(s.ctx, id)
		if err != nil {
			rows = append(rows, []markup{plain(string(id)), plain(""), plain("Nothing: " + porting.Plain(err))})
			continue
		}
		outcome, ok := s.bulkOutcome(d, o)
		if ok {
			open.Orders = append(open.Orders, seen{id, o.Version})
		}
		rows = append(rows, []markup{s.see(string(id), Call{View: "order", Order: id}), plain(string(o.Account)), plain(outcome)})
	}
	parts := []markup{table(fmt.Sprintf("What would be done with each of %d orders", len(ids)), []string{"Order", "Customer", "Outcome"}, rows)}
	if len(open.Orders) > 0 {
		parts = append(parts, button(fmt.Sprintf("Do it with %d orders", len(open.Orders)), "btn-primary", s.act,
			fmt.Sprintf("Carry this out on %d orders?", len(open.Orders)), open))
	}
	return el("div", class("note"), at("role", "status"), parts)
}

// bulkOutcome says what the decision would do to the order. ok is false where it would do nothing.
func (s *screen) bulkOutcome(d bulkDecision, o porting.Order) (outcome string, ok bool) {
	a := d.on(seen{o.ID, o.Version})
	faults := faultsOf(a)
	if isMark(a.Action) {
		faults = append(faults, markFaults(a, porting.DateOf(s.now.In(s.Book.Rules.Calendar.Location())))...)
	}
	if len(faults) > 0 {
		return "Nothing: " + faults[0].Message, false
	}
	switch {
	case a.Action == unpark:
		return "Its parked work is tried again, if it has any.", true
	case isMark(a.Action):
		return "Changes among ourselves; the order stays as it is.", true
	}
	cmd, err := actions[a.Action](porting.StaffBy("AB"), a, o)
	if err != nil {
		return "Nothing: " + porting.Plain(err), false
	}
	after, events, err := s.Book.Preview(o, cmd)
	if err != nil {
		return "Nothing: " + porting.Plain(err), false
	}
	said := "The order stays " + strings.ReplaceAll(string(o.Status), "_", " ") + "."
	if after.Status != o.Status {
		said = "The order will be " + strings.ReplaceAll(string(after.Status), "_", " ") + "."
	}
	for _, e := range events {
		if words := text.English.Event(e); words != "" && e.Comment {
			said += " The customer reads: " + words
		}
		if slices.Contains(e.Effects, porting.SendMail) {
			said += " A mail is sent."
		}
	}
	return said, true
}

// decideOnMany carries the decision of a button out on each of its orders, and reports each outcome.
func (s *screen) decideOnMany(event json.RawMessage) string {
	var d bulkDecision
	in := json.NewDecoder(bytes.NewReader(event))
	in.DisallowUnknownFields()
	known := in.Decode(&d) == nil && len(d.Orders) <= bulkMost &&
		slices.ContainsFunc(bulkVerbs[1:], func(c choice) bool { return c.value == d.Bulk })
	if !known {
		s.fail("The button can't be read. Make the preview again.")
		return s.page(s.list())
	}
	if d.Initials == "" {
		d.Initials, d.Text, d.Date = s.typed("initials"), s.typed("text"), porting.Date(s.typed("date"))
	}
	var rows [][]markup
	done := 0
	for i, o := range d.Orders {
		if end, ok := s.ctx.Deadline(); ok && time.Until(end) < bulkReserve && i > 0 {
			d.Orders = d.Orders[i:]
			return s.bulkReport(d, rows, done, d.Orders)
		}
		a := d.on(o)
		reply, err := s.Widgets.act(s.ctx, a)
		said := "Done."
		switch {
		case err != nil:
			said = "Not done: " + porting.Plain(err)
			slog.ErrorContext(s.ctx, "decision failed", "order", a.Order, "action", a.Action, "error", porting.Plain(err))
		case len(reply.Errors) > 0:
			said = "Not done: " + reply.Errors[0].Message
			s.sure = s.sure || slices.ContainsFunc(reply.Errors, func(f Fault) bool { return f.Code == mayHoldSecret })
		default:
			done++
			slog.InfoContext(s.ctx, "decided at the desk", "order", a.Order, "action", a.Action, "by", strings.ToUpper(a.Initials))
		}
		rows = append(rows, []markup{s.see(string(o.Order), Call{View: "order", Order: o.Order}), plain(said)})
	}
	return s.bulkReport(d, rows, done, nil)
}

// bulkReport shows what was done, and the button for the orders that are left. Words that may hold a secret can be sent as
// they are written.
func (s *screen) bulkReport(d bulkDecision, rows [][]markup, done int, left []seen) string {
	s.now = s.Book.Time()
	s.done = fmt.Sprintf("Done with %d of %d orders, by %s, at %s.", done, len(rows), strings.ToUpper(d.Initials), s.clock(s.now))
	s.failed = done == 0
	parts := []markup{el("h2", "Decide on many orders"), table("What was done with each order", []string{"Order", "Outcome"}, rows)}
	if len(left) > 0 {
		parts = append(parts, el("p", fmt.Sprintf("The time did not suffice for %d orders. Nothing was done with them yet.", len(left))),
			button(fmt.Sprintf("Go on with %d orders", len(left)), "btn-primary", s.act, "Go on with the orders that are left?", d))
	}
	if s.sure && done == 0 {
		d.Sure = true
		parts = append(parts, button("Send as written", "btn-primary", s.act, "Send the words as they are written?", d))
	}
	s.call.Initials = strings.ToUpper(d.Initials)
	return s.page(el("div", parts, s.see("Work list", Call{View: "list"})))
}
