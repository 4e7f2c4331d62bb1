// Package provision asks the operator's own switch about numbers: to prepare them before the agreed date, to take their
// calls when they have moved, to check that calls arrive, and to undo all of that. The switch is behind a Lambda function
// of the operator's, named by the template's parameter ProvisionFunction; the sandbox has a simulated one.
//
// Start reading at [Asker.Handle], which carries out the effect porting.AskSwitch, and at [Request] and [Reply], the two
// bodies of a call. What is asked when, and what an answer does, are rules of package porting. The package must not know
// AWS's wire, or how a switch works.
package provision

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Switch asks a switch. An error says that it gave no answer.
type Switch func(context.Context, Request) (Reply, error)

// Schema is the version of the form of Request and Reply. An attribute may come to a version; none changes its meaning or
// goes.
const Schema = "1"

// Request asks a switch to do one step with numbers of an order.
type Request struct {
	Schema string `json:"schema"`
	Step   string `json:"step"` // prepare, activate, check or undo
	// Key is the same when the same is asked again, because no answer came, or an answer was later.
	Key     string `json:"key"`
	Order   string `json:"order"`
	Account string `json:"account"`
	Sandbox bool   `json:"sandbox,omitempty"`
	Kind    string `json:"kind"` // local or tollfree
	// Date is the day on which the numbers move, and At the instant (RFC 3339), as far as both are agreed.
	Date string `json:"date,omitempty"`
	At   string `json:"at,omitempty"`
	// Again says that the switch has answered later before.
	Again   bool     `json:"again,omitempty"`
	Numbers []string `json:"numbers"`
	// Round counts how often a person has had the switch asked again after a refusal.
	Round int `json:"round,omitempty"`
	// Location is the service address, for emergency calls. It comes with the step prepare alone.
	Location *Location `json:"location,omitempty"`
	Presets  *Presets  `json:"presets,omitempty"`
}

// Location is the service address of the numbers as the customer gave it, and the name of the account there.
type Location struct {
	Name    string `json:"name"`
	Street  string `json:"street"`
	Street2 string `json:"street2,omitempty"`
	City    string `json:"city"`
	State   string `json:"state"`
	Zip     string `json:"zip"`
	Country string `json:"country"`
}

// Presets are the ids of what the customer wants for the numbers, as the order has them.
type Presets struct {
	CNAM          string `json:"cnam_id,omitempty"`
	E911          string `json:"e911_id,omitempty"`
	PrimaryRoute  string `json:"primary_route_id,omitempty"`
	FailoverRoute string `json:"failover_route_id,omitempty"`
}

// Reply is the switch's answer. A number that it leaves out counts as later.
type Reply struct {
	Schema  string   `json:"schema"`
	Numbers []Number `json:"numbers"`
}

// Number is the answer about one number.
type Number struct {
	Number string `json:"number"`
	Answer string `json:"answer"` // ready, refused or later
	// Reason is a code of the switch's own, of at most 40 small letters, digits and underscores.
	Reason string `json:"reason,omitempty"`
	// E911, CNAM and Messaging are ready, pending or none.
	E911      string `json:"e911,omitempty"`
	CNAM      string `json:"cnam,omitempty"`
	Messaging string `json:"messaging,omitempty"`
}

// Late is an answer that comes by a call of its own, after the switch has answered later.
type Late struct {
	Schema  string   `json:"schema"`
	Order   string   `json:"order"`
	Step    string   `json:"step"`
	Date    string   `json:"date,omitempty"` // of the request, for the step prepare
	Numbers []Number `json:"numbers"`
}

// most is how many numbers one call asks about.
const most = 500

// Asker asks the switches.
type Asker struct {
	Book *orders.Book
	// Live is the operator's switch; nil where there is none. Sandbox is the simulated one.
	Live, Sandbox Switch
}

var bySwitch = porting.SystemBy(porting.WaySwitch)

// Handle carries out the effect porting.AskSwitch. A switch that gives no answer is no failure of the effect: the order
// falls due until it has answered.
func (a *Asker) Handle(ctx context.Context, _ porting.Event, o porting.Order) error {
	return a.ask(ctx, a.Book, o)
}

// retryAfter is after how long a switch that gives no answer is asked again.
const retryAfter = 2 * time.Minute

// Sweep makes the sweep of the orders that have fallen due: the day has come, a switch has answered later, or it gave no
// answer. A switch that can't be reached is asked again for as long as it takes.
func (a *Asker) Sweep(of porting.Owner) func(context.Context, *orders.Book) (orders.Swept, error) {
	kind := orders.KindOf(orders.DueKind(porting.DueSwitch), of)
	return func(ctx context.Context, book *orders.Book) (orders.Swept, error) {
		return book.Sweep(ctx, kind, retryAfter, a.due)
	}
}

func (a *Asker) due(ctx context.Context, book *orders.Book, d orders.Due) error {
	o, err := book.Store.Load(ctx, d.Order)
	if err != nil {
		return err
	}
	return a.ask(ctx, book, o)
}

func (a *Asker) ask(ctx context.Context, book *orders.Book, o porting.Order) error {
	ask := a.Live
	if o.Sandbox {
		ask = a.Sandbox
	}
	jobs := book.Rules.SwitchJobs(o, book.Time())
	if ask == nil {
		if len(jobs) > 0 {
			slog.WarnContext(ctx, "no switch is named any more", "order", o.ID)
		}
		return nil
	}
	for _, job := range jobs {
		for part := range slices.Chunk(job.Numbers, most) {
			if err := a.step(ctx, book, ask, o, job, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// step asks about some numbers, and writes the answer down.
func (a *Asker) step(ctx context.Context, book *orders.Book, ask Switch, o porting.Order, job porting.Job, tns []string) error {
	cmd := porting.TakeProvision{By: bySwitch, Step: job.Step, Day: job.Day}
	reply, err := ask(ctx, compose(o, job, tns))
	switch {
	case err != nil:
		slog.WarnContext(ctx, "the switch gives no answer", "order", o.ID, "step", job.Step, "error", porting.Plain(err))
		cmd.Unreachable = true
	default:
		cmd.Answers = Answers(tns, reply.Numbers)
	}
	_, err = book.Do(ctx, o.ID, cmd)
	if porting.Is(err, porting.WrongStatus) { // the order has left the switch meanwhile
		return nil
	}
	return err
}

func compose(o porting.Order, job porting.Job, tns []string) Request {
	r := Request{Schema: Schema, Step: string(job.Step), Order: string(o.ID), Account: string(o.Account), Sandbox: o.Sandbox,
		Kind: string(o.Kind), Date: string(o.FOC), Again: job.Again, Numbers: tns, Round: job.Round}
	if !o.FOCAt.IsZero() {
		r.At = o.FOCAt.UTC().Format(time.RFC3339)
	}
	d, p := o.Details, o.Presets
	if job.Step == porting.Prepare && o.Kind == porting.Local {
		name := d.Company
		if name == "" {
			name = d.BillingName
		}
		r.Location = &Location{Name: name, Street: d.Street, Street2: d.Street2, City: d.City, State: d.State, Zip: d.Zip, Country: d.Country}
	}
	if job.Step != porting.Undo && (p.CNAM != "" || p.E911 != "" || p.PrimaryRoute != "" || p.FailoverRoute != "") {
		r.Presets = &Presets{CNAM: p.CNAM, E911: p.E911, PrimaryRoute: p.PrimaryRoute, FailoverRoute: p.FailoverRoute}
	}
	r.Key = keyOf(r, job)
	return r
}

// keyOf names what is asked: the same numbers of the same order for the same step, day and round.
func keyOf(r Request, job porting.Job) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{r.Step, string(job.Day), strconv.Itoa(r.Round)}, r.Numbers...), " ")))
	return r.Order + "-" + r.Step + "-" + base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Answers reads what a switch says of the numbers that it was asked about. What is missing, or no word of ours, counts as
// later.
func Answers(tns []string, said []Number) []porting.SwitchAnswer {
	all := make([]porting.SwitchAnswer, 0, len(tns))
	byNumber := make(map[string]Number, len(said))
	for _, n := range said {
		byNumber[n.Number] = n
	}
	for _, tn := range tns {
		all = append(all, answerOf(tn, byNumber[tn]))
	}
	return all
}

func answerOf(tn string, n Number) porting.SwitchAnswer {
	a := porting.SwitchAnswer{TN: tn, Answer: porting.SwitchWorks, Reason: code(n.Reason),
		Features: porting.Features{E911: feature(n.E911), CNAM: feature(n.CNAM), Messaging: feature(n.Messaging)}}
	switch answer := porting.ProvisionAnswer(n.Answer); answer {
	case porting.SwitchReady, porting.SwitchRefused:
		a.Answer = answer
	}
	return a
}

// code keeps a reason that is a code; another text may hold anything, and is not kept.
func code(s string) string {
	if len(s) > 40 || strings.ContainsFunc(s, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' }) {
		return "unknown"
	}
	return s
}

func feature(s string) porting.FeatureState {
	switch f := porting.FeatureState(s); f {
	case porting.FeatureReady, porting.FeaturePending, porting.FeatureNone:
		return f
	}
	return ""
}

// mostLate is the largest body of a late answer, in bytes.
const mostLate = 256 << 10

// TakeLate takes an answer that came by a call of its own. An answer to what the switch need not do any more changes
// nothing. The error is Invalid for a body of another form, and NotFound for an order that does not exist.
func (a *Asker) TakeLate(ctx context.Context, body []byte) error {
	var in Late
	if len(body) > mostLate || json.Unmarshal(body, &in) != nil || in.Schema != Schema || in.Order == "" ||
		!slices.Contains(porting.ProvisionSteps(), porting.ProvisionStep(in.Step)) || len(in.Numbers) == 0 {
		return porting.Errorf(porting.Invalid, "The body is no late answer of a switch.")
	}
	tns := make([]string, 0, len(in.Numbers))
	for _, n := range in.Numbers {
		tns = append(tns, n.Number)
	}
	_, err := a.Book.Do(ctx, porting.OrderID(in.Order), porting.TakeProvision{By: bySwitch, Step: porting.ProvisionStep(in.Step),
		Day: porting.Date(in.Date), Answers: Answers(tns, in.Numbers)})
	return err
}
