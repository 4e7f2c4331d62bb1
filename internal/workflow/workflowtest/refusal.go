package workflowtest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/desk"
	"portway/internal/porting"
	"portway/internal/sim/locals"
	"portway/internal/sim/somos"
)

// Case is one way in which an order fails at a carrier, at the registry or at a peer.
type Case struct {
	// Number is the order's first, which chooses the story; With is the other one, where there is one.
	Number, With string
	// Means is the reason where no refusal says it: somebody is silent, the comparison with the carrier's record finds it first, or
	// the rest of the order goes on without asking.
	Means porting.ReasonCode
	// Refuses is the code with which the first Locals peer refuses to carry the order.
	Refuses string
	// Complete is the time from the date given to the completion, where it is not the usual one.
	Complete time.Duration
	// Due is how long two business days take at the registry, where its calendar does not count them.
	Due time.Duration
}

// Cases are all refusals that the simulated peers know: one for each published code and each reason of the taxonomy.
func Cases() []Case {
	const local, tollFree = "+12065550202", "+18335550202"
	all := []Case{
		{Number: "+12065550142", With: local, Means: porting.BTNMismatch},
		{Number: "+12065550157", With: local, Means: "CARRIER_NO_RESPONSE", Complete: 4 * 24 * time.Hour},
		{Number: "+12065550101", With: local, Means: "PEER_DENIED", Refuses: "7310"},
		{Number: "+18335550156", Means: "ROC_EXPIRED", Due: 2 * time.Hour}, // before anybody has escalated it
		{Number: "+18335550150", Means: "ROC_OVERDUE"},
	}
	spent := map[string]porting.ReasonCode{"19": "TF_SPARE", "20": "TF_UNAVAILABLE", "22": "TN_ALREADY_OURS"}
	for _, line := range locals.Refusals() {
		c := Case{Number: "+1206555" + line, With: local}
		switch line {
		case "7434": // the main number, whose account keeps another one
			c.With = ""
		case "7616": // in another rate center
			c.With = "+12065570202"
		}
		all = append(all, c)
	}
	for _, d := range somos.Declines {
		c := Case{Number: "+183355591" + d.Code, Means: spent[d.Code]}
		if c.Means != "" { // nobody can port it: the other one goes on
			c.With = tollFree
		}
		all = append(all, c)
	}
	return all
}

// Refusal is what became of an order that was refused.
type Refusal struct {
	Case
	// Reasons are those of the first refusal. Empty: nobody refused.
	Reasons []porting.Reason
	// Repairs are what the rules did about it, in order.
	Repairs []string
	// By is who had to be asked in the end; empty when nobody was, and the numbers came to us, save those that nobody can port.
	By    porting.Fixer
	World *World
	Order porting.OrderID
}

// Refused lives the life of an order of the case, whose customer lets us correct everything and whose second peer could carry it
// too, until it is over or somebody has to be asked.
func Refused(t testing.TB, c Case) Refusal {
	w := New(t, Options{Second: true, Refuses: c.Refuses, Complete: c.Complete, Due: c.Due})
	numbers := []string{c.Number}
	if c.With != "" {
		numbers = append(numbers, c.With)
	}
	r := Refusal{Case: c, World: w}
	r.Order = w.Signed(numbers, func(d *porting.Details) {
		d.AutoCorrect = porting.CorrectAll
		if strings.HasPrefix(numbers[0], "+1833") {
			d.Desired = "" // the request goes at once
		}
	})
	over := func() bool {
		s := w.Order(r.Order).Status
		return s.Terminal() || s == porting.Rejected || w.AtDesk(r.Order)()
	}
	w.Until("it is over or somebody is asked", over)
	if w.Order(r.Order).Desk.Key == porting.MsgAskFallout { // the others have moved: they go on without it
		w.Desk(desk.Action{Action: "go_without", Order: r.Order, Initials: "AB"})
		w.Until("it is over or somebody is asked", over)
	}
	for _, e := range w.Events(r.Order) {
		switch {
		case len(e.Reasons) > 0 && len(r.Reasons) == 0:
			r.Reasons = e.Reasons
		case e.Kind == porting.Repaired:
			r.Repairs = append(r.Repairs, e.Message.Args["repairs"])
		case e.Kind == porting.Corrected: // before the carrier could refuse
			r.Repairs = append(r.Repairs, string(porting.FromCSR))
		case e.Kind == porting.Checked && slices.ContainsFunc(e.Message.List, func(m porting.Message) bool { return m.Key == porting.MsgEscalated }):
			r.Repairs = append(r.Repairs, string(porting.Escalate))
		}
	}
	o := w.Order(r.Order)
	for _, n := range o.Numbers {
		if n.State == porting.Excluded && n.Reason == c.Means {
			r.Repairs = append(r.Repairs, string(porting.DropThem))
		}
	}
	switch {
	case o.Status == porting.Completed:
	case o.Status.Terminal():
		r.By = porting.ByNobody
	case o.Status == porting.Rejected:
		r.By = porting.ByCustomer
	default:
		r.By = porting.ByStaff
	}
	return r
}

// Codes are the reasons' codes, each once.
func (r Refusal) Codes() []porting.ReasonCode {
	var all []porting.ReasonCode
	if r.Means != "" {
		all = append(all, r.Means)
	}
	for _, reason := range r.Reasons {
		all = append(all, reason.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
