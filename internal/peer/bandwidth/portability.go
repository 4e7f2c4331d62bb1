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

// Depth is how much a portability check asks for.
type Depth string

// The depths, each with all of the one before it.
const (
	RateCenters Depth = "false"             // what we ourselves can serve
	Carriers    Depth = "onnetportability"  // and who has the numbers
	Partners    Depth = "offnetportability" // and what a partner can serve
)

// Checked is what a check says of one number. What the depth does not give is empty.
type Checked struct {
	peer.Portability
	PortType string // of the whole check: AUTOMATED, INTERNAL, MANUALOFFNET, MANUALONNET or MIXED
	State    string
	LATA     string
	Tier     string
	Partner  string // who serves it in our place
	Wireless bool   // the losing carrier is
	Account  bool   // it wants an account number
	Days     int    // its least interval in calendar days, an estimate; 0 is unknown
}

// Portability asks for our own footprint and the losing carriers first, then for partners where our own does not reach.
func (c *Client) Portability(ctx context.Context, tns []string) ([]peer.Portability, error) {
	found := map[string]*Checked{}
	if err := c.check(ctx, Carriers, tns, found); err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(tns), func(tn string) bool { return found[tn] != nil && found[tn].Portable })
	if len(rest) > 0 {
		// An account without partners is one without off-net numbers.
		if err := c.check(ctx, Partners, rest, found); err != nil && !errors.As(err, new(*peer.Denied)) {
			return nil, err
		}
	}
	all := make([]peer.Portability, 0, len(tns))
	for _, checked := range inOrder(tns, found) {
		all = append(all, checked.Portability)
	}
	return all, nil
}

// Check asks once, at that depth, and answers in the order of the numbers. The same check may answer otherwise a moment later.
func (c *Client) Check(ctx context.Context, d Depth, tns []string) ([]Checked, error) {
	found := map[string]*Checked{}
	if err := c.check(ctx, d, tns, found); err != nil {
		return nil, err
	}
	return inOrder(tns, found), nil
}

func inOrder(tns []string, found map[string]*Checked) []Checked {
	all := make([]Checked, 0, len(tns))
	for _, tn := range tns {
		checked := Checked{Portability: peer.Portability{TN: tn}}
		if f := found[tn]; f != nil {
			checked = *f
		}
		if !checked.Portable && checked.Reason == "" {
			checked.Reason = "TN_NOT_PORTABLE"
		}
		all = append(all, checked)
	}
	return all
}

// check adds what one call says of the numbers. Nobody says why a number is not among the portable ones, but for the list in
// which it stands, and for errors that name it. Errors come in three shapes: HTTP 400 with Errors in place of the answer, HTTP
// 200 with Errors, and HTTP 200 with PortabilityErrors beside good numbers. A 400 that blames some numbers by name says nothing of
// the others: they are asked for once more, alone.
func (c *Client) check(ctx context.Context, d Depth, tns []string, found map[string]*Checked) error {
	each := func(wire []string, do func(*Checked)) {
		for _, tn := range wire {
			tn = e164(tn)
			if found[tn] == nil {
				found[tn] = &Checked{Portability: peer.Portability{TN: tn}}
			}
			do(found[tn])
		}
	}
	var answer numberPortabilityResponse
	var all []fault
	for rest := tns; ; {
		in := numberPortabilityRequest{}
		for _, tn := range rest {
			in.Numbers = append(in.Numbers, ten(tn))
		}
		res, err := c.send(ctx, true, http.MethodPost, "lnpchecker", url.Values{"fullCheck": {string(d)}}, in)
		if err != nil {
			return err
		}
		all, _ = faults(res.Body)
		var blamed []string
		for _, r := range reasons(all) {
			blamed = append(blamed, r.Numbers...)
			each(r.Numbers, func(p *Checked) { p.Reason = r.Code })
		}
		if others := slices.DeleteFunc(slices.Clone(rest), func(tn string) bool { return slices.Contains(blamed, tn) }); res.Status >= 300 &&
			len(blamed) > 0 && len(rest) == len(tns) && len(others) < len(rest) {
			if rest = others; len(rest) == 0 {
				return nil
			}
			continue
		}
		if err := c.read(res, &answer); err != nil {
			return err
		}
		if len(all) > 0 && len(blamed) == 0 && len(answer.Portable) == 0 {
			return c.denied(res)
		}
		break
	}
	for _, g := range append(answer.Losing, answer.LosingNever...) {
		each(g.Numbers, func(p *Checked) {
			p.Carrier = porting.Carrier{SPID: g.SPID, Name: g.Name}
			p.Wireless, p.Account = g.IsWireless == "true", g.Account == "true"
			p.Days, _ = strconv.Atoi(g.Interval) // 0 where there is none
		})
	}
	for _, g := range answer.LosingNever {
		each(g.Numbers, func(p *Checked) { p.Reason = porting.NoCoverage })
	}
	for _, g := range answer.Unsupported {
		each(g.Numbers, func(p *Checked) { p.Reason = porting.NoCoverage })
	}
	for _, list := range [][]rateCenter{answer.OnNet, answer.Partner} {
		for _, g := range list {
			each(g.Numbers, func(p *Checked) {
				p.RateCenter, p.State, p.LATA, p.Partner = g.RateCenter, g.State, g.LATA, g.Vendor
				if len(g.Tiers) > 0 {
					p.Tier = g.Tiers[0]
				}
			})
		}
	}
	for _, g := range answer.OnNet {
		each(g.Numbers, func(p *Checked) { p.OnNet = true })
	}
	each(answer.Portable, func(p *Checked) { p.Portable, p.Reason, p.PortType = true, "", answer.PortType })
	return nil
}
