package workflow

import (
	"context"
	"errors"

	"portway/internal/peer"
	"portway/internal/porting"
)

// confirm asks the peer on the day whether the numbers are in service with us.
func (t *Tasks) confirm(ctx context.Context, o porting.Order, in Input) (Output, error) {
	if out, ok := settled(o, in.Run); ok {
		return t.out(o, out), nil
	}
	if !o.CancelAsked() {
		if err := t.cutOver(ctx, o); err != nil {
			return t.down(ctx, o, err)
		}
	}
	o, answer, err := Ask(ctx, t.Book, t.Peers, o)
	if err != nil {
		return t.down(ctx, o, err)
	}
	if back, complete, ok := o.GivenUp(); ok {
		if len(back) > 0 {
			o, err = t.bringBack(ctx, o, back)
		}
		if err == nil {
			o, err = t.Book.Apply(ctx, o, complete)
		}
		switch {
		case porting.Is(err, porting.Stale):
			return t.out(o, Later), nil
		case err != nil:
			return t.down(ctx, o, err)
		}
	}
	if out, ok := settled(o, in.Run); ok {
		return t.out(o, out), nil
	}
	if o.AskedOfCarrier() { // a person was asked at once
		return t.out(o, ToDesk), nil
	}
	if o.Delays >= patience {
		o, err = t.Book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
			if _, over := settled(o, in.Run); over || o.AskedOfCarrier() {
				return nil, nil
			}
			return o.AskUnmoved(system), nil
		})
		return t.out(o, ToDesk), err
	}
	o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system,
		Why: porting.Say(porting.MsgMoveAwaited, "said", answer.Said)})
	return t.out(o, Later), err
}

// cutOver gives the word for which the numbers wait at a peer that does not move them by itself. The peer repeats a
// refusal of it when it is asked how the order stands.
func (t *Tasks) cutOver(ctx context.Context, o porting.Order) error {
	p, err := t.Peers.For(o, porting.AskPort)
	if err != nil {
		return err
	}
	port, _ := o.Last(porting.AskPort)
	a, ok := p.(peer.Activator)
	if !ok || port.Ref == "" {
		return nil
	}
	err = a.CutOver(ctx, port.Ref)
	if errors.As(err, new(*peer.Denied)) {
		return nil
	}
	return err
}

// settled returns the outcome of a look at the activation if the order no longer waits for it, or not in this run: a
// moved date has a run of its own.
func settled(o porting.Order, run int) (porting.Outcome, bool) {
	switch {
	case o.Status == porting.Completed:
		return Completed, true
	case o.Status == porting.Submitted:
		return porting.OutRefused, true
	case o.Status == porting.Accepted && o.Driver.Run == run:
		return "", false
	}
	return porting.OutOver, true
}
