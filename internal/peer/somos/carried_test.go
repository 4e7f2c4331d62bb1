package somos

import (
	"os"
	"strings"
	"testing"

	"portway/internal/porting"
	simsomos "portway/internal/sim/somos"
)

// uncarried says of each detail why no element of the registry's wire carries it. A request names the numbers, the
// RespOrg that wants them and the LOA; the controlling RespOrg compares what the LOA's PDF prints.
var uncarried = map[string]string{
	"alias":                           "the customer's own name for the order",
	"billing_name":                    "on the LOA",
	"company":                         "on the LOA",
	"billing_number":                  "on the LOA",
	"provider":                        "on the LOA; the registry knows the controlling RespOrg",
	"provider_account":                "no RespOrg asks for it",
	"pin":                             "no RespOrg asks for it",
	"last_4_ssn":                      "no RespOrg asks for it",
	"usage_type":                      "on the LOA",
	"street":                          "on the LOA",
	"street2":                         "on the LOA",
	"city":                            "on the LOA",
	"state":                           "on the LOA",
	"zip":                             "on the LOA",
	"country":                         "on the LOA",
	"account_address/street":          "on the LOA",
	"account_address/street2":         "on the LOA",
	"account_address/city":            "on the LOA",
	"account_address/state":           "on the LOA",
	"account_address/zip":             "on the LOA",
	"account_address/country":         "on the LOA",
	"desired_completion_date":         "the registry gives the due date",
	"desired_completion_time":         "a toll-free order takes none",
	"loa_details/email":               "the customer's address for the LOA; our mail goes there",
	"loa_details/cc":                  "the customer's address for the LOA; our mail goes there",
	"enable_cnam_lookups":             "a setting of the number with us",
	"one_line":                        "the customer's word about the account; toll-free numbers have no class by it",
	"status_url":                      "the customer's address for our webhooks",
	"auto_correct":                    "the customer's consent to corrections by us",
	"on_unportable":                   "the customer's consent to go on without a number",
	"reseller":                        "on the LOA",
	"partial_port/scope":              "a toll-free number has no account with other numbers",
	"partial_port/keep":               "a toll-free number has no account with other numbers",
	"partial_port/disconnect":         "a toll-free number has no account with other numbers",
	"partial_port/others":             "a toll-free number has no account with other numbers",
	"partial_port/new_billing_number": "a toll-free number has no account with other numbers",
	"line_features/services":          "a toll-free number has no line",
	"line_features/hunt_group":        "a toll-free number has no line",
	"line_features/directory_listing": "the directory of toll-free numbers is not the registry's",
	"line_features/tollfree_numbers":  "it is about the numbers to which toll-free numbers ring",
}

// Every detail has its row, which says that the LOA carries it where the LOA prints it; and the page has the same.
func TestEveryDetailHasItsReason(t *testing.T) {
	page, err := os.ReadFile("../../../infra/docs/wire-somos.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range porting.DetailRows() {
		why := uncarried[d.Name]
		if why == "" || d.OnLOA != strings.HasPrefix(why, "on the LOA") {
			t.Errorf("%s: %q; the LOA prints it: %t", d.Name, why, d.OnLOA)
		}
		if line := "| `" + d.Name + "` | " + why + " |"; !strings.Contains(string(page), line) {
			t.Errorf("the page lacks this line:\n%s", line)
		}
	}
	if len(uncarried) != len(porting.DetailRows()) {
		t.Error("a row has no detail")
	}
}

// Details stand nowhere in what the registry gets beside the LOA, when a request is made and when it is changed. The
// LOA comes back as it was sent.
func TestNoDetailOnTheWire(t *testing.T) {
	rig := newRig(t)
	c := rig.client(nil)
	r := request(0, tn("01"))
	for _, row := range porting.DetailRows() {
		if !r.Order.Details.Set(row.Name, "canary-"+strings.ReplaceAll(row.Name, "/", "-")) {
			row.Restore(&r.Order.Details, "true")
		}
	}
	ref := must(c.Submit(t.Context(), r))(t)
	r.Version, r.Sup = 1, porting.SupOther
	r.LOA = []byte("%PDF-1.4\nsigned by Robin Sample, again\n")
	ref = must(c.Supplement(t.Context(), ref, r))(t)
	rig.mu.Lock()
	all := strings.Join(rig.bodies, "\n")
	rig.mu.Unlock()
	if strings.Contains(all, "canary") {
		t.Errorf("a detail is sent: %s", all)
	}
	if _, pdf, err := c.LOA(t.Context(), ref); err != nil || string(pdf) != string(r.LOA) {
		t.Errorf("the LOA comes back as %q, %v", pdf, err)
	}
}

// What the customer corrects for a reason that this registry gives reaches the RespOrg on the LOA.
func TestWhatTheCustomerCorrectsIsOnTheLOA(t *testing.T) {
	n := 0
	for _, d := range simsomos.Declines {
		code := reasonOf(d.Code, decline)
		info := code.Info()
		if info.Fix != porting.ByCustomer || info.Sup != porting.Supplement {
			continue
		}
		for _, field := range info.Fields {
			n++
			if row, _ := porting.DetailRow(field); !row.OnLOA {
				t.Errorf("%s asks the customer for %s, which the LOA does not print", code, field)
			}
		}
	}
	if n == 0 {
		t.Error("no reason asks for a detail")
	}
}
