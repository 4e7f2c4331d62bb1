package mail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"portway/internal/porting"
)

// letters are the mails, one for each kind of event that the customer is told of.
var letters = map[porting.EventKind]func(*letter){
	porting.WasRejected:  (*letter).rejected,
	porting.Expired:      (*letter).expired,
	porting.NotPortable:  (*letter).notPortable,
	porting.Reminded:     (*letter).reminded,
	porting.RenewalAsked: (*letter).renewal,
	porting.WasAccepted:  (*letter).accepted,
	porting.FOCMoved:     (*letter).moved,
	porting.WasCompleted: (*letter).completed,
}

// letter is a mail being written.
type letter struct {
	Composer
	e      porting.Event
	o      porting.Order
	about  string // what the subject says after the order's id
	blocks []block
}

func (l *letter) rejected() {
	l.about = "rejected: " + titles(l.e.Reasons)
	l.heading("Your port order was rejected")
	switch l.e.Before {
	case porting.Processing:
		l.para("Our check found something that has to be put right before the order can go to %s. Nothing has been sent to the carrier and no fee has been charged.", l.carrier())
	case porting.Review:
		l.para("We have reviewed your corrections. Something still has to be put right before the order can go to %s.", l.carrier())
	default:
		l.para("%s does not let the numbers go as the order stands, and we could not resolve it without you.", l.carrier())
	}
	l.facts()
	l.reasons(l.e.Reasons)
	l.cure(l.e.Reasons)
	l.heading("What happens next")
	l.para("When you resubmit, we review the order and send it on to the carrier. Resubmitting costs nothing.")
	l.deadline(l.end())
}

func (l *letter) expired() {
	if l.e.Before == porting.Rejected {
		l.about = "abandoned after " + l.life() + " without activity"
		l.heading("Your port order has ended")
		l.para("The order was rejected, and for %s it was neither corrected nor resubmitted. It is abandoned; nothing more is sent to %s.", l.life(), l.carrier())
		l.facts()
		l.reasons(l.o.Reasons)
	} else {
		l.about = "cancelled, it was not submitted within " + l.life()
		l.heading("Your port order has ended")
		l.para("The order was not submitted within %s of its creation, so it is cancelled. Nothing was sent to %s and no fee was charged.", l.life(), l.carrier())
		l.facts()
	}
	l.heading("What happens next")
	l.para("Nothing changes at your carrier: the numbers stay where they are and in service. This order can't be opened again, but it stays in your history, and the numbers are free for a new order:")
	l.call("POST", "/portorders", nil)
}

func (l *letter) notPortable() {
	l.about = "cancelled, the numbers can't be ported to us"
	l.heading("The numbers can't be ported to us")
	l.para("Neither we nor one of our porting peers can take the numbers of this order, so it is cancelled. Nothing was sent to %s and no fee was charged.", l.carrier())
	l.facts()
	l.reasons(l.e.Reasons)
	l.heading("What happens next")
	l.para("Nothing changes at your carrier: the numbers stay where they are and in service. If you believe that this is wrong, check the numbers:")
	l.call("POST", "/portorders/portability", nil)
}

func (l *letter) reminded() {
	left := plural(l.daysLeft(), "day")
	if l.e.Status == porting.Rejected {
		l.about = left + " left to resubmit it"
		l.heading("Your port order waits for you")
		l.para("The order was rejected and has not been resubmitted. It ends in %s.", left)
		l.facts()
		l.reasons(l.o.Reasons)
		l.cure(l.o.Reasons)
	} else {
		l.about = left + " left to submit it"
		l.heading("Your port order waits for you")
		l.para("The order has been created but not submitted; nothing has been sent to %s. It ends in %s.", l.carrier(), left)
		l.facts()
		l.heading("How to submit it")
		l.para("Read the letter of agency, fill in the signer's name and title, and send it back:")
		l.call("GET", l.path("/loa"), nil)
		l.call("POST", l.path("/loa"), nil)
	}
	l.heading("What happens next")
	l.deadline(l.end())
	l.para("If you don't want to port these numbers any more, you need not do anything.")
}

func (l *letter) renewal() {
	until, bill := day(porting.DateOf(l.e.Ends.In(l.Rules.Calendar.Location()))), l.e.Paper == porting.Bill
	ask, what := "Please sign the letter of agency again", "a letter of agency"
	if bill {
		ask, what = "Please send us a recent bill", "a bill"
	}
	l.about = strings.ToLower(ask[:1]) + ask[1:]
	l.heading(ask)
	if l.e.Ends.After(l.e.At) {
		l.para("Carriers take %s only while it is fresh, and yours is good until %s. The order goes on meanwhile; but should it have to be sent to %s again after that day, it needs one of a newer date.", what, until, l.carrier())
	} else {
		l.para("Carriers take %s only while it is fresh, and yours was good until %s. Before the order can be sent to %s again it needs one of a newer date.", what, until, l.carrier())
	}
	l.facts()
	if bill {
		l.heading("How to send it")
		l.para("Add it to the order's documents, with the day on which it was issued:")
		l.call("POST", l.path("/upload_file"), nil)
	} else {
		l.heading("How to sign it")
		l.para("Read the letter of agency, fill in the signer's name and title, and send it back:")
		l.call("GET", l.path("/loa"), nil)
		l.call("POST", l.path("/loa"), nil)
	}
	l.heading("What happens next")
	if l.e.Status == porting.Rejected && !bill {
		l.para("Signing it also sends the order to us for review, so correct the order first. It costs nothing.")
	} else {
		l.para("It changes nothing else on the order, and costs nothing.")
	}
}

func (l *letter) accepted() {
	l.about = "accepted, the numbers move on " + day(l.e.FOC)
	l.heading("Your carrier has agreed: the numbers move on " + day(l.e.FOC))
	l.para("%s has accepted the order and confirmed the date (FOC).", l.carrier())
	l.facts()
	l.excluded()
	l.untilTheDay()
}

func (l *letter) moved() {
	l.about = "new date, the numbers move on " + day(l.e.FOC)
	l.heading("The date has moved to " + day(l.e.FOC))
	l.para("%s The order stays accepted; you need not do anything.", l.e.Text)
	l.facts()
	l.excluded()
	l.untilTheDay()
}

func (l *letter) untilTheDay() {
	l.heading("What happens next")
	l.para("Keep your service at %s until the numbers have moved: a number that is disconnected before is lost to the port. On the day, calls come to us; we tell you when that is done.", l.carrier())
	l.para("Until then you can choose where the calls go:")
	l.call("PATCH", l.path(""), [][2]string{{"presets", "…"}})
	l.para("To call the port off, write to our porting desk. A fee may apply, and within two business days of the date it is usually too late.")
}

func (l *letter) completed() {
	l.about = "completed, the numbers are in service with us"
	l.heading("Your numbers are in service with us")
	l.para("The port from %s is complete.", l.carrier())
	l.facts()
	l.excluded()
	l.heading("What happens next")
	l.para("Calls come to us from now on. Text messages usually follow 3 to 5 days later.")
	if l.o.Presets.CNAM != "" && l.o.Kind == porting.Local {
		l.para("The caller name (CNAM) takes 5 to 7 business days to show.")
	}
	l.para("The port ends the service of the numbers at %s, not the account: what else is on it stays until you cancel it there.", l.carrier())
}

// facts are the lines that say which order the mail is about.
func (l *letter) facts() {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("Order", string(l.o.ID))
	add("Name", l.o.Details.Alias)
	add("Status", string(l.e.Status))
	tns := make([]string, 0, len(l.o.Numbers))
	for _, n := range l.o.Numbers {
		tns = append(tns, n.TN)
	}
	add("Numbers", few(tns))
	add("Carrier", l.o.Details.Provider)
	if l.e.FOC != "" {
		add("Date", day(l.e.FOC))
	}
	l.blocks = append(l.blocks, block{as: facts, rows: rows})
}

// reasons says of each reason what is wrong, whom it concerns, what the carrier or we said, and what to do about it.
func (l *letter) reasons(reasons []porting.Reason) {
	for i, r := range reasons {
		info := r.Code.Info()
		title := info.Title
		if len(reasons) > 1 {
			title = fmt.Sprintf("%d. %s", i+1, title)
		}
		l.heading(title)
		l.para("%s", info.Meaning)
		if len(r.Numbers) > 0 {
			l.para("Concerns: %s.", few(r.Numbers))
		}
		said := porting.Quote(r.Said)
		switch { // a reason without a peer's code is our own finding, and so are its words
		case r.Raw != "":
			l.blocks = append(l.blocks, block{as: quote, text: "The carrier says: " + strings.TrimSpace(short(r.Raw, 40)+" "+said)})
		case said != "":
			l.para("More: %s", said)
		}
		l.para("What to do: %s", info.Do)
		if l.e.Status != porting.Rejected {
			continue
		}
		if info.Fix == porting.ByCarrier {
			l.para("Only your carrier can do this; please arrange it with them.")
		}
		if known := l.plain(r.Patch); len(known) > 0 {
			l.para("What we know to be right: %s.", say(known))
		} else if len(info.Fields) > 0 {
			l.para("Attributes of the order: %s.", strings.Join(info.Fields, ", "))
		}
	}
}

// cure shows the two calls that put a rejected order right: what we know is filled in, the rest is left open.
func (l *letter) cure(reasons []porting.Reason) {
	values := map[string]string{}
	for _, r := range reasons {
		known := l.plain(r.Patch)
		for _, row := range known {
			values[row[0]] = row[1]
		}
		for _, name := range r.Code.Info().Fields {
			if _, ok := values[name]; !ok && len(known) == 0 {
				values[name] = "…"
			}
		}
	}
	l.heading("How to fix it")
	if body := inOrder(values); len(body) > 0 {
		how := "Correct the order:"
		if slices.ContainsFunc(body, func(row [2]string) bool { return row[1] == "…" }) {
			how = "Correct the order; put the right value in place of each “…” and leave out what is right already:"
		}
		l.para("%s", how)
		l.call("PATCH", l.path(""), body)
		l.para("Then resubmit it:")
	} else {
		l.para("When that is done, resubmit the order:")
	}
	l.call("PATCH", l.path("/status"), [][2]string{{"status", "review"}})
}

// plain are the patch's values in the wire's order, without any that is kept secret: a mail is read by many.
func (l *letter) plain(patch map[string]string) [][2]string {
	return slices.DeleteFunc(inOrder(patch), func(row [2]string) bool {
		_, ok := l.o.Details.Get(row[0])
		return !ok
	})
}

func inOrder(values map[string]string) [][2]string {
	var rows [][2]string
	for _, name := range porting.DetailFields() {
		if v, ok := values[name]; ok {
			rows = append(rows, [2]string{name, v})
		}
	}
	return rows
}

func say(rows [][2]string) string {
	all := make([]string, 0, len(rows))
	for _, row := range rows {
		if row[1] == "" {
			all = append(all, row[0]+" empty")
		} else {
			all = append(all, fmt.Sprintf("%s “%s”", row[0], row[1]))
		}
	}
	return strings.Join(all, ", ")
}

// excluded lists the numbers that don't move, under their reasons.
func (l *letter) excluded() {
	var codes []porting.ReasonCode
	tns := map[porting.ReasonCode][]string{}
	for _, n := range l.o.Numbers {
		if n.State == porting.Excluded {
			if !slices.Contains(codes, n.Reason) {
				codes = append(codes, n.Reason)
			}
			tns[n.Reason] = append(tns[n.Reason], n.TN)
		}
	}
	if len(codes) == 0 {
		return
	}
	l.heading("Left out")
	for _, code := range codes {
		l.para("%s: %s %s", few(tns[code]), code.Info().Meaning, code.Info().Do)
	}
}

// end is when the customer's time is up, as of the event: the order may have gone on since.
func (l *letter) end() time.Time {
	if !l.e.Ends.IsZero() {
		return l.e.Ends
	}
	as := l.o
	as.Status, as.ClockFrom = l.e.Status, l.e.At
	return l.Rules.End(as)
}

func (l *letter) deadline(end time.Time) {
	at := end.In(l.Rules.Calendar.Location()).Format("Monday, January 2, 2006, 3:04 PM MST")
	if l.e.Status == porting.Rejected {
		l.para("You have until %s. Every change that you make to the order starts the %s anew; after that it ends.", at, l.life())
	} else {
		l.para("You have until %s; after that the order is cancelled, without a fee.", at)
	}
}

func (l *letter) daysLeft() int {
	loc := l.Rules.Calendar.Location()
	days := func(t time.Time) int64 {
		y, m, d := t.In(loc).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return int(days(l.end()) - days(l.e.At))
}

func (l *letter) life() string { return plural(l.Rules.LifeDays, "day") }

func (l *letter) carrier() string {
	for _, name := range []string{l.o.Details.Provider, l.o.Carrier.Name} {
		if name != "" {
			return name
		}
	}
	return "Your carrier"
}

func (l *letter) path(rest string) string { return "/portorders/" + string(l.o.ID) + rest }

// call shows an API call with the attributes that its body sets.
func (l *letter) call(method, path string, attributes [][2]string) {
	text := method + " " + l.API + path
	if len(attributes) > 0 {
		rows := make([]string, 0, len(attributes))
		for _, row := range attributes {
			value := quoted(line(row[1]))
			if row[0] == "presets" {
				value = `{"primary_route_id": "…"}`
			}
			rows = append(rows, "  "+quoted(row[0])+": "+value)
		}
		text += "\n{\"data\": {\"type\": \"portorder\", \"attributes\": {\n" + strings.Join(rows, ",\n") + "\n}}}"
	}
	l.blocks = append(l.blocks, block{as: code, text: text})
}

func quoted(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `"…"` // a string always encodes
	}
	return strings.TrimSpace(b.String())
}

func (l *letter) heading(s string) { l.blocks = append(l.blocks, block{as: heading, text: s}) }

func (l *letter) para(format string, args ...any) {
	l.blocks = append(l.blocks, block{as: para, text: fmt.Sprintf(format, args...)})
}

func titles(reasons []porting.Reason) string {
	if len(reasons) == 0 {
		return porting.OtherReason.Info().Title
	}
	s := reasons[0].Code.Info().Title
	if n := len(reasons) - 1; n > 0 {
		s += fmt.Sprintf(" and %d more", n)
	}
	return s
}

// few names the first numbers and counts the rest.
func few(tns []string) string {
	const most = 5
	if len(tns) <= most {
		return strings.Join(tns, ", ")
	}
	return fmt.Sprintf("%s and %d more (%d in all)", strings.Join(tns[:most], ", "), len(tns)-most, len(tns))
}

func day(d porting.Date) string {
	t := d.In(time.UTC)
	if t.IsZero() {
		return "a date to be told"
	}
	return t.Format("Monday, January 2, 2006")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// line makes s one line of printable characters, so that no text of others can add a line or turn the reading direction.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }), " ")
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
