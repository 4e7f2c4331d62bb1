package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

// unheard are the reasons of the table that no peer gives as a refusal of an order, with who gives them.
var unheard = map[porting.ReasonCode]string{
	porting.InsufficientFunds: "our check, before anything is sent",
	"DUPLICATE_TN":            "the hold on a number, at create",
	"LOST_DISPUTE":            "our decision of a dispute between two accounts",
	"UNMAPPED":                "our staff",
	"IMPROPER_REJECT":         "our staff, of what a carrier gave another reason for",
	"LATE_CHANGE_REFUSED":     "a peer, of a change or a cancellation",
	porting.CarrierWorking:    "Bandwidth, beside an order that goes on, and of a change that comes too early",
	porting.CSRNeedsMore:      "Bandwidth, of a request for a record",
	porting.ActivationRefused: "Bandwidth, of an activation",
	porting.OrderDone:         "Bandwidth, of a change or a cancellation",
	porting.RemovedOnRequest:  "our customer, who takes a number off the order",
	porting.PortUndone:        "Bandwidth, of an order that was accepted",
	"TF_DISCONNECTED":         "the registry, of a number before it is ordered",
	"TF_TRANSITIONAL":         "the registry, of a number before it is ordered (toll-free 48)",
}

// Every reason that a carrier or the registry may give goes its way from the raw answer: a rule resolves it, or our staff is
// asked where they can, and else the customer gets the mail that the table makes.
func TestEveryRefusal(t *testing.T) {
	heard := map[porting.ReasonCode]bool{}
	for _, c := range workflowtest.Cases() {
		r := workflowtest.Refused(t, c)
		for _, code := range r.Codes() {
			heard[code] = true
		}
		t.Run(fmt.Sprint(c.Number, r.Codes()), func(t *testing.T) {
			t.Parallel()
			refused(t, r)
		})
	}
	for _, info := range porting.Reasons {
		switch _, ours := unheard[info.Code]; {
		case !heard[info.Code] && !ours:
			t.Errorf("no simulated peer gives %s", info.Code)
		case heard[info.Code] && ours:
			t.Errorf("%s is given by a peer after all", info.Code)
		}
	}
}

// refused holds what became of a refusal against the table.
func refused(t *testing.T, r workflowtest.Refusal) {
	switch {
	case len(r.Codes()) == 0:
		t.Fatalf("nobody refuses it\n%s", r.World.Story())
	case r.Means == "" && r.Reasons[0].Raw == "":
		t.Error("the carrier's own code is lost")
	}
	fixers := []porting.Fixer{}
	for _, code := range r.Codes() {
		fixers = append(fixers, code.Info().Fix)
	}
	theirs := func(f porting.Fixer) bool { return f == porting.ByCustomer || f == porting.ByCarrier }
	switch r.By {
	case "": // by a rule that the table names
		tried := strings.Join(r.Repairs, "\n")
		if tried == "" {
			t.Errorf("it was accepted without a repair\n%s", r.World.Story())
		}
		for _, code := range r.Codes() {
			if !slices.ContainsFunc(code.Info().Repairs, func(kind porting.RepairKind) bool { return strings.Contains(tried, string(kind)) }) {
				t.Errorf("%s was resolved by %q, of which its row knows nothing", code, tried)
			}
		}
		return
	case porting.ByStaff:
		// Our staff comes before the customer where the record contradicts the refusal, or the carrier has no such ground.
		asked := r.World.Order(r.Order).Desk.Key
		first := asked == porting.MsgAskContradiction || asked == porting.MsgAskObject
		if !first && !slices.ContainsFunc(fixers, func(f porting.Fixer) bool { return !theirs(f) }) {
			t.Errorf("our staff is asked for what only %v can do", fixers)
		}
		var reasons []desk.Reason
		for _, code := range r.Codes() {
			reasons = append(reasons, desk.Reason{Code: code})
		}
		if reply := r.World.Desk(desk.Action{Action: "reject", Order: r.Order, Initials: "AB", Reasons: reasons}); len(reply.Errors) > 0 {
			t.Fatalf("the desk can't give it back: %+v", reply)
		}
	case porting.ByCustomer:
		if !slices.ContainsFunc(fixers, theirs) {
			t.Errorf("the customer is asked for what %v can do", fixers)
		}
	}
	r.World.Until("the mail has come", func() bool { return len(r.World.SES.Mails()) > 0 })
	mails := r.World.SES.Mails()
	mail := mails[len(mails)-1]
	text, named := strings.Join(strings.Fields(mail.Text), " "), false
	for _, code := range r.Codes() {
		info, o, reason := code.Info(), r.World.Order(r.Order), porting.Reason{Code: code}
		for _, want := range []string{info.Title, o.Meaning(reason), "What to do: " + o.Advice(reason)} {
			if !strings.Contains(text, want) {
				t.Errorf("the mail does not say %q:\n%s", want, mail.Text)
			}
		}
		named = named || strings.Contains(mail.Subject, info.Title)
	}
	if others := len(r.Codes()) > 1; !named || others != strings.Contains(mail.Subject, "more reason") {
		t.Errorf("the subject is %q", mail.Subject)
	}
}
