package mail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"portway/internal/porting"
	"portway/internal/text"
)

// mails writes the mails, one for each kind of event that the customer is told of.
var mails = map[porting.EventKind]func(*draft){
	porting.WasRejected:     (*draft).rejected,
	porting.Expired:         (*draft).expired,
	porting.NotPortable:     (*draft).notPortable,
	porting.Reminded:        (*draft).reminded,
	porting.RenewalAsked:    (*draft).renewal,
	porting.Passed:          (*draft).holder,
	porting.Approved:        (*draft).holder,
	porting.AttemptSent:     (*draft).asked,
	porting.WasAccepted:     (*draft).accepted,
	porting.FOCMoved:        (*draft).moved,
	porting.Parted:          (*draft).partlyMoved,
	porting.WasCompleted:    (*draft).completed,
	porting.WentBack:        (*draft).wentBack,
	porting.SnapbackRefused: (*draft).snapbackRefused,

	porting.DisputeOpened:    (*draft).disputed,
	porting.NumbersContested: (*draft).disputed,
	porting.PapersAsked:      (*draft).disputed,
	porting.DisputeDecided:   (*draft).disputed,
	porting.DisputeEnded:     (*draft).disputed,
	porting.NumbersYielded:   (*draft).disputed,
	porting.WasCancelled:     (*draft).cancelled,
	porting.WasAbandoned:     (*draft).cancelled,
	porting.HardCancelled:    (*draft).cancelled,
	porting.FOCLost:          (*draft).dateLost,
	porting.ChangeDone:       (*draft).changeDone,
	porting.ChangeRefused:    (*draft).changeRefused,
	porting.CaseOpened:       (*draft).doubted,
	porting.CaseClosed:       (*draft).doubted,
}

// draft is a mail being written.
type draft struct {
	Composer
	e      porting.Event
	o      porting.Order
	about  string // what the subject says after the order's id
	page   string // the address of the order's page for the mail's reader; empty for a mail that shows calls
	blocks []block
}

// link puts the button to the page behind the first sentences. Its words are the one thing that is wanted.
func (d *draft) link() {
	if d.page == "" {
		return
	}
	words := "Open your order"
	switch {
	case d.e.Kind == porting.WasRejected, d.e.Kind == porting.Reminded && d.e.Status == porting.Rejected:
		words = "See what is wrong, and correct it"
	case d.e.Kind == porting.Reminded, d.e.Kind == porting.RenewalAsked && d.e.Paper != porting.Bill:
		words = "Read and sign"
	case d.e.Kind == porting.RenewalAsked:
		words = "Send us the bill"
	}
	at := min(2, len(d.blocks))
	d.blocks = slices.Insert(d.blocks, at, block{as: button, text: words, link: d.page})
}

func (d *draft) rejected() {
	d.about = "rejected: " + titles(d.open(d.e.Reasons))
	d.heading("Your port order was rejected")
	carriers := slices.ContainsFunc(d.e.Reasons, func(r porting.Reason) bool { return r.Raw != "" })
	switch {
	case d.e.Before == porting.Processing:
		d.para("We checked the order before sending it to %s, and something has to be corrected first. "+
			"Nothing has been sent to the carrier, and no fee has been charged.", d.carrier())
	case d.e.Before == porting.Review:
		d.para("We have reviewed your corrections. Something still has to be corrected before the order can go to %s.",
			d.carrier())
	case !carriers:
		d.para("The numbers can't be ported as the order stands, and we could not resolve this without you.")
	default:
		d.para("%s does not release the numbers as the order stands, and we could not resolve this without you.",
			first(d.carrier()))
	}
	d.facts()
	d.reasons(d.e.Reasons)
	d.fix(d.e.Reasons)
	d.heading("What happens next")
	d.para("When you resubmit the order, we review it and then send it to the carrier. Resubmitting costs nothing.")
	d.deadline(d.end())
}

func (d *draft) expired() {
	d.heading("Your port order has ended")
	if d.e.Before == porting.Rejected {
		d.about = "abandoned after " + d.life() + " without activity"
		d.para("The order was rejected, and for %s it was neither corrected nor resubmitted. It is now abandoned, "+
			"and nothing more is sent to %s.",
			d.life(), d.carrier())
		d.facts()
		d.reasons(d.o.Reasons)
	} else {
		d.about = "cancelled, because it was not submitted within " + d.life()
		d.para("The order was not submitted within %s of its creation, so it is now cancelled. Nothing was sent to "+
			"%s, and no fee was charged.",
			d.life(), d.carrier())
		d.facts()
	}
	d.heading("What happens next")
	d.para("Nothing changes at your carrier: the numbers stay there, and stay in service. "+
		"You can't open this order again, but it stays in your history. To port the numbers, make a new order%s", d.stop())
	d.call("POST", "/portorders", nil)
}

func (d *draft) notPortable() {
	d.about = "cancelled, because the numbers can't be ported to us"
	d.heading("The numbers can't be ported to us")
	d.para("Neither we nor any of our porting partners can take the numbers of this order, so it is now cancelled. "+
		"Nothing was sent to %s, and no fee was charged.", d.carrier())
	d.facts()
	d.reasons(d.e.Reasons)
	d.heading("What happens next")
	d.para("Nothing changes at your carrier: the numbers stay there, and stay in service. If you think that this is "+
		"wrong, check the numbers again%s", d.stop())
	d.call("POST", "/portorders/portability", nil)
}

func (d *draft) reminded() {
	ends := "ends " + d.when()
	d.heading("Your port order waits for you")
	if d.e.Status == porting.Rejected {
		d.about = ends + " unless you resubmit it"
		d.para("The order was rejected and has not been resubmitted. It %s.", ends)
		d.facts()
		d.reasons(d.o.Reasons)
		d.fix(d.o.Reasons)
	} else {
		d.about = ends + " unless you submit it"
		d.para("The order has been created but not submitted, so nothing has been sent to %s. It %s.", d.carrier(),
			ends)
		d.facts()
		d.heading("How to submit it")
		d.sign()
	}
	d.heading("What happens next")
	d.deadline(d.end())
	d.para("If you no longer want to port these numbers, you need not do anything.")
}

func (d *draft) renewal() {
	until := day(porting.DateOf(d.e.Ends.In(d.Rules.Calendar.Location())))
	paper, newer := "the letter of agency (LOA)", "a newer LOA"
	isBill := d.e.Paper == porting.Bill
	if isBill {
		paper, newer = "the bill", "a newer bill"
		d.about = "please send us a recent bill"
	} else {
		d.about = "please sign the letter of agency again"
	}
	d.heading(first(d.about))
	if d.e.Ends.After(d.e.At) {
		d.para("Carriers accept %s only while it is recent, and yours is good until %s. Your order goes on meanwhile. "+
			"If it has to be sent to %s again after that day, it needs %s.", paper, until, d.carrier(), newer)
	} else {
		d.para("Carriers accept %s only while it is recent, and yours was good until %s. Before the order can be "+
			"sent to %s again, it needs %s.",
			paper, until, d.carrier(), newer)
	}
	d.facts()
	if isBill {
		d.heading("How to send it")
		d.para("Add the bill to the order's documents, and say on which day it was issued%s", d.stop())
		d.call("POST", d.path("/upload_file"), nil)
	} else {
		d.heading("How to sign it")
		d.sign()
	}
	d.heading("What happens next")
	if d.e.Status == porting.Rejected && !isBill {
		d.para("Signing also resubmits the order, so correct the order first. Signing costs nothing.")
	} else {
		d.para("Nothing else on the order changes, and it costs nothing.")
	}
}

// asked tells of a request for another day than the customer's.
// holder tells before the request goes out that the carrier asks the holder of the number.
func (d *draft) holder() {
	d.about = "the holder has to answer a message"
	d.heading("The holder of the number has to answer a message")
	d.para("The order goes to %s.%s", d.carrier(), d.more())
	d.facts()
	d.heading("What happens next")
	d.para("If the holder does not answer in time, or says no, the order comes back to you, and you can resubmit it.")
}

func (d *draft) asked() {
	asked := "another day"
	for _, m := range d.e.Message.List {
		if date := m.Args["date"]; date != "" {
			asked = day(porting.Date(date))
		}
	}
	d.about = "asked for " + asked + ", not for the day that you wished"
	d.heading("We have asked for " + asked)
	d.para("The request was sent to %s.%s", d.carrier(), d.more())
	d.facts()
	d.heading("What happens next")
	d.para("%s confirms this day or gives another one, and we send you a mail when it does. You need not do anything.",
		first(d.carrier()))
	d.para("If that day does not suit you, write to our porting desk in a comment on the order.")
}

// disputed tells of a dispute with another account about numbers, of which the mail tells nothing.
func (d *draft) disputed() {
	until := day(porting.DateOf(d.e.Ends.In(d.Rules.Calendar.Location())))
	papers := false
	switch d.e.Kind {
	case porting.DisputeOpened:
		d.about, papers = "your dispute is open, add papers by "+until, true
	case porting.NumbersContested, porting.PapersAsked:
		d.about, papers = "a dispute about your numbers, add papers by "+until, true
	case porting.NumbersYielded:
		d.about = "numbers go to another request"
	case porting.DisputeDecided:
		d.about = "your dispute is decided"
	default:
		d.about = "the dispute about your numbers is over"
	}
	d.heading(first(d.about))
	d.para("%s", text.English.Event(d.e))
	d.facts()
	if papers {
		d.heading("How to add a paper")
		d.para("Add a bill of the account, and say on which day it was issued%s", d.stop())
		d.call("POST", d.path("/upload_file"), nil)
	}
	d.heading("What happens next")
	switch {
	case papers:
		d.para("Our staff decides once both sides have shown papers, or after that day. A side that has shown none by then " +
			"usually loses the numbers. We do not tell either side who the other one is.")
	case d.e.Status == porting.Rejected:
		d.para("The order is with you. Resubmit it, and it is sent without those numbers; resubmitting costs nothing.")
		d.deadline(d.end())
	default:
		d.para("You see how the dispute stands at the order%s", d.stop())
		d.call("GET", d.path("/disputes"), nil)
	}
}

// doubted tells of a port that somebody doubts, without a word about who does.
func (d *draft) doubted() {
	until := day(porting.DateOf(d.e.Ends.In(d.Rules.Calendar.Location())))
	open := d.e.Kind == porting.CaseOpened
	d.about = "it was decided whether your port was authorised"
	if open {
		d.about = "your port is doubted, add papers by " + until
	}
	d.heading(first(d.about))
	d.para("%s", text.English.Event(d.e))
	d.facts()
	if !open {
		return
	}
	d.heading("How to add a paper")
	d.para("Add a bill of the account, or another document that shows that the holder of the numbers wanted the port%s", d.stop())
	d.call("POST", d.path("/upload_file"), nil)
	d.heading("What happens next")
	d.para("The letter of agency that was signed here is part of the evidence already. Our staff decides by that day. If nothing " +
		"shows that the port was authorised, the numbers go back.")
}

// more has the further sentences of what the event tells, each behind a space.
func (d *draft) more() string {
	all := ""
	for _, m := range d.e.Message.List {
		all += " " + text.English.Message(m)
	}
	return all
}

func (d *draft) accepted() {
	d.about = "accepted, your numbers move on " + day(d.e.FOC)
	d.heading("Your numbers move on " + day(d.e.FOC))
	d.para("%s has accepted the order and has confirmed this date (the FOC date).%s", first(d.carrier()), d.more())
	d.facts()
	d.leftOut()
	d.untilTheDay()
}

func (d *draft) moved() {
	d.about = "new date, your numbers move on " + day(d.e.FOC)
	d.heading("The new date is " + day(d.e.FOC))
	d.para("The date on which your numbers move has changed. The order stays accepted, and you need not do anything.%s", d.more())
	d.facts()
	d.leftOut()
	d.untilTheDay()
}

func (d *draft) untilTheDay() {
	d.heading("What happens next")
	d.para("Keep your service at %s until the numbers have moved: a number that is disconnected earlier can't be "+
		"ported. "+
		"On the day itself the numbers move to us, and we send you a mail when the move is complete.", d.carrier())
	if d.page == "" {
		d.para("Until then you can choose where the calls go:")
		d.call("PATCH", d.path(""), [][2]string{{"presets", "…"}})
	}
	how := "ask for a change"
	if d.page != "" {
		how = "write to our porting desk on the page of the order"
	}
	d.para("To call off the port or to ask for another date, %s. A fee may apply, and within two business days of the date it is "+
		"usually too late.", how)
	d.call("POST", d.path("/changes"), nil)
}

// cancelled tells the end of an order that its customer or our staff has cancelled, with the fee.
func (d *draft) cancelled() {
	d.about = "cancelled"
	d.heading("Your port order is cancelled")
	switch {
	case d.e.Kind != porting.HardCancelled && d.e.Status == porting.Cancelled:
		d.para("The order is cancelled. Nothing was sent to %s.", d.carrier())
	case d.e.Kind != porting.HardCancelled:
		d.para("The rejected order is cancelled. Nothing more is sent to %s.", d.carrier())
	case d.e.Message.Key == porting.MsgCancelConfirmed:
		d.para("%s has confirmed the cancellation. The numbers stay there.", first(d.carrier()))
	case d.o.Withdrawing:
		d.para("The order is cancelled after it had been submitted. We have asked %s to drop the request, and tell you if the numbers "+
			"move all the same.", d.carrier())
	default:
		d.para("The order is cancelled after it had been submitted.")
	}
	d.facts()
	if d.e.Charge > 0 {
		d.para("The fee for the cancellation is $%s. It was charged to your account.", d.e.Charge.Dollars())
	} else {
		d.para("No fee was charged for the cancellation.")
	}
	if d.e.Refund > 0 {
		d.para("$%s of the port fee comes back to your account.", d.e.Refund.Dollars())
	}
	d.heading("What happens next")
	d.para("Keep paying for your service at %s: the numbers stay there, and stay in service. To port them after all, make a "+
		"new order.", d.carrier())
	d.call("POST", "/portorders", nil)
}

// dateLost tells that the carrier has withdrawn its date.
func (d *draft) dateLost() {
	d.about = "the carrier has withdrawn the date"
	d.heading("Your numbers do not move on the agreed date")
	d.para("%s has withdrawn the date on which your numbers were to move. The order is with the carrier again.", first(d.carrier()))
	d.facts()
	d.heading("What happens next")
	d.para("We resolve this with the carrier, and send you a mail when there is a new date or when you have to do something. "+
		"Keep your service at %s until then.", d.carrier())
}

// changeDone tells that the carrier has taken a change.
func (d *draft) changeDone() {
	d.about = "the change is made"
	d.heading("The change is made")
	d.para("%s", text.English.Event(d.e))
	d.facts()
	d.leftOut()
	d.heading("What happens next")
	d.para("The order goes on with the change. You need not do anything.")
}

// changeRefused tells that a change was not made.
func (d *draft) changeRefused() {
	d.about = "the change was not made"
	d.heading("The change was not made")
	d.para("%s", text.English.Event(d.e))
	d.facts()
	d.heading("What happens next")
	d.para("Nothing was charged for the change. You can ask for another one.")
	d.call("POST", d.path("/changes"), nil)
	if d.e.Status == porting.Accepted {
		d.para("If the numbers move all the same, they can go back to the old carrier for 24 hours. Ask for a snapback then.")
	}
}

func (d *draft) completed() {
	d.about = "completed, your numbers are in service with us"
	d.heading("Your numbers are in service with us")
	d.para("The port from %s is complete.%s", d.carrier(), d.more())
	d.facts()
	d.leftOut()
	d.heading("What happens next")
	d.para("The carrier has confirmed the move. We route the calls of the numbers apart from the port, and nobody has made a test call "+
		"yet: call each number once, and call from it. If one does not work and its holder asks for it, it can go back to %s for 24 "+
		"hours after its move%s", d.carrier(), d.stop())
	d.call("POST", d.path("/snapback"), nil)
	d.para("Check the emergency address (E911) of each number before anybody calls 911 from it. Text messages usually follow 3 to 5 " +
		"days later.")
	if d.o.Presets.CNAM != "" && d.o.Kind == porting.Local {
		d.para("It takes 5 to 7 business days until your caller name (CNAM) is shown.")
	}
	d.para("The port ends the service of these numbers at %s, but not your account there. Whatever else is on the "+
		"account stays until you cancel it.",
		d.carrier())
}

// partlyMoved tells which numbers work, and that the service of the others must stay.
func (d *draft) partlyMoved() {
	failed := porting.Listed(d.e.Message.Args["numbers"]) // as of the event: they may have moved since
	moved, waiting := porting.Without(d.o.In(porting.Ported), failed), d.o.In(porting.Taking)
	if len(failed) > 0 {
		d.about = plural(len(failed), "number") + " did not move, keep the service at your carrier"
		d.heading("Some of your numbers did not move")
	} else {
		d.about = "some of your numbers have moved"
		d.heading("Some of your numbers have moved")
	}
	d.para("These numbers have moved and are in service with us: %s.", few(moved))
	if len(failed) > 0 {
		d.para("These numbers did not move with them: %s.", few(failed))
	}
	if len(waiting) > 0 {
		d.para("These numbers have yet to move: %s.", few(waiting))
	}
	d.facts()
	d.heading("What happens next")
	d.para("Keep the service of the numbers that have not moved at %s: they work there as before, and a number that is "+
		"disconnected can't be ported.", d.carrier())
	if len(failed) > 0 {
		d.para("Our staff calls %s about them. You need not do anything. We send you a mail when they have moved, or when "+
			"they need something from you.", d.carrier())
	} else {
		d.para("You need not do anything. We send you a mail when the move is complete.")
	}
}

// wentBack tells which numbers are at their old carrier again.
func (d *draft) wentBack() {
	tns := porting.Listed(d.e.Message.Args["numbers"])
	d.about = plural(len(tns), "number") + " went back to your carrier"
	d.heading("Numbers went back to your carrier")
	d.para("As the holder has asked, these numbers are in service at %s again: %s.", d.carrier(), few(tns))
	d.facts()
	d.heading("What happens next")
	d.para("The order stays completed, and you need not do anything on it. To port the numbers again, make a new order%s", d.stop())
	d.call("POST", "/portorders", nil)
}

// snapbackRefused tells that numbers could not go back.
func (d *draft) snapbackRefused() {
	d.about = "your numbers could not go back"
	d.heading("Your numbers stay in service with us")
	d.para("You have asked that these numbers go back to %s: %s. That was not possible.", d.carrier(),
		few(porting.Listed(d.e.Message.Args["numbers"])))
	if why := line(d.e.Message.Args["why"]); why != "" {
		d.para("%s", sentence(why))
	}
	d.facts()
	d.heading("What happens next")
	d.para("The numbers work with us. To move them, have the other carrier order a port.")
}

// facts adds the lines that say which order the mail is about. Of its numbers they list those that still take part.
func (d *draft) facts() {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("Order", string(d.o.ID))
	add("Name", d.o.Details.Alias)
	add("Status", strings.ReplaceAll(string(d.e.Status), "_", " "))
	add("Numbers", few(d.o.Active()))
	add("Carrier", d.o.Details.Provider)
	if d.e.FOC != "" {
		add("Date", day(d.e.FOC))
	}
	d.blocks = append(d.blocks, block{as: facts, rows: rows})
}

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
		title := info.Title
		if len(reasons) > 1 {
			title = fmt.Sprintf("%d. %s", i+1, title)
		}
		d.heading(title)
		d.para("%s", d.o.Meaning(r))
		if len(r.Numbers) > 0 {
			d.para("This is about %s.", few(r.Numbers))
		}
		if d.e.Message.Unproven && !(porting.Proof{}).Discloses(porting.CarrierText).Shown {
			r.Said = ""
		}
		// A reason without a peer's code is our own finding, and so are its words.
		if said := line(porting.Quote(r.Said)); said != "" && r.Raw != "" {
			d.blocks = append(d.blocks, block{as: quote, text: "The carrier's answer: " + said})
		} else if said != "" {
			d.para("%s", sentence(said))
		}
		if note := text.English.Message(r.Note); note != "" {
			d.para("%s", sentence(line(note)))
		}
		d.para("What to do: %s", d.o.Advice(r))
		if d.e.Status != porting.Rejected {
			continue
		}
		if info.Fix == porting.ByCarrier {
			d.para("Only your carrier can do this. Please arrange it with your carrier.")
		}
		if known := d.plain(r.Patch); len(known) > 0 {
			what := "these values"
			if len(known) == 1 {
				what = "this value"
			}
			d.para("We have found %s: %s.", what, values(known))
		} else if len(info.Fields) > 0 {
			d.para("What to correct on the order: %s.", strings.Join(labelsOf(info.Fields), ", "))
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
	if d.page != "" {
		d.para("Open your order. What we know is filled in there, and you can send the order again in a few minutes.")
		return
	}
	if body := inOrder(values); len(body) > 0 {
		how := "Correct the order:"
		if slices.ContainsFunc(body, func(row [2]string) bool { return row[1] == "…" }) {
			how = "Correct the order. Write the right value in place of each “…”, " +
				"and leave out what is right already:"
		}
		d.para("%s", how)
		d.call("PATCH", d.path(""), body)
		d.para("Then resubmit it:")
	} else {
		d.para("When that is done, resubmit the order:")
	}
	d.call("PATCH", d.path("/status"), [][2]string{{"status", "review"}})
}

// sign shows the two calls that read and sign the LOA.
func (d *draft) sign() {
	if d.page != "" {
		d.para("Open your order. The letter of agency (LOA) is there, to be read and signed.")
		return
	}
	d.para("Read the letter of agency (LOA), add the name and the title of the person who signs, and send it back:")
	d.call("GET", d.path("/loa"), nil)
	d.call("POST", d.path("/loa"), nil)
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
func values(rows [][2]string) string {
	all := make([]string, 0, len(rows))
	for _, row := range rows {
		if row[1] == "" {
			all = append(all, "no "+labelOf(row[0]))
		} else {
			all = append(all, fmt.Sprintf("%s “%s”", labelOf(row[0]), row[1]))
		}
	}
	return strings.Join(all, ", ")
}

// leftOut lists the numbers that don't move, under their reasons.
func (d *draft) leftOut() {
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
	d.heading(leftOutHeading)
	for _, code := range codes {
		d.para("%s: %s %s", few(tns[code]), code.Info().Meaning, code.Info().Do)
	}
}

const leftOutHeading = "Numbers that are left out"

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
		d.para("You have until %s. Each change that you make to the order gives you another %s. Without a change, "+
			"the order ends at that time.",
			at, d.life())
	} else {
		d.para("You have until %s. After that the order is cancelled, and no fee is charged.", at)
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
		return "today"
	case 1:
		return "tomorrow"
	default:
		return "in " + plural(left, "day")
	}
}

func (d *draft) life() string { return plural(d.Rules.LifeDays, "day") }

// carrier names the losing carrier, as it stands within a sentence.
func (d *draft) carrier() string {
	for _, name := range []string{d.o.Details.Provider, d.o.Carrier.Name} {
		if name != "" {
			return name
		}
	}
	return "your carrier"
}

func (d *draft) path(rest string) string { return "/portorders/" + string(d.o.ID) + rest }

// stop ends a sentence: a call of the API follows, or nothing does.
func (d *draft) stop() string {
	if d.page != "" {
		return "."
	}
	return ":"
}

// call shows an API call with the attributes that its body sets, in a mail without a page.
func (d *draft) call(method, path string, attributes [][2]string) {
	if d.page != "" {
		return
	}
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
	switch n := len(reasons) - 1; n {
	case 0:
		return s
	case 1:
		return s + " and one more reason"
	default:
		return fmt.Sprintf("%s and %d more reasons", s, n)
	}
}

// few names the first numbers and counts the rest.
func few(tns []string) string {
	const most = 5
	shown := make([]string, 0, most)
	for _, tn := range tns[:min(most, len(tns))] {
		shown = append(shown, number(tn))
	}
	if len(tns) <= most {
		return strings.Join(shown, ", ")
	}
	return fmt.Sprintf("%s and %d more (%d in all)", strings.Join(shown, ", "), len(tns)-most, len(tns))
}

// number writes a North American number as people do: 206-555-0101. Any other text stays as it is.
func number(tn string) string {
	ten, ok := strings.CutPrefix(tn, "+1")
	if !ok || len(ten) != 10 {
		return tn
	}
	return ten[:3] + "-" + ten[3:6] + "-" + ten[6:]
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

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
