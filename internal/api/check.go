package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"portway/internal/carrier"
	"portway/internal/peer"
	"portway/internal/porting"
)

// checked is the detailed answer about one number: who has it, what a port of it is and needs, and when it can be.
type checked struct {
	Number   string          `json:"number"`
	Portable bool            `json:"portable"`
	Reason   *checkedReason  `json:"reason"` // why it is not portable
	Carrier  *checkedCarrier `json:"carrier"`
	Resold   string          `json:"resold"`
	Class    string          `json:"class"`
	CSR      bool            `json:"csr"`
	Needs    []checkedNeed   `json:"needs"`
	Earliest *checkedDate    `json:"earliest"`
	// Usual is how many business days a port from the carrier has taken; null where we know of too few.
	Usual *usualDays `json:"usual_days"`
}

type checkedReason struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// checkedCarrier is the network that has the number. ID is that of its profile, where we have one.
type checkedCarrier struct {
	ID   *string `json:"id"`
	Name string  `json:"name"`
	SPID string  `json:"spid"`
}

// checkedNeed is an attribute that the carrier needs. Without it nobody can sign where Blocks.
type checkedNeed struct {
	Attribute string `json:"attribute"`
	Blocks    bool   `json:"blocks"`
}

type checkedDate struct {
	Date string `json:"date"`
	Why  string `json:"why"`
}

type usualDays struct {
	Median int `json:"median"`
	Ninety int `json:"ninety_percent"`
}

// detailsOf answers in detail about each number once, in the order of the body.
func (a *API) detailsOf(ctx context.Context, asked numbers, found map[string]peer.Portability) []checked {
	all, seen := []checked{}, map[string]bool{}
	out := asked.unportable(found)
	for i, n := range asked {
		tn := cmp.Or(n.tn, n.dead)
		if seen[tn] {
			continue
		}
		seen[tn] = true
		row := checked{Number: tn, Portable: found[n.tn].Portable, Needs: []checkedNeed{}, Resold: string(carrier.NotResold)}
		if reason, ok := out[i]; ok {
			row.Reason = &checkedReason{reason.Reason, reason.Detail}
		}
		if n.tn == "" { // nobody can have it
			row.Reason = &checkedReason{string(porting.TNNotPortable), n.why}
			row.Class = string(porting.Wireline)
			all = append(all, row)
			continue
		}
		a.detail(ctx, &row, asked[i:i+1].lines(a.profiles.Directory(), found, "", "")[0])
		all = append(all, row)
	}
	return all
}

// detail fills the answer about a number by its class and its carrier's profile.
func (a *API) detail(ctx context.Context, row *checked, l porting.Line) {
	class, _ := porting.Classify(porting.Facts{Kind: l.Kind, Country: l.Country, Wireless: l.Wireless, Numbers: 1, Number: l.TN})
	o := porting.Order{Kind: l.Kind, Class: class, Flags: l.Flags, Carrier: l.Carrier, Numbers: []porting.Number{{TN: l.TN}}}
	terms := porting.TermsOf(class)
	network, known := a.profiles.Directory().OfOrder(o)
	if l.Carrier != (porting.Carrier{}) {
		row.Carrier = &checkedCarrier{Name: l.Carrier.Name, SPID: l.Carrier.SPID}
	}
	in := porting.Intake{}
	if known {
		terms, in.Carrier = network.Terms(class), network.Wants()
		row.Carrier.ID = &network.ID
		if f, shown, err := a.profiles.Figures(ctx, network, l.Carrier.SPID); err == nil && shown && f.Port.Orders >= carrier.ShownOrders {
			row.Usual = &usualDays{f.Port.Median, f.Port.Ninety}
		}
		row.Resold = string(carrier.ResaleOf(network, carrier.Profile{}, false))
	}
	given, _ := network.Value("csr.given")
	row.Class, row.CSR = string(class), terms.CSR && given.Text != "no"
	if !row.Portable {
		return
	}
	now := a.book.Time()
	for _, n := range a.book.Rules.Readiness(o, in, now).Needs {
		row.Needs = append(row.Needs, checkedNeed{n.Field, n.Blocks})
	}
	earliest := a.book.Rules.EarliestOf(terms, "", 1, now)
	row.Earliest = &checkedDate{Date: string(earliest), Why: "A request of now counts by the cut-off, and then the carrier has " +
		count(terms.Lasting(1), "business day") + " (" + terms.Source + ")."}
	if n := l.Flags.LeadDays; n > 0 && l.Kind == porting.Local {
		if day := porting.DateOf(now.In(a.book.Rules.Calendar.Location()).AddDate(0, 0, n)); day > earliest {
			row.Earliest = &checkedDate{Date: string(day), Why: "The carrier has told the check that it takes " + count(n, "day") + " at least."}
		}
	}
	if class == porting.Wireline {
		row.Earliest.Why += " If the account has this one line, send one_line with the order: then we ask for the next business day."
	}
	row.Needs = slices.Clip(row.Needs)
}

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
