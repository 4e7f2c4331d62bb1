package api

import "testing"

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
