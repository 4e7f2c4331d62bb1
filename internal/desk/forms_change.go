package desk

import (
	"slices"

	"portway/internal/account"
	"portway/internal/porting"
)

// Decisions on an order's dates: another day, a day before the carrier's interval, and more time for the customer. A change
// is asked of the carrier by the same rules as one for which the customer asks, at the fee that the customer has accepted.

// changeForms are the forms of these decisions, in the order of their buttons.
var changeForms = []form{
	{action: "change_date", title: "Another day", confirm: "Ask the carrier for this day?", fields: changeFields,
		does: "The carrier is asked for another day, as if the customer had asked. The order stays as it is until the carrier agrees, and " +
			"the fee is taken then."},
	{action: "expedite", title: "Expedite", confirm: "Ask the carrier to move the numbers earlier?", fields: changeFields,
		does: "The carrier is asked to move the numbers before its interval is over, for an outage or a medical reason. The fee is taken " +
			"when it agrees."},
	{action: "extend", title: "Give more time", confirm: "Give the customer 45 more days?",
		does: "The time that the customer has to sign or to correct the order starts anew, once in the order's life."},
	{action: "give_back", title: "Give a fee back", confirm: "Give this amount back to the account?", fields: returnFields,
		does:   "The amount goes back to the account's balance at once. It waives a fee too: give back what was taken.",
		sample: Action{Fee: "0.01", Text: "Asked for."}},
}

// wishes are the kinds of change that a person asks for at the desk.
var wishes = map[string]porting.WishKind{"change_date": porting.WishDate, "expedite": porting.WishExpedite}

// askChange asks for a change of the order's day, at the fee that the customer has accepted.
func askChange(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
	wish := porting.Wish{Kind: wishes[a.Action], Date: a.Date}
	if a.Action == "expedite" {
		wish.Reason = porting.ExpediteReason(a.Outcome)
	}
	fee := porting.Money(0)
	if a.Fee != "" {
		var err error
		if fee, err = account.Dollars(a.Fee); err != nil {
			return nil, porting.Faults{{Field: "accept_fee", Code: porting.BadFormat, Message: "Write the fee in dollars, such as 75.00."}}.Err()
		}
	}
	return porting.AskChange{By: by, Wish: wish, Fee: fee}, nil
}

// offer returns the change as it can be asked for now. ok is false where it can't.
func (s *screen) offer(action string, o porting.Order) (offer porting.ChangeOffer, ok bool) {
	all := s.Book.Rules.Offers(o, s.now)
	i := slices.IndexFunc(all, func(f porting.ChangeOffer) bool { return f.Kind == wishes[action] })
	if i < 0 {
		return porting.ChangeOffer{}, false
	}
	return all[i], true
}

func changeFields(s *screen, o porting.Order) []markup {
	action := s.call.Form
	var parts []markup
	if offer, ok := s.offer(action, o); ok {
		parts = append(parts, el("p", el("strong", "Terms: "), offer.Words(s.Book.Rules.Calendar.Location())+"."))
	}
	parts = append(parts, textField("date", "The day, such as 2027-01-05", s.typed("date"), s.wrong("date"), maxLength(10)))
	if action == "expedite" {
		parts = append(parts, selectField("outcome", "Why it is urgent", s.typed("outcome"), s.wrong("reason"), []choice{{"", "choose"},
			{string(porting.ForOutage), "the service is down"}, {string(porting.ForMedical), "a medical reason"}}))
	}
	return append(parts, textField("fee", "Fee that the customer has accepted, in dollars; empty means none", s.typed("fee"), s.wrong("accept_fee"),
		maxLength(10)))
}

// giveBack gives a part of the order's fees back.
func giveBack(by porting.By, a Action, _ porting.Order) (porting.Command, error) {
	amount, err := account.Dollars(a.Fee)
	if err != nil {
		return nil, porting.Faults{{Field: "amount", Code: porting.BadFormat, Message: "Write the amount in US dollars, such as 7.50."}}.Err()
	}
	return porting.GiveBack{By: by, Amount: amount, Why: a.Text}, nil
}

func returnFields(s *screen, o porting.Order) []markup {
	return []markup{el("p", el("strong", "At most "+account.InDollars(o.Returnable())+" can be given back.")),
		textField("fee", "Amount in dollars, such as 7.50", s.typed("fee"), s.wrong("amount"), maxLength(10)),
		textField("text", "Why, as the customer reads it", s.typed("text"), s.wrong("text"), maxLength(200))}
}
