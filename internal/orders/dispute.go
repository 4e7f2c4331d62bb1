package orders

import (
	"context"
	"errors"
	"slices"

	"portway/internal/porting"
)

// A dispute concerns two orders of different accounts, and a command changes one. What a command has changed on one of
// them is carried to the other by [Book.SettleDisputes], which may run at any time, any number of times and for either
// order: it looks at how both stand and takes the next step. Only the change of hands is one transaction for both.

// bySettling gives the commands of SettleDisputes.
var bySettling = porting.SystemBy(porting.WayWorkflow)

// Rival finds the order that holds numbers of one that holds none against others, with those of the numbers that it holds,
// the first ones first. Orders that need not hold them give them up before (lapse). A NotFound error says that nobody holds any.
func (b *Book) Rival(ctx context.Context, o porting.Order) (porting.OrderID, []string, error) {
	if held := o.SimulatedHolds(); len(held) > 0 {
		return porting.SimulatedRival, held, nil
	}
	rival, tns := porting.OrderID(""), []string(nil)
	for _, tn := range o.Active() {
		id, err := b.Store.Holder(ctx, o.Owner().Hold(tn))
		switch {
		case porting.Is(err, porting.NotFound):
			continue
		case err != nil:
			return "", nil, err
		}
		if rival == "" && id != o.ID {
			rival = id
		}
		if id == rival && rival != "" && len(tns) < porting.MaxDisputed {
			tns = append(tns, tn)
		}
	}
	if rival == "" {
		return "", nil, porting.Errorf(porting.NotFound, "Nobody holds the numbers.")
	}
	held := make([]string, 0, len(tns))
	for _, tn := range tns {
		held = append(held, o.Owner().Hold(tn))
	}
	err := b.lapse(ctx, porting.TakenError(held...))
	if porting.Is(err, porting.Stale) {
		return "", nil, err // some are free by now
	}
	if err != nil && !porting.Is(err, porting.Taken) {
		return "", nil, err
	}
	return rival, tns, nil
}

// NoteRival writes down which numbers an order of another account holds, where err refuses a signature or a resubmission
// for them, so that a dispute can be offered.
func (b *Book) NoteRival(ctx context.Context, id porting.OrderID, err error) error {
	tns := porting.RivalNumbers(err)
	if len(tns) == 0 {
		return nil
	}
	_, err = b.Do(ctx, id, porting.NoteRival{By: bySettling, Numbers: tns})
	if porting.Is(err, porting.WrongStatus) { // it has gone on meanwhile
		return nil
	}
	return err
}

// SettleDispute handles the effect of the same name.
func (b *Book) SettleDispute(ctx context.Context, _ porting.Event, o porting.Order) error {
	return b.SettleDisputes(ctx, o.ID)
}

// SweepDisputes settles the disputes that are due: the time for papers is over, or numbers are on their way.
func (b *Book) SweepDisputes(ctx context.Context, kind func(porting.DueKind) DueKind) (Swept, error) {
	return b.Sweep(ctx, kind(porting.DueDispute), porting.RetryDispute, func(ctx context.Context, b *Book, d Due) error {
		return b.SettleDisputes(ctx, d.Order)
	})
}

// SettleDisputes brings both sides of the order's disputes into line: the holding order is told, a person is asked once
// there is something to decide, and what was decided is carried out.
func (b *Book) SettleDisputes(ctx context.Context, id porting.OrderID) error {
	o, err := b.Store.Load(ctx, id)
	if err != nil {
		return err
	}
	var failures []error
	if o.Authority.Open() && !o.Authority.Ends.After(b.Time()) {
		failures = append(failures, b.told(ctx, id, porting.LapseCase{By: bySettling}))
	}
	for _, d := range o.Disputes {
		var err error
		switch {
		case d.Side == porting.Asking && d.Lives():
			err = b.settle(ctx, id, d.Rival)
		case d.Side == porting.Asking && d.Rival != porting.SimulatedRival:
			err = b.told(ctx, d.Rival, porting.EndContest{By: bySettling, Rival: id, Decided: d.Winner == porting.Holding})
		case d.Lives():
			err = b.settleFrom(ctx, d.Rival, id)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// told gives a command that says nothing new to an order that knows.
func (b *Book) told(ctx context.Context, id porting.OrderID, cmd porting.Command) error {
	_, err := b.Do(ctx, id, cmd)
	if porting.Is(err, porting.WrongStatus) || porting.Is(err, porting.TooEarly) {
		return nil // by its present status it has nothing to be told, or waits
	}
	return err
}

// settleFrom settles a dispute from its holding side. Where the asking order knows nothing of it, it is over.
func (b *Book) settleFrom(ctx context.Context, asking, holding porting.OrderID) error {
	o, err := b.Store.Load(ctx, asking)
	if err != nil && !porting.Is(err, porting.NotFound) {
		return err
	}
	for _, d := range o.Disputes {
		if d.Rival == holding && d.Side == porting.Asking && d.Lives() {
			return b.settle(ctx, asking, holding)
		}
	}
	return b.told(ctx, holding, porting.EndContest{By: bySettling, Rival: asking})
}

// settle takes the next step of a dispute between two orders.
func (b *Book) settle(ctx context.Context, asking, holding porting.OrderID) error {
	_, err := Retry(func(int) (struct{}, error) { return struct{}{}, b.settleOnce(ctx, asking, holding) })
	return err
}

func (b *Book) settleOnce(ctx context.Context, asking, holding porting.OrderID) error {
	o, err := b.Store.Load(ctx, asking)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(o.Disputes, func(d porting.Dispute) bool {
		return d.Rival == holding && d.Side == porting.Asking && d.Lives()
	})
	if i < 0 {
		return nil
	}
	d, now := o.Disputes[i], b.Time()
	if holding == porting.SimulatedRival {
		if d.State == porting.DisputeMoving {
			return b.takeOver(ctx, o, holding)
		}
		return b.ask(ctx, o, d, porting.SimulatedFacts(d))
	}
	h, err := b.Store.Load(ctx, holding)
	if err != nil {
		return err
	}
	theirs, others, err := b.holders(ctx, o, d)
	switch {
	case err != nil:
		return err
	case len(ported(h, d.Numbers)) > 0:
		return b.movedMeanwhile(ctx, o, h, ported(h, d.Numbers))
	case others: // a third order has signed for them
		return b.told(ctx, asking, porting.EndDispute{By: bySettling, Rival: holding, Why: porting.MsgDisputeMoot})
	case len(theirs) == 0:
		return b.takeOver(ctx, o, holding)
	case slices.ContainsFunc(theirs, func(tn string) bool { return !slices.Contains(h.Holds(), h.Owner().Hold(tn)) }):
		// Written by a release that knew no disputes: the order has no need of what it holds.
		return b.Store.Release(ctx, h)
	}
	if !slices.Contains(h.Yields(), d.Numbers[0]) {
		if err := b.told(ctx, holding, porting.ContestNumbers{By: bySettling, Rival: asking, Numbers: d.Numbers, Ends: d.Ends}); err != nil {
			return err
		}
	}
	if d.State == porting.DisputeOpen {
		return b.ask(ctx, o, d, b.Rules.DisputeFacts(h, h.DisputeWith(asking), now))
	}
	var yield porting.Command = porting.YieldNumbers{By: bySettling, Rival: asking}
	if len(porting.Without(h.Active(), d.Numbers)) == 0 {
		yield = porting.Yield{By: bySettling, Rival: asking}
	}
	if err := b.told(ctx, holding, yield); err != nil {
		return err
	}
	return b.handOver(ctx, asking, holding)
}

// movedMeanwhile ends a dispute whose numbers have moved by the holding order, and has a person look at the authority of
// that port. The case is opened first, so that none is missing after a failure in the middle.
func (b *Book) movedMeanwhile(ctx context.Context, asking, holding porting.Order, tns []string) error {
	if holding.Authority.State == porting.NoCase {
		err := b.told(ctx, holding.ID, porting.OpenCase{By: bySettling, Raised: porting.RaisedByHolder,
			Who: "Order " + string(asking.ID) + ", by a dispute", Numbers: tns})
		if err != nil {
			return err
		}
	}
	return b.told(ctx, asking.ID, porting.EndDispute{By: bySettling, Rival: holding.ID, Why: porting.MsgDisputeMoved})
}

// ported returns the numbers of the list that have moved by the order.
func ported(o porting.Order, tns []string) []string {
	return slices.DeleteFunc(slices.Clone(tns), func(tn string) bool {
		return !slices.ContainsFunc(o.Numbers, func(n porting.Number) bool { return n.State == porting.Ported && n.TN == tn })
	})
}

// holders returns the disputed numbers that the other side holds, and says whether a third order holds one of them.
func (b *Book) holders(ctx context.Context, o porting.Order, d porting.Dispute) (theirs []string, others bool, err error) {
	for _, tn := range d.Numbers {
		id, err := b.Store.Holder(ctx, o.Owner().Hold(tn))
		switch {
		case porting.Is(err, porting.NotFound):
		case err != nil:
			return nil, false, err
		case id == d.Rival:
			theirs = append(theirs, tn)
		default:
			others = true
		}
	}
	return theirs, others, nil
}

// ask brings the dispute to our staff as soon as the rules propose something.
func (b *Book) ask(ctx context.Context, o porting.Order, d porting.Dispute, holds porting.DisputeFacts) error {
	now := b.Time()
	p := porting.ProposeDispute(b.Rules.DisputeFacts(o, d, now), holds, !d.Ends.After(now))
	if p.For == "" {
		return nil
	}
	return b.told(ctx, o.ID, porting.AskDispute{By: bySettling, Rival: d.Rival, Proposal: p})
}

// takeOver submits the order that has won numbers that nobody holds any more. Where what it says can't be sent as it was
// signed, its customer signs it.
func (b *Book) takeOver(ctx context.Context, o porting.Order, rival porting.OrderID) error {
	_, err := b.Do(ctx, o.ID, porting.TakeOver{By: bySettling, Rival: rival})
	switch {
	case porting.Is(err, porting.SignatureNeeded) || porting.Is(err, porting.Invalid):
		return b.told(ctx, o.ID, porting.EndDispute{By: bySettling, Rival: rival, Why: porting.MsgDisputeFree})
	case porting.Is(err, porting.Taken):
		return b.told(ctx, o.ID, porting.EndDispute{By: bySettling, Rival: rival, Why: porting.MsgDisputeMoot})
	case porting.Is(err, porting.WrongStatus): // somebody else was faster
		return nil
	}
	return err
}

// handOver gives the disputed numbers to the order that has won, once the carrier has let the other order's request go.
func (b *Book) handOver(ctx context.Context, asking, holding porting.OrderID) error {
	from, err := b.Store.Load(ctx, holding)
	if err != nil {
		return err
	}
	to, err := b.Store.Load(ctx, asking)
	if err != nil {
		return err
	}
	gives, takes := Change{Before: from}, Change{Before: to}
	gives.After, gives.Events, err = b.Rules.Apply(from, porting.LetGo{By: bySettling, Rival: asking}, b.Time())
	if porting.Is(err, porting.TooEarly) || porting.Is(err, porting.WrongStatus) || porting.Is(err, porting.Settled) {
		return nil
	}
	if err != nil {
		return err
	}
	takes.After, takes.Events, err = b.Rules.Apply(to, porting.TakeOver{By: bySettling, Rival: holding}, b.Time())
	switch {
	case porting.Is(err, porting.SignatureNeeded) || porting.Is(err, porting.Invalid):
		if err := b.Commit(ctx, gives); err != nil {
			return err
		}
		return b.told(ctx, asking, porting.EndDispute{By: bySettling, Rival: holding, Why: porting.MsgDisputeFree})
	case porting.Is(err, porting.Settled) || porting.Is(err, porting.WrongStatus): // somebody else was faster
		return nil
	case err != nil:
		return err
	}
	err = b.Store.HandOver(ctx, gives, takes, b.redeliver())
	if porting.Is(err, porting.Taken) { // a number of the order that nobody disputes is on a third one
		if err := b.Commit(ctx, gives); err != nil {
			return err
		}
		return b.told(ctx, asking, porting.EndDispute{By: bySettling, Rival: holding, Why: porting.MsgDisputeFree})
	}
	if err != nil {
		return err
	}
	for _, c := range []Change{gives, takes} {
		c.log(ctx, b.Now().UTC())
	}
	return nil
}
