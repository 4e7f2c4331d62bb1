package page

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"portway/internal/porting"
)

// downloadTime is how long a file may be fetched by the address that was given out for it.
const downloadTime = 5 * time.Minute

// dateData is the screen on which a person chooses the day of the move.
type dateData struct {
	frame
	Mark     formMark
	Problem  string
	Days     []choice
	Earliest string
}

// daysShown is how many possible days the screen has.
const daysShown = 20

// dates says whether the day can be chosen by a person: as long as the order is with the customer.
func (v *visit) dates() bool {
	return v.order.Status == porting.Pending || v.order.Status == porting.Rejected
}

func showDate(_ context.Context, v *visit) (reply, error) { return v.date(http.StatusOK, "") }

func (v *visit) date(status int, problem string) (reply, error) {
	if !v.dates() {
		return v.message(http.StatusConflict, titleNoDate, "The day can't be changed here now, since the request is on its way. Write to our porting desk on the page if it does not suit you.")
	}
	d := dateData{frame: v.frame(titleDate), Mark: v.mark("date"), Problem: problem}
	d.Error = problem != ""
	first, _ := v.Book.Rules.Limits(v.now, v.order)
	d.Earliest = first.Words
	chosen := v.form.Get("day")
	if chosen == "" {
		chosen = string(v.order.Details.Desired)
	}
	for _, day := range v.Book.Rules.Days(v.now, v.order) {
		if day.State == porting.DayOpen && len(d.Days) < daysShown {
			d.Days = append(d.Days, choice{Value: string(day.Date), Label: dayWords(day.Date), Chosen: string(day.Date) == chosen})
		}
	}
	return v.show(status, "date", d)
}

func takeDate(ctx context.Context, v *visit) (reply, error) {
	if !v.dates() {
		return v.date(http.StatusOK, "")
	}
	day, err := porting.ParseDate(v.text("day"))
	if err != nil {
		return v.date(http.StatusUnprocessableEntity, "Choose one of the days.")
	}
	edit := porting.Edit{By: v.link.By(), To: v.order.Details, Fields: []string{"desired_completion_date"}}
	edit.To.Desired = day
	if day != v.order.Details.Desired {
		err = v.do(ctx, edit)
	}
	if faults := faultsOf(err); len(faults) > 0 {
		return v.date(http.StatusUnprocessableEntity, faults[0].Message)
	}
	if err != nil {
		return reply{}, err
	}
	r := v.to("")
	r.redirect += "?done=dated"
	return r, nil
}

// cancelData is the screen on which a person ends the order, or asks our desk for its end.
type cancelData struct {
	frame
	Mark    formMark
	Asks    bool // the order is with the carrier, so that our desk decides
	Problem string
}

func showCancel(_ context.Context, v *visit) (reply, error) {
	return v.show(http.StatusOK, "cancel", cancelData{frame: v.frame(titleCancel), Mark: v.mark("cancel"), Asks: !v.cancels()})
}

// cancels says whether the person can end the order at once.
func (v *visit) cancels() bool { return porting.Open(v.order.Status, "Cancel", porting.Customer) }

func takeCancel(ctx context.Context, v *visit) (reply, error) {
	var cmd porting.Command = porting.Cancel{By: v.link.By()}
	done := "cancelled"
	if !v.cancels() {
		cmd, done = porting.Comment{By: v.link.By(), Text: cancelRequest}, "asked"
		if last, ok := v.lastComment(); ok && last == cancelRequest {
			cmd = nil
		}
	}
	if cmd != nil {
		if err := v.do(ctx, cmd); err != nil {
			return reply{}, err
		}
	}
	r := v.to("")
	r.redirect += "?done=" + done
	return r, nil
}

// fetchCalendar is the confirmed day as a calendar (RFC 5545).
func fetchCalendar(_ context.Context, v *visit) (reply, error) {
	if v.order.FOC == "" {
		return reply{}, errNothing
	}
	day := v.order.FOC.In(time.UTC)
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portway//port order//EN", "BEGIN:VEVENT",
		"UID:" + string(v.order.ID) + "-move@portway", "DTSTAMP:" + v.now.UTC().Format("20060102T150405Z"),
		"DTSTART;VALUE=DATE:" + day.Format("20060102"), "DTEND;VALUE=DATE:" + day.AddDate(0, 0, 1).Format("20060102"),
		"SUMMARY:" + calendarTitle, "DESCRIPTION:" + fmt.Sprintf(calendarWords, len(v.order.Active())), "TRANSP:TRANSPARENT", "END:VEVENT",
		"END:VCALENDAR", ""}
	return reply{status: http.StatusOK, file: []byte(strings.Join(lines, "\r\n"))}, nil
}
