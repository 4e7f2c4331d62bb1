// Package desk is what our staff does with orders: it looks (later) and acts.
package desk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Action is a decision of our staff on an order.
type Action struct {
	Action   string          `json:"action"`
	Order    porting.OrderID `json:"order"`
	Initials string          `json:"initials"` // who decides, as claimed: the console does not say
	Text     string          `json:"text,omitempty"`
	Reasons  []Reason        `json:"reasons,omitempty"`
}

// Reason is one reason of a rejection: a code of the table of reasons, and what else there is to say.
type Reason struct {
	Code    porting.ReasonCode `json:"code"`
	Text    string             `json:"text,omitempty"`
	Numbers []string           `json:"numbers,omitempty"`
}

// Reply tells what became of a decision: the order as it stands then, or every fault.
type Reply struct {
	Order  porting.OrderID `json:"order,omitempty"`
	Status porting.Status  `json:"status,omitempty"`
	Turn   porting.Turn    `json:"turn,omitempty"`
	Errors []Fault         `json:"errors,omitempty"`
}

// Fault is one thing wrong with a decision.
type Fault struct {
	Field   string `json:"field,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// actions are what staff may decide.
var actions = map[string]func(porting.By, Action, porting.Order) porting.Command{
	// Approve sends a resubmitted order on; for an order that is held against the CSR it says that it is right as it is.
	"approve": func(by porting.By, a Action, o porting.Order) porting.Command {
		if o.Status == porting.Submitted && !o.CSRSettled {
			return porting.SettleCSR{By: by, Why: "Our staff compared the order with the carrier's record."}
		}
		return porting.Approve{By: by}
	},
	"reject": func(by porting.By, a Action, _ porting.Order) porting.Command {
		reasons := make([]porting.Reason, 0, len(a.Reasons))
		for _, r := range a.Reasons {
			reasons = append(reasons, porting.Reason{Code: r.Code, Said: porting.Quote(r.Text), Numbers: r.Numbers})
		}
		return porting.Return{By: by, Reasons: reasons}
	},
	"retry": func(by porting.By, _ Action, _ porting.Order) porting.Command { return porting.Retry{By: by} },
	"comment": func(by porting.By, a Action, _ porting.Order) porting.Command {
		return porting.Comment{By: by, Text: a.Text}
	},
	"hard_cancel": func(by porting.By, a Action, _ porting.Order) porting.Command {
		return porting.HardCancel{By: by, Why: porting.Quote(a.Text)}
	},
}

var initialsForm = regexp.MustCompile(`^[A-Za-z]{2,4}$`)

// Act carries a decision out. Every fault is in the reply; the error is the store's trouble alone.
func Act(ctx context.Context, book *orders.Book, a Action) (Reply, error) {
	if faults := faultsOf(a); len(faults) > 0 {
		return Reply{Order: a.Order, Errors: faults}, nil
	}
	by := porting.By{Role: porting.Staff, Name: strings.ToUpper(a.Initials)}
	o, err := book.Change(ctx, a.Order, func(o porting.Order) (porting.Command, error) { return actions[a.Action](by, a, o), nil })
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

func faultsOf(a Action) []Fault {
	var faults []Fault
	if _, ok := actions[a.Action]; !ok {
		faults = append(faults, Fault{"action", "unknown", "One of approve, reject, retry, comment, hard_cancel."})
	}
	if a.Order == "" {
		faults = append(faults, Fault{"order", "required", "The order's id."})
	}
	if !initialsForm.MatchString(a.Initials) {
		faults = append(faults, Fault{"initials", "required", "Two to four letters: who decides."})
	}
	if a.Action == "reject" && len(a.Reasons) == 0 {
		faults = append(faults, Fault{"reasons", "required", "At least one reason."})
	}
	for i, r := range a.Reasons {
		if r.Code.Info().Code != r.Code {
			faults = append(faults, Fault{fmt.Sprintf("reasons/%d/code", i), "unknown", "A code of the table of reasons."})
		}
	}
	return faults
}
