package page

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portway/internal/link"
	"portway/internal/porting"
	"portway/internal/text"
)

// manyNumbers is from how many numbers on a list is folded.
const manyNumbers = 12

func showStatus(_ context.Context, v *visit) (reply, error) { return v.status(http.StatusOK, "", "") }

// status is the page itself. A comment that was not taken stands in its field again, with the problem.
func (v *visit) status(code int, problem, typed string) (reply, error) {
	o := v.order
	print := v.rest == "print"
	heading := v.Say(headings[o.Status])
	var page []markup
	if done := doneWords[v.in.QueryStringParameters["done"]]; done != "" {
		page = append(page, el("p", class("done"), at("role", "status"), v.Say(done)))
	}
	if problem != "" {
		page = append(page, v.problems([]mistake{{"text", problem}}))
	}
	page = append(page, el("h1", heading), para(v.summary()))
	if o.Sandbox {
		page = append(page, el("p", class("note"), v.Say("This order is a trial. Simulated carriers answer it, and no number moves.")))
	}
	page = append(page, v.panel(), v.next(), v.steps(), v.facts(), v.asked(), v.numbers(print), v.disputes(), v.documents(), v.messages(problem, typed, print))
	if !print {
		page = append(page, v.ways())
	}
	return v.show(code, frame{title: heading, wrong: problem != ""}, page...)
}

// summary says in a sentence or two what the order waits for.
func (v *visit) summary() string {
	o := v.order
	if !o.Desk.IsZero() && !o.Status.Terminal() {
		return v.Say("A person at our porting desk is looking at your order. There is nothing for you to do.")
	}
	return v.Say(summaries[o.Status], "day", string(o.FOC))
}

// panel has the one thing that is wanted now; nothing where nothing is, or where the link does not allow it.
func (v *visit) panel() markup {
	var verb link.Verb
	var title, said, label string
	proof := func(until time.Time) {
		verb, title, label = link.Upload, v.Say("Show that the numbers are yours"), v.Say("Send a document")
		said = v.Say("Somebody else says that the numbers are theirs, or doubts this port. A recent bill of the account shows that they "+
			"are yours. Our staff decides after {time}; who has shown nothing by then usually loses the numbers.", "time", v.time(until))
	}
	switch o := v.order; {
	case o.Authority.Open():
		proof(o.Authority.Ends)
	case o.Status.Terminal():
		return ""
	case o.Disputed():
		proof(o.Disputes[slices.IndexFunc(o.Disputes, porting.Dispute.Lives)].Ends)
	case o.Status == porting.Pending:
		verb, title, label = link.Sign, v.Say("Sign the letter of agency"), v.Say("Read and sign")
		said = v.Say("It lets us ask your current carrier for your numbers.")
	case o.Status == porting.Rejected && v.wantsPaper():
		verb, title, label = link.Upload, v.Say("Send us the document that your carrier asks for"), v.Say("Send a document")
		said = v.Say("After that you can send the order again.")
	case o.Status == porting.Rejected:
		verb, title, label = link.Correct, v.Say("Correct the order and send it again"), v.Say("See what is wrong")
		said = v.Say("It takes a few minutes, and costs nothing.")
	case o.Wanted(porting.SignedLOA):
		verb, title, label = link.Sign, v.Say("Sign the letter of agency again"), v.Say("Read and sign")
		said = v.Say("Carriers accept a letter of agency only while it is recent. Your order goes on meanwhile.")
	case o.Wanted(porting.Bill):
		verb, title, label = link.Upload, v.Say("Send us a recent bill"), v.Say("Send a document")
		said = v.Say("Carriers accept a bill only while it is recent. Your order goes on meanwhile.")
	default:
		return ""
	}
	if !v.link.Allows(verb, v.order, v.now) {
		return ""
	}
	if end := v.Book.Rules.End(v.order); !end.IsZero() {
		said += " " + v.Say("Please do it before {time}, when the order ends by itself.", "time", v.time(end))
	}
	return el("section", class("panel"), at("aria-labelledby", "want"), el("h2", at("id", "want"), title), el("p", said),
		el("p", hyperlink(v.path+"/"+string(verb), label, class("button"))))
}

// wantsPaper says that the rejection asks for a document that has not come since.
func (v *visit) wantsPaper() bool {
	return slices.ContainsFunc(v.order.Reasons, func(r porting.Reason) bool {
		return slices.ContainsFunc(r.Code.Info().Papers, func(paper string) bool {
			if paper == porting.SignedLOA {
				return false
			}
			d, ok := v.order.Newest(porting.KindOf(paper))
			return !ok || d.Added.Before(v.order.StatusAt)
		})
	})
}

// next says what happens by itself, the soonest first.
func (v *visit) next() markup {
	o := v.order
	type coming struct {
		at    time.Time
		words string
	}
	var soon []coming
	add := func(at time.Time, english string) {
		if at.After(v.now) {
			soon = append(soon, coming{at, v.Say(english, "time", v.time(at))})
		}
	}
	if !o.Status.Terminal() {
		add(o.Due[porting.DueCheck], nextCheck)
		if o.Status == porting.Accepted {
			add(o.FOCAt, nextMove)
		}
		if o.Status == porting.Pending || o.Status == porting.Rejected {
			add(v.Book.Rules.End(o), nextEnd)
		}
	}
	slices.SortFunc(soon, func(a, b coming) int { return a.at.Compare(b.at) })
	var list []markup
	for _, c := range soon {
		list = append(list, el("li", c.words))
	}
	var out markup
	if len(list) > 0 {
		out = all(el("h2", v.Say("What comes next")), el("ul", list))
	}
	if o.FOC != "" && !o.Status.Terminal() {
		out += all(el("p", hyperlink(v.path+"/date.ics", v.Say("Add the day to your calendar"))))
	}
	return out
}

// What comes next.
const (
	nextCheck = "We ask your carrier how far it is, by {time}."
	nextMove  = "Your numbers move: {time}."
	nextEnd   = "The order ends by itself if nothing is done: {time}."
)

// steps draw how far the port is. Each step has its state as words, too.
func (v *visit) steps() markup {
	states := stepsOf(v.order)
	var list []markup
	now := 0
	for i, state := range states {
		current := ""
		if state == "now" || state == "stopped" {
			now, current = i+1, "step"
		}
		var lines []markup
		if i > 0 {
			lines = append(lines, el("line", class("line"), at("x1", "14"), at("y1", "0"), at("x2", "14"), at("y2", "8")))
		}
		if i < len(states)-1 {
			lines = append(lines, el("line", class("line"), at("x1", "14"), at("y1", "28"), at("x2", "14"), at("y2", "44")))
		}
		lines = append(lines, el("circle", at("cx", "14"), at("cy", "16"), at("r", "9")))
		if state == "done" {
			lines = append(lines, el("path", class("mark"), at("d", "M10 16l3 3 5-6")))
		}
		list = append(list, el("li", class(state+"-s"), at("aria-current", current),
			el("svg", at("viewBox", "0 0 28 44"), at("aria-hidden", "true"), at("focusable", "false"), lines),
			el("span", el("b", v.Say(stepLabels[i])), " ", soft("– "+v.Say(stepStates[state])))))
	}
	title := []any{v.Say("How far your order is")}
	if now > 0 {
		title = append(title, " ", soft(v.Say("(step {n} of {all})", "n", strconv.Itoa(now), "all", strconv.Itoa(len(states)))))
	}
	return all(el("h2", title...), el("ol", class("steps"), list))
}

// stepsOf are the states of the steps as the order stands: done, now, stopped or later.
func stepsOf(o porting.Order) []string {
	at := map[porting.Status]int{porting.Pending: 0, porting.Processing: 1, porting.Submitted: 2, porting.Rejected: 2, porting.Review: 2,
		porting.Accepted: 4, porting.Completed: len(stepLabels)}
	now, lives := at[o.Status]
	if !lives { // it has ended without the move
		now = 2
		if o.Signature.IsZero() {
			now = 0
		}
	}
	states := make([]string, len(stepLabels))
	for i := range states {
		switch {
		case i < now:
			states[i] = "done"
		case i > now:
			states[i] = "later"
		case o.Status == porting.Rejected || !lives:
			states[i] = "stopped"
		default:
			states[i] = "now"
		}
	}
	return states
}

func (v *visit) facts() markup {
	o := v.order
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add(v.Say("Current carrier"), o.Details.Provider)
	add(v.Say("Numbers"), v.count(len(o.Active())))
	add(v.Say("Day that you asked for"), v.Day(o.Details.Desired))
	add(v.Say("Day of the move"), v.Day(o.FOC))
	add(v.Say("Moved on"), v.Day(v.Book.Rules.Done(o)))
	add(v.Say("Order number"), string(o.ID))
	out := all(el("h2", v.Say("Your order")), facts(rows))
	if v.may(link.Date) && v.rest != "print" {
		out += all(el("p", hyperlink(v.path+"/date", v.Say("Choose another day"))))
	}
	return out
}

// count says how many numbers there are.
func (v *visit) count(n int) string { return v.Say("{n|count number}", "n", strconv.Itoa(n)) }

// may says whether the person may do this now: by the order, and by the link.
func (v *visit) may(verb link.Verb) bool {
	lives := !v.order.Status.Terminal()
	open := map[link.Verb]bool{link.Sign: v.signs(), link.Correct: v.corrects(), link.Upload: v.uploads(), link.Date: v.dates(),
		link.Cancel: lives, link.Comment: lives}
	return open[verb] && v.link.Allows(verb, v.order, v.now)
}

// asked lists the changes that were asked for on the way, the newest first.
func (v *visit) asked() markup {
	var list []markup
	for _, ch := range slices.Backward(v.order.Changes) {
		parts := []any{upper(v.Say(changeNames[ch.Kind], "day", string(ch.Date))) + " ", soft("– " + v.Say(changeStates[ch.State]))}
		if ch.Fee > 0 {
			parts = append(parts, el("br"), v.Say("The fee is {money}. It is charged when the change is done.", "money", v.Money(int64(ch.Fee))))
		}
		if said := v.Message(ch.Outcome); said != "" {
			parts = append(parts, el("br"), said)
		}
		list = append(list, el("li", parts...))
	}
	if len(list) == 0 {
		return ""
	}
	return all(el("h2", v.Say("Changes that were asked for")), el("ul", class("list"), list))
}

// numbers lists them with their states. A long list is folded, except for printing.
func (v *visit) numbers(print bool) markup {
	var list []markup
	for _, n := range v.order.Numbers {
		state, why := numberOf(v.order, n)
		parts := []any{text.Number(n.TN) + " ", soft("– " + v.Say(state))}
		if why != "" {
			parts = append(parts, el("br"), v.Translate(why))
		}
		list = append(list, el("li", parts...))
	}
	n := len(list)
	return all(el("h2", v.Say("Numbers")), folded(n > manyNumbers && !print,
		v.Say("Show all {n} numbers", "n", strconv.Itoa(n)), el("ul", class("list"), list)))
}

// numberOf says how one number stands, and why where that is a reason.
func numberOf(o porting.Order, n porting.Number) (state, why string) {
	switch {
	case n.State == porting.Excluded:
		return numberExcluded, n.Reason.Info().Meaning
	case n.State == porting.Ported:
		return numberPorted, ""
	case n.State == porting.Failed:
		return numberFailed, n.Reason.Info().Meaning
	case n.State == porting.SnappedBack:
		return numberBack, ""
	case o.Status.Terminal():
		return numberStays, ""
	}
	return numberMoving, ""
}

// disputes say which numbers somebody else asks for too, and what came of it. They tell nothing of the other side.
func (v *visit) disputes() markup {
	var list []markup
	tell := func(english string, tns []string, args ...string) {
		list = append(list, el("li", v.Say(english, append([]string{"numbers", strings.Join(tns, ",")}, args...)...)))
	}
	for _, d := range v.order.Disputes {
		switch {
		case d.State == porting.DisputeOpen:
			tell("Another request to port {numbers|numbers} exists. Papers that show whose they are are taken until {time}.",
				d.Numbers, "time", v.time(d.Ends))
		case d.State == porting.DisputeMoving && d.Winner == d.Side:
			tell("{numbers|numbers} were decided to be yours, and are on their way to this order.", d.Numbers)
		case d.State == porting.DisputeMoving:
			tell("{numbers|numbers} were decided to be another customer's.", d.Numbers)
		case d.Winner == d.Side:
			tell("The dispute about {numbers|numbers} is over, and was decided for you.", d.Numbers)
		default:
			tell("The dispute about {numbers|numbers} is over.", d.Numbers)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return all(el("h2", v.Say("Whose numbers these are")), el("ul", class("list"), list))
}

func (v *visit) documents() markup {
	var list []markup
	for _, d := range v.order.Documents {
		d = d.As(v.now)
		name := v.Say(documentNames[d.Kind])
		if d.LOA {
			name = v.Say("Letter of agency, as signed")
		}
		what := any(name)
		if d.State == porting.DocumentComplete {
			what = hyperlink(v.path+"/file/"+string(d.ID), name+" (PDF)")
		}
		parts := []any{what, " ", soft("– " + v.Say(documentStates[d.State]))}
		if why := v.Message(d.Why); why != "" {
			parts = append(parts, el("br"), why)
		}
		list = append(list, el("li", parts...))
	}
	out := all(el("h2", v.Say("Documents")))
	if len(list) == 0 {
		out += all(el("p", class("soft"), v.Say("There are none yet.")))
	} else {
		out += all(el("ul", class("list"), list))
	}
	if v.may(link.Upload) && v.rest != "print" {
		out += all(el("p", hyperlink(v.path+"/upload", v.Say("Send us a document"))))
	}
	return out
}

// messages are the comments, the newest first, and the form for another one.
func (v *visit) messages(problem, typed string, print bool) markup {
	out := all(el("h2", at("id", "messages"), v.Say("Messages")))
	if v.may(link.Comment) && !print {
		described, invalid, wrong := "text-hint", "", markup("")
		if problem != "" {
			described, invalid = "text-hint text-wrong", "true"
			wrong = el("span", class("wrong"), at("id", "text-wrong"), problem)
		}
		out += all(v.formOf("comment", el("label", at("for", "text"), v.Say("Write to our porting desk")),
			el("span", class("hint"), at("id", "text-hint"), v.Say("A person reads it. Do not write a PIN or a password here.")), wrong,
			el("textarea", at("id", "text"), at("name", "text"), at("aria-describedby", described), at("aria-invalid", invalid), typed),
			second(v.Say("Send"))))
	}
	for _, e := range slices.Backward(v.comments) {
		mine := ""
		if e.By.Role == porting.Customer {
			mine = " mine"
		}
		out += all(el("div", class("said"+mine), el("b", v.Say(authors[e.By.Role])), " ", soft(v.time(e.At)), "\n", v.Event(e)))
	}
	if len(v.comments) == 0 {
		out += all(el("p", class("soft"), v.Say("There are none yet.")))
	}
	return out
}

// ways lead to everything else that can be done.
func (v *visit) ways() markup {
	var list []markup
	add := func(screen, label string) { list = append(list, el("li", hyperlink(v.path+"/"+screen, label))) }
	if v.may(link.Cancel) {
		add("cancel", v.Say("Cancel this order"))
	}
	if v.backs() {
		add("back", v.Say("Have the numbers moved back to your old carrier"))
	}
	if v.grouped() {
		add("group", v.Say("See all orders of this group"))
	}
	add("settings", v.Say("Language, mail and your link"))
	add("print", v.Say("Show this page for printing"))
	out := all(el("h2", v.Say("More that you can do")), el("ul", class("list"), list))
	if v.link.Return != "" {
		out += all(el("p", hyperlink(v.link.Return, v.Say("Back to where you came from"), at("rel", "noreferrer"))))
	}
	return out
}

// time writes an instant in the zone of the order's numbers.
func (v *visit) time(t time.Time) string { return v.Time(t, v.zone) }

// upper writes a text with a capital at its beginning.
func upper(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
