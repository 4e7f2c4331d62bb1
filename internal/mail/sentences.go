package mail

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"portway/internal/porting"
	"portway/internal/text"
)

// end is when the customer's time is up, as of the event: the order may have gone on since.
func (d *draft) end() time.Time {
	if !d.e.Ends.IsZero() {
		return d.e.Ends
	}
	as := d.o
	as.Status, as.ClockFrom = d.e.Status, d.e.At
	return d.Rules.End(as)
}

func (d *draft) deadline(end time.Time) {
	at := d.words.Time(end, d.Rules.Calendar.Location())
	if d.e.Status == porting.Rejected {
		d.para("You have until {time}. Each change that you make to the order gives you another {n|count day}. Without a change, "+
			"the order ends at that time.", "time", at, "n", strconv.Itoa(d.Rules.LifeDays))
	} else {
		d.para("You have until {time}. After that the order is cancelled, and no fee is charged.", "time", at)
	}
}

// when says on which day the customer's time is up: today, tomorrow, in 14 days.
func (d *draft) when() string {
	loc := d.Rules.Calendar.Location()
	days := func(t time.Time) int64 {
		y, m, d := t.In(loc).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	switch left := int(days(d.end()) - days(d.e.At)); left {
	case 0:
		return d.say("today")
	case 1:
		return d.say("tomorrow")
	default:
		return d.say("in {n|count day}", "n", strconv.Itoa(left))
	}
}

// carrier names the losing carrier by the name of its network, which no customer has typed, as it stands within a sentence.
func (d *draft) carrier() string {
	if name := unlinked(line(d.o.Carrier.Name)); name != "" {
		return name
	}
	return d.say("your carrier")
}

// say writes an English sentence in the reader's language, with its placeholders filled.
func (d *draft) say(english string, args ...string) string { return d.words.Say(english, args...) }

// subject, heading and para write such a sentence as the subject, a heading and a paragraph.
func (d *draft) subject(english string, args ...string) { d.about = d.say(english, args...) }

func (d *draft) heading(english string, args ...string) {
	d.blocks = append(d.blocks, block{as: heading, text: d.say(english, args...)})
}

func (d *draft) para(english string, args ...string) { d.own(d.say(english, args...)) }

// own adds a paragraph that is written in the reader's language already.
func (d *draft) own(s string) { d.blocks = append(d.blocks, block{as: para, text: s}) }

// title makes the subject's words the mail's heading.
func (d *draft) title() { d.blocks = append(d.blocks, block{as: heading, text: first(d.about)}) }

// few names the first numbers and counts the rest.
func (d *draft) few(tns []string) string {
	const most = 5
	shown := make([]string, 0, most)
	for _, tn := range tns[:min(most, len(tns))] {
		shown = append(shown, unlinked(text.Number(tn)))
	}
	if len(tns) <= most {
		return strings.Join(shown, ", ")
	}
	return d.say("{numbers} and {n} more ({all} in all)", "numbers", strings.Join(shown, ", "), "n", strconv.Itoa(len(tns)-most),
		"all", strconv.Itoa(len(tns)))
}

// which says in a subject which order the mail is about: its first number, how many more take part, and the carrier.
func (d *draft) which() string {
	tns := d.o.Active()
	if len(tns) == 0 {
		tns = d.o.SignedNumbers()
	}
	switch len(tns) {
	case 0:
		return d.carrier()
	case 1:
		return text.Number(tns[0]) + ", " + d.carrier()
	}
	return d.say("{number} and {n} more", "number", text.Number(tns[0]), "n", strconv.Itoa(len(tns)-1)) + ", " + d.carrier()
}

func (d *draft) day(day porting.Date) string {
	if s := d.words.Day(day); s != "" {
		return s
	}
	return d.say("a date to be told")
}

// unlinked writes the words of others so that no reader's program makes a link of them: a space stands behind each point, at
// and colon that would join them to an address.
func unlinked(s string) string {
	var b strings.Builder
	all := []rune(s)
	for i, r := range all {
		b.WriteRune(r)
		if i+1 == len(all) || i == 0 {
			continue
		}
		next := all[i+1]
		switch {
		case (r == '.' || r == '@') && unicode.IsLetter(next), r == ':' && next == '/', r == '/' && next == '/':
			b.WriteByte(' ')
		case r == '.' && unicode.IsDigit(next) && unicode.IsDigit(all[i-1]) && strings.Count(s, ".") > 2: // 192.0.2.7
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// first writes s with a capital at its beginning.
func first(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return string(unicode.ToUpper(r[0])) + string(r[1:])
}

// sentence makes a text a sentence: with a capital at its beginning and a full stop at its end.
func sentence(s string) string {
	if s = first(s); !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

// line makes s one line of printable characters, so that no text of others can add a line or turn the reading
// direction.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }), " ")
}
