package api

import (
	"context"

	"portway/internal/porting"
)

// choice is a way in which the order may go on that only the customer can choose, with the calls that take it, in their
// order.
type choice struct {
	Choice string   `json:"choice"`
	Detail string   `json:"detail"`
	Reason *string  `json:"reason"`
	Date   *string  `json:"date"`
	Order  *string  `json:"portorder_id"`
	Calls  []action `json:"calls"`
}

// choicesOf lists the choices of the order's customer. Those of a group depend on the group's other orders, which are
// read for an order that wishes a day alone.
func (a *API) choicesOf(ctx context.Context, o porting.Order, path string, sign bool) ([]choice, error) {
	all := []choice{}
	var group []porting.Order
	if o.Status.Live() && o.Details.Desired != "" {
		var err error
		if _, group, err = a.book.Store.Group(ctx, o.Group); err != nil && !porting.Is(err, porting.NotFound) {
			return nil, err
		}
	}
	for _, c := range a.book.Rules.Choices(o, group, a.book.Time()) {
		all = append(all, choice{Choice: string(c.Kind), Detail: detailOf(c), Reason: orNull(string(c.Reason)), Date: orNull(string(c.Day)),
			Order: orNull(string(c.Other)), Calls: callsOf(o, c, path, sign)})
	}
	return all, nil
}

// detailOf says what the choice is.
func detailOf(c porting.Choice) string {
	switch {
	case c.Kind == porting.ChooseGroupDay:
		return "Order " + string(c.Other) + " of the same group moves on " + c.Day.Words() + ". Ask for that day to keep the orders together; " +
			"otherwise this order keeps its own."
	case c.Kind == porting.ChooseAnotherDay:
		return "Ask for " + c.Day.Words() + "."
	case c.Day == "":
		return "Confirm that you are ready, and ask for the earliest day."
	}
	return "Keep " + c.Day.Words() + ", and confirm that you are ready then."
}

// callsOf lists the calls that take a choice. sign says that the LOA has to be signed before the order is sent, which sends it.
func callsOf(o porting.Order, c porting.Choice, path string, sign bool) []action {
	day := action{"ask for that day", "PATCH", path, portorder(members{"desired_completion_date": string(c.Day)})}
	say := func(text string) action {
		return action{"tell our staff", "POST", path + "/comments", members{"data": members{"type": "comment", "attributes": members{"text": text}}}}
	}
	again := action{"send the corrected order again", "PATCH", path + "/status", portorder(members{"status": "review"})}
	if sign {
		again = action{actions[0].name, actions[0].method, path + actions[0].path, actions[0].body}
	}
	switch withCustomer := o.Status == porting.Pending || o.Status == porting.Rejected; {
	case c.Kind == porting.ChooseSameDay:
		return []action{say("We confirm that the premises and the end user are ready for the port."), again}
	case c.Kind == porting.ChooseAnotherDay:
		return []action{day, again}
	case withCustomer:
		return []action{day}
	}
	return []action{say("Please ask the carrier to move the numbers of this order on " + c.Day.Words() + ", together with order " + string(c.Other) + ".")}
}
