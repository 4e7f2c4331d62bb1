package mail

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"portway/internal/porting"
	"portway/internal/text"
)

// mails writes the mails, one for each kind of event that the customer is told of.
var mails = map[porting.EventKind]func(*draft){
	porting.Created:         (*draft).created,
	porting.Commented:       (*draft).commented,
	porting.Corrected:       (*draft).corrected,
	porting.NumberExcluded:  (*draft).excluded,
	porting.DayAnnounced:    (*draft).dayBefore,
	porting.WasRejected:     (*draft).rejected,
	porting.Expired:         (*draft).expired,
	porting.NotPortable:     (*draft).notPortable,
	porting.Reminded:        (*draft).reminded,
	porting.RenewalAsked:    (*draft).renewal,
	porting.Passed:          (*draft).passed,
	porting.Approved:        (*draft).passed,
	porting.AttemptSent:     (*draft).anotherDay,
	porting.WasAccepted:     (*draft).accepted,
	porting.FOCMoved:        (*draft).moved,
	porting.Parted:          (*draft).partlyMoved,
	porting.WasCompleted:    (*draft).completed,
	porting.CallsCame:       (*draft).callsArrive,
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

// draft is a mail being written. Its sentences are English, and are written in the reader's language by the catalogue.
type draft struct {
	Composer
	words  *text.Catalogue
	e      porting.Event
	o      porting.Order
	about  string // what the subject says before the numbers
	page   string // the address of the order's page for the mail's reader; empty for a mail that shows calls
	blocks []block
}

// link puts the button to the page behind the first sentences. Its words are the one thing that is wanted.
func (d *draft) link() {
	if d.page == "" {
		return
	}
	words := d.say("Open your order")
	switch {
	case d.e.Kind == porting.WasRejected, d.e.Kind == porting.Reminded && d.e.Status == porting.Rejected:
		words = d.say("See what is wrong, and correct it")
	case d.e.Kind == porting.Created, d.e.Kind == porting.Reminded, d.e.Kind == porting.RenewalAsked && d.e.Paper != porting.Bill:
		words = d.say("Read and sign")
	case d.e.Kind == porting.RenewalAsked:
		words = d.say("Send us the bill")
	case d.e.Kind == porting.Commented:
		words = d.say("Answer our porting desk")
	}
	at := min(2, len(d.blocks))
	d.blocks = slices.Insert(d.blocks, at, block{as: button, text: words, link: d.page})
}

func (d *draft) created() {
	d.subject("read and sign the letter of agency")
	d.heading("Your port order waits for your signature")
	d.para("We have the order to move your numbers from {carrier} to us. Nothing is sent to {carrier} before you have signed the "+
		"letter of agency (LOA).", "carrier", d.carrier())
	d.facts()
	d.sign()
	d.heading("What happens next")
	d.para("Once you have signed, we check the order and send it to {carrier}. Keep your service there until the numbers have moved.",
		"carrier", d.carrier())
	d.deadline(d.end())
}

// commented tells the words of our staff, which the mail shows behind its first sentence.
func (d *draft) commented() {
	d.subject("our porting desk has written to you")
	d.heading("Our porting desk has written to you")
	d.para("There is a new comment on your port order.")
	d.blocks = append(d.blocks, block{as: quote, text: d.words.Event(d.e)})
	d.facts()
	d.heading("What happens next")
	d.para("If we have asked you something, please answer in a comment on the order. Else you need not do anything.")
	d.call("POST", d.path("/comments"), "comment", [][2]string{{"text", "…"}})
}

// corrected tells what we have changed on the order by the carrier's record.
func (d *draft) corrected() {
	d.subject("we have corrected the order")
	d.heading("We have corrected the order")
	d.para("The order differed from the record that {carrier} has of the account. As you have allowed, we have corrected it, so that it "+
		"is not refused.", "carrier", d.carrier())
	d.facts()
	d.heading("What has changed")
	d.own(d.words.Event(d.e))
	d.heading("What happens next")
	d.para("The order goes on with the corrected values. If one of them is wrong, write to our porting desk in a comment on the order.")
}

// excluded tells which numbers are left out; the others go on.
func (d *draft) excluded() {
	tns := porting.Listed(d.e.Message.Args["numbers"])
	d.subject("{n|count number} left out, the others go on", "n", strconv.Itoa(len(tns)))
	d.heading("The order goes on without some numbers")
	d.para("Some numbers can't be ported as the order stands. The others go on, and you need not do anything for them.")
	d.facts()
	d.heading("Numbers that are left out")
	d.own(d.words.Event(d.e))
	d.heading("What happens next")
	d.para("The numbers that are left out stay at {carrier}, and stay in service there.", "carrier", d.carrier())
}

// dayBefore tells what to have ready before the numbers move.
func (d *draft) dayBefore() {
	d.subject("your numbers move on {day}, what to have ready", "day", d.day(d.e.FOC))
	d.heading("Your numbers move on {day}", "day", d.day(d.e.FOC))
	d.para("{who} lets the numbers go on that day. Please read what to have ready.", "who", first(d.carrier()))
	d.facts()
	d.heading("What to have ready")
	d.para("1. Set up your phones or lines with us, and choose where calls to each number go.")
	d.para("2. Enter the emergency address (E911) of each number, so that 911 finds you.")
	d.para("3. Keep your service at {carrier} until we tell you that the numbers have moved, and do not cancel it yourself.", "carrier", d.carrier())
	d.para("4. Have somebody there who can make a test call from and to each number once they have moved.")
	d.leftOut()
	d.heading("What happens next")
	d.para("We send you a mail when the move is complete. Calls may fail for some minutes while the numbers move.")
}

func (d *draft) rejected() {
	d.subject("rejected: {reasons}", "reasons", d.titles(d.open(d.e.Reasons)))
	d.heading("Your port order was rejected")
	carriers := slices.ContainsFunc(d.e.Reasons, func(r porting.Reason) bool { return r.Raw != "" })
	switch {
	case d.e.Before == porting.Processing:
		d.para("We checked the order before sending it to {carrier}, and something has to be corrected first. "+
			"Nothing has been sent to the carrier, and no fee has been charged.", "carrier", d.carrier())
	case d.e.Before == porting.Review:
		d.para("We have reviewed your corrections. Something still has to be corrected before the order can go to {carrier}.",
			"carrier", d.carrier())
	case !carriers:
		d.para("The numbers can't be ported as the order stands, and we could not resolve this without you.")
	default:
		d.para("{who} does not release the numbers as the order stands, and we could not resolve this without you.",
			"who", first(d.carrier()))
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
	days := strconv.Itoa(d.Rules.LifeDays)
	if d.e.Before == porting.Rejected {
		d.subject("abandoned after {n|count day} without activity", "n", days)
		d.para("The order was rejected, and for {n|count day} it was neither corrected nor resubmitted. It is now abandoned, "+
			"and nothing more is sent to {carrier}.", "n", days, "carrier", d.carrier())
		d.facts()
		d.reasons(d.o.Reasons)
	} else {
		d.subject("cancelled, because it was not submitted within {n|count day}", "n", days)
		d.para("The order was not submitted within {n|count day} of its creation, so it is now cancelled. Nothing was sent to "+
			"{carrier}, and no fee was charged.", "n", days, "carrier", d.carrier())
		d.facts()
	}
	d.heading("What happens next")
	d.para("Nothing changes at your carrier: the numbers stay there, and stay in service. " +
		"You can't open this order again, but it stays in your history. To port the numbers, make a new order.")
	d.again()
}

func (d *draft) notPortable() {
	d.subject("cancelled, because the numbers can't be ported to us")
	d.heading("The numbers can't be ported to us")
	d.para("Neither we nor any of our porting partners can take the numbers of this order, so it is now cancelled. "+
		"Nothing was sent to {carrier}, and no fee was charged.", "carrier", d.carrier())
	d.facts()
	d.reasons(d.e.Reasons)
	d.heading("What happens next")
	d.para("Nothing changes at your carrier: the numbers stay there, and stay in service. If you think that this is " +
		"wrong, check the numbers again.")
	d.raw("POST", "/portorders/portability", `{"numbers": `+d.numbersJSON()+`}`)
}

func (d *draft) reminded() {
	d.heading("Your port order waits for you")
	if d.e.Status == porting.Rejected {
		d.subject("ends {when} unless you resubmit it", "when", d.when())
		d.para("The order was rejected and has not been resubmitted. It ends {when}.", "when", d.when())
		d.facts()
		d.reasons(d.o.Reasons)
		d.fix(d.o.Reasons)
	} else {
		d.subject("ends {when} unless you submit it", "when", d.when())
		d.para("The order has been created but not submitted, so nothing has been sent to {carrier}. It ends {when}.",
			"carrier", d.carrier(), "when", d.when())
		d.facts()
		d.heading("How to submit it")
		d.sign()
	}
	d.heading("What happens next")
	d.deadline(d.end())
	d.para("If you no longer want to port these numbers, you need not do anything.")
}

func (d *draft) renewal() {
	until := d.day(porting.DateOf(d.e.Ends.In(d.Rules.Calendar.Location())))
	still := d.e.Ends.After(d.e.At)
	isBill := d.e.Paper == porting.Bill
	switch {
	case isBill && still:
		d.subject("please send us a recent bill")
		d.heading("Please send us a recent bill")
		d.para("Carriers accept the bill only while it is recent, and yours is good until {until}. Your order goes on meanwhile. "+
			"If it has to be sent to {carrier} again after that day, it needs a newer bill.", "until", until, "carrier", d.carrier())
	case isBill:
		d.subject("please send us a recent bill")
		d.heading("Please send us a recent bill")
		d.para("Carriers accept the bill only while it is recent, and yours was good until {until}. Before the order can be "+
			"sent to {carrier} again, it needs a newer bill.", "until", until, "carrier", d.carrier())
	case still:
		d.subject("please sign the letter of agency again")
		d.heading("Please sign the letter of agency again")
		d.para("Carriers accept the letter of agency (LOA) only while it is recent, and yours is good until {until}. Your order goes on "+
			"meanwhile. If it has to be sent to {carrier} again after that day, it needs a newer LOA.", "until", until, "carrier", d.carrier())
	default:
		d.subject("please sign the letter of agency again")
		d.heading("Please sign the letter of agency again")
		d.para("Carriers accept the letter of agency (LOA) only while it is recent, and yours was good until {until}. Before the order can "+
			"be sent to {carrier} again, it needs a newer LOA.", "until", until, "carrier", d.carrier())
	}
	d.facts()
	if isBill {
		d.heading("How to send it")
		d.para("Add the bill to the order's documents, and say on which day it was issued.")
		d.upload()
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

// passed tells that the order goes to the carrier, and before that where the carrier asks the holder of the number.
func (d *draft) passed() {
	holder := slices.ContainsFunc(d.e.Message.List, func(m porting.Message) bool { return m.Key == porting.MsgHolderAsked })
	switch {
	case holder:
		d.subject("the holder has to answer a message")
		d.heading("The holder of the number has to answer a message")
		d.para("The order goes to {carrier}.", "carrier", d.carrier())
		d.more()
	case d.e.Kind == porting.Approved:
		d.subject("approved, it goes to the carrier again")
		d.heading("We have approved your corrections")
		d.para("The order goes to {carrier} again.", "carrier", d.carrier())
	default:
		d.subject("it goes to the carrier")
		d.heading("Your port order goes to the carrier")
		d.para("The order has passed our checks and goes to {carrier}.", "carrier", d.carrier())
		if d.e.Charge > 0 {
			d.para("The port fee is {fee}. It was charged to your account.", "fee", d.words.Money(int64(d.e.Charge)))
		}
	}
	d.facts()
	d.leftOut()
	d.heading("What happens next")
	if holder {
		d.para("If the holder does not answer in time, or says no, the order comes back to you, and you can resubmit it.")
		return
	}
	d.para("{who} answers with the day on which the numbers move, or says what is wrong. We send you a mail either way. "+
		"Keep your service there until the numbers have moved.", "who", first(d.carrier()))
}

// anotherDay tells of a request for another day than the customer's.
func (d *draft) anotherDay() {
	asked := d.say("another day")
	for _, m := range d.e.Message.List {
		if date := m.Args["date"]; date != "" {
			asked = d.day(porting.Date(date))
		}
	}
	d.subject("asked for {day}, not for the day that you wished", "day", asked)
	d.heading("We have asked for {day}", "day", asked)
	d.para("The request was sent to {carrier}.", "carrier", d.carrier())
	d.more()
	d.facts()
	d.heading("What happens next")
	d.para("{who} confirms this day or gives another one, and we send you a mail when it does. You need not do anything.",
		"who", first(d.carrier()))
	d.para("If that day does not suit you, write to our porting desk in a comment on the order.")
}

// disputed tells of a dispute with another account about numbers, of which the mail tells nothing.
func (d *draft) disputed() {
	until := d.day(porting.DateOf(d.e.Ends.In(d.Rules.Calendar.Location())))
	papers := false
	switch d.e.Kind {
	case porting.DisputeOpened:
		d.subject("your dispute is open, add papers by {day}", "day", until)
		papers = true
	case porting.NumbersContested, porting.PapersAsked:
		d.subject("a dispute about your numbers, add papers by {day}", "day", until)
		papers = true
	case porting.NumbersYielded:
		d.subject("numbers go to another request")
	case porting.DisputeDecided:
		d.subject("your dispute is decided")
	default:
		d.subject("the dispute about your numbers is over")
	}
	d.title()
	d.own(d.words.Event(d.e))
	d.facts()
	if papers {
		d.heading("How to add a paper")
		d.para("Add a bill of the account, and say on which day it was issued.")
		d.upload()
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
		d.para("You see how the dispute stands at the order.")
		d.raw("GET", d.path("/disputes"), "")
	}
}

// doubted tells of a port that somebody doubts, without a word about who does.
func (d *draft) doubted() {
	until := d.day(porting.DateOf(d.e.Ends.In(d.Rules.Calendar.Location())))
	open := d.e.Kind == porting.CaseOpened
	if open {
		d.subject("your port is doubted, add papers by {day}", "day", until)
	} else {
		d.subject("it was decided whether your port was authorised")
	}
	d.title()
	d.own(d.words.Event(d.e))
	d.facts()
	if !open {
		return
	}
	d.heading("How to add a paper")
	d.para("Add a bill of the account, or another document that shows that the holder of the numbers wanted the port.")
	d.upload()
	d.heading("What happens next")
	d.para("The letter of agency that was signed here is part of the evidence already. Our staff decides by that day. If nothing " +
		"shows that the port was authorised, the numbers go back.")
}

// more adds the further sentences of what the event tells to the last paragraph.
func (d *draft) more() {
	last := &d.blocks[len(d.blocks)-1]
	for _, m := range d.e.Message.List {
		last.text += " " + d.words.Message(m)
	}
}

func (d *draft) accepted() {
	d.subject("accepted, your numbers move on {day}", "day", d.day(d.e.FOC))
	d.heading("Your numbers move on {day}", "day", d.day(d.e.FOC))
	d.para("{who} has accepted the order and has confirmed this date (the FOC date).", "who", first(d.carrier()))
	d.more()
	d.facts()
	d.leftOut()
	d.untilTheDay()
}

func (d *draft) moved() {
	if d.e.Message.Key == porting.MsgHourMoved {
		d.subject("new time, your numbers move on {day}", "day", d.day(d.e.FOC))
		d.heading("The time of the move has changed")
		d.para("The day stays {day}. The order stays accepted, and you need not do anything.", "day", d.day(d.e.FOC))
		d.more()
		d.facts()
		d.leftOut()
		d.untilTheDay()
		return
	}
	d.subject("new date, your numbers move on {day}", "day", d.day(d.e.FOC))
	d.heading("The new date is {day}", "day", d.day(d.e.FOC))
	d.para("The date on which your numbers move has changed. The order stays accepted, and you need not do anything.")
	d.more()
	d.facts()
	d.leftOut()
	d.untilTheDay()
}

func (d *draft) untilTheDay() {
	d.heading("What happens next")
	d.para("Keep your service at {carrier} until the numbers have moved: a number that is disconnected earlier can't be "+
		"ported. On the day itself the numbers move to us, and we send you a mail when the move is complete.", "carrier", d.carrier())
	if d.page == "" {
		d.para("Until then you can choose where the calls go:")
		d.raw("PATCH", d.path(""), body("portorder", `"presets": {"primary_route_id": "…"}`))
		d.para("To call off the port or to ask for another date, ask for a change. A fee may apply, and within two business days of the " +
			"date it is usually too late.")
		d.change()
		return
	}
	d.para("To call off the port or to ask for another date, write to our porting desk on the page of the order. A fee may apply, and " +
		"within two business days of the date it is usually too late.")
}

// cancelled tells the end of an order that its customer or our staff has cancelled, with the fee.
func (d *draft) cancelled() {
	d.subject("cancelled")
	d.heading("Your port order is cancelled")
	switch {
	case d.e.Kind != porting.HardCancelled && d.e.Status == porting.Cancelled:
		d.para("The order is cancelled. Nothing was sent to {carrier}.", "carrier", d.carrier())
	case d.e.Kind != porting.HardCancelled:
		d.para("The rejected order is cancelled. Nothing more is sent to {carrier}.", "carrier", d.carrier())
	case d.e.Message.Key == porting.MsgCancelConfirmed:
		d.para("{who} has confirmed the cancellation. The numbers stay there.", "who", first(d.carrier()))
	case d.o.Withdrawing:
		d.para("The order is cancelled after it had been submitted. We have asked {carrier} to drop the request, and tell you if the numbers "+
			"move all the same.", "carrier", d.carrier())
	default:
		d.para("The order is cancelled after it had been submitted.")
	}
	d.facts()
	if d.e.Charge > 0 {
		d.para("The fee for the cancellation is {fee}. It was charged to your account.", "fee", d.words.Money(int64(d.e.Charge)))
	} else {
		d.para("No fee was charged for the cancellation.")
	}
	if d.e.Refund > 0 {
		d.para("{fee} of the port fee comes back to your account.", "fee", d.words.Money(int64(d.e.Refund)))
	}
	d.heading("What happens next")
	d.para("Keep paying for your service at {carrier}: the numbers stay there, and stay in service. To port them after all, make a "+
		"new order.", "carrier", d.carrier())
	d.again()
}

// dateLost tells that the carrier has withdrawn its date.
func (d *draft) dateLost() {
	d.subject("the carrier has withdrawn the date")
	d.heading("Your numbers do not move on the agreed date")
	d.para("{who} has withdrawn the date on which your numbers were to move. The order is with the carrier again.", "who", first(d.carrier()))
	d.facts()
	d.heading("What happens next")
	d.para("We resolve this with the carrier, and send you a mail when there is a new date or when you have to do something. "+
		"Keep your service at {carrier} until then.", "carrier", d.carrier())
}

// changeDone tells that the carrier has taken a change.
func (d *draft) changeDone() {
	d.subject("the change is made")
	d.heading("The change is made")
	d.own(d.words.Event(d.e))
	d.facts()
	d.leftOut()
	d.heading("What happens next")
	d.para("The order goes on with the change. You need not do anything.")
}

// changeRefused tells that a change was not made.
func (d *draft) changeRefused() {
	d.subject("the change was not made")
	d.heading("The change was not made")
	d.own(d.words.Event(d.e))
	d.facts()
	d.heading("What happens next")
	d.para("Nothing was charged for the change. You can ask for another one.")
	d.change()
	if d.e.Status == porting.Accepted {
		d.para("If the numbers move all the same, they can go back to the old carrier for 24 hours. Ask for a snapback then.")
	}
}

func (d *draft) completed() {
	d.subject("completed, your numbers are in service with us")
	d.heading("Your numbers are in service with us")
	d.para("The port from {carrier} is complete.", "carrier", d.carrier())
	d.more()
	d.facts()
	d.leftOut()
	d.heading("What happens next")
	switch {
	case d.o.CallsArrive():
		d.para("The carrier has confirmed the move, and a test call to each number has arrived with us.")
	case d.Rules.HasSwitch(d.o):
		d.para("The carrier has confirmed the move. Our switch is taking the calls now and tries each number by a test call. We write again " +
			"when the calls arrive.")
	default:
		d.para("The carrier has confirmed the move. We route the calls of the numbers apart from the port, and nobody has made a test call " +
			"yet: call each number once, and call from it.")
	}
	d.para("If a number does not work and its holder asks for it, it can go back to {carrier} for 24 hours after its move.", "carrier", d.carrier())
	d.call("POST", d.path("/snapback"), "snapback", [][2]string{{"holder_asks", "true"}, {"reason", "…"}})
	d.services()
	d.para("The port ends the service of these numbers at {carrier}, but not your account there. Whatever else is on the "+
		"account stays until you cancel it.", "carrier", d.carrier())
}

// partlyMoved tells which numbers work, and that the service of the others must stay.
func (d *draft) partlyMoved() {
	failed := porting.Listed(d.e.Message.Args["numbers"]) // as of the event: they may have moved since
	moved, waiting := porting.Without(d.o.In(porting.Ported), failed), d.o.In(porting.Taking)
	if len(failed) > 0 {
		d.subject("{n|count number} did not move, keep the service at your carrier", "n", strconv.Itoa(len(failed)))
		d.heading("Some of your numbers did not move")
	} else {
		d.subject("some of your numbers have moved")
		d.heading("Some of your numbers have moved")
	}
	d.para("These numbers have moved and are in service with us: {numbers}.", "numbers", d.few(moved))
	if len(failed) > 0 {
		d.para("These numbers did not move with them: {numbers}.", "numbers", d.few(failed))
	}
	if len(waiting) > 0 {
		d.para("These numbers have yet to move: {numbers}.", "numbers", d.few(waiting))
	}
	d.facts()
	d.heading("What happens next")
	d.para("Keep the service of the numbers that have not moved at {carrier}: they work there as before, and a number that is "+
		"disconnected can't be ported.", "carrier", d.carrier())
	if len(failed) > 0 {
		d.para("Our staff calls {carrier} about them. You need not do anything. We send you a mail when they have moved, or when "+
			"they need something from you.", "carrier", d.carrier())
	} else {
		d.para("You need not do anything. We send you a mail when the move is complete.")
	}
}

// services tells what is promised of emergency calls, the caller's name and messages, as far as our switch has said.
func (d *draft) services() {
	said := d.o.Features()
	switch said.E911 {
	case porting.FeatureReady:
		d.para("The address for emergency calls (E911) is set for each number. Check that it is right before anybody calls 911.")
	case porting.FeatureNone:
		if d.o.Kind == porting.Local {
			d.para("These numbers have no emergency calls (E911) with us: do not call 911 from them.")
		}
	default:
		if d.o.Kind == porting.Local {
			d.para("Check the emergency address (E911) of each number before anybody calls 911 from it.")
		}
	}
	switch {
	case said.Messaging == porting.FeatureReady:
		d.para("Text messages work already.")
	case said.Messaging == porting.FeatureNone:
		d.para("Text messages are not part of the service of these numbers.")
	case said.Messaging == porting.FeaturePending || d.o.Kind == porting.Local:
		d.para("Text messages usually follow 3 to 5 days later.")
	}
	if d.o.Kind != porting.Local || d.o.Presets.CNAM == "" {
		return
	}
	if said.CNAM == porting.FeatureReady {
		d.para("Your caller name (CNAM) is shown already.")
	} else {
		d.para("It takes 5 to 7 business days until your caller name (CNAM) is shown.")
	}
}

// callsArrive tells that a test call to each number has arrived.
func (d *draft) callsArrive() {
	d.subject("calls to your numbers arrive with us")
	d.heading("Calls to your numbers arrive with us")
	d.para("A test call to each number that you have ported from {carrier} has arrived with us.", "carrier", d.carrier())
	d.facts()
	d.heading("What happens next")
	d.para("You need not do anything on the order. Call from each number once, too: only you can try that.")
	d.services()
}

// wentBack tells which numbers are at their old carrier again.
func (d *draft) wentBack() {
	tns := porting.Listed(d.e.Message.Args["numbers"])
	d.subject("{n|count number} went back to your carrier", "n", strconv.Itoa(len(tns)))
	d.heading("Numbers went back to your carrier")
	d.para("As the holder has asked, these numbers are in service at {carrier} again: {numbers}.", "carrier", d.carrier(), "numbers", d.few(tns))
	d.facts()
	d.heading("What happens next")
	d.para("The order stays completed, and you need not do anything on it. To port the numbers again, make a new order.")
	d.again()
}

// snapbackRefused tells that numbers could not go back.
func (d *draft) snapbackRefused() {
	d.subject("your numbers could not go back")
	d.heading("Your numbers stay in service with us")
	d.para("You have asked that these numbers go back to {carrier}: {numbers}. That was not possible.", "carrier", d.carrier(),
		"numbers", d.few(porting.Listed(d.e.Message.Args["numbers"])))
	if why := line(d.e.Message.Args["why"]); why != "" {
		d.own(sentence(unlinked(why)))
	}
	d.facts()
	d.heading("What happens next")
	d.para("The numbers work with us. To move them, have the other carrier order a port.")
}

// facts adds the lines that say which order the mail is about. Of its numbers they list those that still take part. What
// people have typed stands there alone, and in no subject and no sentence.
func (d *draft) facts() {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{d.words.Translate(name), value})
		}
	}
	add("Order", string(d.o.ID))
	add("Name", unlinked(line(d.o.Details.Alias)))
	add("Status", d.status())
	add("Numbers", d.few(d.o.Active()))
	add("Carrier", unlinked(line(d.o.Details.Provider)))
	if d.e.FOC != "" {
		add("Date", d.day(d.e.FOC))
	}
	d.blocks = append(d.blocks, block{as: facts, rows: rows})
}

// statusWords say how an order stands.
var statusWords = map[porting.Status]string{
	porting.Pending: "waits for your signature", porting.Processing: "we check it", porting.Submitted: "is with the carrier",
	porting.Review: "we review it", porting.Accepted: "the date is set", porting.Rejected: "waits for your correction",
	porting.Completed: "in service with us", porting.Cancelled: "cancelled", porting.Abandoned: "ended",
	porting.HardCanceled: "cancelled after it was submitted",
}

func (d *draft) status() string { return d.words.Translate(statusWords[d.e.Status]) }

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
	d.heading("Numbers that are left out")
	for _, code := range codes {
		info := code.Info()
		d.own(d.few(tns[code]) + ": " + d.words.Translate(info.Meaning) + " " + d.words.Translate(info.Do))
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

func (d *draft) path(rest string) string { return "/portorders/" + string(d.o.ID) + rest }

// call shows an API call with the attributes that its body sets, in a mail without a page.
func (d *draft) call(method, path, kind string, attributes [][2]string) {
	rows := make([]string, 0, len(attributes))
	for i := 0; i < len(attributes); i++ {
		outer, inner, nested := strings.Cut(attributes[i][0], "/")
		if !nested {
			rows = append(rows, quoted(outer)+": "+literal(attributes[i][1]))
			continue
		}
		members := []string{quoted(inner) + ": " + literal(attributes[i][1])}
		for ; i+1 < len(attributes) && strings.HasPrefix(attributes[i+1][0], outer+"/"); i++ {
			members = append(members, quoted(strings.TrimPrefix(attributes[i+1][0], outer+"/"))+": "+literal(attributes[i+1][1]))
		}
		rows = append(rows, quoted(outer)+": {"+strings.Join(members, ", ")+"}")
	}
	d.raw(method, path, body(kind, strings.Join(rows, ",\n  ")))
}

// literal writes a value of a body.
func literal(value string) string {
	if value == "true" {
		return value
	}
	return quoted(line(value))
}

// body is the body of a call that gives attributes to a resource.
func body(kind, attributes string) string {
	return `{"data": {"type": "` + kind + `", "attributes": {` + "\n  " + attributes + "\n}}}"
}

// raw shows an API call whole, with the content type of its body, in a mail without a page.
func (d *draft) raw(method, path, body string) {
	if d.page != "" {
		return
	}
	text := method + " " + d.API + path
	if body != "" {
		text += "\nContent-Type: application/json\n\n" + body
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
