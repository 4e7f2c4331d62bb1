package api

import (
	"context"
	"net/http"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
)

// missing are secrets that the group's first order has and an order opened beside it has not: they can't be copied, and may be
// sent with the numbers, or by a PATCH of the order.
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

// join is POST /v2/portorders/{group}/numbers, with a bare body: numbers (the field table's word) or add (the examples'), and
// beside them the secrets of an order that has to be opened (D-GNU).
func (a *API) join(ctx context.Context, r *request) (reply, error) {
	r.prefix = "/"
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var fs porting.Faults
	body.expect(&fs, "", append([]string{"numbers", "add"}, secretFields()...)...)
	name := "numbers"
	if _, ok := body.values["add"]; ok {
		name = "add"
		if _, both := body.values["numbers"]; both {
			fs.Add("add", porting.NotAllowed, "Send numbers or add, not both.")
		}
	}
	draft := orders.Draft{By: r.by, Account: r.account, Sandbox: r.sandbox, Group: r.group}
	secrets := given{}
	for _, field := range secretFields() {
		secrets.readText(body, &fs, field, field, true)
	}
	draft.Details = secrets.details
	r.numbers = readNumbers(body, &fs, name, "/"+name, name, porting.MaxNumberChanges)
	if len(r.numbers) == 0 && len(fs) == 0 {
		fs.Add(name, porting.Required, "At least one number.")
	}
	if err := a.mineGroup(ctx, r); err != nil {
		return reply{}, err
	}
	if err := fs.Err(); err != nil {
		return reply{}, err
	}
	found, err := a.ask(ctx, r, r.numbers)
	if err != nil {
		return reply{}, err
	}
	addUnportable(&fs, unportable(r.numbers, found), "numbers")
	draft.Lines, draft.Faults = lines(r.numbers, found, ""), fs
	if r.dry {
		j, err := a.book.PreviewJoin(ctx, draft, joins)
		if err != nil {
			return reply{}, named(err, name)
		}
		return validated(a.warned(a.joined(r, j), r.numbers)), nil
	}
	var out reply
	err = a.book.Join(ctx, draft, joins, func(j orders.Joining) *orders.Receipt {
		out = a.warned(a.joined(r, j), r.numbers)
		return r.keep(out)
	})
	if err != nil {
		return reply{}, named(err, name)
	}
	r.kept = true
	return out, nil
}

// mineGroup says whether the group is there for the account, before anybody is asked about numbers.
func (a *API) mineGroup(ctx context.Context, r *request) error {
	g, _, err := a.book.Store.Group(ctx, r.group)
	if porting.Is(err, porting.NotFound) || err == nil && g.Account != r.account {
		return orders.ErrNoGroup
	}
	return err
}

// named tells faults of numbers under the name by which the list came.
func named(err error, list string) error {
	e, ok := err.(*porting.Error)
	if !ok || list == "numbers" {
		return err
	}
	renamed := *e
	renamed.Faults = nil
	for _, f := range e.Faults {
		if rest, ok := strings.CutPrefix(f.Field, "numbers/"); ok {
			f.Field = list + "/" + rest
		}
		renamed.Faults = append(renamed.Faults, f)
	}
	return &renamed
}

// joined is the group with the orders that took numbers.
func (a *API) joined(r *request, j orders.Joining) reply {
	var states []porting.Status
	for _, o := range append(append([]porting.Order{}, j.Others...), j.Orders...) {
		states = append(states, o.Status)
	}
	group := groupAttributes{Orders: list{Data: []resource{}}, Status: string(porting.Summarize(states))}
	for _, o := range j.Orders {
		one := a.order(r, o, orders.Found{})
		attrs := one.Attributes.(orderAttributes)
		attrs.GroupStatus = group.Status
		one.Attributes = attrs
		group.Orders.Data = append(group.Orders.Data, one)
		if !j.Opened[o.ID] {
			continue
		}
		row := missing{Order: string(o.ID)}
		for _, detail := range porting.DetailRows() {
			if detail.Seal != "" && !detail.Secret(&o.Details).IsSet() && detail.Secret(&j.First.Details).IsSet() {
				row.Attributes = append(row.Attributes, detail.Name)
			}
		}
		if len(row.Attributes) > 0 {
			group.Missing = append(group.Missing, row)
		}
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder_group", ID: string(j.Group.ID), Attributes: group,
		Links: r.groupLink(j.Group.ID)}}}
}
