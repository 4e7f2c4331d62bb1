package workflow

import (
	"cmp"
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

// send brings the order to the carrier: nothing is sent that was sent already. The request is written first and looked up at
// the peer before it is sent again, so that a crash between the two never makes a second one.
func (t *Tasks) send(ctx context.Context, o porting.Order, _ Input) (Output, error) {
	port, asked := o.Last(porting.AskPort)
	switch {
	case o.Status == porting.Review:
		return t.out(o, ToReview), nil
	case o.Status == porting.Accepted && o.Resend == porting.SupNew && !port.Sent.IsZero():
		return t.out(o, porting.OutAccepted), nil
	case o.Status != porting.Submitted && o.Status != porting.Accepted:
		return t.out(o, porting.OutOver), nil
	case port.State == porting.AnswerRefused:
		return t.out(o, porting.OutRefused), nil
	}
	if !asked && o.SplitOffFrom != "" {
		if o.NeedsAccountNumber() {
			o, err := t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: []porting.Reason{{Code: porting.AccountMissing}}})
			return t.out(o, porting.OutOver), err
		}
		from, err := t.Book.Store.Load(ctx, o.SplitOffFrom)
		if err != nil {
			return Output{}, err
		}
		if from.RequestIncludesSplitOff() {
			o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system, Why: fmt.Sprintf(
				"The numbers are still on the request of order %s; this one is sent when they have left it.", from.ID)})
			return t.out(o, Delayed), err
		}
	}
	var err error
	if again := !asked || !port.Sent.IsZero(); again && o.Status == porting.Submitted && t.Book.Rules.LOAExpired(o, t.Book.Time()) &&
		(!asked || o.Resend != porting.SupNew || port.State == porting.AnswerOver) {
		// It would be refused for its letter. What was planned before goes on: it may be at the peer already.
		o, err = t.Book.Do(ctx, o.ID, porting.Return{By: system, Reasons: []porting.Reason{{Code: porting.LOAExpired}}})
		return t.out(o, porting.OutOver), err
	}
	known := "" // the request at the peer that is changed
	switch {
	case asked && port.Sent.IsZero() && port.State != porting.AnswerOver:
		known = previous(o)
	case asked && o.Resend != porting.SupNew && port.Ref != "":
		known = port.Ref
		port = porting.Attempt{Kind: porting.AskPort, Peer: port.Peer, PON: port.PON, Version: port.Version + 1, Sup: o.Resend, Ref: ""}
		if o, err = t.Book.Do(ctx, o.ID, porting.Plan{By: system, Attempt: port}); err != nil {
			return Output{}, err
		}
	case !asked:
		if o, port, err = t.plan(ctx, o, porting.Attempt{Kind: porting.AskPort, PON: o.NextPON(porting.AskPort)}); err != nil {
			return t.down(ctx, o, err)
		}
	case port.State == porting.AnswerOver || port.Ref == "":
		port = porting.Attempt{Kind: porting.AskPort, Peer: port.Peer, PON: o.NextPON(porting.AskPort)}
		if o, err = t.Book.Do(ctx, o.ID, porting.Plan{By: system, Attempt: port}); err != nil {
			return Output{}, err
		}
	default:
		return t.out(o, Sent), nil
	}
	p, err := t.Peers.For(o, porting.AskPort)
	if err != nil {
		return Output{}, err
	}
	ref, err := t.bring(ctx, p, o, port, known)
	var denied *peer.Denied
	if errors.As(err, &denied) && denied.Done() {
		// The numbers have moved before we heard of it; the peer's own answer tells the rest.
		if now, answer, failed := Ask(ctx, t.Book, t.Peers, o); failed == nil && answer.State == porting.AnswerCompleted {
			return t.out(now, porting.OutOver), nil
		}
	}
	if errors.As(err, &denied) && o.Status == porting.Accepted {
		o, err = t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: "The carrier takes no other date for the accepted order."})
		return t.out(o, porting.OutAccepted), err
	}
	if errors.As(err, &denied) {
		by := porting.By{Role: porting.PeerRole, Name: p.Name()}
		o, err = t.Book.Do(ctx, o.ID, porting.Refuse{By: by, PON: port.PON, Said: "denied", Reasons: denied.Reasons})
		return t.out(o, porting.OutRefused), err
	}
	if err != nil {
		return t.down(ctx, o, err)
	}
	o, err = t.Book.Do(ctx, o.ID, porting.MarkSent{By: system, PON: port.PON, Version: port.Version, Ref: ref})
	if porting.Is(err, porting.WrongStatus) && o.Status.Terminal() { // it ended while the request was on its way
		return t.out(o, porting.OutOver), p.Cancel(ctx, ref)
	}
	if o.Status == porting.Accepted {
		return t.out(o, porting.OutAccepted), err
	}
	return t.out(o, Sent), err
}

// bring sends the planned request, or finds it at the peer.
func (t *Tasks) bring(ctx context.Context, p peer.Peer, o porting.Order, a porting.Attempt, known string) (string, error) {
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
	date := o.Asked(t.Book.Rules, t.Book.Time())
	if o.Status == porting.Accepted {
		date = o.FOC
	}
	r := peer.Request{PON: a.PON, Version: a.Version, Sup: a.Sup, Order: open, Date: date, LOA: loa, Papers: papers}
	if known != "" {
		return p.Supplement(ctx, known, r)
	}
	if ref, ok, err := p.Find(ctx, r); err != nil || ok {
		return ref, err
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

// previous is the peer's id of the request that a planned supplement changes; empty for a first request.
func previous(o porting.Order) string {
	last, _ := o.Last(porting.AskPort)
	for _, a := range o.Attempts {
		if a.Kind == porting.AskPort && a.PON == last.PON && a.Version == last.Version-1 {
			return a.Ref
		}
	}
	return ""
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
	if known := cmp.Or(port.Ref, previous(o)); ok && known != "" && (m.Peer != "" || slices.Contains(m.Repairs, porting.Replace) ||
		slices.Contains(m.Repairs, porting.StartOver)) {
		// Two requests must not ask the carrier for the same numbers. A peer that does not let go keeps the order.
		gone, err := t.letGo(ctx, o, known, slices.Contains(m.Repairs, porting.StartOver))
		var denied *peer.Denied
		switch {
		case err != nil && !errors.As(err, &denied):
			o, err = t.putOff(ctx, o, err)
			return t.out(o, Later), err
		case err == nil && !gone && o.Delays < patience:
			o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system, Why: fmt.Sprintf("%s has yet to confirm that the request %s is cancelled.", port.Peer, port.PON)})
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
			o, err = t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: "The carrier's refusal needs a person: " + r.Code.Info().Title + "."})
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
		o, err = t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: "The day has passed and the carrier has not confirmed the activation."})
		return t.out(o, ToDesk), err
	}
	o, err = t.Book.Do(ctx, o.ID, porting.Delay{By: system, Why: fmt.Sprintf("The carrier has not confirmed the activation yet (%s).", answer.Said)})
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
	o, err := t.Book.Do(ctx, o.ID, porting.AskDesk{By: system, Why: fmt.Sprintf("A step could not be done (%s).", in.Error)})
	return t.out(o, Parked), err
}
