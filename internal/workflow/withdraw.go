package workflow

import (
	"context"
	"errors"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// Withdraw handles the effect WithdrawRequest: it ends the last request of an order at its peer, so that the numbers do
// not stay locked there and are not moved all the same.
func Withdraw(book *orders.Book, peers Peers) orders.Handler {
	return func(ctx context.Context, _ porting.Event, o porting.Order) error {
		_, err := withdraw(ctx, book, peers, o)
		return err
	}
}

// withdraw cancels the last request of an order and writes down that it has ended, once its peer shows so. A carrier
// may take its time, so a request that still lives is no error: the peer's notice or the status check tells its end.
// If the peer does not let go, its own word about the order decides, and else a person is asked; the order's numbers
// are held until then.
func withdraw(ctx context.Context, book *orders.Book, peers Peers, o porting.Order) (porting.Order, error) {
	d := book.Rules.DecideRequest(o, porting.Order{}, book.Time())
	if d.Do != porting.DoWithdraw {
		return o, nil
	}
	p, err := peers.For(o, d.Request.Kind)
	if err != nil {
		return o, err
	}
	if d.Request.Unconfirmed {
		if o, err = confirmed(ctx, book, p, o, d.Request); err != nil {
			return o, err
		}
	}
	ref := o.PeerRef()
	if ref == "" {
		return ended(ctx, book, o)
	}
	var denied *peer.Denied
	switch err := p.Cancel(ctx, ref); {
	case errors.As(err, &denied) && denied.Unknown():
		return ended(ctx, book, o)
	case errors.As(err, &denied):
		return withheld(ctx, book, peers, o, denied)
	case err != nil:
		return o, err
	}
	o, answer, err := Ask(ctx, book, peers, o)
	switch {
	case errors.As(err, &denied) && denied.Unknown():
		return ended(ctx, book, o)
	case err == nil && answer.State == porting.AnswerRefused && o.Kind == porting.TollFree:
		return ended(ctx, book, o) // at the registry a refused request has ended
	}
	return o, err
}

// confirmed looks for a request that was written down and of which nobody knows whether the peer has it. It is written
// down as sent if the peer has it. If the peer does not, and nobody can be sending it any more, it never existed; then
// the request that it was to change is what the peer has.
func confirmed(
	ctx context.Context, book *orders.Book, p peer.Peer, o porting.Order, q porting.Request,
) (porting.Order, error) {
	port, _ := o.Last(q.Kind)
	ref, ok, err := p.Find(ctx, peer.Request{PON: q.PON, Version: q.Version, Order: o})
	switch now := book.Now(); {
	case err != nil:
		return o, err
	case ok:
		return book.Do(ctx, o.ID, porting.MarkSent{By: system, PON: q.PON, Version: q.Version, Ref: ref})
	case now.Before(port.Leased) || port.Leased.IsZero() && now.Sub(port.Planned) < porting.SendLimit:
		return o, porting.Errorf(porting.TooEarly, "The request may still be on its way to the peer.")
	}
	return o, nil
}

// ended writes down that the last request has ended, or never was.
func ended(ctx context.Context, book *orders.Book, o porting.Order) (porting.Order, error) {
	port, _ := o.Last(porting.AskPort)
	return book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
		if last, _ := o.Last(porting.AskPort); last.PON != port.PON {
			return nil, nil
		}
		return o.LetGo(system, ""), nil
	})
}

// withheld acts on a peer that does not let a request go. What the peer tells of the request decides; if that changes
// nothing, a person is asked.
func withheld(
	ctx context.Context, book *orders.Book, peers Peers, o porting.Order, denied *peer.Denied,
) (porting.Order, error) {
	o, _, err := Ask(ctx, book, peers, o)
	if err != nil && !errors.As(err, new(*peer.Denied)) {
		return o, err
	}
	return askAboutWithdrawal(ctx, book, o, titles(denied.Reasons))
}

// askAboutWithdrawal asks a person about a request that does not end, unless a person is asked already.
func askAboutWithdrawal(ctx context.Context, book *orders.Book, o porting.Order, said string) (porting.Order, error) {
	return book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
		if !o.Withdrawing || !o.Desk.IsZero() && o.Desk.Key != porting.MsgAskReview {
			return nil, nil
		}
		port, _ := o.Last(porting.AskPort)
		return porting.AskDesk{By: system, Why: porting.Say(porting.MsgAskWithdrawal,
			"peer", port.Peer, "pon", string(port.PON), "said", said)}, nil
	})
}
