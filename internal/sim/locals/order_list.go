package locals

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// list is [spec] ListPortins: filters, a page that is 1 or the id of its first order, links as texts, a total of all
// pages. Port-outs stand among the port-ins, without a reference ([SDK csharp] xmlLNPResponseWrapper); an empty list is
// 204 ([SDK ruby]).
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	size, err := strconv.Atoi(q.Get("size"))
	if q.Get("page") == "" || err != nil || size < 1 || size > 1000 {
		reply(w, http.StatusBadRequest, refusal(values{}, faulty("7612")))
		return
	}
	var found []listRow
	for _, o := range s.orders {
		if o.account != r.PathValue("account") ||
			q.Has("customerOrderId") && q.Get("customerOrderId") != o.CustomerOrderID ||
			q.Has("status") && !strings.EqualFold(q.Get("status"), o.state) ||
			q.Has("tn") && q.Get("tn") != o.BTN ||
			o.state == "DRAFT" && !strings.EqualFold(q.Get("status"), "draft") ||
			q.Has("orderTn") && !slices.Contains(o.Numbers, q.Get("orderTn")) {
			continue
		}
		row := listRow{Count: len(o.Numbers), User: "api-user", Modified: stamp(o.modified), OrderDate: stamp(o.created),
			OrderID: o.id, OrderType: "port_in",
			RequestedFOC: o.requested(), AccountID: o.account, CustomerOrderID: o.CustomerOrderID, BTN: o.BTN,
			CarrierName: carrierOf(o.first()).name, State: o.state, Vendor: o.vendor()}
		if o.state == "FOC" || o.state == "COMPLETE" {
			row.ActualFOC = o.actual()
		}
		found = append(found, row)
	}
	if len(found) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	found = append([]listRow{{Count: 1, User: "Neustar", Modified: stamp(s.now()), OrderDate: stamp(s.now()),
		OrderID: strangers, OrderType: "port_out",
		ErrorCode: "200", ErrorText: "Port out successful.", State: "COMPLETE"}}, found...)
	first := max(0, slices.IndexFunc(found, func(row listRow) bool { return row.OrderID == q.Get("page") }))
	out := listResponse{Total: len(found), Links: links{First: link(r, "1", "first")}}
	out.Rows = found[first:]
	if len(out.Rows) > size {
		out.Links.Next = link(r, out.Rows[size].OrderID, "next")
		out.Rows = out.Rows[:size]
	}
	reply(w, http.StatusOK, out)
}

// strangers is the order of the port-out in every list.
const strangers = "982e3c10-3840-4251-abdd-505cd8610788"

// link is a link to a page of the same list, a text that names a host of its own.
func link(r *http.Request, page, rel string) string {
	q := r.URL.Query()
	q.Set("page", page)
	return "Link=<https://test.dashboard.bandwidth.com:443" + r.URL.Path + "?" + q.Encode() + `>;rel="` + rel + `";`
}
