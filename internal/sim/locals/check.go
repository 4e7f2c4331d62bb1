package locals

import (
	"net/http"
	"slices"
	"strings"
)

// check is the portability check ([spec] RequestPortabilityInfo, [guide] lnpChecker). A bad number fails the whole call
// with HTTP 400, in whose text alone it stands; three lines show the other ways in which the peer has been seen to tell
// of one.
func (s *Server) check(w http.ResponseWriter, r *http.Request) {
	var in checkRequest
	refuse := func(status int, wrong ...fault) { reply(w, status, checkResponse{Errors: wrong}) }
	if a := decode(r, "NumberPortabilityRequest", &in); a.bad != "" || len(in.Numbers) == 0 {
		refuse(http.StatusBadRequest, faulty("7316"))
		return
	}
	full := ""
	for name, v := range r.URL.Query() {
		if strings.EqualFold(name, "fullCheck") {
			full = strings.ToLower(v[0])
		}
	}
	if !slices.Contains([]string{"", "false", "true", "onnetportability", "offnetportability"}, full) {
		refuse(http.StatusBadRequest, faulty("7472"))
		return
	}
	if s.down(w, r, in.Numbers[0]) {
		return
	}
	how := func(kind string) []string {
		return slices.DeleteFunc(slices.Clone(in.Numbers), func(tn string) bool { return rowOf(tn).blames != kind })
	}
	var invalid []fault
	for _, tn := range in.Numbers {
		if !isNumber(tn) || rowOf(tn).blames == inText {
			invalid = append(invalid, fault{Code: "7201", Text: tn + " is not a valid NANP telephone number."})
		}
	}
	switch {
	case len(invalid) > 0:
		refuse(http.StatusBadRequest, invalid...)
		return
	case len(how(nowhere)) > 0:
		refuse(http.StatusBadRequest, faulty("7205"))
		return
	case len(how(alone)) > 0:
		refuse(http.StatusOK, faulty("7201", how(alone)[0]))
		return
	}
	out := checkResponse{PortType: "AUTOMATED", Portable: &numberList{}, OnNet: &rateCenters{},
		Unsupported: &rateCenters{}}
	if full == "offnetportability" {
		out.Partner = &rateCenters{}
	}
	kinds := map[string]bool{}
	for _, tn := range in.Numbers {
		kind := "none"
		switch {
		case rowOf(tn).blames == beside:
			if out.Beside == nil {
				out.Beside = &errorList{}
			}
			out.Beside.Errors = append(out.Beside.Errors, faulty("7378", tn, tn))
		case tollFree(tn) || rowOf(tn).unportable:
			out.Unsupported.add(tn, "", "")
		case !offNet(tn):
			out.OnNet.add(tn, "", "0")
			out.Portable.Numbers, kind = append(out.Portable.Numbers, tn), "on-net"
		case full == "offnetportability":
			out.Partner.add(tn, partner, "3")
			out.Portable.Numbers, kind = append(out.Portable.Numbers, tn), "off-net"
		default:
			out.Unsupported.add(tn, "", "")
		}
		kinds[kind] = true
		if full == "" || full == "false" || tollFree(tn) { // nobody's local number
			continue
		}
		if out.Losing == nil {
			out.Losing, out.Never = &losingCarriers{}, &losingCarriers{}
		}
		out.Losing.add(tn, full == "offnetportability")
	}
	if len(kinds) > 1 {
		out.PortType = "MIXED"
	}
	reply(w, http.StatusOK, out)
}

// add puts a number into the group of its rate center. An NPA-NXX is in one rate center.
func (c *rateCenters) add(tn, vendor, tier string) {
	center := "SAMPLETON"
	if len(tn) == 10 && tn[3:6] != "555" {
		center = "OTHERTON"
	}
	i := slices.IndexFunc(c.Groups, func(g rateCenter) bool { return g.RateCenter == center })
	if i < 0 {
		g := rateCenter{Vendor: vendor, RateCenter: center, City: center, State: "NC", LATA: "426"}
		if vendor != "" {
			g.Automated = "true"
		}
		if tier != "" {
			g.Tiers = []string{tier}
		}
		i, c.Groups = len(c.Groups), append(c.Groups, g)
	}
	c.Groups[i].Numbers = append(c.Groups[i].Numbers, tn)
}

// add puts a number into the list of its carrier, whether it can be ported or not. The interval is longer through a
// partner.
func (l *losingCarriers) add(tn string, partners bool) {
	c := carrierOf(tn)
	i := slices.IndexFunc(l.Lists, func(l losing) bool { return l.SPID == c.spid })
	if i < 0 {
		days := 3
		switch {
		case c.mobile:
			days = 1
		case partners:
			days = 7
		}
		i, l.Lists = len(l.Lists), append(l.Lists, losing{SPID: c.spid, Name: c.name, IsWireless: c.mobile, Account: true,
			Interval: days})
	}
	l.Lists[i].Numbers = append(l.Lists[i].Numbers, tn)
}
