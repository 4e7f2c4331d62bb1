package porting

import (
	"fmt"
	"time"
)

// An LOA has one clock: the strictest of what the class of the port, the carrier and the law allow.

// legalLOADays is the age after which an LOA may not be submitted whoever would take it (47 CFR 64.1130(j)).
const legalLOADays = 60

// loaDays is how old the LOA may be, in days, when it is sent to the order's carrier: the strictest of the order's terms,
// which are those of its class and of its carrier, and of the law. The house's days count where the terms have none.
func (r Rules) loaDays(o Order) int {
	days := o.Terms().LOADays
	if days == 0 {
		days = r.LOADays
	}
	return min(days, legalLOADays)
}

// loaDated is when the LOA was signed: by the end user, where a reseller's rests on that and the day is known. A day tells
// no hour, so its end counts by the clock of Greenwich, as that of a bill.
func (o Order) loaDated() time.Time {
	at := o.Signature.At
	if day := o.Signature.EndUserDated; !at.IsZero() && day != "" {
		if end := day.In(time.UTC).Add(24*time.Hour - time.Second); end.Before(at) {
			return end
		}
	}
	return at
}

// LOAExpired says that the signed LOA is too old to be sent. For toll-free numbers it has to be young enough on the day of
// the change, which the registry decides by its date (Somos's guidelines: 30 days before the change at most).
func (r Rules) LOAExpired(o Order, now time.Time) bool {
	signed := o.loaDated()
	if signed.IsZero() {
		return false
	}
	ends := r.Paced(o, signed, signed.AddDate(0, 0, r.loaDays(o)))
	if now.After(ends) {
		return true
	}
	if o.Kind != TollFree || o.Sandbox {
		return false
	}
	asked, zone := o.Asked(r, now), r.Calendar.Location()
	renewed := DateOf(now.In(zone).AddDate(0, 0, r.loaDays(o))) // the last day of an LOA that is signed now
	return DateOf(ends.In(zone)) < asked && asked <= renewed
}

// loaOlder says that an LOA that was signed on that day is too old for the order; not if nobody knows the day.
func (r Rules) loaOlder(o Order, dated Date, now time.Time) bool {
	if dated == "" {
		return false
	}
	return DateOf(now.In(r.Calendar.Location())) > DateOf(dated.In(r.Calendar.Location()).AddDate(0, 0, r.loaDays(o)))
}

// oldLOAFault asks for a new signature since the LOA has become too old.
func (r Rules) oldLOAFault(o Order) Fault {
	return Fault{Field: "loa", Code: FaultCode(SignatureNeeded), Message: fmt.Sprintf("The letter of agency was signed on %s. "+
		"For this carrier it may be at most %d days old. Sign it again.",
		o.loaDated().In(r.Calendar.Location()).Format("January 2, 2006"), r.loaDays(o))}
}
