package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"portway/internal/porting"
	"portway/internal/sim/locals"
)

// Plan is everything that one seed draws beforehand: the orders, and the faults that happen to them. A plan is cut down
// by leaving orders and faults out of it.
type Plan struct {
	Seed   uint64
	Orders []Order
	Faults []Fault
	// Peers are the peers for local numbers, the preferred one first.
	Peers []Part
	// Deploy is when the present release of the functions and of the two machines takes the place of the last one; zero for
	// a history that knows the present one alone. For the time of Overlap, functions of both releases run.
	Deploy, Overlap time.Duration
	// Step is a carrier's time for an answer, and Complete the time from its date to the completion.
	Step, Complete time.Duration
}

// Order is one create call of a customer.
type Order struct {
	N       int // its place in the plan that was drawn
	Account porting.AccountID
	Numbers []string
	From    time.Duration // since the start
	Consent porting.Consent
	// Documents is how many documents are to be pulled from the customer's host.
	Documents int
}

// Fault is a kind of trouble of one part of the world for a time.
type Fault struct {
	N    int // its place in the plan that was drawn
	Kind Kind
	Part Part
	From time.Duration // since the start
	For  time.Duration
	// Share is the part of the calls that it hits.
	Share float64
}

// String tells the fault.
func (f Fault) String() string {
	return fmt.Sprintf("%s of %s from %s for %s, %.0f %%", f.Kind, f.Part, f.From.Round(time.Second),
		f.For.Round(time.Second), 100*f.Share)
}

// Part is a part of the world outside the functions.
type Part string

// The parts. Each customer's host is a part of its own, named after the account.
const (
	Table    Part = "table"
	Keys     Part = "keys"
	Machines Part = "machines"
	Mail     Part = "mail"
	Storage  Part = "storage"
	Bus      Part = "bus"
	Locals   Part = "locals"
	Locals2  Part = "locals2"
	Somos    Part = "somos"
)

// hostOf names the host of a customer as a part.
func hostOf(a porting.AccountID) Part { return Part("host of " + a) }

// The parts between others: the table's stream, the peers' notices on their way to us, the functions' processes, and
// their clocks.
const (
	Stream    Part = "stream"
	Notices   Part = "notices"
	Functions Part = "functions"
	Clocks    Part = "clocks"
)

// Kind is a kind of trouble.
type Kind string

// The kinds.
const (
	Away       Kind = "away"        // a call has no effect, and fails at once
	Throttled  Kind = "throttled"   // a call has no effect, and the answer is that there are too many
	LostCall   Kind = "lost call"   // a call has no effect, and its answer never comes
	LostAnswer Kind = "lost answer" // a call has its effect, and its answer never comes
	Late       Kind = "late"        // a call has its effect when its caller has given up; a record or notice comes late
	Twice      Kind = "twice"       // a call has its effect twice; a record or notice comes twice
	Slow       Kind = "slow"        // the answer takes many seconds
	Lost       Kind = "lost"        // a record or a notice never comes
	Lagging    Kind = "lagging"     // for seconds after a change a peer answers as if it had not come
	Forgetful  Kind = "forgetful"   // a peer knows nothing of its requests
	Crash      Kind = "crash"       // a process dies at a call
	Jump       Kind = "jump"        // clocks go wrong by up to a minute
	Kill       Kind = "kill"        // all executions end at once, as a person can end them
)

var (
	calls  = []Kind{Away, Throttled, LostCall, LostAnswer, Late, Twice, Slow}
	ofPeer = append([]Kind{Lagging, Forgetful}, calls...)
	ofWay  = []Kind{Lost, Late, Twice}
)

// Trouble is a kind of fault of a part.
type Trouble struct {
	Part Part
	Kind Kind
}

// parts lists the parts with the kinds of trouble that each may have.
var parts = map[Part][]Kind{
	Table: calls, Keys: {Away, Throttled, LostCall, Slow}, Mail: calls, Storage: calls, Bus: calls,
	Machines: append([]Kind{Kill}, calls...),
	Locals:   ofPeer, Locals2: ofPeer, Somos: ofPeer,
	Stream: ofWay, Notices: ofWay, Functions: {Crash}, Clocks: {Jump},
}

// Accounts are the customers.
var Accounts = []porting.AccountID{"acme", "bolt", "coil", "dyne"}

// Draw makes the plan of a seed with so many orders.
func Draw(seed uint64, n int) Plan {
	d := roll(seed, "plan")
	p := Plan{Seed: seed, Peers: []Part{Locals, Locals2}, Step: of(&d, 20*time.Minute, time.Hour, 6*time.Hour, 26*time.Hour),
		Complete: d.between(36*time.Hour, 6*24*time.Hour)}
	if d.chance(0.25) {
		p.Deploy = d.between(time.Hour, 8*24*time.Hour)
		overlap := roll(seed, "overlap")
		p.Overlap = of(&overlap, 0, time.Minute, time.Hour, 30*time.Hour)
	}
	if second := roll(seed, "peers"); second.chance(0.5) {
		p.Peers = []Part{Locals2, Locals}
	}
	for i := range n {
		p.Orders = append(p.Orders, drawOrder(seed, i))
		if d := roll(seed, "rival", fmt.Sprint(i)); i > 0 && d.chance(0.1) {
			p.Orders[i].rival(d, p.Orders[i-1])
		}
	}
	var all []Part
	if !d.chance(0.15) { // else customers' hosts alone are in trouble
		for part := range parts {
			all = append(all, part)
		}
	}
	for _, a := range Accounts {
		all = append(all, hostOf(a))
	}
	slices.Sort(all)
	for i := range 4 + d.below(9) {
		p.Faults = append(p.Faults, drawFault(roll(seed, "fault", fmt.Sprint(i)), i, all))
	}
	// A peer that lags does so all the time, and shows it only just after a change.
	for _, peer := range []Part{Locals, Locals2, Somos} {
		if slices.Contains(all, peer) && d.chance(0.2) {
			p.Faults = append(p.Faults, Fault{N: len(p.Faults), Kind: Lagging, Part: peer, For: 11 * 24 * time.Hour, Share: 1})
		}
	}
	return p
}

func drawFault(d dice, i int, all []Part) Fault {
	f := Fault{N: i, Part: of(&d, all...)}
	kinds := parts[f.Part]
	if kinds == nil { // a customer's host
		kinds = calls
	}
	f.Kind, f.From = of(&d, kinds...), d.between(0, 6*24*time.Hour)
	switch d.below(4) {
	case 0: // a short burst that hits all
		f.For, f.Share = d.between(10*time.Second, 10*time.Minute), 1
	case 1: // some of the calls for a long time
		f.For, f.Share = d.between(time.Hour, 4*24*time.Hour), 0.02+0.2*float64(d.below(100))/100
	case 2: // half of the calls for a while
		f.For, f.Share = d.between(time.Minute, 3*time.Hour), 0.5
	case 3: // an outage of hours
		f.For, f.Share = d.between(time.Hour, 30*time.Hour), 1
	}
	if f.Kind == Crash || f.Part == Table && f.For > 3*time.Hour {
		f.Share = min(f.Share, 0.1) // else nothing would ever be done
	}
	return f
}

// localLines and tollFreeLines are the last digits that choose how the carriers treat an order.
var localLines = strings.Fields("01 02 03 04 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 57 58 59 60 61 62 63 64 65")

var tollFreeLines = strings.Fields("01 02 40 41 42 43 44 45 46 50 51 52 53 54 55 56")

// rival makes the order one of another account for the same numbers, at about the same time.
func (o *Order) rival(d dice, first Order) {
	others := slices.DeleteFunc(slices.Clone(Accounts), func(a porting.AccountID) bool { return a == first.Account })
	o.Account, o.Numbers = of(&d, others...), slices.Clone(first.Numbers)
	o.From = first.From + d.between(0, 12*time.Hour)
}

// contested are the last digits of refusals to which our rules object.
var contested = []string{"7550", "7551", "7552"}

func drawOrder(seed uint64, i int) Order {
	d := roll(seed, "order", fmt.Sprint(i))
	o := Order{N: i, Account: of(&d, Accounts...), From: d.between(0, 3*24*time.Hour),
		Consent: of(&d, porting.CorrectNone, porting.CorrectFormatting, porting.CorrectAddress, porting.CorrectAll)}
	if d.chance(0.2) {
		o.Documents = 1 + d.below(4)
	}
	if d.chance(0.15) {
		o.Numbers = []string{fmt.Sprintf("+1833555%02d%s", 10+i%50, of(&d, tollFreeLines...))}
		return o
	}
	line := "01"
	if d.chance(0.7) {
		line = of(&d, localLines...)
	}
	exchange := fmt.Sprintf("+1%s%d", of(&d, "206", "425", "253"), 300+i)
	line = fmt.Sprintf("%02d", 10+d.below(40)) + line
	if all := locals.Refusals(); d.chance(0.12) {
		line = of(&d, all...)
	}
	if x := roll(seed, "contested", fmt.Sprint(i)); x.chance(0.05) {
		exchange, line = fmt.Sprintf("+1425%d", 300+i), of(&x, contested...)
	}
	o.Numbers = []string{exchange + line}
	for k := range d.below(3) {
		o.Numbers = append(o.Numbers, exchange+fmt.Sprintf("50%02d", 10+k))
	}
	return o
}
