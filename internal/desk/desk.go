// Package desk carries out the decisions of our staff. [Take] reads a decision from an event and [Act] carries it out.
// A decision on an order becomes a command on it, by the same rules as every other command; unpark has parked work tried
// again. Start reading at actions, the table of what staff may decide on an order.
//
// The package knows the orders' use cases. It knows no store and no console: how staff see an order is not its subject.
package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// Action is a decision of our staff on an order.
type Action struct {
	Action string          `json:"action"`
	Order  porting.OrderID `json:"order"`
	// Version is the version of the order that the person saw. A decision on an order that has changed since is refused.
	Version int64 `json:"version"`
	// Initials are those of the person who decides. Nobody checks them, since the console does not know the person.
	Initials string   `json:"initials"`
	Text     string   `json:"text,omitempty"`
	Reasons  []Reason `json:"reasons,omitempty"`
	// Force carries out a hard_cancel even in the last hours before the numbers move.
	Force bool `json:"force,omitempty"`
	// Outcome, Date and Who are what a carrier has told a person, with record: date, refused or completed. With
	// decide_dispute the outcome is the side that gets the numbers, asking or holding.
	Outcome string       `json:"outcome,omitempty"`
	Date    porting.Date `json:"date,omitempty"`
	Who     string       `json:"who,omitempty"`
	// Numbers are those that an exclude leaves out. Field is the detail that a correct corrects, or the document that is asked
	// for, and Peer the one by which a reroute sends the order.
	Numbers []string `json:"numbers,omitempty"`
	Field   string   `json:"field,omitempty"`
	Peer    string   `json:"peer,omitempty"`
	// Fee is what the customer has accepted for a change, or what is given back, in dollars.
	Fee string `json:"fee,omitempty"`
	// Dispute is the number of a dispute of the order; it may be left out where the order has one alone.
	Dispute string `json:"dispute,omitempty"`
	// Sure sends words to the customer as written, though they may hold a secret.
	Sure bool `json:"sure,omitempty"`
	// Desk is the ARN of the function that shows the desk, with a widget's button.
	Desk string `json:"desk,omitempty"`
	// Kind narrows an unpark to parked work of that kind, of the order or, without an order, of all orders.
	Kind orders.DueKind `json:"kind,omitempty"`
}

// Reason is one reason of a rejection: a code of the table of reasons, a text for the customer, and the numbers that it
// is about.
type Reason struct {
	Code    porting.ReasonCode `json:"code"`
	Text    string             `json:"text,omitempty"`
	Numbers []string           `json:"numbers,omitempty"`
}

// Reply tells the outcome of a decision: how the order stands then, or every fault of the decision.
type Reply struct {
	Order  porting.OrderID `json:"order,omitempty"`
	Status porting.Status  `json:"status,omitempty"`
	Turn   porting.Turn    `json:"turn,omitempty"`
	// Unparked is how many pieces of parked work are tried now.
	Unparked int     `json:"unparked,omitempty"`
	Errors   []Fault `json:"errors,omitempty"`
}

// Fault is one thing that is wrong with a decision, and what to send instead.
type Fault struct {
	Field   string `json:"field,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// unpark is the decision to try parked work again now, which is no command on an order: the order stays as it is until
// the work has been done. So it needs no version.
const unpark = "unpark"

// recordAnswer is the decision to take what a carrier has told a person as its answer. It becomes one or two commands.
const recordAnswer = "record"

// actions lists what staff may decide on an order, each with the command that it becomes.
var actions = map[string]func(porting.By, Action, porting.Order) (porting.Command, error){
	// Approve sends a resubmitted order to the carrier. For an order that is compared with the CSR it says that the
	// order is right as it is.
	"approve": func(by porting.By, a Action, o porting.Order) (porting.Command, error) {
		if o.Status == porting.Submitted && !o.CSRSettled {
			return porting.SettleCSR{By: by, Why: porting.Say(porting.MsgRecordJudged)}, nil
		}
		return porting.Approve{By: by}, nil
	},
	"reject": reject,
	"retry": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.Retry{By: by}, nil
	},
	// Go_without has the order go on without the numbers that did not move when others did.
	"go_without": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.GoWithout{By: by}, nil
	},
	// Snapback asks that all numbers of a completed order go back, snapped_back says that they went, and refuse_snapback that
	// they stay.
	"snapback": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.AskSnapback{By: by, HolderAsks: true, Why: a.Text}, nil
	},
	"snapped_back": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.TakeSnapback{By: by}, nil
	},
	"refuse_snapback": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.RefuseSnapback{By: by, Why: a.Text}, nil
	},
	// Switch_again has our own switch asked again, and served_by_hand says that a person has done what it does not do, and
	// has made the test calls.
	"switch_again": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.AskSwitchAgain{By: by}, nil
	},
	"served_by_hand": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.ServeByHand{By: by}, nil
	},
	// Take_up goes on with the request that the carrier has accepted, though the order was given back.
	"take_up": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.TakeUp{By: by}, nil
	},
	// Release says that the carrier has told the person that the order's request has ended. It frees the numbers of an
	// order that has ended.
	"release": func(by porting.By, _ Action, o porting.Order) (porting.Command, error) {
		return o.LetGo(by, ""), nil
	},
	// Finish_change says that the carrier has taken the change that the customer asked for, and refuse_change that it has not,
	// in words for the customer.
	"finish_change": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.FinishChange{By: by}, nil
	},
	"refuse_change": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.RefuseChange{By: by, Why: porting.TidyLine(a.Text)}, nil
	},
	"comment": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.Comment{By: by, Text: a.Text}, nil
	},
	// Settle_comment says that the customer's comments need no answer.
	"settle_comment": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.SettleComment{By: by}, nil
	},
	// Accept_bill says that the order's newest bill is one of the account, which proves who asks.
	"accept_bill": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.AcceptBill{By: by}, nil
	},
	// Object sends an objection that is prepared, objects to a refusal, or says that the person has told the carrier.
	"object": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.Object{By: by}, nil
	},
	// Escalate brings an objection to the next step of its ladder, and drop_objection ends it.
	"escalate": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.EscalateObjection{By: by}, nil
	},
	"drop_objection": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.DropObjection{By: by}, nil
	},
	// Change_date asks the carrier for another day, expedite for one before its interval, and extend gives the customer more
	// time.
	"change_date": askChange,
	"expedite":    askChange,
	"extend": func(by porting.By, _ Action, _ porting.Order) (porting.Command, error) {
		return porting.Extend{By: by}, nil
	},
	"give_back":    giveBack,
	"exclude":      leaveOut,
	"correct":      correct,
	"reroute":      reroute,
	"ask_document": askDocument,
	// Open_case opens a case about whether the port was authorised, and close_case decides it.
	"open_case": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.OpenCase{By: by, Raised: porting.CaseRaised(a.Outcome), Who: a.Who, Numbers: a.Numbers}, nil
	},
	"close_case": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.CloseCase{By: by, State: porting.CaseState(a.Outcome), Why: porting.TidyLine(a.Text)}, nil
	},
	// Decide_dispute gives the numbers of a dispute to one side, and ask_papers gives both sides more time to show papers.
	"decide_dispute": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.DecideDispute{By: by, ID: a.Dispute, For: porting.Side(a.Outcome), Why: porting.TidyLine(a.Text)}, nil
	},
	"ask_papers": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.AskPapers{By: by, ID: a.Dispute}, nil
	},
	"hard_cancel": func(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
		return porting.HardCancel{By: by, Why: porting.TidyLine(a.Text), Force: a.Force}, nil
	},
}

// reject gives the order back to its customer. Its reasons may name only numbers of the order.
func reject(by porting.By, a Action, o porting.Order) (porting.Command, error) {
	var faults porting.Faults
	reasons := make([]porting.Reason, 0, len(a.Reasons))
	for i, r := range a.Reasons {
		for j, tn := range r.Numbers {
			if !slices.ContainsFunc(o.Numbers, func(n porting.Number) bool { return n.TN == tn }) {
				at := fmt.Sprintf("reasons/%d/numbers/%d", i, j)
				faults.Add(at, porting.Unknown, "Name a number of the order, such as +12065550101.")
			}
		}
		reasons = append(reasons, porting.Reason{Code: r.Code, Note: porting.Words(porting.TidyLines(r.Text)), Numbers: r.Numbers})
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return porting.Return{By: by, Reasons: reasons}, nil
}

var initialsForm = regexp.MustCompile(`^[A-Za-z]{2,4}$`)

// Take carries out the decision of an event on an order. An event that is no decision is answered with a fault, like any
// other mistake: the person who typed it reads the reply.
func Take(ctx context.Context, book *orders.Book, event json.RawMessage) (Reply, error) {
	a, faults := read(event)
	if len(faults) > 0 {
		return Reply{Errors: faults}, nil
	}
	return Act(ctx, book, a)
}

// read reads a decision strictly.
func read(event json.RawMessage) (Action, []Fault) {
	var a Action
	in := json.NewDecoder(bytes.NewReader(event))
	in.DisallowUnknownFields()
	if err := in.Decode(&a); err != nil {
		return a, []Fault{malformed(err)}
	}
	return a, nil
}

// malformed says which field of the event can't be read, and what to write there.
func malformed(err error) Fault {
	const sample = "Send an object such as the one in events/desk-action.json."
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok { // the decoder has no type for it
		return Fault{strings.Trim(name, `"`), "unknown", "A decision has no such field. " + sample}
	}
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) || wrong.Field == "" {
		return Fault{Code: string(porting.BadFormat), Message: sample}
	}
	belongs := map[reflect.Kind]string{reflect.String: "Write a text here, in quotes.",
		reflect.Slice: "Write a list here.",
		reflect.Int64: "Write a number here, without quotes.",
		reflect.Bool:  "Write true or false here, without quotes."}[wrong.Type.Kind()]
	if belongs == "" {
		belongs = sample
	}
	return Fault{strings.ReplaceAll(wrong.Field, ".", "/"), string(porting.BadFormat), belongs}
}

// Act carries a decision on an order out. Everything that is wrong with the decision is in the reply; the error is the store's.
func Act(ctx context.Context, book *orders.Book, a Action) (Reply, error) {
	faults := faultsOf(a)
	if isMark(a.Action) { // which Widgets carries out, since it changes no order
		faults = append(faults, Fault{"action", string(porting.NotAllowed), "This is no decision on the order itself."})
	}
	if len(faults) > 0 {
		return Reply{Order: a.Order, Errors: faults}, nil
	}
	by := porting.StaffBy(strings.ToUpper(a.Initials))
	if a.Action == unpark {
		return tryAgain(ctx, book, by, a)
	}
	var o porting.Order
	var err error
	if a.Action == recordAnswer {
		today := porting.DateOf(book.Time().In(book.Rules.Calendar.Location()))
		if faults := recordFaults(a, today); len(faults) > 0 {
			return Reply{Order: a.Order, Errors: faults}, nil
		}
		o, err = record(ctx, book, a)
	} else {
		o, err = book.Change(ctx, a.Order, func(o porting.Order) (porting.Command, error) {
			if err := unseen(ctx, book, a, o); err != nil {
				return nil, err
			}
			return actions[a.Action](by, a, o)
		})
	}
	var refused *porting.Error
	if errors.As(err, &refused) && refused.Code != porting.Stale {
		reply := Reply{Order: a.Order, Status: o.Status, Turn: o.Turn()}
		for _, f := range refused.Faults {
			reply.Errors = append(reply.Errors, Fault{f.Field, string(f.Code), f.Message})
		}
		if len(refused.Faults) == 0 {
			reply.Errors = []Fault{{Code: string(refused.Code), Message: refused.Message}}
		}
		return reply, nil
	}
	return Reply{Order: a.Order, Status: o.Status, Turn: o.Turn()}, err
}

// bookkeeping are the kinds of event that change nothing that a person decides on.
var bookkeeping = []porting.EventKind{porting.Waiting, porting.Resumed, porting.Redriven}

// told is how many of the changes that a person has not seen are told.
const told = 3

// unseen returns the fault of a decision on an order that has changed since the person saw it, with the latest changes.
func unseen(ctx context.Context, book *orders.Book, a Action, o porting.Order) error {
	if a.Version == o.Version {
		return nil
	}
	events, _, err := book.Store.History(ctx, o.ID, a.Version, maxUnseen)
	if err != nil {
		return err
	}
	var changes []string
	for _, e := range events {
		if !slices.Contains(bookkeeping, e.Kind) {
			changes = append(changes, text.English.StaffEvent(e))
		}
	}
	known := len(events) > 0 && events[len(events)-1].Version == o.Version
	if a.Version < o.Version && known && len(changes) == 0 {
		return nil
	}
	message := fmt.Sprintf("You saw version %d of the order, which is at version %d now. ", a.Version, o.Version)
	if n := len(changes); n > 0 {
		message += "Meanwhile: " + strings.Join(changes[max(0, n-told):], " ") + " "
	}
	return porting.Faults{{Field: "version", Code: stale, Message: message + "Look at the order again before you decide."}}.Err()
}

// maxUnseen is how many events are read to tell what a person has not seen.
const maxUnseen = 100

// stale is the code of a decision on an order that has changed.
const stale = porting.FaultCode(porting.Stale)

// tryAgain has parked work tried again. What fails again is parked again, with the reason of then.
func tryAgain(ctx context.Context, book *orders.Book, by porting.By, a Action) (Reply, error) {
	reply := Reply{Order: a.Order}
	released, err := book.ReleaseParked(ctx, orders.Parked{Order: a.Order, Kind: a.Kind}, by.Name)
	if reply.Unparked = len(released); reply.Unparked == 0 && err == nil {
		reply.Errors = []Fault{{Code: string(porting.NotFound),
			Message: "Nothing of this order or kind is parked. Look at the staff's queue for what is."}}
	}
	return reply, err
}

// names are the names of all decisions.
func names() []string {
	all := slices.Concat(slices.Collect(maps.Keys(actions)), marks, []string{recordAnswer, unpark})
	slices.Sort(all)
	return all
}

// faultsOf finds what is wrong with a decision, whatever the order is.
func faultsOf(a Action) []Fault {
	var faults []Fault
	_, onOrder := actions[a.Action]
	onOrder = onOrder || a.Action == recordAnswer || isMark(a.Action)
	switch {
	case !onOrder && a.Action != unpark:
		faults = append(faults, Fault{"action", "unknown",
			"Give one of the actions " + strings.Join(names(), ", ") + "."})
	case onOrder && a.Kind != "":
		faults = append(faults, Fault{"kind", string(porting.NotAllowed), "Give a kind with the action unpark alone."})
	}
	switch {
	case a.Order == "" && a.Action != unpark:
		faults = append(faults, Fault{"order", "required", "Give the id of the order."})
	case a.Order == "" && a.Kind == "":
		faults = append(faults, Fault{"order", "required",
			"Give the id of the order, or a kind of parked work, such as event or check."})
	}
	if a.Action != unpark && !isMark(a.Action) && a.Version <= 0 {
		faults = append(faults, Fault{"version", "required",
			"Give the version of the order that you saw, the number in its attribute version."})
	}
	if !initialsForm.MatchString(a.Initials) {
		faults = append(faults, Fault{"initials", "required",
			"Give the initials of the person who decides, two to four letters."})
	}
	if a.Action == "reject" && len(a.Reasons) == 0 {
		faults = append(faults, Fault{"reasons", "required", "Give at least one reason for the rejection."})
	}
	for i, r := range a.Reasons {
		if r.Code.Info().Code != r.Code {
			faults = append(faults, Fault{fmt.Sprintf("reasons/%d/code", i), "unknown",
				"Give a code of the table of reasons, such as PORT_FREEZE."})
		}
		if bad := porting.LinesFault(porting.TidyLines(r.Text)); bad != "" {
			faults = append(faults, Fault{fmt.Sprintf("reasons/%d/text", i), string(porting.BadFormat), bad})
		}
	}
	if a.Action == "refuse_change" && porting.TidyLine(a.Text) == "" {
		faults = append(faults, Fault{"text", "required", "Say to the customer why the change is not made."})
	}
	if a.Action == "decide_dispute" {
		if a.Outcome != string(porting.Asking) && a.Outcome != string(porting.Holding) {
			faults = append(faults, Fault{"outcome", "required", "Give asking or holding, the side that gets the numbers."})
		}
		if porting.TidyLine(a.Text) == "" {
			faults = append(faults, Fault{"text", "required",
				"Say why, in words that the customer of this order may read. Say nothing of the other side."})
		}
	}
	if bad := porting.LineFault(porting.TidyLine(a.Text)); bad != "" && (a.Action == "hard_cancel" || a.Action == "decide_dispute" || a.Action == "refuse_change") {
		faults = append(faults, Fault{"text", string(porting.BadFormat), bad})
	}
	switch a.Action {
	case "comment": // whose form the order's rules judge
		if porting.LinesFault(porting.TidyLines(a.Text)) == "" {
			faults = append(faults, secretive(a)...)
		}
	case "reject", "hard_cancel", "give_back", "refuse_change", "decide_dispute", "close_case", recordAnswer:
		faults = append(faults, secretive(a)...)
	}
	return faults
}
