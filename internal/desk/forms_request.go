package desk

import (
	"slices"
	"strings"

	"portway/internal/nanp"
	"portway/internal/porting"
	"portway/internal/text"
)

// Decisions that change what the carrier is asked for: the order without some numbers, with a corrected detail, or through
// another peer. They are taken while a person is asked, when no machine sends anything. "Try again" then sends the request.

// whileAsked refuses a change of the request while a machine works on it.
func whileAsked(o porting.Order) error {
	if o.Status == porting.Submitted && o.Desk.IsZero() {
		return porting.Errorf(porting.WrongStatus, "The order does not wait for a person. The request can be changed while it does.")
	}
	return nil
}

// leaveOut takes numbers off the order. The customer has to have agreed, in the order or to the person.
func leaveOut(by porting.By, a Action, o porting.Order) (porting.Command, error) {
	if err := whileAsked(o); err != nil {
		return nil, err
	}
	var faults porting.Faults
	code := porting.TNNotPortable
	if len(a.Reasons) > 0 {
		code = a.Reasons[0].Code
	}
	if len(a.Numbers) == 0 {
		faults.Add("numbers", porting.Required, "Name the numbers that are left out.")
	}
	for _, tn := range a.Numbers {
		if !slices.Contains(o.Active(), tn) {
			faults.Add("numbers", porting.Unknown, "Name numbers that take part in the order, such as +12065550101.")
			break
		}
	}
	if !a.Force && !o.LeavesOut(code) {
		faults.Add("force", porting.Required, "The customer has not agreed to go on without numbers. Ask the customer, and say here that the answer was yes.")
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return porting.Exclude{By: by, TNs: a.Numbers, Reason: code}, nil
}

// correct writes another value of a detail, as the carrier has it. What the customer has signed stays: the fault names it.
func correct(by porting.By, a Action, o porting.Order) (porting.Command, error) {
	if err := whileAsked(o); err != nil {
		return nil, err
	}
	row, ok := porting.DetailRow(a.Field)
	if !ok || row.Seal != "" {
		return nil, porting.Faults{{Field: "field", Code: porting.Unknown, Message: "Choose a detail of the order. Account numbers, PINs and digits of an " +
			"SSN are the customer's to correct."}}.Err()
	}
	value := porting.TidyLine(a.Text)
	if was, _ := o.Details.Get(a.Field); was == value {
		return nil, porting.Faults{{Field: "text", Code: porting.NotAllowed, Message: "The order has this value already."}}.Err()
	}
	if takes := o.Details; !takes.Set(a.Field, value) {
		return nil, porting.Faults{{Field: "text", Code: porting.BadFormat, Message: "The detail does not take this value."}}.Err()
	}
	return porting.Correct{By: by, To: o.Details, Patch: map[string]string{a.Field: value}}, nil
}

// reroute sends the order to another peer by a new request.
func reroute(by porting.By, a Action, o porting.Order) (porting.Command, error) {
	if err := whileAsked(o); err != nil {
		return nil, err
	}
	port, asked := o.Last(porting.AskPort)
	switch {
	case o.Kind != porting.Local || !asked:
		return nil, porting.Errorf(porting.WrongStatus, "Only an order of local numbers that a peer has been asked for goes to another peer.")
	case a.Peer == "" || a.Peer == port.Peer:
		return nil, porting.Faults{{Field: "peer", Code: porting.Required, Message: "Choose another peer than " + port.Peer + "."}}.Err()
	}
	return porting.Repair{By: by, Repairs: []porting.RepairKind{porting.OtherPeer}, To: o.Details, Peer: a.Peer}, nil
}

// askDocument asks the customer for a paper, by a comment.
func askDocument(by porting.By, a Action, o porting.Order) (porting.Command, error) {
	what, ok := papers[porting.DocumentKind(a.Field)]
	if !ok {
		return nil, porting.Faults{{Field: "field", Code: porting.Required, Message: "Choose the paper that you ask for."}}.Err()
	}
	words := "Please upload " + what + " to this order."
	if own := porting.TidyLines(a.Text); own != "" {
		words += " " + own
	}
	return porting.Comment{By: by, Text: words}, nil
}

// papers are the kinds of documents that a person may ask for, as the customer reads them.
var papers = map[porting.DocumentKind]string{
	porting.BillDocument: "the latest bill of the account at your carrier", "csr": "your carrier's service record of the account",
	"loa": "the letter of agency, signed by the person whom the carrier knows", "proof": "a document which shows that the account is yours",
}

// requestForms are the forms of these decisions, in the order of their buttons.
var requestForms = []form{
	{action: "exclude", title: "Leave numbers out", confirm: "Leave these numbers out of the order?", fields: leaveOutFields,
		does:   "The numbers leave the order, and the rest goes on. Press “Try again” then, which sends the carrier the changed request.",
		sample: Action{Force: true}},
	{action: "correct", title: "Correct a detail", confirm: "Write this value into the order?", fields: correctFields,
		does: "The order takes the value that the carrier has. Details that the customer has signed are the customer's to correct: give the order " +
			"back for those. Press “Try again” then, which sends the carrier the changed request."},
	{action: "reroute", title: "Another peer", confirm: "Send the order by another peer?", fields: rerouteFields,
		does: "The order goes to the carrier again through another peer, by a new request. Press “Try again” then, which sends it."},
	{action: "ask_document", title: "Ask for a document", confirm: "Ask the customer for it?", fields: documentFields,
		does: "The customer is asked by a comment to upload the document, and is told of it by webhook.", sample: Action{Field: "bill"}},
}

// possible says whether a decision on the request could be taken at all, whatever is typed.
func possible(action string, o porting.Order) error {
	if action == "ask_document" {
		return nil
	}
	if err := whileAsked(o); err != nil {
		return err
	}
	if _, err := reroute(porting.StaffBy("AB"), Action{Peer: " "}, o); action == "reroute" && err != nil {
		return err
	}
	command := map[string]string{"exclude": "Exclude", "correct": "Correct", "reroute": "Repair"}[action]
	if !porting.Open(o.Status, command, porting.Staff) {
		return porting.Errorf(porting.WrongStatus, "The order is %s. The request can be changed while the order is with the carrier.", strings.ReplaceAll(string(o.Status), "_", " "))
	}
	if action == "exclude" && len(o.Active()) < 2 {
		return porting.Errorf(porting.WrongStatus, "The order has one number.")
	}
	return nil
}

func leaveOutFields(s *screen, o porting.Order) []markup {
	parts := []markup{textField("numbers", "Numbers, with commas between", s.typed("numbers"), s.wrong("numbers")),
		selectField("code1", "Why", s.typed("code1"), s.wrong("reasons", "reasons/0/code"), codes()[1:])}
	if o.Details.Unportable != porting.ExcludeUnportable {
		parts = append(parts, selectField("force", "The customer has agreed to go on without them", s.typed("force"), s.wrong("force"),
			[]choice{{"", "not asked yet"}, {"yes", "yes, by comment, mail or phone"}}))
	}
	return parts
}

func correctFields(s *screen, o porting.Order) []markup {
	all := []choice{{"", "choose"}}
	for _, row := range porting.DetailRows() {
		if row.Seal != "" {
			continue
		}
		label := text.English.Field(row.Name)
		if v := row.Value(o.Details); v != "" {
			label += ", now “" + v + "”"
		}
		if row.Signed {
			label += " (signed)"
		}
		all = append(all, choice{row.Name, label})
	}
	return []markup{selectField("field", "Detail", s.typed("field"), s.wrong("field"), all),
		textField("text", "As the carrier has it", s.typed("text"), s.wrong("text"), maxLength(250))}
}

func rerouteFields(s *screen, o porting.Order) []markup {
	port, _ := o.Last(porting.AskPort)
	all := []choice{{"", "choose"}}
	for _, name := range s.Peers {
		if name != port.Peer {
			all = append(all, choice{name, name})
		}
	}
	parts := []markup{selectField("peer", "Peer", s.typed("peer"), s.wrong("peer"), all)}
	if len(all) == 1 {
		parts = append(parts, el("p", "This stack has no other peer for local numbers."))
	}
	return parts
}

func documentFields(s *screen, _ porting.Order) []markup {
	all := []choice{{"", "choose"}}
	for _, kind := range []porting.DocumentKind{porting.BillDocument, "csr", "loa", "proof"} {
		all = append(all, choice{string(kind), papers[kind]})
	}
	return []markup{selectField("field", "Document", s.typed("field"), s.wrong("field"), all),
		areaField("text", "Your own words to the customer, or nothing", s.typed("text"), s.wrong("text"))}
}

// numbersOf reads numbers as people write them, with commas between.
func numbersOf(words string) []string {
	var numbers []string
	for part := range strings.FieldsFuncSeq(words, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		part = strings.TrimSpace(part)
		if n, err := nanp.Parse(part); err == nil {
			part = n.E164()
		}
		if part != "" {
			numbers = append(numbers, part)
		}
	}
	return numbers
}

// preview shows what a decision would do as it is typed: how the order would stand, what it costs, and what the customer
// reads of it, the mail as it would be sent.
func (s *screen) preview(f form, o porting.Order) markup {
	a := Action{Action: f.action, Order: o.ID, Version: o.Version, Sure: true}
	a.fill(s.call.Context)
	cmd, err := actions[f.action](porting.StaffBy("AB"), a, o)
	var after porting.Order
	var events []porting.Event
	if err == nil {
		after, events, err = s.Book.Preview(o, cmd)
	}
	if err != nil {
		return el("div", class("note", "bad"), at("role", "status"), el("strong", "As it is typed, nothing would be done. "), porting.Plain(err))
	}
	parts := []markup{el("strong", "What will happen")}
	if after.Status != o.Status {
		parts = append(parts, el("p", "The order will be "+strings.ReplaceAll(string(after.Status), "_", " ")+"."))
	}
	for _, e := range events {
		if e.Charge > 0 {
			parts = append(parts, el("p", "The account pays $"+e.Charge.String()+"."))
		}
		if e.Refund > 0 {
			parts = append(parts, el("p", "The account gets $"+e.Refund.String()+" back."))
		}
		if words := text.English.Event(e); words != "" && e.Comment {
			parts = append(parts, el("p", "The customer reads among the comments:"), el("blockquote", class("lines"), words))
		}
		if s.Mail == nil {
			continue
		}
		if subject, body, ok := s.Mail(e, after); ok {
			parts = append(parts, el("p", "The customer gets this mail:"), el("p", el("strong", subject)), el("blockquote", class("lines"), body))
		}
	}
	if !after.Desk.IsZero() {
		parts = append(parts, el("p", "The order stays on the work list."))
	}
	return el("div", class("note"), at("role", "status"), parts)
}
