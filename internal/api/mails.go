package api

import (
	"context"
	"fmt"
	"strconv"

	"portway/internal/porting"
)

// mailBody holds a mail as it would have been sent.
type mailBody struct {
	At      string `json:"at"`
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// mails is GET /v2/portorders/{order}/mails: the latest mails of a sandbox's order, oldest first, which are kept here
// instead of being sent; links.next leads to those before them. The mail of any other order is in its reader's mailbox,
// and its list is empty.
func (a *API) mails(ctx context.Context, r *request) (reply, error) {
	version := func(place string) int64 {
		n, err := strconv.ParseInt(place, 10, 64)
		if err != nil {
			return 0
		}
		return n
	}
	return a.back(ctx, r, "mails", func(place string) bool { return version(place) > 0 }, func(o porting.Order, p page) ([]resource, string, error) {
		kept, more, err := a.kept.Mails(ctx, o.ID, version(p.place), p.limit)
		if err != nil {
			return nil, "", err
		}
		all, earlier := []resource{}, ""
		for _, m := range kept {
			all = append(all, resource{Type: "mail", ID: fmt.Sprintf("%s.%d", m.Order, m.Version), Attributes: mailBody{*stamp(m.At), m.To, m.Subject, m.Text}})
		}
		if more {
			earlier = strconv.FormatInt(kept[0].Version, 10)
		}
		return all, earlier, nil
	})
}
