package workflow

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// Check is the status check of an order of which a carrier has a request, or is to get one (S-SUB): the carrier is
// asked, an answer that nobody told us of is taken, and the finding is a comment, even if it is nothing new. A request
// that is to end is withdrawn once more. The check moves the next one.
func Check(peers Peers) func(context.Context, *orders.Book, orders.Due) error {
	return func(ctx context.Context, book *orders.Book, d orders.Due) error {
		o, err := book.Store.Load(ctx, d.Order)
		if err != nil || !listens(o) {
			return err
		}
		was := o.Status
		o, answer, err := look(ctx, book, peers, o)
		var down *peer.Down
		var denied *peer.Denied
		if err != nil && !errors.As(err, &down) && !errors.As(err, &denied) {
			return err
		}
		if err := escalate(ctx, book, o.ID); err != nil {
			return err
		}
		missed, _ := book.Rules.Missed(o, book.Time())
		finding := found(o, was, answer.Said, down, missed)
		late, err := chase(ctx, book, peers, o, down)
		if err != nil {
			return err
		}
		if denied != nil {
			port, _ := o.Last(porting.AskPort)
			finding = porting.Say(porting.MsgFoundDenied, "peer", port.Peer)
			late.desk = porting.Say(porting.MsgAskDenied,
				"peer", port.Peer, "pon", string(port.PON), "said", titles(denied.Reasons))
		}
		if !late.desk.IsZero() { // before the check is written down, so that a crash between the two does not lose it
			_, err = book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
				if !listens(o) || o.AskedOfCarrier() {
					return nil, nil
				}
				return porting.AskDesk{By: bySweep, Why: late.desk}, nil
			})
			if err != nil {
				return err
			}
		}
		_, err = book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
			if !listens(o) {
				return nil, nil // completed, or withdrawn: it has told so itself
			}
			next := porting.Say(porting.MsgNextCheck,
				"date", string(porting.DateOf(book.Rules.NextCheck(o, book.Time()))))
			return porting.Check{By: bySweep, Chased: late.to,
				Found: slices.Concat([]porting.Message{finding}, late.done, []porting.Message{next})}, nil
		})
		return err
	}
}

// look asks the peer how the order's request stands. One that is to end is withdrawn once more instead.
func look(
	ctx context.Context, book *orders.Book, peers Peers, o porting.Order,
) (porting.Order, porting.Answer, error) {
	if !o.Withdrawing {
		return Ask(ctx, book, peers, o)
	}
	o, err := withdraw(ctx, book, peers, o)
	if porting.Is(err, porting.TooEarly) {
		err = nil
	}
	return o, porting.Answer{}, err
}

// titles names the reasons for our staff.
func titles(reasons []porting.Reason) string {
	var all []string
	for _, r := range reasons {
		all = append(all, strings.TrimSpace(r.Code.Info().Title+" "+r.Raw))
	}
	return strings.Join(all, ", ")
}

// chased is what came of a look at an order that is late.
type chased struct {
	done []porting.Message // what was done, for the comment
	to   porting.Chase     // to whom the silence was brought now
	desk porting.Message   // what our staff is to be asked
}

// chase sees to an order that is late: silence for longer than the carrier normally takes is brought to people at the
// peer, and to our staff where the peer takes no such thing or it has not helped; a day that has passed without a word
// of completion is told, and is our staff's when it stays so.
func chase(ctx context.Context, book *orders.Book, peers Peers, o porting.Order, down *peer.Down) (chased, error) {
	missed, ask := book.Rules.Missed(o, book.Time())
	switch {
	case missed && ask:
		return chased{done: []porting.Message{porting.Say(porting.MsgCallsCarrier)}, desk: porting.Say(porting.MsgAskMissed, "foc", string(o.FOC))}, nil
	case missed:
		return chased{done: []porting.Message{porting.Say(porting.MsgAsksDaily)}}, nil
	case book.Rules.Unreleased(o, book.Time()):
		port, _ := o.Last(porting.AskPort)
		return chased{desk: porting.Say(porting.MsgAskWithdrawal,
			"peer", port.Peer, "pon", string(port.PON), "said", port.Said)}, nil
	case down != nil:
		return chased{}, nil
	}
	to := book.Rules.Silent(o, book.Time())
	if to == porting.NotChased {
		return chased{}, nil
	}
	p, err := peers.For(o, porting.AskPort)
	if err != nil {
		return chased{}, err
	}
	port, _ := o.Last(porting.AskPort)
	late := porting.Say(porting.MsgSilentLong, "days", strconv.Itoa(o.Quiet()))
	if to == porting.ChasedStaff {
		late = porting.Say(porting.MsgSilentStill, "peer", p.Name())
	} else if e, ok := p.(peer.Escalator); ok {
		said, done, err := e.Escalate(ctx, port.Ref, book.Time())
		var unreachable *peer.Down
		var denied *peer.Denied
		switch {
		case errors.As(err, &unreachable):
			return chased{}, nil // the next check tries again
		case err != nil && !errors.As(err, &denied):
			return chased{}, err
		case err == nil && done:
			told := porting.Say(porting.MsgEscalated, "days", strconv.Itoa(o.Quiet()), "peer", p.Name(), "said", strings.TrimSuffix(porting.Quote(said), "."))
			return chased{done: []porting.Message{told}, to: to}, nil
		case err == nil:
			return chased{}, nil // by the peer's own rules it is too early
		}
	}
	since := porting.DateOf(port.Sent.In(book.Rules.Calendar.Location()))
	return chased{done: []porting.Message{late}, to: porting.ChasedStaff,
		desk: porting.Say(porting.MsgAskSilent, "peer", p.Name(), "since", string(since), "pon", string(port.PON))}, nil
}

// listens says that what a carrier says of the order matters: its request is with the carrier or about to go there, or
// a carrier has one of an order that was given back or has ended.
func listens(o porting.Order) bool {
	return o.Status == porting.Submitted || o.Status == porting.Accepted || o.HasOpenRequest()
}

// found tells the finding of a check.
func found(o porting.Order, was porting.Status, said string, down *peer.Down, missed bool) porting.Message {
	port, asked := o.Last(porting.AskPort)
	key := porting.MsgFoundWorking
	switch {
	case down != nil:
		return porting.Say(porting.MsgFoundDown, "peer", down.Peer)
	case o.Withdrawing:
		key = porting.MsgFoundWithdrawing
	case o.Status != porting.Submitted && o.Status != porting.Accepted:
		key = porting.MsgFoundGivenBack
	case !asked && !o.HandOver.IsZero():
		return porting.Say(porting.MsgFoundHandOver, "on", string(porting.DateOf(o.HandOver)))
	case !asked || o.PeerRef() == "":
		return porting.Say(porting.MsgFoundUnsent)
	case o.Status != was && o.Status == porting.Accepted:
		key = porting.MsgFoundAccepted
	case o.Status != was:
		key = porting.MsgFoundLost
	case missed:
		key = porting.MsgFoundMissed
	case o.Status == porting.Accepted:
		key = porting.MsgFoundStands
	case port.State == porting.AnswerRefused:
		key = porting.MsgFoundRefused
	}
	return porting.Say(key, "peer", port.Peer, "said", said, "foc", string(o.FOC))
}
