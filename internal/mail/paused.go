package mail

import (
	"context"
	"log/slog"
	"time"

	"portway/internal/porting"
)

// Paused tells of a webhook endpoint that we have paused. Of its URL a mail shows the host only, since path and query
// carry keys.
type Paused struct {
	ID          string
	Host        string
	Description string
	Why         string    // a sentence
	Since       time.Time // of the first failure since the last success
	At          time.Time // of the pause
}

// ComposePaused writes the mail that tells of a pause.
func (c Composer) ComposePaused(p Paused) Message {
	path := "/account/webhooks/" + p.ID
	d := c.draft()
	d.heading("One of your webhooks is paused")
	d.para("{why} We send nothing there until you make the webhook active again.", "why", p.Why)
	rows := [][2]string{{"Webhook", p.ID}, {"Host", p.Host}}
	if p.Description != "" {
		rows = append(rows, [2]string{"Name", unlinked(line(p.Description))})
	}
	d.blocks = append(d.blocks, block{as: facts, rows: rows})
	d.heading("How to make it active again")
	d.para("When your server takes webhooks again, have us send it a test:")
	d.raw("POST", path+"/ping", "")
	d.para("Then make the webhook active, and have us send what it missed:")
	d.raw("PATCH", path, `{"data": {"type": "webhook", "attributes": {"state": "active"}}}`)
	from := p.Since
	if from.IsZero() {
		from = p.At
	}
	d.raw("POST", path+"/replay", `{"data": {"type": "replay", "attributes": {"from": "`+from.UTC().Format(time.RFC3339)+`"}}}`)
	d.para("Your orders go on meanwhile, and the list of events shows every change to them:")
	d.raw("GET", "/events", "")
	subject := line("Webhook paused: " + p.Host)
	d.footer(d.say("To see what we tried to send, call {call}", "call", "GET "+c.API+path+"/deliveries"))
	return Message{Key: Key{About: AboutWebhook, ID: p.ID, Version: p.At.Unix()}, Subject: subject, Text: asText(d.blocks),
		HTML: asHTML(frame{subject: subject, language: d.words.Language()}, d.blocks)}
}

// TellPaused sends the mail about a paused endpoint to its account, once however often it is called.
func (n *Notifier) TellPaused(ctx context.Context, id porting.AccountID, p Paused) error {
	to, held, err := n.Addresses(ctx, id)
	if err != nil || held { // the account's contacts say so, its list of webhooks tells the rest
		return err
	}
	sent, err := n.Sender.Send(ctx, to, n.Composer.ComposePaused(p), n.Now())
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "mail sent", "webhook", p.ID, "message", sent.MessageID, "before", sent.Before,
		"possible_duplicate", sent.PossibleDuplicate)
	return nil
}
