package mail

import (
	"slices"

	"portway/internal/porting"
)

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
