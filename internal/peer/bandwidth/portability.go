package bandwidth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"portway/internal/peer"
	"portway/internal/peer/call"
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
	found := checks{}
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
	found := checks{}
	if err := c.check(ctx, d, tns, found); err != nil {
		return nil, err
	}
	return inOrder(tns, found), nil
}

func inOrder(tns []string, found checks) []Checked {
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

// checks gathers what checks say of numbers, by their E.164 text.
type checks map[string]*Checked

// each does something with the check of each number of a list on the wire.
func (f checks) each(wire []string, do func(*Checked)) {
	for _, tn := range wire {
		tn = e164(tn)
		if f[tn] == nil {
			f[tn] = &Checked{Portability: peer.Portability{TN: tn}}
		}
		do(f[tn])
	}
}

// check adds what one check says of the numbers. Errors come in three shapes: HTTP 400 with Errors in place of the answer, HTTP
// 200 with Errors, and HTTP 200 with PortabilityErrors beside good numbers. A 400 that blames some numbers by name says nothing
// of the others: they are asked for once more, alone.
func (c *Client) check(ctx context.Context, d Depth, tns []string, found checks) error {
	res, blamed, err := c.askChecker(ctx, d, tns, found)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(tns), func(tn string) bool { return slices.Contains(blamed, tn) })
	if res.Status >= 300 && len(others) < len(tns) {
		if len(others) == 0 {
			return nil
		}
		if res, blamed, err = c.askChecker(ctx, d, others, found); err != nil {
			return err
		}
	}
	var answer numberPortabilityResponse
	if err := c.read(res, &answer); err != nil {
		return err
	}
	if all, _ := faults(res.Body); len(all) > 0 && len(blamed) == 0 && len(answer.Portable) == 0 {
		return c.denied(res)
	}
	found.take(answer)
	return nil
}

// askChecker makes one call about the numbers, and adds the reasons of those that errors name.
func (c *Client) askChecker(ctx context.Context, d Depth, tns []string, found checks) (res call.Response, blamed []string, err error) {
	var in numberPortabilityRequest
	for _, tn := range tns {
		in.Numbers = append(in.Numbers, ten(tn))
	}
	res, err = c.send(ctx, true, http.MethodPost, "lnpchecker", url.Values{"fullCheck": {string(d)}}, in)
	if err != nil {
		return res, nil, err
	}
	all, _ := faults(res.Body)
	for _, r := range reasons(all) {
		blamed = append(blamed, r.Numbers...)
		found.each(r.Numbers, func(p *Checked) { p.Reason = r.Code })
	}
	return res, blamed, nil
}

// take adds an answer. It says why a number is not portable by the list in which the number stands, and by nothing else.
func (f checks) take(answer numberPortabilityResponse) {
	for _, g := range append(answer.Losing, answer.LosingNever...) {
		f.each(g.Numbers, func(p *Checked) {
			p.Carrier = porting.Carrier{SPID: g.SPID, Name: g.Name}
			p.Wireless, p.Account = g.IsWireless == "true", g.Account == "true"
			p.Days, _ = strconv.Atoi(g.Interval) // 0 where there is none
		})
	}
	for _, g := range answer.LosingNever {
		f.each(g.Numbers, func(p *Checked) { p.Reason = porting.NoCoverage })
	}
	for _, g := range answer.Unsupported {
		f.each(g.Numbers, func(p *Checked) { p.Reason = porting.NoCoverage })
	}
	for _, g := range append(answer.OnNet, answer.Partner...) {
		f.each(g.Numbers, func(p *Checked) {
			p.RateCenter, p.State, p.LATA, p.Partner = g.RateCenter, g.State, g.LATA, g.Vendor
			if len(g.Tiers) > 0 {
				p.Tier = g.Tiers[0]
			}
		})
	}
	for _, g := range answer.OnNet {
		f.each(g.Numbers, func(p *Checked) { p.OnNet = true })
	}
	f.each(answer.Portable, func(p *Checked) { p.Portable, p.Reason, p.PortType = true, "", answer.PortType })
}
