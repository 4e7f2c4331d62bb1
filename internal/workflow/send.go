package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"portway/internal/bucket"
	"portway/internal/document"
	"portway/internal/peer"
	"portway/internal/porting"
)

// send asks the carrier for what the order calls for now, as [porting.Rules.DecideRequest] decides. A request is
// written on the order before its peer is called, together with a lease: whoever finds it there while the lease lasts
// waits. One that was left behind is looked up at the peer before it is sent again, so that a crash never makes a
// second request.
func (t *Tasks) send(ctx context.Context, o porting.Order, in Input) (Output, error) {
	d, err := t.decide(ctx, o)
	if err != nil {
		return Output{}, err
	}
	if now := t.Book.Time(); d.Cause == porting.CauseHolder {
		return t.waitForHolder(ctx, o, t.Book.Rules.HolderDay(o, now).Sub(now))
	}
	switch {
	case d.Do == porting.DoSend && d.Request.Unconfirmed:
		return t.sendAgain(ctx, o, d.Request, in)
	case d.Do == porting.DoSend:
		return t.sendFirst(ctx, o, d.Request)
	case d.Cause == porting.CauseWithdrawing:
		return t.makeWay(ctx, o, in)
	case d.Do == porting.DoGiveBack:
		o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: d.Reasons})
	case d.Cause == porting.CauseHandOver:
		return t.planHandOver(ctx, o, d.At)
	case d.Cause == porting.CauseOtherRequest:
		o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system,
			Why: porting.Say(porting.MsgStillOnRequest, "order", string(o.SplitOffFrom))})
	}
	return t.out(o, unsent[d.Cause]), err
}

// unsent is the outcome of the step by the cause for which nothing is sent. The effect WithdrawRequest withdraws the
// request of an order that has ended.
var unsent = map[porting.Cause]porting.Outcome{
	porting.CauseEnded:         porting.OutOver,
	porting.CauseReview:        ToReview,
	porting.CauseNotOpen:       porting.OutOver,
	porting.CauseDateAgreed:    porting.OutAccepted,
	porting.CauseRefused:       porting.OutRefused,
	porting.CauseAccountNumber: porting.OutOver,
	porting.CauseOtherRequest:  Delayed,
	porting.CauseUnderWay:      Delayed,
	porting.CauseAsked:         Sent,
	porting.CauseOldLOA:        porting.OutOver,
	porting.CauseHolder:        Delayed,
	porting.CauseHandOver:      Scheduled,
	porting.CauseUnsigned:      porting.OutOver,
}

// planHandOver has the machine wait for the day on which a toll-free request is handed over. The instant is written on
// the order, so that a run that takes this one's place waits for the same.
func (t *Tasks) planHandOver(ctx context.Context, o porting.Order, at time.Time) (Output, error) {
	if o.HandOver.IsZero() {
		if now := t.Book.Time(); !o.Sandbox { // whose days have their own speed already
			at = now.Add(t.Pace.of(o).Scale(at.Sub(now)))
		}
		var err error
		o, err = t.Book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
			if o.Status != porting.Submitted {
				return nil, nil // the next step finds out what it is now
			}
			return porting.PlanHandOver{By: system, At: at}, nil
		})
		if err != nil {
			return Output{}, err
		}
	}
	return t.out(o, Scheduled), nil
}

// waitForHolder has the request sent when the holder of the number is awake.
func (t *Tasks) waitForHolder(ctx context.Context, o porting.Order, wait time.Duration) (Output, error) {
	day := t.Book.Rules.HolderDate(o, t.Book.Time())
	o, err := t.Book.Do(ctx, o.ID, porting.Delay{By: system, Why: porting.Say(porting.MsgHolderDay, "day", string(day))})
	out := t.out(o, Delayed)
	out.Wait = max(1, int(t.Pace.of(o).Scale(wait).Seconds()))
	return out, err
}

// decide decides what is to be asked of the carrier now.
func (t *Tasks) decide(ctx context.Context, o porting.Order) (porting.Decision, error) {
	var from porting.Order
	if o.NeedsOrigin() {
		var err error
		if from, err = t.Book.Store.Load(ctx, o.SplitOffFrom); err != nil {
			return porting.Decision{}, err
		}
	}
	now := t.Book.Time()
	if t.Pace.of(o).Day != 0 && o.Delays > 0 { // where days go by faster, the night was waited for
		now = t.Book.Rules.HolderDay(o, now)
	}
	return t.Book.Rules.DecideRequest(o, from, now), nil
}

// makeWay has an earlier request end at its peer before another one is sent for the same numbers. While the order is
// not with the carrier for us, the effect WithdrawRequest and the status check see to that.
func (t *Tasks) makeWay(ctx context.Context, o porting.Order, in Input) (Output, error) {
	switch o.Status {
	case porting.Submitted:
	case porting.Accepted: // its customer cancels it, for which the effect WithdrawRequest sees
		return t.out(o, porting.OutAccepted), nil
	case porting.Review:
		return t.out(o, ToReview), nil
	default:
		return t.out(o, porting.OutOver), nil
	}
	o, err := withdraw(ctx, t.Book, t.Peers, o)
	switch port, _ := o.Last(porting.AskPort); {
	case porting.Is(err, porting.TooEarly):
		return t.out(o, Delayed), nil
	case err != nil:
		return t.down(ctx, o, err)
	case o.Withdrawing:
		o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system,
			Why: porting.Say(porting.MsgCancelAwaited, "peer", port.Peer, "pon", string(port.PON))})
		return t.out(o, Delayed), err
	}
	return t.send(ctx, o, in)
}

// sendFirst writes a request on the order and sends it.
func (t *Tasks) sendFirst(ctx context.Context, o porting.Order, q porting.Request) (Output, error) {
	r, err := t.compose(ctx, o, q)
	if err != nil {
		return Output{}, err
	}
	plan := porting.Plan{By: system, Attempt: q.Attempt()}
	if q.Peer == "" {
		choice, err := t.Peers.Choose(ctx, o)
		if err != nil {
			return t.down(ctx, o, err)
		}
		plan.Attempt.Peer, plan.Why, plan.Habit = choice.Peer.Name(), choice.Why, choice.Habit
	}
	plan.Attempt.Digest = r.Order.RequestDigest()
	return t.deliver(ctx, o, q, r, plan)
}

// sendAgain sends a request that was written on the order by somebody who has not sent it, as far as anybody knows. One
// that the peer has all the same is taken as sent; if it carries something else than the order has now, it is
// supplemented.
func (t *Tasks) sendAgain(ctx context.Context, o porting.Order, q porting.Request, in Input) (Output, error) {
	p, err := t.Peers.For(o, q.Kind)
	if err != nil {
		return Output{}, err
	}
	r, err := t.compose(ctx, o, q)
	if err != nil {
		return Output{}, err
	}
	written, _ := r.Order.Last(q.Kind)
	digest := r.Order.RequestDigest()
	ref, found, err := p.Find(ctx, r)
	switch {
	case err != nil:
		return t.failed(ctx, o, q, err)
	case found && ref != q.Ref:
		if err := p.Complete(ctx, ref, r); err != nil {
			return t.failed(ctx, o, q, err)
		}
		differs := written.Digest.IsSet() && written.Digest.Reveal() != digest.Reveal()
		o, out, err := t.markSent(ctx, o, porting.MarkSent{
			By: system, PON: q.PON, Version: q.Version, Ref: ref, Differs: differs})
		if err != nil || !differs || out.Outcome != Sent {
			return out, err
		}
		return t.send(ctx, o, in)
	}
	lease := porting.Lease{By: system, PON: q.PON, Version: q.Version, Digest: digest, Asked: q.Date, Time: q.Time}
	return t.deliver(ctx, o, q, r, lease)
}

// own gives the command by which this invocation, and no other one, may send the request. Ours says that it may: the
// order was written as this invocation has read it.
func (t *Tasks) own(
	ctx context.Context, o porting.Order, q porting.Request, cmd porting.Command,
) (now porting.Order, ours bool, err error) {
	now, err = t.Book.Apply(ctx, o, cmd)
	if porting.Is(err, porting.Stale) {
		now, err = t.Book.Change(ctx, o.ID, func(now porting.Order) (porting.Command, error) {
			d, err := t.decide(ctx, now)
			if ours = err == nil && d.Do == porting.DoSend && d.Request == q; !ours {
				return nil, err
			}
			return cmd, nil
		})
		return now, ours && err == nil, err
	}
	return now, err == nil && now.Version > o.Version, err
}

// deliver gives the command by which this invocation may send the request r, sends it, and writes down what its peer
// answers.
func (t *Tasks) deliver(
	ctx context.Context, o porting.Order, q porting.Request, r peer.Request, cmd porting.Command,
) (Output, error) {
	read := o.Version
	o, ours, err := t.own(ctx, o, q, cmd)
	switch {
	case err != nil:
		return Output{}, err
	case !ours:
		return t.out(o, Delayed), nil
	case o.Version != read+1: // something else has changed too, and the request may have to say it
		if r, err = t.compose(ctx, o, q); err != nil {
			return Output{}, err
		}
	}
	p, err := t.Peers.For(o, q.Kind)
	if err != nil {
		return Output{}, err
	}
	var ref string
	if q.Ref != "" {
		ref, err = p.Supplement(ctx, q.Ref, r)
	} else {
		ref, err = p.Submit(ctx, r)
	}
	if err != nil {
		return t.failed(ctx, o, q, err)
	}
	_, out, err := t.markSent(ctx, o, porting.MarkSent{By: system, PON: q.PON, Version: q.Version, Ref: ref, Asked: q.Date, Time: q.Time})
	return out, err
}

// markSent writes down that the peer has the request. The order may have gone on in the meantime: the effect
// WithdrawRequest then sees to the request of one that has ended or was given back.
func (t *Tasks) markSent(
	ctx context.Context, o porting.Order, cmd porting.MarkSent,
) (porting.Order, Output, error) {
	o, err := t.Book.Do(ctx, o.ID, cmd)
	outcome := porting.OutOver
	switch o.Status {
	case porting.Accepted:
		outcome = porting.OutAccepted
	case porting.Submitted:
		outcome = Sent
	}
	return o, t.out(o, outcome), err
}

// failed acts on a request that did not get through: its peer does not take it, or can't be reached.
func (t *Tasks) failed(ctx context.Context, o porting.Order, q porting.Request, err error) (Output, error) {
	var denied *peer.Denied
	if errors.As(err, &denied) {
		return t.takeDenial(ctx, o, q, denied)
	}
	port, _ := o.Last(q.Kind)
	o, err = t.putOffLeased(ctx, o, err, port.Leased)
	return t.out(o, Delayed), err
}

// takeDenial acts on a peer that does not take the request: it is a refusal, unless the order has a date already, or
// the numbers have moved before we heard of it. In that case the peer's own answer about the order tells the rest. A
// denial of a request that is no longer the order's last one changes nothing.
func (t *Tasks) takeDenial(
	ctx context.Context, o porting.Order, q porting.Request, denied *peer.Denied,
) (Output, error) {
	if denied.Done() && q.Ref != "" {
		now, answer, err := Ask(ctx, t.Book, t.Peers, o)
		if err == nil && answer.State == porting.AnswerCompleted {
			return t.out(now, porting.OutOver), nil
		}
	}
	by := porting.PeerBy(q.Peer)
	o, err := t.Book.Change(ctx, o.ID, func(now porting.Order) (porting.Command, error) {
		port, _ := now.Last(q.Kind)
		switch {
		case port.PON != q.PON || port.Version != q.Version || !port.Sent.IsZero():
			return nil, nil
		case changes(now, q):
			return porting.RefuseChange{By: by, Reasons: denied.Reasons, Dropped: true}, nil
		case now.Status == porting.Accepted:
			return porting.AskDesk{By: system, Why: porting.Say(porting.MsgAskNoOtherDate), Denied: true}, nil
		case now.Status == porting.Submitted:
			return porting.Refuse{By: by, PON: q.PON, Said: "denied", Reasons: denied.Reasons}, nil
		}
		return nil, nil
	})
	port, _ := o.Last(q.Kind)
	switch {
	case o.Status == porting.Accepted:
		return t.out(o, porting.OutAccepted), err
	case o.Status == porting.Submitted && port.State == porting.AnswerWaiting && !port.Sent.IsZero():
		return t.out(o, Sent), err // the request is what it was before the change
	case o.Status == porting.Submitted:
		return t.out(o, porting.OutRefused), err
	}
	return t.out(o, porting.OutOver), err
}

// changes says that the request asks for the change that the customer has asked for.
func changes(o porting.Order, q porting.Request) bool {
	ch, open := o.OpenChange()
	return open && ch.Kind != porting.WishCancel && ch.State == porting.ChangeAskedFor && q.Sup != porting.SupNew
}

// compose makes the request as the peer gets it, with the order's secrets open.
func (t *Tasks) compose(ctx context.Context, o porting.Order, q porting.Request) (peer.Request, error) {
	open, err := t.Open(ctx, o)
	if err != nil {
		return peer.Request{}, err
	}
	open = open.AsAsked()
	loa, err := document.LOA(o)
	if err != nil {
		return peer.Request{}, err
	}
	papers, err := t.papers(ctx, o)
	return peer.Request{
		PON: q.PON, Version: q.Version, Sup: q.Sup, Order: open, Date: q.Date, At: t.Book.Rules.MoveAt(o, q.Date, q.Time), LOA: loa, Papers: papers,
	}, err
}

// papers returns the documents that go with the request, as they were accepted.
func (t *Tasks) papers(ctx context.Context, o porting.Order) ([]peer.Paper, error) {
	var all []peer.Paper
	for _, id := range o.Enclosures() {
		d, ok := o.Document(id)
		if !ok {
			continue
		}
		file, err := t.Files.Get(ctx, bucket.Kept(o.Account, o.Keeper(d), d.Digest), porting.MaxDocumentSize)
		if err != nil {
			return nil, err
		}
		all = append(all, peer.Paper{Kind: d.Kind, Name: fmt.Sprintf("%s %s", d.Kind, d.ID), PDF: file})
	}
	return all, nil
}
