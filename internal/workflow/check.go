package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// Check is the status check of an open order (S-SUB): the carrier is asked, an answer that nobody told us of is taken in, and
// what was found is a comment, even when it is nothing new. The check moves the next one.
func Check(peers Peers) func(context.Context, *orders.Book, orders.Due) error {
	return func(ctx context.Context, book *orders.Book, d orders.Due) error {
		o, err := book.Store.Load(ctx, d.Order)
		if err != nil || !open(o) {
			return err
		}
		was := o.Status
		o, answer, err := Ask(ctx, book, peers, o)
		var down *peer.Down
		var denied *peer.Denied
		if err != nil && !errors.As(err, &down) && !errors.As(err, &denied) {
			return err
		}
		missed, _ := book.Rules.Missed(o, book.Time())
		finding := found(o, was, answer.Said, down, missed)
		late, err := chase(ctx, book, peers, o, down)
		if err != nil {
			return err
		}
		port, _ := o.Last(porting.AskPort)
		switch {
		case denied != nil:
			finding = fmt.Sprintf("Status check: %s does not tell how the request stands.", port.Peer)
			late.desk = fmt.Sprintf("%s does not tell how %s stands (%s). Ask the people there.", port.Peer, port.PON, titles(denied.Reasons))
		case answer.State == porting.AnswerUnclear:
			late.desk = fmt.Sprintf("%s calls the state of %s %q, which nobody here knows. Ask the people there what it means.",
				port.Peer, port.PON, answer.Said)
		}
		if late.desk != "" { // before the check is written down, so that a crash between the two does not lose it
			_, err = book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
				if !open(o) || o.Desk != "" {
					return nil, nil
				}
				return porting.AskDesk{By: system, Why: late.desk}, nil
			})
			if err != nil {
				return err
			}
		}
		_, err = book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
			if !open(o) {
				return nil, nil // completed: it has told so itself
			}
			next := book.Rules.NextCheck(o, book.Time()).Format("Monday, January 2")
			return porting.Check{By: system, Finding: finding + late.done + " Next check: " + next + ".", Chased: late.to}, nil
		})
		return err
	}
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
	done string        // what was done, for the comment
	to   porting.Chase // to whom the silence was brought now
	desk string        // what our staff is to be asked
}

// chase sees to an order that is late: silence for longer than the carrier normally takes is brought to people at the peer, and
// to our staff where the peer takes no such thing or it has not helped; a day that has passed without a word of completion is
// told, and is our staff's when it stays so.
func chase(ctx context.Context, book *orders.Book, peers Peers, o porting.Order, down *peer.Down) (chased, error) {
	missed, ask := book.Rules.Missed(o, book.Time())
	switch {
	case missed && ask:
		return chased{done: " Our staff calls the carrier.",
			desk: fmt.Sprintf("The numbers were to move on %s and nobody has confirmed it. Call the carrier.", o.FOC)}, nil
	case missed:
		return chased{done: " We ask again every business day."}, nil
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
	late := fmt.Sprintf(" The carrier has been silent for longer than the usual %d business days", o.Quiet())
	if to == porting.ChasedStaff {
		late = fmt.Sprintf(" The carrier is still silent, and what we asked of the people at %s has not helped", p.Name())
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
			done := fmt.Sprintf("%s; we have escalated the order at %s: %s.", late, p.Name(), strings.TrimSuffix(porting.Quote(said), "."))
			return chased{done: done, to: to}, nil
		case err == nil:
			return chased{}, nil // by the peer's own rules it is too early
		}
	}
	return chased{done: late + "; our staff asks them.", to: porting.ChasedStaff, desk: fmt.Sprintf(
		"%s has been silent since %s. Ask for the state of %s.", p.Name(), port.Sent.In(book.Rules.Calendar.Location()).Format("January 2"), port.PON)}, nil
}

func open(o porting.Order) bool { return o.Status == porting.Submitted || o.Status == porting.Accepted }

// found says what a check found, in plain words.
func found(o porting.Order, was porting.Status, said string, down *peer.Down, missed bool) string {
	port, asked := o.Last(porting.AskPort)
	switch {
	case down != nil:
		return fmt.Sprintf("Status check: %s could not be reached.", down.Peer)
	case !asked || port.Ref == "":
		return "Status check: the order has not gone to the carrier yet; we are comparing it with the carrier's record."
	case o.Status != was && o.Status == porting.Accepted:
		return fmt.Sprintf("Status check: %s says %s; the carrier has accepted the order for %s.", port.Peer, said, o.FOC)
	case o.Status != was:
		return fmt.Sprintf("Status check: %s says %s; the date no longer stands.", port.Peer, said)
	case missed:
		return fmt.Sprintf("Status check: %s says %s; the date %s has passed and nobody has confirmed the activation.", port.Peer, said, o.FOC)
	case o.Status == porting.Accepted:
		return fmt.Sprintf("Status check: %s says %s; the date %s stands.", port.Peer, said, o.FOC)
	case port.State == porting.AnswerRefused:
		return fmt.Sprintf("Status check: %s says %s; we are resolving the refusal.", port.Peer, said)
	}
	return fmt.Sprintf("Status check: %s says %s; the carrier still works on the order.", port.Peer, said)
}

// Withdraw handles the effect WithdrawRequest: it cancels what an ended order still has open at a peer, so that the numbers do
// not stay locked there. An attempt that the peer may or may not have is looked up first. If the peer has none, and none can be
// on its way any more, the request that the attempt was to change is cancelled.
func Withdraw(peers Peers, rules porting.Rules, now func() time.Time) orders.Handler {
	return func(ctx context.Context, _ porting.Event, o porting.Order) error {
		d := rules.DecideRequest(o, porting.Order{}, now())
		if d.Do != porting.DoWithdraw {
			return nil
		}
		p, err := peers.For(o, d.Request.Kind)
		if err != nil {
			return err
		}
		ref := d.Request.Ref
		if d.Request.Unconfirmed {
			port, _ := o.Last(d.Request.Kind)
			found, ok, err := p.Find(ctx, peer.Request{PON: d.Request.PON, Version: d.Request.Version, Order: o})
			switch {
			case err != nil:
				return err
			case ok:
				ref = found
			case now().Sub(port.Planned) < onItsWay:
				return porting.Errorf(porting.TooEarly, "The request may still be on its way to the peer.")
			}
		}
		if ref == "" {
			return nil
		}
		return p.Cancel(ctx, ref)
	}
}

// onItsWay is how long a planned request may be under way: longer than the function that sends it may run.
const onItsWay = 90 * time.Second
