package mail

import (
	"slices"
	"strconv"
	"strings"

	"portway/internal/porting"
)

// open lists the reasons without numbers that no longer take part, and without reasons that were about such numbers
// alone.
func (d *draft) open(reasons []porting.Reason) []porting.Reason {
	active := d.o.Active()
	var open []porting.Reason
	for _, r := range reasons {
		all := len(r.Numbers)
		r.Numbers = slices.DeleteFunc(slices.Clone(r.Numbers), func(tn string) bool {
			known := slices.ContainsFunc(d.o.Numbers, func(n porting.Number) bool { return n.TN == tn })
			return known && !slices.Contains(active, tn)
		})
		if all == 0 || len(r.Numbers) > 0 {
			open = append(open, r)
		}
	}
	return open
}

// reasons tells for each reason what is wrong, with which numbers, what the carrier or we said, and what to do about
// it.
func (d *draft) reasons(reasons []porting.Reason) {
	reasons = d.open(reasons)
	for i, r := range reasons {
		info := r.Code.Info()
		title := d.words.Translate(info.Title)
		if len(reasons) > 1 {
			title = strconv.Itoa(i+1) + ". " + title
		}
		d.blocks = append(d.blocks, block{as: heading, text: title})
		d.own(d.words.Translate(d.o.Meaning(r)))
		if len(r.Numbers) > 0 {
			d.para("This is about {numbers}.", "numbers", d.few(r.Numbers))
		}
		if d.e.Message.Unproven && !(porting.Proof{}).Discloses(porting.CarrierText).Shown {
			r.Said = ""
		}
		// A reason without a peer's code is our own finding, and so are its words.
		if said := line(porting.Quote(r.Said)); said != "" && r.Raw != "" {
			d.blocks = append(d.blocks, block{as: quote, text: d.say("The carrier's answer: {said}", "said", unlinked(said))})
		} else if said != "" {
			d.own(sentence(unlinked(said)))
		}
		if note := d.words.Message(r.Note); note != "" {
			d.own(sentence(line(note)))
		}
		d.para("What to do: {what}", "what", d.words.Translate(d.o.Advice(r)))
		if d.e.Status != porting.Rejected {
			continue
		}
		if info.Fix == porting.ByCarrier {
			d.para("Only your carrier can do this. Please arrange it with your carrier.")
		}
		if known := d.plain(r.Patch); len(known) > 0 {
			d.para("We have found: {values}.", "values", d.values(known))
		} else if len(info.Fields) > 0 {
			d.para("What to correct on the order: {fields}.", "fields", strings.Join(d.labelsOf(info.Fields), ", "))
		}
	}
}

// fix shows the two calls that put a rejected order right. The values that we know are filled in, the others are left
// open.
func (d *draft) fix(reasons []porting.Reason) {
	values := map[string]string{}
	for _, r := range d.open(reasons) {
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
	ready := 0 // the first reason, from 1, whose values we know
	for i, r := range d.e.Reasons {
		if len(d.plain(r.Patch)) > 0 && ready == 0 {
			ready = i + 1
		}
	}
	if d.page != "" {
		d.para("Open your order. What we know is filled in there, and you can send the order again in a few minutes.")
		return
	}
	if body := inOrder(values); len(body) > 0 {
		if slices.ContainsFunc(body, func(row [2]string) bool { return row[1] == "…" }) {
			d.para("Correct the order. Write the right value in place of each “…”, and leave out what is right already:")
		} else {
			d.para("Correct the order:")
		}
		d.call("PATCH", d.path(""), "portorder", body)
		if ready > 0 {
			d.para("Or have us enter what we have found. The signature is needed where the letter of agency shows one of the values:")
			d.call("POST", d.path("/fixes/"+strconv.Itoa(ready)), "loa", [][2]string{{"signature_name", "…"}, {"signature_title", "…"}})
		}
		d.para("Then resubmit it:")
	} else {
		d.para("When that is done, resubmit the order:")
	}
	d.call("PATCH", d.path("/status"), "portorder", [][2]string{{"status", "review"}})
}

// sign shows the two calls that read and sign the LOA.
func (d *draft) sign() {
	if d.page != "" {
		d.para("Open your order. The letter of agency (LOA) is there, to be read and signed.")
		return
	}
	d.para("Read the letter of agency (LOA), add the name and the title of the person who signs, and send it back:")
	d.raw("GET", d.path("/loa"), "")
	d.call("POST", d.path("/loa"), "loa", [][2]string{{"signature_name", "…"}, {"signature_title", "…"}})
}

// upload, change and again show the calls that add a bill, ask for a change and make the order anew.
func (d *draft) upload() {
	d.raw("POST", d.path("/upload_file"), `{"filename": "bill.pdf", "kind": "bill", "dated": "…"}`)
}

func (d *draft) change() {
	d.call("POST", d.path("/changes"), "change", [][2]string{{"kind", "date"}, {"date", "…"}})
}

func (d *draft) again() {
	d.raw("POST", "/portorders", body("portorder", `"numbers": `+d.numbersJSON()+`, "billing_name": "…", "street": "…",
  "city": "…", "state": "…", "zip": "…", "country": "…", "provider": "…", "usage_type": "…"`))
}

// numbersJSON lists the first of the order's numbers.
func (d *draft) numbersJSON() string {
	var all []string
	for _, n := range d.o.Numbers[:min(3, len(d.o.Numbers))] {
		if n.State != porting.Excluded {
			all = append(all, quoted(n.TN))
		}
	}
	if len(d.o.Numbers) > 3 {
		all = append(all, `"…"`)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// plain lists the patch's values in the wire's order, without those that are kept secret, since a mail is read
// by many, and those that the order did not disclose to its customer at the event.
func (d *draft) plain(patch map[string]string) [][2]string {
	return slices.DeleteFunc(inOrder(patch), func(row [2]string) bool {
		_, ok := d.o.Details.Get(row[0])
		return !ok || d.e.Message.Unproven && !(porting.Proof{}).Discloses(row[0]).Shown
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

// values writes details with their values as people do: street “200 3rd Ave S”, no second address line.
func (d *draft) values(rows [][2]string) string {
	all := make([]string, 0, len(rows))
	for _, row := range rows {
		if row[1] == "" {
			all = append(all, d.say("no {field}", "field", d.labelOf(row[0])))
		} else {
			all = append(all, d.labelOf(row[0])+" “"+unlinked(line(row[1]))+"”")
		}
	}
	return strings.Join(all, ", ")
}

// labelOf is the label of a detail in the reader's language.
func (d *draft) labelOf(name string) string { return d.words.Translate(labelOf(name)) }

func (d *draft) labelsOf(names []string) []string {
	all := make([]string, 0, len(names))
	for _, name := range names {
		all = append(all, d.labelOf(name))
	}
	return all
}

func (d *draft) titles(reasons []porting.Reason) string {
	if len(reasons) == 0 {
		return d.words.Translate(porting.OtherReason.Info().Title)
	}
	s := d.words.Translate(reasons[0].Code.Info().Title)
	switch n := len(reasons) - 1; n {
	case 0:
		return s
	case 1:
		return d.say("{reason} and one more reason", "reason", s)
	default:
		return d.say("{reason} and {n} more reasons", "reason", s, "n", strconv.Itoa(n))
	}
}
