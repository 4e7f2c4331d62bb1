package workflow

import (
	"context"
	"log/slog"

	"portway/internal/porting"
)

// answer leaves the token by which the carrier's answer resumes the machine. An answer that is there already resumes it
// too.
func (t *Tasks) answer(ctx context.Context, o porting.Order, in Input) (Output, error) {
	o, err := t.await(ctx, o, in, porting.WaitAnswer)
	if err != nil {
		return Output{}, err
	}
	out := t.out(o, NotYet)
	// An answer may have come before the peer's reference was written down, when nobody knew whose it was. The token is
	// taken: from here on the function must not fail.
	if _, _, err := Ask(ctx, t.Book, t.Peers, o); err != nil {
		slog.WarnContext(ctx, "not asked at once", "order", o.ID, "error", porting.Plain(err))
	}
	return out, nil
}

// desk leaves the token by which a person's decision resumes the machine.
func (t *Tasks) desk(ctx context.Context, o porting.Order, in Input) (Output, error) {
	o, err := t.await(ctx, o, in, porting.WaitDesk)
	return t.out(o, NotYet), err
}

// review leaves the token for the team's review. Where that is allowed, as in a sandbox, it reviews by rule an order
// that passes every check. If the approval fails, the step is tried again, with another token; an order that the team
// was faster with is left alone.
func (t *Tasks) review(ctx context.Context, o porting.Order, in Input) (Output, error) {
	o, err := t.await(ctx, o, in, porting.WaitReview)
	out := t.out(o, NotYet)
	byRule := t.AutoApprove || o.Sandbox
	if err != nil || !byRule || o.Status != porting.Review || o.Desk.Key != porting.MsgAskReview ||
		len(t.Book.Rules.Screen(o, t.Book.Time())) > 0 {
		return out, err
	}
	err = t.decideReview(ctx, o, porting.Approve{By: system})
	if porting.Is(err, porting.NoFunds) {
		err = t.decideReview(ctx, o, porting.Return{
			By: system, Reasons: []porting.Reason{{Code: porting.InsufficientFunds}}})
	}
	if err != nil && !porting.Is(err, porting.WrongStatus) {
		return Output{}, err
	}
	return out, nil
}

// decideReview decides on an order that still waits for its review alone. Whatever else a person is asked meanwhile is
// for the person.
func (t *Tasks) decideReview(ctx context.Context, o porting.Order, decision porting.Command) error {
	_, err := t.Book.Change(ctx, o.ID, func(o porting.Order) (porting.Command, error) {
		if o.Status != porting.Review || o.Desk.Key != porting.MsgAskReview {
			return nil, nil
		}
		return decision, nil
	})
	return err
}

// await writes the token on the order.
func (t *Tasks) await(
	ctx context.Context, o porting.Order, in Input, what porting.WaitFor,
) (porting.Order, error) {
	return t.Book.Do(ctx, o.ID, porting.Await{By: system, For: what, Token: in.Token,
		Fence: porting.Fence{Entered: in.Entered, Try: in.Try}})
}

// park puts an order on the staff queue if a task could not be done.
func (t *Tasks) park(ctx context.Context, o porting.Order, in Input) (Output, error) {
	o, err := t.Book.Do(ctx, o.ID, porting.AskDesk{By: system,
		Why: porting.Say(porting.MsgAskFailed, "error", in.Error)})
	return t.out(o, Parked), err
}
