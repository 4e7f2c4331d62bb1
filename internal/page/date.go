package page

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"portway/internal/porting"
)

// daysShown is how many possible days the screen has.
const daysShown = 20

// edits says that the day is a detail of the order, which the carrier has not heard of: as long as the order is with the
// customer. Later a change asks the carrier for another day.
func (v *visit) edits() bool {
	return v.order.Status == porting.Pending || v.order.Status == porting.Rejected
}

// dates says whether a person can ask for another day.
func (v *visit) dates() bool {
	return v.edits() || v.order.Status == porting.Submitted || v.order.Status == porting.Accepted
}

// days are the days that can be asked for now, the soonest first.
func (v *visit) days() []porting.Date {
	var days []porting.Date
	for _, day := range v.Book.Rules.Days(v.now, v.order) {
		open := day.State == porting.DayOpen
		if v.order.Status == porting.Accepted { // a later day needs no interval
			open = day.Date != v.order.FOC && (open || day.State == porting.DayTooSoon && day.Date > v.order.FOC)
		}
		if open && len(days) < daysShown {
			days = append(days, day.Date)
		}
	}
	return days
}

func showDate(_ context.Context, v *visit) (reply, error) { return v.date(http.StatusOK, "") }

// date is the screen on which a person chooses the day of the move.
func (v *visit) date(status int, wrong string) (reply, error) {
	days := v.days()
	said := []markup{para(v.Say("These are the next days on which your numbers can move. Your carrier may still answer with another one."))}
	fee := porting.Money(0)
	switch {
	case !v.dates() || len(days) == 0:
		return v.message(http.StatusConflict, v.Say("The day is fixed for now"),
			v.Say("The day can't be changed here now. Write to our porting desk on the page if it does not suit you."))
	case !v.edits():
		plan, err := v.Book.Rules.PlanChange(v.order, porting.Wish{Kind: porting.WishDate, Date: days[0]}, v.now)
		if err != nil {
			return v.refused(err)
		}
		fee = plan.Fee
		said = append(said, v.costs(plan))
	default:
		first, _ := v.Book.Rules.Limits(v.now, v.order)
		if english := first.Words; v.Translate(english) != english || v.Language() == porting.English {
			said = append([]markup{para(v.Translate(english))}, said...)
		}
	}
	chosen := v.form.Get("day")
	if chosen == "" {
		chosen = string(v.order.Details.Desired)
	}
	var picks []choice
	for _, day := range days {
		picks = append(picks, choice{value: string(day), label: v.Day(day), chosen: string(day) == chosen})
	}
	title := v.Say("Choose the day of the move")
	var found []mistake
	if wrong != "" {
		found = []mistake{{"days", wrong}}
	}
	return v.show(status, frame{title: title, wrong: wrong != "", back: true}, v.problems(found), el("h1", title), all(said...),
		v.formOf("date", radios("days", "day", v.Say("Day of the move"), picks), accepts(fee), button(v.Say("Choose this day"))))
}

// costs says what a change costs, and until when the carrier takes it.
func (v *visit) costs(plan porting.ChangePlan) markup {
	said := v.Say("It costs nothing.")
	if plan.Fee > 0 {
		said = v.Say("It costs {money}, which is charged when your carrier has agreed.", "money", v.Money(int64(plan.Fee)))
	}
	switch {
	case plan.Way == porting.WayStaff:
		said += " " + v.Say("A person at our porting desk asks your carrier, which need not agree any more.")
	case !plan.Until.IsZero() && plan.FeeLater > plan.Fee:
		said += " " + v.Say("Your carrier takes the change until {time}. After that a person at our porting desk has to ask, it costs "+
			"{money}, and your carrier need not agree.", "time", v.time(plan.Until), "money", v.Money(int64(plan.FeeLater)))
	case !plan.Until.IsZero():
		said += " " + v.Say("Your carrier takes the change until {time}. After that a person at our porting desk has to ask, and your "+
			"carrier need not agree.", "time", v.time(plan.Until))
	}
	if !plan.Ends.IsZero() {
		said += " " + v.Say("From {time} on nothing can be changed.", "time", v.time(plan.Ends))
	}
	return para(said)
}

// accepts is the field by which a form says which fee it showed.
func accepts(fee porting.Money) markup { return hidden("fee", strconv.FormatInt(int64(fee), 10)) }

// accepted is the fee that the form showed.
func (v *visit) accepted() porting.Money {
	fee, err := strconv.ParseInt(v.form.Get("fee"), 10, 32)
	if err != nil {
		return -1 // no plan has it
	}
	return porting.Money(fee)
}

func takeDate(ctx context.Context, v *visit) (reply, error) {
	if !v.dates() {
		return v.date(http.StatusOK, "")
	}
	day, err := porting.ParseDate(v.text("day"))
	if err != nil {
		return v.date(http.StatusUnprocessableEntity, v.Say("Choose one of the days."))
	}
	done := "dated"
	switch {
	case !v.edits():
		done = "changed"
		err = v.ask(ctx, porting.Wish{Kind: porting.WishDate, Date: day})
	case day != v.order.Details.Desired:
		edit := porting.Edit{By: v.link.By(), To: v.order.Details, Fields: []string{"desired_completion_date"}}
		edit.To.Desired = day
		err = v.do(ctx, edit)
	}
	if faults := faultsOf(err); len(faults) > 0 {
		return v.date(http.StatusUnprocessableEntity, v.fault(faults[0]))
	}
	if err != nil {
		return reply{}, err
	}
	return v.done(done), nil
}

// ask asks for a change of an order on its way, at the fee that the form showed.
func (v *visit) ask(ctx context.Context, w porting.Wish) error {
	plan, err := v.Book.Rules.PlanChange(v.order, w, v.now)
	if err != nil {
		return err
	}
	if plan.Fee != v.accepted() {
		return errChanged
	}
	return v.do(ctx, plan.Command(v.link.By(), plan.Fee))
}

// fetchCalendar is the confirmed day as a calendar (RFC 5545).
func fetchCalendar(_ context.Context, v *visit) (reply, error) {
	if v.order.FOC == "" {
		return reply{}, errNothing
	}
	day := v.order.FOC.In(time.UTC)
	said := v.Say("Keep the service at the old carrier until the numbers have moved. It is about {n|count number}.", "n",
		strconv.Itoa(len(v.order.Active())))
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portway//port order//EN", "BEGIN:VEVENT",
		"UID:" + string(v.order.ID) + "-move@portway", "DTSTAMP:" + v.now.UTC().Format("20060102T150405Z"),
		"DTSTART;VALUE=DATE:" + day.Format("20060102"), "DTEND;VALUE=DATE:" + day.AddDate(0, 0, 1).Format("20060102"),
		"SUMMARY:" + calendarText(v.Say("Your telephone numbers move")), "DESCRIPTION:" + calendarText(said), "TRANSP:TRANSPARENT", "END:VEVENT",
		"END:VCALENDAR", ""}
	return reply{status: http.StatusOK, file: []byte(strings.Join(foldLines(lines), "\r\n"))}, nil
}

// calendarText escapes a text for a calendar.
func calendarText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// foldLines breaks lines that are longer than 75 bytes, as RFC 5545 asks.
func foldLines(lines []string) []string {
	var out []string
	for _, line := range lines {
		var b strings.Builder
		n := 0
		for _, c := range line {
			if n += len(string(c)); n > 73 {
				out = append(out, b.String())
				b.Reset()
				b.WriteByte(' ')
				n = 1 + len(string(c))
			}
			b.WriteRune(c)
		}
		out = append(out, b.String())
	}
	return out
}
