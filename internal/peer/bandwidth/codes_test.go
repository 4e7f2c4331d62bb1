package bandwidth

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"portway/internal/porting"
)

// elsewhere are the reasons of the table that no code of this peer gives, each with its source.
var elsewhere = map[porting.ReasonCode]string{
	porting.InsufficientFunds: "our check, before anything is sent",
	porting.DuplicateTN:       "our hold on a number, at create",
	porting.RemovedOnRequest:  "our customer, who takes a number off the order",
	porting.LostDispute:       "our decision of a dispute between two accounts",
	porting.Unmapped:          "our staff",
	porting.ImproperReject:    "our staff",
	porting.LOAExpired:        "our check, and the toll-free registry",
	porting.LOAIllegible:      "the toll-free registry",
	porting.LOASuperseded:     "the toll-free registry",
	porting.LOATNMissing:      "the toll-free registry",
	porting.RespOrgMismatch:   "the toll-free registry",
	porting.TFShared:          "the toll-free registry",
	porting.ROCOverdue:        "the toll-free registry's silence",
	porting.ROCExpired:        "the toll-free registry",
	porting.BillStale:         "a carrier's words",
	porting.LSRNotReceived:    "a carrier's words",
	porting.SnapbackExpired:   "a carrier's words",
	porting.PortUndone:        "the state SNAPBACK",
}

// Every row of the table is whole, its reasons are in the table of reasons, and what is ours is never the customer's.
// The other way round, each reason is given by a code, or it is said who gives it.
func TestCodes(t *testing.T) {
	families := strings.Fields("port-in-onnet port-in-offnet validation tollfree activation csr loa-file " +
		"subscription bulk port-out")
	kinds := []kind{stops, informs, ourAccount, ourMessage}
	actors := strings.Fields("customer carrier us peer-support retry nobody")
	given := map[porting.ReasonCode]bool{}
	n := 0
	for code, rows := range codes() {
		n++
		for i, row := range rows {
			at := code + " " + row.words
			switch {
			case !codeForm.MatchString(code), row.meaning == "", !slices.Contains(families, row.family),
				!slices.Contains(kinds, row.kind), !slices.Contains(actors, row.actor):
				t.Errorf("%s: %+v", at, row)
			case row.words != strings.ToLower(row.words), (row.words == "") != (i == len(rows)-1):
				t.Errorf("%s: the words %q at place %d are not in small letters, or the row for all other texts is not the last",
					at, row.words, i)
			case row.kind != informs && !row.byWords && len(row.reasons) == 0:
				t.Errorf("%s stops something for no reason", at)
			}
			for _, reason := range row.reasons {
				info := reason.Info()
				given[reason] = true
				if info.Code != reason {
					t.Errorf("%s: no reason %s", at, reason)
				}
				if (row.kind == ourAccount || row.kind == ourMessage) && info.Fix != porting.ByStaff {
					t.Errorf("%s is ours, and %s is put right by %s", at, reason, info.Fix)
				}
			}
		}
	}
	for _, row := range porting.Reasons {
		switch _, other := elsewhere[row.Code]; {
		case !given[row.Code] && !other:
			t.Errorf("no code gives %s", row.Code)
		case given[row.Code] && other:
			t.Errorf("%s is given by a code after all", row.Code)
		}
	}
	if n != 972 {
		t.Errorf("%d codes", n)
	}
}

// Each published code means its row: as information it leaves an order in EXCEPTION waiting, else it gives the row's
// reasons.
func TestEveryCodeInAnException(t *testing.T) {
	for code, rows := range codes() {
		for _, row := range rows {
			text := "words of the peer"
			if row.words != "" {
				text = "words with " + row.words + " in them"
			}
			a := read(t, `<ProcessingStatus>EXCEPTION</ProcessingStatus><Errors><Code> `+code+`
				</Code><Description>`+text+`</Description></Errors>`)
			want := row.reasons
			if row.byWords {
				want = []porting.ReasonCode{porting.OtherReason}
			}
			if row.kind == informs {
				if a.State != porting.AnswerWaiting || len(a.Reasons) != 0 {
					t.Errorf("%s %s is information: %+v", code, row.words, a)
				}
				continue
			}
			var got []porting.ReasonCode
			for _, r := range a.Reasons {
				got = append(got, r.Code)
				if r.Raw != code {
					t.Errorf("%s became %s", code, r.Raw)
				}
			}
			if a.State != porting.AnswerRefused || !slices.Equal(got, want) {
				t.Errorf("%s %s: %s for %v, want %v", code, row.words, a.State, got, want)
			}
		}
	}
}

// The words decide between the meanings of one code, and where a text is the carrier's own; elsewhere they are not
// read. The texts are those of the published lists.
func TestCodesByTheirTexts(t *testing.T) {
	for _, c := range []struct {
		code, text string
		want       porting.ReasonCode
	}{
		{"7402", "Order is being rejected at this time for address mismatch.", porting.AddressMismatch},
		{"7402", "Order is being rejected at this time for address (zip code) mismatch.", porting.ZipMismatch},
		{"7402", "", porting.AddressMismatch},
		{"7434", "The migration indicator (full or partial port) on this order has been incorrectly chosen.",
			porting.PortTypeIncorrect},
		{"7434", "The Billing Telephone Number (BTN) of this order is porting, but there are remaining services.",
			porting.BTNRemaining},
		{"7420", "The losing carrier has rejected this order for illegible fax / non-portable number.", porting.PortFreeze},
		{"6321", "Account past due. (01805)", porting.PeerDenied},
		{"6323", "Account past due and over its limit (01807)", porting.PeerDenied},
		{"6566", "The ZIP may differ; if the number is resold, tell us the reseller. (LNP149J)", porting.ZipMismatch},
		{"6214", "Name entered does not match. (01173)", porting.NameMismatch},
		{"6125", "the end user has an unpaid balance (01140)", porting.AccountUnpaid},
		{"6125", "see ticket", porting.OtherReason},
		{"7417", "", porting.OtherReason},
		{"7407", "The wireless AccountNumber cannot be changed after order submission for automated off-net port-ins.",
			porting.LateChangeRefused},
		{"7407", "Order is being rejected at this time for pending order.", porting.PendingOrder},
		{"7404", "Error: name field is missing.", porting.OurRequest},
		{"7421", "All ported numbers on an order need to be from the same carrier.", porting.DifferentCarriers},
		{"7422", "The LocalOrderUpdate query parameter is restricted to Bandwidth internal users only.", porting.OurRequest},
		{"7348", "The order is already complete", porting.OrderDone},
		{"7999", "An internal error has occurred. Please contact support.", porting.CarrierBusy},
		{"7999", "E37 TN not found in PPS (PPS)", porting.OtherReason},
		{"7999", "7999: E17A account number wrong", porting.AccountMismatch},
		{"7999", "6C nothing agrees", porting.AllDataMismatch},
		{"9999", "address wrong [8D], balance due", porting.OtherReason}, // nobody has published it
		{"07401", "account number", porting.OtherReason},                 // another code than 7401
	} {
		t.Run(fmt.Sprint(c.code, " ", c.want), func(t *testing.T) {
			if got := (fault{code: c.code, text: c.text}).reasons(); len(got) != 1 || got[0] != c.want {
				t.Errorf("%q is %v, want %s", c.text, got, c.want)
			}
		})
	}
	if f := (fault{code: "7999", text: "E37 TN not found in PPS (PPS)"}); f.passes() {
		t.Error("a carrier's reject under the unspecific code passes")
	}
}

// Information beside a refusal is left out; information alone leaves the order waiting.
func TestInformationBesideErrors(t *testing.T) {
	for _, c := range []struct {
		name, body string
		state      porting.AnswerState
		raw        string
	}{
		{"others of the order are at fault", `<Errors><Code>7423</Code></Errors><Errors><Code>7401</Code></Errors>`,
			porting.AnswerRefused, "7401"},
		{"only others are", `<Errors><Code>7423</Code></Errors>`, porting.AnswerWaiting, ""},
		{"the generic error beside a real one", `<Errors><Code>0000</Code><Description>Generic Error</Description></Errors>` +
			`<Errors><Code>7205</Code></Errors>`, porting.AnswerRefused, "7205"},
		{"the partner goes on without us", `<Errors><Code>6469</Code></Errors><Errors><Code>6579</Code></Errors>`,
			porting.AnswerWaiting, ""},
		{"no error at all", ``, porting.AnswerRefused, "EXCEPTION"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := read(t, `<ProcessingStatus>EXCEPTION</ProcessingStatus>`+c.body)
			raw := ""
			if len(a.Reasons) > 0 {
				raw = a.Reasons[0].Raw
			}
			if a.State != c.state || raw != c.raw || len(a.Reasons) > 1 {
				t.Errorf("%+v", a)
			}
		})
	}
	if a := read(t, `<ProcessingStatus>EXCEPTION</ProcessingStatus><Errors><Code>6543</Code><Description>both `+
		`(LNP0250)</Description></Errors>`); len(a.Reasons) != 2 ||
		a.Reasons[0].Code != porting.NameMismatch || a.Reasons[1].Code != porting.AddressMismatch {
		t.Errorf("two reasons at once: %+v", a)
	}
}

// The page about the wire counts the rows of the table by family and by who resolves them.
func TestPageCountsTheCodes(t *testing.T) {
	page, err := os.ReadFile("../../../infra/docs/wire-locals.md")
	if err != nil {
		t.Fatal(err)
	}
	actors := strings.Fields("customer carrier us peer-support retry nobody")
	count, families, kinds := map[string]int{}, map[string]bool{}, map[kind]int{}
	for _, rows := range codes() {
		for _, row := range rows {
			families[row.family] = true
			kinds[row.kind]++
			for _, family := range []string{row.family, "all"} {
				count[family+row.actor]++
				count[family]++
			}
		}
	}
	for _, family := range append(slices.Sorted(maps.Keys(families)), "all") {
		want := "| " + family
		for _, actor := range actors {
			want += fmt.Sprintf(" | %d", count[family+actor])
		}
		if want += fmt.Sprintf(" | %d |\n", count[family]); !strings.Contains(string(page), want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	want := fmt.Sprintf("%d are refusals, %d information that stops nothing, %d about our account at the peer, %d about "+
		"our own message",
		kinds[stops], kinds[informs], kinds[ourAccount], kinds[ourMessage])
	if !strings.Contains(string(page), want) {
		t.Errorf("the page does not say %q", want)
	}
}
