package desk

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"portway/internal/match"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// How much of an order one screen shows, so that an answer stays below 200 KB.
const (
	eventsShown  = 60
	numbersShown = 200
	mailsShown   = 10
	notesShown   = 20
)

// order makes the screen of an order.
func (s *screen) order(id porting.OrderID) markup {
	o, err := s.Book.Store.Load(s.ctx, id)
	if porting.Is(err, porting.NotFound) {
		s.fail("There is no order %s.", id)
		return s.list()
	}
	if err != nil {
		return s.trouble(err)
	}
	found, err := s.Book.Store.Search(s.ctx, id, orders.Search{Limit: eventsShown})
	if err != nil {
		return s.trouble(err)
	}
	var mails []orders.Mail
	var sent []orders.SentMail
	if !o.Sandbox {
		if sent, _, err = s.Lists.SentMails(s.ctx, id, "", mailsShown); err != nil {
			return s.trouble(err)
		}
	} else {
		if mails, _, err = s.Lists.Mails(s.ctx, id, 0, mailsShown); err != nil {
			return s.trouble(err)
		}
	}
	var notes []Note
	if s.marked, notes, err = s.Marks.Notes(s.ctx, id, notesShown); err != nil {
		return s.trouble(err)
	}
	return s.orderScreen(o, found, mails, sent, notes)
}

// orderScreen makes the screen of an order of what was read.
func (s *screen) orderScreen(o porting.Order, found orders.Found, mails []orders.Mail, sent []orders.SentMail, notes []Note) markup {
	return el("div",
		s.heading(o), s.actionBar(o), s.formOf(o), s.deskSection(notes), s.glance(o),
		s.disputes(o),
		s.reasons(o, found.Events),
		s.facts(o),
		section("Timeline", s.timeline(o, found.Events)),
		s.attempts(o),
		s.carrierProfile(o),
		s.numbers(o),
		s.clocks(o),
		s.documents(o),
		s.history(found),
		s.mails(o, found.Events, mails, sent),
		s.money(o),
		s.links(o),
	)
}

// heading says how the order stands, whose turn it is and why, and what is promised.
func (s *screen) heading(o porting.Order) markup {
	status := strings.ReplaceAll(string(o.Status), "_", " ")
	if o.Status == porting.Review {
		status = "in review"
	}
	parts := []markup{el("h2", fmt.Sprintf("Order %s is %s", o.ID, status))}
	who := map[porting.Turn]string{porting.TurnNobody: "Nobody has to do anything.", porting.TurnCustomer: "It is the customer's turn.",
		porting.TurnStaff: "It is our turn.", porting.TurnCarrier: "It is the carrier's turn.",
		porting.TurnCalendar: "The agreed day is waited for."}[o.Turn()]
	if o.Sandbox {
		who += " The order is a sandbox's: simulated carriers answer it."
	}
	parts = append(parts, el("p", who))
	for _, w := range s.Book.Rules.Waits(o) {
		r := row{waiting: waiting{tab: string(w.Queue)}, head: orders.Head{Order: o}}
		parts = append(parts, el("div", class("note"), el("p", el("strong", s.asked(r))),
			el("p", "Since ", s.when(w.Since), ". Due: ", s.due(w.By))))
	}
	return el("div", parts)
}

// glance shows the order's main facts.
func (s *screen) glance(o porting.Order) markup {
	var facts [][]markup
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, []markup{plain(name), plain(value)})
		}
	}
	facts = append(facts, []markup{plain("Customer"), s.see(string(o.Account), Call{View: "account", Account: o.Account})})
	add("Customer's reference", o.Details.Alias)
	add("Losing carrier", strings.TrimSpace(o.Carrier.Name+" "+o.Carrier.SPID))
	add("Class", strings.ReplaceAll(string(o.Class), "_", " "))
	add("Numbers", strconv.Itoa(len(o.Numbers)))
	add("Wished day", string(o.Details.Desired))
	add("Wished time", string(o.Details.DesiredTime))
	add("Agreed day", string(o.FOC))
	add("Agreed time", string(o.FOCTime))
	add("Split off from", string(o.SplitOffFrom))
	add("Version", strconv.FormatInt(o.Version, 10))
	return section("At a glance", table("The order's main facts", []string{"Fact", "Value"}, facts))
}

// reasons shows why the order was refused, with the carrier's raw words, and what the customer has changed since.
func (s *screen) reasons(o porting.Order, events []porting.Event) markup {
	of, changed, at := o.Reasons, map[string]bool{}, time.Time{}
	for _, e := range events {
		switch e.Kind {
		case porting.WasRejected, porting.Refused:
			if len(e.Reasons) > 0 {
				of, changed, at = e.Reasons, map[string]bool{}, e.At
			}
		case porting.Edited, porting.Corrected, porting.Repaired:
			for name := range strings.SplitSeq(e.Message.Args["fields"], ",") {
				changed[strings.TrimSpace(name)] = true
			}
			for _, m := range e.Message.List {
				changed[m.Args["field"]] = true
			}
		case porting.DocumentKept, porting.LOARenewed, porting.Signed:
			changed["a document"] = true
		}
	}
	if len(o.Reasons) > 0 {
		of = o.Reasons
	}
	if len(of) == 0 {
		return ""
	}
	var rows [][]markup
	for _, r := range of {
		info := r.Code.Info()
		said := strings.TrimSpace(r.Raw + " " + r.Said)
		if said == "" {
			said = text.English.Staff(r.Note)
		} else if !r.Note.IsZero() {
			said += " (" + text.English.Staff(r.Note) + ")"
		}
		answered := "not answered yet"
		if slices.ContainsFunc(info.Fields, func(f string) bool { return changed[f] }) || len(info.Papers) > 0 && changed["a document"] {
			answered = "answered"
		}
		patch := ""
		for _, name := range slices.Sorted(maps.Keys(r.Patch)) {
			patch += text.English.Field(name) + ": " + r.Patch[name] + ". "
		}
		rows = append(rows, []markup{
			plain(string(r.Code)), plain(info.Title + ". " + info.Meaning), plain(said), plain(strings.Join(some(r.Numbers, 5), ", ")),
			plain("By the " + string(info.Fix) + ". " + info.Do + " " + patch), plain(answered),
		})
	}
	caption := "The last reasons"
	if !at.IsZero() {
		caption += ", of " + s.clock(at)
	}
	var since []string
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if name != "" {
			since = append(since, text.English.Field(name))
		}
	}
	note := "Nothing was changed since then."
	if len(since) > 0 {
		note = "Changed since then: " + strings.Join(since, ", ") + "."
	}
	return section("Why it was refused", table(caption, []string{"Code", "Meaning", "The carrier's own words", "Numbers", "Fix", "Since then"}, rows),
		el("p", note), s.changes(o))
}

// changes shows the details that the customer has changed since the order was given back, before and now.
func (s *screen) changes(o porting.Order) markup {
	var rows [][]markup
	for _, name := range slices.Sorted(maps.Keys(o.ChangedFrom)) {
		row, ok := porting.DetailRow(name)
		before, now := plain(o.ChangedFrom[name]), plain(row.Value(o.Details))
		switch {
		case !ok:
			continue
		case row.Seal != "":
			before, now = plain("not shown"), plain("given anew, not shown")
		case before == now:
			now += plain(" (as before)")
		}
		rows = append(rows, []markup{plain(text.English.Field(name)), before, now})
	}
	if len(rows) == 0 {
		return ""
	}
	return table("What the customer has changed since", []string{"Detail", "Before", "Now"}, rows)
}

// some returns the first n of all, with how many are left out.
func some(all []string, n int) []string {
	if len(all) <= n {
		return all
	}
	return append(slices.Clone(all[:n]), fmt.Sprintf("%d more", len(all)-n))
}

// facts shows what the customer gave beside what the carrier has on its record. Secrets are masked on both sides.
func (s *screen) facts(o porting.Order) markup {
	record, known := o.Record()
	verdicts := map[string]match.Field{}
	if known {
		d, r := o.Details, record.Record
		mine := match.Side{Name: d.BillingName, Company: d.Company, Street: d.Street, Street2: d.Street2, City: d.City, State: d.State,
			Zip: d.Zip, Country: d.Country, BTN: d.BillingNumber, Numbers: o.Active()}
		theirs := match.Side{Name: r.Name, Street: r.Street, City: r.City, State: r.State, Zip: r.Zip, Country: d.Country, BTN: r.BTN,
			Numbers: r.Numbers}
		for _, f := range match.Compare(mine, theirs) {
			verdicts[f.Name] = f
		}
	}
	words := map[match.Verdict]string{match.Equal: "equal", match.Equivalent: "the same but for its form", match.Differs: "differs",
		match.Absent: "the record is silent"}
	var rows [][]markup
	for _, row := range porting.DetailRows() {
		value, onRecord, verdict := row.Value(o.Details), "", ""
		if row.Seal != "" {
			if row.Secret(&o.Details).IsSet() {
				value = "given, not shown"
			}
			if row.Name == "provider_account" && known {
				onRecord = "none"
				if record.Record.AccountNumber.IsSet() {
					onRecord = "there is one, not shown"
				}
				if o.Proof.By == porting.ProofAccount {
					verdict = "matches"
				}
			}
		} else if f, ok := verdicts[row.Name]; ok && known {
			onRecord, verdict = f.Carrier, words[f.Verdict]
			if f.Verdict == match.Absent {
				onRecord = ""
			}
		}
		if value+onRecord == "" {
			continue
		}
		said := markup("")
		switch verdict {
		case "":
		case words[match.Differs]:
			said = sign("late", verdict)
		case words[match.Absent]:
			said = sign("", verdict)
		default:
			said = sign("same", verdict)
		}
		name := text.English.Field(row.Name)
		name = strings.ToUpper(strings.TrimPrefix(name, "the ")[:1]) + strings.TrimPrefix(name, "the ")[1:]
		rows = append(rows, []markup{plain(name), plain(value), plain(onRecord), said})
	}
	caption := "No record of the carrier is there to compare with"
	if known {
		caption = "The order beside the carrier's record (CSR) of " + s.clock(record.Answered)
	}
	proof := "The customer has not proven to hold the account."
	if o.Proof.Given() {
		proof = "The customer has proven to hold the account, by " + strings.ReplaceAll(string(o.Proof.By), "_", " ") + "."
	}
	parts := []markup{table(caption, []string{"Field", "Order", "Record", "Verdict"}, rows), el("p", proof)}
	if f, ok := verdicts["numbers"]; ok {
		note := fmt.Sprintf("%d other numbers stay on the account.", f.Extra)
		if len(f.Missing) > 0 {
			note += " Not on the record: " + strings.Join(some(f.Missing, 10), ", ") + "."
		}
		parts = append(parts, el("p", note))
	}
	if sig := o.Signature; !sig.At.IsZero() {
		parts = append(parts, el("p", fmt.Sprintf("The LOA was signed by %s, %s, on %s.", sig.Name, sig.Title, s.clock(sig.At))))
	}
	return section("Facts", parts...)
}

// attempts shows what was asked of peers, and their raw words.
func (s *screen) attempts(o porting.Order) markup {
	if len(o.Attempts) == 0 {
		return ""
	}
	var rows [][]markup
	for _, a := range slices.Backward(o.Attempts) {
		what := "Port"
		if a.Kind == porting.AskCSR {
			what = "CSR"
		}
		if a.Sup != porting.SupNew {
			what += fmt.Sprintf(", supplement %d", a.Sup)
		}
		state := string(a.State)
		if state == "" {
			state = "not answered"
		}
		rows = append(rows, []markup{plain(what), plain(fmt.Sprintf("%s, version %d", a.PON, a.Version)), plain(strings.TrimSpace(a.Peer + " " + a.Ref)),
			s.when(a.Sent), s.when(a.Answered), plain(state), plain(a.Said)})
	}
	return section("Requests", table("What was asked of peers, the newest first",
		[]string{"Asked for", "PON", "Peer and its id", "Sent", "Answered", "State", "Raw words"}, rows))
}

// stages are the stages of a number as the screen of an order has them.
var stages = map[porting.Stage]string{
	porting.StageTaking: "takes part", porting.StageCarrier: "is with the carrier", porting.StageDated: "has a date",
	porting.StageActive: "is ours", porting.StageFailed: "did not move", porting.StageSnappedBack: "has gone back",
	porting.StageExcluded: "was left out", porting.StageEnded: "did not move, the order has ended",
}

// calls says what our switch does with a number, as the screen of an order has it.
var calls = map[porting.Calls]string{
	porting.CallsPreparing: "the switch is to prepare it", porting.CallsPrepared: "the switch is prepared",
	porting.CallsTesting: "the switch is taking its calls", porting.CallsRefused: "the switch refuses it",
	porting.CallsArriving: "calls arrive", porting.CallsEnded: "the switch has let it go",
}

func (s *screen) numbers(o porting.Order) markup {
	var all []markup
	for i, n := range o.Numbers {
		if i == numbersShown {
			all = append(all, el("li", fmt.Sprintf("and %d more", len(o.Numbers)-i)))
			break
		}
		stage, since := o.StageOf(n)
		state := stages[stage]
		if n.Reason != "" {
			state += ": " + n.Reason.Info().Title
		}
		if words, ok := calls[n.Provision.Calls()]; ok {
			state += "; " + words
			if n.Provision.Reason != "" {
				state += " (" + n.Provision.Reason + ")"
			}
		}
		all = append(all, el("li", shown(n.TN)+" "+state+", ", s.when(since)))
	}
	list := el("ul", all)
	if len(o.Numbers) > 10 {
		list = more(fmt.Sprintf("%d numbers", len(o.Numbers)), list)
	}
	return section("Numbers", list)
}

// clocks shows what happens next by itself.
func (s *screen) clocks(o porting.Order) markup {
	names := map[porting.DueKind]string{porting.DueClock: "The customer is reminded, or the order ends", porting.DuePapers: "A paper runs out",
		porting.DueCheck: "The carrier is asked how the request stands", porting.DueDriver: "We look whether the state machine still runs"}
	type next struct {
		what string
		at   time.Time
	}
	var all []next
	for kind, at := range o.Due {
		if what := names[kind]; what != "" {
			all = append(all, next{what, at})
		}
	}
	if !o.FOCAt.IsZero() && o.Status == porting.Accepted {
		all = append(all, next{"The numbers move", o.FOCAt})
	}
	if end := s.Book.Rules.End(o); !end.IsZero() {
		all = append(all, next{"The order ends if the customer does nothing", end})
	}
	slices.SortFunc(all, func(a, b next) int { return a.at.Compare(b.at) })
	var rows [][]markup
	for _, n := range all {
		rows = append(rows, []markup{plain(n.what), s.when(n.at)})
	}
	if len(rows) == 0 {
		return ""
	}
	return section("Next", table("What happens by itself", []string{"What", "When"}, rows))
}

func (s *screen) documents(o porting.Order) markup {
	if len(o.Documents) == 0 {
		return ""
	}
	var rows [][]markup
	for _, d := range o.Documents {
		name := plain(d.Name)
		if d.State == porting.DocumentComplete && d.Digest != "" {
			of := d.Of
			if of == "" {
				of = o.ID
			}
			name = link(d.Name, s.Links.file("kept/"+string(o.Account)+"/"+string(of)+"/"+d.Digest))
		}
		state := string(d.State)
		if !d.Why.IsZero() {
			state += ": " + text.English.Staff(d.Why)
		}
		rows = append(rows, []markup{name, plain(string(d.Kind)), plain(string(d.Dated)), plain(state), s.when(d.Added)})
	}
	return section("Documents", table("Opened in S3", []string{"Name", "Kind", "Dated", "State", "Added"}, rows))
}

// history shows what happened, the newest first, and which of it the customer reads.
func (s *screen) history(found orders.Found) markup {
	var all []markup
	for _, e := range slices.Backward(found.Events) {
		who := string(e.By.Role)
		if e.By.Name != "" {
			who += " " + e.By.Name
		}
		reads := "The customer does not see this."
		if e.Comment {
			reads = "The customer reads this."
		}
		all = append(all, el("li", s.when(e.At), " ", el("strong", text.English.StaffEvent(e)), " ",
			el("span", class("quiet"), "By "+who+". "+reads)))
	}
	parts := []markup{el("ol", all)}
	if found.Earlier != (orders.Seq{}) {
		parts = append(parts, el("p", class("quiet"), fmt.Sprintf("The latest %d entries; the earlier ones are in the table.", len(found.Events))))
	}
	return section("History, the newest first", parts...)
}

// fates are what has become of a mail, in the words of the screen, and the shape beside them.
var fates = map[orders.MailFate]struct{ kind, word string }{
	orders.MailSending: {"", "is being sent"}, orders.MailSent: {"same", "was sent"}, orders.MailDelivered: {"same", "was delivered"},
	orders.MailRefused: {"late", "was refused by our mail service"}, orders.MailBounced: {"late", "bounced"},
	orders.MailComplained: {"late", "was complained of as spam"},
}

// mails shows the mails that were sent with what has become of each, and the text of those of a sandbox, which are kept.
func (s *screen) mails(o porting.Order, events []porting.Event, kept []orders.Mail, sent []orders.SentMail) markup {
	var all []markup
	for _, m := range slices.Backward(sent) {
		about := m.Subject
		i := slices.IndexFunc(events, func(e porting.Event) bool { return e.Version == m.Version && slices.Contains(porting.Mailed(), e.Kind) })
		if about == "" && i >= 0 {
			about = "Mail about: " + text.English.Event(events[i])
		}
		to := ""
		if m.To != "" {
			to = " To " + m.To + "."
		}
		fate := fates[m.Fate]
		parts := []markup{s.when(m.At), plain(" "), el("strong", about), plain(to + " "), sign(fate.kind, fate.word)}
		if !m.FateAt.IsZero() {
			parts = append(parts, plain(", "), s.when(m.FateAt))
		}
		if body := s.mailText(o, events, i); body != "" {
			parts = append(parts, more("Its text, as it would be written today", el("p", class("lines"), body)))
		}
		all = append(all, el("li", parts))
	}
	for _, m := range slices.Backward(kept) {
		all = append(all, el("li", s.when(m.At), " Kept, not sent: "+m.Subject, more("Its text", el("p", class("lines"), m.Text))))
	}
	if len(all) == 0 {
		return ""
	}
	return section("Mails", el("ul", all))
}

// mailText writes the text of a mail anew, since a mail that was sent is in its reader's mailbox alone.
func (s *screen) mailText(o porting.Order, events []porting.Event, i int) string {
	if i < 0 || s.Mail == nil {
		return ""
	}
	e := events[i]
	e.Effects = []porting.Effect{porting.SendMail} // which has followed
	_, body, ok := s.Mail(e, o)
	if !ok {
		return ""
	}
	return body
}

func (s *screen) money(o porting.Order) markup {
	if o.PortFee+o.CancelFee+o.ChangeFees == 0 {
		return section("Money", el("p", "Nothing was charged yet."))
	}
	return section("Money", el("p", fmt.Sprintf("Charged for the port: $%s. For cancelling: $%s. For changes: $%s. Given back: $%s.",
		o.PortFee, o.CancelFee, o.ChangeFees, o.Refunded+o.Returned)))
}

func (s *screen) links(o porting.Order) markup {
	all := []markup{el("li", link("The log lines of this order", s.Links.logs(o.ID))), el("li", link("The items of this order", s.Links.items(o.ID)))}
	for run := o.Driver.Run; run > 0 && o.Driver.Machine != porting.NoMachine; run = 0 {
		account := string(o.Account)
		name := fmt.Sprintf("%s-%s-%s-%d", account[:min(len(account), 32)], o.ID, o.Driver.Machine, run)
		all = append([]markup{el("li", link("Its execution, "+name, s.Links.execution(o.Driver.Machine, name)))}, all...)
	}
	return section("In the console", el("ul", all))
}

// station is a point of the timeline.
type station struct {
	label string
	at    time.Time
	kind  string // empty for the past, now, planned
}

// timeline draws what happened, where the order is now, and what is planned.
func (s *screen) timeline(o porting.Order, events []porting.Event) markup {
	labels := map[porting.EventKind]string{porting.Created: "created", porting.Signed: "signed", porting.Passed: "submitted",
		porting.AttemptSent: "asked", porting.RecordReceived: "record came", porting.Refused: "refused", porting.WasRejected: "given back",
		porting.Resubmitted: "resubmitted", porting.Approved: "approved", porting.WasAccepted: "date agreed", porting.FOCMoved: "date moved",
		porting.FOCLost: "date lost", porting.WasCompleted: "completed", porting.HardCancelled: "called off", porting.WasCancelled: "cancelled",
		porting.WasAbandoned: "abandoned", porting.Expired: "ended"}
	var all []station
	for _, e := range events {
		if label := labels[e.Kind]; label != "" {
			all = append(all, station{label: label, at: e.At})
		}
	}
	if len(all) > 7 {
		all = all[len(all)-7:]
	}
	if o.Status.Live() {
		all = append(all, station{"now: " + string(o.Status), s.now, "now"})
	}
	if !o.FOCAt.IsZero() && o.Status == porting.Accepted {
		all = append(all, station{"numbers move", o.FOCAt, "planned"})
	}
	if end := s.Book.Rules.End(o); !end.IsZero() {
		all = append(all, station{"ends by itself", end, "planned"})
	}
	return drawing(all, s.zone, s.width() < 700)
}

// drawing draws stations in a row, or below each other where the room is narrow.
func drawing(all []station, zone *time.Location, narrow bool) markup {
	var parts []markup
	const step = 110
	num := strconv.Itoa
	title := el("title", "The order's life: what happened, now, and what is planned")
	if narrow {
		height := 34 * len(all)
		parts = append(parts, el("line", at("x1", "12"), at("y1", "16"), at("x2", "12"), at("y2", num(max(16, height-18)))))
		for i, st := range all {
			y := 16 + 34*i
			parts = append(parts, el("circle", class(st.kind), at("cx", "12"), at("cy", num(y)), at("r", "6")),
				el("text", at("x", "28"), at("y", num(y+4)), st.label+", "+st.at.In(zone).Format("Jan 2, 2006 15:04")))
		}
		return el("svg", class("line"), at("viewBox", "0 0 360 "+num(max(34, height))), at("role", "img"), title, parts)
	}
	width := step * max(1, len(all))
	parts = append(parts, el("line", at("x1", num(step/2)), at("y1", "20"), at("x2", num(width-step/2)), at("y2", "20")))
	for i, st := range all {
		x := num(step/2 + step*i)
		parts = append(parts, el("circle", class(st.kind), at("cx", x), at("cy", "20"), at("r", "7")),
			el("text", at("x", x), at("y", "46"), at("text-anchor", "middle"), st.label),
			el("text", class("when"), at("x", x), at("y", "62"), at("text-anchor", "middle"), st.at.In(zone).Format("Jan 2, 15:04")))
	}
	return el("svg", class("line"), at("viewBox", "0 0 "+num(width)+" 70"), at("style", "max-width:"+num(width)+"px"), at("role", "img"), title, parts)
}
