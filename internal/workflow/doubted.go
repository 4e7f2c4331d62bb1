package workflow

import (
	"context"
	"errors"

	"portway/internal/document"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// doubted opens a case about an order whose carrier asks for the LOA after it has agreed, or after the numbers have moved. A
// demand opens one case, however often its notice comes. A peer that can't be reached fails the notice, so that it comes
// again.
func doubted(ctx context.Context, book *orders.Book, peers Peers, id porting.OrderID) error {
	o, err := book.Store.Load(ctx, id)
	if err != nil {
		return err
	}
	if o.Status != porting.Accepted && o.Status != porting.Completed || o.Authority.Open() {
		return nil
	}
	p, err := peers.For(o, porting.AskPort)
	if err != nil {
		return err
	}
	d, ok := p.(peer.Doubted)
	if !ok {
		return nil
	}
	said, asked, err := d.LOAAsked(ctx, o.PeerRef(), o.Authority.Opened)
	if errors.As(err, new(*peer.Denied)) {
		return nil
	}
	if err != nil || !asked {
		return err
	}
	_, err = book.Change(ctx, id, func(now porting.Order) (porting.Command, error) {
		if now.Authority.Open() || !now.Authority.Opened.Equal(o.Authority.Opened) {
			return nil, nil // it was opened meanwhile
		}
		return porting.OpenCase{By: system, Raised: porting.RaisedByCarrier, Who: p.Name() + ", by a note: " + said}, nil
	})
	if porting.Is(err, porting.WrongStatus) {
		return nil
	}
	return err
}

// GivingLOA handles the effect FileEvidence of a case that the carrier has raised: it gives the LOA to the carrier through
// the peer, where the wire can, after next has kept the evidence. Our staff sees to the rest.
func GivingLOA(peers Peers, next orders.Handler) orders.Handler {
	return func(ctx context.Context, e porting.Event, o porting.Order) error {
		if err := next(ctx, e, o); err != nil {
			return err
		}
		if e.Kind != porting.CaseOpened || o.Authority.Raised != porting.RaisedByCarrier || o.PeerRef() == "" {
			return nil
		}
		p, err := peers.For(o, porting.AskPort)
		if err != nil {
			return err
		}
		d, ok := p.(peer.Doubted)
		if !ok || o.Signature.IsZero() {
			return nil
		}
		loa, err := document.LOA(o)
		if err != nil {
			return err
		}
		return d.GiveLOA(ctx, o.PeerRef(), peer.Request{LOA: loa})
	}
}
