package api

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"portway/internal/porting"
)

// allDay is an event of a calendar that lasts one day, or happens at an instant of it.
type allDay struct {
	uid         string
	day         porting.Date
	at          time.Time // zero where the event lasts the whole day
	summary     string
	description string
	confirmed   bool // else it is tentative, and keeps nobody's time
}

// iCalendar writes a calendar of all-day events (RFC 5545): lines that end with CRLF and have at most 75 octets (3.1),
// texts with their commas, semicolons, backslashes and newlines escaped (3.3.11), and days as values of type DATE, which
// belong to no zone. An event ends on the day after (3.6.1, DTEND). One that happens at an instant has it in UTC, and no end.
func iCalendar(name string, events []allDay, made time.Time) string {
	var b strings.Builder
	line := func(parts ...string) { fold(&b, strings.Join(parts, "")) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Portway//Port orders//EN")
	line("CALSCALE:GREGORIAN")
	line("METHOD:PUBLISH")
	line("X-WR-CALNAME:", calendarText(name))
	for _, e := range events {
		line("BEGIN:VEVENT")
		line("UID:", e.uid)
		line("DTSTAMP:", made.UTC().Format("20060102T150405Z"))
		if e.at.IsZero() {
			line("DTSTART;VALUE=DATE:", compact(e.day))
			line("DTEND;VALUE=DATE:", compact(porting.DateOf(e.day.In(time.UTC).AddDate(0, 0, 1))))
		} else {
			line("DTSTART:", e.at.UTC().Format("20060102T150405Z"))
		}
		line("SUMMARY:", calendarText(e.summary))
		if e.description != "" {
			line("DESCRIPTION:", calendarText(e.description))
		}
		if e.confirmed {
			line("STATUS:CONFIRMED")
			line("TRANSP:OPAQUE")
		} else {
			line("STATUS:TENTATIVE")
			line("TRANSP:TRANSPARENT")
		}
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return b.String()
}

// compact writes a day as RFC 5545 does: 20261204.
func compact(d porting.Date) string { return strings.ReplaceAll(string(d), "-", "") }

// calendarText escapes a text. Characters that no text may hold are left out.
func calendarText(s string) string {
	s = strings.Map(func(c rune) rune {
		if c != '\n' && unicode.IsControl(c) || c == utf8.RuneError {
			return -1
		}
		return c
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// maxOctets is the length of a line without its end.
const maxOctets = 75

// fold writes a line in pieces of at most maxOctets. Each further piece begins with a space, and no piece ends within a
// character.
func fold(b *strings.Builder, line string) {
	for room := maxOctets; len(line) > room; room = maxOctets - 1 {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	b.WriteString(line + "\r\n")
}
