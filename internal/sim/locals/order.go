package locals

import (
	"cmp"
	"encoding/xml"
	"io"
	"net/http"
	"path"
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

func (o *order) over() bool { return o.state == "COMPLETE" || o.state == "CANCELLED" }

var eastern = func() *time.Location {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return loc
}()

// draftLife is how long a draft that nobody touches stays.
const draftLife = 48 * time.Hour

// partner is who serves numbers out of the own footprint.
const partner = "Partner One"

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
	case !refused && !o.row.after && (o.row.fine == nil || !o.row.fine(now)):
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
	f := faulty(o.row.code(o.values))
	if o.row.words != "" {
		f.Text = o.row.words
	}
	if o.row.vendor != "" {
		f.Text += " [" + o.row.vendor + "]"
	}
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
	day, err := time.ParseInLocation("2006-01-02", o.date(), eastern)
	if err != nil || o.date() < at.In(eastern).Format("2006-01-02") {
		day = at.In(eastern)
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
	return day.Format("2006-01-02")
}

func weekday(t time.Time) bool { return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday }

// noon is the instant of activation on a day: half past eleven in New York.
func noon(day string) string {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" 11:30", eastern)
	if err != nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
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

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	var in values
	if !decode(r, &in) || in.XMLName.Local != "LnpOrder" {
		reply(w, http.StatusBadRequest, refusal(faulty("7612")))
		return
	}
	if s.down(w, r, in.first()) {
		return
	}
	draft := strings.EqualFold(in.State, "DRAFT") // hardly anything is checked
	if wrong := s.faults(in, nil); len(wrong) > 0 && !draft {
		reply(w, http.StatusBadRequest, refusal(wrong...))
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
	out := o.wire()
	out.OrderID, out.Status = o.id, &status{"201", "accepted"}
	w.Header().Set("Location", path.Join(r.URL.Path, o.id))
	reply(w, http.StatusCreated, out)
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

func refusal(wrong ...fault) lnpOrderResponse {
	return lnpOrderResponse{Status: &status{"400", "validation failed"}, Errors: wrong, State: "EXCEPTION"}
}

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
	must(len(in.CustomerOrderID) <= 40, "7318")
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
	for code, part := range map[string]string{"7108": a.HouseNumber, "7109": a.StreetName, "7110": a.City, "7111": a.State, "7112": a.Zip} {
		must(part != "", code)
	}
	if in.RequestedFOC != "" {
		day, err := time.ParseInLocation("2006-01-02", in.date(), eastern)
		must(err == nil, "7207")
		if err == nil {
			must(day.After(s.now()), "7208")
			must(weekday(day), "7315")
		}
	}
	seen := map[string]bool{}
	for _, tn := range in.Numbers {
		must(isNumber(tn), "7201", tn)
		must(!seen[tn], "7502", tn)
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

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("page") == "" || q.Get("size") == "" {
		reply(w, http.StatusBadRequest, refusal(faulty("7612")))
		return
	}
	out := listResponse{}
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
			RequestedFOC: noon(o.date()), AccountID: o.account, CustomerOrderID: o.CustomerOrderID, BTN: o.BTN, CarrierName: carrierOf(o.first()).name, State: o.state}
		if o.state == "FOC" || o.state == "COMPLETE" {
			row.ActualFOC = noon(o.foc)
		}
		out.Rows = append(out.Rows, row)
	}
	size, err := strconv.Atoi(q.Get("size"))
	if err == nil && len(out.Rows) > size {
		out.Rows = out.Rows[:size]
	}
	out.Total = len(out.Rows)
	if out.Total == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	reply(w, http.StatusOK, out)
}

// ofOrder finds the order of a path.
func (s *Server) ofOrder(h func(http.ResponseWriter, *http.Request, *order)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, o := range s.orders {
			if o.id != r.PathValue("id") || o.account != r.PathValue("account") {
				continue
			}
			if !s.down(w, r, o.first()) {
				h(w, r, o)
			}
			return
		}
		reply(w, http.StatusNotFound, refusal(faulty("7200")))
	}
}

// get leaves the order's id out, as the published samples do.
func (s *Server) get(w http.ResponseWriter, _ *http.Request, o *order) {
	reply(w, http.StatusOK, o.wire())
}

func (o *order) wire() lnpOrderResponse {
	sub := o.Subscriber
	sub.Address.AddressType = "Service"
	c := carrierOf(o.first())
	out := lnpOrderResponse{
		State: o.state, Errors: o.errors, RequestedFOC: noon(o.date()), CustomerOrderID: o.CustomerOrderID, LOAPerson: o.LOAPerson, BTN: o.BTN,
		NewBTN: o.NewBTN, Subscriber: &sub, Numbers: o.Numbers, Site: o.Site, Peer: o.Peer, PartialPort: o.PartialPort, Triggered: o.Triggered, BillingType: "PORTIN",
		PON: "979E" + strings.ToUpper(o.id[:8]), AccountID: o.account, SPID: c.spid, CarrierName: c.name, IsWireless: strconv.FormatBool(c.mobile),
		Created: stamp(o.created), Modified: stamp(o.modified), User: "api-user", PortType: cmp.Or(o.row.portType, "AUTOMATED"),
	}
	if offNet(o.first()) {
		out.Vendor = partner
	}
	if o.row.warns != "" {
		out.Errors = append(slices.Clone(o.errors), faulty(o.row.warns))
	}
	if o.Wireless != (wirelessInfo{}) {
		out.Wireless = &o.Wireless
	}
	if o.state == "FOC" || o.state == "COMPLETE" {
		out.ActualFOC = noon(o.foc)
	}
	return out
}

// maxLate is how many supplements a carrier takes after its FOC.
const maxLate = 3

// put is a supplement. What it leaves out is gone, the harsher reading of the documents.
func (s *Server) put(w http.ResponseWriter, r *http.Request, o *order) {
	var in values
	if !decode(r, &in) || in.XMLName.Local != "LnpOrderSupp" {
		reply(w, http.StatusBadRequest, refusal(faulty("7612")))
		return
	}
	switch o.state {
	case "CANCELLED":
		reply(w, http.StatusBadRequest, refusal(faulty("7303")))
		return
	case "COMPLETE":
		reply(w, http.StatusBadRequest, refusal(faulty("7304")))
		return
	case "REQUESTED_CANCEL":
		reply(w, http.StatusBadRequest, refusal(faulty("7353")))
		return
	case "DRAFT":
		s.putDraft(w, in, o)
		return
	}
	if code := o.refuses(in); code != "" {
		reply(w, http.StatusBadRequest, refusal(faulty(code)))
		return
	}
	if wrong := s.faults(in, o); len(wrong) > 0 {
		reply(w, http.StatusBadRequest, refusal(wrong...))
		return
	}
	if o.state == "FOC" {
		if o.late == maxLate {
			reply(w, http.StatusBadRequest, refusal(faulty("7483")))
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
	reply(w, http.StatusOK, lnpOrderResponse{OrderID: o.id, Status: &status{"200", "supp taken"}, State: "REQUESTED_SUPP", RequestedFOC: noon(o.date())})
}

// putDraft changes a draft, and submits it when it says so.
func (s *Server) putDraft(w http.ResponseWriter, in values, o *order) {
	submit := strings.EqualFold(in.State, "SUBMITTED")
	if submit {
		if wrong := s.faults(in, o); len(wrong) > 0 {
			reply(w, http.StatusBadRequest, refusal(wrong...))
			return
		}
	}
	o.values, o.row, o.fate, o.modified = in, rowOf(in.first()), in.first(), s.now()
	if submit {
		s.submitted(o, s.now())
	}
	reply(w, http.StatusOK, lnpOrderResponse{OrderID: o.id, Status: &status{"200", "draft taken"}, State: o.state, RequestedFOC: noon(o.date())})
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

// cancel asks the carrier to let go; an order that has not reached it ends at once.
func (s *Server) cancel(w http.ResponseWriter, _ *http.Request, o *order) {
	switch {
	case o.state == "CANCELLED":
		reply(w, http.StatusBadRequest, refusal(faulty("7303")))
	case o.state == "COMPLETE":
		reply(w, http.StatusBadRequest, refusal(faulty("7304")))
	case o.state == "REQUESTED_CANCEL":
		reply(w, http.StatusBadRequest, refusal(faulty("7353")))
	case o.state == "DRAFT":
		s.orders = slices.DeleteFunc(s.orders, func(x *order) bool { return x == o })
	case o.row.freeze && o.state == "FOC":
		reply(w, http.StatusBadRequest, refusal(faulty("7301")))
	case o.row.kept:
		reply(w, http.StatusBadRequest, refusal(faulty("7432")))
	case o.state == "PENDING_DOCUMENTS":
		s.enter(o, "CANCELLED", s.now())
	default:
		o.errors = nil
		s.enter(o, "REQUESTED_CANCEL", s.now())
	}
}

func (s *Server) history(w http.ResponseWriter, _ *http.Request, o *order) {
	if o.state == "DRAFT" {
		reply(w, http.StatusOK, historyList{Refused: &status{"7710", texts["7710"]}})
		return
	}
	reply(w, http.StatusOK, historyList{Rows: o.past})
}

func (s *Server) notes(w http.ResponseWriter, _ *http.Request, o *order) {
	if len(o.notes) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	reply(w, http.StatusOK, noteList{Notes: o.notes})
}

// addNote also makes a silent carrier speak.
func (s *Server) addNote(w http.ResponseWriter, r *http.Request, o *order) {
	var n note
	if !decode(r, &n) || n.User == "" {
		reply(w, http.StatusBadRequest, refusal(faulty("12501")))
		return
	}
	n.ID, n.Modified = strconv.Itoa(87000+len(o.notes)), stamp(s.now())
	o.notes = append(o.notes, n)
	if o.row.silent && !o.spoken {
		o.spoken, o.since = true, s.now()
	}
	w.Header().Set("Location", path.Join(r.URL.Path, n.ID))
	w.WriteHeader(http.StatusCreated)
}

func (s *Server) putNote(w http.ResponseWriter, r *http.Request, o *order) {
	var n note
	i := slices.IndexFunc(o.notes, func(n note) bool { return n.ID == r.PathValue("note") })
	if i < 0 || !decode(r, &n) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	o.notes[i].Text, o.notes[i].Modified = n.Text, stamp(s.now())
}

func (s *Server) tns(w http.ResponseWriter, _ *http.Request, o *order) {
	reply(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"TelephoneNumbers"`
		Count   int      `xml:"Count"`
		Numbers []string `xml:"TelephoneNumber"`
	}{Count: len(o.Numbers), Numbers: o.Numbers})
}

func (s *Server) totals(w http.ResponseWriter, _ *http.Request, o *order) {
	reply(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"Quantity"`
		Count   int      `xml:"Count"`
	}{Count: len(o.Numbers)})
}

func (s *Server) files(w http.ResponseWriter, r *http.Request, o *order) {
	out := fileList{Count: len(o.files), Code: "0", Text: "listed"}
	for _, f := range o.files {
		if r.URL.Query().Get("metadata") == "true" {
			out.Rows = append(out.Rows, fileRow{f.name, f.kind, f.text})
		} else {
			out.Names = append(out.Names, f.name)
		}
	}
	reply(w, http.StatusOK, out)
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request, o *order) {
	endings := map[string]string{"application/pdf": "pdf", "image/tiff": "tiff", "image/jpeg": "jpeg", "image/png": "png", "text/plain": "txt"}
	kind := cmp.Or(r.URL.Query().Get("documentType"), r.Header.Get("documentType"), "LOA")
	ending := endings[r.Header.Get("Content-Type")]
	if ending == "" || r.ContentLength > 3<<20 || !slices.Contains([]string{"LOA", "INVOICE", "CSR", "OTHER"}, kind) {
		reply(w, http.StatusBadRequest, uploadResponse{Code: "7638", Text: texts["7638"]})
		return
	}
	f := file{name: o.id + "-" + strconv.FormatInt(s.now().UnixMilli()+int64(len(o.files)), 10) + "." + ending, kind: kind, contentType: r.Header.Get("Content-Type")}
	f.body, _ = io.ReadAll(r.Body) // from memory
	o.files = append(o.files, f)
	if o.state == "PENDING_DOCUMENTS" && kind == "LOA" {
		s.enter(o, "SUBMITTED", s.now())
	}
	reply(w, http.StatusCreated, uploadResponse{Name: f.name, Code: "0", Text: "stored"})
}

// ofFile finds the file of a path.
func (o *order) ofFile(r *http.Request) *file {
	i := slices.IndexFunc(o.files, func(f file) bool { return f.name == r.PathValue("file") })
	if i < 0 {
		return nil
	}
	return &o.files[i]
}

func (s *Server) download(w http.ResponseWriter, r *http.Request, o *order) {
	f := o.ofFile(r)
	if f == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", f.contentType)
	_, _ = w.Write(f.body) // into memory
}

func (s *Server) metadata(w http.ResponseWriter, r *http.Request, o *order) {
	f := o.ofFile(r)
	if f == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	reply(w, http.StatusOK, fileMetaData{Text: f.text, Type: f.kind})
}

func (s *Server) putMetadata(w http.ResponseWriter, r *http.Request, o *order) {
	var in fileMetaData
	f := o.ofFile(r)
	switch {
	case f == nil:
		w.WriteHeader(http.StatusNotFound)
	case !decode(r, &in) || len([]rune(in.Text)) > 50:
		reply(w, http.StatusBadRequest, refusal(faulty("7800")))
	default:
		f.text, f.kind = in.Text, cmp.Or(in.Type, f.kind)
		reply(w, http.StatusOK, in)
	}
}

func (s *Server) removeFile(w http.ResponseWriter, r *http.Request, o *order) {
	n := len(o.files)
	o.files = slices.DeleteFunc(o.files, func(f file) bool { return f.name == r.PathValue("file") })
	if len(o.files) == n {
		w.WriteHeader(http.StatusNotFound)
	}
}

func (s *Server) activation(w http.ResponseWriter, _ *http.Request, o *order) {
	out := activationResponse{Date: noon(o.foc), Waiting: o.Numbers}
	if o.state == "COMPLETE" {
		out.Active, out.Waiting = slices.DeleteFunc(slices.Clone(o.Numbers), func(tn string) bool { return slices.Contains(o.stay, tn) }), o.stay
	}
	reply(w, http.StatusOK, out)
}

// activate completes a triggered order that has its FOC.
func (s *Server) activate(w http.ResponseWriter, r *http.Request, o *order) {
	var in activation
	refuse := func(code string) {
		reply(w, http.StatusBadRequest, activationResponse{Code: code, Text: texts[code]})
	}
	switch {
	case !decode(r, &in):
		refuse("7612")
	case o.state == "COMPLETE":
		reply(w, http.StatusNotFound, activationResponse{Code: "7348", Text: "complete"})
	case o.Triggered != "true":
		refuse("7345")
	case o.state != "FOC":
		refuse("7352")
	default:
		s.finish(o, s.now())
		s.activation(w, r, o)
	}
}
