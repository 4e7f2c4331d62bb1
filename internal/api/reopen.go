package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// empty refuses a body with attributes where a call takes none.
func (r *request) empty(kind string) error {
	if strings.TrimSpace(r.in.Body) == "" {
		return nil
	}
	attrs, fs, err := r.document(kind)
	if err != nil {
		return err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"))
	return fs.Err()
}

// reopen is POST /v2/portorders/{order}/reopen: a new order takes the place of one that was given up. It needs no body.
func (a *API) reopen(ctx context.Context, r *request) (reply, error) {
	if err := r.empty("portorder"); err != nil {
		return reply{}, err
	}
	known := a.knowing(ctx, r)
	payer, err := a.ownerOf(ctx, r)
	if err != nil {
		return reply{}, err
	}
	out, err := orders.Retry(func(int) (reply, error) {
		o, err := r.mine(ctx, a.book)
		if err != nil {
			return reply{}, err
		}
		if err := r.fits(o); err != nil {
			return reply{}, err
		}
		p, err := a.book.PlanReopen(ctx, o, r.by, orders.Terms{Tariff: payer.Tariff, Quiet: payer.Quiet})
		if err != nil {
			return reply{}, err
		}
		in, err := known()
		if err != nil {
			return reply{}, err
		}
		if r.dry {
			return validated(a.orderReply(r, http.StatusOK, p.WithoutIDs().New, orders.Found{}, in)), a.book.HeldByOwn(ctx, p.Takes())
		}
		made := a.orderReply(r, http.StatusCreated, p.New, orders.Found{}, in)
		made.header["Location"] = r.self("/" + string(p.New.ID)).Self
		return r.commit(made, func(receipt *orders.Receipt) error { return a.book.Restart(ctx, p, receipt) })
	})
	return out, onOthers(err)
}

// onOthers names the numbers of an order that are on other live orders, for a call that names none. Any other error stays
// as it is.
func onOthers(err error) error {
	var e *porting.Error
	if !errors.As(err, &e) || e.Code != porting.Taken {
		return err
	}
	p := &problem{status: http.StatusConflict, cause: err}
	for _, f := range e.Faults {
		if len(p.entries) < porting.MaxAlsoAsked {
			p.entries = append(p.entries, entry{code: string(porting.Taken), detail: porting.HeldNumber(f.Field) + " is on another live port order."})
		}
	}
	return p
}

// extend is POST /v2/portorders/{order}/extend: the time of an order that is with its customer is extended, once. It needs
// no body.
func (a *API) extend(ctx context.Context, r *request) (reply, error) {
	if err := r.empty("portorder"); err != nil {
		return reply{}, err
	}
	return a.change(ctx, r, latest, always(decision{command: porting.Extend{By: r.by}}), a.whole(r, http.StatusOK, a.knowing(ctx, r)))
}

// secondChances are the calls that give an order more time, or bring back one that was given up, each with its last day.
func (a *API) secondChances(o porting.Order, path string) []action {
	var all []action
	rules, now := a.book.Rules, a.book.Time()
	words := func(t time.Time) string { return t.In(rules.Calendar.Location()).Format("Monday, January 2, 2006") }
	if end := rules.ExtendedTo(o, now); !end.IsZero() {
		all = append(all, action{"extend the time of the order to " + words(end) + ", once (until " + words(rules.End(o)) + ")", http.MethodPost,
			path + "/extend", nil})
	}
	if until := rules.ReopenUntil(o); now.Before(until) && !o.Withdrawing {
		all = append(all, action{"reopen the order, as a new one with the same details (until " + words(until) + ")", http.MethodPost,
			path + "/reopen", nil})
	}
	return all
}
