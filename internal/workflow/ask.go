package workflow

import (
	"context"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Ask asks the peer how the order's request stands and takes the answer in. It returns the order as it is then, and the answer.
// What the order knows already changes nothing, so it does not matter who asks first: a callback, a sweep, or a machine.
func Ask(ctx context.Context, book *orders.Book, peers Peers, o porting.Order) (porting.Order, porting.Answer, error) {
	port, ok := o.Last(porting.AskPort)
	if !ok || port.Ref == "" {
		return o, porting.Answer{}, nil
	}
	p, err := peers.For(o, porting.AskPort)
	if err != nil {
		return o, porting.Answer{}, err
	}
	answer, err := p.Read(ctx, port.Ref)
	if err != nil {
		return o, porting.Answer{}, err
	}
	by := porting.By{Role: porting.PeerRole, Name: p.Name()}
	for range 2 { // at most accepted, then completed
		changed := false
		o, err = book.Change(ctx, o.ID, func(now porting.Order) (porting.Command, error) {
			changed = false
			for _, cmd := range now.Heard(answer, by, book.Time()) {
				changed = true
				return cmd, nil
			}
			return nil, nil
		})
		if err != nil || !changed {
			break
		}
	}
	return o, answer, err
}
