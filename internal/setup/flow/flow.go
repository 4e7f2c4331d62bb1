// Package flow wires what follows from orders: the state machines' steps and their driver, mail and webhooks. [Parts]
// say what carries out each effect of an event, on AWS and in tests alike; start reading there. The other functions
// make the parts from a function's environment.
//
// The package stands apart from setup because it brings the clients of Step Functions and SES and the writer of PDFs,
// 0.7 MB and a fifth of the start, which the functions between a customer and the answer do without.
package flow

import (
	"context"
	crand "crypto/rand"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"portway/internal/account"
	"portway/internal/bus"
	"portway/internal/document"
	"portway/internal/dynamo/mailrecord"
	"portway/internal/lambdax"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/workflow"
)

func pace(h *setup.House) workflow.Pace {
	return workflow.Pace{Day: time.Duration(h.Env.Number("DAY_SECONDS", 1, 86400)) * time.Second,
		Sandbox: h.Book.Rules.SandboxDay}
}

// Tasks does the steps of a state machine.
func Tasks(h *setup.House, machine porting.Machine) *workflow.Tasks {
	t := &workflow.Tasks{
		Machine: machine, Book: h.Book, Peers: h.Peers(), Open: h.Sealer.OpenOrder, Pace: pace(h),
	}
	if machine == porting.LSRMachine { // the other one sends no documents and knows no review
		t.Files, t.AutoApprove = h.Bucket(), h.Env.Is("REVIEW", "rules", "staff")
	}
	return t
}

// Driver starts and resumes the state machines.
func Driver(h *setup.House) *workflow.Driver {
	return &workflow.Driver{
		AWS: sfn.NewFromConfig(h.AWS), Book: h.Book, Pace: pace(h),
		Machines: map[porting.Machine]string{porting.CSRMachine: h.Env.Text("CSR_MACHINE"),
			porting.LSRMachine: h.Env.Text("LSR_MACHINE")},
	}
}

// Outbox carries out what follows from events.
func Outbox(h *setup.House) *orders.Outbox { return parts(h).Outbox() }

// Sweeps lists the sweeps for what goes on outside of the state machines.
func Sweeps(h *setup.House) []workflow.Sweep { return parts(h).Sweeps() }

func parts(h *setup.House) Parts {
	return Parts{
		Book: h.Book, Store: h.Store, Driver: Driver(h), Peers: h.Peers(), Webhook: h.WebhookSender(),
		Files: &document.Files{Book: h.Book, Bucket: h.Bucket(), LOAs: h.LOAs()}, Pull: h.PullQueue(), API: h.Env.URL("API_URL") + "/v2",
		Links: h.Links(), Pages: h.Env.URL("PAGE_URL"),
		Mail: mail.Sender{SES: sesv2.NewFromConfig(h.AWS), Records: MailRecords(h), From: h.Env.Address("MAIL_FROM"),
			Configuration: h.Env.Text("MAIL_SET")},
		Bus: eventBus(h), Switch: h.Switches(), Now: time.Now, Search: h.SearchRows(crand.Reader).Keep,
	}
}

// eventBus puts events on the stack's bus.
func eventBus(h *setup.House) *bus.Publisher {
	to := &lambdax.EventBus{URL: lambdax.Address(h.AWS, "events") + "/", Name: h.Env.Text("EVENT_BUS"), Region: h.AWS.Region,
		Keys: h.AWS.Credentials, HTTP: &http.Client{Timeout: 10 * time.Second}, Now: time.Now}
	return &bus.Publisher{Put: func(ctx context.Context, entries []bus.Entry) error {
		all := make([]lambdax.BusEntry, 0, len(entries))
		for _, e := range entries {
			all = append(all, lambdax.BusEntry(e))
		}
		return to.Put(ctx, all)
	}}
}

// Feedbacks acts on what SES tells of our mail.
func Feedbacks(h *setup.House) *mail.Feedbacks {
	return &mail.Feedbacks{Records: MailRecords(h), Note: h.Comment, Block: account.Blocker(h.Store, h.Store, time.Now),
		Now: time.Now}
}

// MailRecords remembers what mail was sent.
func MailRecords(h *setup.House) *mailrecord.Records {
	return mailrecord.New(h.Table, h.Env.Text("TABLE"))
}
