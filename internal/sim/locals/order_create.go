package locals

import (
	"cmp"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// create is [spec] CreatePortin. No source tells which checks answer with HTTP 400 and which only make an EXCEPTION of
// the order (L1). Here all of the peer's own do the former.
func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	var in values
	if a := decode(r, "LnpOrder", &in); a.bad != "" {
		reply(w, http.StatusBadRequest, refusal(in, misplaced(a.bad)))
		return
	}
	if s.down(w, r, in.first()) {
		return
	}
	draft := strings.EqualFold(in.State, "DRAFT") // hardly anything is checked
	if wrong := s.faults(in, nil); len(wrong) > 0 && !draft {
		reply(w, http.StatusBadRequest, refusal(in, wrong...))
		return
	}
	now := s.now()
	o := &order{values: in, id: newID(), account: r.PathValue("account"), row: rowOf(in.first()), script: in.first(),
		created: now}
	s.orders = append(s.orders, o)
	if draft {
		s.enter(o, "DRAFT", now)
	} else {
		s.submitted(o, now)
	}
	out := echo(in)
	out.OrderID, out.State, out.Errors = o.id, o.state, o.errors
	out.Status = &status{"201", "Order request received. Please use the order id to check the status of your order later."}
	w.Header().Set("Location", path.Join(r.URL.Path, o.id))
	reply(w, http.StatusCreated, out)
}

// misplaced is the fault of an element that may not be there ([list] 1005).
func misplaced(name string) fault {
	return fault{Code: "1005", Text: "The element " + name + " is not allowed."}
}

// echo returns the order of a request as the answer repeats it.
func echo(in values) lnpOrderResponse {
	out := lnpOrderResponse{RequestedFOC: in.RequestedFOC, CustomerOrderID: in.CustomerOrderID, LOAPerson: in.LOAPerson,
		BTN: in.BTN, NewBTN: in.NewBTN, Numbers: in.Numbers,
		Site: in.Site, Peer: in.Peer, PartialPort: in.PartialPort, Triggered: in.Triggered}
	if in.Subscriber != (subscriber{}) {
		sub := in.Subscriber
		sub.Address.Country = "United States"
		out.Subscriber = &sub
	}
	if in.Wireless != (wirelessInfo{}) {
		out.Wireless = &in.Wireless
	}
	return out
}

// submitted puts an order on its way.
func (s *Server) submitted(o *order, now time.Time) {
	if loas, _ := o.sent(); o.row.papers && loas == 0 {
		s.enter(o, "PENDING_DOCUMENTS", now)
		return
	}
	s.enter(o, "SUBMITTED", now)
	if _, had := s.refused[o.key()]; o.row.atOnce && !had {
		s.refuse(o, now)
	}
}

// refusal makes a 400 that repeats the request. Its status is EXCEPTION, and it has an id only if an order was made ([spec]
// CreatePortin).
func refusal(in values, wrong ...fault) lnpOrderResponse {
	out := echo(in)
	out.Status, out.Errors, out.State = &status{"400", "Validation Failed. Please check your input parameters."}, wrong,
		"EXCEPTION"
	return out
}

// refusalOf is a refusal of a call about an order, which bears its id ([spec] UpdatePortin, DeletePortin).
func refusalOf(id string, wrong ...fault) lnpOrderResponse {
	out := refusal(values{}, wrong...)
	out.OrderID = id
	return out
}

var zipForm = regexp.MustCompile(`^(\d{5}|[A-Z]\d[A-Z] ?\d[A-Z]\d)$`)

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// faults returns the peer's own objections to an order, before any carrier sees it.
func (s *Server) faults(in values, self *order) []fault {
	var wrong []fault
	must := func(ok bool, code string, numbers ...string) {
		if !ok {
			wrong = append(wrong, faulty(code, numbers...))
		}
	}
	sub, a := in.Subscriber, in.Subscriber.Address
	must(len(in.Numbers) > 0, "7101")
	must(isNumber(in.BTN), "7103")
	must(in.Site != "", "7309")
	must(in.LOAPerson != "", "7115")
	must(len([]rune(in.LOAPerson)) <= 15, "7357")
	must(len(in.CustomerOrderID) <= 40 && strings.Trim(in.CustomerOrderID, letters+"- ") == "", "7318")
	must(in.PartialPort == "" || in.PartialPort == "true" || in.PartialPort == "false", "7319")
	must(in.Triggered == "" || in.Triggered == "true" || in.Triggered == "false", "7345")
	if in.NewBTN != "" {
		must(isNumber(in.NewBTN), "7494")
		must(!slices.Contains(in.Numbers, in.NewBTN), "7496")
		must(in.NewBTN != in.BTN, "7497")
		must(in.PartialPort == "true", "7319")
	}
	switch strings.ToUpper(sub.Type) {
	case "BUSINESS":
		must(sub.BusinessName != "", "7105")
		must(len([]rune(sub.BusinessName)) <= 25, "7324")
	case "RESIDENTIAL":
		must(sub.FirstName != "" && sub.LastName != "", "7105")
		must(sub.BusinessName == "", "7211")
		must(len([]rune(sub.FirstName)) <= 25, "7354")
		must(len([]rune(sub.LastName)) <= 25, "7355")
	default:
		must(false, "7106")
	}
	for code, part := range map[string]string{"7329": a.PreDirectional, "7330": a.PostDirectional} {
		must(part == "" || slices.Contains(strings.Fields("N S E W NE NW SE SW"), part), code)
	}
	must(len(a.State) == 2 && strings.ToUpper(a.State) == a.State || a.State == "", "7395")
	must(zipForm.MatchString(a.Zip) || a.Zip == "", "7214")
	must(a.PlusFour == "" || len(a.PlusFour) == 4, "7214")
	for code, part := range map[string]string{"7108": a.HouseNumber, "7109": a.StreetName, "7110": a.City, "7111": a.State,
		"7112": a.Zip} {
		must(part != "", code)
	}
	if in.RequestedFOC != "" {
		t, ok := in.when()
		must(ok, "7217")
		if ok {
			must(in.date() > s.now().In(eastern).Format(time.DateOnly), "7208")
			must(weekday(t.In(eastern)), "7315")
			must(!in.ownHour() || working(t.In(eastern)), "7313")
		}
	}
	must(len(in.Numbers) <= 5000, "7490")
	seen := map[string]bool{}
	for _, tn := range in.Numbers {
		must(isNumber(tn), "7201", tn)
		if seen[tn] {
			wrong = append(wrong, fault{Code: "7502", Text: "Telephone number list can not contain duplicates: " + tn})
		}
		must(!rowOf(tn).unportable, "7503", tn)
		must(!rowOf(tn).narrow || s.opts.Wide, "7331")
		must(!tollFree(tn), "7321", tn)
		must(carrierOf(tn) == carrierOf(in.first()), "7204", tn)
		must(!slices.ContainsFunc(s.orders, func(o *order) bool {
			return o != self && !o.over() && o.state != "DRAFT" && slices.Contains(o.Numbers, tn)
		}), "7205", tn)
		seen[tn] = true
	}
	slices.SortStableFunc(wrong, func(a, b fault) int { return cmp.Compare(a.Code, b.Code) })
	return wrong
}
