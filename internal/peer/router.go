package peer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"portway/internal/metric"
	"portway/internal/nanp"
	"portway/internal/porting"
)

// Router chooses the peer for a number or an order: Somos for toll-free, else the direct peers and then the Locals, by
// their scores where there are any, else in their order.
type Router struct {
	Direct   []Peer // who port for us by an agreement of our own; no score brings another peer before them
	Locals   []Peer
	TollFree Peer
	// Scores holds the peers' scores; nil means that there are none.
	Scores Scores
	Now    func() time.Time // nil is the wall clock
}

// Scores reads the peers' scores.
type Scores interface {
	// Months reads what was counted of a peer or a losing carrier in the given month and after it, for each month and
	// peer.
	Months(ctx context.Context, of porting.Scored, since string) ([]porting.Month, error)
}

// Choice holds the peer that is to carry an order, why it was chosen (empty if there was no choice), and the habit of
// the losing carrier.
type Choice struct {
	Peer  Peer
	Why   []porting.Message
	Habit porting.Habit
}

// locals are all peers for numbers that are not toll-free, as they are configured.
func (r *Router) locals() []Peer { return append(slices.Clone(r.Direct), r.Locals...) }

// For returns the peer of an order: the one with its last request, else the first for its kind that has not refused to
// carry it.
func (r *Router) For(o porting.Order, kind porting.AttemptKind) (Peer, error) {
	if a, ok := o.Last(kind); ok && a.State != porting.AnswerDenied {
		return r.Named(a.Peer)
	}
	if o.Kind == porting.TollFree {
		return r.TollFree, nil
	}
	for _, p := range r.locals() {
		if !slices.Contains(o.Denied(), p.Name()) {
			return p, nil
		}
	}
	return nil, errNobody
}

var errNobody = errors.New("no Locals peer is configured that would carry the order")

// Choose picks the peer of an order for which no port request was made yet. The peer that has asked for the carrier's
// record keeps the order. Else the peers are asked in their ranking whether they bring the numbers. The first that
// brings all is taken, or else the one that brings most, since the rest can still be seen to. Peers that can't be asked
// are passed over. They are an error only where no other peer is left.
func (r *Router) Choose(ctx context.Context, o porting.Order) (Choice, error) {
	if o.Kind == porting.TollFree {
		return Choice{Peer: r.TollFree}, nil
	}
	if a, ok := o.Last(porting.AskCSR); ok && !slices.Contains(o.Denied(), a.Peer) {
		p, err := r.Named(a.Peer)
		return Choice{Peer: p}, err
	}
	ranked, habit, err := r.ranked(ctx, o, o.Denied())
	if err != nil {
		return Choice{}, err
	}
	if len(ranked) == 1 {
		return Choice{ranked[0].Peer, ranked[0].why(nil, true), habit}, nil
	}
	var passed, away []porting.Message
	var unasked error
	best, most := -1, -1
	for i, p := range ranked {
		brings, err := r.brings(ctx, p.Peer, o.Active(), len(ranked)-i)
		switch {
		case ctx.Err() != nil && err != nil:
			return Choice{}, err
		case err != nil:
			unasked = firstOf(unasked, err)
			passed, away = append(passed, passedOver(p.Peer, err)), append(away, passedOver(p.Peer, err))
		case brings == len(o.Active()):
			return Choice{p.Peer, p.why(passed, false), habit}, nil
		case brings > most:
			best, most = i, brings
			fallthrough
		default:
			passed = append(passed, porting.Say(porting.MsgPeerPartly, "peer", p.Peer.Name()))
		}
	}
	if best < 0 {
		return Choice{}, waits(unasked)
	}
	return Choice{ranked[best].Peer, append(away, porting.Say(porting.MsgPeerMost)), habit}, nil
}

// ranked are the Locals peers in the sequence in which the order is brought to them, without those that were passed
// over already, and the losing carrier's habit. A peer's record with that very carrier counts, once there is enough of
// it.
func (r *Router) ranked(ctx context.Context, o porting.Order, passed []string) ([]Ranked, porting.Habit, error) {
	var peers []Ranked
	for i, p := range r.locals() {
		if !slices.Contains(passed, p.Name()) {
			peers = append(peers, Ranked{Peer: p, Direct: i < len(r.Direct)})
		}
	}
	if len(peers) == 0 {
		return nil, porting.Habit{}, errNobody
	}
	if r.Scores == nil {
		return peers, porting.Habit{}, nil
	}
	now := r.now()
	since := porting.ScoreSince(now)
	var carrier []porting.Month
	var err error
	if o.Carrier.SPID != "" {
		if carrier, err = r.Scores.Months(ctx, porting.ScoreOfCarrier(o.Carrier.SPID), since); err != nil {
			return nil, porting.Habit{}, err
		}
	}
	habit := porting.HabitOf(carrier, now)
	if len(peers) == 1 {
		return peers, habit, nil
	}
	for i, p := range peers {
		months, err := r.Scores.Months(ctx, porting.ScoreOfPeer(p.Peer.Name()), since)
		if err != nil {
			return nil, porting.Habit{}, err
		}
		peers[i].Card = CardOf(p.Peer.Name(), months, now)
		if own := CardOf(p.Peer.Name(), carrier, now); own.answers() >= enough {
			own.Down, own.DownAt = peers[i].Card.Down, peers[i].Card.DownAt // a peer is down for all carriers alike
			peers[i].Card = own
		}
	}
	return Rank(peers, now), habit, nil
}

// brings counts the numbers that the peer says it can bring. left counts the peers that are still to be asked, with
// this one.
func (r *Router) brings(ctx context.Context, p Peer, tns []string, left int) (int, error) {
	found := map[string]Portability{}
	if err := r.ask(ctx, p, tns, found, left); err != nil {
		return 0, err
	}
	n := 0
	for _, tn := range tns {
		if found[tn].Portable {
			n++
		}
	}
	return n, nil
}

// why tells why the peer was chosen: first the obstacles of the peers before it, then its own merits.
func (p Ranked) why(passed []porting.Message, only bool) []porting.Message {
	var all []porting.Message
	for _, name := range p.Before {
		all = append(all, porting.Say(porting.MsgPeerAway, "peer", name))
	}
	all = append(all, passed...)
	_, known := p.Card.Points()
	reason := porting.Say(porting.MsgPeerFirst)
	switch {
	case only:
		reason = porting.Say(porting.MsgPeerOnly)
	case p.Direct:
		reason = porting.Say(porting.MsgPeerDirect)
	case p.Better:
		reason = porting.Say(porting.MsgPeerBetter, "record", p.Card.Record(),
			"other", p.Over.Name, "other_record", p.Over.Card.Record())
	case known:
		reason = porting.Say(porting.MsgPeerRecord, "record", p.Card.Record())
	case len(all) > 0:
		reason = porting.Say(porting.MsgPeerWhole)
	}
	return append(all, reason)
}

// Other is the next Locals peer that says that it can bring all numbers of the order; nil when there is none. It is
// never one that has refused to carry the order, the one that has the order now, or the one that was asked for the
// record of an order that nobody has. Peers that can't be asked are an error only when no other one is found.
func (r *Router) Other(ctx context.Context, o porting.Order) (Peer, error) {
	if o.Kind == porting.TollFree {
		return nil, nil
	}
	passed := o.Denied()
	last, ok := o.Last(porting.AskPort)
	if !ok {
		last, _ = o.Last(porting.AskCSR)
	}
	passed = append(passed, last.Peer)
	ranked, _, err := r.ranked(ctx, o, passed)
	if err != nil {
		if errors.Is(err, errNobody) {
			err = nil
		}
		return nil, err
	}
	var unasked error
	for i, p := range ranked {
		n, err := r.brings(ctx, p.Peer, o.Active(), len(ranked)-i)
		switch {
		case ctx.Err() != nil && err != nil:
			return nil, err
		case err != nil:
			unasked = firstOf(unasked, err)
		case n == len(o.Active()):
			return p.Peer, nil
		}
	}
	return nil, waits(unasked)
}

// Named is the peer of that name.
func (r *Router) Named(name string) (Peer, error) {
	for _, p := range append([]Peer{r.TollFree}, r.locals()...) {
		if p != nil && p.Name() == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("no peer %q is configured", name)
}

// Portability asks the right peers about the numbers and answers in the order of tns. A number that one Locals peer
// can't bring is asked of the next one; the last one's reason stands.
//
// A peer that can't be asked is passed over: one that can't be reached, is too busy, refuses our login or the call
// itself. Our staff is told of a refusal by the metric PeerRefuses. Of a number that nobody else brings it is unknown
// then whether it can be ported. To call it unportable would take it off its order for good, so that the whole answer
// is a *Down and is asked for again.
func (r *Router) Portability(ctx context.Context, tns []string) ([]Portability, error) {
	found := map[string]Portability{}
	var local, tollFree []string
	for _, tn := range tns {
		n, err := nanp.Parse(tn)
		switch {
		case err != nil:
			found[tn] = Portability{TN: tn, Reason: porting.TNNotPortable}
		case n.TollFree():
			tollFree = append(tollFree, tn)
		default:
			local = append(local, tn)
		}
	}
	open := func() []string {
		return slices.DeleteFunc(slices.Clone(local), func(tn string) bool { return found[tn].Portable })
	}
	peers := r.locals()
	unasked := r.ask(ctx, r.TollFree, tollFree, found, len(peers)+1)
	if unasked != nil {
		return nil, waits(unasked)
	}
	for i, p := range peers {
		err := r.ask(ctx, p, open(), found, len(peers)-i)
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		unasked = firstOf(unasked, err)
	}
	if unasked != nil && len(open()) > 0 {
		return nil, waits(unasked)
	}
	answers := make([]Portability, 0, len(tns))
	for _, tn := range tns {
		answer, ok := found[tn]
		if !ok {
			answer = Portability{TN: tn, Reason: porting.NoCoverage}
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// portabilityBatch is the number of numbers in one call.
const portabilityBatch = 500

// ask asks one peer. left counts the peers that are still to be asked, with this one. The answers before a failure
// count.
func (r *Router) ask(ctx context.Context, p Peer, tns []string, found map[string]Portability, left int) error {
	if p == nil {
		return nil
	}
	ctx, cancel := partOf(ctx, left)
	defer cancel()
	for batch := range slices.Chunk(tns, portabilityBatch) {
		answers, err := p.Portability(ctx, batch)
		if err != nil {
			if why, refused := Refusal(err); refused {
				metric.Count(ctx, r.now(), metric.PeerRefuses, "portability", "peer", p.Name(), "why", why)
			}
			return err
		}
		for _, a := range answers {
			found[a.TN] = a
		}
	}
	return nil
}

// partOf is a context that ends early enough for the peers that are asked next: each of so many has an equal part of
// the time.
func partOf(ctx context.Context, peers int) (context.Context, context.CancelFunc) {
	end, limited := ctx.Deadline()
	if !limited || peers < 2 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(end)/time.Duration(peers))
}

// passedOver says why the peer was not asked.
func passedOver(p Peer, err error) porting.Message {
	if why, refused := Refusal(err); refused {
		return porting.Say(porting.MsgPeerRefuses, "peer", p.Name(), "why", why)
	}
	return porting.Say(porting.MsgPeerAway, "peer", p.Name())
}

// waits makes of a refusal to be asked the error of a peer that is asked again later. Another error stays as it is.
func waits(err error) error {
	var denied *Denied
	if errors.As(err, &denied) {
		why, _ := Refusal(err)
		return &Down{Peer: denied.Peer, Why: why, Refuses: true}
	}
	return err
}

func firstOf(first, next error) error {
	if first != nil {
		return first
	}
	return next
}

func (r *Router) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}
