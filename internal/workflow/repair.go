package workflow

import (
	"cmp"
	"context"
	"errors"

	"portway/internal/peer"
	"portway/internal/porting"
)

// repair resolves a refusal without the customer where a rule can, as [porting.Rules.DecideRepair] decides. A refusal
// that no rule resolves goes to our staff if they can, and else back to the customer.
func (t *Tasks) repair(ctx context.Context, o porting.Order, _ Input) (Output, error) {
	port, _ := o.Last(porting.AskPort)
	switch {
	case o.Status != porting.Submitted:
		return t.out(o, porting.OutOver), nil
	case o.CancelAsked(): // which comes first
		return t.out(o, Later), nil
	case port.State != porting.AnswerRefused:
		return t.out(o, Again), nil
	}
	open, err := t.Open(ctx, o)
	if err != nil {
		return Output{}, err
	}
	if _, by := proofOf(open); by != porting.Unproven { // the customer may have corrected the account number since
		open.Proof = porting.Proof{By: by, At: t.Book.Time()}
	}
	help, err := t.help(ctx, open)
	if err != nil {
		if o, err = t.putOff(ctx, o, err); err != nil {
			return Output{}, err
		}
		if o.Delays < patience {
			return t.out(o, Later), nil
		}
	}
	d := t.Book.Rules.DecideRepair(open, help, t.Book.Time())
	switch d.Do {
	case porting.RepairByRecord:
		return t.pullRecord(ctx, o)
	case porting.RepairByObjection:
		return t.object(ctx, o, d)
	}
	if d.EndFirst {
		kept, err := t.endFirst(ctx, o, d.Repair)
		switch {
		case errors.Is(err, errNotYet):
			return t.putBack(ctx, o, port)
		case err != nil:
			o, err = t.putOff(ctx, o, err)
			return t.out(o, Later), err
		case kept: // two requests must not ask the carrier for the same numbers
			d = porting.GiveUp(o)
		}
	}
	return t.carryOut(ctx, o, open, d)
}

// carryOut does what was decided about a refusal, on the order for which it was decided. If that has changed since, the
// order as it is by then says what is left to do.
func (t *Tasks) carryOut(ctx context.Context, o, open porting.Order, d porting.RepairDecision) (Output, error) {
	var err error
	switch d.Do {
	case porting.RepairIt:
		return t.apply(ctx, o, open, d.Repair)
	case porting.RepairByStaff:
		o, err = t.Book.Apply(ctx, o, porting.AskDesk{By: system, Why: questionOf(o, d)})
		if porting.Is(err, porting.Stale) {
			return t.out(o, Again), nil
		}
		return t.out(o, ToDesk), err
	}
	o, err = t.Book.Apply(ctx, o, porting.Return{By: system, Reasons: o.Reasons, Proof: open.Proof.By})
	if porting.Is(err, porting.Stale) {
		return t.out(o, Again), nil
	}
	return t.out(o, porting.OutOver), err
}

// questionOf returns the question with which a refusal is brought to our staff.
func questionOf(o porting.Order, d porting.RepairDecision) porting.Message {
	port, _ := o.Last(porting.AskPort)
	if ask := cmp.Or(d.Ask, d.Reason.Info().Ask); ask != "" {
		return porting.Say(ask, "reason", string(d.Reason), "peer", port.Peer, "pon", string(port.PON))
	}
	return porting.Say(porting.MsgAskRefusal, "reason", string(d.Reason))
}

// apply carries a repair out. If the order has changed since the repair was found, the order as it is by then says what
// is left to do.
func (t *Tasks) apply(ctx context.Context, o, open porting.Order, m porting.Repair) (Output, error) {
	var err error
	if len(m.SplitOff) == 0 {
		o, err = t.Book.Apply(ctx, o, m)
	} else {
		o, err = t.Book.SplitOff(ctx, open, m)
	}
	switch {
	case porting.Is(err, porting.Stale):
		return t.out(o, Again), nil
	case m.After > 0:
		out := t.out(o, Later)
		out.Wait = max(1, int(t.Pace.of(o).Scale(m.After).Seconds()))
		return out, err
	}
	return t.out(o, Again), err
}

// errNotYet says that a peer has yet to end a request that it lets go.
var errNotYet = errors.New("the request has yet to end at its peer")

// endFirst ends the present request at its peer, so that another one can take its place. Kept says that the peer does
// not let it go; a carrier that takes its time is waited for, up to a point.
func (t *Tasks) endFirst(ctx context.Context, o porting.Order, m porting.Repair) (kept bool, err error) {
	gone, err := t.letGo(ctx, o, o.PeerRef(), m.StartsOver())
	switch {
	case errors.As(err, new(*peer.Denied)):
		return true, nil
	case err == nil && !gone && o.Delays < patience:
		return false, errNotYet
	}
	return !gone, err
}

// putBack has the step done again later, when the peer may have ended the request.
func (t *Tasks) putBack(ctx context.Context, o porting.Order, port porting.Attempt) (Output, error) {
	o, err := t.Book.Do(ctx, o.ID, porting.Delay{By: system,
		Why: porting.Say(porting.MsgCancelAwaited, "peer", port.Peer, "pon", string(port.PON))})
	return t.out(o, Later), err
}

// letGo cancels a request at its peer. Gone says that it has ended there, for which the carrier may take its time. With
// ends, a refusal that the peer still shows after the cancellation is an end too.
func (t *Tasks) letGo(ctx context.Context, o porting.Order, ref string, ends bool) (gone bool, err error) {
	p, err := t.Peers.For(o, porting.AskPort)
	if err != nil {
		return false, err
	}
	if err := p.Cancel(ctx, ref); err != nil {
		return false, err
	}
	answer, err := p.Read(ctx, ref)
	var denied *peer.Denied
	if errors.As(err, &denied) && denied.Unknown() {
		return true, nil
	}
	// A registry's request that was refused has ended with that; another peer's lives on until it is cancelled.
	return answer.State == porting.AnswerOver || ends && answer.State == porting.AnswerRefused, err
}

// help gathers what a repair needs beside the order: the carrier's record, and another peer where this one does not
// carry it.
func (t *Tasks) help(ctx context.Context, o porting.Order) (porting.Help, error) {
	h := known(o)
	if o.WantsLines() {
		found, err := t.Peers.Portability(ctx, o, o.Active())
		if err != nil {
			return h, err
		}
		for _, p := range found {
			h.Lines = append(h.Lines, porting.Line{
				TN: p.TN, Kind: o.Kind, Country: o.Details.Country, Carrier: p.Carrier, RateCenter: p.RateCenter})
		}
	}
	if !o.WantsOtherPeer() {
		return h, nil
	}
	other, err := t.Peers.Other(ctx, o)
	if other != nil {
		h.Peer = other.Name()
	}
	return h, err
}
