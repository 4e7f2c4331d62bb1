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
	l := &letter{Composer: c}
	l.heading("A webhook of yours is paused")
	l.para("%s Nothing is sent there until you let it go on.", p.Why)
	rows := [][2]string{{"Webhook", p.ID}, {"Host", p.Host}}
	if p.Description != "" {
		rows = append(rows, [2]string{"Name", p.Description})
	}
	l.blocks = append(l.blocks, block{as: facts, rows: rows})
	l.heading("How to go on")
	l.para("When your server takes webhooks again, test it:")
	l.call("POST", path+"/ping", nil)
	l.para("Then let it go on, and have what it missed sent:")
	l.blocks = append(l.blocks, block{as: code, text: "PATCH " + l.API + path + "\n" +
		`{"data": {"type": "webhook", "attributes": {"state": "active"}}}`})
	from := p.Since
	if from.IsZero() {
		from = p.At
	}
	l.blocks = append(l.blocks, block{as: code, text: "POST " + l.API + path + "/replay\n" +
		`{"data": {"type": "replay", "attributes": {"from": "` + from.UTC().Format(time.RFC3339) + `"}}}`})
	l.para("Your orders go on meanwhile; every change stands in the list of events as well:")
	l.call("GET", "/events", nil)
	subject := line("Webhook paused: " + p.Host)
	l.blocks = append(l.blocks, block{as: foot, text: "This mail comes from Portway's porting desk, to the porting address of your account. " +
		"What was tried, and how it went: GET " + c.API + path + "/deliveries"})
	return Message{Key: Key{AboutWebhook, p.ID, p.At.Unix()}, Subject: subject, Text: asText(l.blocks), HTML: asHTML(subject, l.blocks)}
}

// TellPaused sends the mail of a paused endpoint to its account, once however often it is called.
func (f *Office) TellPaused(ctx context.Context, id porting.AccountID, p Paused) error {
	to, held, err := f.Addresses(ctx, id)
	if err != nil || held { // the account's contacts say so, its list of webhooks tells the rest
		return err
	}
	receipt, err := f.Sender.Send(ctx, to, f.Composer.ComposePaused(p), f.Now())
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "mail sent", "webhook", p.ID, "message", receipt.MessageID, "before", receipt.Before,
		"possible_duplicate", receipt.PossibleDuplicate)
	return nil
}
