package locals

import (
	"cmp"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// order is a port order.
type order struct {
	values
	id, account string
	row         row
	fate        string // the number that chose the row
	state       string
	since       time.Time
	foc         string // a day
	errors      []fault
	supps       int
	late        int      // supplements after the FOC
	ended       bool     // the partner takes another order alone; a change of this one stays refused (L4)
	upset       bool     // the refusal after the FOC has been
	spoken      bool     // a silent carrier was made to speak
	stay        []string // numbers that did not move with the rest
	held        []notice // told when the order is over
	files       []file
	notes       []note
	past        []historyRow
	created     time.Time
	modified    time.Time
}

type file struct {
	name, kind, text string
	body             []byte
	contentType      string
}

func (o *order) over() bool {
	return o.state == "COMPLETE" || o.state == "CANCELLED" || o.state == "SNAPBACK"
}

var eastern = func() *time.Location {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return loc
}()

// draftLife is how long a draft that nobody touches stays.
const draftLife = 48 * time.Hour

// partner is who serves numbers out of the own footprint, and own is the peer's name for itself in the same element ([spec]).
const (
	partner = "Level 3"
	own     = "Bandwidth CLEC"
)

// move brings all orders up to now.
func (s *Server) move() {
	now := s.now()
	s.orders = slices.DeleteFunc(s.orders, func(o *order) bool { return o.state == "DRAFT" && !now.Before(o.modified.Add(draftLife)) })
	for moved := true; moved; { // one order may wait for another
		moved = false
		for _, o := range s.orders {
			for s.step(o, now) {
				moved = true
			}
		}
	}
}

// step does the next thing that is due; false when nothing is.
func (s *Server) step(o *order, now time.Time) bool {
	at, do := s.due(o)
	if do == nil || at.After(now) {
		return false
	}
	do(at)
	return true
}

// due is what happens to the order next without anybody's doing, and when; nothing where it waits for somebody, or is over.
func (s *Server) due(o *order) (at time.Time, do func(time.Time)) {
	answered, fulfilled := o.since.Add(s.opts.Step*time.Duration(max(o.row.steps, 1))), o.since.Add(s.opts.Complete)
	upset := o.since.Add(min(s.opts.Step, s.opts.Complete/2))
	switch {
	case (o.state == "SUBMITTED" || o.state == "REQUESTED_SUPP") && (!o.row.silent || o.spoken) && !s.waits(o):
		return answered, func(at time.Time) {
			if o.row.apart {
				at = s.now() // whatever it has waited for
			}
			s.carrier(o, at)
		}
	case o.state == "EXCEPTION" && o.row.heals:
		return answered, func(at time.Time) {
			o.errors, o.foc = nil, s.granted(o, at)
			s.enter(o, "FOC", at)
		}
	case o.state == "FOC" && o.row.becomes != "" && !o.upset:
		return upset, func(at time.Time) {
			o.upset = true
			s.enter(o, o.row.becomes, at)
		}
	case o.state == "FOC" && o.row.moves > 0 && !o.upset:
		return upset, func(at time.Time) { s.moveFOC(o, at) }
	case o.state == "FOC" && o.row.after && !o.upset:
		return upset, func(at time.Time) {
			o.upset = true
			if _, had := s.refused[o.key()]; !had {
				s.refuse(o, at)
			}
		}
	case o.state == "FOC" && o.Triggered != "true":
		return fulfilled, func(at time.Time) { s.finish(o, at) }
	case o.state == "REQUESTED_CANCEL":
		return answered, func(at time.Time) { s.enter(o, "CANCELLED", at) }
	}
	return time.Time{}, nil
}

func (s *Server) moveFOC(o *order, at time.Time) {
	o.upset = true
	day, err := time.ParseInLocation("2006-01-02", o.foc, eastern)
	if err != nil {
		return
	}
	for day = day.AddDate(0, 0, o.row.moves); !weekday(day); {
		day = day.AddDate(0, 0, 1)
	}
	o.foc = day.Format("2006-01-02")
	s.enter(o, "FOC", at)
}

// waits says that the carrier keeps an order back until what has left it is accepted in an order of its own.
func (s *Server) waits(o *order) bool {
	was, refused := s.refused[o.key()]
	return o.row.apart && refused && slices.ContainsFunc(was.Numbers, func(tn string) bool {
		return !slices.Contains(o.Numbers, tn) && !slices.ContainsFunc(s.orders, func(other *order) bool {
			return other != o && (other.state == "FOC" || other.state == "COMPLETE") && slices.Contains(other.Numbers, tn)
		})
	})
}

func (s *Server) finish(o *order, at time.Time) {
	delete(s.refused, o.key())
	if o.row.partial && len(o.Numbers) > 1 {
		o.stay = []string{o.lastNumber()}
		o.errors = []fault{faulty("7426", o.stay...)}
	}
	s.enter(o, "COMPLETE", at)
}

func (o *order) key() string { return o.first() + " " + o.row.refuse }

// carrier is the carrier's answer to the present request.
func (s *Server) carrier(o *order, at time.Time) {
	was, refused := s.refused[o.key()]
	now := o.values
	now.loas, now.papers = o.sent()
	switch {
	case o.row.dies != "" && !refused:
		s.refused[o.key()] = now
		o.errors = []fault{faulty(o.row.dies)}
		s.enter(o, "CANCELLED", at)
		return
	case o.row.refuse == "":
	case !refused && !o.row.after && (o.row.fine == nil || !o.row.fine(now)), o.ended:
		s.refuse(o, at)
		return
	case refused && o.row.cured != nil && !o.row.cured(now, was):
		s.refuse(o, at)
		return
	}
	o.errors = nil
	o.foc = s.granted(o, at)
	s.enter(o, "FOC", at)
}

// sent is how many documents the order has: letters of agency, and the others.
func (o *order) sent() (loas, rest int) {
	for _, f := range o.files {
		if f.kind == "LOA" {
			loas++
		} else {
			rest++
		}
	}
	return loas, rest
}

func (s *Server) refuse(o *order, at time.Time) {
	if _, had := s.refused[o.key()]; !had {
		was := o.values
		was.loas, was.papers = o.sent()
		s.refused[o.key()] = was
	}
	f, ends := o.row.refusal(o.values)
	o.ended = o.ended || ends
	if o.row.names {
		f.Numbers = []string{o.lastNumber()}
		if was := s.refused[o.key()]; slices.Contains(o.Numbers, was.lastNumber()) {
			f.Numbers = []string{was.lastNumber()}
		}
	}
	o.errors = []fault{f}
	s.enter(o, "EXCEPTION", at)
}

// granted is the day that the carrier agrees to: the one asked for, if it is still to come, else three business days from now.
func (s *Server) granted(o *order, at time.Time) string {
	day := at.In(eastern)
	if asked, ok := o.when(); ok && o.date() >= day.Format(time.DateOnly) {
		day = asked.In(eastern)
	} else {
		for n := 3; n > 0; {
			if day = day.AddDate(0, 0, 1); weekday(day) {
				n--
			}
		}
	}
	if o.row.late > 0 {
		for day = day.AddDate(0, 0, o.row.late); !weekday(day); {
			day = day.AddDate(0, 0, 1)
		}
	}
	return day.Format(time.DateOnly)
}

func weekday(t time.Time) bool { return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday }

// noon is the instant of activation on a day: half past eleven in New York ([guide] stand-alone port-ins).
func noon(day string) string {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" 11:30", eastern)
	if err != nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// when is the instant that the order asks for. An hour counts on a triggered order alone, and there a bare day is midnight in UTC,
// the evening before ([old guide] reference, RequestedFocDate; L6). A date without a zone is none (L7).
func (v values) when() (time.Time, bool) {
	if day, err := time.Parse(time.DateOnly, strings.TrimSuffix(v.RequestedFOC, "Z")); err == nil {
		if v.Triggered == "true" {
			return day, true
		}
		return half(day), true
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05-0700"} {
		if t, err := time.Parse(form, v.RequestedFOC); err == nil {
			if v.Triggered == "true" {
				return t, true
			}
			return half(t.In(eastern)), true
		}
	}
	return time.Time{}, false
}

func half(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 11, 30, 0, 0, eastern)
}

// date is the day that the order asks for, in New York.
func (v values) date() string {
	t, ok := v.when()
	if !ok {
		return ""
	}
	return t.In(eastern).Format(time.DateOnly)
}

// requested is the date asked for, as answers show it.
func (v values) requested() string {
	t, ok := v.when()
	if !ok {
		return v.RequestedFOC
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// actual is the date agreed, as answers show it: with the hour asked for on a triggered order.
func (o *order) actual() string {
	switch t, ok := o.when(); {
	case o.row.unreadable:
		return "to be agreed"
	case ok && o.Triggered == "true":
		day, err := time.ParseInLocation(time.DateOnly, o.foc, eastern)
		if err != nil {
			return ""
		}
		at := t.In(eastern)
		return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, eastern).UTC().Format(time.RFC3339)
	}
	return noon(o.foc)
}

// enter puts the order into a state, and tells of it.
func (s *Server) enter(o *order, state string, at time.Time) {
	before := o.state
	o.state, o.since, o.modified = state, at, at
	text := strings.ToLower(state)
	if state == "EXCEPTION" && len(o.errors) > 0 {
		text = o.errors[0].Code + ": " + o.errors[0].Text
	}
	o.past = append(o.past, historyRow{Date: stamp(at), Note: text, Author: "System", Status: state})
	s.tell(o, before, state, at)
}

// create is [spec] CreatePortin. Which checks answer with HTTP 400 and which only make an EXCEPTION of the order no source tells (L1):
// here all of the peer's own do the former.
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
	o := &order{values: in, id: newID(), account: r.PathValue("account"), row: rowOf(in.first()), fate: in.first(), created: now}
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

// echo shows what was sent.
func echo(in values) lnpOrderResponse {
	out := lnpOrderResponse{RequestedFOC: in.RequestedFOC, CustomerOrderID: in.CustomerOrderID, LOAPerson: in.LOAPerson, BTN: in.BTN, NewBTN: in.NewBTN, Numbers: in.Numbers,
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
	if _, had := s.refused[o.key()]; o.row.born && !had {
		s.refuse(o, now)
	}
}

// refusal is a 400: it echoes what was sent, bears EXCEPTION and, where nothing was made, no id ([spec] CreatePortin).
func refusal(in values, wrong ...fault) lnpOrderResponse {
	out := echo(in)
	out.Status, out.Errors, out.State = &status{"400", "Validation Failed. Please check your input parameters."}, wrong, "EXCEPTION"
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

// faults are what the peer itself objects to in an order, before any carrier sees it.
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
	for code, part := range map[string]string{"7108": a.HouseNumber, "7109": a.StreetName, "7110": a.City, "7111": a.State, "7112": a.Zip} {
		must(part != "", code)
	}
	if in.RequestedFOC != "" {
		t, ok := in.when()
		must(ok, "7217")
		if ok {
			must(in.date() > s.now().In(eastern).Format(time.DateOnly), "7208")
			must(weekday(t.In(eastern)), "7315")
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

// list is [spec] ListPortins: filters, a page that is 1 or the id of its first order, links as texts, a total of all pages. Port-outs
// stand among the port-ins, without a reference ([SDK csharp] xmlLNPResponseWrapper); an empty list is 204 ([SDK ruby]).
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
		row := listRow{Count: len(o.Numbers), User: "api-user", Modified: stamp(o.modified), OrderDate: stamp(o.created), OrderID: o.id, OrderType: "port_in",
			RequestedFOC: o.requested(), AccountID: o.account, CustomerOrderID: o.CustomerOrderID, BTN: o.BTN, CarrierName: carrierOf(o.first()).name, State: o.state, Vendor: o.vendor()}
		if o.state == "FOC" || o.state == "COMPLETE" {
			row.ActualFOC = o.actual()
		}
		found = append(found, row)
	}
	if len(found) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	found = append([]listRow{{Count: 1, User: "Neustar", Modified: stamp(s.now()), OrderDate: stamp(s.now()), OrderID: strangers, OrderType: "port_out",
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

// ofOrder finds the order of a path. An unknown one is HTTP 400 on DELETE ([spec] DeletePortin) and, by the same token, on PUT, else
// 404; with which code no source shows (L9).
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

// portType is the order's: an off-net order of more than 49 numbers is turned into a manual one ([guide] stand-alone port-ins).
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
	out.Created, out.Modified, out.User, out.ModifiedBy, out.BillingType = stamp(o.created), stamp(o.modified), "api-user", "System", "PORTIN"
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

// maxLate is how many supplements a carrier takes after its FOC.
const maxLate = 3

// put is a supplement ([spec] UpdatePortin). What it leaves out is gone, the harsher reading of the documents.
func (s *Server) put(w http.ResponseWriter, r *http.Request, o *order) {
	var in values
	sent := decode(r, "LnpOrderSupp", &in)
	refuse := func(wrong ...fault) { reply(w, http.StatusBadRequest, refusalOf(o.id, wrong...)) }
	if sent.bad != "" {
		refuse(misplaced(sent.bad))
		return
	}
	if sent.has("WirelessInfo") && !(sent.has("AccountNumber") && sent.has("PinNumber")) { // which code no source tells (L5)
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
	if o.row.drops && o.state == "FOC" { // taken, and dropped: the next look shows why ([page] CLI reference, band portin supp)
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
	o.values, o.row, o.fate, o.modified = in, rowOf(in.first()), in.first(), s.now()
	if submit {
		s.submitted(o, s.now())
	}
	out := echo(in)
	out.OrderID, out.State, out.Status = o.id, o.state, &status{"200", "Supp request received. Please use the order id to check the status of your order later."}
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

// cancel is [spec] DeletePortin: it asks the carrier to let go, and answers without a body. An order that has not reached the
// carrier ends at once, a draft vanishes.
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
