// Package setup reads a function's environment, which the template writes, and wires what the functions share. Each function
// calls what it needs, once, before its first event; nothing here talks to the network.
package setup

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"portway/internal/bizday"
	"portway/internal/dynamo"
	"portway/internal/dynamo/mailrecord"
	"portway/internal/dynamo/somossession"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/webhook"
	"portway/internal/workflow"
)

// House is what every function that touches orders has.
type House struct {
	AWS    aws.Config
	Store  *dynamo.Store
	table  *dynamodb.Client
	Sealer *secret.Sealer
	Book   *orders.Book
	Pace   workflow.Pace
}

// New wires the store and the rules. A template that left something out stops the function at once.
func New() *House {
	cfg := must(config.LoadDefaultConfig(context.Background()))
	sealer := &secret.Sealer{Keys: kms.NewFromConfig(cfg), KeyID: os.Getenv("KEY")}
	table := dynamodb.NewFromConfig(cfg)
	store := dynamo.New(table, env("TABLE"), sealer)
	return &House{
		AWS: cfg, Store: store, table: table, Sealer: sealer,
		Book: &orders.Book{Store: store, Rules: rules(), Now: time.Now, Random: func() uint16 { return uint16(rand.Uint32()) }},
		Pace: workflow.Pace{Day: time.Duration(number("DAY_SECONDS")) * time.Second},
	}
}

func rules() porting.Rules {
	r := porting.Standard(must(bizday.Named(env("HOLIDAYS"), env("ZONE"))))
	r.PortFee = porting.Money(number("PORT_FEE"))
	r.HardCancelFee = porting.Money(number("HARD_CANCEL_FEE"))
	r.CheckDays, r.CheckHour = number("CHECK_DAYS"), number("CHECK_HOUR")
	r.Reminders = nil
	for days := range strings.SplitSeq(env("REMINDERS"), ",") {
		r.Reminders = append(r.Reminders, must(strconv.Atoi(days)))
	}
	return r
}

// Peers are the porting peers of the environment.
func (h *House) Peers() *peer.Router {
	return &peer.Router{
		Locals: []peer.Peer{Locals()},
		TollFree: somos.New(somos.Config{
			Name: "somos", BaseURL: env("SOMOS_URL"), User: env("SOMOS_USER"), Password: hidden("SOMOS_PASSWORD"),
			RespOrg: env("SOMOS_RESPORG"), Sessions: somossession.New(h.table, env("TABLE"), h.Sealer),
		}),
	}
}

// Locals is the Locals peer of the environment.
func Locals() *bandwidth.Client {
	return bandwidth.New(bandwidth.Config{
		Name: "locals", BaseURL: env("LOCALS_URL"), Account: env("LOCALS_ACCOUNT"), Site: env("LOCALS_SITE"),
		User: env("LOCALS_USER"), Password: hidden("LOCALS_PASSWORD"),
	})
}

// Tasks are the steps of a state machine.
func (h *House) Tasks(machine porting.Machine) *workflow.Tasks {
	return &workflow.Tasks{
		Machine: machine, Book: h.Book, Peers: h.Peers(), Open: h.Sealer.OpenOrder, Pace: h.Pace,
		AutoApprove: os.Getenv("REVIEW") == "rules",
	}
}

// Driver starts and resumes the state machines.
func (h *House) Driver() *workflow.Driver {
	return &workflow.Driver{
		AWS: sfn.NewFromConfig(h.AWS), Book: h.Book, Pace: h.Pace,
		Machines: map[porting.Machine]string{porting.CSRMachine: env("CSR_MACHINE"), porting.LSRMachine: env("LSR_MACHINE")},
	}
}

// Outbox works off what follows from events.
func (h *House) Outbox() *orders.Outbox {
	driver, peers := h.Driver(), h.Peers()
	hooks := webhook.NewDeliverer(os.Getenv("PRIVATE_WEBHOOKS") == "yes")
	letters := &mail.Office{
		Composer: mail.Composer{Rules: h.Book.Rules, API: env("API_URL") + "/v2"},
		Sender:   mail.Sender{SES: sesv2.NewFromConfig(h.AWS), Records: h.MailRecords(), From: env("MAIL_FROM"), Configuration: env("MAIL_SET")},
		Address: func(ctx context.Context, id porting.AccountID) (string, error) {
			a, err := h.Store.Account(ctx, id)
			return a.Mail, err
		},
		Now: time.Now,
	}
	return &orders.Outbox{Book: h.Book, Handlers: map[porting.Effect]orders.Handler{
		porting.ResumeWait:      driver.Resume,
		porting.StartDriver:     driver.Start,
		porting.SendMail:        letters.Handle,
		porting.SendWebhook:     func(ctx context.Context, e porting.Event, _ porting.Order) error { return hooks.Deliver(ctx, e) },
		porting.WithdrawRequest: workflow.Withdraw(peers),
		porting.ReleaseNumbers: func(ctx context.Context, _ porting.Event, o porting.Order) error {
			return h.Store.Release(ctx, o)
		},
	}}
}

// MailRecords remember what mail was sent.
func (h *House) MailRecords() *mailrecord.Records { return mailrecord.New(h.table, env("TABLE")) }

// Comment writes a comment of the system's on an order; one that is over takes none.
func (h *House) Comment(ctx context.Context, id porting.OrderID, text string) error {
	_, err := h.Book.Do(ctx, id, porting.Comment{By: porting.By{Role: porting.System}, Text: text})
	if orders.Is(err, porting.WrongStatus) {
		return nil
	}
	return err
}

func env(name string) string {
	v := os.Getenv(name)
	if v == "" {
		panic("the template gives no " + name)
	}
	return v
}

func hidden(name string) porting.Secret { return porting.NewSecret(os.Getenv(name)) }

func number(name string) int { return must(strconv.Atoi(env(name))) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
