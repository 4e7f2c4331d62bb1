package workflowtest

import (
	"slices"
	"testing"

	"portway/internal/nanp"
	"portway/internal/porting"
	"portway/internal/sim/locals"
	"portway/internal/sim/somos"
)

// Refusal is what became of an order that a simulated carrier refuses.
type Refusal struct {
	Number string
	// Reasons are those of the first refusal, or of the comparison that came before it. Empty: nobody refused.
	Reasons []porting.Reason
	// Repairs are what the rules did about it, in order.
	Repairs []string
	// By is who had to be asked in the end; empty when nobody was, and the numbers came to us.
	By    porting.Fixer
	World *World
	Order porting.OrderID
}

// Refusals are the numbers that a carrier or the registry refuses: one for each published code and each reason of the taxonomy.
func Refusals() []string {
	var all []string
	for _, line := range locals.Refusals() {
		all = append(all, "+1206555"+line)
	}
	for _, d := range somos.Declines {
		all = append(all, "+183355591"+d.Code)
	}
	return all
}

// Refused lives the life of an order of this number (and, at a local carrier, another one that the refusal may name), whose customer lets us correct everything and whose
// second peer could carry it too, until it is over or somebody has to be asked.
func Refused(t testing.TB, number string) Refusal {
	w := New(t, Options{Second: true})
	numbers := []string{number, "+12065550202"}
	if n, err := nanp.Parse(number); err == nil && n.TollFree() {
		numbers = numbers[:1] // the registry has a request for each
	}
	r := Refusal{Number: number, World: w}
	r.Order = w.Signed(numbers, func(d *porting.Details) { d.AutoCorrect = porting.CorrectAll })
	over := func() bool {
		s := w.Order(r.Order).Status
		return s.Terminal() || s == porting.Rejected || w.AtDesk(r.Order)()
	}
	w.Until("it is over or somebody is asked", over)
	for _, e := range w.Events(r.Order) {
		switch {
		case len(e.Reasons) > 0 && len(r.Reasons) == 0:
			r.Reasons = e.Reasons
		case e.Kind == porting.Repaired || e.Kind == porting.Corrected:
			r.Repairs = append(r.Repairs, e.Text)
		}
	}
	switch o := w.Order(r.Order); {
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
	for _, reason := range r.Reasons {
		all = append(all, reason.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
