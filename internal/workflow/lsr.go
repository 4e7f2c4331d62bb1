package workflow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"portway/internal/bucket"
	"portway/internal/document"
	"portway/internal/peer"
	"portway/internal/porting"
)

// send asks the carrier for what the order calls for now, as [porting.Rules.DecideRequest] decides. A request is written on the
// order before its peer is called, and is looked up there before it is sent again, so that a crash between the two never makes
// a second request.
func (t *Tasks) send(ctx context.Context, o porting.Order, _ Input) (Output, error) {
	d, err := t.decide(ctx, o)
	if err != nil {
		return Output{}, err
	}
	if d.Do == porting.DoSend && !d.Request.Unconfirmed {
		if o, err = t.write(ctx, o, d.Request); err != nil {
			return t.down(ctx, o, err)
		}
		if d, err = t.decide(ctx, o); err != nil {
			return Output{}, err
		}
	}
	switch {
	case d.Do == porting.DoSend:
		return t.sendRequest(ctx, o, d.Request)
	case d.Do == porting.DoGiveBack:
		o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: d.Reasons})
	case d.Cause == porting.CauseOtherRequest:
		o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system, Why: porting.Say(porting.MsgStillOnRequest, "order", string(o.SplitOffFrom))})
	}
	return t.out(o, unsent[d.Cause]), err
}

// unsent is the outcome of the step by the cause for which nothing is sent. The effect WithdrawRequest withdraws the request of
// an order that has ended.
var unsent = map[porting.Cause]porting.Outcome{
	porting.CauseEnded:         porting.OutOver,
	porting.CauseReview:        ToReview,
	porting.CauseNotOpen:       porting.OutOver,
	porting.CauseDateAgreed:    porting.OutAccepted,
	porting.CauseRefused:       porting.OutRefused,
	porting.CauseAccountNumber: porting.OutOver,
	porting.CauseOtherRequest:  Delayed,
	porting.CauseAsked:         Sent,
	porting.CauseOldLOA:        porting.OutOver,
}

// decide decides what is to be asked of the carrier now.
func (t *Tasks) decide(ctx context.Context, o porting.Order) (porting.Decision, error) {
	var from porting.Order
	if o.NeedsOrigin() {
		var err error
		if from, err = t.Book.Store.Load(ctx, o.SplitOffFrom); err != nil {
			return porting.Decision{}, err
		}
	}
	return t.Book.Rules.DecideRequest(o, from, t.Book.Time()), nil
}

// write writes a request on the order before it is sent. The router chooses the peer of a first request.
func (t *Tasks) write(ctx context.Context, o porting.Order, q porting.Request) (porting.Order, error) {
	if q.Peer == "" {
		o, _, err := t.plan(ctx, o, q.Attempt())
		return o, err
	}
	return t.Book.Do(ctx, o.ID, porting.Plan{By: system, Attempt: q.Attempt()})
}

// sendRequest sends a request that is written on the order, and writes down what its peer answers.
func (t *Tasks) sendRequest(ctx context.Context, o porting.Order, q porting.Request) (Output, error) {
	p, err := t.Peers.For(o, q.Kind)
	if err != nil {
		return Output{}, err
	}
	ref, err := t.bring(ctx, p, o, q)
	var denied *peer.Denied
	switch {
	case errors.As(err, &denied):
		return t.takeDenial(ctx, p, o, q, denied)
	case err != nil:
		return t.down(ctx, o, err)
	}
	o, err = t.Book.Do(ctx, o.ID, porting.MarkSent{By: system, PON: q.PON, Version: q.Version, Ref: ref})
	switch {
	case porting.Is(err, porting.WrongStatus) && o.Status.Terminal(): // it ended while the request was on its way
		return t.out(o, porting.OutOver), p.Cancel(ctx, ref)
	case o.Status == porting.Accepted:
		return t.out(o, porting.OutAccepted), err
	}
	return t.out(o, Sent), err
}

// takeDenial acts on a peer that does not take the request: it is a refusal, unless the order has a date already, or the
// numbers have moved before we heard of it. In that case the peer's own answer about the order tells the rest.
func (t *Tasks) takeDenial(ctx context.Context, p peer.Peer, o porting.Order, q porting.Request, denied *peer.Denied) (Output, error) {
	if denied.Done() && q.Ref != "" {
		now, answer, err := askAbout(ctx, t.Book, p, o, q.Ref)
		if err == nil && answer.State == porting.AnswerCompleted {
			return t.out(now, porting.OutOver), nil
		}
	}
	if o.Status == porting.Accepted {
		o, err := t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: porting.Say(porting.MsgAskNoOtherDate)})
		return t.out(o, porting.OutAccepted), err
	}
	by := porting.By{Role: porting.PeerRole, Name: q.Peer}
	o, err := t.Book.Do(ctx, o.ID, porting.Refuse{By: by, PON: q.PON, Said: "denied", Reasons: denied.Reasons})
	return t.out(o, porting.OutRefused), err
}

// bring sends the request, or finds it at the peer, and returns the peer's reference.
func (t *Tasks) bring(ctx context.Context, p peer.Peer, o porting.Order, q porting.Request) (string, error) {
	open, err := t.Open(ctx, o)
	if err != nil {
		return "", err
	}
	loa, err := document.LOA(o)
	if err != nil {
		return "", err
	}
	papers, err := t.papers(ctx, o)
	if err != nil {
		return "", err
	}
	r := peer.Request{PON: q.PON, Version: q.Version, Sup: q.Sup, Order: open, Date: q.Date, LOA: loa, Papers: papers}
	if q.Ref != "" {
		return p.Supplement(ctx, q.Ref, r)
	}
	ref, ok, err := p.Find(ctx, r)
	switch {
	case err != nil:
		return "", err
	case ok:
		return ref, p.Complete(ctx, ref, r)
	}
	return p.Submit(ctx, r)
}

// papers are the documents that the carrier has asked to see, as they were accepted.
func (t *Tasks) papers(ctx context.Context, o porting.Order) ([]peer.Paper, error) {
	var all []peer.Paper
	for _, id := range o.Enclosed {
		d, ok := o.Document(id)
		if !ok {
			continue
		}
		file, err := t.Files.Get(ctx, bucket.Kept(o.Account, o.Keeper(d), d.Digest), porting.MaxDocumentSize)
		if err != nil {
			return nil, err
		}
		all = append(all, peer.Paper{Kind: d.Kind, Name: fmt.Sprintf("%s %s", d.Kind, d.ID), PDF: file})
	}
	return all, nil
}

// answer leaves the token by which the carrier's answer resumes the machine. An answer that is there already resumes it too.
func (t *Tasks) answer(ctx context.Context, o porting.Order, in Input) (Output, error) {
	out, err := t.wait(ctx, o, in, porting.WaitAnswer)
	if err != nil {
		return out, err
	}
	// An answer may have come before the peer's reference was written down, when nobody knew whose it was. The token is taken:
	// from here on the function must not fail.
	if _, _, err := Ask(ctx, t.Book, t.Peers, o); err != nil {
		slog.WarnContext(ctx, "not asked at once", "order", o.ID, "error", porting.Plain(err))
	}
	return out, nil
}

// desk leaves the token by which a person's decision resumes the machine.
func (t *Tasks) desk(ctx context.Context, o porting.Order, in Input) (Output, error) {
	return t.wait(ctx, o, in, porting.WaitDesk)
}

// review leaves the token for the team's review, or reviews by rule where that is allowed, as in a sandbox, and nothing speaks
// against it. When
// the approval fails the step is tried again, with another token; an order that the team was faster with is left alone.
func (t *Tasks) review(ctx context.Context, o porting.Order, in Input) (Output, error) {
	out, err := t.wait(ctx, o, in, porting.WaitReview)
	if err != nil || !t.AutoApprove && !o.Sandbox || o.Status != porting.Review || len(t.Book.Rules.Screen(o, t.Book.Time())) > 0 {
		return out, err
	}
	_, err = t.Book.Do(ctx, o.ID, porting.Approve{By: system})
	if porting.Is(err, porting.NoFunds) {
		_, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: []porting.Reason{{Code: porting.InsufficientFunds}}})
	}
	if err != nil && !porting.Is(err, porting.WrongStatus) {
		return Output{}, err
	}
	return out, nil
}

func (t *Tasks) wait(ctx context.Context, o porting.Order, in Input, what porting.WaitFor) (Output, error) {
	o, err := t.Book.Do(ctx, o.ID, porting.Await{By: system, For: what, Token: in.Token})
	return t.out(o, NotYet), err
}

// repair tries to cure a refusal without the customer. What no rule can cure goes to our staff where they can, and back to
// the customer where only the customer can.
func (t *Tasks) repair(ctx context.Context, o porting.Order, _ Input) (Output, error) {
	port, _ := o.Last(porting.AskPort)
	switch {
	case o.Status != porting.Submitted:
		return t.out(o, porting.OutOver), nil
	case port.State != porting.AnswerRefused:
		return t.out(o, Again), nil
	}
	open, err := t.Open(ctx, o)
	if err != nil {
		return Output{}, err
	}
	help, err := t.help(ctx, open)
	if err != nil {
		if o, err = t.putOff(ctx, o, err); err != nil {
			return Output{}, err
		}
		if o.Delays < patience {
			return t.out(o, Later), nil
		}
	}
	m, ok := t.Book.Rules.FindRepair(open, help, t.Book.Time())
	another := m.Peer != "" || slices.Contains(m.Repairs, porting.Replace) || slices.Contains(m.Repairs, porting.StartOver)
	if known := o.PeerRef(); ok && another && known != "" {
		// Two requests must not ask the carrier for the same numbers. A peer that does not let go keeps the order.
		gone, err := t.letGo(ctx, o, known, slices.Contains(m.Repairs, porting.StartOver))
		var denied *peer.Denied
		switch {
		case err != nil && !errors.As(err, &denied):
			o, err = t.putOff(ctx, o, err)
			return t.out(o, Later), err
		case err == nil && !gone && o.Delays < patience:
			o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system, Why: porting.Say(porting.MsgCancelAwaited, "peer", port.Peer, "pon", string(port.PON))})
			return t.out(o, Later), err
		}
		ok = gone
	}
	if ok {
		if len(m.SplitOff) == 0 {
			o, err = t.Book.Do(ctx, o.ID, m)
		} else if o, err = t.Book.SplitOff(ctx, open, m); porting.Is(err, porting.Stale) {
			return t.out(o, Again), nil // the order as it is by now says what is left to do
		}
		if m.After > 0 {
			out := t.out(o, Later)
			out.Wait = max(1, int(t.Pace.of(o).Scale(m.After).Seconds()))
			return out, err
		}
		return t.out(o, Again), err
	}
	for _, r := range o.Reasons {
		if fix := r.Code.Info().Fix; fix == porting.ByStaff || fix == porting.ByNobody {
			o, err = t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: porting.Say(porting.MsgAskRefusal, "reason", string(r.Code))})
			return t.out(o, ToDesk), err
		}
	}
	o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: o.Reasons})
	return t.out(o, porting.OutOver), err
}

// letGo cancels a request at its peer; gone says that it has ended there, for which the carrier may take its time. With ends a
// refusal that the peer still shows after the cancellation is an end too.
func (t *Tasks) letGo(ctx context.Context, o porting.Order, ref string, ends bool) (gone bool, err error) {
	p, err := t.Peers.For(o, porting.AskPort)
	if err != nil {
		return false, err
	}
	if err := p.Cancel(ctx, ref); err != nil {
		return false, err
	}
	answer, err := p.Read(ctx, ref)
	var denied *peer.Denied
	if errors.As(err, &denied) && denied.Unknown() {
		return true, nil
	}
	// A registry's request that was refused has ended with that; another peer's lives on until it is cancelled.
	return answer.State == porting.AnswerOver || ends && answer.State == porting.AnswerRefused, err
}

// help gathers what a repair needs beside the order: the carrier's record, and another peer where this one does not carry it.
func (t *Tasks) help(ctx context.Context, o porting.Order) (porting.Help, error) {
	h := known(o)
	if o.WantsLines() {
		found, err := t.Peers.Portability(ctx, o, o.Active())
		if err != nil {
			return h, err
		}
		for _, p := range found {
			h.Lines = append(h.Lines, porting.Line{TN: p.TN, Kind: o.Kind, Country: o.Details.Country, Carrier: p.Carrier, RateCenter: p.RateCenter})
		}
	}
	if !o.WantsOtherPeer() {
		return h, nil
	}
	other, err := t.Peers.Other(ctx, o)
	if other != nil {
		h.Peer = other.Name()
	}
	return h, err
}

// confirm asks the peer on the day whether the numbers are in service with us.
func (t *Tasks) confirm(ctx context.Context, o porting.Order, in Input) (Output, error) {
	if out, ok := settled(o, in.Run); ok {
		return t.out(o, out), nil
	}
	if err := t.cutOver(ctx, o); err != nil {
		return t.down(ctx, o, err)
	}
	o, answer, err := Ask(ctx, t.Book, t.Peers, o)
	if err != nil {
		return t.down(ctx, o, err)
	}
	if out, ok := settled(o, in.Run); ok {
		return t.out(o, out), nil
	}
	if o.Delays >= patience {
		o, err = t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: porting.Say(porting.MsgAskUnconfirmed)})
		return t.out(o, ToDesk), err
	}
	o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system, Why: porting.Say(porting.MsgMoveAwaited, "said", answer.Said)})
	return t.out(o, Later), err
}

// cutOver says the word for which the numbers wait at a peer that does not move them by itself. What it refuses, it says again
// when it is asked how the order stands.
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

// settled is what a look at the activation comes to when the order no longer waits for it, or not in this run: a moved date
// has a run of its own.
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

// park puts an order on the staff queue when a task could not be done.
func (t *Tasks) park(ctx context.Context, o porting.Order, in Input) (Output, error) {
	o, err := t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: porting.Say(porting.MsgAskFailed, "error", in.Error)})
	return t.out(o, Parked), err
}
