package api

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"portway/internal/orders"
	"portway/internal/porting"
)

// mailBody holds a mail as it would have been sent.
type mailBody struct {
	At      string `json:"at"`
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// sentMailBody holds what is known of a mail that was sent. Its text is in its reader's mailbox alone, since the text has
// the reader's own link.
type sentMailBody struct {
	At      *string `json:"at"`
	To      *string `json:"to"` // masked
	Subject *string `json:"subject"`
	Fate    string  `json:"fate"`
	FateAt  *string `json:"fate_at"`
}

// mails is GET /v2/portorders/{order}/mails: the latest mails of an order, oldest first; links.next leads to those before
// them. The mails of a sandbox's order are kept in place of being sent, and are shown whole. Of all other mails it tells to
// whom they went and what became of them.
func (a *API) mails(ctx context.Context, r *request) (reply, error) {
	if !r.sandbox {
		return a.sentMails(ctx, r)
	}
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

// sentPlace is the form of orders.SentMail.Place.
var sentPlace = regexp.MustCompile(`^[0-9]{10}(#[0-9a-z]{8})?$`)

func (a *API) sentMails(ctx context.Context, r *request) (reply, error) {
	return a.back(ctx, r, "mails", sentPlace.MatchString, func(o porting.Order, p page) ([]resource, string, error) {
		sent, more, err := a.kept.SentMails(ctx, o.ID, p.place, p.limit)
		if err != nil {
			return nil, "", err
		}
		all, earlier := []resource{}, ""
		for _, m := range sent {
			all = append(all, sentMail(m))
		}
		if more {
			earlier = sent[0].Place()
		}
		return all, earlier, nil
	})
}

func sentMail(m orders.SentMail) resource {
	id := fmt.Sprintf("%s.%d", m.Order, m.Version)
	if m.Link != "" {
		id += "." + m.Link
	}
	known := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return resource{Type: "mail", ID: id, Attributes: sentMailBody{At: stamp(m.At), To: known(m.To), Subject: known(m.Subject),
		Fate: string(m.Fate), FateAt: stamp(m.FateAt)}}
}
