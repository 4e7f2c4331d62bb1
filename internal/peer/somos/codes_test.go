package somos

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portway/internal/peer"
	"portway/internal/porting"
	simsomos "portway/internal/sim/somos"
)

// elsewhere are the reasons that neither the registry nor a code of the Locals gives, each with its source.
var elsewhere = map[porting.ReasonCode]string{
	porting.InsufficientFunds: "our check, before anything is sent",
	porting.DuplicateTN:       "our hold on a number, at create",
	porting.RemovedOnRequest:  "our customer, who takes a number off the order",
	porting.LostDispute:       "our decision of a dispute between two accounts",
	porting.Unmapped:          "our staff",
	porting.ImproperReject:    "our staff",
	porting.ROCOverdue:        "the registry's silence",
	porting.BillStale:         "a carrier's words",
	porting.LSRNotReceived:    "a carrier's words",
	porting.SnapbackExpired:   "a carrier's words",
	porting.PortUndone:        "a state of the Locals",
}

// fromLocals are the reasons that the codes of the Locals give.
func fromLocals(t *testing.T) map[porting.ReasonCode]bool {
	t.Helper()
	raw, err := os.ReadFile("../bandwidth/codes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	given := map[porting.ReasonCode]bool{}
	for line := range strings.Lines(string(raw)) {
		if col := strings.Split(line, "\t"); len(col) > 6 {
			for _, reason := range strings.Fields(col[6]) {
				given[porting.ReasonCode(reason)] = true
			}
		}
	}
	return given
}

// Every row is whole and stands once, its reason is in the table of reasons, and what is ours is never the customer's.
// The other way round, each reason is given by the registry, by the Locals, or by somebody who is named.
func TestCodes(t *testing.T) {
	origins := []origin{decline, ended, status, holder, refusedBy, ownCheck}
	actors := []string{"customer", "us", "peer-support", "nobody"}
	given := fromLocals(t)
	for i, row := range codes {
		info := row.reason.Info()
		given[row.reason] = true
		switch {
		case row.code == "", row.means == "", !slices.Contains(origins, row.from), !slices.Contains(actors, row.actor),
			!slices.Contains([]kind{stops, ourAccount, ourMessage}, row.kind):
			t.Errorf("%+v is not whole", row)
		case slices.ContainsFunc(codes[:i], func(o code) bool { return o.from == row.from && o.code == row.code }):
			t.Errorf("%s %s stands twice", row.from, row.code)
		case info.Code != row.reason || row.reason == porting.OtherReason:
			t.Errorf("%s %s: no reason %s", row.from, row.code, row.reason)
		case row.kind == ourAccount && info.Fix != porting.ByStaff:
			t.Errorf("%s %s is ours, and %s is put right by %s", row.from, row.code, row.reason, info.Fix)
		case (row.actor == "nobody") != info.Ends():
			t.Errorf("%s %s: nobody can do anything, or %s does not end the number", row.from, row.code, row.reason)
		}
	}
	for _, row := range porting.Reasons {
		switch _, other := elsewhere[row.Code]; {
		case row.Code == porting.OtherReason: // every code that is not here
		case !given[row.Code] && !other:
			t.Errorf("nobody gives %s", row.Code)
		case given[row.Code] && other:
			t.Errorf("%s is given by a code after all", row.Code)
		}
	}
}

// The simulated registry, which has read the list by itself, declines with the codes of the table and with all of them,
// but for what is our own doing (16) or time's (17).
func TestCodesAreTheRegistrys(t *testing.T) {
	var theirs, ours []string
	for _, d := range simsomos.Declines {
		theirs = append(theirs, d.Code)
	}
	for _, row := range codes {
		if row.from == decline && row.code != "16" && row.code != "17" {
			ours = append(ours, row.code)
		}
	}
	if !slices.Equal(theirs, ours) {
		t.Errorf("the registry has %v, the table %v", theirs, ours)
	}
}

// A number's status and holder decide whether it can be ported. A status that is not known is for people.
func TestObstacles(t *testing.T) {
	for _, c := range []struct {
		status, holder text
		want           porting.ReasonCode
	}{
		{"WORKING", "QQ001", ""},
		{"working", "qq001", ""},
		{"ASSIGNED", "QQ001", ""},
		{"RESERVED", "QQ001", ""},
		{"SUSPENDED", "QQ001", ""},
		{"SPARE", "", porting.TFSpare},
		{"Unavailable", "", porting.TFUnavailable},
		{"DISCONNECT", "QQ001", porting.TFDisconnected},
		{"TRANSITIONAL", "QQ001", porting.TFTransitional},
		{"WORKING", "BRDXX", porting.TFDisconnected},
		{"WORKING", "BRD01", porting.TFDisconnected},
		{"WORKING", "BRD99", porting.TFDisconnected},
		{"WORKING", "BRDUP", porting.RespOrgProtected},
		{"WORKING", "BRCUD", porting.RespOrgProtected},
		{"WORKING", "brrcc", porting.RespOrgProtected},
		{"WORKING", "BRDUP", porting.RespOrgProtected},
		{"WORKING", "QQ099", porting.RespOrgProtected},
		{"WORKING", "ZZPW2", porting.TNAlreadyOurs},
		{"WORKING", "ZZ999", porting.TNAlreadyOurs},
		{"WORKING", "", ""},
		{"WORKING", "999", ""},
		{"", "QQ001", porting.OtherReason},
		{"QUARANTINED", "QQ001", porting.OtherReason},
	} {
		if got := (record{Status: c.status, Holder: c.holder}).obstacle("ZZPW1"); got != c.want {
			t.Errorf("%s at %q: %q, want %q", c.status, c.holder, got, c.want)
		}
	}
}

// An error that refuses a call has its row; an unknown one refuses it all the same. Codes that are not in the table are
// counted, those in it are not.
func TestUnknownCodesAreCounted(t *testing.T) {
	for _, c := range []struct {
		body    string
		reason  porting.ReasonCode
		counted string
	}{
		{`{"errList":[{"errCode":"805102","errMsg":"bad","errLvl":"ERROR"}]}`, porting.OurRequest, ""},
		{`{"errList":[{"errCode":"505002","errMsg":"no","errLvl":"ERROR"}]}`, porting.PeerDenied, ""},
		{`{"errList":[{"errCode":"606060","errMsg":"new","errLvl":"ERROR"}]}`, porting.PeerDenied, "606060"},
		{`{"numList":[{"num":"8005550101","status":"DECLINED","rejectReasonList":[{"reason":"02"}]}]}`,
			porting.AddressMismatch, ""},
		{`{"numList":[{"num":"8005550101","status":"PORT_FAILED"}]}`, porting.PeerCancelled, ""},
		{`{"numList":[{"num":"8005550101","status":"DECLINED","rejectReasonList":[{"reason":"13"}]}]}`, porting.OtherReason,
			"13"},
	} {
		var out bytes.Buffer
		before := slog.Default()
		slog.SetDefault(slog.New(slog.NewJSONHandler(&out, nil)))
		answer, err := canned(t, 200, c.body).Read(t.Context(), "A")
		slog.SetDefault(before)
		reasons := answer.Reasons
		if denied, ok := err.(*peer.Denied); ok {
			reasons = denied.Reasons
		} else if err != nil {
			t.Fatal(err)
		}
		if len(reasons) != 1 || reasons[0].Code != c.reason {
			t.Errorf("%s: %+v, want %s", c.body, reasons, c.reason)
		}
		got := ""
		if m := regexp.MustCompile(`"UnknownCode":1,"code":"([^"]*)"`).FindStringSubmatch(out.String()); m != nil {
			got = m[1]
		}
		if got != c.counted {
			t.Errorf("%s: counted %q, want %q\n%s", c.body, got, c.counted, out.String())
		}
	}
}

// The page of the wire counts the codes by their places and by who resolves them.
func TestPageCountsTheCodes(t *testing.T) {
	page, err := os.ReadFile("../../../infra/docs/wire-somos.md")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, row := range codes {
		for _, place := range []string{string(row.from), "all"} {
			count[place+row.actor]++
			count[place]++
		}
	}
	for _, place := range []origin{decline, ended, status, holder, refusedBy, ownCheck, "all"} {
		want := "| " + string(place)
		for _, actor := range []string{"customer", "us", "peer-support", "nobody"} {
			want += fmt.Sprintf(" | %d", count[string(place)+actor])
		}
		if want += fmt.Sprintf(" | %d |\n", count[string(place)]); !strings.Contains(string(page), want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}
