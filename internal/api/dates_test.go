package api

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// A requested day that can't be is refused with the nearest ones, in words and as data. One that is too soon or too far
// ahead is taken, and the answer warns. It is March 2, 2026, a Monday.
func TestRequestedDay(t *testing.T) {
	const target = "POST /v2/portorders"
	on := func(day string, more ...string) string {
		body := minimal
		for _, tn := range more {
			body = body[:len(`"numbers":[`)] + `"` + tn + `",` + body[len(`"numbers":[`):]
		}
		return attrs(body + `,"desired_completion_date":"` + day + `"`)
	}
	edit := func(day string) string { return attrs(`"desired_completion_date":"` + day + `"`) }
	run(t, []scenario{
		{name: "Possible", request: target, body: on("2026-03-12"), status: 201, not: []string{"warnings"}},
		{name: "Weekend", request: target, body: on("2026-03-14"), status: 422, after: nothingMade, expect: []string{
			`desired_completion_date: Saturday, March 14, 2026 is in a weekend`, `"pointer":"/data/attributes/desired_completion_date"`,
			`"meta":{"reason":"weekend","nearest":["2026-03-12","2026-03-13","2026-03-16"],"earliest":"2026-03-06","latest":"2026-04-01","zone":"America/Chicago"}`}},
		{name: "Past", request: target, body: on("2026-03-02"), status: 422, after: nothingMade, expect: []string{`"reason":"past"`}},
		{name: "Holiday", request: target, body: on("2026-12-25"), status: 422, after: nothingMade,
			expect: []string{`"reason":"holiday","holiday":"Christmas Day","nearest":["2026-03-30","2026-03-31","2026-04-01"]`}},
		{name: "TooSoon", request: target, body: on("2026-03-03"), status: 201, expect: []string{`"desired_completion_date":"2026-03-03"`,
			`"warnings":[{"field":"desired_completion_date","code":"date_too_soon"`, `"earliest":"2026-03-06"`, "Friday, March 6, 2026"}},
		{name: "TooSoonTried", request: target + "?validate_only=true", body: on("2026-03-03"), status: 200, after: nothingMade,
			expect: []string{`"validated":true`, `"code":"date_too_soon"`}},
		{name: "TooFar", request: target, body: on("2026-05-01"), status: 201, expect: []string{`"code":"date_too_far"`, `"latest":"2026-04-01"`}},
		{name: "NotForAll", request: target, body: on("2026-03-04", "+18005550150"), status: 201,
			expect: []string{"Not all orders of this call can move on Wednesday, March 4, 2026", `"earliest":"2026-03-06"`}},
		{name: "Edited", request: "PATCH /v2/portorders/{pending}", body: edit("2026-03-15"), status: 422, after: untouched("pending"),
			expect: []string{`"reason":"weekend"`}},
		{name: "EditedTooSoon", request: "PATCH /v2/portorders/{pending}", body: edit("2026-03-03"), status: 200,
			expect: []string{`"code":"date_too_soon"`}},
		{name: "NoDate", request: "PATCH /v2/portorders/{pending}", body: edit("2026-02-30"), status: 422, not: []string{`"meta"`}},
	})
}

// envelopeOfOrders is the answer of a create call, as far as a test reads it.
type envelopeOfOrders struct {
	Data struct {
		ID         string
		Attributes struct {
			Orders struct{ Data []struct{ ID string } }
		}
	}
}

// A wished time is taken for mobile numbers alone, with a day, and within the hours of the carriers; every other one is refused
// at its attribute. What was wished, asked and confirmed is told beside each other, and the calendar has the instant.
func TestRequestedTime(t *testing.T) {
	const target, mobile, fixed = "POST /v2/portorders", `"+15035550150"`, `"+12065550150"`
	on := func(numbers, day, clock string) string {
		body := `"numbers":[` + numbers + `],` + minimal[strings.Index(minimal, ",")+1:] + `,"provider_account":"ACCT-778812","pin":"4321","desired_completion_time":` + clock
		if day != "" {
			body += `,"desired_completion_date":"` + day + `"`
		}
		return attrs(body)
	}
	const pointer = `"pointer":"/data/attributes/desired_completion_time"`
	made := func(w *world) {
		out := w.send(w.request("POST", "/v2/portorders", on(mobile, "2026-03-12", `"10:00"`), nil))
		var made envelopeOfOrders
		if err := json.Unmarshal([]byte(out.Body), &made); err != nil || len(made.Data.Attributes.Orders.Data) != 1 {
			w.t.Fatal(err, out.Body)
		}
		w.ids["mobile"] = made.Data.Attributes.Orders.Data[0].ID
	}
	accepted := func(w *world) {
		made(w)
		peer := porting.PeerBy("locals")
		zone, err := time.LoadLocation("America/Los_Angeles")
		if err != nil {
			w.t.Fatal(err)
		}
		for _, cmd := range []porting.Command{signed, passed, porting.SettleCSR{By: system, Why: porting.Words("There is none.")},
			porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1", Asked: "2026-03-12", AskedTime: "10:00"}},
			porting.MarkSent{By: system, PON: "P1", Ref: "ref", Asked: "2026-03-12", Time: "10:00"},
			porting.Accept{By: peer, PON: "P1", FOC: "2026-03-12", At: time.Date(2026, 3, 12, 11, 30, 0, 0, zone), Timed: true}} {
			if _, err := w.book.Do(context.Background(), porting.OrderID(w.ids["mobile"]), cmd); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	edit := func(attributes string) string { return attrs(attributes) }
	run(t, []scenario{
		{name: "Mobile", request: target, body: on(mobile, "2026-03-12", `"10:00"`), status: 201, expect: []string{
			`"desired_completion_time":"10:00"`, `"wished_time":"10:00","asked_time":null,"confirmed_time":null,"time_zone":"America/Los_Angeles"`}},
		{name: "None", request: target, body: on(mobile, "2026-03-12", `null`), status: 201, expect: []string{`"desired_completion_time":null`}},
		{name: "Fixed", request: target, body: on(fixed, "2026-03-12", `"10:00"`), status: 422, after: nothingMade,
			expect: []string{pointer, `"code":"not_allowed"`, "only where all numbers are with mobile carriers, and +12065550150 is not"}},
		{name: "OneIsFixed", request: target, body: on(mobile+","+fixed, "2026-03-12", `"10:00"`), status: 422, after: nothingMade, expect: []string{pointer, "+12065550150 is not"}},
		{name: "TollFree", request: target, body: on(`"+18005550150"`, "2026-03-12", `"10:00"`), status: 422, after: nothingMade, expect: []string{pointer}},
		{name: "WithoutADay", request: target, body: on(mobile, "", `"10:00"`), status: 422, after: nothingMade,
			expect: []string{pointer, "Give desired_completion_date too"}},
		{name: "TooEarly", request: target, body: on(mobile, "2026-03-12", `"05:59"`), status: 422, after: nothingMade,
			expect: []string{pointer, `"code":"out_of_range"`, "between 6:00 AM PDT and 3:00 PM PDT", "The nearest possible time is 06:00."}},
		{name: "TooEarlyTried", request: target + "?validate_only=true", body: on(mobile, "2026-03-12", `"05:59"`), status: 422, expect: []string{"06:00"}},
		{name: "PastDay", request: target, body: on(mobile, "2026-03-02", `"10:00"`), status: 422, after: nothingMade, expect: []string{`"reason":"past"`}},
		{name: "NoTime", request: target, body: on(mobile, "2026-03-12", `"25:00"`), status: 422, after: nothingMade, expect: []string{pointer, "in the form HH:MM"}},
		{name: "NoText", request: target, body: on(mobile, "2026-03-12", `10`), status: 400, after: nothingMade, expect: []string{pointer}},
		{name: "EditRefuses", request: "PATCH /v2/portorders/{pending}", body: edit(`"desired_completion_time":"10:00"`), status: 422,
			after: untouched("pending"), expect: []string{pointer, "not_allowed"}},
		{name: "EditTakes", request: "PATCH /v2/portorders/{mobile}", before: made, body: edit(`"desired_completion_time":"11:15"`), status: 200,
			expect: []string{`"wished_time":"11:15"`}},
		{name: "EditTooLate", request: "PATCH /v2/portorders/{mobile}", before: made, body: edit(`"desired_completion_time":"15:01"`), status: 422,
			expect: []string{pointer, "15:00."}},
		{name: "EditTakesTheDayAway", request: "PATCH /v2/portorders/{mobile}", before: made, body: edit(`"desired_completion_date":null`), status: 422,
			expect: []string{pointer}},
		{name: "EditTakesBothAway", request: "PATCH /v2/portorders/{mobile}", before: made, status: 200,
			body: edit(`"desired_completion_date":null,"desired_completion_time":null`), expect: []string{`"wished_time":null`}},
		{name: "Confirmed", request: "GET /v2/portorders/{mobile}", before: accepted, status: 200, expect: []string{
			`"wished_time":"10:00","asked_time":"10:00","confirmed_time":"11:30"`,
			"The carrier has confirmed 11:30 AM PDT as the time of the day; you had wished 10:00 AM PDT."}},
		{name: "Explained", request: "GET /v2/portorders/{mobile}/explain", before: accepted, status: 200,
			expect: []string{"The carrier has confirmed 11:30 AM PDT as the time of the day"}},
		{name: "Calendar", request: "GET /v2/portorders/{mobile}/dates?format=ics", before: accepted, status: 200, after: isCalendar("{mobile}-move"),
			expect: []string{"DTSTART:20260312T183000Z\r\nSUMMARY:"}},
	})
}

// The account's quiet days are set by its customer, and count for every order that is made, moved or signed from then on.
func TestQuietDays(t *testing.T) {
	set := func(list string) string {
		return `{"data":{"type":"account","attributes":{"quiet_days":` + list + `}}}`
	}
	on := func(day string) string { return attrs(minimal + `,"desired_completion_date":"` + day + `"`) }
	quiet := func(w *world) {
		if out := w.send(w.request("PATCH", "/v2/account", set(`["friday","2026-03-09/2026-03-11"]`), nil)); out.StatusCode != 200 {
			w.t.Fatal(out.Body)
		}
	}
	const target = "PATCH /v2/account"
	run(t, []scenario{
		{name: "Set", request: target, body: set(`["Friday","2026-03-09/2026-03-11"]`), status: 200,
			expect: []string{`"quiet_days":["friday","2026-03-09/2026-03-11"]`, `"strict":false`}},
		{name: "SetAgain", request: target, before: quiet, body: set(`["friday","2026-03-09/2026-03-11"]`), status: 200, expect: []string{`"quiet_days":["friday"`}},
		{name: "Cleared", request: target, before: quiet, body: set(`[]`), status: 200, expect: []string{`"quiet_days":[]`}},
		{name: "StrictLeavesThem", request: target, before: quiet, body: `{"data":{"type":"account","attributes":{"strict":true}}}`, status: 200,
			expect: []string{`"strict":true,"quiet_days":["friday","2026-03-09/2026-03-11"]`}},
		{name: "NoSuchDay", request: target, body: set(`["friday","someday"]`), status: 422, expect: []string{`"pointer":"/data/attributes/quiet_days/1"`}},
		{name: "NoList", request: target, body: set(`"friday"`), status: 400, expect: []string{`"pointer":"/data/attributes/quiet_days"`}},
		{name: "NoTexts", request: target, body: set(`[5]`), status: 400, expect: []string{`"pointer":"/data/attributes/quiet_days/0"`}},
		{name: "Nothing", request: target, body: `{"data":{"type":"account","attributes":{}}}`, status: 422, expect: []string{"Give strict, quiet_days, mail_calls or page."}},
		{name: "CreateRefuses", request: "POST /v2/portorders", before: quiet, body: on("2026-03-13"), status: 422, after: nothingMade,
			expect: []string{"wants no port (quiet_days)", `"reason":"quiet","nearest":["2026-03-12","2026-03-16","2026-03-17"],"earliest":"2026-03-12"`}},
		{name: "CreateTakesOthers", request: "POST /v2/portorders", before: quiet, body: on("2026-03-12"), status: 201, not: []string{"warnings"}},
		{name: "EditRefuses", request: "PATCH /v2/portorders/{pending}", before: quiet, body: attrs(`"desired_completion_date":"2026-03-13"`),
			status: 422, after: untouched("pending"), expect: []string{`"reason":"quiet"`}},
		{name: "SignRefuses", request: "POST /v2/portorders/{pending}/loa", before: func(w *world) {
			if out := w.send(w.request("PATCH", "/v2/portorders/{pending}", attrs(`"desired_completion_date":"2026-03-20"`), nil)); out.StatusCode != 200 {
				w.t.Fatal(out.Body)
			}
			quiet(w)
		}, body: `{"data":{"type":"loa","attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`, status: 422, expect: []string{`"reason":"quiet"`}},
	})
}

// The list of days has a quiet day among those on which numbers can't move.
func TestListQuietDays(t *testing.T) {
	run(t, []scenario{{name: "Order", request: "GET /v2/portorders/{pending}/dates", before: func(w *world) {
		out := w.send(w.request("PATCH", "/v2/account", `{"data":{"type":"account","attributes":{"quiet_days":["friday"]}}}`, nil))
		out2 := w.send(w.request("PATCH", "/v2/portorders/{pending}", attrs(`"desired_completion_date":"2026-03-19"`), nil))
		if out.StatusCode != 200 || out2.StatusCode != 200 {
			w.t.Fatal(out.Body, out2.Body)
		}
	}, status: 200, expect: []string{`{"date":"2026-03-13","holiday":"quiet day","quiet":true}`}, not: []string{`{"date":"2026-03-13","window"`}}})
}

// The possible days are listed for an order and for a group, as JSON and as a calendar.
func TestListDays(t *testing.T) {
	const pending, days = "GET /v2/portorders/{pending}/dates", `"days":[{"date":"2026-03-06","window":{"from":"08:00","to":"17:00","zone":"America/Chicago"},"hand_over":null,"notes":[]}`
	tollFree := func(w *world) {
		out := w.send(w.request("POST", "/v2/portorders", attrs(`"numbers":["+12065550150","+18005550150"],`+minimal[strings.Index(minimal, ",")+1:]), nil))
		var made envelopeOfOrders
		if err := json.Unmarshal([]byte(out.Body), &made); err != nil || len(made.Data.Attributes.Orders.Data) != 2 {
			t.Fatal(err, out.Body)
		}
		w.ids["both"], w.ids["free"] = made.Data.ID, made.Data.Attributes.Orders.Data[1].ID
	}
	run(t, []scenario{
		{name: "Order", request: pending, status: 200, expect: []string{days, `"earliest":{"date":"2026-03-06","reason":"interval"`,
			"The carrier has 4 business days from a request of now.", `"latest":{"date":"2026-04-01","reason":"days_ahead"`,
			`"dates":{"wished":"2026-03-20"`, `"orders":["{pending}"]`}, not: []string{"2026-03-07", "2026-04-02"}},
		{name: "JSON", request: pending + "?format=json", header: map[string]string{"Accept": "text/calendar"}, status: 200, expect: []string{days}},
		{name: "AcceptJSON", request: pending, header: map[string]string{"Accept": "text/html, application/json"}, status: 200, expect: []string{days}},
		{name: "ICS", request: pending + "?format=ics", status: 200, after: isCalendar("{pending}-20260306"), expect: []string{"BEGIN:VCALENDAR\r\n"}},
		{name: "AcceptCalendar", request: pending, header: map[string]string{"Accept": "text/calendar;q=0.9, */*"}, status: 200, expect: []string{"BEGIN:VCALENDAR\r\n"}},
		{name: "OtherForm", request: pending + "?format=pdf", status: 422, expect: []string{`"parameter":"format"`}},
		{name: "Twice", request: pending + "?format=ics&format=json", status: 422, expect: []string{`"code":"duplicate"`}},
		{name: "Unknown", request: pending + "?when=now", status: 422, expect: []string{`"parameter":"when"`}},
		{name: "Theirs", request: "GET /v2/portorders/{theirs}/dates", status: 404},
		{name: "None", request: "GET /v2/portorders/{none}/dates", status: 404},
		{name: "Ended", request: "GET /v2/portorders/{cancelled}/dates", status: 200, expect: []string{`"days":[]`, `"earliest":null`, `"orders":[]`}},
		{name: "TollFree", request: "GET /v2/portorders/{free}/dates", before: tollFree, status: 200, expect: []string{
			`{"date":"2026-03-04","window":null,"hand_over":"2026-03-02"`, `{"date":"2026-03-13","window":null,"hand_over":"2026-03-11"`}},
		{name: "Group", request: "GET /v2/portorders/{both}/dates", before: tollFree, status: 200, expect: []string{
			`"earliest":{"date":"2026-03-06"`, `"days":[{"date":"2026-03-06","window":null,"hand_over":"2026-03-04"`, `"dates":null`}},
		{name: "GroupICS", request: "GET /v2/portorders/{both}/dates?format=ics", before: tollFree, status: 200, expect: []string{"port order group"}},
	})
}

// isCalendar checks the form of a calendar (RFC 5545), and that it has an event with the id.
func isCalendar(uid string) func(*testing.T, *world, events.APIGatewayProxyResponse) {
	return func(t *testing.T, w *world, out events.APIGatewayProxyResponse) {
		t.Helper()
		if kind := out.Headers["Content-Type"]; kind != "text/calendar; charset=utf-8" {
			t.Errorf("content type %s", kind)
		}
		all := readCalendar(t, out.Body)
		for _, e := range all {
			if strings.HasPrefix(strings.ReplaceAll(e["UID"], "-", ""), strings.ReplaceAll(w.fill(uid), "-", "")) {
				return
			}
		}
		t.Errorf("no event %s among %d", w.fill(uid), len(all))
	}
}

// readCalendar reads the events of a calendar by the rules of RFC 5545, and fails the test where a rule is broken.
func readCalendar(t *testing.T, s string) []map[string]string {
	t.Helper()
	if !strings.HasSuffix(s, "\r\n") || strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\r") {
		t.Fatal("a line does not end with CRLF")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\r\n"), "\r\n") {
		if len(line) > 75 || line == "" || !utf8.ValidString(line) {
			t.Errorf("a line of %d octets, or cut within a character: %q", len(line), line)
		}
	}
	var all []map[string]string
	var open []string
	uids := map[string]bool{}
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			t.Fatalf("no content line: %q", line)
		}
		switch name {
		case "BEGIN":
			open = append(open, value)
			if value == "VEVENT" {
				all = append(all, map[string]string{})
			}
			continue
		case "END":
			if len(open) == 0 || open[len(open)-1] != value {
				t.Fatalf("END:%s closes %v", value, open)
			}
			open = open[:len(open)-1]
			continue
		}
		if len(open) == 2 {
			all[len(all)-1][name] = value
		}
	}
	if len(open) > 0 || !strings.HasPrefix(s, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") {
		t.Errorf("open at the end: %v", open)
	}
	for _, e := range all {
		if at, timed := e["DTSTART"]; timed { // it happens at an instant, and has no end
			if _, err := time.Parse("20060102T150405Z", at); err != nil || e["DTEND"] != "" || e["DTEND;VALUE=DATE"] != "" {
				t.Errorf("an event at %q, until %q", at, e["DTEND"]+e["DTEND;VALUE=DATE"])
			}
			continue
		}
		first, err := time.Parse("20060102", e["DTSTART;VALUE=DATE"])
		last, failed := time.Parse("20060102", e["DTEND;VALUE=DATE"])
		if _, bad := time.Parse("20060102T150405Z", e["DTSTAMP"]); err != nil || failed != nil || bad != nil || !last.Equal(first.AddDate(0, 0, 1)) {
			t.Errorf("an event from %q to %q, made %q", e["DTSTART;VALUE=DATE"], e["DTEND;VALUE=DATE"], e["DTSTAMP"])
		}
		if uids[e["UID"]] || e["UID"] == "" || e["SUMMARY"] == "" {
			t.Errorf("an event with the id %q and the summary %q", e["UID"], e["SUMMARY"])
		}
		uids[e["UID"]] = true
	}
	return all
}

// Whatever a name holds, the calendar keeps its form and gives the name back.
func TestCalendarOfAnyName(t *testing.T) {
	unescape := func(s string) string {
		return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(s)
	}
	for _, name := range []string{"Main office", strings.Repeat("x", 300), strings.Repeat("é", 200), "日本語の会社" + strings.Repeat("🏢", 60),
		`A, B; C\D` + "\nE", "END:VCALENDAR\nBEGIN:VEVENT", `\n`, "“quoted”: yes", "ends with a backslash\\", strings.Repeat("\\", 80), ""} {
		body := iCalendar(name, []allDay{
			{uid: "1@portway", day: "2026-12-31", summary: "Move " + name, description: name},
			{uid: "2@portway", day: "2028-02-28", summary: "Move", confirmed: true}}, now)
		all := readCalendar(t, body)
		if len(all) != 2 || unescape(all[0]["SUMMARY"]) != "Move "+name || unescape(all[0]["DESCRIPTION"]) != name {
			t.Errorf("%q comes back as %q", name, all[0]["SUMMARY"])
		}
		if all[0]["DTEND;VALUE=DATE"] != "20270101" || all[1]["DTEND;VALUE=DATE"] != "20280229" || all[1]["STATUS"] != "CONFIRMED" {
			t.Errorf("%v", all)
		}
	}
	if got := calendarText("a\x00b\x07c\r\nd\ufffd"); got != `abc\nd` {
		t.Errorf("%q", got)
	}
}
