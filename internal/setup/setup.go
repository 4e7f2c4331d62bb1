// Package setup makes what the functions share from a function's environment, which the template writes. [New] makes a
// [House]: the store and the rules. Its methods make the peers, the bucket, the webhooks and the
// puller of documents. Each function calls what
// it needs, once, before its first event; nothing here calls the network. Start reading at New.
//
// What follows from events (state machines, mail, webhooks) is wired in package flow, since only some functions need
// its clients.
package setup

import (
	"context"
	crand "crypto/rand"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"portway/internal/bizday"
	"portway/internal/bucket"
	"portway/internal/dynamo"
	"portway/internal/dynamo/somossession"
	"portway/internal/egress"
	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/secret"
	"portway/internal/webhook"
)

// House holds what every function that reads or changes orders has.
type House struct {
	AWS    aws.Config
	Table  *dynamodb.Client
	Store  *dynamo.Store
	Sealer *secret.Sealer
	Book   *orders.Book
}

// New wires the store and the rules. It panics where the template gives no value for a variable that is needed.
func New() *House {
	cfg := lambdax.AWS()
	sealer := &secret.Sealer{Keys: kms.NewFromConfig(cfg), KeyID: os.Getenv("KEY")}
	table := dynamodb.NewFromConfig(cfg)
	store := dynamo.New(table, Env("TABLE"), sealer)
	return &House{
		AWS: cfg, Table: table, Store: store, Sealer: sealer,
		Book: &orders.Book{Store: store, Rules: rules(), Now: time.Now,
			Random: func() uint16 { return uint16(rand.Uint32()) }},
	}
}

func rules() porting.Rules {
	r := porting.Standard(must(bizday.Named(Env("HOLIDAYS"), Env("ZONE"))))
	r.PortFee = porting.Money(Number("PORT_FEE"))
	r.HardCancelFee = porting.Money(Number("HARD_CANCEL_FEE"))
	r.CheckDays, r.CheckHour = Number("CHECK_DAYS"), Number("CHECK_HOUR")
	r.SandboxDay = time.Duration(Number("SANDBOX_DAY_SECONDS")) * time.Second
	r.Reminders = nil
	for days := range strings.SplitSeq(Env("REMINDERS"), ",") {
		r.Reminders = append(r.Reminders, must(strconv.Atoi(days)))
	}
	// The desk's calendar is also the calendar of US carriers whose region is not known.
	r.Holidays = map[string]porting.Calendar{
		"canada": must(bizday.Named("canada", "America/Toronto")),
		"somos":  must(bizday.Named("somos", "America/Chicago")),
	}
	for _, zone := range append(porting.RegionZones(), "Pacific/Honolulu") { // Hawaiian Telcom's cut-off
		r.Holidays["npac "+zone] = must(bizday.Named("npac", zone))
	}
	return r
}

// Bucket keeps the files of documents.
func (h *House) Bucket() *bucket.Bucket { return bucket.New(h.AWS, Env("BUCKET"), time.Now) }

// Peers makes the porting peers of the environment, and the simulated ones where the sandbox is deployed.
func (h *House) Peers() peer.Worlds {
	live := &peer.Router{
		Scores: h.Store, Now: h.Book.Time,
		TollFree: somos.New(somos.Config{
			Name: "somos", BaseURL: Env("SOMOS_URL"), User: Env("SOMOS_USER"), Password: hidden("SOMOS_PASSWORD"),
			RespOrg: Env("SOMOS_RESPORG"), Sessions: somossession.New(h.Table, Env("TABLE"), h.Sealer),
		}),
	}
	for _, p := range Locals() {
		if p.Direct {
			live.Direct = append(live.Direct, p.Client)
		} else {
			live.Locals = append(live.Locals, p.Client)
		}
	}
	return peer.Worlds{Live: live, Sandbox: sandboxPeers(h.AWS, os.Getenv("SANDBOX_URL"), h.Book.Now)}
}

// Puller fetches the documents that customers name by a URL.
func (h *House) Puller() *pull.Puller {
	return &pull.Puller{Book: h.Book, Store: h.Store, Bucket: h.Bucket(),
		Client: egress.Client(pull.Limit, privateWebhooks())}
}

// PullQueue makes the jobs of the documents that the function of Puller fetches, and calls that function.
func (h *House) PullQueue() *pull.Puller {
	function := &lambdax.Function{URL: lambdax.Local(h.AWS, Env("PULL_URL")), Region: h.AWS.Region,
		Keys: h.AWS.Credentials, HTTP: &http.Client{Timeout: 10 * time.Second}, Now: time.Now}
	return &pull.Puller{Book: h.Book, Store: h.Store, Start: func(ctx context.Context, id porting.AccountID) error {
		return function.Start(ctx, map[string]any{"account": id})
	}}
}

// Comment writes a comment on an order for the news of a mail. An order that has ended takes no comment, which is no
// error.
func (h *House) Comment(ctx context.Context, id porting.OrderID, text string) error {
	_, err := h.Book.Do(ctx, id, porting.Comment{By: porting.SystemBy(porting.WayMail), Text: text})
	if porting.Is(err, porting.WrongStatus) {
		return nil
	}
	return err
}

// Webhooks manages the accounts' endpoints for the API.
func (h *House) Webhooks() *webhook.Register {
	return &webhook.Register{Store: h.Store, Seal: h.Sealer.Seal, Now: time.Now, Random: crand.Reader,
		AllowPrivate: privateWebhooks()}
}

// WebhookSender sends webhooks to the accounts' endpoints.
func (h *House) WebhookSender() *webhook.Sender {
	return &webhook.Sender{Store: h.Store, Client: webhook.NewClient(privateWebhooks()), Open: h.Sealer.OpenAll,
		Now: time.Now}
}

func privateWebhooks() bool { return os.Getenv("PRIVATE_WEBHOOKS") == "yes" }

// Env reads a variable of the environment. It panics where the template gives none.
func Env(name string) string {
	v := os.Getenv(name)
	if v == "" {
		panic("the template gives no " + name)
	}
	return v
}

func hidden(name string) porting.Secret { return porting.NewSecret(os.Getenv(name)) }

// Number reads a whole number as Env reads a text.
func Number(name string) int { return must(strconv.Atoi(Env(name))) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
