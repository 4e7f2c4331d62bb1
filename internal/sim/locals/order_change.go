package locals

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// maxLate limits the supplements that a carrier takes after its FOC.
const maxLate = 3

// put is a supplement ([spec] UpdatePortin). An element that it leaves out is removed, the harsher reading of the
// documents.
func (s *Server) put(w http.ResponseWriter, r *http.Request, o *order) {
	var in values
	sent := decode(r, "LnpOrderSupp", &in)
	refuse := func(wrong ...fault) { reply(w, http.StatusBadRequest, refusalOf(o.id, wrong...)) }
	if sent.bad != "" {
		refuse(misplaced(sent.bad))
		return
	}
	if sent.has("WirelessInfo") && !(sent.has("AccountNumber") && sent.has("PinNumber")) {
		// which code no source tells (L5)
		refuse(faulty("7114"))
		return
	}
	switch {
	case o.state == "CANCELLED" || o.state == "SNAPBACK":
		refuse(faulty("7303"))
		return
	case o.state == "COMPLETE":
		refuse(faulty("7304"))
		return
	case o.state == "REQUESTED_CANCEL":
		refuse(faulty("7353"))
		return
	case o.state == "DRAFT":
		s.putDraft(w, in, o)
		return
	case in.Triggered != "" && in.Triggered != cmp.Or(o.Triggered, "false"):
		refuse(faulty("7350"))
		return
	}
	if code := o.refuses(in); code != "" {
		refuse(faulty(code))
		return
	}
	if wrong := s.faults(in, o); len(wrong) > 0 {
		refuse(wrong...)
		return
	}
	out := echo(in)
	out.OrderID, out.State = o.id, "REQUESTED_SUPP"
	out.Status = &status{"200", "Supp request received. Please use the order id to check the status of your order later."}
	if o.row.drops && o.state == "FOC" {
		// taken, and dropped: the next look shows why ([page] CLI reference, band portin supp)
		o.errors = []fault{faulty("7300")}
		reply(w, http.StatusOK, out)
		return
	}
	if o.state == "FOC" {
		if o.late == maxLate {
			refuse(faulty("7483"))
			return
		}
		o.late++
	}
	o.values = in // the row stays, even when its number is dropped
	o.supps++
	if o.state != "PENDING_DOCUMENTS" {
		o.errors = nil
		s.enter(o, "REQUESTED_SUPP", s.now())
	}
	reply(w, http.StatusOK, out)
}

// putDraft changes a draft, and submits it when it says so.
func (s *Server) putDraft(w http.ResponseWriter, in values, o *order) {
	submit := strings.EqualFold(in.State, "SUBMITTED")
	if submit {
		if wrong := s.faults(in, o); len(wrong) > 0 {
			reply(w, http.StatusBadRequest, refusalOf(o.id, wrong...))
			return
		}
	}
	o.values, o.row, o.script, o.modified = in, rowOf(in.first()), in.first(), s.now()
	if submit {
		s.submitted(o, s.now())
	}
	out := echo(in)
	out.OrderID, out.State, out.Status = o.id, o.state,
		&status{"200", "Supp request received. Please use the order id to check the status of your order later."}
	reply(w, http.StatusOK, out)
}

// refuses is the code with which a supplement is refused for what it changes; empty when it is not.
func (o *order) refuses(in values) string {
	list := func(v values) string { return strings.Join(slices.Sorted(slices.Values(v.Numbers)), " ") }
	late := o.state == "FOC" && offNet(o.first())
	switch {
	case o.row.fixed:
		return "7433"
	case o.row.freeze && o.state == "FOC":
		return "7301"
	case (o.row.portType != "" || late) && list(in) != list(o.values):
		return "7498"
	case late && in.BTN != o.BTN:
		return "7305"
	case late && in.name() != o.name():
		return "7306"
	case late && in.address() != o.address():
		return "7307"
	case late && in.Wireless != o.Wireless:
		return "7308"
	}
	return ""
}

// cancel is [spec] DeletePortin: it asks the carrier to let go, and answers without a body. An order that has not
// reached the carrier ends at once, a draft vanishes.
func (s *Server) cancel(w http.ResponseWriter, _ *http.Request, o *order) {
	refuse := func(code string) { reply(w, http.StatusBadRequest, refusalOf(o.id, faulty(code))) }
	switch {
	case o.state == "CANCELLED" || o.state == "SNAPBACK":
		refuse("7303")
	case o.state == "COMPLETE":
		refuse("7304")
	case o.state == "REQUESTED_CANCEL":
		refuse("7353")
	case o.state == "DRAFT":
		s.orders = slices.DeleteFunc(s.orders, func(x *order) bool { return x == o })
	case o.row.freeze && o.state == "FOC":
		refuse("7301")
	case o.row.kept:
		refuse("7432")
	case o.state == "PENDING_DOCUMENTS":
		s.enter(o, "CANCELLED", s.now())
	default:
		o.errors = nil
		s.enter(o, "REQUESTED_CANCEL", s.now())
	}
}
