package workflow

import (
	"context"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// Ask asks the peer how the order's request stands, and changes the order by the answer. It returns the order as it is
// then and the answer. An answer that the order knows already changes nothing, so a callback, a sweep and a machine may
// all ask.
func Ask(ctx context.Context, book *orders.Book, peers Peers, o porting.Order) (porting.Order, porting.Answer, error) {
	port, ok := o.Last(porting.AskPort)
	if !ok || port.Ref == "" {
		return o, porting.Answer{}, nil
	}
	p, err := peers.For(o, porting.AskPort)
	if err != nil {
		return o, porting.Answer{}, err
	}
	return askAbout(ctx, book, p, o, port.Ref)
}

// askAbout asks the peer how the request with that reference stands, and changes the order by the answer.
func askAbout(ctx context.Context, book *orders.Book, p peer.Peer, o porting.Order, ref string) (porting.Order, porting.Answer, error) {
	answer, err := p.Read(ctx, ref)
	if err != nil {
		return o, porting.Answer{}, err
	}
	by := porting.By{Role: porting.PeerRole, Name: p.Name()}
	for range 2 { // an answer has two commands at most: accepted, then completed
		more := false
		o, err = book.Change(ctx, o.ID, func(now porting.Order) (porting.Command, error) {
			cmds := now.Heard(answer, by, book.Time())
			if more = len(cmds) > 0; !more {
				return nil, nil
			}
			return cmds[0], nil
		})
		if err != nil || !more {
			break
		}
	}
	return o, answer, err
}
