package api

import (
	"cmp"
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// moveDays are the days on which the numbers of an order, or of all orders of a group, can move.
type moveDays struct {
	Zone     string    `json:"zone"`
	Earliest *dayLimit `json:"earliest"`
	Latest   *dayLimit `json:"latest"`
	Days     []openDay `json:"days"`
	// Closed are the days within the limits on which a carrier is closed, which are no weekends, and the account's quiet
	// days.
	Closed []closedDay `json:"closed"`
	// Dates are those of an order; null for a group.
	Dates *dates `json:"dates"`
	// Orders are the orders whose days these are.
	Orders []string `json:"orders"`
}

type dayLimit struct {
	Date   string `json:"date"`
	Reason string `json:"reason"`
	Detail string `json:"detail"`
}

// openDay is a day on which the numbers can move. The window is null where they may move at any hour. HandOver is the
// day from which toll-free numbers may move, since the registry has the request from then on.
type openDay struct {
	Date     string     `json:"date"`
	Window   *dayWindow `json:"window"`
	HandOver *string    `json:"hand_over"`
	Notes    []string   `json:"notes"`
}

type dayWindow struct {
	From string `json:"from"`
	To   string `json:"to"`
	Zone string `json:"zone"`
}

type closedDay struct {
	Date        string `json:"date"`
	Holiday     string `json:"holiday"`
	Unpublished bool   `json:"unpublished,omitempty"`
	Quiet       bool   `json:"quiet,omitempty"` // the account wants no port
}

// listDays is GET /v2/portorders/{order}/dates, for an order or a group, as JSON or as a calendar (RFC 5545).
func (a *API) listDays(ctx context.Context, r *request) (reply, error) {
	calendar, err := r.wantsCalendar()
	if err != nil {
		return reply{}, err
	}
	all, group, err := a.together(ctx, r)
	if err != nil {
		return reply{}, err
	}
	days := a.daysOf(all)
	if group == nil {
		d := a.datesOf(all[0])
		days.Dates = &d
	}
	if calendar {
		return reply{status: http.StatusOK, body: asItWas(a.calendarOf(r.order, all, group, days)), header: map[string]string{
			"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": `attachment; filename="` + string(r.order) + `.ics"`}}, nil
	}
	doc := document{Data: resource{Type: "dates", ID: string(r.order), Attributes: days}, Links: r.self("/" + string(r.order) + "/dates")}
	return reply{status: http.StatusOK, body: doc}, nil
}

// wantsCalendar reads the parameter format, and the header Accept where there is none.
func (r *request) wantsCalendar() (bool, error) {
	var fs porting.Faults
	q := r.query()
	for _, name := range names(q) {
		switch {
		case name != "format":
			fs.Add(escape(name), porting.Unknown, "There is no such parameter.")
		case len(q[name]) > 1:
			fs.Add(name, porting.Duplicate, "Give this parameter once only.")
		case q[name][0] != "json" && q[name][0] != "ics":
			fs.Add(name, porting.BadFormat, "Give json or ics.")
		}
	}
	if format := q["format"]; len(format) > 0 || len(fs) > 0 {
		return slices.Equal(format, []string{"ics"}), fs.Err()
	}
	for part := range strings.SplitSeq(r.header("Accept"), ",") {
		switch kind, _, _ := mime.ParseMediaType(part); kind {
		case "text/calendar":
			return true, nil
		case jsonType, "*/*":
			return false, nil
		}
	}
	return false, nil
}

// together reads the order of the URL, or the live orders of the group of that id, which are to move together.
func (a *API) together(ctx context.Context, r *request) ([]porting.Order, *porting.Group, error) {
	o, err := r.mine(ctx, a.book)
	if err == nil {
		return []porting.Order{o}, nil, nil
	}
	if !porting.Is(err, porting.NotFound) {
		return nil, nil, err
	}
	g, heads, failed := a.book.Store.Group(ctx, porting.GroupID(r.order))
	switch {
	case failed != nil && !porting.Is(failed, porting.NotFound):
		return nil, nil, failed
	case failed != nil || g.Account != r.account:
		return nil, nil, orders.ErrNoOrder
	}
	var live []porting.Order
	for _, o := range heads {
		if o.Status.Terminal() {
			continue
		}
		if o.Terms().OneLine > 0 { // its interval depends on how many numbers it has, of which a head shows one
			if o, err = a.book.Store.Load(ctx, o.ID); err != nil {
				return nil, nil, err
			}
		}
		live = append(live, o)
	}
	return live, &g, nil
}

// daysOf are the days that the orders share. An order that has ended has none.
func (a *API) daysOf(all []porting.Order) moveDays {
	m := moveDays{Days: []openDay{}, Closed: []closedDay{}, Orders: []string{}}
	all = slices.DeleteFunc(slices.Clone(all), func(o porting.Order) bool { return o.Status.Terminal() })
	for _, o := range all {
		m.Orders = append(m.Orders, string(o.ID))
	}
	if len(all) == 0 {
		return m
	}
	r, now := a.book.Rules, a.book.Time()
	first, last := r.Limits(now, all...)
	m.Zone = r.Zone(all[0])
	m.Earliest = &dayLimit{string(first.Date), string(first.Reason), first.Words}
	m.Latest = &dayLimit{string(last.Date), string(last.Reason), last.Words}
	for _, d := range r.Days(now, all...) {
		switch d.State {
		case porting.DayOpen:
			m.Days = append(m.Days, a.openDayOf(d.Date, all))
		case porting.DayHoliday:
			m.Closed = append(m.Closed, closedDay{string(d.Date), cmp.Or(d.Holiday, "closed"), d.Unpublished, false})
		case porting.DayQuiet:
			m.Closed = append(m.Closed, closedDay{string(d.Date), "quiet day", false, true})
		}
	}
	return m
}

func (a *API) openDayOf(d porting.Date, all []porting.Order) openDay {
	r := a.book.Rules
	day := openDay{Date: string(d), Notes: []string{}}
	if t := all[0].Terms(); t.Closes > 0 && len(all) == 1 {
		day.Window = &dayWindow{fmt.Sprintf("%02d:00", t.Opens), fmt.Sprintf("%02d:00", t.Closes), r.Zone(all[0])}
	}
	for _, o := range all {
		if at := r.HandOverAt(o, d); !at.IsZero() && day.HandOver == nil {
			from := max(porting.DateOf(at), porting.DateOf(a.book.Time().In(at.Location())))
			day.HandOver = orNull(string(from))
			day.Notes = append(day.Notes, "Toll-free numbers may move from the day on which the registry gets the request, and by this day.")
		}
	}
	if desk := r.Calendar; !desk.IsBusinessDay(d.In(desk.Location())) {
		day.Notes = append(day.Notes, "Our porting desk is closed on this day.")
	}
	return day
}

// calendarOf writes the days as a calendar, and the confirmed day of each order.
func (a *API) calendarOf(id porting.OrderID, all []porting.Order, group *porting.Group, m moveDays) string {
	name := "port order group " + string(id)
	if group == nil {
		name = "port order " + string(id)
		if alias := all[0].Details.Alias; alias != "" {
			name += " (" + alias + ")"
		}
	}
	var events []allDay
	for _, o := range all {
		if day, uid := o.FOC, "@portway"; day != "" {
			e := allDay{uid: string(o.ID) + "-move" + uid, day: day, confirmed: true,
				summary:     "Numbers move: port order " + string(o.ID),
				description: "The carrier has confirmed this day."}
			if e.at = a.book.Rules.MoveAt(o, day, o.FOCTime); !e.at.IsZero() {
				e.description = text.English.Message(a.book.Rules.HourMessage(o))
			}
			if o.Status == porting.Completed {
				e.summary, e.description = "Numbers have moved: port order "+string(o.ID), "The port is complete."
			}
			events = append(events, e)
		}
	}
	for _, d := range m.Days {
		e := allDay{uid: string(id) + "-" + d.Date + "@portway", day: porting.Date(d.Date), summary: "Numbers can move: " + name}
		if d.Window != nil {
			e.description = "Between " + d.Window.From + " and " + d.Window.To + ", " + d.Window.Zone + "."
		}
		e.description = strings.TrimSpace(strings.Join(append([]string{e.description}, d.Notes...), " "))
		events = append(events, e)
	}
	return iCalendar("Days for "+name, events, a.book.Time())
}

// dates are the four dates of an order beside each other, null where there is none yet. Reason and Detail say why the
// request asks for its date.
type dates struct {
	Wished    *string `json:"wished"`
	Asked     *string `json:"asked"`
	Reason    *string `json:"asked_for"`
	Detail    *string `json:"detail"`
	Confirmed *string `json:"confirmed"`
	Done      *string `json:"done"`
	// The hours of these days, in the zone of the numbers; null where there is none.
	WishedTime    *string `json:"wished_time"`
	AskedTime     *string `json:"asked_time"`
	ConfirmedTime *string `json:"confirmed_time"`
	TimeZone      *string `json:"time_zone"`
}

func (a *API) datesOf(o porting.Order) dates {
	d := dates{Wished: orNull(string(o.Details.Desired)), Confirmed: orNull(string(o.FOC)),
		Done: orNull(string(a.book.Rules.Done(o))), WishedTime: orNull(string(o.Details.DesiredTime)),
		ConfirmedTime: orNull(string(o.FOCTime))}
	if o.Terms().Hour {
		d.TimeZone = orNull(a.book.Rules.NumbersZone(o).String())
	}
	if port, ok := o.Last(porting.AskPort); ok && !port.Sent.IsZero() {
		d.Asked, d.Reason = orNull(string(port.Asked)), orNull(string(port.AskedFor))
		d.AskedTime = orNull(string(port.AskedTime))
		d.Detail = orNull(text.English.Message(o.AskedMessage(port)))
	}
	return d
}

// dayAdvice tells programs which days are possible: why the requested one is not, the nearest ones that are, the first
// and the last one, and the zone in which the days begin and end.
type dayAdvice struct {
	Reason  string `json:"reason"`
	Holiday string `json:"holiday,omitempty"`
	// Unpublished says that nobody has published the holiday for this carrier.
	Unpublished bool     `json:"unpublished,omitempty"`
	Nearest     []string `json:"nearest"`
	Earliest    string   `json:"earliest"`
	Latest      string   `json:"latest"`
	Zone        string   `json:"zone"`
}

// adviceOf returns the advice on the wire; nil where there is none.
func adviceOf(d porting.DayAdvice) *dayAdvice {
	if d.Wrong == "" {
		return nil
	}
	a := &dayAdvice{Reason: string(d.Wrong), Holiday: d.Holiday, Unpublished: d.Unpublished, Nearest: []string{},
		Earliest: string(d.Earliest), Latest: string(d.Latest), Zone: d.Zone}
	for _, day := range d.Nearest {
		if day != "" {
			a.Nearest = append(a.Nearest, string(day))
		}
	}
	return a
}

// The codes of warnings about the requested day.
const (
	dateTooSoon = "date_too_soon"
	dateTooFar  = "date_too_far"
)

// dayWarnings tell of a requested day that is taken, and will not be the day of the move: one that is too soon for a
// carrier is moved, as documented, and one that is too far ahead makes the order fail its checks (S-PRE). The orders are
// those of one call, which asks for one day.
func (a *API) dayWarnings(all ...porting.Order) []warning {
	advice, words := a.book.Rules.DayDoubt(a.book.Time(), all...)
	code := map[porting.DayState]string{porting.DayTooSoon: dateTooSoon, porting.DayTooFar: dateTooFar}[advice.Wrong]
	if code == "" {
		return nil
	}
	return []warning{{Field: "desired_completion_date", Code: code, Detail: words, Days: adviceOf(advice)}}
}
