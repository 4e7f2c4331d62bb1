package porting

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A number that moves to us has to work on our switch, which is a system of the operator's own. A system that the operator
// names is asked for it, number by number: to prepare it before the agreed date, with the location for emergency calls
// (47 CFR 9.11(b)); to take its calls when it has moved; to check them by a test call; and to undo all of that when the
// number does not come, or goes back. Its answers are commands on the order. The order's status stays the carrier's
// word, since the old line ends when the number moves, whatever our switch does (our decision). But nothing says that
// calls come to us unless a check has said so.

// Provision says how far our switch is with a number: what it was asked to do last, and what it has answered.
type Provision struct {
	Step   ProvisionStep
	Answer ProvisionAnswer
	// Reason is the switch's own code of why the answer is not yes.
	Reason string
	// Day is the agreed date for which the number was to be prepared.
	Day Date
	// Round counts how often a person has had the switch asked again, so that it does not repeat an earlier answer.
	Round int
	// At is when the switch gave the answer.
	At       time.Time
	Features Features
}

// ProvisionStep is what a switch is asked to do with numbers.
type ProvisionStep string

// The steps, in the order of a number's way.
const (
	NoStep   ProvisionStep = ""
	Prepare  ProvisionStep = "prepare"
	Activate ProvisionStep = "activate"
	TestCall ProvisionStep = "check"
	Undo     ProvisionStep = "undo"
)

// ProvisionSteps lists them all.
func ProvisionSteps() []ProvisionStep { return []ProvisionStep{Prepare, Activate, TestCall, Undo} }

// ProvisionAnswer is a switch's answer about a number.
type ProvisionAnswer string

// A switch has done what it was asked to, refuses it, or needs longer. Unasked is a step that has no answer yet.
const (
	Unasked        ProvisionAnswer = ""
	SwitchReady    ProvisionAnswer = "ready"
	SwitchRefused  ProvisionAnswer = "refused"
	SwitchWorks    ProvisionAnswer = "later"
	byHand                         = "by_hand"
	unreachable                    = "unreachable"
	NoE911Location                 = "no_e911_location"
)

// Features are the services of a number beside its calls, as the switch tells of them.
type Features struct{ E911, CNAM, Messaging FeatureState }

// FeatureState is how far a service of a number is; empty where the switch does not say.
type FeatureState string

// A service works, is on its way, or is not offered.
const (
	FeatureReady   FeatureState = "ready"
	FeaturePending FeatureState = "pending"
	FeatureNone    FeatureState = "none"
)

// Calls says for people what becomes of the calls to a number; empty where no switch was asked.
type Calls string

// The calls of a number: our switch is being prepared, is prepared, is being changed and tested, refuses something, takes
// the calls, or lets them go again.
const (
	CallsUnknown   Calls = ""
	CallsPreparing Calls = "preparing"
	CallsPrepared  Calls = "prepared"
	CallsTesting   Calls = "testing"
	CallsRefused   Calls = "refused"
	CallsArriving  Calls = "arriving"
	CallsEnded     Calls = "ended"
)

// AllCalls lists them, but for the one that says nothing.
func AllCalls() []Calls {
	return []Calls{CallsPreparing, CallsPrepared, CallsTesting, CallsRefused, CallsArriving, CallsEnded}
}

// Calls returns what becomes of the calls to the number.
func (p Provision) Calls() Calls {
	switch {
	case p.Step == NoStep:
		return CallsUnknown
	case p.Step == Undo:
		return CallsEnded
	case p.Answer == SwitchRefused:
		return CallsRefused
	case p.Step == Prepare && p.Answer == SwitchReady:
		return CallsPrepared
	case p.Step == Prepare:
		return CallsPreparing
	case p.Step == TestCall && p.Answer == SwitchReady:
		return CallsArriving
	}
	return CallsTesting
}

// Features returns how far the services of all numbers are, by the one that is least far; empty where the switch has not
// told of each number.
func (o Order) Features() Features {
	var f Features
	for _, of := range []func(*Features) *FeatureState{
		func(f *Features) *FeatureState { return &f.E911 }, func(f *Features) *FeatureState { return &f.CNAM },
		func(f *Features) *FeatureState { return &f.Messaging },
	} {
		least := FeatureReady
		for _, n := range o.Numbers {
			if n.State == Excluded || n.State == SnappedBack {
				continue
			}
			state := *of(&n.Provision.Features)
			if rank := slices.Index(featureRanks[:], state); rank < slices.Index(featureRanks[:], least) {
				least = state
			}
		}
		if len(o.Active()) > 0 {
			*of(&f) = least
		}
	}
	return f
}

// featureRanks are the states of a service, that which promises least first.
var featureRanks = [...]FeatureState{"", FeatureNone, FeaturePending, FeatureReady}

// AskedOfCarrier reports whether a person is asked about the order for which the carrier matters: about anything but our
// own switch.
func (o Order) AskedOfCarrier() bool { return !o.Desk.IsZero() && o.Desk.Key != MsgAskSwitch }

// CallsArrive reports whether a check has said of every number of the order that its calls come to us.
func (o Order) CallsArrive() bool {
	return o.Status == Completed && len(o.Active()) > 0 && !slices.ContainsFunc(o.Numbers, func(n Number) bool {
		return n.State != Excluded && n.State != SnappedBack && n.Provision.Calls() != CallsArriving
	})
}

const (
	// switchPatience is for how long a number that has moved waits for a switch that can't be reached, until a person is
	// asked (assumed). It is the time after which customers call.
	switchPatience = 15 * time.Minute
	// switchPoll is after how long a switch that needs longer is asked again.
	switchPoll = 5 * time.Minute
	// switchSince is for how long after its move a number of which our switch was never asked is brought to it. A stack
	// that gets a switch later leaves alone what has long been in service (our decision).
	switchSince = 24 * time.Hour
)

// HasSwitch reports whether a switch is asked for the order's numbers. The sandbox always has a simulated one.
func (r Rules) HasSwitch(o Order) bool { return r.Switch || o.Sandbox }

// nextStep returns what our switch has to do with the number, as the order stands; NoStep where there is nothing to do.
func (o Order) nextStep(n Number) ProvisionStep {
	p := n.Provision
	done := func(step ProvisionStep) bool { return p.Step == step && p.Answer == SwitchReady }
	switch {
	case n.State == Excluded || n.State == SnappedBack || o.Status.Terminal() && o.Status != Completed && !o.Withdrawing:
		if p.Step == NoStep || done(Undo) {
			return NoStep
		}
		return Undo
	case n.State == Ported && done(TestCall):
		return NoStep
	case n.State == Ported && (p.Step == TestCall || done(Activate)):
		return TestCall
	case n.State == Ported:
		return Activate
	case o.Status != Accepted || done(Prepare) && p.Day == o.FOC:
		return NoStep
	}
	return Prepare
}

// wasAsked reports whether the switch was asked for the step already, as the order stands.
func (o Order) wasAsked(n Number, step ProvisionStep) bool {
	return n.Provision.Step == step && (step != Prepare || n.Provision.Day == o.FOC)
}

// provisionDue returns when our switch has to be asked about the number next; zero for not at all.
func (r Rules) provisionDue(o Order, n Number, now time.Time) time.Time {
	step, p := o.nextStep(n), n.Provision
	switch {
	case step == NoStep || !r.HasSwitch(o):
		return time.Time{}
	case o.wasAsked(n, step) && p.Answer == SwitchRefused:
		return time.Time{}
	case o.wasAsked(n, step) && p.Answer == SwitchWorks:
		return p.At.Add(r.Lasts(o, switchPoll))
	case step == Activate && p.Step != Activate:
		at := r.routeFrom(o, n)
		if now.Sub(at) > r.Lasts(o, switchSince) && p.Step == NoStep {
			return time.Time{}
		}
		if at.After(now) {
			return at
		}
	}
	return now
}

// routeFrom returns from when our switch takes the calls of a number that has moved: at once, and for a toll-free number
// from the wished day on, since the registry changes its control alone, maybe sooner, and its calls follow our routing
// record.
func (r Rules) routeFrom(o Order, n Number) time.Time {
	at := n.At
	if at.IsZero() {
		at = o.StatusAt
	}
	if o.Kind != TollFree || o.Details.Desired == "" {
		return at
	}
	wished := o.Details.Desired.In(r.Calendar.Location())
	if o.FOCAt.IsZero() || !wished.After(at) {
		return at
	}
	return r.Paced(o, at, wished)
}

// SwitchDue returns when our switch has to be asked about the order next; zero for not at all.
func (r Rules) SwitchDue(o Order, now time.Time) time.Time {
	var first time.Time
	for _, n := range o.Numbers {
		if at := r.provisionDue(o, n, now); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// Job is one thing that our switch has to do with numbers of an order.
type Job struct {
	Step ProvisionStep
	// Day is the agreed date that the step Prepare is for; empty for the others.
	Day Date
	// Round counts how often a person has had it asked again. Again says that the switch has answered that it needs longer.
	Round   int
	Again   bool
	Numbers []string
}

// SwitchJobs returns what our switch has to be asked for now, in the order of the steps.
func (r Rules) SwitchJobs(o Order, now time.Time) []Job {
	var jobs []Job
	for _, step := range ProvisionSteps() {
		for _, n := range o.Numbers {
			if o.nextStep(n) != step {
				continue
			}
			if at := r.provisionDue(o, n, now); at.IsZero() || at.After(now) {
				continue
			}
			job := Job{Step: step}
			if step == Prepare {
				job.Day = o.FOC
			}
			if o.wasAsked(n, step) {
				job.Round, job.Again = n.Provision.Round, n.Provision.Answer == SwitchWorks
			}
			at := slices.IndexFunc(jobs, func(j Job) bool {
				return j.Step == step && j.Round == job.Round && j.Again == job.Again
			})
			if at < 0 {
				jobs, at = append(jobs, job), len(jobs)
			}
			jobs[at].Numbers = append(jobs[at].Numbers, n.TN)
		}
	}
	return jobs
}

// SwitchAnswer is what a switch says of one number.
type SwitchAnswer struct {
	TN       string
	Answer   ProvisionAnswer
	Reason   string
	Features Features
}

// takeProvision writes down what our switch has answered. An answer to what the switch need not do any more changes
// nothing, so that a late or repeated one does no harm.
func takeProvision(c *change, cmd TakeProvision) error {
	arrived := c.o.CallsArrive()
	var changed, refused []string
	for _, a := range cmd.Answers {
		i := slices.IndexFunc(c.o.Numbers, func(n Number) bool { return n.TN == a.TN })
		if i < 0 || !c.takeAnswer(&c.o.Numbers[i], cmd, a) {
			continue
		}
		changed = append(changed, a.TN)
		if c.o.Numbers[i].Provision.Answer == SwitchRefused {
			refused = append(refused, a.TN)
		}
	}
	c.event.Message = Say(MsgProvisioned, "step", string(cmd.Step), "numbers", strings.Join(changed, ","))
	switch {
	case cmd.Unreachable:
		return c.unreachable()
	case len(changed) == 0:
		return Errorf(Settled, "The order knows what the switch says.")
	case len(refused) > 0:
		c.event.Kind = SwitchRefuses
		c.event.Message = Say(MsgSwitchRefused, "step", string(cmd.Step), "numbers", strings.Join(refused, ","))
		c.event.Comment = cmd.Step == Activate || cmd.Step == TestCall
	case c.o.CallsArrive() && !arrived:
		c.event.Kind = CallsCame
		c.say(Say(MsgCallsArrive, "numbers", strings.Join(c.o.Active(), ",")))
	}
	c.askAboutSwitch()
	return nil
}

// takeAnswer writes the switch's answer about one number down; it reports whether that changes the number.
func (c *change) takeAnswer(n *Number, cmd TakeProvision, a SwitchAnswer) bool {
	step := c.o.nextStep(*n)
	if step != cmd.Step || cmd.Day != c.dayOf(step) {
		return false
	}
	p := Provision{Step: step, Answer: a.Answer, Reason: a.Reason, Day: c.dayOf(step), Features: n.Provision.Features}
	if c.o.wasAsked(*n, step) {
		p.Round = n.Provision.Round
		if n.Provision.Answer == SwitchRefused { // a person decides, or has the switch asked again
			return false
		}
	}
	p.Features.take(a.Features)
	if step == Prepare && p.Answer == SwitchReady && c.o.Kind == Local && p.Features.E911 != FeatureReady && cmd.By.Role != Staff {
		p.Answer, p.Reason = SwitchRefused, NoE911Location // 47 CFR 9.11(b): the location comes before the service
	}
	if step == Undo {
		p.Features = Features{}
	}
	same := p
	same.At = n.Provision.At
	if same == n.Provision && p.Answer != SwitchWorks {
		return false
	}
	p.At = c.now.UTC().Truncate(time.Second)
	n.Provision = p
	return true
}

// dayOf is the date for which a step is: that of the agreement for what is done before it, none for the others.
func (c *change) dayOf(step ProvisionStep) Date {
	if step == Prepare {
		return c.o.FOC
	}
	return ""
}

// take keeps what is told, and leaves the rest as it was.
func (f *Features) take(told Features) {
	for _, of := range []struct{ to, from *FeatureState }{
		{&f.E911, &told.E911}, {&f.CNAM, &told.CNAM}, {&f.Messaging, &told.Messaging},
	} {
		if *of.from != "" {
			*of.to = *of.from
		}
	}
}

// refusedBySwitch returns the numbers about which a person has to decide, with the step and the reason of the first.
func (o Order) refusedBySwitch() (tns []string, step ProvisionStep, reason string) {
	for _, n := range o.Numbers {
		if p := n.Provision; p.Answer == SwitchRefused && o.nextStep(n) == p.Step && o.wasAsked(n, p.Step) {
			if tns = append(tns, n.TN); len(tns) == 1 {
				step, reason = p.Step, p.Reason
			}
		}
	}
	return tns, step, reason
}

// askAboutSwitch asks a person about the numbers that our switch refuses, and takes the question back once it refuses
// none any more.
func (c *change) askAboutSwitch() {
	tns, step, reason := c.o.refusedBySwitch()
	if len(tns) == 0 {
		if c.o.Desk.Key == MsgAskSwitch {
			c.o.Desk = Message{}
		}
		return
	}
	open := c.o.Status == Accepted || c.o.Status.Terminal()
	if open && (c.o.Desk.IsZero() || c.o.Desk.Key == MsgAskSwitch) {
		c.o.Desk = Say(MsgAskSwitch, "numbers", strings.Join(tns, ","), "step", string(step), "reason", reason)
	}
}

// unreachable brings a switch that can't be reached to our staff, once numbers have moved and their calls have waited for
// long enough.
func (c *change) unreachable() error {
	var tns []string
	var step ProvisionStep
	for _, n := range c.o.Numbers {
		next := c.o.nextStep(n)
		if n.State == Ported && (next == Activate || next == TestCall) && !n.At.IsZero() &&
			c.now.Sub(c.routeFrom(c.o, n)) >= c.Lasts(c.o, switchPatience) {
			tns, step = append(tns, n.TN), next
		}
	}
	if len(tns) == 0 || !c.o.Desk.IsZero() {
		return Errorf(Settled, "The switch is asked again in a while.")
	}
	c.o.Desk = Say(MsgAskSwitch, "numbers", strings.Join(tns, ","), "step", string(step), "reason", unreachable)
	c.event.Message = Say(MsgDeskAsked).With(c.o.Desk)
	return nil
}

// askSwitchAgain has our switch asked again for what it has refused.
func askSwitchAgain(c *change, _ AskSwitchAgain) error {
	tns, _, _ := c.o.refusedBySwitch()
	if len(tns) == 0 && c.o.Desk.Key != MsgAskSwitch {
		return Errorf(WrongStatus, "The switch refuses none of the order's numbers.")
	}
	for i := range c.o.Numbers {
		if n := &c.o.Numbers[i]; slices.Contains(tns, n.TN) {
			n.Provision.Answer, n.Provision.Reason, n.Provision.At = Unasked, "", time.Time{}
			n.Provision.Round++
		}
	}
	if c.o.Desk.Key == MsgAskSwitch {
		c.o.Desk = Message{}
	}
	c.note(Say(MsgSwitchAgain, "n", strconv.Itoa(len(tns))))
	return nil
}

// serveByHand takes a person's word for what the switch has not done: the numbers that it refuses, or has not answered
// about, are as they have to be.
func serveByHand(c *change, cmd ServeByHand) error {
	arrived := c.o.CallsArrive()
	tns := Listed(c.o.Desk.Args["numbers"])
	if c.o.Desk.Key != MsgAskSwitch {
		if tns, _, _ = c.o.refusedBySwitch(); len(tns) == 0 {
			return Errorf(WrongStatus, "The switch refuses none of the order's numbers.")
		}
	}
	for i := range c.o.Numbers {
		n := &c.o.Numbers[i]
		step := c.o.nextStep(*n)
		if !slices.Contains(tns, n.TN) || step == NoStep {
			continue
		}
		if step == Activate { // the person has made the test call
			step = TestCall
		}
		n.Provision = Provision{Step: step, Answer: SwitchReady, Reason: byHand, Day: c.dayOf(step), Round: n.Provision.Round,
			At: c.now.UTC().Truncate(time.Second), Features: n.Provision.Features}
	}
	if c.o.Desk.Key == MsgAskSwitch {
		c.o.Desk = Message{}
	}
	c.note(Say(MsgServedByHand, "numbers", strings.Join(tns, ",")))
	if c.o.CallsArrive() && !arrived {
		c.event.Kind = CallsCame
		c.say(Say(MsgCallsArrive, "numbers", strings.Join(c.o.Active(), ",")))
	}
	return nil
}

// provisioning has our switch asked at once for what the change makes necessary. What it is asked is written down before,
// so that it is undone even if no answer comes. The question about the switch comes back when another one that had taken
// its place is settled.
func (c *change) provisioning(before Order) {
	o := &c.o
	if !c.HasSwitch(*o) {
		return
	}
	if o.Desk.IsZero() && (c.event.StatusChanged() || !before.Desk.IsZero() && before.Desk.Key != MsgAskSwitch) {
		c.askAboutSwitch()
	}
	rounds := make(map[string]int, len(before.Numbers))
	for _, n := range before.Numbers {
		rounds[n.TN] = n.Provision.Round
	}
	ask := false
	for i := range o.Numbers {
		n := &o.Numbers[i]
		at := c.provisionDue(*o, *n, c.now)
		if at.IsZero() || at.After(c.now) {
			continue
		}
		ask = ask || n.Provision.Round > rounds[n.TN]
		if step := o.nextStep(*n); !o.wasAsked(*n, step) {
			n.Provision = Provision{Step: step, Day: c.dayOf(step), Features: n.Provision.Features}
			ask = true
		}
	}
	if ask {
		c.event.Effects = append(c.event.Effects, AskSwitch)
	}
}
