package somos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"portway/internal/peer"
)

// Escalate hands to the registry's help desk what the controlling RespOrg has not answered within its two business
// days, or declined only after them. done says that the help desk has it, by this call or an earlier one; while it is
// false, said tells why not yet, or why there is nothing to hand over. Repeating it is harmless: what the help desk
// has, or had, is not handed to it a second time.
func (c *Client) Escalate(ctx context.Context, ref string, now time.Time) (said string, done bool, err error) {
	t, err := c.retrieve(ctx, ref)
	if err == nil {
		err = c.complete(ctx, ref, &t)
	}
	if err != nil {
		return "", false, err
	}
	// before follow, which shows other requests' lines in their place
	desk := slices.ContainsFunc(t.Lines, line.atHelpDesk)
	if _, err := c.follow(ctx, ref, &t); err != nil {
		return "", false, err
	}
	days, by := c.cfg.Calendar, t.dueBy(c.cfg.Calendar)
	overdue := !desk && slices.ContainsFunc(t.Lines, func(l line) bool { return l.word() == "OVERDUE" })
	declined := t.declinedLate(by)
	switch {
	case !overdue && len(declined) == 0 && slices.ContainsFunc(t.Lines, line.atHelpDesk):
		return "The registry's help desk has the request already.", true, nil
	case !overdue && len(declined) == 0 && !t.any(asked):
		return "There is nothing to escalate, since the request no longer waits for an answer.", false, nil
	case now.Before(by):
		return fmt.Sprintf("The controlling RespOrg has until %s Central Time to answer. The registry's help desk takes no "+
			"request before that.",
			by.In(days.Location()).Format("Monday, January 2, 3:04 PM")), false, nil
	case !overdue && len(declined) == 0:
		return "The registry does not call the request overdue yet.", false, nil
	case !days.IsBusinessDay(now):
		return fmt.Sprintf("The registry's help desk works again on %s.",
			days.AddBusinessDays(now, 1).Format("Monday, January 2")), false, nil
	}
	if overdue {
		if err := c.escalate(ctx, ref); err != nil {
			return "", false, err
		}
	}
	for _, holder := range holders(declined) {
		if err := c.resubmit(ctx, ref, holder, declined, now); err != nil {
			return "", false, err
		}
	}
	return "We have handed the request to the registry's help desk, which decides by the end of its second business day.",
		true, nil
}

// escalate makes the call for what is overdue. It is not repeated: the registry may have taken one whose answer was
// lost. A refusal is none when the help desk has the request after all.
func (c *Client) escalate(ctx context.Context, ref string) error {
	err := c.ask(ctx, ask{method: http.MethodPost, path: "/roc/escalate", keys: []string{"txnList"},
		body: escalation{ref}}, nil)
	var denied *peer.Denied
	if !errors.As(err, &denied) {
		return err
	}
	if t, failed := c.retrieve(ctx, ref); failed == nil && slices.ContainsFunc(t.Lines, line.atHelpDesk) {
		return nil
	}
	return err
}

// resubmit makes a request to the help desk of the holder's numbers among the lines.
func (c *Client) resubmit(ctx context.Context, ref, holder string, lines []line, now time.Time) error {
	var nums []string
	for _, l := range lines {
		if string(l.Holder) == holder {
			nums = append(nums, string(l.Number))
		}
	}
	day := c.cfg.Calendar.AddBusinessDays(now, 1)
	return c.ask(ctx, ask{method: http.MethodPost, path: "/roc/resubmitHDI", keys: []string{"txnID"}, body: resubmission{
		Numbers: nums, NewRespOrg: c.cfg.RespOrg, OldRespOrg: holder, Source: ref,
		Verified: verifiedBySignature, Emergency: noEmergency, Effective: day.Format(time.DateOnly) + "T00:00:00Z",
	}}, nil)
}

// follow looks for the help desk's requests of numbers that were declined late, puts their lines in the place of the
// declined ones, and returns their ids. A request made by the help desk itself is not followed.
func (c *Client) follow(ctx context.Context, ref string, t *transaction) ([]string, error) {
	var later []string
	by := t.dueBy(c.cfg.Calendar)
	for _, holder := range holders(t.declinedLate(by)) { // one request for each
		first := t.declinedLate(by)
		i := slices.IndexFunc(first, func(l line) bool { return string(l.Holder) == holder })
		if i < 0 {
			continue
		}
		now := c.cfg.Now()
		refs, err := c.requestsFor(ctx, string(first[i].Number), by.AddDate(0, 0, -1), now.AddDate(0, 0, 1))
		if err != nil {
			return nil, err
		}
		for _, id := range refs {
			if id == ref || slices.Contains(later, id) {
				continue
			}
			desk, err := c.retrieve(ctx, id)
			if err == nil && desk.Kind == byHelpDesk {
				err = c.complete(ctx, id, &desk)
			}
			if err != nil {
				return nil, err
			}
			if desk.Kind == byHelpDesk && t.replace(desk.Lines) {
				later = append(later, id)
			}
		}
	}
	return later, nil
}

// replace puts lines in the place of the declined ones of the same numbers; false when there is none.
func (t *transaction) replace(lines []line) bool {
	replaced := false
	for _, l := range lines {
		for i, old := range t.Lines {
			if old.Number == l.Number && old.word() == "DECLINED" {
				t.Lines[i], replaced = l, true
			}
		}
	}
	return replaced
}

// declinedLate are the lines that the controlling RespOrg declined after its time.
func (t transaction) declinedLate(by time.Time) []line {
	var late []line
	for _, l := range t.Lines {
		own := slices.ContainsFunc(l.codes(), func(code string) bool {
			return slices.Contains([]string{"16", "17", "23"}, code)
		})
		if l.word() == "DECLINED" && !own && !by.IsZero() && instant(l.Processed).After(by) && t.Kind != byHelpDesk {
			late = append(late, l)
		}
	}
	return late
}

func (l line) atHelpDesk() bool { return l.word() == "HDR" }

// holders are the controlling RespOrgs of the lines, each once.
func holders(lines []line) []string {
	var ids []string
	for _, l := range lines {
		if !slices.Contains(ids, string(l.Holder)) {
			ids = append(ids, string(l.Holder))
		}
	}
	return ids
}

// The workflow escalates by this method.
var _ interface {
	Escalate(ctx context.Context, ref string, now time.Time) (said string, done bool, err error)
} = (*Client)(nil)
