package porting

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
)

// wishes has a wish of each kind that an order of the sample numbers can have.
func wishes() map[WishKind]Wish {
	return map[WishKind]Wish{
		WishDate:       {Kind: WishDate, Date: "2027-03-25"},
		WishCorrection: {Kind: WishCorrection, To: Details{PIN: NewSecret("CANARY-PIN-1111")}, Fields: []string{"pin"}},
		WishRemoval:    {Kind: WishRemoval, Numbers: tns(1)},
		WishAddition:   {Kind: WishAddition, Numbers: []string{"+12069990000"}},
		WishCancel:     {Kind: WishCancel},
		WishExpedite:   {Kind: WishExpedite, Reason: ForOutage},
	}
}

// planned returns an order of the class in the status, at an instant before its agreed date.
func planned(t *testing.T, class Class, s Status, before time.Duration) (Rules, Order, time.Time) {
	l := brought(t, s)
	l.r.DateChangeFee, l.r.ExpediteFee = 1000, 7500
	l.o.Class = class
	if class == TollFreePort {
		l.o.Kind = TollFree
	}
	at := l.at
	if s == Accepted {
		at = l.o.FOCAt.Add(-before)
	}
	return l.r, l.o, at
}

// The planner answers every wish of every order: by the table, by the class, and by the time to the agreed date.
func TestPlanOfEveryChange(t *testing.T) {
	day := 24 * time.Hour
	for _, class := range Classes {
		for _, s := range allStatuses() {
			for kind, wish := range wishes() {
				for _, before := range []time.Duration{8 * day, 5 * day, 30 * time.Hour, 23 * time.Hour, -time.Hour} {
					if s != Accepted && before != 8*day {
						continue
					}
					t.Run(fmt.Sprintf("%s,%s,%s,%s", class.Class, s, kind, before), func(t *testing.T) {
						r, o, at := planned(t, class.Class, s, before)
						p, err := r.PlanChange(o, wish, at)
						got := p.Way
						if err != nil {
							got = ChangeWay(codeOf(err))
						}
						if want := wantWay(class, s, kind, before); got != want {
							t.Fatalf("%s (%v), want %s", got, err, want)
						}
						if err != nil {
							return
						}
						checkPlan(t, r, o, p, at)
					})
				}
			}
		}
	}
}

// wantWay is the rule in words: who has the order decides, then the class, then the time to the date.
func wantWay(class Terms, s Status, kind WishKind, before time.Duration) ChangeWay {
	refused := ChangeWay(WrongStatus)
	tollFree := class.Class == TollFreePort
	switch s {
	case Completed, Cancelled, Abandoned, HardCanceled:
		return refused
	case Pending, Processing, Review, Rejected:
		if kind == WishCancel || s == Rejected && (kind == WishRemoval || kind == WishAddition) {
			return WayAtOnce
		}
		return refused
	case Accepted:
		switch {
		case before < 24*time.Hour, kind == WishCorrection, kind == WishAddition, tollFree && kind != WishCancel:
			return refused
		case kind == WishExpedite, before < 3*24*time.Hour, class.Change == ChangeByAgreement && kind == WishDate:
			return WayStaff
		case kind == WishCancel:
			return WayWithdrawal
		}
		return WaySupplement
	}
	switch { // submitted, and the carrier has the request
	case kind == WishAddition, tollFree && kind == WishExpedite:
		return refused
	case kind == WishCancel:
		return WayWithdrawal
	case kind == WishExpedite, class.Change == ChangeByAgreement && kind == WishDate:
		return WayStaff
	case tollFree && kind == WishDate:
		return WayNewRequest
	}
	return WaySupplement
}

// checkPlan holds a plan against itself: its supplement, version, fee, times and numbers fit its way.
func checkPlan(t *testing.T, r Rules, o Order, p ChangePlan, at time.Time) {
	t.Helper()
	sup := map[ChangeWay]Sup{WayWithdrawal: SupCancel, WayNewRequest: SupCancel, WaySupplement: SupOther}[p.Way]
	if p.Way == WaySupplement && o.Status == Accepted && p.Wish.Kind == WishDate {
		sup = SupDate
	}
	if p.Sup != sup || (p.Version == 1) != (sup != SupNew) {
		t.Errorf("supplement %d, version %d", p.Sup, p.Version)
	}
	if (p.Way == WayStaff) != !p.Answer.IsZero() || p.Way == WayStaff && !p.Answer.After(at) {
		t.Errorf("a person answers by %s", p.Answer)
	}
	if (o.Status == Accepted) == p.Until.IsZero() || p.Until.After(p.Ends) && p.Ends.Before(at) {
		t.Errorf("safe until %s, possible until %s", p.Until, p.Ends)
	}
	fee := map[WishKind]Money{WishDate: 1000, WishCancel: 2500, WishExpedite: 7500, WishAddition: 750}[p.Wish.Kind]
	switch {
	case p.Wish.Kind == WishAddition:
	case o.Status == Pending || o.Status == Processing || o.Status == Rejected:
		fee = 0
	case o.Status == Accepted && at.After(p.Until) && p.Wish.Kind != WishExpedite:
		fee += 7500
	}
	if p.Fee != fee {
		t.Errorf("the fee is $%s, want $%s", p.Fee, fee)
	}
	rest := map[WishKind]int{WishRemoval: 2, WishCancel: 0, WishAddition: 4}
	want, special := rest[p.Wish.Kind]
	if !special {
		want = 3
	}
	if len(p.Rest) != want {
		t.Errorf("%d numbers go on, want %d", len(p.Rest), want)
	}
	if (p.Leads != None) != (p.Wish.Kind == WishCancel) {
		t.Errorf("it leads to %q", p.Leads)
	}
}

// Every fault of a wish is told at once, with the day or number that is possible.
func TestPlanTellsEveryFault(t *testing.T) {
	for name, tc := range map[string]struct {
		status Status
		wish   Wish
		want   []string
	}{
		"no date":                    {Accepted, Wish{Kind: WishDate}, []string{"date required"}},
		"another form":               {Accepted, Wish{Kind: WishDate, Date: "soon"}, []string{"date invalid_format"}},
		"the agreed date":            {Accepted, Wish{Kind: WishDate, Date: "2027-03-16"}, []string{"date not_allowed"}},
		"a Sunday":                   {Accepted, Wish{Kind: WishDate, Date: "2027-03-21"}, []string{"date out_of_range"}},
		"the interval is not over":   {Accepted, Wish{Kind: WishDate, Date: "2027-03-04"}, []string{"date out_of_range"}},
		"too far ahead":              {Accepted, Wish{Kind: WishDate, Date: "2027-06-01"}, []string{"date out_of_range"}},
		"numbers of another order":   {Accepted, Wish{Kind: WishRemoval, Numbers: []string{"+12069990000", "+12069990001"}}, []string{"numbers/0 unknown", "numbers/1 unknown"}},
		"the same number twice":      {Accepted, Wish{Kind: WishRemoval, Numbers: append(tns(1), tns(1)...)}, []string{"numbers/1 duplicate"}},
		"all numbers":                {Accepted, Wish{Kind: WishRemoval, Numbers: tns(3)}, []string{"numbers not_allowed"}},
		"no numbers":                 {Accepted, Wish{Kind: WishRemoval}, []string{"numbers required"}},
		"no number to add":           {Rejected, Wish{Kind: WishAddition}, []string{"numbers required"}},
		"a number that it has":       {Rejected, Wish{Kind: WishAddition, Numbers: tns(1)}, []string{"numbers/0 duplicate"}},
		"no reason":                  {Accepted, Wish{Kind: WishExpedite}, []string{"reason required"}},
		"a day that is past":         {Accepted, Wish{Kind: WishExpedite, Reason: ForMedical, Date: "2027-01-04"}, []string{"date out_of_range"}},
		"nothing to correct":         {Submitted, Wish{Kind: WishCorrection}, []string{"attributes required"}},
		"a value of another form":    {Submitted, Wish{Kind: WishCorrection, To: Details{Zip: "?"}, Fields: []string{"zip"}}, []string{"zip invalid_format"}},
		"the date as a correction":   {Submitted, Wish{Kind: WishCorrection, Fields: []string{"desired_completion_date"}}, []string{"desired_completion_date not_allowed"}},
		"a detail that nobody knows": {Submitted, Wish{Kind: WishCorrection, Fields: []string{"color"}}, []string{"color unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := brought(t, tc.status)
			_, err := l.r.PlanChange(l.o, tc.wish, l.at)
			if codeOf(err) != Invalid || !slices.Equal(faultsOf(err), tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
		})
	}
}

// What the signed LOA shows is signed again in the same call; what a request says beside it is not.
func TestChangeThatNeedsASignature(t *testing.T) {
	name := Wish{Kind: WishCorrection, To: Details{BillingName: "Charles Babbage"}, Fields: []string{"billing_name"}}
	l := brought(t, Submitted)
	p, err := l.r.PlanChange(l.o, name, l.at)
	if err != nil || !slices.Equal(p.Sign, []string{"billing_name"}) {
		t.Fatalf("%v, %v", p.Sign, err)
	}
	if _, _, err := l.r.Apply(l.o, AskChange{By: customer, Wish: name}, l.at); codeOf(err) != SignatureNeeded {
		t.Fatalf("unsigned: %v", err)
	}
	name.Signs, name.Signature = true, signed.Signature
	l.do(AskChange{By: customer, Wish: name})
	if len(l.o.Unsigned()) > 0 || l.o.Details.BillingName != "Charles Babbage" || l.o.Resend != SupOther {
		t.Errorf("unsigned %v, name %q, supplement %d", l.o.Unsigned(), l.o.Details.BillingName, l.o.Resend)
	}
	pin := wishes()[WishCorrection]
	pin.Signs, pin.Signature = true, signed.Signature
	l = brought(t, Submitted)
	if _, _, err := l.r.Apply(l.o, AskChange{By: customer, Wish: pin}, l.at); codeOf(err) != Invalid {
		t.Errorf("a signature that nothing needs: %v", err)
	}
}

// ask has the customer ask for a change at the fee that the planner names.
func (l *life) ask(w Wish) *life {
	l.t.Helper()
	p, err := l.r.PlanChange(l.o, w, l.at)
	if err != nil {
		l.t.Fatal(err)
	}
	return l.do(AskChange{By: customer, Wish: w, Fee: p.Fee})
}

// sup sends the supplement that the order owes its carrier.
func (l *life) sup() *life {
	l.t.Helper()
	d := l.r.DecideRequest(l.o, Order{}, l.at)
	if d.Do != DoSend {
		l.t.Fatalf("nothing is sent: %+v", d)
	}
	l.do(Plan{By: system, Attempt: d.Request.Attempt()})
	return l.do(MarkSent{By: system, PON: d.Request.PON, Version: d.Request.Version, Ref: "ref", Asked: d.Request.Date})
}

func (l *life) lastChange() AskedChange { return l.o.Changes[len(l.o.Changes)-1] }

// A change of an accepted order ends by the carrier's answer, and the status follows the carrier's alone.
func TestChangeOfAnAcceptedOrder(t *testing.T) {
	at := time.Date(2027, 3, 25, 15, 0, 0, 0, time.UTC)
	late := []Reason{{Code: LateChangeRefused}}
	for name, tc := range map[string]struct {
		wish   WishKind
		then   []Answer
		state  ChangeState
		status Status
		foc    Date
		active int
		charge Money
	}{
		"another date that the carrier takes":   {WishDate, []Answer{{State: AnswerWaiting}, {State: AnswerAccepted, FOC: "2027-03-25", At: at}}, ChangeIsDone, Accepted, "2027-03-25", 3, 1000},
		"another date for which it gives one":   {WishDate, []Answer{{State: AnswerWaiting}, {State: AnswerAccepted, FOC: "2027-03-26", At: at}}, ChangeIsDone, Accepted, "2027-03-26", 3, 1000},
		"another date that it does not mention": {WishDate, []Answer{{State: AnswerWaiting}, {State: AnswerAccepted, FOC: "2027-03-16"}}, ChangeIsRefused, Accepted, "2027-03-16", 3, 0},
		"another date that it refuses":          {WishDate, []Answer{{State: AnswerWaiting}, {State: AnswerRefused, Reasons: late}}, ChangeIsRefused, Accepted, "2027-03-16", 3, 0},
		"another date that it considers":        {WishDate, []Answer{{State: AnswerWaiting}}, ChangeWithCarrier, Accepted, "2027-03-16", 3, 0},
		"the port was faster":                   {WishDate, []Answer{{State: AnswerCompleted}}, ChangeOvertaken, Completed, "2027-03-16", 3, 0},
		"the request ends":                      {WishDate, []Answer{{State: AnswerWaiting}, {State: AnswerOver}}, ChangeOvertaken, Submitted, "", 3, 0},
		"fewer numbers that it takes":           {WishRemoval, []Answer{{State: AnswerWaiting}, {State: AnswerAccepted, FOC: "2027-03-16"}}, ChangeIsDone, Accepted, "2027-03-16", 2, 0},
		"fewer numbers with another date":       {WishRemoval, []Answer{{State: AnswerWaiting}, {State: AnswerAccepted, FOC: "2027-03-18", At: at}}, ChangeIsDone, Accepted, "2027-03-18", 2, 0},
		"fewer numbers that it refuses":         {WishRemoval, []Answer{{State: AnswerWaiting}, {State: AnswerRefused, Reasons: late}}, ChangeIsRefused, Accepted, "2027-03-16", 3, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := brought(t, Accepted)
			l.r.DateChangeFee = 1000
			l.ask(wishes()[tc.wish])
			if l.o.Status != Accepted || l.o.FOC != "2027-03-16" || !slices.Contains(l.last().Effects, StartDriver) {
				t.Fatalf("asked for: %s on %s, effects %v", l.o.Status, l.o.FOC, l.last().Effects)
			}
			l.sup()
			for _, a := range tc.then {
				l.hears(a)
			}
			var charge Money
			for _, e := range l.events {
				if e.ChargeFor != "" {
					charge += e.Charge
				}
			}
			ch := l.lastChange()
			if ch.State != tc.state || l.o.Status != tc.status || l.o.FOC != tc.foc || len(l.o.Active()) != tc.active || charge != tc.charge {
				t.Errorf("change %s, order %s on %s with %d numbers, charged $%s", ch.State, l.o.Status, l.o.FOC, len(l.o.Active()), charge)
			}
			if !ch.State.Open() && (ch.Ended.IsZero() || ch.Outcome.IsZero()) {
				t.Errorf("it ended %s: %+v", ch.Ended, ch.Outcome)
			}
		})
	}
}

// After a refused change the carrier is asked for the agreed date again, so that the order stays what it was.
func TestARefusedChangeIsTakenBack(t *testing.T) {
	l := brought(t, Accepted).ask(wishes()[WishDate]).sup().hears(Answer{State: AnswerWaiting}).
		hears(Answer{State: AnswerRefused, Reasons: []Reason{{Code: LateChangeRefused}}})
	d := l.r.DecideRequest(l.o, Order{}, l.at)
	if d.Do != DoSend || d.Request.Date != "2027-03-16" || d.Request.Sup != SupDate || !slices.Contains(l.last().Effects, StartDriver) {
		t.Fatalf("%+v, effects %v", d, l.last().Effects)
	}
	if l.sup().hears(Answer{State: AnswerWaiting}).hears(Answer{State: AnswerAccepted, FOC: "2027-03-16"}); l.o.Status != Accepted {
		t.Errorf("the order is %s", l.o.Status)
	}
}

// A supplement that the peer does not take leaves the request as the version before, and the next one has a version of its own.
func TestADroppedChange(t *testing.T) {
	for _, s := range []Status{Submitted, Accepted} {
		for _, kind := range []WishKind{WishDate, WishCorrection, WishRemoval} {
			if s == Accepted && kind == WishCorrection {
				continue
			}
			t.Run(fmt.Sprintf("%s,%s", s, kind), func(t *testing.T) {
				l := brought(t, s)
				before := l.o
				l.ask(wishes()[kind])
				d := l.r.DecideRequest(l.o, Order{}, l.at)
				l.do(Plan{By: system, Attempt: d.Request.Attempt()}, RefuseChange{By: system, Dropped: true, Reasons: []Reason{{Code: LateChangeRefused}}})
				port, _ := l.o.Last(AskPort)
				if port.Version != 0 || l.o.PeerRef() != "ref" || l.o.Resend != SupNew {
					t.Errorf("version %d, reference %q, supplement %d", port.Version, l.o.PeerRef(), l.o.Resend)
				}
				if l.o.Status != s || l.o.FOC != before.FOC || l.o.Details != before.Details || len(l.o.Active()) != 3 {
					t.Errorf("the order is no longer as it was: %s on %s, %+v", l.o.Status, l.o.FOC, l.o.Details)
				}
				if d := l.r.DecideRequest(l.o, Order{}, l.at); d.Do != DoNothing {
					t.Errorf("what is asked now: %+v", d)
				}
				l.ask(wishes()[kind])
				if d := l.r.DecideRequest(l.o, Order{}, l.at); d.Request.Version != 2 || d.Request.Ref != "ref" {
					t.Errorf("the next one is %+v", d.Request)
				}
			})
		}
	}
}

// A change of a submitted order is made once the carrier has the request that says it.
func TestChangeOfASubmittedOrder(t *testing.T) {
	for kind, made := range map[WishKind]func(Order) bool{
		WishDate:       func(o Order) bool { return o.Details.Desired == "2027-03-25" },
		WishCorrection: func(o Order) bool { return o.Details.PIN == NewSecret("CANARY-PIN-1111") },
		WishRemoval:    func(o Order) bool { return len(o.Active()) == 2 },
	} {
		t.Run(string(kind), func(t *testing.T) {
			l := brought(t, Submitted).do(Await{By: system, For: WaitAnswer, Token: NewSecret("token")}).ask(wishes()[kind])
			if l.o.Wait.Outcome != OutRefused || !slices.Contains(l.last().Effects, ResumeWait) {
				t.Errorf("the machine is told %q, effects %v", l.o.Wait.Outcome, l.last().Effects)
			}
			d := l.r.DecideRequest(l.o, Order{}, l.at)
			if d.Request.Sup != SupOther || kind == WishDate && d.Request.Date != "2027-03-25" || kind == WishRemoval && len(l.o.AsAsked().Active()) != 2 {
				t.Errorf("it asks for %+v", d.Request)
			}
			if l.sup(); !made(l.o) || l.lastChange().State != ChangeIsDone || l.o.Status != Submitted || l.lastChange().Was != (Details{}) {
				t.Errorf("after the supplement: %s, %+v", l.o.Status, l.lastChange())
			}
		})
	}
	t.Run("a date while the carrier gives its own", func(t *testing.T) {
		l := brought(t, Submitted).ask(wishes()[WishDate]).do(accepted)
		d := l.r.DecideRequest(l.o, Order{}, l.at)
		if d.Request.Sup != SupDate || d.Request.Date != "2027-03-25" || !slices.Contains(l.last().Effects, StartDriver) {
			t.Fatalf("%+v, effects %v", d, l.last().Effects)
		}
		l.sup().hears(Answer{State: AnswerWaiting}).hears(Answer{State: AnswerAccepted, FOC: "2027-03-25"})
		if l.o.FOC != "2027-03-25" || l.lastChange().State != ChangeIsDone {
			t.Errorf("on %s, %+v", l.o.FOC, l.lastChange())
		}
	})
	t.Run("a toll-free date takes a new request", func(t *testing.T) {
		l := brought(t, Submitted)
		l.o.Kind, l.o.Class, l.o.Tariff.DateChange = TollFree, TollFreePort, 5_00
		l.ask(wishes()[WishDate])
		if !slices.Contains(l.last().Effects, WithdrawRequest) || l.o.Details.Desired != "2027-03-25" {
			t.Fatalf("effects %v, wished %s", l.last().Effects, l.o.Details.Desired)
		}
		if l.last().Charge != 0 || l.lastChange().State != ChangeWithCarrier {
			t.Errorf("charged $%s while the registry has the old request, %+v", l.last().Charge, l.lastChange())
		}
		l.hears(Answer{State: AnswerOver})
		if d := l.r.DecideRequest(l.o, Order{}, l.at); d.Cause != CauseHandOver {
			t.Errorf("what is asked now: %+v", d)
		}
		if l.last().Charge != l.lastChange().Fee || l.last().Charge == 0 || l.lastChange().State != ChangeIsDone {
			t.Errorf("charged $%s, %+v", l.last().Charge, l.lastChange())
		}
	})
	for name, answers := range map[string][]Answer{
		"approves the old request":         {{State: AnswerAccepted, FOC: "2027-03-18", At: now}},
		"has moved the numbers in between": {{State: AnswerCompleted}},
	} {
		t.Run("a toll-free date costs nothing if the registry "+name, func(t *testing.T) {
			l := brought(t, Submitted)
			l.o.Kind, l.o.Class, l.o.Tariff.DateChange = TollFree, TollFreePort, 5_00
			l.ask(wishes()[WishDate])
			for _, a := range answers {
				l.hears(a)
			}
			if l.o.ChangeFees != 0 || l.lastChange().State != ChangeOvertaken {
				t.Errorf("%s, charged $%s, %+v", l.o.Status, l.o.ChangeFees, l.lastChange())
			}
		})
	}
}

// A cancellation ends the order when the carrier confirms it; a port that went through all the same is told as that.
func TestCancellation(t *testing.T) {
	for _, s := range []Status{Submitted, Accepted} {
		for name, tc := range map[string]struct {
			then   []Answer
			status Status
			state  ChangeState
			charge Money
			holds  int
		}{
			"confirmed":                       {[]Answer{{State: AnswerWaiting}, {State: AnswerOver}}, HardCanceled, ChangeIsDone, 2500, 0},
			"still considered":                {[]Answer{{State: AnswerWaiting}}, s, ChangeWithCarrier, 0, 3},
			"a date meanwhile":                {[]Answer{{State: AnswerAccepted, FOC: "2027-03-18", At: now}}, Accepted, ChangeWithCarrier, 0, 3},
			"a date meanwhile, and confirmed": {[]Answer{{State: AnswerAccepted, FOC: "2027-03-18", At: now}, {State: AnswerOver}}, HardCanceled, ChangeIsDone, 2500, 0},
			"a refusal meanwhile":             {[]Answer{{State: AnswerRefused, Reasons: []Reason{{Code: ZipMismatch}}}, {State: AnswerOver}}, HardCanceled, ChangeIsDone, 2500, 0},
			"the port was faster":             {[]Answer{{State: AnswerCompleted}}, Completed, ChangeOvertaken, 0, 0},
		} {
			t.Run(fmt.Sprintf("%s,%s", s, name), func(t *testing.T) {
				l := brought(t, s).ask(Wish{Kind: WishCancel})
				if l.o.Status != s || !slices.Contains(l.last().Effects, WithdrawRequest) || !l.o.CancelAsked() {
					t.Fatalf("asked for: %s, effects %v", l.o.Status, l.last().Effects)
				}
				for _, a := range tc.then {
					l.hears(a)
				}
				e := l.last()
				if l.o.Status != tc.status || l.lastChange().State != tc.state || e.Charge != tc.charge || len(l.o.Holds()) != tc.holds {
					t.Errorf("%s, change %s, charged $%s, %d holds", l.o.Status, l.lastChange().State, e.Charge, len(l.o.Holds()))
				}
				if l.o.Status.Terminal() && (l.o.Withdrawing || l.o.Resend != SupNew) {
					t.Errorf("withdrawing %v, supplement %d", l.o.Withdrawing, l.o.Resend)
				}
				moved := slices.ContainsFunc(e.Message.List, func(m Message) bool { return m.Key == MsgMovedAllTheSame })
				if moved != (tc.state == ChangeOvertaken) {
					t.Errorf("the customer is told that the port was faster: %v", moved)
				}
			})
		}
		t.Run(fmt.Sprintf("%s,some numbers have moved before", s), func(t *testing.T) {
			l := brought(t, s).ask(Wish{Kind: WishCancel})
			if s == Submitted {
				l.hears(Answer{State: AnswerAccepted, FOC: "2027-03-18", At: now})
			}
			moved := l.o.Active()[:1]
			l.hears(Answer{State: AnswerAccepted, FOC: l.o.FOC, Moved: moved}).hears(Answer{State: AnswerOver})
			if l.o.Status != Accepted || l.lastChange().State != ChangeOvertaken || l.o.Withdrawing || !slices.Equal(l.o.In(Ported), moved) {
				t.Errorf("%s, change %s, withdrawing %v, moved %v", l.o.Status, l.lastChange().State, l.o.Withdrawing, l.o.In(Ported))
			}
			if _, _, err := l.r.Apply(l.o, ConfirmCancel{By: staff}, l.at); codeOf(err) != WrongStatus {
				t.Errorf("confirmed by our staff: %v", err)
			}
		})
		t.Run(fmt.Sprintf("%s,refused by the carrier", s), func(t *testing.T) {
			l := brought(t, s)
			was := l.r.DecideRequest(l.o, Order{}, l.at)
			l.ask(Wish{Kind: WishCancel}).do(RefuseChange{By: staff, Why: "Too late."})
			if now := l.r.DecideRequest(l.o, Order{}, l.at); l.o.Status != s || l.o.Withdrawing || now.Cause != was.Cause {
				t.Errorf("%s, withdrawing %v, %s; was %s", l.o.Status, l.o.Withdrawing, now.Cause, was.Cause)
			}
		})
		t.Run(fmt.Sprintf("%s,nothing else is asked meanwhile", s), func(t *testing.T) {
			l := brought(t, s).ask(Wish{Kind: WishCancel})
			for _, cmd := range []Command{portAsked, Repair{By: system, Sup: SupOther}, Return{By: system, Reasons: returned.Reasons}} {
				if _, _, err := l.r.Apply(l.o, cmd, l.at); codeOf(err) != Settled && codeOf(err) != WrongStatus {
					t.Errorf("%T: %v", cmd, err)
				}
			}
			if _, err := l.r.PlanChange(l.o, wishes()[WishDate], l.at); codeOf(err) != ChangeOpen {
				t.Errorf("a second change: %v", err)
			}
		})
	}
	t.Run("a person ends it for the customer, once for the fee", func(t *testing.T) {
		l := brought(t, Accepted).ask(Wish{Kind: WishCancel}).do(HardCancel{By: staff, Why: "The carrier agrees."})
		if l.last().Charge != 2500 || l.lastChange().State != ChangeIsDone || !l.o.Withdrawing {
			t.Errorf("charged $%s, change %+v, withdrawing %v", l.last().Charge, l.lastChange(), l.o.Withdrawing)
		}
	})
}

// What only a person can ask of the carrier is on a list of the desk until it is answered.
func TestAChangeByOurStaffIsDeskWork(t *testing.T) {
	for name, end := range map[string]struct {
		cmd   Command
		state ChangeState
	}{
		"the carrier gives the date":                               {MoveFOC{By: peer, FOC: "2027-03-12", At: now}, ChangeIsDone},
		"the carrier moves the date later for a reason of its own": {MoveFOC{By: peer, FOC: "2027-03-19", At: now}, ChangeWithStaff},
		"the carrier agrees":                                       {FinishChange{By: staff}, ChangeIsDone},
		"the carrier does not agree":                               {RefuseChange{By: staff, Why: "No one works that day."}, ChangeIsRefused},
		"the numbers move meanwhile":                               {Complete{By: peer}, ChangeOvertaken},
		"the carrier loses the order":                              {LoseFOC{By: peer}, ChangeOvertaken},
	} {
		t.Run(name, func(t *testing.T) {
			l := brought(t, Accepted)
			l.r.ExpediteFee = 7500
			l.ask(wishes()[WishExpedite])
			queues := func() []Queue {
				var all []Queue
				for _, w := range l.r.Waits(l.o) {
					all = append(all, w.Queue)
				}
				return all
			}
			if !slices.Contains(queues(), QueueChange) || l.o.Due[QueueChange.Due()].IsZero() {
				t.Fatalf("it is on %v", queues())
			}
			if l.do(end.cmd); slices.Contains(queues(), QueueChange) != end.state.Open() || l.lastChange().State != end.state {
				t.Errorf("it is on %v, change %s", queues(), l.lastChange().State)
			}
			if charged := l.last().Charge == 7500; charged != (end.state == ChangeIsDone) {
				t.Errorf("charged $%s", l.last().Charge)
			}
		})
	}
}

// A rejected order takes fewer and more numbers; the added ones have to be signed for and paid for.
func TestNumbersOfARejectedOrder(t *testing.T) {
	l := brought(t, Rejected).ask(wishes()[WishAddition])
	if l.last().Charge != 750 || l.o.PortFee != 4*750 || len(l.o.Active()) != 4 || len(l.o.Holds()) != 4 {
		t.Errorf("charged $%s, in all $%s, %d numbers, %d holds", l.last().Charge, l.o.PortFee, len(l.o.Active()), len(l.o.Holds()))
	}
	if _, _, err := l.r.Apply(l.o, Resubmit{By: customer}, l.at); codeOf(err) != SignatureNeeded {
		t.Errorf("it is sent unsigned: %v", err)
	}
	l.do(signed)
	l = brought(t, Rejected).ask(wishes()[WishRemoval]).do(Resubmit{By: customer})
	if len(l.o.Active()) != 2 || l.o.Status != Review {
		t.Errorf("%d numbers, %s", len(l.o.Active()), l.o.Status)
	}
}

// The fee is the one that was accepted, to the cent.
func TestChangeFeeIsAccepted(t *testing.T) {
	l := brought(t, Accepted)
	for _, fee := range []Money{0, 2499, 2501} {
		if _, _, err := l.r.Apply(l.o, AskChange{By: customer, Wish: Wish{Kind: WishCancel}, Fee: fee}, l.at); !slices.Equal(faultsOf(err), []string{"accept_fee not_allowed"}) {
			t.Errorf("$%s: %v", fee, err)
		}
	}
	l.o.Tariff.Cancel = 9900
	if p, err := l.r.PlanChange(l.o, Wish{Kind: WishCancel}, l.at); p.Fee != 9900 {
		t.Errorf("by the tariff: $%s, %v", p.Fee, err)
	}
}

// The last safe time is by the carrier's own days where they are known, and by its cut-off.
func TestLastChange(t *testing.T) {
	l := brought(t, Accepted) // Tuesday, March 16
	for days, want := range map[int]string{0: "2027-03-12T21:00:00Z", 1: "2027-03-15T20:00:00Z", 3: "2027-03-11T21:00:00Z"} {
		l.o.Own.ChangeDays = days
		if got := l.r.LastChange(l.o).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%d days: %s, want %s", days, got, want)
		}
	}
}

// Every kind is in the table, for each stage.
func TestChangeTableIsWhole(t *testing.T) {
	kinds := slices.Sorted(maps.Keys(changeWays))
	if !slices.Equal(kinds, slices.Sorted(slices.Values(WishKinds()))) {
		t.Errorf("kinds %v", kinds)
	}
	for kind, row := range changeWays {
		for at := stageDraft; at <= stageReviewed; at++ {
			if way, ok := row[at]; !ok || noWay[way] == "" && !slices.Contains(ChangeWays(), way) {
				t.Errorf("%s at stage %d: %q", kind, at, way)
			}
		}
	}
}
