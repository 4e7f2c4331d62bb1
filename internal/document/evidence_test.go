package document

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
	"portway/internal/storetest"
)

// contested is an order whose carrier has refused it against its own record, and the events of that.
func contested() (porting.Order, []porting.Event) {
	o := storetest.FullOrder("4503605600001")
	at := storetest.Now
	o.Objection = porting.Objection{State: porting.ObjectionRaised, Class: porting.SimpleWireline,
		Reasons: []porting.ReasonCode{porting.NameMismatch, porting.AccountUnpaid}, PON: "pw-4503605600001-1", Opened: at,
		Step: "fcc_informal", Asked: at.Add(200 * time.Hour)}
	event := func(kind porting.EventKind, m porting.Message, reasons ...porting.Reason) porting.Event {
		return porting.Event{Order: o.ID, Kind: kind, At: at, Message: m, Reasons: reasons}
	}
	return o, []porting.Event{
		event(porting.Refused, porting.Say(porting.MsgRefused), porting.Reason{Code: porting.NameMismatch, Raw: "7404", Said: "NAME"},
			porting.Reason{Code: porting.AccountUnpaid, Raw: "ACCT-778812", Said: "balance of account 778812"}),
		event(porting.ObjectionTold, porting.Say(porting.MsgObjectionSent, "step", "port_center")),
		event(porting.Escalated, porting.Say(porting.MsgObjectionEscalated, "step", "supervisor")),
		event(porting.Corrected, porting.Say(porting.MsgFieldChanged, "before", "CANARY BEFORE", "after", "CANARY AFTER")),
	}
}

// The pack of evidence has what a complaint needs, and no value of the account.
func TestEvidence(t *testing.T) {
	o, events := contested()
	rules := storetest.Rules(t)
	pack, err := Evidence(rules, o, events)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Evidence(rules, o, events); err != nil || !bytes.Equal(again, pack) {
		t.Errorf("the same order makes other bytes (%v)", err)
	}
	text := strings.Join(strings.Fields(read(t, pack)), " ")
	for _, want := range []string{"4503605600001", "simple wireline", "Name mismatch", "47 CFR 52.36(a)", "47 CFR 52.34(a)",
		"7404", "P1", "supervisor of the carrier", "SHA-256 d1", "LOA signed"} {
		if !strings.Contains(text, want) {
			t.Errorf("the pack lacks %q:\n%s", want, text)
		}
	}
	d := o.Details
	for _, value := range []string{"778812", "CANARY", "ADA LOVELACE", "500 PIKE ST", d.BillingName, d.Street, d.Company} {
		if value != "" && strings.Contains(text, value) {
			t.Errorf("the pack shows %q", value)
		}
	}
}
