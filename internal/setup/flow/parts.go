package flow

import (
	"cmp"
	"context"
	"time"

	"portway/internal/account"
	"portway/internal/bus"
	"portway/internal/document"
	"portway/internal/link"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/provision"
	"portway/internal/pull"
	"portway/internal/webhook"
	"portway/internal/workflow"
)

// Parts are what the effects of events are carried out with: in a function the clients of AWS and of the peers, in
// tests their doubles.
type Parts struct {
	Book    *orders.Book
	Store   Store
	Driver  *workflow.Driver
	Peers   workflow.Peers
	Webhook *webhook.Sender
	Files   *document.Files
	Pull    *pull.Puller
	Mail    mail.Sender
	// Links makes the links of mails, and Pages is the address before /p/ in them. Without Links, mails show the calls of
	// the API.
	Links *link.Maker
	Pages string
	Bus   *bus.Publisher
	// Search keeps the words by which staff find an order.
	Search func(context.Context, porting.Order) error
	// Switch asks our own switch about numbers.
	Switch *provision.Asker
	// API is the address that mails show, with the version and without a slash at its end.
	API string
	Now func() time.Time
}

// Store is what carrying out effects needs of the store.
type Store interface {
	orders.Events
	// Count adds the event's tally to the scores of peers and carriers.
	Count(context.Context, porting.Event) error
	// Refund gives the event's refund back to its account, once.
	Refund(context.Context, porting.Event) error
	// Release frees the numbers that the order no longer holds.
	Release(context.Context, porting.Order) error
	// KeepMail keeps the mail of a sandbox's order.
	KeepMail(context.Context, orders.Mail) error
	Account(context.Context, porting.AccountID) (account.Account, error)
}

// Outbox carries out the effects of events. It has a handler for each effect that there is.
func (p Parts) Outbox() *orders.Outbox {
	notifier := p.notifier()
	sandbox := &mail.Sandbox{Composer: notifier.Composer, Keep: p.Store.KeepMail, Now: p.Now, Page: p.pages(),
		Address: func(ctx context.Context, id porting.AccountID) (string, error) {
			a, err := p.Store.Account(ctx, id)
			return a.Mail, err
		}}
	return &orders.Outbox{Book: p.Book, Events: p.Store, Handlers: map[porting.Effect]orders.Handler{
		porting.StartDriver:     p.Driver.Start,
		porting.ResumeWait:      p.Driver.Resume,
		porting.SendMail:        sandbox.Or(notifier.Handle),
		porting.SendWebhook:     p.Webhook.Tell,
		porting.WithdrawRequest: workflow.Withdraw(p.Book, p.Peers),
		porting.SendObjection:   workflow.Objecting(p.Book, p.Peers),
		porting.Publish:         p.Bus.Handle,
		porting.FileEvidence:    workflow.GivingLOA(p.Peers, p.Files.FileEvidence),
		porting.AskSwitch:       p.Switch.Handle,
		porting.SettleDispute:   p.Book.SettleDispute,
		porting.KeepScore: func(ctx context.Context, e porting.Event, _ porting.Order) error {
			return p.Store.Count(ctx, e)
		},
		porting.PayRefund: func(ctx context.Context, e porting.Event, _ porting.Order) error {
			return p.Store.Refund(ctx, e)
		},
		porting.ReleaseNumbers: func(ctx context.Context, _ porting.Event, o porting.Order) error {
			return p.Store.Release(ctx, o)
		},
		porting.KeepSearch: func(ctx context.Context, _ porting.Event, o porting.Order) error {
			return p.Search(ctx, o)
		},
		porting.FileLOA:       p.Files.FileLOA,
		porting.PullDocuments: p.Pull.Queue,
	}}
}

// Sweeps lists the sweeps for what goes on outside of the state machines: questions to our own switch, those of sandboxes
// apart, deliveries of webhooks that are tried again, and the mails about endpoints that were paused.
func (p Parts) Sweeps() []workflow.Sweep {
	notifier := p.notifier()
	return []workflow.Sweep{p.Switch.Sweep(porting.Owner{}), p.Switch.Sweep(porting.Owner{Sandbox: true}), p.Webhook.Sweep, p.Webhook.TellPaused(func(ctx context.Context, e webhook.Endpoint) error {
		a, err := p.Store.Account(ctx, e.Account)
		if err != nil || a.Kind == account.Sandbox { // a sandbox gets no mail; its list of webhooks shows the pause
			return err
		}
		return notifier.TellPaused(ctx, e.Account, mail.Paused{ID: e.ID, Host: e.Host(), Description: e.Description,
			Why:   e.Why,
			Since: e.FailingSince, At: e.PausedAt})
	})}
}

// pages makes links to orders' pages; nil where there are none. A link that was revoked stays so: its person gets a mail
// without one.
func (p Parts) pages() mail.Pages {
	if p.Links == nil {
		return nil
	}
	return func(ctx context.Context, o porting.Order, to string) (mail.Reader, error) {
		a, err := p.Store.Account(ctx, o.Account)
		if err != nil || a.MailCalls {
			return mail.Reader{Link: link.IDOf(o.ID, to)}, err
		}
		l, token, err := p.Links.ForMail(ctx, o, to)
		if porting.Is(err, porting.NotFound) {
			return mail.Reader{Link: link.IDOf(o.ID, to)}, nil
		}
		if err != nil {
			return mail.Reader{}, err
		}
		// The language that the person has chosen on the page, else that in which the LOA was signed.
		return mail.Reader{Link: l.ID, Page: p.Pages + "/p/" + token.Reveal(), Language: cmp.Or(l.Language, o.Signature.Language)}, nil
	}
}

func (p Parts) notifier() *mail.Notifier {
	return &mail.Notifier{
		Composer: mail.Composer{Rules: p.Book.Rules, API: p.API}, Sender: p.Mail, Now: p.Now, Page: p.pages(),
		Addresses: func(ctx context.Context, id porting.AccountID) ([]string, bool, error) {
			a, err := p.Store.Account(ctx, id)
			to, held := a.MailTo(account.Porting)
			return to, held, err
		},
	}
}
