package workflow

import (
	"context"
	"errors"

	"portway/internal/orders"
	"portway/internal/porting"
)

// stagehand decides at the desk of a sandbox, where nobody of our staff sits.
var stagehand = porting.By{Role: porting.Staff, Name: "sandbox"}

// retries is how often the stagehand has an order tried again before its customer gets it back.
const retries = 3

// Stagehand decides on a sandbox's order that our staff would be asked about, as they would most of the time: it is approved, or
// tried again, and what does not come right by that goes back to the customer, or ends where that is no longer open.
func Stagehand(ctx context.Context, book *orders.Book, d orders.Due) error {
	o, err := book.Store.Load(ctx, d.Order)
	if err != nil || !o.Sandbox || o.Desk == "" {
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
	decisions := []porting.Command{
		porting.Approve{By: stagehand},
		porting.Retry{By: stagehand},
		porting.Return{By: stagehand, Reasons: reasons},
		porting.HardCancel{By: stagehand, Why: "The sandbox has no staff to ask.", Force: true},
	}
	if len(asked.Events) > retries {
		decisions = decisions[2:]
	}
	for _, decision := range decisions {
		_, err = book.Do(ctx, o.ID, decision)
		var refused *porting.Error
		if !errors.As(err, &refused) || refused.Code == porting.Stale {
			return err
		}
	}
	return err
}
