package mail

import (
	"context"
	"log/slog"
	"time"

	"portway/internal/porting"
)

// Paused is a webhook endpoint that we have paused. Of its URL the host alone is told: path and query carry keys.
type Paused struct {
	ID          string
	Host        string
	Description string
	Why         string
	Since       time.Time // the first failure of the unbroken row
	At          time.Time // of the pause, which has one mail
}

// ComposePaused writes the mail that tells of it.
func (c Composer) ComposePaused(p Paused) Message {
	path := "/account/webhooks/" + p.ID
	d := &draft{Composer: c}
	d.heading("A webhook of yours is paused")
	d.para("%s Nothing is sent there until you let it go on.", p.Why)
	rows := [][2]string{{"Webhook", p.ID}, {"Host", p.Host}}
	if p.Description != "" {
		rows = append(rows, [2]string{"Name", p.Description})
	}
	d.blocks = append(d.blocks, block{as: facts, rows: rows})
	d.heading("How to go on")
	d.para("When your server takes webhooks again, test it:")
	d.call("POST", path+"/ping", nil)
	d.para("Then let it go on, and have what it missed sent:")
	d.blocks = append(d.blocks, block{as: code, text: "PATCH " + d.API + path + "\n" +
		`{"data": {"type": "webhook", "attributes": {"state": "active"}}}`})
	from := p.Since
	if from.IsZero() {
		from = p.At
	}
	d.blocks = append(d.blocks, block{as: code, text: "POST " + d.API + path + "/replay\n" +
		`{"data": {"type": "replay", "attributes": {"from": "` + from.UTC().Format(time.RFC3339) + `"}}}`})
	d.para("Your orders go on meanwhile; every change stands in the list of events as well:")
	d.call("GET", "/events", nil)
	subject := line("Webhook paused: " + p.Host)
	d.blocks = append(d.blocks, block{as: foot, text: "This mail comes from Portway's porting desk, to the porting address of your account. " +
		"What was tried, and how it went: GET " + c.API + path + "/deliveries"})
	return Message{Key: Key{AboutWebhook, p.ID, p.At.Unix()}, Subject: subject, Text: asText(d.blocks), HTML: asHTML(subject, d.blocks)}
}

// TellPaused sends the mail of a paused endpoint to its account, once however often it is called.
func (n *Notifier) TellPaused(ctx context.Context, id porting.AccountID, p Paused) error {
	to, held, err := n.Addresses(ctx, id)
	if err != nil || held { // the account's contacts say so, its list of webhooks tells the rest
		return err
	}
	receipt, err := n.Sender.Send(ctx, to, n.Composer.ComposePaused(p), n.Now())
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "mail sent", "webhook", p.ID, "message", receipt.MessageID, "before", receipt.Before,
		"possible_duplicate", receipt.PossibleDuplicate)
	return nil
}
