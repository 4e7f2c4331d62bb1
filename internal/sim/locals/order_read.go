package locals

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// ofOrder finds the order of a path. An unknown one is HTTP 400 on DELETE ([spec] DeletePortin) and, by the same token,
// on PUT, else 404; with which code no source shows (L9).
func (s *Server) ofOrder(h func(http.ResponseWriter, *http.Request, *order)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, o := range s.orders {
			if o.id != r.PathValue("id") || o.account != r.PathValue("account") {
				continue
			}
			if !s.down(w, r, o.first()) {
				if a, ok := w.(*answer); ok {
					a.odd = o.row.odd
				}
				h(w, r, o)
			}
			return
		}
		switch below := strings.Contains(r.URL.Path, r.PathValue("id")+"/"); {
		case strings.HasSuffix(r.URL.Path, "/activationStatus"):
			reply(w, http.StatusNotFound, activationResponse{Refused: &responseStatus{"7200", texts["7200"]}})
		case below || r.Method == http.MethodGet:
			reply(w, http.StatusNotFound, refusalOf("", faulty("7200")))
		case r.Method == http.MethodPut:
			reply(w, http.StatusBadRequest, refusalOf("", faulty("7480")))
		default:
			reply(w, http.StatusBadRequest, refusalOf("", faulty("7200")))
		}
	}
}

// get leaves the order's id out, as the published samples do.
func (s *Server) get(w http.ResponseWriter, _ *http.Request, o *order) {
	reply(w, http.StatusOK, o.wire())
}

func (o *order) vendor() string {
	if offNet(o.first()) {
		return partner
	}
	return own
}

// portType is the order's: an off-net order of more than 49 numbers is turned into a manual one ([guide] stand-alone
// port-ins).
func (o *order) portType() string {
	if offNet(o.first()) && len(o.Numbers) > 49 {
		return "MANUALOFFNET"
	}
	return cmp.Or(o.row.portType, "AUTOMATED")
}

// wire is the order as [spec] RetrievePortin shows it.
func (o *order) wire() lnpOrderResponse {
	c := carrierOf(o.first())
	out := echo(o.values)
	out.State, out.Errors, out.RequestedFOC = o.state, o.errors, o.requested()
	out.AccountID, out.SPID, out.CarrierName, out.IsWireless = o.account, c.spid, c.name, strconv.FormatBool(c.mobile)
	out.Vendor, out.PortType, out.PON = o.vendor(), o.portType(), "979E"+strings.ToUpper(o.id[:8])
	out.Created, out.Modified, out.User, out.ModifiedBy, out.BillingType = stamp(o.created), stamp(o.modified), "api-user",
		"System", "PORTIN"
	if out.Subscriber != nil {
		out.Subscriber.Address.AddressType = "Service"
	}
	if o.row.warns != "" {
		out.Errors = append(slices.Clone(o.errors), faulty(o.row.warns))
	}
	switch o.state {
	case "FOC", "COMPLETE":
		out.ActualFOC = o.actual()
	case "DRAFT":
		out.Estimate = out.RequestedFOC
	}
	return out
}
