package porting

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sequences is the number of random lives, and quick that of a -short run and of one under the race detector, which makes
// them several times slower; make test lives all of them without it. internal/orders has the lives of several orders in a
// store.
const sequences, quick = 80_000, 1_000

// acts are commands to choose from, made for the order as it stands.
var acts = []struct {
	role Role
	make func(o Order, n byte) Command
}{
	{Customer, func(o Order, n byte) Command { return Sign{By: customer, Signature: signed.Signature} }},
	{Customer, func(o Order, n byte) Command {
		return Edit{By: customer, To: Details{Alias: "New", PIN: NewSecret(canaryPIN)}, Fields: []string{"alias", "pin"}}
	}},
	{Customer, func(o Order, n byte) Command {
		if n%2 == 0 {
			return ChangeNumbers{By: customer, Add: []string{tns(int(n%8) + 1)[n%8]}, Remove: nil}
		}
		return ChangeNumbers{By: customer, Add: nil, Remove: o.Active()[:1]}
	}},
	{Customer, func(o Order, n byte) Command { return SetPresets{customer, Presets{CNAM: "1"}, []string{"cnam_id"}} }},
	{Customer, func(o Order, n byte) Command {
		return AddDocument{customer, bill}
	}},
	{System, func(o Order, n byte) Command { return TakeDocument{system, DocumentID(strconv.Itoa(int(n % 4)))} }},
	{System, func(o Order, n byte) Command {
		return SettleDocument{By: system, ID: DocumentID(strconv.Itoa(int(n % 4))), Why: []Message{{}, Say(MsgFileLocked)}[n/4%2]}
	}},
	{Customer, func(o Order, n byte) Command { return Comment{customer, "Hello."} }},
	{Customer, func(o Order, n byte) Command { return Resubmit{customer} }},
	{Customer, func(o Order, n byte) Command { return Cancel{customer} }},
	{System, func(o Order, n byte) Command { return Remind{system} }},
	{System, func(o Order, n byte) Command { return Announce{system} }},
	{System, func(o Order, n byte) Command { return Expire{system} }},
	{System, func(o Order, n byte) Command {
		return Exclude{system, o.Active()[:min(1, len(o.Active()))], NoCoverage}
	}},
	{System, func(o Order, n byte) Command { return RuleOut{system, []Reason{{Code: NoCoverage}}} }},
	{System, func(o Order, n byte) Command { return Pass{system} }},
	{System, func(o Order, n byte) Command { return SkipCSR{system, Words("none")} }},
	{System, func(o Order, n byte) Command { return SettleCSR{By: system, Why: Words("It matches.")} }},
	{System, func(o Order, n byte) Command {
		csr, _ := o.Last(AskCSR)
		to := o.Details
		to.ProviderAccount = csr.Record.AccountNumber
		return Correct{By: system, To: to, Fields: []string{"provider_account"}, Patch: map[string]string{"zip": "98102"}}
	}},
	{System, func(o Order, n byte) Command {
		kind := []AttemptKind{AskCSR, AskPort}[n%2]
		return Plan{By: system, Attempt: Attempt{Kind: kind, Peer: "locals", PON: PON("P" + string(kind)), Version: int(n/2) % 3, Sup: o.Resend}}
	}},
	{System, func(o Order, n byte) Command {
		port, _ := o.Last([]AttemptKind{AskCSR, AskPort}[n%2])
		return MarkSent{By: system, PON: port.PON, Version: port.Version, Ref: "ref"}
	}},
	{System, func(o Order, n byte) Command {
		return TakeRecord{By: system, PON: "Pcsr", State: []AnswerState{AnswerReady, AnswerNoRecord, AnswerWaiting}[n%3],
			Record: Record{Name: "Engines", Zip: "98102", AccountNumber: NewSecret(canaryAccount)}}
	}},
	{System, func(o Order, n byte) Command {
		m, _ := Rules{Calendar: utc{}, MaxAheadDays: 30, LOADays: 30}.FindRepair(o, Help{Known: map[string]string{"zip": "98102"}, Peer: "locals2"}, o.Updated)
		for i := range m.SplitOff {
			m.SplitOff[i].ID = "9"
		}
		return m
	}},
	{System, func(o Order, n byte) Command { return Check{By: system, Found: []Message{Words("Nothing new.")}} }},
	{System, func(o Order, n byte) Command {
		return Delay{By: system, Why: Words("The peer is down."), Peer: "locals"}
	}},
	{System, func(o Order, n byte) Command { return AskDesk{By: system, Why: Words("Which name is right?")} }},
	{System, func(o Order, n byte) Command {
		return Await{By: system, For: []WaitFor{WaitAnswer, WaitReview, WaitDesk}[n%3], Token: NewSecret("CANARY-TOKEN")}
	}},
	{System, func(o Order, n byte) Command { return Resume{system, o.Wait.Seq} }},
	{System, func(o Order, n byte) Command { return Redrive{system, o.Driver.Run} }},
	{PeerRole, func(o Order, n byte) Command {
		port, _ := o.Last(AskPort)
		return Refuse{peer, port.PON, Quote("account " + canaryAccount + " unknown"), []Reason{Reasons[int(n)%len(Reasons)].reason()}}
	}},
	{PeerRole, func(o Order, n byte) Command {
		return Accept{peer, "Pport", "FOC", DateOf(o.Updated.AddDate(0, 0, 7)), o.Updated, false}
	}},
	{PeerRole, func(o Order, n byte) Command {
		return MoveFOC{peer, DateOf(o.Updated.AddDate(0, 0, int(n%20))), o.Updated, false, "later"}
	}},
	{PeerRole, func(o Order, n byte) Command {
		return LoseFOC{peer, "DENIED", []Reason{Reasons[int(n)%len(Reasons)].reason()}}
	}},
	{PeerRole, func(o Order, n byte) Command { return Complete{By: peer} }},
	{System, func(o Order, n byte) Command {
		states := []AnswerState{AnswerWaiting, AnswerRefused, AnswerAccepted, AnswerCompleted, AnswerOver}
		answer := Answer{About: o.About(), State: states[n%5], Reasons: []Reason{Reasons[int(n)%len(Reasons)].reason()}}
		cmds := Standard(utc{}).Hear(o, answer, peer, o.Updated).Commands
		if len(cmds) == 0 {
			return Comment{customer, "Nothing heard."}
		}
		return cmds[0]
	}},
	{System, func(o Order, n byte) Command {
		answers := []ProvisionAnswer{SwitchReady, SwitchReady, SwitchRefused, SwitchWorks}
		cmd := TakeProvision{By: system, Step: ProvisionSteps()[n%4], Day: o.FOC}
		if cmd.Step != Prepare {
			cmd.Day = ""
		}
		for _, number := range o.Numbers {
			cmd.Answers = append(cmd.Answers, SwitchAnswer{TN: number.TN, Answer: answers[n/4%4], Features: Features{E911: FeatureReady}})
		}
		return cmd
	}},
	{Staff, func(o Order, n byte) Command { return []Command{AskSwitchAgain{staff}, ServeByHand{staff}}[n%2] }},
	{Staff, func(o Order, n byte) Command { return Approve{staff} }},
	{Staff, func(o Order, n byte) Command { return Return{By: staff, Reasons: []Reason{{Code: OtherReason}}} }},
	{Staff, func(o Order, n byte) Command { return Retry{staff} }},
	{Staff, func(o Order, n byte) Command { return HardCancel{By: staff, Why: "Asked for."} }},
	{Staff, func(o Order, n byte) Command { return TakeUp{staff} }},
	{System, func(o Order, n byte) Command {
		port, _ := o.Last(AskPort)
		return Lease{By: system, PON: port.PON, Version: port.Version}
	}},
	{PeerRole, func(o Order, n byte) Command {
		port, _ := o.Last(AskPort)
		return See{peer, port.PON, port.Version}
	}},
	{PeerRole, func(o Order, n byte) Command {
		port, _ := o.Last(AskPort)
		return Doubt{peer, port.PON, port.Version}
	}},
	{PeerRole, func(o Order, n byte) Command {
		port, _ := o.Last(AskPort)
		return Withdrawn{By: peer, PON: port.PON, Said: "CANCELLED"}
	}},
	{Customer, func(o Order, n byte) Command {
		e := Edit{By: customer, To: o.Details, Fields: []string{[]string{"company", "billing_name", "provider", "zip", "street"}[n%5]}}
		if n%7 == 0 { // the account address
			e.To = withAccountAddress(o.Details)
			e.Fields = append(e.Fields, accountAddress...)
		}
		e.To.Set(e.Fields[0], []string{"98102", "98103 Ada Way", "Ada Kings"}[n/5%3])
		e.Signs, e.Signature = n > 200, signed.Signature
		return e
	}},
	{System, func(o Order, n byte) Command {
		return Correct{By: system, To: o.Details, Patch: map[string]string{[]string{"company", "city"}[n%2]: "Renton"}}
	}},
}

func (r ReasonInfo) reason() Reason { return Reason{Code: r.Code, Raw: "742", Said: "no"} }

// utc is a calendar without weekends: random lives are long, and the calendars have tests of their own.
type utc struct{}

func (utc) Location() *time.Location        { return time.UTC }
func (utc) IsBusinessDay(time.Time) bool    { return true }
func (utc) DayBefore(t time.Time) time.Time { return t.AddDate(0, 0, -1) }
func (utc) AddBusinessDays(t time.Time, n int) time.Time {
	return t.AddDate(0, 0, n)
}
func (utc) At(t time.Time, hour, minute int) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, hour, minute, 0, 0, time.UTC)
}

// What holds in every life of an order, whatever is tried: whatever is over stays over; a change raises the version by one
// and makes its event, a refusal changes nothing; fees are taken once; only live orders fall due; nothing shows a secret.
func TestEveryLife(t *testing.T) {
	n := sequences
	if testing.Short() || racing {
		n = quick
	}
	lives(t, n, func(t *rapid.T) {
		script := rapid.SliceOfN(rapid.Byte(), 16, 64).Draw(t, "script")
		encode := script[1]%8 == 0
		r := Standard(utc{})
		r.HardCancelFee = 2500
		at := now
		r.SandboxDay = time.Minute
		birth := sampleCreate(int(script[0]%3) + 1)
		birth.Sandbox = script[0]%2 == 0
		o, events, err := r.Apply(Order{}, birth, at)
		if err != nil {
			t.Fatal(err)
		}
		all := events
		for len(script) >= 3 {
			pick, n, jump := script[0], script[1], script[2]
			script = script[3:]
			switch at = at.Add(time.Minute); {
			case jump < 64:
				at = at.Add(time.Duration(jump) * time.Hour)
			case jump < 128:
				for _, due := range o.Due {
					if due.After(at) {
						at = due
					}
				}
			}
			// Mostly what the table lets through, sometimes anything.
			open := openActs[o.Status]
			if pick%8 == 0 {
				open = anyAct
			}
			cmd := acts[open[int(pick/8)%len(open)]].make(o, n)
			after, events, err := r.Apply(o, cmd, at)
			step(t, o, after, events, cmd, err)
			if err == nil {
				if after.Owner() != o.Owner() {
					t.Fatalf("%T makes the order %+v's of %+v's", cmd, after.Owner(), o.Owner())
				}
				o, all = after, append(all, events...)
			}
			sentAsSigned(t, r, o, at)
		}
		whole(t, o, all, encode)
	})
}

// sentAsSigned checks that a request that would be sent now says what the LOA says: the holder, the provider, an address
// that was signed or that a correction from the record has told, and no number that was not signed.
func sentAsSigned(t *rapid.T, r Rules, o Order, at time.Time) {
	d := r.DecideRequest(o, Order{Status: Submitted}, at)
	if d.Do != DoSend || o.Status != Submitted {
		return
	}
	s := o.Signature
	if o.Details.Company != s.LOA.Company || o.Details.BillingName != s.LOA.BillingName || o.Details.Provider != s.LOA.Provider {
		t.Fatalf("%s sends %+v, signed was %+v", d.Cause, o.Details, s.LOA)
	}
	if n := o.Details.movedAccount(s.LOA); n != nil {
		t.Fatalf("%s is sent, signed was another account address: %q", d.Cause, n)
	}
	here := []string{o.Details.Street, o.Details.City, o.Details.Zip}
	if !slices.Equal(here, []string{s.LOA.Street, s.LOA.City, s.LOA.Zip}) &&
		!slices.Equal(here, []string{s.Conformed.Street, s.Conformed.City, s.Conformed.Zip}) {
		t.Fatalf("%s sends the address %q, signed was %+v, conformed %+v", d.Cause, here, s.LOA, s.Conformed)
	}
	for _, tn := range o.Active() {
		if !slices.Contains(s.Numbers, tn) {
			t.Fatalf("%s sends %s, signed were %q", d.Cause, tn, s.Numbers)
		}
	}
}

var actNames = func() []string {
	var names []string
	for i, a := range acts {
		name := commandName(a.make(Order{Numbers: []Number{{TN: "+12065550101"}}}, 1))
		if i == heardAct {
			name = "MarkSent" // which is open where a peer has something to say
		}
		names = append(names, name)
	}
	return names
}()

// openActs are the acts that the table lets through, by status; anyAct are all.
var openActs, anyAct = func() (map[Status][]int, []int) {
	open := map[Status][]int{}
	var whatever []int
	for i, a := range acts {
		whatever = append(whatever, i)
		for _, s := range allStatuses() {
			if Open(s, actNames[i], a.role) {
				open[s] = append(open[s], i)
			}
		}
	}
	return open, whatever
}()

// heardAct is the act that is made by Hear.
const heardAct = 31

func step(t *rapid.T, before, after Order, events []Event, cmd Command, err error) {
	if err != nil {
		if codeOf(err) == "" {
			t.Fatalf("%T in %s: an error of no kind: %v", cmd, before.Status, err)
		}
		if after.Version != before.Version || len(events) != 0 || after.Status != before.Status {
			t.Fatalf("%T in %s was refused and made a change", cmd, before.Status)
		}
		return
	}
	if after.Version != before.Version+1 || len(events) != 1 {
		t.Fatalf("%T: from version %d to %d with %d events", cmd, before.Version, after.Version, len(events))
	}
	e := events[0]
	late := []EventKind{
		Resumed, Waiting, DocumentCame, DocumentKept, DocumentFailed, AttemptSent, Withdrew, DeskAsked, Retried, Checked,
		Provisioned, SwitchRefuses, SwitchAskedAgain, CallsCame,
	}
	if before.Status.Terminal() && (after.Status != before.Status || !slices.Contains(late, e.Kind)) {
		t.Fatalf("%T in %s: %s", cmd, before.Status, e.Kind)
	}
	if e.Before != before.Status || e.Status != after.Status || e.Version != after.Version || e.Order != after.ID || e.Account != after.Account {
		t.Fatalf("%T from %s to %s: the event says %+v", cmd, before.Status, after.Status, e)
	}
	if before.Status != after.Status && !slices.ContainsFunc(moves, func(m move) bool { return m.to == after.Status && m.from.has(before.Status) }) {
		t.Fatalf("from %s to %s: no such move", before.Status, after.Status)
	}
	over := !after.Status.Live() && !after.Withdrawing
	due := maps.Clone(after.Due)
	if after.Sandbox { // a switch is behind it, which may have to take calls still, or to let them go
		maps.DeleteFunc(due, func(k DueKind, _ time.Time) bool { return k == DueSwitch || k == QueueFallout.Due() })
	}
	if over && (len(due) != 0 || !after.Desk.IsZero() && after.Desk.Key != MsgAskSwitch || len(after.Holds()) != 0) {
		t.Fatalf("%s, and due %v, desk %v, %d holds", after.Status, after.Due, after.Desk, len(after.Holds()))
	}
	if ends := !before.Withdrawing && after.Withdrawing; ends && (!before.requestLives() || !slices.Contains(e.Effects, WithdrawRequest)) {
		t.Fatalf("%T in %s has a request withdrawn: effects %v", cmd, before.Status, e.Effects)
	}
	if before.Withdrawing && over && e.Kind != Withdrew && e.Kind != WasCompleted {
		t.Fatalf("%T frees the numbers of a request that nobody has seen end", cmd)
	}
	if after.Status.Live() && len(after.Holds()) == 0 {
		t.Fatalf("%T leaves a live order without a number", cmd)
	}
	_, clock := after.Due[DueClock]
	_, check := after.Due[DueCheck]
	_, driver := after.Due[DueDriver]
	if turn := after.Status.Turn(); clock != (turn == TurnCustomer) || check != (after.withCarrier() || after.HasOpenRequest()) ||
		driver != (after.Machine() != NoMachine) {
		t.Fatalf("%T: %s is due %v", cmd, after.Status, after.Due)
	}
	if slices.Contains(e.Effects, SendWebhook) != (e.Topic() != "") || e.StatusChanged() != (e.Topic() == StatusChange) {
		t.Fatalf("%T from %s to %s: effects %v", cmd, before.Status, after.Status, e.Effects)
	}
}

// whole checks a life at its end; encoding costs more than all the rest, so one in eight is encoded.
func whole(t *rapid.T, o Order, all []Event, encode bool) {
	if len(all) != int(o.Version) {
		t.Fatalf("%d events in version %d", len(all), o.Version)
	}
	var fees, cancels int
	var sum Money
	for _, e := range all {
		switch {
		case e.Charge != 0 && e.Kind == HardCancelled:
			cancels++
		case e.Charge != 0:
			fees++
		}
		sum += e.Charge
	}
	var back Money
	for _, e := range all {
		back += e.Refund
		if (e.Refund > 0) != slices.Contains(e.Effects, PayRefund) || (e.Refund > 0) != (e.RefundFor != "") {
			t.Fatalf("a refund of %s for %q with the effects %v", e.Refund, e.RefundFor, e.Effects)
		}
	}
	if back != o.Refunded+o.Returned || o.Paid() < 0 || o.Returnable() < 0 {
		t.Fatalf("%s came back; the order says %s of %s", back, o.Refunded, o.PortFee)
	}
	if fees > 1 || cancels > 1 || sum != o.PortFee+o.CancelFee {
		t.Fatalf("%d port fees, %d cancel fees, %s in all; the order says %s and %s", fees, cancels, sum, o.PortFee, o.CancelFee)
	}
	if !encode {
		return
	}
	text, err := json.Marshal(struct {
		Order  Order
		Events []Event
	}{o, all})
	if err != nil {
		t.Fatal(err)
	}
	if shown := string(text); strings.Contains(shown, "CANARY") || strings.Contains(shown, `"`+canarySSN+`"`) {
		t.Fatalf("a secret shows: %s", shown)
	}
}

// lives runs property over n random inputs.
func lives(t *testing.T, n int, property func(*rapid.T)) {
	t.Helper()
	for run := 0; run < n; run += 100 {
		rapid.Check(t, property)
		if t.Failed() {
			return
		}
	}
}
