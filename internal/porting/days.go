package porting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DayState says whether numbers can move on a day, or why not.
type DayState string

// Numbers can move on an open day. A day that is past, in a weekend, a holiday of the carrier or one of the account's
// quiet days is not possible, and is refused. Today counts as past: our decision, since D-CRE gives no rule. A day that
// is too soon is moved to the earliest day, of which the customer is told. A day that is too far ahead makes the order
// fail its checks before submission (S-PRE).
const (
	DayOpen    DayState = "open"
	DayPast    DayState = "past"
	DayWeekend DayState = "weekend"
	DayHoliday DayState = "holiday"
	DayQuiet   DayState = "quiet"
	DayTooSoon DayState = "too_soon"
	DayTooFar  DayState = "too_far"
)

// DayStates lists all states, the gravest first.
func DayStates() []DayState {
	return []DayState{DayPast, DayWeekend, DayHoliday, DayQuiet, DayTooFar, DayTooSoon, DayOpen}
}

// Never says that a request for such a day is refused: numbers can move on it under no circumstances, or the account
// wants no port then.
func (s DayState) Never() bool {
	return s == DayPast || s == DayWeekend || s == DayHoliday || s == DayQuiet
}

// Day is one day as it is for some orders.
type Day struct {
	Date  Date
	State DayState
	// Holiday names the holiday; empty where the calendar knows no name.
	Holiday string
	// Unpublished says that no source has the holiday for this carrier: the house takes the carrier to be closed.
	Unpublished bool
}

// DayOf judges a day for orders that are to move together: the gravest state of all of them. A day counts by the
// business days of each order's carrier, in the zone of that carrier's calendar.
func (r Rules) DayOf(d Date, now time.Time, orders ...Order) Day {
	day := Day{Date: d, State: DayOpen}
	for _, o := range orders {
		if one := r.dayOf(d, now, o); severity(one.State) < severity(day.State) {
			day = one
		}
	}
	return day
}

func severity(s DayState) int { return slices.Index(DayStates(), s) }

func (r Rules) dayOf(d Date, now time.Time, o Order) Day {
	c, terms := r.carrierDays(o), o.Terms()
	day := Day{Date: d, State: DayOpen}
	switch at := d.In(c.Location()); {
	case d <= DateOf(now.In(c.Location())):
		day.State = DayPast
	case !c.IsBusinessDay(at) && (at.Weekday() == time.Saturday || at.Weekday() == time.Sunday):
		day.State = DayWeekend
	case !c.IsBusinessDay(at):
		day.State = DayHoliday
		if named, ok := c.(interface{ Holiday(time.Time) string }); ok {
			day.Holiday = named.Holiday(at)
		}
		day.Unpublished = day.Holiday == assumedHoliday && slices.Contains(terms.Assumed, "Holidays")
	case o.QuietDays.On(d, c):
		day.State = DayQuiet
	case d > r.Latest(now, o):
		day.State = DayTooFar
	case d < r.Earliest(o, now):
		day.State = DayTooSoon
	}
	return day
}

// assumedHoliday is the name of the one holiday that the house adds to the published ones: most carriers' desks are
// assumed to be closed on it. Telnyx alone publishes it.
const assumedHoliday = "Day after Thanksgiving"

// EarliestOfAll is the first day on which all the orders can move.
func (r Rules) EarliestOfAll(now time.Time, orders ...Order) Date {
	var first Date
	for _, o := range orders {
		first = max(first, r.Earliest(o, now))
	}
	for range maxCalendar { // a business day of each carrier
		if !r.DayOf(first, now, orders...).State.Never() {
			return first
		}
		first = first.add(1)
	}
	return first
}

// Latest is the last day that may be asked for, if the orders are submitted now: MaxAheadDays ahead, or the limit of the
// carrier where that is sooner (S-PRE).
func (r Rules) Latest(now time.Time, orders ...Order) Date {
	today := DateOf(now.In(r.Calendar.Location()))
	var last Date
	for _, o := range orders {
		if d := today.add(min(r.MaxAheadDays, cmp.Or(o.Terms().MaxAhead, r.MaxAheadDays))); last == "" || d < last {
			last = d
		}
	}
	return last
}

// maxCalendar is how many days a calendar looks ahead: the latest day of any carrier lies within them.
const maxCalendar = 92

// Calendar of the days from tomorrow to the latest one, each with its state. It has maxCalendar days at most. Where the
// earliest day lies behind the latest one, as it may for a project, the calendar ends with the earliest.
func (r Rules) Days(now time.Time, orders ...Order) []Day {
	if len(orders) == 0 {
		return nil
	}
	today := DateOf(now.In(r.carrierDays(orders[0]).Location()))
	end := max(r.Latest(now, orders...), r.EarliestOfAll(now, orders...))
	var all []Day
	for d := today.add(1); d <= end && len(all) < maxCalendar; d = d.add(1) {
		all = append(all, r.DayOf(d, now, orders...))
	}
	return all
}

// Nearest are the possible days nearest to a day, at most three, in their order. Of two that are as near, the later one
// comes first.
func (r Rules) Nearest(d Date, now time.Time, orders ...Order) []Date {
	var open []Date
	for _, day := range r.Days(now, orders...) {
		if day.State == DayOpen {
			open = append(open, day.Date)
		}
	}
	if len(open) == 0 && len(orders) > 0 { // the earliest day lies behind the latest one
		open = append(open, r.EarliestOfAll(now, orders...))
	}
	slices.SortFunc(open, func(a, b Date) int {
		return cmp.Or(cmp.Compare(d.far(a), d.far(b)), cmp.Compare(b, a))
	})
	open = open[:min(len(open), nearestDays)]
	slices.Sort(open)
	return open
}

// nearestDays is how many days are proposed in the place of one that can't be.
const nearestDays = 3

// far is the distance of two days.
func (d Date) far(other Date) int {
	days := int(other.In(time.UTC).Sub(d.In(time.UTC)).Hours()) / 24
	return max(days, -days)
}

// add is the day n days later; the same text where d is no date.
func (d Date) add(n int) Date {
	t := d.In(time.UTC)
	if t.IsZero() {
		return d
	}
	return DateOf(t.AddDate(0, 0, n))
}

// Words is the day as people write it, such as "Friday, December 4, 2026".
func (d Date) Words() string {
	if t := d.In(time.UTC); !t.IsZero() {
		return t.Format("Monday, January 2, 2006")
	}
	return string(d)
}

// DayAdvice goes with a fault of a requested day, for programs: why the day can't be, and which days can. It is the zero
// value for every other fault.
type DayAdvice struct {
	Wrong       DayState
	Holiday     string
	Unpublished bool
	// Nearest has at most three days; the rest of the places is empty.
	Nearest          [nearestDays]Date
	Earliest, Latest Date
	Zone             string // in which the days begin and end
}

// DayFaults refuse a requested day that can never be for the orders, and propose the nearest days that can. A day of
// another form is checked elsewhere.
func (r Rules) DayFaults(d Date, now time.Time, orders ...Order) Faults {
	if d == "" || len(orders) == 0 || isDate(string(d), Details{}) != "" {
		return nil
	}
	day := r.DayOf(d, now, orders...)
	if !day.State.Never() {
		return nil
	}
	advice := r.advice(day, now, orders...)
	return Faults{{Field: "desired_completion_date", Code: OutOfRange, Days: advice,
		Message: whyNever(day) + " " + nearestWords(advice.Nearest[:])}}
}

func (r Rules) advice(day Day, now time.Time, orders ...Order) DayAdvice {
	a := DayAdvice{Wrong: day.State, Holiday: day.Holiday, Unpublished: day.Unpublished,
		Earliest: r.EarliestOfAll(now, orders...), Latest: r.Latest(now, orders...),
		Zone: r.carrierDays(orders[0]).Location().String()}
	copy(a.Nearest[:], r.Nearest(day.Date, now, orders...))
	return a
}

// DayDoubt tells the customer of orders that are to move together what becomes of a requested day that is taken and is
// not possible for all of them: one that is too soon is moved for those that can't have it (the documented default), and
// one that is too far ahead fails the checks before submission (S-PRE). The advice is the zero value where there is no
// doubt, and for orders that are no longer, or not again, on their way to the carrier.
func (r Rules) DayDoubt(now time.Time, orders ...Order) (advice DayAdvice, words string) {
	if len(orders) == 0 || orders[0].Details.Desired == "" || !unsent.has(orders[0].Status) {
		return DayAdvice{}, ""
	}
	wish := orders[0].Details.Desired
	day := r.DayOf(wish, now, orders...)
	moved := slices.ContainsFunc(orders, func(o Order) bool { return r.dayOf(wish, now, o).State == DayOpen })
	switch advice = r.advice(day, now, orders...); {
	case day.State == DayTooFar:
		return advice, wish.Words() + " is more than the allowed number of days ahead. The last day that can be asked for " +
			"now is " + advice.Latest.Words() + "; with a later one, the order is rejected when it is checked after signing."
	case day.State == DayTooSoon && moved:
		return advice, "Not all orders of this call can move on " + wish.Words() + ". The nearest day on which all of them can " +
			"move is " + advice.Earliest.Words() + ". Give that day to keep them together; with this one, the orders that " +
			"can't have it are asked for their own earliest days."
	case day.State == DayTooSoon:
		return advice, wish.Words() + " is sooner than the carrier has to accept. Unless you give a later day, we ask for the " +
			"earliest one: " + advice.Earliest.Words() + " as of now."
	}
	return DayAdvice{}, ""
}

// unsent are the statuses in which the requested day is still to be asked for.
var unsent = in(Pending, Processing, Rejected, Review)

// whyNever says in a sentence why a day can't be.
func whyNever(day Day) string {
	switch {
	case day.State == DayPast:
		return "Give a date after today."
	case day.State == DayWeekend:
		return day.Date.Words() + " is in a weekend, and carriers move numbers on business days only."
	case day.State == DayQuiet:
		return day.Date.Words() + " is a day on which your account wants no port (quiet_days)."
	case day.Unpublished:
		return day.Date.Words() + " is the day after Thanksgiving, on which we take the carrier to be closed."
	case day.Holiday != "":
		return day.Date.Words() + " is a holiday of the carrier (" + day.Holiday + ")."
	}
	return day.Date.Words() + " is no business day of the carrier."
}

// nearestWords names the days that are possible.
func nearestWords(days []Date) string {
	var words []string
	for _, d := range days {
		if d != "" {
			words = append(words, d.Words())
		}
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return "The nearest possible day is " + words[0] + "."
	}
	return fmt.Sprintf("The nearest possible days are %s and %s.",
		strings.Join(words[:len(words)-1], "; "), words[len(words)-1])
}

// dayFaults are those of the order's own requested day, by the carrier's terms as they are now.
func (c *change) dayFaults() Faults {
	c.ownTerms()
	return c.DayFaults(c.o.Details.Desired, c.now, c.o)
}

// editedDay are the faults of the requested day after an edit. A day that is the same as before is refused only once it
// is past, so that an older order, whose day was once taken, can still be edited.
func (c *change) editedDay(was Date) Faults {
	faults := c.dayFaults()
	if c.o.Details.Desired == was {
		faults = slices.DeleteFunc(faults, func(f Fault) bool { return f.Days.Wrong != DayPast })
	}
	return faults
}

// Limit is the first or the last day that can be asked for, with the reason as a code and as a sentence.
type Limit struct {
	Date   Date
	Reason LimitReason
	Words  string
}

// LimitReason says what sets a limit.
type LimitReason string

// The earliest day follows from the interval that a carrier has, or from its refusal of an earlier day. The latest day is
// so many days ahead, by our own rule or the carrier's.
const (
	LimitInterval LimitReason = "interval"
	LimitRefused  LimitReason = "carrier_refused"
	LimitAhead    LimitReason = "days_ahead"
	LimitCarrier  LimitReason = "carrier_days_ahead"
)

// Limits are the first and the last day that can be asked for, if the orders are submitted now.
func (r Rules) Limits(now time.Time, orders ...Order) (first, last Limit) {
	first.Date, last.Date = r.EarliestOfAll(now, orders...), r.Latest(now, orders...)
	slowest, strictest := orders[0], orders[0]
	for _, o := range orders[1:] {
		if r.Earliest(o, now) > r.Earliest(slowest, now) {
			slowest = o
		}
		if cmp.Or(o.Terms().MaxAhead, r.MaxAheadDays) < cmp.Or(strictest.Terms().MaxAhead, r.MaxAheadDays) {
			strictest = o
		}
	}
	terms := slowest.Terms()
	first.Reason = LimitInterval
	switch days := terms.Lasting(len(slowest.Active())); {
	case slowest.NotBefore != "" && first.Date <= slowest.NotBefore:
		first.Reason, first.Words = LimitRefused, "The carrier did not accept an earlier day."
	case terms.Negotiated:
		first.Words = fmt.Sprintf("The day of so many numbers is agreed with the carrier; expect %s from a request of now.", businessDays(days))
	default:
		first.Words = fmt.Sprintf("The carrier has %s from a request of now.", businessDays(days))
	}
	ahead := cmp.Or(strictest.Terms().MaxAhead, r.MaxAheadDays)
	last.Reason, last.Words = LimitAhead, fmt.Sprintf("A day may lie at most %d days after the order is submitted.", ahead)
	if strictest.Terms().MaxAhead != 0 {
		last.Reason, last.Words = LimitCarrier, fmt.Sprintf("The carrier accepts no day more than %d days ahead.", ahead)
	}
	return first, last
}

func businessDays(n int) string {
	if n == 1 {
		return "1 business day"
	}
	return fmt.Sprintf("%d business days", n)
}

// Zone is the zone in which the days of the order begin and end.
func (r Rules) Zone(o Order) string { return r.carrierDays(o).Location().String() }
