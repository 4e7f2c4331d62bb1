package api

import (
	"context"
	"fmt"
	"net/http"
)

// mailBody is a mail as it would have been sent.
type mailBody struct {
	At      string `json:"at"`
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// mails is GET /v2/portorders/{order}/mails: the mail of a sandbox's order, oldest first, which is kept here in place of being
// sent. The mail of any other order is in its reader's mailbox, and its list is empty.
func (a *API) mails(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	letters, err := a.letters.Letters(ctx, o.ID)
	if err != nil {
		return reply{}, err
	}
	all := list{Data: []resource{}}
	for _, l := range letters {
		all.Data = append(all.Data, resource{Type: "mail", ID: fmt.Sprintf("%s.%d", l.Order, l.Version), Attributes: mailBody{*stamp(l.At), l.To, l.Subject, l.Text}})
	}
	return reply{status: http.StatusOK, body: all, header: map[string]string{"ETag": etag(o.Version)}}, nil
}
