// Package flow wires what follows from orders: the state machines' steps and their driver, mail and webhooks. It stands apart
// from setup because it brings the clients of Step Functions and SES and the writer of PDFs, 0.7 MB and a fifth of the start,
// which the functions between a customer and the answer do without.
package flow

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"portway/internal/account"
	"portway/internal/document"
	"portway/internal/dynamo/mailrecord"
	"portway/internal/egress"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/webhook"
	"portway/internal/workflow"
)

func pace(h *setup.House) workflow.Pace {
	return workflow.Pace{Day: time.Duration(setup.Number("DAY_SECONDS")) * time.Second, Sandbox: h.Book.Rules.SandboxDay}
}

// Tasks are the steps of a state machine.
func Tasks(h *setup.House, machine porting.Machine) *workflow.Tasks {
	t := &workflow.Tasks{
		Machine: machine, Book: h.Book, Peers: h.Peers(), Open: h.Sealer.OpenOrder, Pace: pace(h),
		AutoApprove: os.Getenv("REVIEW") == "rules",
	}
	if machine == porting.LSRMachine { // the other one sends no documents
		t.Files = h.Bucket()
	}
	return t
}

// Driver starts and resumes the state machines.
func Driver(h *setup.House) *workflow.Driver {
	return &workflow.Driver{
		AWS: sfn.NewFromConfig(h.AWS), Book: h.Book, Pace: pace(h),
		Machines: map[porting.Machine]string{porting.CSRMachine: setup.Env("CSR_MACHINE"), porting.LSRMachine: setup.Env("LSR_MACHINE")},
	}
}

// Outbox works off what follows from events.
func Outbox(h *setup.House) *orders.Outbox {
	driver, peers, letters := Driver(h), h.Peers(), office(h)
	files := &document.Files{Book: h.Book, Bucket: h.Bucket(), Client: egress.Client(document.PullLimit, os.Getenv("PRIVATE_WEBHOOKS") == "yes")}
	drawer := &mail.Drawer{Composer: letters.Composer, Keep: h.Store.KeepLetter, Now: time.Now,
		Address: func(ctx context.Context, id porting.AccountID) (string, error) {
			a, err := h.Store.Account(ctx, id)
			return a.Mail, err
		}}
	return &orders.Outbox{Book: h.Book, Handlers: map[porting.Effect]orders.Handler{
		porting.ResumeWait:      driver.Resume,
		porting.StartDriver:     driver.Start,
		porting.SendMail:        drawer.Or(letters.Handle),
		porting.SendWebhook:     h.Courier().Tell,
		porting.WithdrawRequest: workflow.Withdraw(peers, time.Now),
		porting.KeepScore:       func(ctx context.Context, e porting.Event, _ porting.Order) error { return h.Store.Count(ctx, e) },
		porting.ReleaseNumbers: func(ctx context.Context, _ porting.Event, o porting.Order) error {
			return h.Store.Release(ctx, o)
		},
		porting.FileLetter:    files.Letter,
		porting.PullDocuments: files.Pull,
	}}
}

func office(h *setup.House) *mail.Office {
	return &mail.Office{
		Composer: mail.Composer{Rules: h.Book.Rules, API: setup.Env("API_URL") + "/v2"},
		Sender: mail.Sender{SES: sesv2.NewFromConfig(h.AWS), Records: MailRecords(h), From: setup.Env("MAIL_FROM"),
			Configuration: setup.Env("MAIL_SET")},
		Addresses: func(ctx context.Context, id porting.AccountID) ([]string, bool, error) {
			a, err := h.Store.Account(ctx, id)
			to, held := a.MailTo(account.Porting)
			return to, held, err
		},
		Now: time.Now,
	}
}

// Webhooks are the sweeps of webhooks: those that are to be tried again, and the mails about endpoints that were paused.
func Webhooks(h *setup.House) []workflow.Sweep {
	courier, letters := h.Courier(), office(h)
	return []workflow.Sweep{courier.Sweep, courier.Mourn(func(ctx context.Context, e webhook.Endpoint) error {
		a, err := h.Store.Account(ctx, e.Account)
		if err != nil || a.Kind == account.Sandbox { // nothing of a sandbox's goes out by mail; its list of webhooks tells
			return err
		}
		return letters.TellPaused(ctx, e.Account, mail.Paused{ID: e.ID, Host: e.Host(), Description: e.Description, Why: e.Why,
			Since: e.FailingSince, At: e.PausedAt})
	})}
}

// Feedbacks take what SES tells of our mail.
func Feedbacks(h *setup.House) *mail.Feedbacks {
	return &mail.Feedbacks{Records: MailRecords(h), Note: h.Comment, Hold: account.Holder(h.Store, h.Store, time.Now)}
}

// MailRecords remember what mail was sent.
func MailRecords(h *setup.House) *mailrecord.Records {
	return mailrecord.New(h.Table, setup.Env("TABLE"))
}
