package bench

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/api"
	"portway/internal/peer"
	"portway/internal/porting"
)

// unitsNote tells where the engine counts otherwise than AWS.
const unitsNote = "The local engine counts the units. For a key that a batch read does not find it counts none, " +
	"where AWS counts one. " +
	"A large create call reads the holds of all its numbers in this way, and it needs more than the 100 items of one " +
	"transaction."

// goal says what a call may cost.
type goal struct {
	text string
	met  func(cost) bool
}

var (
	noGoal = goal{}
	create = goal{"1 transaction, at most 2 reads", func(c cost) bool {
		return c.transactions == 1 &&
			c.reads <= 2 && c.writes == 0
	}}
	oneRead      = goal{"1 read", func(c cost) bool { return c.reads == 1 && c.transactions+c.writes == 0 }}
	twoReads     = goal{"2 reads", func(c cost) bool { return c.reads == 2 && c.transactions+c.writes == 0 }}
	readAndWrite = goal{"1 read, 1 transaction", func(c cost) bool {
		return c.reads == 1 && c.transactions == 1 &&
			c.writes == 0
	}}
)

func (g goal) figure(what string, c cost) Figure {
	f := Figure{What: what, Value: c.String(), Goal: g.text}
	f.Met = g.met != nil && g.met(c)
	return f
}

// calls sends each API call through the real handler and the real store, and counts its requests to the table.
func calls(ctx context.Context) ([]Figure, error) {
	t, err := newTable(ctx)
	if err != nil {
		return nil, err
	}
	defer t.close()
	c := &caller{ctx: ctx, table: t, api: api.New(api.Config{Book: t.book, Receipts: t.store, Accounts: t.store,
		Portability: portable{}, BaseURL: "https://api.example.com"})}
	err = c.all()
	return c.figures, err
}

// portable says of every number that it can be ported.
type portable struct{}

func (portable) Portability(_ context.Context, _ porting.Order, tns []string) ([]peer.Portability, error) {
	var all []peer.Portability
	for _, tn := range tns {
		all = append(all, peer.Portability{TN: tn, Portable: true,
			Carrier: porting.Carrier{SPID: "8303", Name: "Example Telco"}})
	}
	return all, nil
}

// caller makes every call of the API once.
type caller struct {
	ctx     context.Context
	table   *table
	api     *api.API
	figures []Figure
}

func (c *caller) all() error {
	creds, err := account.Open(c.ctx, c.table.store, account.Account{ID: "other", Name: "Other",
		Mail: "other@example.com", Kind: account.Sandbox, Balance: 1}, rand.Reader)
	if err != nil {
		return err
	}
	err = c.count("authorize (the gateway keeps the answer)", noGoal, func() error {
		_, err := account.Authenticate(c.ctx, c.table.store, creds.Access, creds.Secret.Reveal(), "", time.Now())
		return err
	})
	if err != nil {
		return err
	}
	const root = "/v2/portorders"
	one, err := c.create("create, 1 number", create, numbers(0, 1))
	if err != nil {
		return err
	}
	if _, err := c.create("create, 100 numbers", noGoal, numbers(100, 100)); err != nil {
		return err
	}
	dropped, err := c.create("", noGoal, numbers(1, 1))
	if err != nil {
		return err
	}
	order := root + "/" + one
	var loa struct {
		Data struct {
			Type       string         `json:"type"`
			Attributes map[string]any `json:"attributes"`
		} `json:"data"`
	}
	if err := c.calls([]call{
		{"portability", noGoal, "POST", root + "/portability", map[string]any{"numbers": numbers(2, 1)}, nil},
		{"list", twoReads, "GET", root, nil, nil},
		{"details", oneRead, "GET", order, nil, nil},
		{"status", noGoal, "GET", order + "/status", nil, nil},
		{"update details", noGoal, "PATCH", order, portorder(map[string]any{"street": "14 Example Ave"}), nil},
		{"update presets", noGoal, "PATCH", order,
			portorder(map[string]any{"presets": map[string]any{"primary_route_id": "0"}}), nil},
		{"change numbers, 1 added", noGoal, "PATCH", order + "/relationships/numbers",
			map[string]any{"add": numbers(3, 1)}, nil},
		{"comment", noGoal, "POST", order + "/comments", data("comment", map[string]any{"text": "Please hurry."}), nil},
		{"comments", noGoal, "GET", order + "/comments", nil, nil},
		{"LOA", noGoal, "GET", order + "/loa", nil, &loa},
		{"cancel", noGoal, "PATCH", root + "/" + dropped + "/status", portorder(map[string]any{"status": "cancelled"}),
			nil},
	}); err != nil {
		return err
	}
	loa.Data.Attributes["signature_name"], loa.Data.Attributes["signature_title"] = "Sam Signer", "Operations"
	if err := c.calls([]call{{"sign", noGoal, "POST", order + "/loa", loa, nil}}); err != nil {
		return err
	}
	system, staff := porting.SystemBy(porting.WayWorkflow), porting.StaffBy("AB")
	err = c.count("status change by us, with its fee", readAndWrite, c.do(one, porting.Pass{By: system}))
	if err != nil {
		return err
	}
	err = c.count("status change by staff", readAndWrite,
		c.do(one, porting.Return{By: staff, Reasons: []porting.Reason{{Code: porting.ZipMismatch,
			Said: "ZIP does not match"}}}))
	if err != nil {
		return err
	}
	err = c.calls([]call{{"resubmit", noGoal, "PATCH", order + "/status",
		portorder(map[string]any{"status": "review"}), nil}})
	if err != nil {
		return err
	}
	return c.changes(root)
}

// changes counts what another date and a cancellation of an order cost that its carrier has, from the customer's call to
// the end: the state machine's steps and the carrier's answers included, mails and webhooks not.
func (c *caller) changes(root string) error {
	system, peer := porting.SystemBy(porting.WayWorkflow), porting.PeerBy("locals")
	for n, x := range []struct {
		what   string
		change map[string]any
		then   []porting.Command
	}{
		{"another date of a submitted order, until the carrier has it", map[string]any{"kind": "date", "date": c.later(18)},
			[]porting.Command{
				porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1", Version: 1, Sup: porting.SupOther}},
				porting.MarkSent{By: system, PON: "P1", Version: 1, Ref: "1"},
			}},
		{"cancellation of a submitted order, until the carrier has confirmed it", map[string]any{"kind": "cancel"},
			[]porting.Command{porting.ConfirmCancel{By: peer, PON: "P1", Said: "CANCELLED"}}},
	} {
		id, err := c.create("", noGoal, numbers(300+n, 1))
		if err != nil {
			return err
		}
		sign := call{"", noGoal, "POST", root + "/" + id + "/loa",
			data("loa", map[string]any{"signature_name": "Sam Signer", "signature_title": "Operations"}), nil}
		if err := c.send(sign); err != nil {
			return err
		}
		for _, cmd := range []porting.Command{porting.Pass{By: system}, porting.SettleCSR{By: system, Why: porting.Words("It matches.")},
			porting.Plan{By: system, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
			porting.MarkSent{By: system, PON: "P1", Ref: "1"}} {
			if err := c.do(id, cmd)(); err != nil {
				return err
			}
		}
		err = c.count(x.what, noGoal, func() error {
			if err := c.send(call{"", noGoal, "POST", root + "/" + id + "/changes", data("change", x.change), nil}); err != nil {
				return err
			}
			for _, cmd := range x.then {
				if err := c.do(id, cmd)(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// later is a business day so many days from now.
func (c *caller) later(days int) string {
	day := c.table.book.Time().AddDate(0, 0, days)
	for !c.table.book.Rules.Calendar.IsBusinessDay(day) {
		day = day.AddDate(0, 0, 1)
	}
	return string(porting.DateOf(day))
}

func (c *caller) do(id string, cmd porting.Command) func() error {
	return func() error {
		_, err := c.table.book.Do(c.ctx, porting.OrderID(id), cmd)
		return err
	}
}

// call is one call of the API. The answer is decoded into into.
type call struct {
	what         string
	goal         goal
	method, path string
	body         any
	into         any
}

func (c *caller) calls(all []call) error {
	for _, x := range all {
		if err := c.count(x.what, x.goal, func() error { return c.send(x) }); err != nil {
			return err
		}
	}
	return nil
}

// count does do, and adds its figure unless the name is empty.
func (c *caller) count(what string, g goal, do func() error) error {
	cost, err := c.table.meter.of(do)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if what != "" {
		c.figures = append(c.figures, g.figure(what, cost))
	}
	return nil
}

// create makes an order and returns its id.
func (c *caller) create(what string, g goal, tns []string) (string, error) {
	var group struct {
		Data struct {
			Attributes struct {
				Orders struct{ Data []struct{ ID string } }
			}
		}
	}
	attributes := map[string]any{
		"numbers": tns, "billing_name": "Jane Roe", "company": "Paper Kite Bakery", "provider": "Example Telco",
		"provider_account": "000123", "pin": "4321", "usage_type": "Business", "street": "12 Example Ave",
		"city": "Seattle", "state": "WA", "zip": "98104", "country": "US",
	}
	if err := c.calls([]call{{what, g, "POST", "/v2/portorders", portorder(attributes), &group}}); err != nil {
		return "", err
	}
	if len(group.Data.Attributes.Orders.Data) != 1 {
		return "", fmt.Errorf("%d orders were made, not one", len(group.Data.Attributes.Orders.Data))
	}
	return group.Data.Attributes.Orders.Data[0].ID, nil
}

// send hands a call to the handler as the gateway would.
func (c *caller) send(x call) error {
	in := events.APIGatewayProxyRequest{HTTPMethod: x.method, Path: x.path,
		Headers: map[string]string{"Content-Type": "application/json"}}
	in.RequestContext.Authorizer = map[string]any{"account": string(owner), "kind": "live"}
	in.RequestContext.Identity.SourceIP = "192.0.2.7"
	if x.body != nil {
		raw, err := json.Marshal(x.body)
		if err != nil {
			return err
		}
		in.Body = string(raw)
	}
	out, err := c.api.Handle(c.ctx, in)
	if err != nil {
		return err
	}
	if out.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s answers %d: %s", x.method, x.path, out.StatusCode, out.Body)
	}
	if x.into == nil {
		return nil
	}
	return json.Unmarshal([]byte(out.Body), x.into)
}

func portorder(attributes map[string]any) any { return data("portorder", attributes) }

func data(kind string, attributes map[string]any) any {
	return map[string]any{"data": map[string]any{"type": kind, "attributes": attributes}}
}

// numbers makes n telephone numbers. Another from makes other numbers.
func numbers(from, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("+1206%07d", 5_550_000+from+i)
	}
	return all
}
