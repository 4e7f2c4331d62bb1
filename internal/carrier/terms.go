package carrier

import (
	"portway/internal/nanp"
	"portway/internal/porting"
)

// Terms returns the terms of a port from the carrier: those of the class, with the carrier's own.
func (p Profile) Terms(class porting.Class) porting.Terms {
	return porting.TermsOf(class).With(p.Own(""))
}

// Own returns the carrier's own terms for an order with that number, which may be empty. Intervals, cut-offs and ages count
// whatever the mark of their value: a guess about the carrier is nearer than its class. The carrier's time to answer counts
// where the carrier or the operator says so, since it moves the day on which we chase the carrier.
func (p Profile) Own(number string) porting.OwnTerms {
	own := porting.OwnTerms{
		Profile: p.ID, SimpleLead: p.Number("simple.days"), Lead: p.Number("complex.days"),
		SimpleFOCHours: p.said("simple.foc_hours"), FOCHours: p.said("complex.foc_hours"),
		Cutoff: p.Number("cutoff.hour"), ProjectFrom: p.Number("project_from"), MaxAheadDays: p.Number("max_ahead_days"),
		LOADays: p.Number("loa.days"), BillDays: p.Number("bill.days"), ChangeDays: p.Number("change.days"),
	}
	if days := p.said("complex.foc_days"); days > 0 {
		own.FOCHours = 24 * days
	}
	if holidays, ok := p.Value("holidays"); ok {
		own.Holidays = holidays.Text
	}
	given, _ := p.Value("csr.given")
	own.NoCSR = given.Text == "no"
	if zone, ok := p.Value("cutoff.zone"); ok {
		own.Zone = zone.Text
	} else if yes, _ := p.Value("number_zone"); yes.Text == "yes" {
		if n, err := nanp.Parse(number); err == nil {
			own.Zone = n.Zone()
		}
	}
	return own
}

// said is a number that the carrier has published or the operator has set; 0 where it is another's word.
func (p Profile) said(field string) int {
	if v, _ := p.Value(field); v.Mark == Published || v.Mark == Operator {
		return p.Number(field)
	}
	return 0
}
