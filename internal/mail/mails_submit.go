package mail

import (
	"slices"
	"strconv"

	"portway/internal/porting"
)

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
