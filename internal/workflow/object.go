package workflow

import (
	"context"
	"errors"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// pullRecord asks for the carrier's record again, since the carrier's refusal contradicts the record that we have. It
// takes one step at a time: the request is written down, sent, and read until the record has come or is given up. The
// step is repeated after each.
func (t *Tasks) pullRecord(ctx context.Context, o porting.Order) (Output, error) {
	csr, asked := o.RecordAsked()
	if !asked {
		before, ok := o.Record()
		if !ok {
			return t.out(o, Again), nil
		}
		csr = porting.Attempt{Kind: porting.AskCSR, Peer: before.Peer, PON: o.NextPON(porting.AskCSR)}
		var err error
		if o, err = t.Book.Apply(ctx, o, porting.Plan{By: system, Attempt: csr}); porting.Is(err, porting.Stale) {
			return t.out(o, Again), nil
		} else if err != nil {
			return Output{}, err
		}
	}
	p, err := t.Peers.For(o, porting.AskCSR)
	if err != nil {
		return Output{}, err
	}
	if csr.Ref == "" {
		return t.askRecord(ctx, o, p, csr)
	}
	record, state, said, err := p.ReadCSR(ctx, csr.Ref)
	if err != nil {
		return t.noRecord(ctx, o, csr, err)
	}
	o, err = t.Book.Do(ctx, o.ID, porting.TakeRecord{By: system, PON: csr.PON, State: state, Said: said, Record: record})
	out := t.out(o, Later)
	out.Wait = max(1, int(t.Pace.of(o).Scale(growing(csr.Reads)).Seconds()))
	if state == porting.AnswerReady || state == porting.AnswerNoRecord {
		out.Outcome = Again
	}
	return out, err
}

// askRecord sends the request for the record. One that was sent before and not written down is looked up first, where
// the peer has that.
func (t *Tasks) askRecord(ctx context.Context, o porting.Order, p peer.Peer, csr porting.Attempt) (Output, error) {
	open, err := t.Open(ctx, o)
	if err != nil {
		return Output{}, err
	}
	ref := ""
	if f, ok := p.(peer.RecordFinder); ok && !csr.Planned.IsZero() {
		if ref, _, err = f.FindCSR(ctx, csr.PON, csr.Planned); err != nil {
			return t.noRecord(ctx, o, csr, err)
		}
	}
	if ref == "" {
		if ref, err = p.RequestCSR(ctx, open, csr.PON); err != nil {
			return t.noRecord(ctx, o, csr, err)
		}
	}
	o, err = t.Book.Do(ctx, o.ID, porting.MarkSent{By: system, PON: csr.PON, Ref: ref})
	return t.out(o, Later), err
}

// noRecord goes on without the record if its peer gives none, or can't be reached for too long. Until then the step is
// put off.
func (t *Tasks) noRecord(ctx context.Context, o porting.Order, csr porting.Attempt, err error) (Output, error) {
	if !errors.Is(err, peer.ErrNoCSR) && !errors.As(err, new(*peer.Denied)) {
		if o, err = t.putOff(ctx, o, err); err != nil || o.Delays < patience {
			return t.out(o, Later), err
		}
	}
	o, err = t.Book.Do(ctx, o.ID, porting.TakeRecord{By: system, PON: csr.PON, State: porting.AnswerNoRecord})
	return t.out(o, Again), err
}

// object contests a refusal. The order waits at the desk's state of the machine, until the carrier gives way or a person
// decides; an order whose customer has a quicker fix goes back with it, and the objection goes on beside.
func (t *Tasks) object(ctx context.Context, o porting.Order, d porting.RepairDecision) (Output, error) {
	if !o.Objection.Open() {
		var err error
		o, err = t.Book.Apply(ctx, o, porting.Object{By: system})
		if porting.Is(err, porting.Stale) {
			return t.out(o, Again), nil
		}
		if err != nil {
			return Output{}, err
		}
	}
	if !d.Quick {
		return t.out(o, ToDesk), nil
	}
	o, err := t.Book.Apply(ctx, o, porting.Return{By: system, Reasons: o.Reasons})
	if porting.Is(err, porting.Stale) {
		return t.out(o, Again), nil
	}
	return t.out(o, porting.OutOver), err
}

// Objecting handles the effect SendObjection: it brings the objection to the people of its present rung by a note, where
// the peer has notes and a note reaches these people. Else a person is asked to tell them. A note is written once,
// however often the effect is carried out.
func Objecting(book *orders.Book, peers Peers) orders.Handler {
	return func(ctx context.Context, _ porting.Event, o porting.Order) error {
		b := o.Objection
		if b.State != porting.ObjectionRaised || !b.Sent.IsZero() || o.Status.Terminal() {
			return nil
		}
		told, err := note(ctx, book.Rules, peers, o)
		if err != nil {
			return err
		}
		_, err = book.Do(ctx, o.ID, porting.TellObjection{By: system, Step: b.Step, ByNote: told})
		if porting.Is(err, porting.Settled) { // it has gone on meanwhile, and the next rung has its own effect
			return nil
		}
		return err
	}
}

// note writes the objection as a note. Told is false where no note can bring it to the people of the rung.
func note(ctx context.Context, rules porting.Rules, peers Peers, o porting.Order) (told bool, err error) {
	if !o.Objection.Rung().Note || o.PeerRef() == "" {
		return false, nil
	}
	p, err := peers.For(o, porting.AskPort)
	if err != nil {
		return false, err
	}
	noted, ok := p.(peer.Noted)
	if !ok {
		return false, nil
	}
	err = noted.Note(ctx, o.PeerRef(), rules.ObjectionText(o))
	if errors.As(err, new(*peer.Denied)) {
		return false, nil
	}
	return err == nil, err
}

// escalate brings an objection to the next rung when the time of the present one is over.
func escalate(ctx context.Context, book *orders.Book, id porting.OrderID) error {
	_, err := book.Change(ctx, id, func(o porting.Order) (porting.Command, error) {
		if !book.Rules.ObjectionDue(o, book.Time()) {
			return nil, nil
		}
		return porting.EscalateObjection{By: bySweep}, nil
	})
	return err
}
