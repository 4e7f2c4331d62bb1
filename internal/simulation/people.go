package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"portway/internal/desk"
	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// person is somebody who acts on what he or she saw a while ago.
type person struct {
	w    *World
	name string
	d    dice
	acts int
}

func (w *World) person(name string) *person {
	return &person{w: w, name: name, d: roll(w.plan.Seed, "person", name)}
}

// waits lets time go by. It reports false at the end of the history.
func (p *person) waits(low, high time.Duration) bool {
	return p.w.sleep(p.w.ctx, p.d.between(low, high))
}

// calls makes a call of a function, and again as long as the function fails.
func (p *person) calls(fn string, do func(context.Context, *instance) error) error {
	p.acts++
	var err error
	for try := range 12 {
		id := fmt.Sprintf("%s/%d/%d", p.name, p.acts, try)
		var died bool
		died, err = p.w.invoke(fn, id, do)
		var refused *porting.Error
		if !died && (err == nil || errors.As(err, &refused) && refused.Code != porting.Stale) {
			return err
		}
		if !p.waits(5*time.Second, time.Duration(1+try*try)*time.Minute) {
			return p.w.ctx.Err()
		}
	}
	return err
}

// does gives a command of the customer. Half of the customers' programs give it for the version that they saw alone.
func (p *person) does(id porting.OrderID, seen int64, cmd porting.Command) error {
	only := p.d.chance(0.5)
	return p.calls("api", func(ctx context.Context, i *instance) error {
		_, err := i.book.Change(ctx, id, func(o porting.Order) (porting.Command, error) {
			if only && seen > 0 && o.Version != seen {
				return nil, porting.Errorf(porting.NotFound, "The order has changed since you saw it.")
			}
			return cmd, nil
		})
		return err
	})
}

// details are what the customer tells of an order. Every order has secrets of its own.
func (w *World) details(x Order) porting.Details {
	d := storetest.Details()
	d.BillingNumber, d.AutoCorrect = x.Numbers[0], x.Consent
	if x.N%3 == 0 { // these want to be asked before a number is left out
		d.Unportable = ""
	}
	d.StatusURL = fmt.Sprintf("https://%s.example/status/%d", x.Account, x.N)
	d.Desired = w.dayAfter(9 + x.N%9)
	return d
}

// dayAfter is a business day so many days from now.
func (w *World) dayAfter(days int) porting.Date {
	day := time.Now().In(w.rules.Calendar.Location()).AddDate(0, 0, days)
	for !w.rules.Calendar.IsBusinessDay(day) {
		day = day.AddDate(0, 0, 1)
	}
	return porting.DateOf(day)
}

// customer lives the life of one create call's customer.
func (w *World) customer(x Order) {
	p := w.person("customer " + strconv.Itoa(x.N))
	if !w.sleep(w.ctx, x.From) {
		return
	}
	o, ok := p.creates(x)
	if !ok {
		return
	}
	news := make(chan struct{}, 1)
	w.mu.Lock()
	w.news[o.Group] = news
	w.mu.Unlock()
	if p.d.chance(0.03) { // forgets about it
		return
	}
	if !p.waits(time.Minute, 10*time.Hour) {
		return
	}
	p.signs(o)
	left := 3 + p.d.below(4) // what the customer will do about rejections
	for w.ctx.Err() == nil {
		t := time.NewTimer(p.d.between(20*time.Hour, 9*24*time.Hour))
		select {
		case <-news:
			t.Stop()
		case <-t.C:
		case <-w.ctx.Done():
			t.Stop()
			return
		}
		over, acted := p.looks(x, o.Group, left > 0)
		if over {
			return
		}
		if acted {
			left--
		}
	}
}

// creates makes the order of a create call.
func (p *person) creates(x Order) (o porting.Order, ok bool) {
	w := p.w
	for range 20 {
		err := p.calls("api", func(ctx context.Context, i *instance) error {
			if made, found := w.ofNumber(x); found { // by an earlier try, whose answer was lost
				o = made
				return nil
			}
			found, err := i.peers.Portability(ctx, porting.Order{}, x.Numbers)
			if err != nil {
				return err
			}
			draft := orders.Draft{By: storetest.Customer, Account: x.Account, Details: w.details(x), Tariff: tariffOf(x)}
			for n := range x.Documents {
				draft.Documents = append(draft.Documents, porting.Document{Name: "bill.pdf", Kind: porting.BillDocument,
					From: fmt.Sprintf("https://%s.example/bills/%d-%d.pdf", x.Account, x.N, n)})
			}
			for _, f := range found {
				line := porting.Line{TN: f.TN, Kind: porting.Local, Country: "US", Carrier: f.Carrier}
				if n, err := nanp.Parse(f.TN); err == nil && n.TollFree() {
					line.Kind = porting.TollFree
				}
				draft.Lines = append(draft.Lines, line)
			}
			_, made, err := i.book.Create(ctx, draft)
			if err == nil {
				o = made[0]
			}
			return err
		})
		if err == nil {
			return o, true
		}
		var refused *porting.Error
		if errors.As(err, &refused) && refused.Code != porting.Taken {
			w.violate("the customer's create call is refused", "", err.Error())
			return o, false
		}
		if !p.waits(time.Hour, 5*time.Hour) {
			return o, false
		}
	}
	return o, false
}

// tariffOf is the tariff of a create call. Every fourth one keeps the fee of an order that ends without its numbers, which
// counts for the order in its place.
func tariffOf(x Order) porting.Tariff {
	if x.N%4 != 1 {
		return porting.Tariff{}
	}
	return porting.Tariff{Abandoned: porting.RefundNever}
}

// ofNumber finds the order of a create call.
func (w *World) ofNumber(x Order) (porting.Order, bool) {
	id, err := w.memory.Holder(w.ctx, porting.Owner{Account: x.Account}.OwnHold(x.Numbers[0]))
	if err != nil {
		id, err = w.memory.Holder(w.ctx, x.Numbers[0])
	}
	if err != nil {
		return porting.Order{}, false
	}
	o, err := w.memory.Load(w.ctx, id)
	return o, err == nil && o.Account == x.Account
}

// signs accepts the LOA, with a later date where the one given has come too close.
func (p *person) signs(o porting.Order) {
	for range 4 {
		err := p.does(o.ID, 0, storetest.Sign())
		var refused *porting.Error
		if porting.Is(err, porting.Taken) && p.d.chance(0.7) {
			p.disputes(o, err)
			return
		}
		if err == nil || !errors.As(err, &refused) || refused.Code != porting.Invalid {
			return
		}
		to := o.Details
		to.Desired = p.w.dayAfter(12)
		_ = p.does(o.ID, 0, porting.Edit{By: storetest.Customer, To: to, Fields: []string{"desired_completion_date"}})
	}
}

// disputes opens a dispute about the numbers for which a signature was refused, once the order has a bill.
func (p *person) disputes(o porting.Order, refused error) {
	_ = p.calls("api", func(ctx context.Context, i *instance) error { return i.book.NoteRival(ctx, o.ID, refused) })
	p.adds(o)
	if !p.waits(2*time.Hour, 20*time.Hour) {
		return
	}
	_ = p.calls("api", func(ctx context.Context, i *instance) error {
		_, err := i.book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
			rival, tns, err := i.book.Rival(ctx, o)
			if err != nil {
				return nil, err
			}
			return porting.OpenDispute{By: storetest.Customer, Signature: storetest.Sign().Signature, Rival: rival, Numbers: tns}, nil
		})
		return err
	})
}

// adds has a bill pulled for an order.
func (p *person) adds(o porting.Order) {
	if len(o.Documents) > 3 {
		return
	}
	_ = p.does(o.ID, 0, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "bill.pdf",
		Kind: porting.BillDocument, From: fmt.Sprintf("https://%s.example/bills/%s-%d.pdf", o.Account, o.ID, len(o.Documents))}})
}

// looks reads the orders of the call and acts on them a while later.
func (p *person) looks(x Order, group porting.GroupID, willing bool) (over, acted bool) {
	var seen []porting.Order
	err := p.calls("api", func(ctx context.Context, i *instance) error {
		g, _, err := i.book.Store.Group(ctx, group)
		if err != nil {
			return err
		}
		seen = nil
		for _, id := range g.Orders {
			o, err := i.book.Store.Load(ctx, id)
			if err != nil {
				return err
			}
			seen = append(seen, o)
		}
		return nil
	})
	if err != nil {
		return false, false
	}
	over = true
	for _, o := range seen {
		over = over && o.Status.Terminal()
		switch {
		case o.Status.Terminal() && willing && o.Reopens == "" && time.Now().Before(p.w.rules.ReopenUntil(o)) && p.d.chance(0.4):
			over = false
			p.reopens(x, o)
		case o.Status.Terminal():
		case time.Now().Before(p.w.rules.End(o)) && o.Extended.IsZero() && p.d.chance(0.1):
			_ = p.does(o.ID, 0, porting.Extend{By: storetest.Customer})
		case len(seen) > 1 && p.d.chance(0.1):
			p.writesToAll(group)
		case o.Status == porting.Pending && o.Disputed():
		case o.Status == porting.Pending:
			p.signs(o)
		case o.Disputed() && p.d.chance(0.6):
			p.adds(o)
		case o.Status == porting.Rejected && willing:
			acted = true
			low, high := time.Minute, 40*time.Minute
			if p.d.chance(0.3) {
				low, high = 10*time.Hour, 100*time.Hour
			}
			if !p.waits(low, high) {
				return over, acted
			}
			p.fixes(o)
		case p.d.chance(0.06): // clicks on a page that is old by now
			if !p.waits(time.Minute, 6*time.Hour) {
				return over, acted
			}
			_ = p.does(o.ID, o.Version, porting.Cancel{By: storetest.Customer})
		case p.d.chance(0.04): // calls to have it cancelled
			if !p.waits(time.Minute, 2*time.Hour) {
				return over, acted
			}
			p.acted(desk.Action{Action: "hard_cancel", Order: o.ID, Version: o.Version, Initials: "CD",
				Text: "The customer has changed its mind.", Force: p.d.chance(0.2)})
		case p.d.chance(0.12):
			if !p.waits(time.Minute, 3*time.Hour) {
				return over, acted
			}
			p.asksChange(o)
		case p.d.chance(0.1):
			_ = p.does(o.ID, 0, porting.Comment{By: storetest.Customer, Text: "When will this be done?"})
		case len(o.Renewals) > 0 && p.d.chance(0.5):
			_ = p.does(o.ID, 0, storetest.Sign())
		}
	}
	return over, acted
}

// reopens brings back an order that was given up. Now and then two people of the customer do so at once.
func (p *person) reopens(x Order, o porting.Order) {
	twice := 1
	if p.d.chance(0.3) {
		twice = 2
	}
	for range twice {
		_ = p.calls("api", func(ctx context.Context, i *instance) error {
			_, err := i.book.Reopen(ctx, o.ID, storetest.Customer, orders.Terms{Tariff: tariffOf(x)})
			return err
		})
	}
}

// writesToAll writes a comment on all orders of a group by one call.
func (p *person) writesToAll(group porting.GroupID) {
	_ = p.calls("api", func(ctx context.Context, i *instance) error {
		_, heads, err := i.book.Store.Group(ctx, group)
		if err != nil {
			return err
		}
		i.book.Each(ctx, heads, orders.EachWithin, func(ctx context.Context, o porting.Order) {
			_, _ = i.book.Do(ctx, o.ID, porting.Comment{By: storetest.Customer, Text: "Please move all of them on one day."})
		})
		return nil
	})
}

// asksChange asks for a change of an order as it was seen, at the fee that the plan of then has.
func (p *person) asksChange(o porting.Order) {
	kinds := porting.WishKinds()
	wish := porting.Wish{Kind: kinds[p.d.below(len(kinds))], Reason: porting.ForOutage}
	active := o.Active()
	switch wish.Kind {
	case porting.WishDate:
		wish.Date = p.w.dayAfter(5 + p.d.below(15))
	case porting.WishRemoval:
		wish.Numbers = active[:min(1, len(active))]
	case porting.WishCorrection:
		wish.To, wish.Fields = porting.Details{PIN: porting.NewSecret(strconv.Itoa(700_000 + p.d.below(99_999)))}, []string{"pin"}
	case porting.WishAddition: // the numbers of others are not the customer's
		wish.Kind = porting.WishCancel
	}
	plan, err := p.w.rules.PlanChange(o, wish, time.Now())
	if err != nil {
		return
	}
	_ = p.does(o.ID, 0, plan.Command(storetest.Customer, plan.Fee))
}

// fixes does what the reasons of a rejection ask for, and sends the order again; or gives it up.
func (p *person) fixes(o porting.Order) {
	if p.d.chance(0.07) {
		_ = p.does(o.ID, o.Version, porting.Cancel{By: storetest.Customer})
		return
	}
	to, fields := o.Details, []string{}
	set := func(name, value string) {
		row, ok := porting.DetailRow(name)
		if !ok || value == "" {
			return
		}
		if row.Seal != "" {
			*row.Secret(&to) = porting.NewSecret(value)
		} else {
			row.Restore(&to, value)
		}
		fields = append(fields, name)
	}
	for _, r := range o.Reasons {
		for name, value := range r.Patch {
			set(name, value)
		}
		for _, name := range r.Code.Info().Fields {
			if slices.Contains(fields, name) || r.Patch[name] != "" {
				continue
			}
			if value := p.another(o, name); value != "" {
				set(name, value)
			}
		}
	}
	slices.Sort(fields)
	if len(fields) > 0 {
		if err := p.does(o.ID, o.Version, porting.Edit{By: storetest.Customer, To: to, Fields: slices.Compact(fields)}); err != nil {
			return
		}
		if !p.waits(20*time.Second, 20*time.Minute) {
			return
		}
	}
	var cmd porting.Command = porting.Resubmit{By: storetest.Customer}
	signed := func(name string) bool { row, ok := porting.DetailRow(name); return ok && row.Signed }
	if p.d.chance(0.5) || slices.ContainsFunc(fields, signed) {
		cmd = storetest.Sign()
	}
	_ = p.does(o.ID, 0, cmd)
}

// another is a new value of a detail.
func (p *person) another(o porting.Order, name string) string {
	n := 100 + p.d.below(900)
	switch name {
	case "provider_account":
		return fmt.Sprintf("CANARY-ACCT-%d", n)
	case "pin":
		return fmt.Sprintf("CANARY-PIN-%d", n)
	case "billing_number":
		tn := o.Numbers[0].TN
		return tn[:len(tn)-2] + "00"
	case "street":
		return fmt.Sprintf("%d Pike Street", n)
	case "zip":
		return fmt.Sprintf("98%d", n)
	case "billing_name":
		return "Augusta King"
	case "company":
		return fmt.Sprintf("Engines %d", n)
	case "desired_completion_date":
		return string(p.w.dayAfter(8 + p.d.below(8)))
	}
	return ""
}

// --- our staff ---

// staff looks at the desk's queue a few times a day, and decides a while after it has looked.
func (w *World) staff() {
	p := w.person("staff")
	seen := map[porting.OrderID]int{}
	for p.waits(50*time.Minute, 5*time.Hour) {
		due, err := w.memory.Due(w.ctx, orders.DueDesk, time.Now().Add(time.Minute), 200)
		if err != nil {
			return
		}
		var pages []porting.Order
		for _, d := range due {
			if o, err := w.memory.Load(w.ctx, d.Order); err == nil {
				pages = append(pages, o)
			}
		}
		for _, o := range pages {
			if !p.waits(30*time.Second, 12*time.Minute) {
				return
			}
			seen[o.ID]++
			p.decides(o, seen[o.ID])
		}
	}
}

// decides takes a decision on an order as it was seen. What comes back too often is ended.
func (p *person) decides(o porting.Order, times int) {
	a := desk.Action{Order: o.ID, Version: o.Version, Initials: "AB", Text: "The carrier says so."}
	refuse := []desk.Reason{{Code: porting.OtherReason, Text: "Ask your carrier."}}
	for _, r := range o.Reasons {
		refuse = []desk.Reason{{Code: r.Code, Text: "Please correct this."}}
		break
	}
	ch, open := o.OpenChange()
	switch {
	case o.Desk.Key == porting.MsgAskDispute && p.d.chance(0.1):
		a.Action = "ask_papers"
	case o.Desk.Key == porting.MsgAskDispute:
		a.Action, a.Outcome = "decide_dispute", o.Desk.Args["for"]
		if p.d.chance(0.2) {
			a.Outcome = string(porting.Side(a.Outcome).Other())
		}
	case open && ch.State == porting.ChangeWithStaff && p.d.chance(0.6):
		a.Action = "refuse_change"
		if ch.Kind == porting.WishExpedite || ch.Kind == porting.WishRemoval {
			a.Action = "finish_change"
		}
	case o.Status.Terminal() && p.w.isOpen(o.ID): // the carrier still has it: asked again the next time
		return
	case o.Status.Terminal():
		a.Action = "release"
	case (o.Status == porting.Rejected || o.Status == porting.Review) && p.d.chance(0.3):
		a.Action = "take_up"
	case o.Desk.Key == porting.MsgAskFallout && (times > 3 || p.d.chance(0.4)):
		a.Action = "go_without"
	case times > 8:
		a.Action, a.Force = "hard_cancel", true
	case o.Status == porting.Review && p.d.chance(0.85), o.Status == porting.Submitted && !o.CSRSettled && p.d.chance(0.5):
		a.Action = "approve"
	case p.d.chance(0.1):
		a.Action = "comment"
	case p.d.chance(0.05):
		a.Action, a.Force = "hard_cancel", p.d.chance(0.5)
	case p.d.chance(0.3):
		a.Action, a.Reasons = "reject", refuse
	default:
		a.Action = "retry"
	}
	p.acted(a)
}

// acted has a decision of our staff carried out.
func (p *person) acted(a desk.Action) {
	err := p.calls("desk-action", func(ctx context.Context, i *instance) error {
		_, err := desk.Act(ctx, i.book, a)
		return err
	})
	if err != nil {
		p.w.leaves("error of the desk", porting.Plain(err))
	}
}

// isOpen reports whether a carrier has an open request of the order.
func (w *World) isOpen(id porting.OrderID) bool {
	return slices.ContainsFunc(w.openRequests(), func(c carried) bool { return porting.PON(c.pon).Order() == id })
}
