package bandwidth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// stillPending is the Status/Code of an order that the peer has taken and can't tell of yet.
const stillPending = "241"

// states are the values of ProcessingStatus and what they mean for the request. The toll-free ones can't come to an
// order of ours. PROCESSING, COMPLETED and FAILED stand in a schema or an old guide and in no sample.
var states = map[string]porting.AnswerState{
	"DRAFT":               porting.AnswerWaiting,
	"PENDING_DOCUMENTS":   porting.AnswerWaiting,
	"SUBMITTED":           porting.AnswerWaiting,
	"PROCESSING":          porting.AnswerWaiting,
	"REQUESTED_SUPP":      porting.AnswerWaiting,
	leaving:               porting.AnswerWaiting,
	"VALIDATE_TFNS":       porting.AnswerWaiting,
	"VALIDATE_DRAFT_TFNS": porting.AnswerWaiting,
	"VALID_DRAFT_TFNS":    porting.AnswerWaiting,
	"FOC":                 porting.AnswerAccepted,
	"EXCEPTION":           porting.AnswerRefused,
	"FAILED":              porting.AnswerRefused,
	"INVALID_TFNS":        porting.AnswerRefused,
	"INVALID_DRAFT_TFNS":  porting.AnswerRefused,
	"COMPLETE":            porting.AnswerCompleted,
	"COMPLETED":           porting.AnswerCompleted,
	"CANCELLED":           porting.AnswerOver,
	snapback:              porting.AnswerOver,
}

// leaving is the state of an order whose cancellation the carrier has yet to confirm.
const leaving = "REQUESTED_CANCEL"

// snapback is a state that only the list of states tells of. It is read as numbers that are back at the losing carrier,
// their port undone (L3).
const snapback = "SNAPBACK"

// stateOf reads a state, which is written in several cases. One that is not in the table is unclear.
func stateOf(status string) porting.AnswerState {
	if s, ok := states[canonical(status)]; ok {
		return s
	}
	return porting.AnswerUnclear
}

func canonical(status string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToUpper(strings.TrimSpace(status)))
}

// Read returns the answer in the order's ProcessingStatus. States may be skipped or repeated; one that is not known,
// and one that contradicts what stands beside it, is unclear.
func (c *Client) Read(ctx context.Context, ref string) (porting.Answer, error) {
	o, err := c.get(ctx, ref)
	if err != nil {
		return porting.Answer{}, err
	}
	if o.Status == "" { // stillPending
		return porting.Answer{State: porting.AnswerWaiting, Said: "pending"}, nil
	}
	a := porting.Answer{State: stateOf(o.Status), Said: porting.Quote(o.Status)}
	why := c.reasons(ctx, o.faults, o.own())
	switch a.State {
	case porting.AnswerAccepted:
		if a.State, a.FOC, a.At, a.Timed = o.agreed(); a.State == porting.AnswerUnclear {
			a.Said = porting.Quote(o.Status + " of " + o.text("ActualFocDate"))
		}
		if a.State == porting.AnswerAccepted && o.yes("Triggered") && !c.cfg.Now().Before(a.At.Add(-24*time.Hour)) {
			if a.Moved, err = c.moved(ctx, ref); err != nil {
				return porting.Answer{}, err
			}
		}
	case porting.AnswerCompleted:
		_, a.FOC, a.At, a.Timed = o.agreed()
		if a.Left, err = c.left(ctx, ref, o, why); err != nil {
			return porting.Answer{}, err
		}
		if len(a.Left) > 0 {
			a.Reasons = why
		}
		if len(a.Left) == len(o.order.Numbers) && len(a.Left) > 0 {
			a.State = porting.AnswerUnclear // it is complete, and none of its numbers has moved
		}
	case porting.AnswerRefused:
		a.Reasons = why
		for i, r := range why {
			if r.Code == porting.NameMismatch && o.mayBeCut() {
				why[i].Note = porting.Say(porting.MsgNameCut)
			}
		}
		switch {
		case len(why) > 0:
		case len(o.faults) > 0: // all of them are information: the peer still works on the order (L2)
			a.State = porting.AnswerWaiting
		default:
			a.Reasons = []porting.Reason{{Code: porting.OtherReason, Raw: canonical(o.Status)}}
		}
	case porting.AnswerOver:
		ended := porting.PeerCancelled
		if canonical(o.Status) == snapback {
			ended = porting.PortUndone
		}
		a.Reasons = why
		if !slices.ContainsFunc(why, func(r porting.Reason) bool { return r.Code == ended }) {
			a.Reasons = append(why, porting.Reason{Code: ended, Raw: canonical(o.Status)})
		}
	}
	return a, nil
}

// mayBeCut says that a name of the order is as long as this wire lets it be. Cutting takes a blank at the end away too.
func (e existing) mayBeCut() bool {
	s := e.order.Subscriber
	return s != nil && slices.ContainsFunc([]string{s.BusinessName, s.FirstName, s.LastName}, func(name string) bool {
		return len([]rune(name)) >= maxName-1
	})
}

// agreed is the date of an order in FOC, the instant of the move, and whether the peer has named its hour. Without a date the order waits for one; a date that can't be read is unclear,
// and never the date that was asked for.
func (e existing) agreed() (state porting.AnswerState, foc porting.Date, at time.Time, timed bool) {
	date := e.text("ActualFocDate") // lists write ActualFOCDate
	if date == "" {
		return porting.AnswerWaiting, "", time.Time{}, false
	}
	foc, at, ok := parseFOC(date, e.ownHour())
	if !ok {
		return porting.AnswerUnclear, "", time.Time{}, false
	}
	return porting.AnswerAccepted, foc, at, e.ownHour() && namesHour(date)
}

// moved returns the numbers of a triggered order in FOC that are active already. Its other numbers have yet to move.
func (c *Client) moved(ctx context.Context, ref string) ([]string, error) {
	now, err := c.Activation(ctx, ref)
	if errors.As(err, new(*peer.Denied)) || err == nil && len(now.Waiting) == 0 {
		return nil, nil
	}
	return now.Active, err
}

// left are the numbers of a complete order that did not move: those that a refusal names, unless the activation shows
// them as active. The activation is erased when the order completes, so that it mostly tells nothing (L8).
func (c *Client) left(ctx context.Context, ref string, o existing, why []porting.Reason) ([]string, error) {
	own := o.own()
	stay := func(tn string) bool {
		return slices.ContainsFunc(why, func(r porting.Reason) bool { return slices.Contains(r.Numbers, tn) })
	}
	if !slices.ContainsFunc(own, stay) {
		return nil, nil
	}
	now, err := c.Activation(ctx, ref)
	if err != nil && !errors.As(err, new(*peer.Denied)) {
		return nil, err
	}
	var left []string
	for _, tn := range own {
		if slices.Contains(now.Waiting, tn) || stay(tn) && !slices.Contains(now.Active, tn) {
			left = append(left, tn)
		}
	}
	return left, nil
}
