// Package text writes the sentences of the domain's messages: [English] has a row for each [porting.MessageKey], with what a
// customer reads and, where that says more, what our staff reads. Start at [Catalogue.Event] and at the rows in en.go.
//
// [In] returns the catalogue in another language. Sentences are written in English in the code, and translated by tables
// ([Table]) whose rows begin with the English sentence; the domain's are in es.txt and fr.txt. Packages that write sentences
// of their own (page, mail) have a table of their own, and write by [Catalogue.Say].
//
// The package knows the domain and nothing else. A test holds the catalogue, the keys and the arguments that the code gives
// together, so that no sentence is missing and none has a gap.
package text

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"portway/internal/porting"
)

// Catalogue is all sentences in one language.
type Catalogue struct {
	sentences map[porting.MessageKey]sentence
	fields    map[string]string // what a detail or preset is called, by its wire name
	repairs   map[porting.RepairKind]string
	papers    map[string]string
	documents map[porting.DocumentKind]string
	findings  map[string]string // by the codes of package match
	waits     map[porting.WaitFor]string
	language
	tables []*Table // the translations; none in English
}

// sentence is a row of the catalogue. In its texts {name} is an argument as it is, and {name|form} an argument in one of the
// forms below; the form once marks an argument that only older releases have given. {list} are the messages within, and {reasons} the reasons of the event.
type sentence struct {
	customer string
	staff    string // where our staff reads something else
	unproven string // where the customer of an unproven order reads something else
}

// reader is who reads a sentence.
type reader int

const (
	customer reader = iota
	staff
	unproven // a customer who has not proven to hold the account, and reads nothing of the carrier's record
)

// proof is the proof of the reader's order, as far as it matters here.
func (to reader) proof() porting.Proof {
	if to == unproven {
		return porting.Proof{}
	}
	return porting.Proof{By: porting.ProofAccount}
}

// Event returns what the event tells a customer. It names no peer, no peer's own word and no score.
func (c *Catalogue) Event(e porting.Event) string { return c.write(e.Message, e.Reasons, customer) }

// StaffEvent returns what the event tells our staff.
func (c *Catalogue) StaffEvent(e porting.Event) string { return c.write(e.Message, e.Reasons, staff) }

// Message returns the sentence that a customer reads.
func (c *Catalogue) Message(m porting.Message) string { return c.write(m, nil, customer) }

// Staff returns the sentence that our staff reads.
func (c *Catalogue) Staff(m porting.Message) string { return c.write(m, nil, staff) }

// Field returns what a detail or preset is called, by its wire name; one that has no name here is called by the wire's.
func (c *Catalogue) Field(name string) string {
	if called, ok := c.fields[name]; ok {
		return c.Translate(called)
	}
	return name
}

func (c *Catalogue) write(m porting.Message, reasons []porting.Reason, to reader) string {
	if m.Key == "" {
		return m.Text
	}
	row, ok := c.sentences[m.Key]
	if !ok {
		return string(m.Key) // of a younger release
	}
	if m.Unproven && to == customer {
		to = unproven
	}
	template := row.customer
	switch {
	case to == staff && row.staff != "":
		template = row.staff
	case to == unproven && row.unproven != "" && !(m.Args["field"] != "" && to.proof().Discloses(m.Args["field"]).Shown):
		template = row.unproven
	}
	return strings.TrimSpace(c.fill(c.Translate(template), func(name, form string) string {
		switch name {
		case "list":
			return c.within(m.List, form, to)
		case "reasons":
			return c.reasons(reasons, to)
		}
		return c.form(form, m.Args[name])
	}))
}

// fill writes a sentence, with its placeholders filled by name and form.
func (c *Catalogue) fill(template string, with func(name, form string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		var placeholder string
		placeholder, template, _ = strings.Cut(rest, "}")
		name, form, _ := strings.Cut(placeholder, "|")
		b.WriteString(with(name, form))
	}
}

// within writes the messages of a list: as sentences, or as parts of one.
func (c *Catalogue) within(list []porting.Message, form string, to reader) string {
	all := make([]string, 0, len(list))
	for _, m := range list {
		if s := c.write(m, nil, to); s != "" {
			all = append(all, s)
		}
	}
	switch {
	case form == "sentences":
		return strings.Join(all, " ")
	case form == "colon" && len(all) > 0:
		return c.colon + strings.Join(all, "; ")
	}
	return strings.Join(all, "; ")
}

// reasons names the reasons, with the carrier's own words behind.
func (c *Catalogue) reasons(reasons []porting.Reason, to reader) string {
	all := make([]string, 0, len(reasons))
	for _, r := range reasons {
		said := r.Said
		switch {
		case !to.proof().Discloses(porting.CarrierText).Shown:
			said = ""
		case to == staff:
			said = strings.TrimSpace(cmp.Or(porting.PeerCode(r.Raw), porting.Quote(r.Raw)) + " " + r.Said)
		}
		s := c.Translate(r.Code.Info().Title)
		if said != "" {
			s += " (“" + said + "”)"
		}
		all = append(all, s)
	}
	return strings.Join(all, "; ")
}

// form writes an argument as people do.
func (c *Catalogue) form(form, value string) string {
	form, unit, _ := strings.Cut(form, " ")
	switch form {
	case "day":
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			return value
		}
		return c.dayOf(day)
	case "clock": // 15:04 PST
		at, err := time.Parse("15:04 MST", value)
		if err != nil {
			return value
		}
		return c.clock(at)
	case "count":
		return c.count(value, unit)
	case "numbers":
		return c.numbers(strings.Split(value, ","))
	case "title":
		return c.Translate(porting.ReasonCode(value).Info().Title)
	case "step":
		return cmp.Or(porting.Step(value).Who(), value)
	case "meaning":
		return c.Translate(porting.ReasonCode(value).Info().Meaning)
	case "fields":
		return c.named(value, func(name string) string { return c.Field(name) })
	case "repairs":
		return c.named(value, func(kind string) string { return c.repairs[porting.RepairKind(kind)] })
	case "paper":
		return c.named(value, func(paper string) string { return c.papers[paper] })
	case "document":
		return c.named(value, func(kind string) string { return c.documents[porting.DocumentKind(kind)] })
	case "wait":
		return c.named(value, func(what string) string { return c.waits[porting.WaitFor(what)] })
	case "findings":
		return c.found(value)
	case "words":
		return words(value)
	case "record":
		return record(value)
	case "version":
		n, _ := strconv.Atoi(value)
		return strconv.Itoa(n + 1)
	}
	return value
}

// found writes the codes of a comparison. An order of an earlier release has the words themselves.
func (c *Catalogue) found(codes string) string {
	if strings.Contains(codes, " ") {
		return codes
	}
	all := strings.Split(codes, ",")
	for i, code := range all {
		if words, ok := c.findings[code]; ok {
			all[i] = c.Translate(words)
		}
	}
	return strings.Join(all, "; ")
}

// named writes several values by their names; a value without one stays as it is.
func (c *Catalogue) named(value string, name func(string) string) string {
	var all []string
	for v := range strings.SplitSeq(value, ",") {
		if n := name(v); n != "" {
			v = c.Translate(n)
		}
		all = append(all, v)
	}
	return c.join(all)
}

func (c *Catalogue) join(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " " + c.and + " " + all[last]
}

// mostNumbers is how many numbers a sentence names.
const mostNumbers = 10

func (c *Catalogue) numbers(tns []string) string {
	var all []string
	for i, tn := range tns {
		if i == mostNumbers {
			return strings.Join(all, ", ") + " " + c.and + " " + strings.Replace(c.more, "%d", strconv.Itoa(len(tns)-i), 1)
		}
		all = append(all, Number(tn))
	}
	return c.join(all)
}

// Number writes a North American number as people do, (206) 555-0101; anything else stays as it is.
func Number(e164 string) string {
	if len(e164) != len("+12065550101") || !strings.HasPrefix(e164, "+1") {
		return e164
	}
	return "(" + e164[2:5] + ") " + e164[5:8] + "-" + e164[8:]
}

// words returns what a peer wrote without its name of the state before it, such as ACTION_REQUIRED, and without a full stop.
func words(said string) string {
	state, rest, found := strings.Cut(said, ": ")
	if found && state != "" && strings.Trim(state, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
		said = rest
	}
	return strings.TrimSuffix(said, ".")
}

// record writes what a peer's score is made of, for our staff: "0.41,3.5".
func record(value string) string {
	share, days, found := strings.Cut(value, ",")
	part, err := strconv.ParseFloat(share, 64)
	if err != nil {
		return value
	}
	s := strconv.Itoa(int(part*100+0.5)) + " % of its orders got a date"
	if found {
		s += ", " + days + " business days away"
	}
	return s
}
