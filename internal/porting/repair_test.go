package porting

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

// taxonomy are the codes of the taxonomy D1 to D8, by row.
func taxonomy(t *testing.T) [][]ReasonCode {
	t.Helper()
	raw, err := os.ReadFile("testdata/reasons.txt")
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]ReasonCode
	for line := range strings.Lines(string(raw)) {
		var row []ReasonCode
		for code := range strings.FieldsSeq(line) {
			row = append(row, ReasonCode(code))
		}
		rows = append(rows, row)
	}
	return rows
}

// The table of reasons has every code of the taxonomy, once, and for each a word for everybody.
func TestReasons(t *testing.T) {
	seen := map[ReasonCode]bool{}
	for _, r := range Reasons {
		if seen[r.Code] {
			t.Errorf("%s stands twice", r.Code)
		}
		seen[r.Code] = true
		if r.Title == "" || r.Fix == "" || r.Scope == "" {
			t.Errorf("%s has an empty column", r.Code)
		}
		for _, text := range []string{r.Meaning, r.Do} {
			if !isSentence(text) {
				t.Errorf("%s: %q is no sentence", r.Code, text)
			}
		}
		for _, f := range r.Fields {
			if !slices.Contains(DetailFields(), f) {
				t.Errorf("%s names the field %q, which is none", r.Code, f)
			}
		}
		for _, repair := range r.Repairs {
			if i := slices.IndexFunc(repairs, func(row repairRow) bool { return row.kind == repair }); i < 0 || repairs[i].limit == 0 {
				t.Errorf("%s: the repair %q has no limit", r.Code, repair)
			}
			if repair == NextDate && !r.Date() || repair == StartOver && r.Sup != NewRequest || repair == OtherPeer && r.Sup != NewRequest {
				t.Errorf("%s needs %q, and its repair is %q", r.Code, r.Sup, repair)
			}
		}
		// Money and another order of the customer's own are put right beside this order.
		beside := slices.Contains([]ReasonCode{InsufficientFunds, "TN_ALREADY_PORTING", "DUPLICATE_TN", LostDispute}, r.Code)
		if r.Fix == ByCustomer && len(r.Fields)+len(r.Papers) == 0 && !beside {
			t.Errorf("%s: what does the customer put right?", r.Code)
		}
		if r.Fix == ByCarrier && !strings.Contains(strings.ToLower(r.Do), "carrier") && !slices.Contains([]ReasonCode{"ACCOUNT_SUSPENDED", "RESPORG_PROTECTED"}, r.Code) {
			t.Errorf("%s: what does the carrier do? %s", r.Code, r.Do)
		}
		if r.Ends() && r.Fix == ByCustomer {
			t.Errorf("%s ends the number and is the customer's to cure", r.Code)
		}
	}
	rows := taxonomy(t)
	if len(rows) != 74 {
		t.Errorf("%d rows in the taxonomy", len(rows))
	}
	for _, row := range rows {
		for _, code := range row {
			if !seen[code] {
				t.Errorf("no row for %s", code)
			}
		}
	}
	if got := ReasonCode("NEVER_HEARD").Info().Code; got != OtherReason {
		t.Errorf("an unknown code has the row of %s", got)
	}
}

// isSentence says that s begins with a capital, has a few words and ends with a full stop.
func isSentence(s string) bool {
	return len(strings.Fields(s)) >= 3 && unicode.IsUpper([]rune(s)[0]) && strings.HasSuffix(s, ".") && strings.TrimSpace(s) == s && !strings.Contains(s, "  ")
}

func refusedOrder() Order {
	return Order{Status: Submitted, Given: Given{Details: details(), Signature: Signature{Name: "Ada Lovelace", At: now.AddDate(0, 0, -1)}}, Numbers: []Number{{TN: "+12065550101"}, {TN: "+12065550102"}, {TN: "+12065550103"}},
		Answers: Answers{Attempts: []Attempt{{Kind: AskPort, Peer: "locals", PON: "P1", State: AnswerRefused}}}}
}

func TestMend(t *testing.T) {
	record := Help{
		Known: map[string]string{"company": "Analytical Engines Inc", "street": "500 PIKE ST", "street2": "STE 2", "zip": "98102-0001", "billing_number": "+12065550199"},
		Form:  []string{"zip"}, Account: NewSecret("REC-1"), Peer: "locals2",
	}
	none := func(o *Order) { o.Details.AutoCorrect = CorrectNone }
	formatting := func(o *Order) { o.Details.AutoCorrect = CorrectFormatting }
	tried := func(kind RepairKind, n int) func(*Order) {
		return func(o *Order) { o.Repairs = map[RepairKind]int{kind: n} }
	}
	listing := func(tns ...string) func(*Order) {
		return func(o *Order) {
			o.Proof = Proof{By: ProofAccount}
			o.Attempts = append([]Attempt{{Kind: AskCSR, State: AnswerReady, Record: Record{Numbers: tns}}}, o.Attempts...)
		}
	}
	numbers := []string{"+12065550101", "+12065550102", "+12065550103"}
	for _, test := range []struct {
		name    string
		reasons []Reason
		change  func(*Order)
		help    Help
		repairs []RepairKind // none: people
		patch   string
		drop    string
		sup     Sup
		after   time.Duration
		peer    string
		stays   Remaining
		// notBefore is the day that is asked for; the customer's wish stays.
		notBefore Date
	}{
		{name: "nothing to cure", help: record},
		{name: "the carrier's ZIP", reasons: []Reason{{Code: ZipMismatch}}, help: record, repairs: []RepairKind{FromCSR}, patch: "zip=98102-0001", sup: SupOther},
		{name: "the form of a ZIP, with the least consent", reasons: []Reason{{Code: ZipMismatch}}, help: record, change: formatting, repairs: []RepairKind{FromCSR}, patch: "zip=98102-0001", sup: SupOther},
		{name: "not without any", reasons: []Reason{{Code: ZipMismatch}}, help: record, change: none},
		{name: "the carrier's address, its unit on a line of its own", reasons: []Reason{{Code: AddressMismatch}}, help: record, repairs: []RepairKind{FromCSR},
			patch: "street2=STE 2 street=500 PIKE ST zip=98102-0001", sup: SupOther},
		{name: "no address within the least consent", reasons: []Reason{{Code: AddressMismatch}}, help: Help{Known: map[string]string{"street": "9 Elm Rd"}}, change: formatting},
		{name: "no post office box, whoever has it on file", reasons: []Reason{{Code: AddressInvalid}}, help: Help{Known: map[string]string{"street": "PO Box 12"}}},
		{name: "the carrier's name is the customer's to sign", reasons: []Reason{{Code: NameMismatch}}, help: record},
		{name: "the carrier's spelling of the name", reasons: []Reason{{Code: NameMismatch}},
			help:    Help{Known: map[string]string{"company": "ANALYTICAL ENGINES"}, Form: []string{"company"}},
			repairs: []RepairKind{FromCSR}, patch: "company=ANALYTICAL ENGINES", sup: SupOther},
		{name: "the main number", reasons: []Reason{{Code: BTNMismatch}}, help: record, repairs: []RepairKind{FromCSR}, patch: "billing_number=+12065550199", sup: SupOther},
		{name: "the account number, not in the patch", reasons: []Reason{{Code: AccountMismatch}}, help: record, repairs: []RepairKind{FromCSR}, sup: SupOther},
		{name: "not without a record", reasons: []Reason{{Code: ZipMismatch}}},
		{name: "not when the record says the same", reasons: []Reason{{Code: ZipMismatch}}, help: Help{Known: map[string]string{"zip": "98101"}}},
		{name: "not twice", reasons: []Reason{{Code: ZipMismatch}}, help: record, change: tried(FromCSR, 1)},

		{name: "the next legal date", reasons: []Reason{{Code: "DUE_DATE_TOO_SOON"}}, repairs: []RepairKind{NextDate},
			change: func(o *Order) { o.Details.Desired = "" }, notBefore: "2027-03-10", sup: SupOther},
		{name: "toll-free: two days' lead", reasons: []Reason{{Code: "DUE_DATE_TOO_SOON"}}, repairs: []RepairKind{NextDate},
			change: func(o *Order) { o.Details.Desired, o.Kind = "", TollFree }, notBefore: "2027-03-08", sup: SupOther},
		{name: "after a date it is a supplement of the date", reasons: []Reason{{Code: "FOC_REJECTED"}}, repairs: []RepairKind{NextDate},
			change: func(o *Order) { o.FOC, o.Details.Desired = "2027-03-15", "2027-03-15" }, notBefore: "2027-03-17", sup: SupDate},
		{name: "the last date of the 30 days", reasons: []Reason{{Code: "DUE_DATE_TOO_SOON"}}, repairs: []RepairKind{NextDate},
			change: func(o *Order) { o.Details.Desired = "2027-03-30" }, notBefore: "2027-04-01", sup: SupOther},
		{name: "not the day after it", reasons: []Reason{{Code: "DUE_DATE_TOO_SOON"}}, change: func(o *Order) { o.Details.Desired = "2027-03-31" }},
		{name: "no date beyond 30 days", reasons: []Reason{{Code: "DUE_DATE_TOO_SOON"}}, change: func(o *Order) { o.Details.Desired = "2027-04-01" }},
		{name: "no third date", reasons: []Reason{{Code: "DUE_DATE_TOO_SOON"}}, change: tried(NextDate, 2)},

		{name: "leave the number out", reasons: []Reason{{Code: TNNotFound, Numbers: numbers[1:2]}}, repairs: []RepairKind{DropThem}, drop: "TN_NOT_FOUND [+12065550102]", sup: SupOther},
		{name: "each with its own reason", reasons: []Reason{{Code: "TN_NOT_IN_SERVICE", Numbers: numbers[:1]}, {Code: "TN_ALREADY_OURS", Numbers: numbers[1:2]}},
			repairs: []RepairKind{DropThem}, drop: "TN_NOT_IN_SERVICE [+12065550101]; TN_ALREADY_OURS [+12065550102]", sup: SupOther},
		{name: "not all numbers", reasons: []Reason{{Code: TNNotFound, Numbers: numbers}}},
		{name: "not all numbers, by two reasons", reasons: []Reason{{Code: TNNotFound, Numbers: numbers[:2]}, {Code: "TN_NOT_PORTABLE", Numbers: numbers[2:]}}},
		{name: "one number by two reasons is one", reasons: []Reason{{Code: TNNotFound, Numbers: numbers[:2]}, {Code: "TN_NOT_PORTABLE", Numbers: numbers[:2]}},
			repairs: []RepairKind{DropThem}, drop: "TN_NOT_FOUND [+12065550101 +12065550102]; TN_NOT_PORTABLE [+12065550101 +12065550102]", sup: SupOther},
		{name: "not when it does not say which", reasons: []Reason{{Code: TNNotFound}}},
		{name: "not a number of another order", reasons: []Reason{{Code: TNNotFound, Numbers: []string{"+12065559999"}}}},
		{name: "not one that is left out already", reasons: []Reason{{Code: TNNotFound, Numbers: numbers[:1]}}, change: func(o *Order) { o.Numbers[0].State = Excluded }},

		{name: "the letter again", reasons: []Reason{{Code: "LOA_ILLEGIBLE"}}, repairs: []RepairKind{SendLOA}, sup: SupOther},
		{name: "not a letter that is too old", reasons: []Reason{{Code: "LOA_REQUIRED"}}, change: func(o *Order) { o.Signature.At = now.AddDate(0, 0, -31) }},
		{name: "not a third letter", reasons: []Reason{{Code: "LOA_TN_MISSING"}}, change: tried(SendLOA, 1)},
		{name: "an expired letter is the customer's", reasons: []Reason{{Code: LOAExpired}}},

		{name: "try later", reasons: []Reason{{Code: "CARRIER_BUSY"}}, repairs: []RepairKind{TryLater}, sup: SupOther, after: 24 * time.Hour},
		{name: "later and later", reasons: []Reason{{Code: "PENDING_ORDER"}}, change: tried(TryLater, 4), repairs: []RepairKind{TryLater}, sup: SupOther, after: 120 * time.Hour},
		{name: "not for ever", reasons: []Reason{{Code: "PENDING_ORDER"}}, change: tried(TryLater, 5)},
		{name: "a new request", reasons: []Reason{{Code: "PEER_CANCELLED"}}, repairs: []RepairKind{StartOver}, sup: SupNew},
		{name: "to the right RespOrg", reasons: []Reason{{Code: "RESPORG_MISMATCH"}}, repairs: []RepairKind{StartOver}, sup: SupNew},
		{name: "after ten days at the registry", reasons: []Reason{{Code: "ROC_EXPIRED"}}, repairs: []RepairKind{StartOver}, sup: SupNew},

		{name: "the whole request once more", reasons: []Reason{{Code: "LSR_FIELD_MISSING"}}, help: record, repairs: []RepairKind{SendWhole}, sup: SupOther},
		{name: "with what it lacked", reasons: []Reason{{Code: "LSR_FIELD_MISSING"}}, help: record, change: func(o *Order) { o.Details.BillingNumber = "" },
			repairs: []RepairKind{SendWhole}, patch: "billing_number=+12065550199", sup: SupOther},
		{name: "not a third time", reasons: []Reason{{Code: "LSR_FIELD_MISSING"}}, change: tried(SendWhole, 1)},
		{name: "the rest stays", reasons: []Reason{{Code: "REMAINING_SERVICE_UNSPECIFIED"}}, repairs: []RepairKind{KeepRest}, sup: SupOther, stays: Remaining{Active: true}},
		{name: "that was said already", reasons: []Reason{{Code: "REMAINING_SERVICE_UNSPECIFIED"}}, change: func(o *Order) { o.Remaining.Active = true }},
		{name: "a number that stays is the main one", reasons: []Reason{{Code: "BTN_REMAINING"}}, change: listing("+12065550101", "+12065550177", "+12065550178"),
			repairs: []RepairKind{NewMain}, sup: SupOther, stays: Remaining{true, "+12065550177"}},
		{name: "also the first of the record", reasons: []Reason{{Code: "BTN_REMAINING"}}, change: listing("+12065550177", "+12065550101"),
			repairs: []RepairKind{NewMain}, sup: SupOther, stays: Remaining{true, "+12065550177"}},
		{name: "not of an unproven order", reasons: []Reason{{Code: "BTN_REMAINING"}}, change: func(o *Order) {
			listing("+12065550177", "+12065550101")(o)
			o.Proof = Proof{}
		}},
		{name: "not without full consent", reasons: []Reason{{Code: "BTN_REMAINING"}}, change: func(o *Order) {
			listing("+12065550177")(o)
			o.Details.AutoCorrect = CorrectAddress
		}},
		{name: "the record knows none that stays", reasons: []Reason{{Code: "BTN_REMAINING"}}, change: listing("+12065550101")},
		{name: "a request that takes no change is replaced", reasons: []Reason{{Code: "LATE_CHANGE_REFUSED", Raw: FrozenRequest}}, repairs: []RepairKind{Replace}, sup: SupNew},
		{name: "not for a moment that is too late", reasons: []Reason{{Code: "LATE_CHANGE_REFUSED", Raw: "7301"}}},

		{name: "another peer", reasons: []Reason{{Code: "PEER_DENIED"}}, help: record, repairs: []RepairKind{OtherPeer}, sup: SupNew, peer: "locals2"},
		{name: "there is none", reasons: []Reason{{Code: "PEER_DENIED"}}},
		{name: "not one that has refused", reasons: []Reason{{Code: "PEER_DENIED"}}, help: record,
			change: func(o *Order) {
				o.Attempts = append([]Attempt{{Kind: AskPort, Peer: "locals2", State: AnswerDenied}}, o.Attempts...)
			}},
		{name: "the numbers that one peer can't serve, where there is no other", reasons: []Reason{{Code: NoCoverage, Numbers: numbers[:1]}}, repairs: []RepairKind{DropThem},
			drop: "NO_COVERAGE [+12065550101]", sup: SupOther},
		{name: "rather another peer than fewer numbers", reasons: []Reason{{Code: NoCoverage, Numbers: numbers[:1]}}, help: record, repairs: []RepairKind{OtherPeer}, sup: SupNew, peer: "locals2"},
		{name: "a carrier's rejection is the same with any peer", reasons: []Reason{{Code: "PORT_FREEZE"}}, help: record},

		{name: "two reasons, one request", reasons: []Reason{{Code: ZipMismatch}, {Code: "CARRIER_BUSY"}}, help: record, repairs: []RepairKind{FromCSR, TryLater},
			patch: "zip=98102-0001", sup: SupOther, after: 24 * time.Hour},
		{name: "one reason for people leaves all to them", reasons: []Reason{{Code: ZipMismatch}, {Code: "PIN_INVALID"}}, help: record},
		{name: "an unknown reason is for people", reasons: []Reason{{Code: "NEVER_HEARD"}}, help: record},
		{name: "silence is the status check's", reasons: []Reason{{Code: "CARRIER_NO_RESPONSE"}}, help: record},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := refusedOrder()
			o.Reasons = test.reasons
			if test.change != nil {
				test.change(&o)
			}
			m, ok := rules(t).FindRepair(o, test.help, now)
			if ok != (test.repairs != nil) {
				t.Fatalf("%v (%v), want %v", ok, m.Repairs, test.repairs)
			}
			if !ok {
				return
			}
			var patch, drop []string
			for k, v := range m.Patch {
				patch = append(patch, k+"="+v)
			}
			slices.Sort(patch)
			for _, d := range m.Drop {
				drop = append(drop, fmt.Sprintf("%s %v", d.Code, d.Numbers))
			}
			got := fmt.Sprint(m.Repairs, patch, m.Sup, m.After, m.Peer, strings.Join(drop, "; "), m.NotBefore)
			want := fmt.Sprint(test.repairs, strings.Fields(test.patch), test.sup, test.after, test.peer, test.drop, test.notBefore)
			if strings.ReplaceAll(got, "=", " ") != strings.ReplaceAll(want, "=", " ") {
				t.Errorf("%s, want %s", got, want)
			}
			o, events, err := rules(t).Apply(o, m, now)
			if err != nil {
				t.Fatal(err)
			}
			port, _ := o.Last(AskPort)
			if port.State == AnswerRefused || len(o.Reasons) != 0 || !events[0].Comment {
				t.Errorf("after the repair the request is %s, reasons %v", port.State, o.Reasons)
			}
			if o.Remaining != test.stays {
				t.Errorf("of what stays the request says %+v, want %+v", o.Remaining, test.stays)
			}
			if test.peer != "" && (port.Peer != test.peer || !port.Sent.IsZero() || !slices.Equal(o.Denied(), []string{"locals"}) || events[0].Message.Args["to"] != test.peer) {
				t.Errorf("the order goes to %v, denied by %v: %v", port.Peer, o.Denied(), events[0].Message)
			}
			if test.reasons[0].Code == AccountMismatch && o.Details.ProviderAccount.Reveal() != "REC-1" {
				t.Error("the account number was not taken")
			}
		})
	}
}

// Whatever is refused for whatever reasons, and however often: a repair leaves a number on the order, keeps to its limits, asks
// for no date that may not be asked for, and changes nothing that the customer has not allowed.
func TestMendNeverGoesTooFar(t *testing.T) {
	r := rules(t)
	fields := DetailFields()
	rapid.Check(t, func(t *rapid.T) {
		o := refusedOrder()
		o.Details.AutoCorrect = rapid.SampledFrom([]Consent{"", CorrectNone, CorrectFormatting, CorrectAddress, CorrectAll}).Draw(t, "consent")
		o.Kind = rapid.SampledFrom([]Kind{Local, TollFree}).Draw(t, "kind")
		o.Details.Desired = rapid.SampledFrom([]Date{"", "2027-02-01", "2027-03-15", "2027-04-01"}).Draw(t, "desired")
		h := Help{Known: rapid.MapOf(rapid.SampledFrom(fields), rapid.SampledFrom([]string{"", "X", "PO Box 1"})).Draw(t, "known"),
			Form: rapid.SliceOf(rapid.SampledFrom(fields)).Draw(t, "form"), Account: NewSecret(rapid.SampledFrom([]string{"", "REC-1"}).Draw(t, "account")),
			Peer: rapid.SampledFrom([]string{"", "locals", "locals2"}).Draw(t, "peer")}
		for range 12 {
			o.Reasons = nil
			for range rapid.IntRange(1, 3).Draw(t, "reasons") {
				o.Reasons = append(o.Reasons, Reason{Code: rapid.SampledFrom(Reasons).Draw(t, "reason").Code,
					Numbers: rapid.SliceOfN(rapid.SampledFrom([]string{"+12065550101", "+12065550102", "+12065550103", "+12065559999"}), 0, 4).Draw(t, "numbers")})
			}
			before := o
			m, ok := r.FindRepair(o, h, now)
			if !ok {
				continue
			}
			for i := range m.SplitOff {
				m.SplitOff[i].ID = "9"
			}
			after, _, err := r.Apply(o, m, now)
			if err != nil {
				t.Fatalf("%v: %v", o.Reasons, err)
			}
			if len(after.Active()) == 0 {
				t.Fatalf("%v leave no number", o.Reasons)
			}
			for _, row := range repairs {
				if after.Repairs[row.kind] > row.limit {
					t.Fatalf("%s for the %dth time", row.kind, after.Repairs[row.kind])
				}
			}
			for _, name := range fields {
				was, _ := before.Details.Get(name)
				is, _ := after.Details.Get(name)
				switch {
				case was == is || name == "auto_correct" && was == "": // Tidy writes the default out
				case name == "desired_completion_date":
					t.Fatalf("the wish becomes %s", is)
				case !h.allows(o.Details.AutoCorrect, name):
					t.Fatalf("%s changes under consent %q", name, o.Details.AutoCorrect)
				}
			}
			if after.Details.ProviderAccount != before.Details.ProviderAccount && o.Details.AutoCorrect != CorrectAll && !slices.Contains(h.Form, "provider_account") {
				t.Fatalf("the account number changes under consent %q", o.Details.AutoCorrect)
			}
			if d := after.NotBefore; d != before.NotBefore && (d > r.Latest(now, o) || d < r.Earliest(o, now) || d <= before.NotBefore) {
				t.Fatalf("asks for %s after %s", d, before.NotBefore)
			}
			o = after
			o.Attempts[len(o.Attempts)-1].State = AnswerRefused
		}
	})
}

// A request counts as received on the next business day after the cut-off, and the carrier's lead starts there.
func TestEarliest(t *testing.T) {
	for _, test := range []struct {
		name, now string
		o         Order
		want      Date
	}{
		{"before the cut-off", "2027-03-02 12:59", Order{}, "2027-03-08"},
		{"at the cut-off", "2027-03-02 13:00", Order{}, "2027-03-08"},
		{"after it", "2027-03-02 13:01", Order{}, "2027-03-09"},
		{"on a weekend it is Monday's", "2027-03-06 09:00", Order{}, "2027-03-12"},
		{"over Thanksgiving", "2027-11-23 09:00", Order{}, "2027-11-30"},
		{"Canada: two days", "2027-03-02 09:00", Order{Given: Given{Details: Details{Country: "CA"}}}, "2027-03-04"},
		{"toll-free: two days, at any hour", "2027-03-02 23:00", Order{Kind: TollFree}, "2027-03-04"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rules(t).Earliest(test.o, when(t, test.now)); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	r := rules(t)
	r.Holidays = map[string]Calendar{"somos": utc{}}
	if got := r.Earliest(Order{Kind: TollFree}, when(t, "2027-03-05 09:00")); got != "2027-03-07" {
		t.Errorf("the registry's own calendar is not used: %s", got)
	}
}

// The fee for a late cancellation is for a carrier that has had the order, even where another request is about to be sent; a peer
// that did not carry it has not brought it there.
func TestTheCancelFeeIsForACarrierThatHadTheOrder(t *testing.T) {
	sent := Attempt{Kind: AskPort, Peer: "locals", PON: "P1", Planned: now, Sent: now, Ref: "R", State: AnswerWaiting}
	denied := sent
	denied.State = AnswerDenied
	planned := Attempt{Kind: AskPort, Peer: "locals", PON: "P1", Version: 1, Planned: now}
	for name, test := range map[string]struct {
		attempts []Attempt
		want     Money
	}{
		"nothing was sent":                  {[]Attempt{{Kind: AskCSR, Sent: now}, planned}, 0},
		"sent":                              {[]Attempt{sent}, 2500},
		"a change is about to be sent":      {[]Attempt{sent, planned}, 2500},
		"another peer is about to be asked": {[]Attempt{denied, planned}, 0},
		"a record and the order were sent":  {[]Attempt{{Kind: AskCSR, Sent: now}, sent}, 2500},
	} {
		l := brought(t, Submitted)
		l.o.Attempts = test.attempts
		if e := l.do(HardCancel{By: staff, Why: "They stay."}).last(); e.Charge != test.want || l.o.CancelFee != test.want {
			t.Errorf("%s: charged %s, want %s", name, e.Charge, test.want)
		}
	}
}

// A carrier that is silent for longer than it normally takes is chased: by people at the peer, and when that does not help by ours.
func TestSilent(t *testing.T) {
	order := func(change func(*Order)) Order {
		o := Order{Status: Submitted, Answers: Answers{Attempts: []Attempt{{Kind: AskPort, State: AnswerWaiting, Sent: when(t, "2027-03-02 10:00")}}}}
		if change != nil {
			change(&o)
		}
		return o
	}
	for _, test := range []struct {
		name, now string
		change    func(*Order)
		want      Chase
	}{
		{"local, within five business days", "2027-03-09 09:59", nil, NotChased},
		{"local, five business days", "2027-03-09 10:00", nil, ChasedPeer},
		{"toll-free, two", "2027-03-04 10:00", func(o *Order) { o.Kind = TollFree }, ChasedPeer},
		{"a project takes longer", "2027-03-16 10:00", func(o *Order) { o.Numbers = make([]Number, ProjectSize) }, NotChased},
		{"but not for ever", "2027-03-23 10:00", func(o *Order) { o.Numbers = make([]Number, ProjectSize) }, ChasedPeer},
		{"its own habit is faster", "2027-03-05 10:00", func(o *Order) { o.Habit = Habit{20, 1, 2} }, ChasedPeer},
		{"but not before that", "2027-03-05 09:59", func(o *Order) { o.Habit = Habit{20, 1, 2} }, NotChased},
		{"an answer within the hour is expected in two days all the same", "2027-03-03 10:00", func(o *Order) { o.Habit = Habit{20, 0, 0} }, NotChased},
		{"its own habit is slower", "2027-03-11 10:00", func(o *Order) { o.Habit = Habit{20, 4, 7} }, NotChased},
		{"and then it is late", "2027-03-12 10:00", func(o *Order) { o.Habit = Habit{20, 4, 7} }, ChasedPeer},
		{"twice the usual is too late for anybody", "2027-03-16 10:00", func(o *Order) { o.Habit = Habit{20, 10, 10} }, ChasedPeer},
		{"the registry's days are its tariff's", "2027-03-04 10:00", func(o *Order) { o.Kind, o.Habit = TollFree, Habit{20, 4, 7} }, ChasedPeer},
		{"the peer has a while to act", "2027-03-11 08:59", func(o *Order) { o.Repairs, o.Escalated = map[RepairKind]int{Escalate: 1}, when(t, "2027-03-09 09:00") }, NotChased},
		{"then our staff", "2027-03-11 09:00", func(o *Order) { o.Repairs, o.Escalated = map[RepairKind]int{Escalate: 1}, when(t, "2027-03-09 09:00") }, ChasedStaff},
		{"and nobody twice", "2027-03-30 09:00", func(o *Order) { o.Repairs, o.Escalated = map[RepairKind]int{Escalate: 2}, when(t, "2027-03-09 09:00") }, NotChased},
		{"not when it has answered", "2027-03-09 10:00", func(o *Order) { o.Attempts[0].State = AnswerRefused }, NotChased},
		{"not before it has the order", "2027-03-09 10:00", func(o *Order) { o.Attempts[0].Sent = time.Time{} }, NotChased},
		{"not while we are to send again", "2027-03-09 10:00", func(o *Order) { o.Resend = SupOther }, NotChased},
		{"not when there is a date", "2027-03-09 10:00", func(o *Order) { o.Status = Accepted }, NotChased},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rules(t).Silent(order(test.change), when(t, test.now)); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// Another peer has its own time to answer, whatever was asked of the people at the one before.
func TestSilentAtAnotherPeer(t *testing.T) {
	l := brought(t, Submitted)
	l.o.Repairs, l.o.Escalated = map[RepairKind]int{Escalate: int(ChasedStaff)}, l.at
	l.o.Attempts = []Attempt{{Kind: AskPort, Peer: "locals", PON: "P1", Planned: l.at, Sent: l.at, State: AnswerRefused}}
	l.o.Reasons = []Reason{{Code: NoCoverage}}
	m, ok := l.r.FindRepair(l.o, Help{Peer: "locals2"}, l.at)
	if !ok || m.Peer != "locals2" {
		t.Fatalf("%+v", m)
	}
	l.do(m)
	port, _ := l.o.Last(AskPort)
	l.do(MarkSent{By: system, PON: port.PON, Ref: "R2"})
	at := l.at.AddDate(0, 0, 30)
	if got := l.r.Silent(l.o, at); got != ChasedPeer {
		t.Errorf("%v, want %v", got, ChasedPeer)
	}
}

// An agreed day that nobody confirms is chased from the next day on, and a person's after two business days.
func TestMissed(t *testing.T) {
	for _, test := range []struct {
		now          string
		missed, desk bool
	}{
		{"2027-03-12 23:59", false, false}, {"2027-03-13 00:00", true, false}, {"2027-03-15 09:00", true, false}, {"2027-03-16 00:00", true, true},
	} {
		missed, ask := rules(t).Missed(Order{Status: Accepted, Answers: Answers{FOC: "2027-03-12"}}, when(t, test.now))
		if missed != test.missed || ask != test.desk {
			t.Errorf("%s: missed %v, desk %v", test.now, missed, ask)
		}
	}
	if missed, _ := rules(t).Missed(Order{Status: Completed, Answers: Answers{FOC: "2027-03-12"}}, when(t, "2027-03-20 09:00")); missed {
		t.Error("an order that is over has missed nothing")
	}
}

// In the last day before the date a cancellation has to be meant (S-ACC).
func TestHardCancelInTheFreeze(t *testing.T) {
	for _, test := range []struct {
		name   string
		before time.Duration
		cmd    HardCancel
		want   ErrorCode
	}{
		{"a day and a second before", 24*time.Hour + time.Second, HardCancel{By: staff, Why: "Asked for."}, ""},
		{"a day before", 24 * time.Hour, HardCancel{By: staff, Why: "Asked for."}, WrongStatus},
		{"after the date", -time.Hour, HardCancel{By: staff}, WrongStatus},
		{"meant", time.Hour, HardCancel{By: staff, Force: true}, ""},
		{"text is no flag", time.Hour, HardCancel{By: staff, Why: "Forced sale of the business; the owner asks to stop."}, WrongStatus},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Accepted)
			o, _, err := l.r.Apply(l.o, test.cmd, l.o.FOCAt.Add(-test.before))
			if codeOf(err) != test.want || test.want == "" && o.Status != HardCanceled {
				t.Errorf("%v, the order is %s", err, o.Status)
			}
		})
	}
}

// An order whose LOA is more than 30 days old is stopped by the check before sending; an order that was never signed has no
// LOA.
func TestLOAExpired(t *testing.T) {
	r := rules(t)
	for days, want := range map[int]bool{0: false, 30: false, 31: true} {
		o := refusedOrder()
		o.Signature.At = now.AddDate(0, 0, -days)
		if got := r.LOAExpired(o, now); got != want {
			t.Errorf("%d days: %v", days, got)
		}
		if got := slices.ContainsFunc(r.Screen(o, now), func(r Reason) bool { return r.Code == LOAExpired }); got != want {
			t.Errorf("%d days, at the check before sending: %v", days, got)
		}
	}
	if r.LOAExpired(Order{}, now) {
		t.Error("a letter that does not exist is too old")
	}
}
