package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
)

// missing lists secrets that the group's first order has and an order opened beside it has not: they can't be copied,
// and may be sent with the numbers, or by a PATCH of the order.
type missing struct {
	Order      string   `json:"order"`
	Attributes []string `json:"attributes"`
}

// secretFields are the attributes that no order takes over from another.
func secretFields() []string {
	var names []string
	for _, row := range porting.DetailRows() {
		if row.Seal != "" {
			names = append(names, row.Name)
		}
	}
	return names
}

// joinCall is what a call asks for that adds numbers to a group.
type joinCall struct {
	list    string // the name by which the numbers came
	numbers numbers
	secrets porting.Details
	faults  porting.Faults
}

// joinCall reads a bare body: numbers (the field table's word) or add (the examples'), and beside them the secrets of
// an order that has to be opened (D-GNU).
func (r *request) joinCall() (joinCall, error) {
	body, err := r.object()
	if err != nil {
		return joinCall{}, err
	}
	in := joinCall{list: "numbers"}
	body.expect(&in.faults, "", append([]string{"numbers", "add"}, secretFields()...)...)
	if _, ok := body.values["add"]; ok {
		in.list = "add"
		if _, both := body.values["numbers"]; both {
			in.faults.Add("add", porting.NotAllowed, "Send numbers or add, not both.")
		}
	}
	var secrets given
	for _, field := range secretFields() {
		secrets.readText(body, &in.faults, field, field, true)
	}
	in.secrets = secrets.details
	in.numbers = readNumbers(body, &in.faults, r.row, in.list, porting.MaxNumberChanges)
	if len(in.numbers) == 0 && len(in.faults) == 0 {
		in.faults.Add(in.list, porting.Required, "Give at least one number.")
	}
	return in, nil
}

// join is POST /v2/portorders/{group}/numbers: numbers join a group, on its pending orders or on new ones.
func (a *API) join(ctx context.Context, r *request) (reply, error) {
	in, err := r.joinCall()
	if err != nil {
		return reply{}, err
	}
	_, heads, err := a.groupOf(ctx, r, r.group) // before anybody is asked about numbers
	if err != nil {
		return reply{}, err
	}
	if err := in.faults.Err(); err != nil {
		return reply{}, err
	}
	found, err := a.ask(ctx, r, in.numbers)
	if err != nil {
		return reply{}, err
	}
	draft := orders.Draft{By: r.by, Account: r.account, Sandbox: r.sandbox, Group: r.group, Details: in.secrets, Lines: in.numbers.lines(a.profiles.Directory(), found, "", providerOf(heads))}
	addUnportable(&draft.Faults, in.numbers.unportable(found), "numbers")
	known, err := a.intake(ctx, r)
	if err != nil {
		return reply{}, err
	}
	out, err := orders.Retry(func(int) (reply, error) {
		plan, err := a.book.PlanJoin(ctx, draft, joins)
		if err != nil {
			return reply{}, err
		}
		if r.dry {
			return validated(a.warned(a.joined(r, plan.WithoutIDs(), known), in.numbers)), a.book.HeldByOwn(ctx, plan.Takes())
		}
		return r.commit(a.warned(a.joined(r, plan, known), in.numbers), func(receipt *orders.Receipt) error {
			return a.book.Extend(ctx, plan, receipt)
		})
	})
	return out, in.numbers.conflict(porting.WithFields(err, func(field string) string {
		if rest, ok := strings.CutPrefix(field, "numbers/"); ok {
			return in.list + "/" + rest
		}
		return field
	}))
}

// providerOf is the company that the customer named for a group's orders; empty where they have several.
func providerOf(all []porting.Order) string {
	name := ""
	for i, o := range all {
		if i > 0 && o.Details.Provider != name {
			return ""
		}
		name = o.Details.Provider
	}
	return name
}

// joined is the group with the orders that took numbers.
func (a *API) joined(r *request, plan orders.Joining, in intake) reply {
	g := groupAttributes{Status: string(porting.Summarize(statusesOf(slices.Concat(plan.Others, plan.Orders))))}
	g.Orders = a.ordersOf(r, plan.Orders, g.Status, in)
	for _, o := range plan.Orders {
		if !plan.Opened[o.ID] {
			continue
		}
		if names := secretsWithout(o.Details, plan.First.Details); len(names) > 0 {
			g.Missing = append(g.Missing, missing{Order: string(o.ID), Attributes: names})
		}
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder_group", ID: string(plan.Group.ID), Attributes: g,
		Links: r.groupLink(plan.Group.ID)}}}
}

// secretsWithout names the secrets that first has and the details have not.
func secretsWithout(d, first porting.Details) []string {
	var names []string
	for _, row := range porting.DetailRows() {
		if mine, theirs := row.Secret(&d), row.Secret(&first); mine != nil && theirs.IsSet() && !mine.IsSet() {
			names = append(names, row.Name)
		}
	}
	return names
}
