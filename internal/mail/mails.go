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

// mails writes the mails, one for each kind of event that the customer is told of.
var mails = map[porting.EventKind]func(*draft){
	porting.WasRejected:  (*draft).rejected,
	porting.Expired:      (*draft).expired,
	porting.NotPortable:  (*draft).notPortable,
	porting.Reminded:     (*draft).reminded,
	porting.RenewalAsked: (*draft).renewal,
	porting.WasAccepted:  (*draft).accepted,
	porting.FOCMoved:     (*draft).moved,
	porting.WasCompleted: (*draft).completed,
}

// draft is a mail being written.
type draft struct {
	Composer
	e      porting.Event
	o      porting.Order
	about  string // what the subject says after the order's id
	blocks []block
}

func (d *draft) rejected() {
	d.about = "rejected: " + titles(d.e.Reasons)
	d.heading("Your port order was rejected")
	switch d.e.Before {
	case porting.Processing:
		d.para("Our check found something that has to be put right before the order can go to %s. Nothing has been sent to the carrier and no fee has been charged.", d.carrier())
	case porting.Review:
		d.para("We have reviewed your corrections. Something still has to be put right before the order can go to %s.", d.carrier())
	default:
		d.para("%s does not let the numbers go as the order stands, and we could not resolve it without you.", d.carrier())
	}
	d.facts()
	d.reasons(d.e.Reasons)
	d.cure(d.e.Reasons)
	d.heading("What happens next")
	d.para("When you resubmit, we review the order and send it on to the carrier. Resubmitting costs nothing.")
	d.deadline(d.end())
}

func (d *draft) expired() {
	if d.e.Before == porting.Rejected {
		d.about = "abandoned after " + d.life() + " without activity"
		d.heading("Your port order has ended")
		d.para("The order was rejected, and for %s it was neither corrected nor resubmitted. It is abandoned; nothing more is sent to %s.", d.life(), d.carrier())
		d.facts()
		d.reasons(d.o.Reasons)
	} else {
		d.about = "cancelled, it was not submitted within " + d.life()
		d.heading("Your port order has ended")
		d.para("The order was not submitted within %s of its creation, so it is cancelled. Nothing was sent to %s and no fee was charged.", d.life(), d.carrier())
		d.facts()
	}
	d.heading("What happens next")
	d.para("Nothing changes at your carrier: the numbers stay where they are and in service. This order can't be opened again, but it stays in your history, and the numbers are free for a new order:")
	d.call("POST", "/portorders", nil)
}

func (d *draft) notPortable() {
	d.about = "cancelled, the numbers can't be ported to us"
	d.heading("The numbers can't be ported to us")
	d.para("Neither we nor one of our porting peers can take the numbers of this order, so it is cancelled. Nothing was sent to %s and no fee was charged.", d.carrier())
	d.facts()
	d.reasons(d.e.Reasons)
	d.heading("What happens next")
	d.para("Nothing changes at your carrier: the numbers stay where they are and in service. If you believe that this is wrong, check the numbers:")
	d.call("POST", "/portorders/portability", nil)
}

func (d *draft) reminded() {
	left := plural(d.daysLeft(), "day")
	if d.e.Status == porting.Rejected {
		d.about = left + " left to resubmit it"
		d.heading("Your port order waits for you")
		d.para("The order was rejected and has not been resubmitted. It ends in %s.", left)
		d.facts()
		d.reasons(d.o.Reasons)
		d.cure(d.o.Reasons)
	} else {
		d.about = left + " left to submit it"
		d.heading("Your port order waits for you")
		d.para("The order has been created but not submitted; nothing has been sent to %s. It ends in %s.", d.carrier(), left)
		d.facts()
		d.heading("How to submit it")
		d.para("Read the letter of agency, fill in the signer's name and title, and send it back:")
		d.call("GET", d.path("/loa"), nil)
		d.call("POST", d.path("/loa"), nil)
	}
	d.heading("What happens next")
	d.deadline(d.end())
	d.para("If you don't want to port these numbers any more, you need not do anything.")
}

func (d *draft) renewal() {
	until, bill := day(porting.DateOf(d.e.Ends.In(d.Rules.Calendar.Location()))), d.e.Paper == porting.Bill
	ask, what := "Please sign the letter of agency again", "a letter of agency"
	if bill {
		ask, what = "Please send us a recent bill", "a bill"
	}
	d.about = strings.ToLower(ask[:1]) + ask[1:]
	d.heading(ask)
	if d.e.Ends.After(d.e.At) {
		d.para("Carriers take %s only while it is fresh, and yours is good until %s. The order goes on meanwhile; but should it have to be sent to %s again after that day, it needs one of a newer date.", what, until, d.carrier())
	} else {
		d.para("Carriers take %s only while it is fresh, and yours was good until %s. Before the order can be sent to %s again it needs one of a newer date.", what, until, d.carrier())
	}
	d.facts()
	if bill {
		d.heading("How to send it")
		d.para("Add it to the order's documents, with the day on which it was issued:")
		d.call("POST", d.path("/upload_file"), nil)
	} else {
		d.heading("How to sign it")
		d.para("Read the letter of agency, fill in the signer's name and title, and send it back:")
		d.call("GET", d.path("/loa"), nil)
		d.call("POST", d.path("/loa"), nil)
	}
	d.heading("What happens next")
	if d.e.Status == porting.Rejected && !bill {
		d.para("Signing it also sends the order to us for review, so correct the order first. It costs nothing.")
	} else {
		d.para("It changes nothing else on the order, and costs nothing.")
	}
}

func (d *draft) accepted() {
	d.about = "accepted, the numbers move on " + day(d.e.FOC)
	d.heading("Your carrier has agreed: the numbers move on " + day(d.e.FOC))
	d.para("%s has accepted the order and confirmed the date (FOC).", d.carrier())
	d.facts()
	d.excluded()
	d.untilTheDay()
}

func (d *draft) moved() {
	d.about = "new date, the numbers move on " + day(d.e.FOC)
	d.heading("The date has moved to " + day(d.e.FOC))
	d.para("%s The order stays accepted; you need not do anything.", d.e.Text)
	d.facts()
	d.excluded()
	d.untilTheDay()
}

func (d *draft) untilTheDay() {
	d.heading("What happens next")
	d.para("Keep your service at %s until the numbers have moved: a number that is disconnected before is lost to the port. On the day, calls come to us; we tell you when that is done.", d.carrier())
	d.para("Until then you can choose where the calls go:")
	d.call("PATCH", d.path(""), [][2]string{{"presets", "…"}})
	d.para("To call the port off, write to our porting desk. A fee may apply, and within two business days of the date it is usually too late.")
}

func (d *draft) completed() {
	d.about = "completed, the numbers are in service with us"
	d.heading("Your numbers are in service with us")
	d.para("The port from %s is complete.", d.carrier())
	d.facts()
	d.excluded()
	d.heading("What happens next")
	d.para("Calls come to us from now on. Text messages usually follow 3 to 5 days later.")
	if d.o.Presets.CNAM != "" && d.o.Kind == porting.Local {
		d.para("The caller name (CNAM) takes 5 to 7 business days to show.")
	}
	d.para("The port ends the service of the numbers at %s, not the account: what else is on it stays until you cancel it there.", d.carrier())
}

// facts are the lines that say which order the mail is about.
func (d *draft) facts() {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("Order", string(d.o.ID))
	add("Name", d.o.Details.Alias)
	add("Status", string(d.e.Status))
	tns := make([]string, 0, len(d.o.Numbers))
	for _, n := range d.o.Numbers {
		tns = append(tns, n.TN)
	}
	add("Numbers", few(tns))
	add("Carrier", d.o.Details.Provider)
	if d.e.FOC != "" {
		add("Date", day(d.e.FOC))
	}
	d.blocks = append(d.blocks, block{as: facts, rows: rows})
}

// reasons says of each reason what is wrong, whom it concerns, what the carrier or we said, and what to do about it.
func (d *draft) reasons(reasons []porting.Reason) {
	for i, r := range reasons {
		info := r.Code.Info()
		title := info.Title
		if len(reasons) > 1 {
			title = fmt.Sprintf("%d. %s", i+1, title)
		}
		d.heading(title)
		d.para("%s", info.Meaning)
		if len(r.Numbers) > 0 {
			d.para("Concerns: %s.", few(r.Numbers))
		}
		said := porting.Quote(r.Said)
		switch { // a reason without a peer's code is our own finding, and so are its words
		case r.Raw != "":
			d.blocks = append(d.blocks, block{as: quote, text: "The carrier says: " + strings.TrimSpace(short(r.Raw, 40)+" "+said)})
		case said != "":
			d.para("More: %s", said)
		}
		d.para("What to do: %s", info.Do)
		if d.e.Status != porting.Rejected {
			continue
		}
		if info.Fix == porting.ByCarrier {
			d.para("Only your carrier can do this; please arrange it with them.")
		}
		if known := d.plain(r.Patch); len(known) > 0 {
			d.para("What we know to be right: %s.", say(known))
		} else if len(info.Fields) > 0 {
			d.para("Attributes of the order: %s.", strings.Join(info.Fields, ", "))
		}
	}
}

// cure shows the two calls that put a rejected order right: what we know is filled in, the rest is left open.
func (d *draft) cure(reasons []porting.Reason) {
	values := map[string]string{}
	for _, r := range reasons {
		known := d.plain(r.Patch)
		for _, row := range known {
			values[row[0]] = row[1]
		}
		for _, name := range r.Code.Info().Fields {
			if _, ok := values[name]; !ok && len(known) == 0 {
				values[name] = "…"
			}
		}
	}
	d.heading("How to fix it")
	if body := inOrder(values); len(body) > 0 {
		how := "Correct the order:"
		if slices.ContainsFunc(body, func(row [2]string) bool { return row[1] == "…" }) {
			how = "Correct the order; put the right value in place of each “…” and leave out what is right already:"
		}
		d.para("%s", how)
		d.call("PATCH", d.path(""), body)
		d.para("Then resubmit it:")
	} else {
		d.para("When that is done, resubmit the order:")
	}
	d.call("PATCH", d.path("/status"), [][2]string{{"status", "review"}})
}

// plain are the patch's values in the wire's order, without any that is kept secret: a mail is read by many.
func (d *draft) plain(patch map[string]string) [][2]string {
	return slices.DeleteFunc(inOrder(patch), func(row [2]string) bool {
		_, ok := d.o.Details.Get(row[0])
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
func (d *draft) excluded() {
	var codes []porting.ReasonCode
	tns := map[porting.ReasonCode][]string{}
	for _, n := range d.o.Numbers {
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
	d.heading("Left out")
	for _, code := range codes {
		d.para("%s: %s %s", few(tns[code]), code.Info().Meaning, code.Info().Do)
	}
}

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
	at := end.In(d.Rules.Calendar.Location()).Format("Monday, January 2, 2006, 3:04 PM MST")
	if d.e.Status == porting.Rejected {
		d.para("You have until %s. Every change that you make to the order starts the %s anew; after that it ends.", at, d.life())
	} else {
		d.para("You have until %s; after that the order is cancelled, without a fee.", at)
	}
}

func (d *draft) daysLeft() int {
	loc := d.Rules.Calendar.Location()
	days := func(t time.Time) int64 {
		y, m, d := t.In(loc).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return int(days(d.end()) - days(d.e.At))
}

func (d *draft) life() string { return plural(d.Rules.LifeDays, "day") }

func (d *draft) carrier() string {
	for _, name := range []string{d.o.Details.Provider, d.o.Carrier.Name} {
		if name != "" {
			return name
		}
	}
	return "Your carrier"
}

func (d *draft) path(rest string) string { return "/portorders/" + string(d.o.ID) + rest }

// call shows an API call with the attributes that its body sets.
func (d *draft) call(method, path string, attributes [][2]string) {
	text := method + " " + d.API + path
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
	d.blocks = append(d.blocks, block{as: code, text: text})
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

func (d *draft) heading(s string) { d.blocks = append(d.blocks, block{as: heading, text: s}) }

func (d *draft) para(format string, args ...any) {
	d.blocks = append(d.blocks, block{as: para, text: fmt.Sprintf(format, args...)})
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
