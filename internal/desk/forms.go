package desk

import (
	"slices"
	"strings"

	"portway/internal/account"
	"portway/internal/porting"
)

// form is how a person gives a decision on an order: its name on the buttons, what it does, and what is asked before.
type form struct {
	action, title string
	does          string // shown above the fields
	confirm       string // asked before it is done
	// sample is a decision as the form would give it, by which is found whether the decision is open.
	sample Action
	fields func(s *screen, o porting.Order) []markup
}

// forms are the decisions in the order of their buttons.
var forms = []form{
	{action: "approve", title: "Approve", confirm: "Send the order to the carrier again?",
		does: "The order goes to the carrier as it is now. No further fee is taken. An order that waits for the comparison with the " +
			"carrier's record counts as right as it is."},
	{action: "reject", title: "Reject", confirm: "Give the order back to the customer with these reasons?", fields: rejectFields,
		does:   "The order goes back to the customer, who is told of the reasons by mail and has 45 days to correct it.",
		sample: Action{Reasons: []Reason{{Code: porting.OtherReason}}}},
	{action: "retry", title: "Try again", confirm: "Have it tried again now?",
		does: "What the desk was asked about is tried again, and the carrier is asked at once."},
	{action: "record", title: "Enter an answer", confirm: "Take this as the carrier's answer?", fields: recordFields,
		does:   "What the carrier has said by phone or mail counts like an answer through the peer. Read the order's PON and the date back to the person.",
		sample: Action{Outcome: "date"}},
	{action: "comment", title: "Comment", confirm: "Send the comment to the customer?", fields: textFields,
		does:   "The customer reads the comment, and is told of it by webhook. It answers the customer's own comments.",
		sample: Action{Text: "Hello."}},
	{action: "settle_comment", title: "No answer needed", confirm: "Take the customer's comment off the list?",
		does: "The customer's comment leaves the work list without an answer."},
	{action: "accept_bill", title: "Accept the bill", confirm: "Take the bill as a proof that the customer holds the account?",
		does: "The newest bill counts as one of the account, which unlocks the carrier's record."},
	{action: "object", title: "Object", confirm: "Object to the carrier's refusal?",
		does: "The objection that is prepared is sent, or counts as told: the carrier may not refuse for this reason. The customer is told " +
			"that we contest the refusal."},
	{action: "escalate", title: "Escalate", confirm: "Bring the objection to the next step?",
		does: "The objection goes to the next step of its ladder, such as the supervisor at the carrier's port centre."},
	{action: "drop_objection", title: "Drop the objection", confirm: "End the objection?",
		does: "The objection ends, and the refusal counts."},
	{action: "go_without", title: "Go on without them", confirm: "Go on without the numbers that did not move?",
		does: "The numbers that did not move leave the order, which is complete then. They go back to the customer on an order of their " +
			"own, or are left out where the customer has agreed to that."},
	{action: "decide_dispute", title: "Decide the dispute", confirm: "Give the numbers to this side for good?", fields: disputeFields,
		does: "The side that you choose gets the numbers. Both customers are told, and neither learns who the other one is. If the asking " +
			"side gets them, the other order's request is cancelled at its carrier first.",
		sample: Action{Outcome: string(porting.Asking), Text: "So it is."}},
	{action: "open_case", title: "Port is doubted", confirm: "Open a case, and ask the customer for papers?", fields: caseFields,
		does: "Somebody says that a number was taken without them, or the old carrier asks for the LOA. The evidence is put together at " +
			"once (its file lies with the documents), the customer is asked for papers, and a clock runs.",
		sample: Action{Outcome: string(porting.RaisedByHolder), Who: "by mail"}},
	{action: "close_case", title: "Close the case", confirm: "Close the case this way?", fields: closeFields,
		does: "The customer is told whether the port was authorised. A case that ends as returned begins the numbers' way back at once: you " +
			"are asked to have our partner send them back, within the 24 hours after their activation if these are not over.",
		sample: Action{Outcome: string(porting.CaseAuthorised), Text: "So it is."}},
	{action: "ask_papers", title: "Ask for papers", confirm: "Give both sides two more business days to show papers?",
		does: "Both customers are asked for a recent bill or another document that shows who holds the numbers."},
	{action: "snapback", title: "Take back", confirm: "Has the holder of the numbers asked for it?", fields: textFields,
		does:   "The holder wants the numbers back at the carrier that had them. Until 24 hours after their activation our staff can arrange it there.",
		sample: Action{Text: "Asked for."}},
	{action: "snapped_back", title: "They went back", confirm: "Have the numbers gone back?",
		does: "The numbers are in service at the carrier that had them again. The order stays completed."},
	{action: "refuse_snapback", title: "They stay", confirm: "Do the numbers stay with us?", fields: textFields,
		does: "The numbers can't go back. The customer is told why.", sample: Action{Text: "Too late."}},
	{action: "switch_again", title: "Ask the switch again", confirm: "Have the switch asked again now?",
		does: "Our switch is asked again for what it has refused, or could not be reached for."},
	{action: "served_by_hand", title: "Done by hand", confirm: "Have you done it, and made a test call to each number that has moved?",
		does: "What our switch does not do counts as done. For numbers that have moved the customer is told that calls arrive, so make " +
			"a test call to each of them first."},
	{action: "take_up", title: "Take up", confirm: "Go on with the request that the carrier has?",
		does: "The order goes on with the request that the carrier has accepted, as if it had never been given back."},
	{action: "release", title: "Free the numbers", confirm: "Has the carrier said that the request has ended?",
		does: "The carrier has told you that the request has ended. The numbers of the ended order are free then."},
	{action: "finish_change", title: "Change is made", confirm: "Has the carrier taken the change?",
		does: "The carrier has taken the change that the customer asked for. Its fee is charged, and the customer is told."},
	{action: "refuse_change", title: "Change is refused", confirm: "Tell the customer that the change is not made?", fields: refuseFields,
		does:   "The order stays as it was before the change, and the customer is told why. Nothing is charged.",
		sample: Action{Text: "The carrier does not agree."}},
	{action: "hard_cancel", title: "Call off", confirm: "Call the port off for good?", fields: cancelFields,
		does:   "The order ends, and the carrier is told to drop its request. It can't be undone.",
		sample: Action{Text: "Asked for.", Force: true}},
}

// allForms are the forms of all decisions on an order and beside it.
func allForms() []form { return slices.Concat(forms, requestForms, changeForms, markForms) }

// codes are the reasons with which an order can be given back.
func codes() []choice {
	all := []choice{{"", "none"}}
	for _, r := range porting.Reasons {
		all = append(all, choice{string(r.Code), r.Title + " (" + string(r.Code) + ")"})
	}
	return all
}

// canned are texts that a person begins with, beside those of the reasons.
var canned = []choice{{"chased", "We have asked the carrier again and expect its answer within one business day."},
	{"waiting", "Your order is with the carrier. You need not do anything now."}, {"thanks", "Thank you. We go on with your order."},
	{"later", "We look into it and write again tomorrow."}}

func textFields(s *screen, o porting.Order) []markup {
	all := []choice{{"", "choose"}}
	for _, c := range canned {
		all = append(all, choice{c.value, c.label})
	}
	for _, r := range porting.Reasons {
		all = append(all, choice{string(r.Code), r.Title})
	}
	if s.call.Insert {
		s.insert()
	}
	return []markup{selectField("canned", "Begin with a text", s.typed("canned"), "", all),
		s.see("Insert the text", Call{View: "order", Order: o.ID, Form: s.call.Form, Insert: true}), areaField("text", "Your words, as the customer reads them", s.typed("text"), s.wrong("text"))}
}

// insert puts the text that was chosen behind what was typed.
func (s *screen) insert() {
	chosen := s.typed("canned")
	words := ""
	if i := slices.IndexFunc(canned, func(c choice) bool { return c.value == chosen }); i >= 0 {
		words = canned[i].label
	} else if info := porting.ReasonCode(chosen).Info(); string(info.Code) == chosen {
		words = info.Meaning + " " + info.Do
	}
	if words == "" {
		return
	}
	s.call.Context.Forms.All["pd-text"] = strings.TrimSpace(s.typed("text") + " " + words)
	s.call.Context.Forms.All["pd-canned"] = ""
}

func rejectFields(s *screen, _ porting.Order) []markup {
	all := codes()
	parts := []markup{selectField("code1", "Reason", s.typed("code1"), s.wrong("reasons", "reasons/0/code"), all),
		selectField("code2", "Second reason", s.typed("code2"), s.wrong("reasons/1/code"), all),
		textField("numbers", "Only these numbers, with commas between; empty means the whole order", s.typed("numbers"), s.wrong("numbers")),
		areaField("text", "Your words to the customer, beside those of the reason", s.typed("text"), s.wrong("text"))}
	return parts
}

func recordFields(s *screen, o porting.Order) []markup {
	port, _ := o.Last(porting.AskPort)
	return []markup{
		el("p", "The request is "+string(port.PON)+" at "+port.Peer+"."),
		selectField("outcome", "What the carrier said", s.typed("outcome"), s.wrong("outcome"), []choice{{"", "choose"},
			{"date", "It agrees to a date (FOC)"}, {"refused", "It refuses the request"}, {"completed", "The numbers have moved"}}),
		textField("who", "Who said it, and how: a name, by phone or mail", s.typed("who"), s.wrong("who"), maxLength(80)),
		textField("date", "The agreed date, such as 2027-01-05", s.typed("date"), s.wrong("date"), maxLength(10)),
		selectField("code1", "The reason of a refusal", s.typed("code1"), s.wrong("reasons", "reasons/0/code"), codes()),
		areaField("text", "The carrier's words", s.typed("text"), s.wrong("text"))}
}

func refuseFields(s *screen, _ porting.Order) []markup {
	return []markup{areaField("text", "Why, as the customer reads it", s.typed("text"), s.wrong("text"))}
}

func caseFields(s *screen, _ porting.Order) []markup {
	return []markup{
		selectField("outcome", "Who doubts the port", s.typed("outcome"), s.wrong("outcome"), []choice{{"", "choose"},
			{string(porting.RaisedByHolder), "The holder of the number"}, {string(porting.RaisedByCarrier), "The carrier that had it"}}),
		textField("who", "Who wrote or called, and how to reach that person", s.typed("who"), s.wrong("who"), maxLength(80)),
		textField("numbers", "Only these numbers, with commas between; empty means the whole order", s.typed("numbers"), s.wrong("numbers"))}
}

func closeFields(s *screen, _ porting.Order) []markup {
	return []markup{
		selectField("outcome", "How the case ends", s.typed("outcome"), s.wrong("outcome"), []choice{{"", "choose"},
			{string(porting.CaseAuthorised), "The port was authorised"}, {string(porting.CaseReturned), "It was not authorised, and the numbers go back"}}),
		areaField("text", "Why, as the customer reads it", s.typed("text"), s.wrong("text"))}
}

func disputeFields(s *screen, _ porting.Order) []markup {
	return []markup{
		selectField("outcome", "Who gets the numbers", s.typed("outcome"), s.wrong("outcome"), []choice{{"", "choose"},
			{string(porting.Asking), "This order, which asks for them"}, {string(porting.Holding), "The other order, which holds them"}}),
		areaField("text", "Why, as the customer of this order reads it", s.typed("text"), s.wrong("text"))}
}

func cancelFields(s *screen, o porting.Order) []markup {
	fee := "Calling the port off costs the customer nothing."
	sample := porting.HardCancel{By: porting.StaffBy("AB"), Why: "Asked for.", Force: true}
	if after, _, err := s.Book.Preview(o, sample); err == nil && after.CancelFee > 0 {
		fee = "The account pays " + account.InDollars(after.CancelFee) + " for it, since the carrier has had the request."
	}
	parts := []markup{el("p", el("strong", fee)), areaField("text", "Why, as the customer reads it", s.typed("text"), s.wrong("text"))}
	if s.Book.Rules.Frozen(o, s.now) {
		parts = append(parts, selectField("force", "The numbers move on "+string(o.FOC)+", and the carrier takes no change any more. Cancel on our side all the same?",
			s.typed("force"), s.wrong("force"), []choice{{"", "no"}, {"yes", "yes, the port may happen all the same"}}))
	}
	return parts
}

// typed is what the person had typed into a field.
func (s *screen) typed(name string) string { return s.call.Context.form(name) }

// wrong is what is wrong with a field, by the names that the faults have for it.
func (s *screen) wrong(names ...string) string {
	var all []string
	for _, f := range s.faults {
		if slices.Contains(names, f.Field) {
			all = append(all, f.Message)
		}
	}
	return strings.Join(all, " ")
}

// actionBar shows the decisions that are open, and why the others are not.
func (s *screen) actionBar(o porting.Order) markup {
	var open, ours, shut []markup
	for _, f := range markForms {
		if f.action != "bring_back" || s.marked.Later.After(s.now) {
			ours = append(ours, s.see(f.title, Call{View: "order", Order: o.ID, Form: f.action}))
		}
	}
	for _, f := range slices.Concat(forms, requestForms, changeForms) {
		if err := s.tries(f, o); err != nil {
			shut = append(shut, el("li", el("strong", f.title+": "), porting.Plain(err)))
			continue
		}
		open = append(open, s.see(f.title, Call{View: "order", Order: o.ID, Form: f.action}))
	}
	parts := []markup{el("div", at("role", "group"), at("aria-label", "Decisions"), open, s.see("Reload", Call{View: "order", Order: o.ID})),
		el("div", at("role", "group"), at("aria-label", "Among ourselves"), ours)}
	if len(shut) > 0 {
		parts = append(parts, more("What is not open now, and why", el("ul", shut)))
	}
	return section("Decide", parts...)
}

// tries says whether a decision is open on the order as it stands, by the rules that would carry it out.
func (s *screen) tries(f form, o porting.Order) error {
	by := porting.StaffBy("AB")
	if f.action == "record" {
		if _, ok := o.Last(porting.AskPort); !ok {
			return porting.Errorf(porting.WrongStatus, "No carrier has a request of the order.")
		}
		for _, outcome := range []string{"date", "refused", "completed"} {
			if cmds := s.Book.Rules.Hear(o, answer(s.Book.Rules, o, Action{Outcome: outcome, Date: "2099-01-01"}, s.now), byPhone("AB"), s.now); len(cmds.Commands) > 0 {
				return nil
			}
		}
		return porting.Errorf(porting.WrongStatus, "The order does not wait for an answer of the carrier.")
	}
	if _, asks := wishes[f.action]; asks {
		if _, ok := s.offer(f.action, o); !ok {
			return porting.Errorf(porting.WrongStatus, "The order is %s, and this can't be asked for now.", strings.ReplaceAll(string(o.Status), "_", " "))
		}
		return nil
	}
	if slices.ContainsFunc(requestForms, func(r form) bool { return r.action == f.action }) {
		if err := possible(f.action, o); err != nil || f.action != "ask_document" {
			return err
		}
	}
	cmd, err := actions[f.action](by, f.sample, o)
	if err != nil {
		return err
	}
	if err := s.Book.Try(o, cmd); err != nil {
		return err
	}
	return nil
}

// formOf shows the form of the decision that was chosen: what it does, its fields, and the button that carries it out. The
// button carries the version that the person sees.
func (s *screen) formOf(o porting.Order) markup {
	all := allForms()
	i := slices.IndexFunc(all, func(f form) bool { return f.action == s.call.Form })
	if i < 0 {
		return ""
	}
	f := all[i]
	parts := []markup{el("p", f.does)}
	for _, fault := range s.faults {
		if fault.Field == "" || fault.Field == "version" {
			parts = append(parts, el("p", class("wrong"), fault.Message))
		}
	}
	if f.fields != nil {
		parts = append(parts, f.fields(s, o)...)
	}
	initials := s.typed("initials")
	if initials == "" {
		initials = s.call.Initials
	}
	d := decision{Action: f.action, Order: o.ID, Version: o.Version, Desk: s.self, Sure: s.sure}
	label := f.title
	if s.sure {
		label = "Send as written"
	}
	parts = append(parts, textField("initials", "Your initials", initials, s.wrong("initials"), maxLength(4)),
		button(label, "btn-primary", s.act, f.confirm, d))
	if _, onOrder := actions[f.action]; onOrder {
		parts = append(parts, s.see("Preview", Call{View: "order", Order: o.ID, Form: f.action, Preview: true}))
		if s.call.Preview {
			parts = append(parts, s.preview(f, o))
		}
	}
	parts = append(parts, s.see("Close", Call{View: "order", Order: o.ID}))
	return el("div", class("note"), at("role", "group"), at("aria-label", f.title), el("h3", f.title), parts)
}

// decision is what a button sends to the function that carries decisions out. The fields of the form come beside it.
type decision struct {
	Action  string          `json:"action"`
	Order   porting.OrderID `json:"order,omitempty"`
	Version int64           `json:"version,omitempty"`
	Kind    any             `json:"kind,omitempty"`
	Desk    string          `json:"desk"`
	Sure    bool            `json:"sure,omitempty"`
}

// fill puts what was typed into the decision of a button.
func (a *Action) fill(c *Context) {
	a.Initials, a.Text = c.form("initials"), c.form("text")
	switch a.Action {
	case "reject":
		numbers := numbersOf(c.form("numbers"))
		for _, name := range []string{"code1", "code2"} {
			if code := c.form(name); code != "" {
				a.Reasons = append(a.Reasons, Reason{Code: porting.ReasonCode(code), Text: a.Text, Numbers: numbers})
			}
		}
	case "record":
		a.Outcome, a.Date, a.Who = c.form("outcome"), porting.Date(c.form("date")), c.form("who")
		if code := c.form("code1"); code != "" {
			a.Reasons = []Reason{{Code: porting.ReasonCode(code)}}
		}
	case "decide_dispute", "close_case":
		a.Outcome = c.form("outcome")
	case "open_case":
		a.Outcome, a.Who = c.form("outcome"), c.form("who")
		a.Numbers = numbersOf(c.form("numbers"))
	case "hard_cancel", "take":
		a.Force = c.form("force") == "yes"
	case "exclude":
		a.Numbers, a.Force = numbersOf(c.form("numbers")), c.form("force") == "yes"
		if code := c.form("code1"); code != "" {
			a.Reasons = []Reason{{Code: porting.ReasonCode(code)}}
		}
	case "correct", "ask_document":
		a.Field = c.form("field")
	case "reroute":
		a.Peer = c.form("peer")
	case "hand_over":
		a.Who = c.form("who")
	case "change_date", "expedite":
		a.Date, a.Outcome, a.Fee = porting.Date(c.form("date")), c.form("outcome"), c.form("fee")
	case "give_back":
		a.Fee = c.form("fee")
	case "put_off":
		a.Date = porting.Date(c.form("date"))
	}
}
