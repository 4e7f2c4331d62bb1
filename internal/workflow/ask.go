package workflow

import (
	"context"
	"log/slog"

	"portway/internal/orders"
	"portway/internal/porting"
)

// askings is how often a peer is asked at once where the order moves on during its answer. The next notice or status
// check asks again.
const askings = 3

// Ask asks the peer how the order's last request stands, and changes the order by the answer. It returns the order as
// it is then and the answer. An answer that the order knows already changes nothing, so a callback, a sweep and a
// machine may all ask. An answer changes the order only if the order stands as it did when the peer was asked; else
// the peer is asked again.
func Ask(
	ctx context.Context, book *orders.Book, peers Peers, o porting.Order,
) (porting.Order, porting.Answer, error) {
	var answer porting.Answer
	for range askings {
		about := o.About()
		if about.Ref == "" {
			return o, porting.Answer{}, nil
		}
		p, err := peers.For(o, porting.AskPort)
		if err != nil {
			return o, porting.Answer{}, err
		}
		if answer, err = p.Read(ctx, about.Ref); err != nil {
			return o, porting.Answer{}, err
		}
		answer.About = about
		var stale bool
		o, stale, err = take(ctx, book, o, answer, porting.PeerBy(p.Name()))
		if err != nil || !stale {
			return o, answer, err
		}
	}
	slog.WarnContext(ctx, "the order moves on faster than its peer answers", "order", o.ID)
	return o, answer, nil
}

// take changes the order by an answer. The order is written as it was read before the peer was asked, and is read again
// only if it has changed since; stale says that the answer no longer counts for it.
func take(
	ctx context.Context, book *orders.Book, o porting.Order, answer porting.Answer, by porting.By,
) (now porting.Order, stale bool, err error) {
	for {
		heard := book.Rules.Hear(o, answer, by, book.Time())
		if len(heard.Commands) == 0 {
			return o, heard.Stale, nil
		}
		now, err := book.Apply(ctx, o, heard.Commands[0])
		if porting.Is(err, porting.Stale) {
			now, err = book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
				heard = book.Rules.Hear(o, answer, by, book.Time())
				if len(heard.Commands) == 0 {
					return nil, nil
				}
				return heard.Commands[0], nil
			})
		}
		if err != nil || len(heard.Commands) < 2 {
			return now, heard.Stale, err
		}
		o, answer.About = now, now.About() // the first command of two was ours
	}
}
