package bandwidth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"portway/internal/peer"
	"portway/internal/porting"
)

// Portability asks for our own footprint and the losing carriers first, then for partners where our own does not reach.
func (c *Client) Portability(ctx context.Context, tns []string) ([]peer.Portability, error) {
	found := map[string]*peer.Portability{}
	if err := c.check(ctx, "onnetportability", tns, found); err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(tns), func(tn string) bool { return found[tn] != nil && found[tn].Portable })
	if len(rest) > 0 {
		var denied *peer.Denied // an account without partners is one without off-net numbers
		if err := c.check(ctx, "offnetportability", rest, found); err != nil && !errors.As(err, &denied) {
			return nil, err
		}
	}
	all := make([]peer.Portability, 0, len(tns))
	for _, tn := range tns {
		p := peer.Portability{TN: tn, Reason: "TN_NOT_PORTABLE"}
		if f := found[tn]; f != nil {
			p = *f
		}
		if !p.Portable && p.Reason == "" {
			p.Reason = "TN_NOT_PORTABLE"
		}
		all = append(all, p)
	}
	return all, nil
}

// check adds what one call says of the numbers. Nobody says why a number is not among the portable ones, but for the list in
// which it stands, and for errors that name it: these come with HTTP 200 beside good numbers, or in place of them.
func (c *Client) check(ctx context.Context, full string, tns []string, found map[string]*peer.Portability) error {
	in := numberPortabilityRequest{}
	for _, tn := range tns {
		in.Numbers = append(in.Numbers, ten(tn))
	}
	res, err := c.send(ctx, true, http.MethodPost, "lnpchecker", url.Values{"fullCheck": {full}}, in)
	if err != nil {
		return err
	}
	var answer numberPortabilityResponse
	if err := c.read(res, &answer); err != nil {
		return err
	}
	each := func(wire []string, do func(*peer.Portability)) {
		for _, tn := range wire {
			tn = e164(tn)
			if found[tn] == nil {
				found[tn] = &peer.Portability{TN: tn}
			}
			do(found[tn])
		}
	}
	all, _ := faults(res.Body)
	named := 0
	for _, r := range reasons(all) {
		named += len(r.Numbers)
		each(r.Numbers, func(p *peer.Portability) { p.Reason = r.Code })
	}
	if len(all) > 0 && named == 0 && len(answer.Portable) == 0 {
		return c.denied(res)
	}
	for _, g := range append(answer.Losing, answer.LosingNever...) {
		each(g.Numbers, func(p *peer.Portability) { p.Carrier = porting.Carrier{SPID: g.SPID, Name: g.Name} })
	}
	for _, g := range answer.LosingNever {
		each(g.Numbers, func(p *peer.Portability) { p.Reason = porting.NoCoverage })
	}
	for _, g := range answer.Unsupported {
		each(g.Numbers, func(p *peer.Portability) { p.Reason = porting.NoCoverage })
	}
	for _, g := range answer.OnNet {
		each(g.Numbers, func(p *peer.Portability) { p.OnNet = true })
	}
	each(answer.Portable, func(p *peer.Portability) { p.Portable, p.Reason = true, "" })
	return nil
}
