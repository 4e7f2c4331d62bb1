package porting

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// samples has a command for each row of moves that the row's guard lets through, once the order is prepared for it.
var samples = map[string]struct {
	cmd     func(By) Command
	prepare func(*life)
}{
	"Create":        {cmd: func(b By) Command { c := sampleCreate(2); c.By = b; return c }},
	"Edit":          {cmd: func(b By) Command { return Edit{By: b, To: Details{Alias: "New"}, Fields: []string{"alias"}} }},
	"ChangeNumbers": {cmd: func(b By) Command { return ChangeNumbers{By: b, Add: []string{"+13035550100"}, Remove: nil} }},
	"SetPresets":    {cmd: func(b By) Command { return SetPresets{b, Presets{CNAM: "1"}, []string{"cnam_id"}} }},
	"AddDocument": {cmd: func(b By) Command { return AddDocument{b, bill} }, prepare: func(l *life) {
		if in(Submitted, Review, Accepted).has(l.o.Status) {
			l.o.Documents = []Document{{ID: "1", Kind: BillDocument, State: DocumentComplete, Dated: "2027-02-01"}}
			l.o.Renewals = map[string]time.Time{Bill: newestBill(l.o)}
		}
		if l.o.Status == Completed {
			doubtedPort(l)
		}
	}},
	"TakeDocument":   {cmd: func(b By) Command { return TakeDocument{b, "1"} }, prepare: func(l *life) { l.o.Documents = []Document{{ID: "1", State: DocumentPending}} }},
	"SettleDocument": {cmd: func(b By) Command { return SettleDocument{By: b, ID: "1", Digest: "d1", Size: 1, Pages: 1} }, prepare: func(l *life) { l.o.Documents = []Document{{ID: "1", State: DocumentPending}} }},

	"AcceptBill": {cmd: func(b By) Command { return AcceptBill{b} }, prepare: func(l *life) {
		l.o.Documents = []Document{{ID: "1", Kind: BillDocument, State: DocumentComplete}}
	}},
	"Comment": {cmd: func(b By) Command { return Comment{b, "Hello."} }},
	"SettleComment": {cmd: func(b By) Command { return SettleComment{b} }, prepare: func(l *life) {
		l.o.Unanswered = l.at
	}},
	"Sign": {cmd: func(b By) Command { return Sign{By: b, Signature: signed.Signature} }, prepare: func(l *life) {
		l.o.Renewals = map[string]time.Time{SignedLOA: l.o.Signature.At}
	}},
	"Resubmit": {cmd: func(b By) Command { return Resubmit{b} }},
	"Cancel":   {cmd: func(b By) Command { return Cancel{b} }},
	"Extend":   {cmd: func(b By) Command { return Extend{b} }},
	"GiveBack": {cmd: func(b By) Command { return GiveBack{b, 5_00, "It took us too long."} }, prepare: func(l *life) {
		l.o.PortFee, l.o.Refunded = 10_00, 0
	}},
	"Reopen": {cmd: func(b By) Command { return Reopen{b, "9"} }},
	"Restart": {cmd: func(b By) Command {
		return Restart{By: b, ID: "9", From: Order{ID: "1", Kind: Local, Status: Cancelled, Numbers: []Number{{TN: "+12065550101"}}}}
	}},
	"Remind":   {cmd: func(b By) Command { return Remind{b} }, prepare: func(l *life) { l.at = l.r.End(l.o).AddDate(0, 0, -14) }},
	"Expire":   {cmd: func(b By) Command { return Expire{b} }, prepare: func(l *life) { l.at = l.r.End(l.o) }},
	"Announce": {cmd: func(b By) Command { return Announce{b} }, prepare: func(l *life) { l.o.Announced, l.at = "", l.o.FOCAt }},
	"Lapse": {cmd: func(b By) Command { return Lapse{b} }, prepare: func(l *life) {
		l.o.OwnOnly, l.o.Attempts = false, nil
		l.at = l.o.StatusAt.AddDate(0, 0, 7)
	}},
	"Exclude": {cmd: func(b By) Command { return Exclude{b, tns(1), NoCoverage} }},
	"RuleOut": {cmd: func(b By) Command { return RuleOut{b, []Reason{{Code: NoCoverage}}} }},
	"Pass":    {cmd: func(b By) Command { return Pass{b} }},
	"SkipCSR": {cmd: func(b By) Command { return SkipCSR{b, Words("toll-free")} }, prepare: func(l *life) { l.o.CSRSettled = false }},
	"SettleCSR": {cmd: func(b By) Command { return SettleCSR{By: b, Why: Words("It matches.")} },
		prepare: func(l *life) { l.o.CSRSettled = false }},
	"Correct": {cmd: func(b By) Command { return Correct{By: b, Patch: map[string]string{"zip": "98102"}} }},
	"Plan":    {cmd: func(b By) Command { return Plan{By: b, Attempt: Attempt{Kind: AskPort, PON: "P2"}} }},
	"MarkSent": {cmd: func(b By) Command { return MarkSent{By: b, PON: "P1", Version: 0, Ref: "ref"} }, prepare: func(l *life) {
		l.o.Attempts = []Attempt{{Kind: AskPort, Peer: "locals", PON: "P1"}}
	}},
	"Lease": {cmd: func(b By) Command { return Lease{By: b, PON: "P1"} }, prepare: func(l *life) { l.o.Attempts[0].Sent = time.Time{} }},
	"See":   {cmd: func(b By) Command { return See{b, "P1", 0} }},
	"Doubt": {cmd: func(b By) Command { return Doubt{b, "P1", 0} }},
	"Withdrawn": {cmd: func(b By) Command { return Withdrawn{By: b, PON: "P1"} }, prepare: func(l *life) {
		l.o.Attempts, l.o.Withdrawing = []Attempt{{Kind: AskPort, Peer: "locals", PON: "P1"}}, true
	}},
	"TakeUp": {cmd: func(b By) Command { return TakeUp{b} }, prepare: contested},
	"Object": {cmd: func(b By) Command { return Object{b} }, prepare: func(l *life) {
		l.o.Reasons = unpaid.Reasons
		l.o.Attempts[0].State = AnswerRefused
	}},
	"TellObjection": {cmd: func(b By) Command { return TellObjection{By: b, Step: "port_center", ByNote: true} },
		prepare: contested},
	"EscalateObjection": {cmd: func(b By) Command { return EscalateObjection{b} }, prepare: func(l *life) {
		contested(l)
		l.at = l.o.Objection.Ends
	}},
	"DropObjection": {cmd: func(b By) Command { return DropObjection{b} }, prepare: contested},
	"KeepEvidence":  {cmd: func(b By) Command { return KeepEvidence{By: b, Digest: "d1", Size: 1} }, prepare: contested},
	"TakeRecord":    {cmd: func(b By) Command { return TakeRecord{By: b, PON: "C1", State: AnswerReady} }, prepare: func(l *life) { l.do(csrAsked) }},
	"Repair":        {cmd: func(b By) Command { return Repair{By: b, Repairs: []RepairKind{TryLater}, Sup: SupOther} }},
	"AskRenewal": {cmd: func(b By) Command { return AskRenewal{b} }, prepare: func(l *life) {
		l.at, l.o.FOCAt = l.o.Signature.At.AddDate(0, 0, 25), l.o.Signature.At.AddDate(0, 0, 40)
	}},
	"Recover": {cmd: func(b By) Command { return Recover{b} }, prepare: func(l *life) {
		l.o.Flags.Recovery, l.o.Attempts = TFTransitional, nil
	}},
	"SplitOff": {cmd: func(b By) Command {
		return SplitOff{b, Order{ID: "1", Group: "2", Account: "acme", Given: Given{Details: details()}}, Sibling{ID: "3", Numbers: tns(1)}}
	}},
	"BringBack": {cmd: func(b By) Command {
		return BringBack{By: b, Sibling: Sibling{ID: "3", Numbers: tns(1), Why: TFTransitional}}
	}},
	"ComeBack": {cmd: func(b By) Command {
		return ComeBack{b, Order{ID: "1", Group: "2", Account: "acme", Given: Given{Details: details()}}, Sibling{ID: "3", Numbers: tns(1)},
			[]Reason{{Code: TFTransitional, Numbers: tns(1)}}}
	}},
	"PlanHandOver": {cmd: func(b By) Command { return PlanHandOver{b, now.AddDate(0, 0, 9)} }, prepare: func(l *life) {
		l.o.Kind, l.o.Class = TollFree, TollFreePort
	}},
	"Check": {cmd: func(b By) Command { return Check{By: b, Found: []Message{Words("Waiting.")}} }},
	"Delay": {cmd: func(b By) Command { return Delay{By: b, Why: Words("The peer is down.")} }},
	"AskDesk": {cmd: func(b By) Command { return AskDesk{By: b, Why: Words("Which name?")} }, prepare: func(l *life) {
		l.o.Desk = Message{}
		if !in(Processing, Submitted).has(l.o.Status) {
			l.o.Attempts, l.o.Withdrawing = []Attempt{{Kind: AskPort, Peer: "locals", PON: "P1"}}, l.o.Status.Terminal()
		}
	}},
	"Await":          {cmd: func(b By) Command { return Await{By: b, For: WaitAnswer, Token: NewSecret("token")} }},
	"Resume":         {cmd: func(b By) Command { return Resume{b, 7} }, prepare: func(l *life) { l.o.Wait = Wait{Token: NewSecret("token"), Seq: 7} }},
	"Redrive":        {cmd: func(b By) Command { return Redrive{b, 1} }, prepare: func(l *life) { l.o.Driver.Run = 1 }},
	"Refuse":         {cmd: func(b By) Command { return Refuse{b, "P1", "REJECTED", nil} }},
	"Accept":         {cmd: func(b By) Command { return Accept{b, "P1", "FOC", "2027-03-16", now, false} }},
	"MoveFOC":        {cmd: func(b By) Command { return MoveFOC{b, "2027-03-18", now, false, "later"} }},
	"LoseFOC":        {cmd: func(b By) Command { return LoseFOC{b, "DENIED", nil} }},
	"Complete":       {cmd: func(b By) Command { return Complete{By: b} }},
	"AskSnapback":    {cmd: func(b By) Command { return AskSnapback{By: b, HolderAsks: true, Why: "No dial tone."} }},
	"TakeSnapback":   {cmd: func(b By) Command { return TakeSnapback{b} }, prepare: goingBack},
	"RefuseSnapback": {cmd: func(b By) Command { return RefuseSnapback{b, "Too late."} }, prepare: goingBack},
	"TakeMoved":      {cmd: func(b By) Command { return TakeMoved{By: b, Moved: tns(1)} }},
	"TakeProvision": {cmd: func(b By) Command {
		return TakeProvision{By: b, Step: Undo, Answers: []SwitchAnswer{{TN: tns(1)[0], Answer: SwitchReady}}}
	}, prepare: leftOnSwitch(Unasked)},
	"AskSwitchAgain": {cmd: func(b By) Command { return AskSwitchAgain{b} }, prepare: leftOnSwitch(SwitchRefused)},
	"ServeByHand":    {cmd: func(b By) Command { return ServeByHand{b} }, prepare: leftOnSwitch(SwitchRefused)},
	"GoWithout":      {cmd: func(b By) Command { return GoWithout{b} }, prepare: fellOut},
	"Approve":        {cmd: func(b By) Command { return Approve{b} }},
	"Return":         {cmd: func(b By) Command { return Return{By: b, Reasons: []Reason{{Code: OtherReason}}} }},
	"Retry":          {cmd: func(b By) Command { return Retry{b} }, prepare: func(l *life) { l.o.Desk = Say(MsgAskFailed, "error", "Transient") }},
	"HardCancel":     {cmd: func(b By) Command { return HardCancel{By: b, Why: "Asked for."} }},
	"AskChange": {cmd: func(b By) Command {
		return AskChange{By: b, Wish: Wish{Kind: WishRemoval, Numbers: tns(1)}}
	}},
	"CancelNow": {cmd: func(b By) Command { return CancelNow{b} }, prepare: func(l *life) {
		if l.o.Status == Submitted {
			l.o.Attempts = nil
		}
		l.r.HardCancelFee = 0
	}},
	"ConfirmCancel": {cmd: func(b By) Command { return ConfirmCancel{By: b, PON: "P1"} }, prepare: func(l *life) {
		l.o.Withdrawing, l.o.Resend = true, SupCancel
	}},
	"FinishChange": {cmd: func(b By) Command { return FinishChange{b} }, prepare: func(l *life) {
		l.o.Changes = []AskedChange{{Kind: WishExpedite, State: ChangeWithStaff}}
	}},
	"RefuseChange": {cmd: func(b By) Command { return RefuseChange{By: b, Why: "The carrier says no."} }, prepare: func(l *life) {
		l.o.Changes = []AskedChange{{Kind: WishExpedite, State: ChangeWithStaff}}
	}},
	"OpenCase":         {cmd: func(b By) Command { return OpenCase{By: b, Raised: RaisedByHolder, Who: "by mail"} }},
	"CloseCase":        {cmd: func(b By) Command { return CloseCase{By: b, State: CaseAuthorised, Why: "The bill shows it."} }, prepare: doubtedPort},
	"LapseCase":        {cmd: func(b By) Command { return LapseCase{b} }, prepare: doubtedPort},
	"KeepCaseEvidence": {cmd: func(b By) Command { return KeepCaseEvidence{By: b, Digest: "d1", Size: 1} }, prepare: doubtedPort},
	"NoteRival":        {cmd: func(b By) Command { return NoteRival{By: b, Numbers: tns(1)} }, prepare: lapsed},
	"OpenDispute": {cmd: func(b By) Command {
		return OpenDispute{By: b, Signature: signed.Signature, Rival: "9", Numbers: tns(1)}
	},
		prepare: func(l *life) { lapsed(l); billed(l) }},
	"AskDispute": {cmd: func(b By) Command { return AskDispute{b, "9", Proposal{Asking, MsgNewestLOA}} }, prepare: asksFor},
	"AskPapers":  {cmd: func(b By) Command { return AskPapers{By: b} }, prepare: asksFor},
	"DecideDispute": {cmd: func(b By) Command { return DecideDispute{By: b, For: Asking, Why: "The bill is newer."} },
		prepare: asksFor},
	"TakeOver":       {cmd: func(b By) Command { return TakeOver{b, "9"} }, prepare: asksFor},
	"EndDispute":     {cmd: func(b By) Command { return EndDispute{b, "9", MsgDisputeMoot} }, prepare: asksFor},
	"ContestNumbers": {cmd: func(b By) Command { return ContestNumbers{b, "9", tns(1), now.AddDate(0, 0, 2)} }},
	"EndContest":     {cmd: func(b By) Command { return EndContest{b, "9", true} }, prepare: holding(1)},
	"Yield": {cmd: func(b By) Command { return Yield{b, "9"} }, prepare: func(l *life) {
		holding(len(l.o.Numbers))(l)
	}},
	"YieldNumbers": {cmd: func(b By) Command { return YieldNumbers{b, "9"} }, prepare: holding(1)},
	"LetGo": {cmd: func(b By) Command { return LetGo{b, "9"} }, prepare: func(l *life) {
		holding(1)(l)
		l.o.Disputes[0].State, l.o.Withdrawing = DisputeMoving, false
	}},
}

// doubtedPort opens a case about the authority of the port, whose time is over.
func doubtedPort(l *life) {
	l.o.Desk = Message{}
	l.o.Authority = AuthorityCase{State: CaseOpen, Raised: RaisedByHolder, Who: "by mail", Numbers: tns(1), Opened: l.at, Ends: l.at}
}

// leftOnSwitch leaves the first number out of the order, and has our switch answer so about undoing it.
func leftOnSwitch(answer ProvisionAnswer) func(*life) {
	return func(l *life) {
		l.o.Numbers = slices.Clone(l.o.Numbers)
		l.o.Numbers[0].State, l.o.Numbers[0].Provision = Excluded, Provision{Step: Undo, Answer: answer}
	}
}

// billed puts an accepted bill on the order.
func billed(l *life) {
	l.o.Documents = append(l.o.Documents, Document{ID: l.o.NextDocument(), Name: "bill.pdf", Kind: BillDocument,
		Dated: DateOf(l.at), State: DocumentComplete, Digest: "d1", Added: l.at, Settled: l.at})
}

// lapsed ends the hold of an order that was given back.
func lapsed(l *life) { l.o.OwnOnly = l.o.OwnOnly || l.o.Status == Rejected }

// asksFor opens a dispute about the order's first number, which order 9 holds.
func asksFor(l *life) {
	lapsed(l)
	billed(l)
	l.do(OpenDispute{By: customer, Signature: signed.Signature, Rival: "9", Numbers: tns(1)})
}

// holding has order 9 dispute the first n numbers of the order.
func holding(n int) func(*life) {
	return func(l *life) {
		l.o.Disputes = []Dispute{{Side: Holding, Rival: "9", Numbers: tns(n), State: DisputeOpen, Opened: l.at,
			Ends: l.at.AddDate(0, 0, 2)}}
	}
}

// contested puts an objection on the order that is with the carrier.
func contested(l *life) {
	l.o.Objection = Objection{State: ObjectionRaised, Class: SimpleWireline, Reasons: []ReasonCode{NameMismatch}, PON: "P1",
		Step: "port_center", Asked: l.at, Ends: l.at.Add(4 * time.Hour)}
}

// Every row of moves is open to its roles in its statuses, leads where it says and makes its event; every other role and
// status is refused and leaves the order as it was.
func TestMoves(t *testing.T) {
	roles := []Role{Customer, Staff, System, PeerRole}
	covered := map[int]bool{}
	for name, sample := range samples {
		for _, s := range append([]Status{None}, allStatuses()...) {
			for _, role := range roles {
				t.Run(fmt.Sprintf("%s by %s in %q", name, role, s), func(t *testing.T) {
					l := &life{t: t, r: rules(t), at: now}
					if s != None {
						l = brought(t, s)
					}
					row := slices.IndexFunc(moves, func(m move) bool { return m.name == name && m.from.has(s) })
					open := row >= 0 && slices.Contains(moves[row].by, role)
					if open && sample.prepare != nil {
						sample.prepare(l)
					}
					before := fmt.Sprintf("%#v", l.o)
					o, events, err := l.r.Apply(l.o, sample.cmd(By{Role: role}), l.at)
					if Open(s, name, role) != open {
						t.Errorf("Open says %v", !open)
					}
					if fmt.Sprintf("%#v", l.o) != before {
						t.Error("the order that was given is changed")
					}
					if !open {
						want := WrongStatus
						if row >= 0 {
							want = Forbidden
						}
						if codeOf(err) != want || len(events) != 0 || o.Version != l.o.Version {
							t.Errorf("%v with %d events, want %s", err, len(events), want)
						}
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					covered[row] = true
					m := moves[row]
					want := m.to
					if want == same {
						want = s
					}
					e := events[0]
					if o.Status != want || e.Status != want || e.Before != s {
						t.Errorf("the order is %s, its event goes from %q to %s; want %s", o.Status, e.Before, e.Status, want)
					}
					if e.Kind != m.event || e.By.Role != role || e.Version != o.Version || o.Version != l.o.Version+1 || e.Message.IsZero() {
						t.Errorf("event %+v, want %s", e, m.event)
					}
					if moved := o.StatusAt.Equal(l.at); s != None && moved != (o.Status != s) {
						t.Errorf("the status was last changed at %s", o.StatusAt)
					}
				})
			}
		}
	}
	for i, m := range moves {
		if !covered[i] {
			t.Errorf("no test of row %d: %s from %v", i, m.name, m.from)
		}
		if m.rule == "" {
			t.Errorf("row %d names no rule", i)
		}
	}
}

// The status moves are these and no others: the rows of the public sources, by their numbers (porting/moves.go).
func TestTransitions(t *testing.T) {
	want := []string{
		" -> pending by customer",                // 1, 23
		" -> pending by staff",                   // 23
		" -> rejected by system",                 // 6, 18, numbers that came back from another order
		" -> submitted by system",                // 9, an order split off another one
		"accepted -> completed by peer",          // 18
		"accepted -> hard_canceled by peer",      // 20, a cancellation that the carrier confirms
		"accepted -> hard_canceled by staff",     // 20
		"accepted -> hard_canceled by system",    // 20
		"accepted -> rejected by system",         // some numbers of it were lost in a dispute
		"accepted -> submitted by peer",          // 22
		"pending -> cancelled by customer",       // 4
		"pending -> cancelled by staff",          // 4, for the customer
		"pending -> cancelled by system",         // 5
		"pending -> processing by customer",      // 3
		"pending -> processing by system",        // 3, a dispute was won
		"processing -> cancelled by customer",    // 21, by a change
		"processing -> cancelled by staff",       // 6, 21
		"processing -> cancelled by system",      // 6
		"processing -> rejected by staff",        // 7
		"processing -> rejected by system",       // 7
		"processing -> submitted by system",      // 8
		"rejected -> abandoned by customer",      // 16
		"rejected -> abandoned by staff",         // 16, for the customer
		"rejected -> abandoned by system",        // 17
		"rejected -> review by customer",         // 13
		"rejected -> review by system",           // 13, of an order that has won a dispute
		"rejected -> submitted by staff",         // the carrier has accepted it
		"rejected -> submitted by system",        // the carrier has given way to an objection
		"review -> hard_canceled by customer",    // 21, by a change
		"review -> hard_canceled by staff",       // 21
		"review -> hard_canceled by system",      // a dispute was lost
		"review -> rejected by staff",            // 15
		"review -> rejected by system",           // 15
		"review -> submitted by staff",           // 14
		"review -> submitted by system",          // 14
		"submitted -> accepted by peer",          // 10
		"submitted -> completed by system",       // the help desk of the registry has handed the numbers over
		"submitted -> hard_canceled by customer", // 19, before the carrier has a request
		"submitted -> hard_canceled by peer",     // 19, a cancellation that the carrier confirms
		"submitted -> hard_canceled by staff",    // 19
		"submitted -> hard_canceled by system",   // 19
		"submitted -> rejected by staff",         // 11
		"submitted -> rejected by system",        // 11
	}
	var got []string
	for _, m := range Moves() {
		for _, from := range m.From {
			for _, role := range m.By {
				if m.To != None {
					got = append(got, fmt.Sprintf("%s -> %s by %s", from, m.To, role))
				}
			}
		}
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("transitions:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(allStatuses()); n != 10 {
		t.Errorf("%d statuses, want the ten of D-STA", n)
	}
	for _, s := range allStatuses() {
		out := slices.ContainsFunc(Moves(), func(m Move) bool { return m.To != None && slices.Contains(m.From, s) })
		if out == s.Terminal() {
			t.Errorf("%s: terminal %v, but leaves %v", s, s.Terminal(), out)
		}
		if s.Live() == s.Terminal() {
			t.Errorf("%s is live and terminal alike", s)
		}
	}
}

func TestOnlyOneRowAnswersACommand(t *testing.T) {
	for i, a := range moves {
		for _, b := range moves[i+1:] {
			for _, s := range a.from {
				if a.name == b.name && b.from.has(s) {
					t.Errorf("two rows for %s in %s", a.name, s)
				}
			}
		}
	}
}

func TestParseStatus(t *testing.T) {
	for text, want := range map[string]Status{
		"pending": Pending, "Submitted": Submitted, " REVIEW ": Review, "canceled": Cancelled, "cancelled": Cancelled,
		"hard_canceled": HardCanceled, "hard_cancelled": HardCanceled, "lost": None, "": None,
	} {
		if got, ok := ParseStatus(text); got != want || ok != (want != None) {
			t.Errorf("%q is %q (%v), want %q", text, got, ok, want)
		}
	}
}

// unpublished returns the event's effects without the one that every event has but those of the driver.
func unpublished(t *testing.T, e Event) []Effect {
	t.Helper()
	if slices.Contains(e.Effects, Publish) != e.Published() || e.Published() == (e.Kind == Waiting || e.Kind == Resumed || e.Kind == Redriven) {
		t.Errorf("%s goes to the bus: %v", e.Kind, e.Effects)
	}
	var rest []Effect
	for _, effect := range e.Effects {
		if effect != Publish && effect != KeepSearch { // see TestSearchWords
			rest = append(rest, effect)
		}
	}
	return rest
}

// What follows from what: machines start, the customer is told, the webhook hears of what has a topic and of nothing else.
func TestEffects(t *testing.T) {
	for _, test := range []struct {
		name string
		to   Status
		cmd  Command
		want []Effect
	}{
		{"creation asks for a signature", None, sampleCreate(1), []Effect{SendMail}},
		{"signing starts a machine", Pending, signed, []Effect{FileLOA, StartDriver, SendWebhook}},
		{"passing goes on in the same machine", Processing, Pass{By: system}, []Effect{SendMail, SendWebhook}},
		{"not portable", Processing, RuleOut{By: system}, []Effect{SendMail, SendWebhook}},
		{"rejected before submission", Processing, returned, []Effect{SendMail, SendWebhook}},
		{"a refusal waits while we try to repair", Submitted, refused, []Effect{KeepScore}},
		{"accepted", Submitted, accepted, []Effect{SendMail, SendWebhook, KeepScore}},
		{"the date moves", Accepted, MoveFOC{By: peer, FOC: "2027-03-18"}, []Effect{StartDriver, SendMail, SendWebhook, KeepScore}},
		{"the date is withdrawn", Accepted, LoseFOC{By: peer}, []Effect{StartDriver, SendMail, SendWebhook, KeepScore}},
		{"completed", Accepted, Complete{By: peer}, []Effect{SendMail, SendWebhook}},
		{"a request that the carrier has not answered is withdrawn", Submitted, returned, []Effect{SendMail, SendWebhook, WithdrawRequest}},
		{"hard cancel withdraws the request", Accepted, HardCancel{By: staff}, []Effect{SendMail, SendWebhook, WithdrawRequest}},
		{"abandoning withdraws the request", Rejected, Cancel{By: customer}, []Effect{SendMail, SendWebhook, WithdrawRequest}},
		{"resubmission", Rejected, Resubmit{By: customer}, []Effect{StartDriver, SendWebhook}},
		{"a document to be pulled", Pending, AddDocument{customer, Document{Name: "bill.pdf", Kind: BillDocument, From: "https://example.com/bill.pdf"}},
			[]Effect{PullDocuments}},
		{"a document to be uploaded", Pending, AddDocument{customer, bill}, nil},
		{"a comment", Submitted, Comment{customer, "Hello."}, []Effect{SendWebhook}},
		{"a comment of our staff", Submitted, Comment{staff, "Hello."}, []Effect{SendMail, SendWebhook}},
		{"a status check", Submitted, Check{By: system, Found: []Message{Words("Waiting.")}}, nil},
		{"a driver that died", Submitted, Redrive{By: system, Run: 2}, []Effect{StartDriver}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := &life{t: t, r: rules(t), at: now}
			if test.to != None {
				l = brought(t, test.to)
			}
			if got := unpublished(t, l.do(test.cmd).last()); !slices.Equal(got, test.want) {
				t.Errorf("effects %v, want %v", got, test.want)
			}
		})
	}
	t.Run("a waiting machine is resumed by what it waits for", func(t *testing.T) {
		wait := Await{By: system, For: WaitAnswer, Token: NewSecret("token")}
		for want, cmd := range map[Outcome]Command{OutAccepted: accepted, OutRefused: refused, OutOver: HardCancel{By: staff}} {
			l := brought(t, Submitted).do(wait, cmd)
			if l.o.Wait.Outcome != want || !slices.Contains(l.last().Effects, ResumeWait) {
				t.Errorf("%T: outcome %q, effects %v", cmd, l.o.Wait.Outcome, l.last().Effects)
			}
			seq := l.o.Wait.Seq
			if l.do(Resume{system, seq}); l.o.Wait.Token.IsSet() {
				t.Error("the token is kept after its use")
			}
			if _, _, err := l.r.Apply(l.o, Resume{system, seq}, l.at); codeOf(err) != Settled {
				t.Errorf("a second resume: %v", err)
			}
		}
	})
	t.Run("a webhook without an address: the account may have endpoints", func(t *testing.T) {
		l := brought(t, Pending)
		l.o.Details.StatusURL = ""
		if got := unpublished(t, l.do(signed).last()); !slices.Equal(got, []Effect{FileLOA, StartDriver, SendWebhook}) {
			t.Errorf("effects %v", got)
		}
	})
	t.Run("many numbers are freed afterwards", func(t *testing.T) {
		for n, want := range map[int]bool{HoldsPerTransaction: false, HoldsPerTransaction + 1: true} {
			if got := begin(t, n).do(Cancel{By: customer}).last().Effects; slices.Contains(got, ReleaseNumbers) != want {
				t.Errorf("%d numbers, cancelled: effects %v", n, got)
			}
			if got := begin(t, n+5).do(signed, Exclude{system, tns(n), NoCoverage}).last().Effects; slices.Contains(got, ReleaseNumbers) != want {
				t.Errorf("%d numbers left out: effects %v", n, got)
			}
		}
	})
}

// In every status the order's driver is the machine that has to move it on, and it stands through what does not concern it.
func TestDriverIsTheMachineOfTheStatus(t *testing.T) {
	for _, s := range allStatuses() {
		if s == None {
			continue
		}
		t.Run(string(s), func(t *testing.T) {
			l := brought(t, s)
			if l.o.Driver.Machine != l.o.Machine() {
				t.Errorf("driven by %q, want %q", l.o.Driver.Machine, l.o.Machine())
			}
			if before := l.o.Driver; s.Live() {
				if l.do(Comment{customer, "Hello."}); l.o.Driver != before {
					t.Errorf("a comment changes the driver %+v to %+v", before, l.o.Driver)
				}
			}
		})
	}
}

// A question to the desk stands until somebody answers it, or until the order is given back or ends.
func TestQuestionToTheDeskStands(t *testing.T) {
	for _, test := range []struct {
		name string
		from Status
		cmd  Command
		want bool
	}{
		{"through a comment", Submitted, Comment{customer, "Hello."}, true},
		{"through a change of the status", Pending, signed, true},
		{"until the order is given back", Submitted, returned, false},
		{"until the order ends", Accepted, HardCancel{By: staff, Why: "Asked for."}, false},
		{"through a comment on a rejected order", Rejected, Comment{customer, "Hello."}, true},
		{"until the customer gives the order up", Rejected, Cancel{By: customer}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, test.from)
			l.o.Desk = Words("Which name is right?")
			if stands := !l.do(test.cmd).o.Desk.IsZero(); stands != test.want {
				t.Errorf("the question stands: %t", stands)
			}
		})
	}
}

// made has, for kinds of event that a move makes of its own kind, that kind.
var made = map[EventKind]EventKind{DocumentFailed: DocumentKept, SwitchRefuses: Provisioned, CallsCame: Provisioned}

func TestNobodyIsMailedTwiceForOneThing(t *testing.T) {
	for _, kind := range Mailed() {
		kind = cmp.Or(made[kind], kind)
		if !slices.ContainsFunc(moves, func(m move) bool { return m.event == kind }) {
			t.Errorf("a mail for %s, which never happens", kind)
		}
	}
}

// Every topic is that of an event which happens, and the list has every topic.
func TestTopics(t *testing.T) {
	for kind, topic := range topics {
		if !slices.Contains(Topics(), topic) {
			t.Errorf("%s is not in the list", topic)
		}
		kind = cmp.Or(made[kind], kind)
		if !slices.ContainsFunc(moves, func(m move) bool { return m.event == kind }) {
			t.Errorf("a webhook for %s, which never happens", kind)
		}
	}
	for _, topic := range Topics()[1:] {
		if !slices.Contains(slices.Collect(maps.Values(topics)), topic) {
			t.Errorf("nothing is told as %s", topic)
		}
	}
}

// The refusal names the one or two statuses that matter, and says "only" where there are no others.
func TestWrongStatus(t *testing.T) {
	for _, test := range []struct {
		in   Status
		cmd  Command
		want string
	}{
		{Submitted, Edit{By: customer}, "The order is submitted. Only a pending or rejected order can be changed this way."},
		{Completed, Edit{By: customer}, "The order is completed. Only a pending or rejected order can be changed this way."},
		{Rejected, ChangeNumbers{By: customer}, "The order is rejected. Only a pending order can be changed this way."},
		{Processing, AddDocument{By: customer}, "The order is processing. This can be done to a pending or rejected order."},
		{Processing, Sign{By: customer}, "The order is processing. This can be done to a pending or rejected order."},
		{Submitted, LoseFOC{By: By{Role: PeerRole}}, "The order is submitted. Only an accepted order can be changed this way."},
		{Rejected, Approve{By: By{Role: Staff}}, "The order is rejected. Only an order in review can be changed this way."},
		{Pending, HardCancel{By: By{Role: Staff}}, "The order is pending. This can be done to a submitted or accepted order."},
		{Cancelled, SetPresets{By: customer}, "The order is cancelled and cannot be changed any more."},
		{Completed, Comment{By: customer}, "The order is completed and cannot be changed any more."},
		{Pending, Create{By: customer}, "The order exists already, and is pending."},
	} {
		if _, err := find(test.in, test.cmd); !Is(err, WrongStatus) || err.Error() != test.want {
			t.Errorf("%T of a %s order: %v, want %q", test.cmd, test.in, err, test.want)
		}
	}
}

// A request that has to end is withdrawn at once, and again when it turns out to have been sent, or when a person asks for it.
func TestWhenARequestIsWithdrawn(t *testing.T) {
	unsent := reach[Submitted][:len(reach[Submitted])-1]
	for _, test := range []struct {
		name   string
		before []Command
		cmd    Command
		want   bool
	}{
		{"given back", reach[Submitted], returned, true},
		{"a comment since", append(slices.Clone(reach[Submitted]), returned), Comment{customer, "Hello."}, false},
		{"sent since", append(slices.Clone(unsent), returned), portSent, true},
		{"a person asks for it", append(slices.Clone(reach[Submitted]), returned, AskDesk{By: system, Why: Say(MsgAskMoved)}), Retry{staff}, true},
		{"never asked", []Command{signed}, returned, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 3).do(test.before...).do(test.cmd)
			if got := slices.Contains(l.last().Effects, WithdrawRequest); got != test.want {
				t.Errorf("%s: withdrawn is %t, the effects are %v", l.last().Kind, got, l.last().Effects)
			}
		})
	}
}
