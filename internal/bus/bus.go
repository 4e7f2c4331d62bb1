// Package bus tells the operator's own systems, such as billing, a CRM or the provisioning of switches, what happens to
// orders: each event goes to an EventBridge bus of the stack. Start reading at [Publisher.Handle], which carries out the
// effect porting.Publish, and at [Detail], the body of an event.
//
// A body holds no secret, no text, nothing of the carrier's record, and nothing personal but telephone numbers: whoever may
// make a rule on the bus reads it. The package knows events and orders. It must not know AWS's wire, or who subscribes.
package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"portway/internal/porting"
)

// Publisher puts events on the bus.
type Publisher struct {
	// Put hands entries over. It may put some of them and fail.
	Put func(context.Context, []Entry) error
}

// Entry is one event on the bus. The sources keep sandboxes apart: a rule on the source Source never sees what is played.
type Entry struct {
	Source     string
	DetailType string
	Detail     string
}

// The sources.
const (
	Source        = "portway"
	SandboxSource = "portway.sandbox"
)

// Schema is the version of the form of Detail. An attribute may come to a version; none changes its meaning or goes.
const Schema = "1"

// Detail is the body of an event.
type Detail struct {
	Schema string `json:"schema"`
	// ID names the event, and is the same when it is put on the bus a second time.
	ID      string `json:"id"`
	Event   string `json:"event"`
	At      string `json:"at"` // RFC 3339, UTC
	Account string `json:"account"`
	Group   string `json:"group"`
	Order   string `json:"order"`
	// Sequence counts the changes of the order: an event with a lower one happened before.
	Sequence int64  `json:"sequence"`
	Kind     string `json:"kind"` // local or tollfree
	By       string `json:"by"`   // customer, staff, system or peer
	Before   string `json:"status_before,omitempty"`
	Status   string `json:"status"`
	Date     string `json:"date,omitempty"` // the day that the event is about
	// Charge and Refund are amounts in dollars, such as 7.5.
	Charge    string   `json:"charge,omitempty"`
	Refund    string   `json:"refund,omitempty"`
	RefundFor string   `json:"refund_for,omitempty"`
	Reasons   []Reason `json:"reasons,omitempty"`
	// Total is how many numbers the order has. Numbers has all of them where the event is about the whole order, else
	// those that it has brought to another stage. An event of more than MostNumbers is told in parts with ids of their
	// own, from 1.
	Total   int      `json:"total_numbers"`
	Numbers []Number `json:"numbers,omitempty"`
	Part    int      `json:"part"`
	Parts   int      `json:"parts"`
}

// Reason is a code of the table of reasons, and the numbers that it is about.
type Reason struct {
	Code    string   `json:"code"`
	Numbers []string `json:"numbers,omitempty"`
}

// Number is a number and its stage since the event.
type Number struct {
	Number string `json:"number"`
	Stage  string `json:"stage"`
	Reason string `json:"reason,omitempty"`
}

// MostNumbers is how many numbers one entry tells, so that it stays below the 256 KB that EventBridge takes.
const MostNumbers = 1000

// Handle puts the event on the bus. The outbox may call it again for the same event, whose ids stay the same.
func (p *Publisher) Handle(ctx context.Context, e porting.Event, o porting.Order) error {
	entries, err := Compose(e, o)
	if err != nil {
		return err
	}
	for _, entry := range entries { // each in a call of its own, which EventBridge limits as it limits an entry
		if err := p.Put(ctx, []Entry{entry}); err != nil {
			return err
		}
	}
	return nil
}

// Compose writes the entries of an event of the order, which may have gone on since.
func Compose(e porting.Event, o porting.Order) ([]Entry, error) {
	d := Detail{
		Schema: Schema, Event: string(e.Kind), At: e.At.UTC().Format(time.RFC3339), Account: string(e.Account),
		Group: string(e.Group), Order: string(e.Order), Sequence: e.Version, Kind: string(o.Kind), By: string(e.By.Role),
		Before: string(e.Before), Status: string(e.Status), Date: string(e.FOC), RefundFor: string(e.RefundFor),
		Total: len(o.Numbers),
	}
	if e.Charge != 0 {
		d.Charge = e.Charge.String()
	}
	if e.Refund != 0 {
		d.Refund = e.Refund.String()
	}
	for _, r := range e.Reasons {
		d.Reasons = append(d.Reasons, Reason{Code: string(r.Code), Numbers: r.Numbers[:min(len(r.Numbers), MostNumbers)]})
	}
	told := numbersOf(e, o)
	source := Source
	if o.Sandbox {
		source = SandboxSource
	}
	parts := slices.Collect(slices.Chunk(told, MostNumbers))
	if len(parts) == 0 {
		parts = [][]Number{nil}
	}
	entries := make([]Entry, 0, len(parts))
	for i, part := range parts {
		d.ID = fmt.Sprintf("%s-%d.%d-%d", e.Order, e.Version, e.N, i+1)
		d.Numbers, d.Part, d.Parts = part, i+1, len(parts)
		raw, err := json.Marshal(d)
		if err != nil {
			return nil, err
		}
		entries = append(entries, Entry{Source: source, DetailType: "portorder." + string(e.Kind), Detail: string(raw)})
	}
	return entries, nil
}

// numbersOf returns the numbers of the order as they were after the event: all of them where the event is about the
// whole order, else those that it has brought to another state.
func numbersOf(e porting.Event, o porting.Order) []Number {
	whole := e.StatusChanged() || slices.Contains(whole, e.Kind)
	at := e.At.UTC().Truncate(time.Second)
	as := o
	as.Status, as.StatusAt, as.Withdrawing = e.Status, e.At, false
	var all []Number
	for _, n := range o.Numbers {
		if n.At.After(at) { // it came to its present state later
			n = porting.Number{TN: n.TN}
		}
		if whole || slices.Contains(some, e.Kind) && n.At.Equal(at) {
			stage, _ := as.StageOf(n)
			all = append(all, Number{Number: n.TN, Stage: string(stage), Reason: string(n.Reason)})
		}
	}
	return all
}

// whole are the kinds of event, beside those that change the status, that are about all numbers of the order, and some
// those that bring some numbers to another state.
var (
	whole = []porting.EventKind{porting.Created, porting.WasSplitOff, porting.NumbersChanged, porting.FOCMoved}
	some  = []porting.EventKind{porting.NumberExcluded, porting.Repaired, porting.Approved, porting.Parted, porting.WentBack}
)
