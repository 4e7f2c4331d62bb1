package mail

import (
	"strconv"

	"portway/internal/porting"
)

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
