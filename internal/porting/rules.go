package porting

import (
	"slices"
	"time"
)

// Calendar is the business calendar of a desk or a carrier.
type Calendar interface {
	Location() *time.Location
	IsBusinessDay(t time.Time) bool
	// AddBusinessDays is n business days later (earlier when negative), at the same clock time.
	AddBusinessDays(t time.Time, n int) time.Time
	// DayBefore is the last business day before t's date.
	DayBefore(t time.Time) time.Time
	// At is t's date at that clock time.
	At(t time.Time, hour, minute int) time.Time
}

// Rules are the numbers of the house: what a template parameter may change.
type Rules struct {
	Calendar      Calendar
	PortFee       Money // a number (S-PRE2: $7.50)
	HardCancelFee Money // an order (S-ACC: "fees apply", amount not published)
	LifeDays      int   // calendar days in pending, and in rejected (S-PEN, S-SUB: 45)
	Reminders     []int // days before the end, the first reminder first (cadence is our decision)
	CheckDays     int   // business days between status checks (S-SUB: 3)
	CheckHour     int   // at this hour of the desk's day
	LeadDays      int   // business days that a carrier needs from request to port (47 CFR 52.35: 4 for all but simple ports)
	MaxAheadDays  int   // the requested date's distance from submission (S-PRE: 30)
	DriverCheck   time.Duration
}

// Standard are the sources' numbers.
func Standard(c Calendar) Rules {
	return Rules{
		Calendar: c, PortFee: 750, HardCancelFee: 0, LifeDays: 45, Reminders: []int{14, 3}, CheckDays: 3, CheckHour: 9,
		LeadDays: 4, MaxAheadDays: 30, DriverCheck: time.Hour,
	}
}

// DueKind is what falls due.
type DueKind string

// What a sweep looks for. Clock is the customer's 45 days with its reminders; Driver is a look at the state machine.
const (
	DueClock  DueKind = "clock"
	DueCheck  DueKind = "check"
	DueDriver DueKind = "driver"
)

// DueKinds lists them all.
func DueKinds() []DueKind { return []DueKind{DueClock, DueCheck, DueDriver} }

// End is when the customer's time is up; zero when it is not the customer's move. A pending order lives LifeDays from its
// creation, whatever is edited (S-PEN, D-STA); a rejected one LifeDays from its notice, restarted by activity (S-SUB, S-REJ).
func (r Rules) End(o Order) time.Time {
	from := o.Created
	switch o.Status {
	case Pending:
	case Rejected:
		from = o.ClockFrom
	default:
		return time.Time{}
	}
	return from.In(r.Calendar.Location()).AddDate(0, 0, r.LifeDays)
}

// clock is when the customer's clock next needs a sweep: the next reminder, else the end.
func (r Rules) clock(o Order) time.Time {
	end := r.End(o)
	if end.IsZero() || o.Reminders >= len(r.Reminders) {
		return end
	}
	return end.AddDate(0, 0, -r.Reminders[o.Reminders])
}

// NextCheck is when the carrier is next asked how the order stands, as of now: every CheckDays business days or on the
// business day before the requested (agreed) date, whichever is sooner; weekly for project orders, the day before the date
// always (S-SUB). Zero when the order is not with a carrier.
func (r Rules) NextCheck(o Order, now time.Time) time.Time {
	if o.Status != Submitted && o.Status != Accepted {
		return time.Time{}
	}
	c := r.Calendar
	days := r.CheckDays
	if o.Kind == TollFree {
		days = 1 // the registry tells nobody; its whole process takes two business days: our decision
	}
	next := c.At(c.AddBusinessDays(now, days), r.CheckHour, 0)
	if o.Project() {
		week := now.In(c.Location()).AddDate(0, 0, 7)
		if !c.IsBusinessDay(week) {
			week = c.DayBefore(week)
		}
		next = c.At(week, r.CheckHour, 0)
	}
	date := o.FOC
	if date == "" {
		date = o.Asked(r, now)
	}
	if before := c.At(c.DayBefore(date.In(c.Location())), r.CheckHour, 0); before.After(now) && before.Before(next) {
		return before
	}
	return next
}

// Asked is the date that we ask of the carrier: the customer's, or the earliest legal one where there is none or it has
// become too soon.
func (o Order) Asked(r Rules, now time.Time) Date {
	earliest := r.Earliest(now)
	if o.Details.Desired < earliest {
		return earliest
	}
	return o.Details.Desired
}

// Earliest is the first date that a carrier has to accept: LeadDays business days from now.
func (r Rules) Earliest(now time.Time) Date {
	return DateOf(r.Calendar.AddBusinessDays(now, r.LeadDays).In(r.Calendar.Location()))
}

// after is the date to ask for when the carrier can't keep the given one: the first legal date, or two business days after the
// given one where that was legal by our own calendar, for then the carrier wants a later one.
func (r Rules) after(d Date, now time.Time) Date {
	if next := r.Earliest(now); next > d {
		return next
	}
	return DateOf(r.Calendar.AddBusinessDays(d.In(r.Calendar.Location()), 2))
}

// due are the order's due dates after the present change. The check keeps its place unless the change moves it.
func (c *change) due(o Order, now time.Time) map[DueKind]time.Time {
	due := map[DueKind]time.Time{}
	set := func(kind DueKind, at time.Time) {
		if !at.IsZero() {
			due[kind] = at
		}
	}
	set(DueClock, c.clock(o))
	check := o.Due[DueCheck]
	if next := c.NextCheck(o, now); next.IsZero() || check.IsZero() || c.event.StatusChanged() || c.event.Kind == Checked || c.event.Kind == FOCMoved {
		check = next
	}
	set(DueCheck, check)
	if o.Machine() != NoMachine {
		driver := o.Due[DueDriver]
		if driver.IsZero() || slices.Contains(c.event.Effects, StartDriver) {
			driver = now.Add(c.DriverCheck)
		}
		set(DueDriver, driver)
	}
	return due
}

// Screen is the check of an order before it goes to the LSP: every pre-submission reason at once (S-PRE2). Funds are not
// among them: the fee itself is the check.
func (r Rules) Screen(o Order, now time.Time) []Reason {
	var reasons []Reason
	if !isPerson(o.Details.BillingName) {
		reasons = append(reasons, Reason{Code: AuthPersonInvalid})
	}
	if !isStreet(o.Details.Street) || isPOBox(o.Details.Street2) {
		reasons = append(reasons, Reason{Code: AddressInvalid})
	}
	latest := DateOf(now.In(r.Calendar.Location()).AddDate(0, 0, r.MaxAheadDays))
	if o.Details.Desired > latest {
		reasons = append(reasons, Reason{Code: DateOutOfRange})
	}
	if o.Details.UsageType == Business && o.Details.Company == "" {
		reasons = append(reasons, Reason{Code: OrderIncomplete, Said: "company is required for a business"})
	}
	return reasons
}
