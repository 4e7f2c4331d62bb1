package bandwidth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"portway/internal/peer"
	"portway/internal/porting"
)

// Depth chooses what a portability check asks for.
type Depth string

// The depths, each with all of the one before it.
const (
	RateCenters Depth = "false"             // what we ourselves can serve
	Carriers    Depth = "onnetportability"  // and who has the numbers
	Partners    Depth = "offnetportability" // and what a partner can serve
)

// Checked holds the answer of a check about one number. Fields that the depth does not give are empty.
type Checked struct {
	peer.Portability
	PortType  string // of the whole check: AUTOMATED, INTERNAL, MANUALOFFNET, MANUALONNET or MIXED
	State     string
	LATA      string
	Tier      string
	Partner   string // who serves it in our place
	Automated bool   // by an automated interface to the partner
}

// Portability asks for our own footprint and the losing carriers first, then for partners where our own does not reach.
func (c *Client) Portability(ctx context.Context, tns []string) ([]peer.Portability, error) {
	found := newChecks(tns)
	if err := c.check(ctx, Carriers, tns, found); err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(tns), func(tn string) bool {
		f := found.of[tn]
		return f != nil && (f.Portable || f.Reason != "" && f.Reason != porting.NoCoverage)
	})
	if len(rest) > 0 {
		// An account without partners is one without off-net numbers.
		if err := c.check(ctx, Partners, rest, found); err != nil && !errors.As(err, new(*peer.Denied)) {
			return nil, err
		}
	}
	all := make([]peer.Portability, 0, len(tns))
	for _, checked := range found.inOrder(tns) {
		all = append(all, checked.Portability)
	}
	return all, nil
}

// Check asks once, at that depth, and answers in the order of the numbers. The same check may answer otherwise a moment
// later.
func (c *Client) Check(ctx context.Context, d Depth, tns []string) ([]Checked, error) {
	found := newChecks(tns)
	if err := c.check(ctx, d, tns, found); err != nil {
		return nil, err
	}
	return found.inOrder(tns), nil
}

// checks collects the answers about the numbers of one check.
type checks struct {
	of   map[string]*Checked
	left int // calls that may still be made
}

// maxChecks limits the calls of one check. To find the one number among 500 that the peer refuses without naming it
// takes 18.
const maxChecks = 40

func newChecks(tns []string) *checks {
	return &checks{of: make(map[string]*Checked, len(tns)), left: maxChecks}
}

func (f *checks) number(tn string) *Checked {
	if f.of[tn] == nil {
		f.of[tn] = &Checked{Portability: peer.Portability{TN: tn}}
	}
	return f.of[tn]
}

// inOrder answers in the order of the numbers. One that nothing was said of is not portable: the peer lists what is
// (guide lnpChecker).
func (f *checks) inOrder(tns []string) []Checked {
	all := make([]Checked, 0, len(tns))
	for _, tn := range tns {
		checked := *f.number(tn)
		if !checked.Portable && checked.Reason == "" {
			checked.Reason = porting.TNNotPortable
		}
		all = append(all, checked)
	}
	return all
}

// check asks about the numbers and adds what is said of them. An answer says something only of the numbers that it
// names. Where an error keeps it from speaking of some, those are asked again: without the named ones, or in halves
// where the error names none.
func (c *Client) check(ctx context.Context, d Depth, tns []string, found *checks) error {
	var asked []string
	for _, tn := range tns {
		if !slices.Contains(asked, tn) {
			asked = append(asked, tn)
		}
	}
	for len(asked) > 0 {
		rest, err := c.ask(ctx, d, asked, found)
		if err != nil {
			return err
		}
		if len(rest) == len(asked) { // the error names nobody: it is about one half, or the other
			half := len(asked) / 2
			if err := c.check(ctx, d, asked[:half], found); err != nil {
				return err
			}
			rest = asked[half:]
		}
		asked = rest
	}
	return nil
}

// ask makes one call, and returns the numbers of which the answer says nothing because of an error that is about
// others.
func (c *Client) ask(ctx context.Context, d Depth, tns []string, found *checks) (rest []string, err error) {
	if found.left--; found.left < 0 {
		return nil, c.down("numbers that it refuses without naming them")
	}
	in := numberPortabilityRequest{}
	for _, tn := range tns {
		in.Numbers = append(in.Numbers, ten(tn))
	}
	res, err := c.send(ctx, true, http.MethodPost, "lnpchecker", url.Values{"fullCheck": {string(d)}}, in)
	if err != nil {
		return nil, err
	}
	root, ok := parse(res.Body)
	all := slices.DeleteFunc(faults(root), func(f fault) bool { return f.kind() == informs })
	switch {
	case !ok || res.Status >= 300 && len(all) == 0 || !root.is("NumberPortabilityResponse") && len(all) == 0:
		_, err := c.read(ctx, res, tns, "NumberPortabilityResponse")
		return nil, err
	case slices.ContainsFunc(all, fault.passes):
		return nil, c.down("its own trouble " + all[0].code)
	case slices.ContainsFunc(all, func(f fault) bool { return f.kind() != stops }):
		return nil, c.denied(ctx, res, tns) // our account or our message is at fault, whatever the numbers
	}
	said := found.blame(all, tns)
	if res.Status < 300 {
		said = append(said, found.listed(root, d, tns)...)
	}
	if len(all) == 0 {
		return nil, nil
	}
	rest = slices.DeleteFunc(slices.Clone(tns), func(tn string) bool { return slices.Contains(said, tn) })
	if len(rest) == 1 && len(tns) == 1 {
		if every(all, func(f fault) bool { return f.foreign(tns) }) {
			return nil, c.down("an answer about other numbers")
		}
		found.number(tns[0]).Reason = c.reasons(ctx, all, tns)[0].Code
		return nil, nil
	}
	return rest, nil
}

// blame takes what the errors say of the numbers that they name; of two errors about one number the first counts.
func (f *checks) blame(all []fault, tns []string) (said []string) {
	for _, one := range all {
		for _, tn := range one.names(tns) {
			if p := f.number(tn); p.Reason == "" {
				p.Reason = one.reasons()[0]
			}
			said = append(said, tn)
		}
	}
	return said
}

// listed takes what the lists of an answer say.
func (f *checks) listed(root node, d Depth, tns []string) (said []string) {
	each := func(group node, path []string, do func(*Checked)) {
		for _, wire := range group.texts(path...) {
			if tn := e164(wire); slices.Contains(tns, tn) {
				do(f.number(tn))
				said = append(said, tn)
			}
		}
	}
	numbers := []string{"TnList", "Tn"}
	for _, list := range []string{"SupportedLosingCarriers", "UnsupportedLosingCarriers"} {
		for _, g := range root.all(list, "LosingCarrierTnList") {
			each(g, numbers, func(p *Checked) {
				p.Carrier = porting.Carrier{SPID: g.text("LosingCarrierSPID"), Name: g.text("LosingCarrierName")}
				p.Wireless, p.NeedsAccountNumber = g.yes("LosingCarrierIsWireless"), g.yes("LosingCarrierAccountNumberRequired")
				p.LeadDays, _ = strconv.Atoi(g.text("LosingCarrierMinimumPortingInterval")) // 0 where there is none
			})
		}
	}
	reached := map[string]bool{}
	for _, list := range []string{"SupportedRateCenters", "PartnerSupportedRateCenters"} {
		for _, g := range root.all(list, "RateCenterGroup") {
			each(g, numbers, func(p *Checked) {
				p.RateCenter, p.State, p.LATA, p.Tier = g.text("RateCenter"), g.text("State"), g.text("LATA"),
					g.text("Tiers", "Tier")
				p.Partner, p.Automated = g.text("Vendor"), g.yes("AutomatedPort")
				p.OnNet = list == "SupportedRateCenters"
				reached[p.TN] = true
			})
		}
	}
	for _, list := range [][]string{{"UnsupportedRateCenters", "RateCenterGroup"},
		{"UnsupportedLosingCarriers", "LosingCarrierTnList"}} {
		for _, g := range root.all(list...) {
			each(g, numbers, func(p *Checked) {
				p.Reason = porting.NoCoverage
				delete(reached, p.TN)
			})
		}
	}
	portable := func(p *Checked) { p.Portable, p.Reason, p.PortType = true, "", root.text("PortType") }
	each(root, []string{"PortableNumbers", "Tn"}, portable)
	if !root.has("PortableNumbers") {
		// Older answers have no such list. By the guide a number is portable in a rate center and from a carrier that are
		// both served.
		for tn := range reached {
			if p := f.number(tn); p.Reason == "" {
				portable(p)
			}
		}
	}
	return said
}
