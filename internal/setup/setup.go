// Package setup makes what the functions share from a function's environment, which the template writes. [New] makes a
// [House]: the store and the rules. Its methods make the peers, the bucket, the webhooks and the
// puller of documents. Each function calls what
// it needs, once, before its first event; nothing here calls the network. A value that can't be used is noted in the
// environment's reader, by which package env answers every event. Start reading at New.
//
// What follows from events (state machines, mail, webhooks) is wired in package flow, since only some functions need
// its clients.
package setup

import (
	"context"
	crand "crypto/rand"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"portway/internal/bizday"
	"portway/internal/bucket"
	"portway/internal/carrier"
	"portway/internal/dynamo"
	"portway/internal/dynamo/carrierrows"
	"portway/internal/dynamo/somossession"
	"portway/internal/egress"
	"portway/internal/env"
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
	Env    *env.Reader
	AWS    aws.Config
	Table  *dynamodb.Client
	Store  *dynamo.Store
	Sealer *secret.Sealer
	Book   *orders.Book
}

// New wires the store and the rules.
func New(e *env.Reader) *House {
	cfg := lambdax.AWS()
	sealer := &secret.Sealer{Keys: kms.NewFromConfig(cfg), KeyID: e.Text("KEY")}
	table := dynamodb.NewFromConfig(cfg)
	store := dynamo.New(table, e.Text("TABLE"), sealer)
	return &House{
		Env: e, AWS: cfg, Table: table, Store: store, Sealer: sealer,
		Book: &orders.Book{Store: store, Rules: rules(e), Now: time.Now,
			Random: func() uint16 { return uint16(rand.Uint32()) }},
	}
}

// The bounds of what operators choose. The template has the same.
const (
	maxFee     = 999_999 // cents
	maxSeconds = 86_400  // a day
)

func rules(e *env.Reader) porting.Rules {
	// A zone is a name of the zone database: never empty, which would be UTC, and never the machine's own.
	zone, holidays := e.Text("ZONE"), e.Text("HOLIDAYS")
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		e.Fail("ZONE", "is no time zone such as America/New_York")
		zone = "UTC"
	}
	desk, err := bizday.Named(holidays, zone)
	if err != nil {
		e.Fail("HOLIDAYS", "is no calendar that we know: npac, federal or canada")
	}
	r := porting.Standard(desk)
	r.PortFee = porting.Money(e.Number("PORT_FEE", 0, maxFee))
	r.HardCancelFee = porting.Money(e.Number("HARD_CANCEL_FEE", 0, maxFee))
	r.DateChangeFee = porting.Money(e.Number("DATE_CHANGE_FEE", 0, maxFee))
	r.ExpediteFee = porting.Money(e.Number("EXPEDITE_FEE", 0, maxFee))
	r.CheckDays, r.CheckHour = e.Number("CHECK_DAYS", 1, 3), e.Number("CHECK_HOUR", 0, 23)
	r.SandboxDay = time.Duration(e.Number("SANDBOX_DAY_SECONDS", 1, maxSeconds)) * time.Second
	r.Switch = e.Optional("SWITCH") != ""
	r.Reminders = reminders(e, r.LifeDays)
	r.Operator = porting.Operator{Name: e.Text("OPERATOR_NAME"), Address: e.Text("OPERATOR_ADDRESS"),
		Phone: e.Optional("OPERATOR_PHONE"), RespOrg: e.Text("OPERATOR_RESPORG")}
	// The desk's calendar is also the calendar of US carriers whose region is not known.
	r.Holidays = map[string]porting.Calendar{
		"canada": must(bizday.Named("canada", "America/Toronto")),
		"somos":  must(bizday.Named("somos", "America/Chicago")),
	}
	for _, zone := range porting.CarrierZones("US") {
		r.Holidays["house "+zone] = must(bizday.Named("house", zone))
	}
	for _, zone := range porting.CarrierZones("CA") {
		r.Holidays["canada "+zone] = must(bizday.Named("canada", zone))
	}
	r.MoreHolidays = moreHolidays()
	return r
}

// moreHolidays makes the calendars of carriers' own holidays when they are first asked for.
func moreHolidays() func(set, zone string) (porting.Calendar, bool) {
	var made sync.Map // *bizday.Calendar by set and zone; nil where there is none
	return func(set, zone string) (porting.Calendar, bool) {
		key := [2]string{set, zone}
		found, ok := made.Load(key)
		if !ok {
			c, _ := bizday.Named(set, zone) // a carrier's row may name a day that nobody knows
			found, _ = made.LoadOrStore(key, c)
		}
		c, _ := found.(*bizday.Calendar)
		return c, c != nil
	}
}

// reminders reads the days before an order's end on which its customer is reminded, and puts the earliest reminder first.
func reminders(e *env.Reader, life int) []int {
	var all []int
	for text := range strings.SplitSeq(e.Raw("REMINDERS"), ",") {
		days, err := strconv.Atoi(text)
		if err != nil || days < 1 || days >= life {
			e.Fail("REMINDERS", "is no list such as 14,3 of days before the end, from 1 to "+strconv.Itoa(life-1))
			return nil
		}
		all = append(all, days)
	}
	slices.Sort(all)
	slices.Reverse(all)
	return slices.Compact(all)
}

// Bucket keeps the files of documents.
func (h *House) Bucket() *bucket.Bucket { return bucket.New(h.AWS, h.Env.Text("BUCKET"), time.Now) }

// LOAs is the place of letters of agency in the bucket, where S3 locks them for the term for which they have to be kept, if
// the operator has asked for it.
func (h *House) LOAs() *bucket.Bucket {
	mode := bucket.Lock(h.Env.Raw("LOA_LOCK"))
	switch mode {
	case bucket.Unlocked, bucket.Governance, bucket.Compliance:
	default:
		h.Env.Fail("LOA_LOCK", "is none of no, governance and compliance")
	}
	return h.Bucket().Locked(mode, porting.LOATerm)
}

// Peers makes the porting peers of the environment, and the simulated ones where the sandbox is deployed.
func (h *House) Peers() peer.Worlds {
	ours := PeerPasswords(h.Env, h.AWS)
	live := &peer.Router{
		Scores: h.Store, Now: h.Book.Time,
		TollFree: somos.New(somos.Config{
			Name: "somos", BaseURL: h.Env.URL("SOMOS_URL"), User: h.Env.Text("SOMOS_USER"), Secret: secretOf(ours, "somos"),
			RespOrg: h.Env.Text("SOMOS_RESPORG"), Sessions: somossession.New(h.Table, h.Env.Text("TABLE"), h.Sealer),
		}),
	}
	for _, p := range Locals(h.Env, ours) {
		if p.Direct {
			live.Direct = append(live.Direct, p.Client)
		} else {
			live.Locals = append(live.Locals, p.Client)
		}
	}
	return peer.Worlds{Live: live, Sandbox: sandboxPeers(h.AWS, h.Env.OptionalURL("SANDBOX_URL"), h.Book.Now)}
}

// Puller fetches the documents that customers name by a URL.
func (h *House) Puller() *pull.Puller {
	return &pull.Puller{Book: h.Book, Store: h.Store, Bucket: h.Bucket(),
		Client: egress.Client(pull.Limit, h.privateWebhooks())}
}

// PullQueue makes the jobs of the documents that the function of Puller fetches, and calls that function.
func (h *House) PullQueue() *pull.Puller {
	function := &lambdax.Function{URL: lambdax.Invocations(h.AWS, h.Env.Text("PULL_FUNCTION")), Region: h.AWS.Region,
		Keys: h.AWS.Credentials, HTTP: &http.Client{Timeout: 10 * time.Second}, Now: time.Now}
	return &pull.Puller{Book: h.Book, Store: h.Store, Start: func(ctx context.Context, id porting.AccountID) error {
		return function.Start(ctx, map[string]any{"account": id})
	}}
}

// Carriers keeps what is known of losing carriers, with what the operator has set, and has orders take it.
func (h *House) Carriers() *carrier.Registry {
	known := &carrier.Registry{Store: carrierrows.New(h.Table, h.Env.Text("TABLE"), h.Store), Now: h.Book.Now}
	h.Book.Rules.OwnTerms = known.Own
	return known
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
		AllowPrivate: h.privateWebhooks()}
}

// WebhookSender sends webhooks to the accounts' endpoints.
func (h *House) WebhookSender() *webhook.Sender {
	return &webhook.Sender{Store: h.Store, Client: webhook.NewClient(h.privateWebhooks()), Open: h.Sealer.OpenAll,
		Now: time.Now}
}

func (h *House) privateWebhooks() bool { return h.Env.Is("PRIVATE_WEBHOOKS", "yes", "no") }

// must returns a value that is made of constants alone.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
