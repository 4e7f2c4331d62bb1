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
	PortFee       Money         // a number (S-PRE2: $7.50)
	HardCancelFee Money         // an order (S-ACC: "fees apply", amount not published)
	DateChangeFee Money         // another date once a carrier has the request (our decision)
	ExpediteFee   Money         // what a person has to ask of the carrier outside of its rules (our decision)
	LifeDays      int           // calendar days in pending, and in rejected (S-PEN, S-SUB: 45)
	Reminders     []int         // days before the end, the first reminder first (cadence is our decision)
	CheckDays     int           // business days between status checks (S-SUB: 3)
	CheckHour     int           // at this hour of the desk's day
	MaxAheadDays  int           // the requested date's distance from submission (S-PRE: 30)
	LOADays       int           // how old an LOA may be when it is sent, where the class has no age (Somos, Neustar: 30)
	BillDays      int           // how old a bill may be (S-DOC: 30)
	HoldDays      int           // rejected days for which numbers are held of which no carrier was asked (our decision)
	RenewDays     int           // days before a paper is too old, at which a fresh one is asked for (our decision)
	Quota         Quota         // of the carrier's record, for each account and number (our decision)
	ChaseDays     int           // business days after the agreed date until a person is asked why nobody confirms (our decision)
	Freeze        time.Duration // before the agreed date, in which carriers take no change (24 h at most carriers)
	// Grace is how long after a supplement a peer may still show its answer to the version before, since what it shows
	// may lag behind what it has taken (our decision).
	Grace       time.Duration
	DriverCheck time.Duration
	// Operator is the new carrier of the LOA.
	Operator Operator
	// Switch says that the operator has named a system of its own that is asked about numbers (provision.go).
	Switch bool
	// SandboxDay is how long a day lasts for a sandbox's order; as long as any other where it is zero.
	SandboxDay time.Duration
	// Holidays are the calendars of the carriers' holiday sets by their names ([Terms]), and by name and zone with a space
	// between them ([Region.Zone]). A set that is missing counts as Calendar.
	Holidays map[string]Calendar
	// MoreHolidays makes the calendar of a set that Holidays lacks, such as a carrier's own; ok is false for a set that
	// nobody knows. It may be nil.
	MoreHolidays func(set, zone string) (c Calendar, ok bool)
	// OwnTerms looks up a carrier's own terms, in what is in memory. Where it is nil, an order keeps those that it has.
	OwnTerms func(Losing) OwnTerms
}

// Standard are the sources' numbers.
func Standard(c Calendar) Rules {
	return Rules{
		Calendar: c, PortFee: 750, HardCancelFee: 0, LifeDays: 45, Reminders: []int{14, 3}, CheckDays: 3, CheckHour: 9,
		MaxAheadDays: 30, LOADays: 30, BillDays: 30, RenewDays: 5, HoldDays: 7, ChaseDays: 2, Freeze: 24 * time.Hour,
		Grace: 10 * time.Minute, DriverCheck: time.Hour, Quota: Quota{Misses: 3, Days: 30},
	}
}

// DueKind is what falls due.
type DueKind string

// What a sweep looks for. Clock is the customer's 45 days with its reminders; Papers are those that run out; Driver is a look at
// the state machine, Dispute one at the order's disputes, and Switch a question to our own switch.
const (
	DueClock   DueKind = "clock"
	DuePapers  DueKind = "papers"
	DueCheck   DueKind = "check"
	DueDriver  DueKind = "driver"
	DueDispute DueKind = "dispute"
	DueSwitch  DueKind = "provision"
)

// DueKinds lists them all.
func DueKinds() []DueKind {
	return []DueKind{DueClock, DuePapers, DueCheck, DueDriver, DueDispute, DueSwitch}
}

// End is when the customer's time is up; zero when it is not the customer's move. A pending order lives LifeDays from its
// creation, whatever is edited (S-PEN, D-STA); a rejected one LifeDays from its notice, restarted by activity (S-SUB, S-REJ).
// Either may have them a second time (extend).
func (r Rules) End(o Order) time.Time {
	return r.left(o, 0)
}

// left is when the customer has so many days left.
func (r Rules) left(o Order, days int) time.Time {
	from := o.Created
	switch o.Status {
	case Pending:
	case Rejected:
		from = o.ClockFrom
	default:
		return time.Time{}
	}
	life := r.LifeDays
	if r.extended(o) {
		life *= 2
	}
	from = from.In(r.Calendar.Location())
	return r.Paced(o, from, from.AddDate(0, 0, life).AddDate(0, 0, -days))
}

// extended says that the clock that runs has its days twice. A clock that began after the extension has them once.
func (r Rules) extended(o Order) bool {
	return !o.Extended.IsZero() && (o.Status == Pending || o.Status == Rejected && o.Extended.After(o.ClockFrom))
}

// Paced is the instant to at which something is due that began at from, by the order's own speed of time: a sandbox's order
// waits for its days as long as these last there. The dates that it tells stay dates of the calendar.
func (r Rules) Paced(o Order, from, to time.Time) time.Time {
	if !o.Sandbox || r.SandboxDay == 0 || to.IsZero() {
		return to
	}
	return from.Add(r.Lasts(o, to.Sub(from)))
}

// Lasts is how long d is by the order's own speed of time.
func (r Rules) Lasts(o Order, d time.Duration) time.Duration {
	if !o.Sandbox || r.SandboxDay == 0 {
		return d
	}
	return time.Duration(float64(d) * float64(r.SandboxDay) / float64(24*time.Hour))
}

// clock is when the customer's clock next needs a sweep: the next reminder or the end of the order's hold, whichever
// comes first, else the end. Of an accepted order it is the day before the numbers move.
func (r Rules) clock(o Order) time.Time {
	if at := r.announcement(o); !at.IsZero() {
		return at
	}
	next := r.reminder(o)
	if lapse := r.Lapses(o); !lapse.IsZero() && lapse.Before(next) {
		return lapse
	}
	return next
}

// announcement is when the customer is told that the numbers move the next day; zero where there is nothing to tell.
func (r Rules) announcement(o Order) time.Time {
	if o.Status != Accepted || o.FOCAt.IsZero() || o.Announced == o.FOC {
		return time.Time{}
	}
	return o.FOCAt.Add(-r.Lasts(o, 24*time.Hour))
}

// Announces says that the customer of the order is to be told at now that the numbers move the next day.
func (r Rules) Announces(o Order, now time.Time) bool {
	at := r.announcement(o)
	return !at.IsZero() && !at.After(now)
}

// reminder is when the customer is reminded next; the end where no reminder is left.
func (r Rules) reminder(o Order) time.Time {
	end := r.End(o)
	if end.IsZero() || o.Reminders >= len(r.Reminders) {
		return end
	}
	return r.left(o, r.Reminders[o.Reminders])
}

// NextCheck returns when the carrier is next asked how the order stands, as of now. It is zero for an order of which no
// carrier has a request. The time is the soonest of these:
//   - CheckDays business days from now, or a week for a project (S-SUB);
//   - the business day before the requested or agreed date (S-SUB), and the one after an agreed date (our decision);
//   - the business day after the carrier usually answers, while it has not answered (our decision);
//   - the end of the time that the people have before whom an objection lies (our decision);
//   - the next business day for toll-free, since the registry tells nobody and takes two business days in all, for an
//     order whose agreed day has passed without a confirmation, and for a request that is to end (our decision).
func (r Rules) NextCheck(o Order, now time.Time) time.Time {
	if !o.withCarrier() && !o.HasOpenRequest() {
		return time.Time{}
	}
	if o.Status == Submitted && now.Before(o.HandOver) { // nobody has anything to say before
		return o.HandOver.Add(r.Lasts(o, 24*time.Hour))
	}
	return r.Paced(o, now, r.nextCheck(o, now))
}

func (r Rules) nextCheck(o Order, now time.Time) time.Time {
	c := r.Calendar
	morning := func(day time.Time) time.Time { return c.At(day, r.CheckHour, 0) }
	next := morning(c.AddBusinessDays(now, r.CheckDays))
	if o.Project() {
		week := now.In(c.Location()).AddDate(0, 0, 7)
		if !c.IsBusinessDay(week) {
			week = c.DayBefore(week)
		}
		next = morning(week)
	}
	sooner := func(at time.Time) {
		if at.After(now) && at.Before(next) {
			next = at
		}
	}
	if o.Status == Submitted && o.Habit.Answers > 0 {
		sooner(morning(c.AddBusinessDays(now, o.Habit.Usual+1)))
	}
	if missed, _ := r.Missed(o, now); missed || o.Kind == TollFree && o.withCarrier() || o.Withdrawing {
		sooner(morning(c.AddBusinessDays(now, 1)))
	}
	if b := o.Objection; b.State == ObjectionRaised {
		sooner(b.Ends)
	}
	date := o.FOC
	if date == "" {
		date = o.Asked(r, now)
	} else {
		sooner(morning(c.AddBusinessDays(date.In(c.Location()), 1))) // has it happened?
	}
	sooner(morning(c.DayBefore(date.In(c.Location()))))
	if old := o.movedFrom(); old != "" && o.Status == Accepted { // the old carrier may still cut the line on it
		sooner(morning(c.DayBefore(old.In(c.Location()))))
	}
	return next
}

// after is the date to ask for when the carrier can't keep the given one: the first legal date, or two business days after the
// given one where that was legal by our own calendar, for then the carrier wants a later one.
func (r Rules) after(o Order, d Date, now time.Time) Date {
	if next := r.Earliest(o, now); next > d {
		return next
	}
	c := r.carrierDays(o)
	return DateOf(c.AddBusinessDays(d.In(c.Location()), 2))
}

// Frozen says that the agreed date is so near, or past, that the carrier takes no change.
func (r Rules) Frozen(o Order, now time.Time) bool {
	return o.Status == Accepted && !o.FOCAt.IsZero() && !now.Before(o.FOCAt.Add(-r.Lasts(o, r.Freeze)))
}

// Missed says that the agreed day has passed without a word of completion, and whether so long ago that a person is asked.
func (r Rules) Missed(o Order, now time.Time) (missed, desk bool) {
	if o.Status != Accepted || o.FOC == "" {
		return false, false
	}
	c := r.Calendar
	if o.Sandbox && r.SandboxDay != 0 { // its instant came before its date
		return now.After(o.FOCAt.Add(r.SandboxDay)), now.After(o.FOCAt.Add(time.Duration(r.ChaseDays) * r.SandboxDay))
	}
	today := DateOf(now.In(c.Location()))
	return o.FOC < today, DateOf(c.AddBusinessDays(o.FOC.In(c.Location()), r.ChaseDays)) <= today
}

// Unreleased says that a request has been withdrawn for so long that a person is asked why its carrier does not let go.
func (r Rules) Unreleased(o Order, now time.Time) bool {
	since := o.StatusAt
	if ch, ok := o.OpenChange(); ok && ch.At.After(since) {
		since = ch.At
	}
	return o.Withdrawing && !r.Paced(o, since, r.Calendar.AddBusinessDays(since, r.ChaseDays)).After(now)
}

// Chase is how far the carrier's silence about a request has been brought.
type Chase int

// Nobody was told yet; people at the peer were; our staff was.
const (
	NotChased Chase = iota
	ChasedPeer
	ChasedStaff
)

// Silent says to whom the carrier's silence is to be brought now: to people at the peer when it has had the request for longer
// than it normally takes to answer, and to our staff when that has not helped within ChaseDays business days.
func (r Rules) Silent(o Order, now time.Time) Chase {
	port, ok := o.Last(AskPort)
	if !ok || o.Status != Submitted || o.Withdrawing || port.State != AnswerWaiting || port.Sent.IsZero() || o.Resend != SupNew {
		return NotChased
	}
	t, c := o.Terms(), r.carrierDays(o)
	switch Chase(o.Repairs[Escalate]) {
	case NotChased:
		if !r.Paced(o, port.Sent, c.AddBusinessDays(t.received(c, port.Sent), o.Quiet())).After(now) {
			return ChasedPeer
		}
	case ChasedPeer:
		if !r.Paced(o, o.Escalated, c.AddBusinessDays(o.Escalated, r.ChaseDays)).After(now) {
			return ChasedStaff
		}
	}
	return NotChased
}

// Quiet is for how many business days the carrier may be silent before that is more than it normally is: the days of its class,
// or those in which nine of ten of its own answers have come and one more, two at least and at most twice those of its class
// (our decision). A registry's days are its tariff's, and a project has its own.
func (o Order) Quiet() int {
	t := o.Terms()
	switch {
	case t.Class != ProjectPort && o.Project():
		return t.Quiet * projectQuiet
	case o.Habit.Answers > 0 && o.Kind != TollFree:
		return min(max(o.Habit.Slow+1, 2), 2*t.Quiet)
	}
	return t.Quiet
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
	set(DuePapers, c.papers(o))
	set(DueCheck, c.check(o, now))
	set(DueDispute, c.disputeDue(o))
	set(DueSwitch, c.SwitchDue(o, now))
	for _, w := range c.Waits(o) {
		set(w.Queue.Due(), w.By)
	}
	if o.Machine() != NoMachine {
		driver := o.Due[DueDriver]
		if driver.IsZero() || slices.Contains(c.event.Effects, StartDriver) {
			driver = now.Add(c.DriverCheck)
		}
		set(DueDriver, driver)
	}
	return due
}

// check is when the carrier is next asked how the order stands, after the present change.
func (c *change) check(o Order, now time.Time) time.Time {
	check, next := o.Due[DueCheck], c.NextCheck(o, now)
	switch port, _ := o.Last(AskPort); {
	case next.IsZero() || check.IsZero() || c.event.StatusChanged() || c.event.Kind == Checked || c.event.Kind == FOCMoved || c.event.Kind == HandOverPlanned,
		c.event.Kind == Objected || c.event.Kind == Escalated,
		c.event.Kind == AttemptPlanned && next.Before(check): // the carrier's habit is known from there on
		return next
	case c.event.Kind == AnswerDoubted:
		return c.graceEnd(o, port)
	case c.event.Kind == Retried: // whatever the person has found out, the carrier is asked first
		return now
	}
	return check
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
	if o.Details.Desired > r.Latest(now, o) {
		reasons = append(reasons, Reason{Code: DateOutOfRange})
	}
	if o.Details.UsageType == Business && o.Details.Company == "" {
		reasons = append(reasons, Reason{Code: OrderIncomplete, Note: Say(MsgCompanyMissing)})
	}
	if r.LOAExpired(o, now) {
		reasons = append(reasons, Reason{Code: LOAExpired})
	}
	return reasons
}
