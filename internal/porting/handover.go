package porting

import "time"

// HandOverAt is when a toll-free request is handed over to the registry, so that its numbers move by the day: as many
// business days before it as the controlling RespOrg has to answer, in the desk's first hour. The registry's own future
// date only delays the handing over, and the numbers may move as soon as the RespOrg agrees: a request that is handed
// over weeks before the day moves weeks before it. It is the zero time for an order of another kind, and for no day.
func (r Rules) HandOverAt(o Order, d Date) time.Time {
	if o.Kind != TollFree || d == "" {
		return time.Time{}
	}
	c := r.carrierDays(o)
	day := d.In(c.Location())
	if day.IsZero() {
		return time.Time{}
	}
	return c.At(c.AddBusinessDays(day, -o.Terms().Lead), r.CheckHour, 0)
}
