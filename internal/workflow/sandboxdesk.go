package workflow

import (
	"cmp"
	"context"
	"errors"

	"portway/internal/orders"
	"portway/internal/porting"
)

// bySandboxDesk stands on the decisions of SandboxDesk in place of a person's initials.
var bySandboxDesk = porting.By{Role: porting.Staff, Way: porting.WaySweep, Name: "sandbox"}

// retries is how often SandboxDesk has an order tried again before it goes back to its customer.
const retries = 3

// SandboxDesk decides on a sandbox's order about which our staff would be asked, since nobody of our staff looks at
// sandboxes. It decides as staff mostly do: it approves the order, has it tried again, or goes on with a request that the
// carrier has accepted. An order that needs staff more often than that goes back to its customer, or ends where it can't
// go back any more; the numbers of one that has ended are freed. An order whose customer has not proven to hold the
// account goes back at once.
// It sends an objection that is prepared, and complains to nobody. It decides a dispute as the rules propose. An order
// that has changed since it was read is decided on by the next sweep.
func SandboxDesk(ctx context.Context, book *orders.Book, d orders.Due) error {
	o, err := book.Store.Load(ctx, d.Order)
	if err != nil || !o.Sandbox || o.Desk.IsZero() {
		return err
	}
	asked, err := book.Store.Search(ctx, d.Order, orders.Search{Kind: porting.DeskAsked, Limit: retries + 1})
	if err != nil {
		return err
	}
	reasons := o.Reasons
	if len(reasons) == 0 {
		reasons = []porting.Reason{{Code: porting.OtherReason}}
	}
	port, _ := o.Last(porting.AskPort)
	if o.Desk.Key == porting.MsgAskDispute {
		_, err := book.Apply(ctx, o, porting.DecideDispute{By: bySandboxDesk, For: porting.Side(o.Desk.Args["for"]),
			Why: "The sandbox decides as the rules propose."})
		if porting.Is(err, porting.Stale) || porting.Is(err, porting.WrongStatus) {
			return nil
		}
		return err
	}
	var decisions []porting.Command
	if o.Desk.Key == porting.MsgAskAgreed || o.Desk.Key == porting.MsgAskMoved {
		decisions = append(decisions, porting.TakeUp{By: bySandboxDesk})
	}
	if o.Desk.Key == porting.MsgAskWhoAsks || o.Desk.Key == porting.MsgAskGuesses {
		reasons = []porting.Reason{{Code: porting.AccountMismatch}, {Code: porting.NameMismatch}}
		decisions = append(decisions, porting.Return{By: bySandboxDesk, Reasons: reasons})
	}
	if o.Desk.Key == porting.MsgAskResold {
		reasons = []porting.Reason{{Code: porting.ResellerRecord}}
		decisions = append(decisions, porting.Return{By: bySandboxDesk, Reasons: reasons})
	}
	if o.Desk.Key == porting.MsgAskObject || o.Desk.Key == porting.MsgAskTellObjection {
		decisions = append(decisions, porting.Object{By: bySandboxDesk})
	}
	if o.Desk.Key == porting.MsgAskRecover {
		reasons = []porting.Reason{{Code: cmp.Or(o.Flags.Recovery, porting.TFTransitional), Numbers: o.Active()}}
	}
	if o.Desk.Key == porting.MsgAskSwitch {
		decisions = append(decisions, porting.ServeByHand{By: bySandboxDesk})
	}
	if o.Desk.Key == porting.MsgAskSnapback || o.Desk.Key == porting.MsgAskWinback {
		decisions = append(decisions, porting.TakeSnapback{By: bySandboxDesk})
	}
	if o.Desk.Key == porting.MsgAskAuthority {
		decisions = append(decisions, porting.CloseCase{By: bySandboxDesk, State: porting.CaseReturned, Why: "Nobody has shown that the port was authorised."},
			porting.CloseCase{By: bySandboxDesk, State: porting.CaseAuthorised, Why: "The sandbox has no carrier that doubts the port."})
	}
	if o.Desk.Key == porting.MsgAskFallout {
		decisions = append(decisions, porting.GoWithout{By: bySandboxDesk})
	}
	if len(asked.Events) <= retries && o.Desk.Key != porting.MsgAskComplaint {
		decisions = append(decisions, porting.Approve{By: bySandboxDesk}, porting.Retry{By: bySandboxDesk})
	}
	decisions = append(decisions,
		porting.Return{By: bySandboxDesk, Reasons: reasons},
		porting.HardCancel{By: bySandboxDesk, Why: "The sandbox has no staff to ask.", Force: true},
		porting.Withdrawn{By: bySandboxDesk, PON: port.PON},
	)
	for _, decision := range decisions {
		_, err = book.Apply(ctx, o, decision)
		var refused *porting.Error
		if !errors.As(err, &refused) || refused.Code == porting.Stale {
			return err
		}
	}
	return err
}
