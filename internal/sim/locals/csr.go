package locals

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// csr is a request for a carrier's record.
type csr struct {
	csrIn
	id, account string
	state       string
	reads       int
	supplied    bool // a PUT has brought the PIN
	notes       []note
	created     time.Time
}

func (s *Server) createCSR(w http.ResponseWriter, r *http.Request) {
	var in csrRequest
	if bad := decode(r, "Csr", &in).bad; bad != "" {
		reply(w, http.StatusBadRequest, csrRefusal{Errors: []fault{misplaced(bad)}})
		return
	}
	if wrong := in.faults(); len(wrong) > 0 {
		reply(w, http.StatusBadRequest, csrRefusal{Errors: wrong})
		return
	}
	if s.down(w, r, in.Working) {
		return
	}
	c := &csr{csrIn: in.csrIn, id: newID(), account: r.PathValue("account"), state: "RECEIVED", created: s.now()}
	row := rowOf(in.Working)
	if row.wants {
		c.PIN = "" // the carrier does not have the PIN of the first request
		c.notes = append(c.notes, note{ID: "88000", User: "systemUser", Text: "end user PIN wanted",
			Modified: stamp(s.now())})
	}
	s.csrs = append(s.csrs, c)
	w.Header().Set("Location", path.Join(r.URL.Path, c.id)) // [old guide] csrLookup
	reply(w, http.StatusCreated, csrResponse{OrderID: c.id, Status: c.state})
}

// faults returns the elements that are longer than [spec] Csr allows.
func (in csrRequest) faults() []fault {
	var wrong []fault
	if !isNumber(in.Working) {
		wrong = append(wrong, fault{Code: "7201", Text: in.Working + " is not a valid NANP telephone number."})
	}
	for text, most := range map[*string]int{&in.AccountNumber: 20, &in.AccountTN: 10, &in.EndUser: 100,
		&in.Authorizing: 100, &in.PIN: 50, &in.Password: 100,
		&in.Address: 200, &in.City: 100, &in.Zip: 10, &in.Service: 50, &in.CustomerOrderID: 40} {
		if len([]rune(*text)) > most {
			wrong = append(wrong, faulty("1011"))
		}
	}
	if len(in.State) != 2 && in.State != "" {
		wrong = append(wrong, faulty("7395"))
	}
	return wrong
}

// listCSRs is [spec] ReadCsrOrders: the account's requests of the days since modifiedDateFrom, by pages like those of
// orders.
func (s *Server) listCSRs(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	since, err := time.Parse(time.DateOnly, q.Get("modifiedDateFrom"))
	if err != nil {
		since = time.Time{}
	}
	size, err := strconv.Atoi(cmp.Or(q.Get("size"), "300"))
	if err != nil || size < 1 {
		reply(w, http.StatusBadRequest, csrRefusal{Errors: []fault{faulty("7612")}})
		return
	}
	var all []csrResponse
	for _, c := range s.csrs {
		if c.account == r.PathValue("account") && !c.created.Before(since) {
			all = append(all, s.shownCSR(c))
		}
	}
	if len(all) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	first := max(0, slices.IndexFunc(all, func(c csrResponse) bool { return c.OrderID == q.Get("page") }))
	list := csrList{Total: len(all), Links: links{First: link(r, "1", "first")}, Rows: all[first:]}
	if len(list.Rows) > size {
		list.Links.Next = link(r, list.Rows[size].OrderID, "next")
		list.Rows = list.Rows[:size]
	}
	reply(w, http.StatusOK, list)
}

func (s *Server) ofCSR(h func(http.ResponseWriter, *http.Request, *csr)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, c := range s.csrs {
			if c.id != r.PathValue("id") || c.account != r.PathValue("account") {
				continue
			}
			if !s.down(w, r, c.Working) {
				h(w, r, c)
			}
			return
		}
		reply(w, http.StatusNotFound, csrRefusal{Errors: []fault{faulty("7200")}})
	}
}

func (s *Server) getCSR(w http.ResponseWriter, _ *http.Request, c *csr) {
	row := rowOf(c.Working)
	c.reads++
	switch {
	case c.state == "CANCELLED":
	case c.reads < row.reads:
		c.state = "PROCESSING"
	case row.wants && !c.supplied:
		c.state = "ACTION_REQUIRED"
	default:
		c.state = cmp.Or(row.csr, "COMPLETE")
	}
	reply(w, http.StatusOK, s.shownCSR(c))
}

// shownCSR is the answer to a reading of a CSR request: the request with its PIN, and the record or the reasons why there
// is none.
func (s *Server) shownCSR(c *csr) csrResponse {
	row := rowOf(c.Working)
	out := csrResponse{OrderID: c.id, Account: c.account, ModifiedBy: "systemUser", Status: c.state,
		Created: c.created.UTC().Format(time.RFC3339), Modified: stamp(s.now()), csrIn: c.csrIn}
	switch c.state {
	case "COMPLETE":
		out.Data = c.record(row)
	case "FAILED":
		out.Errors = &errorList{[]fault{faulty("26500")}}
	}
	if row.csrError && c.state == "COMPLETE" { // [SDK java] csrResponse has both
		out.Errors = &errorList{[]fault{faulty("26500")}}
	}
	if row.odd {
		out.Status = out.Status[:1] + strings.ToLower(out.Status[1:])
	}
	return out
}

// record is the carrier's record. It echoes the request, which knows the order's details; unless a row says so it lists
// no numbers of the account, since the request knows one of them alone.
func (c *csr) record(r row) *csrData {
	d := &csrData{
		AccountNumber: c.AccountNumber, Customer: cmp.Or(c.EndUser, "Customer "+c.Working[6:]),
		BTN: cmp.Or(c.AccountTN, c.Working), Working: c.Working,
		Address: csrAddress{Unparsed: cmp.Or(c.Address, "12 Example Ave"), City: cmp.Or(c.City, "Sampleton"),
			State: cmp.Or(c.State, "NC"), Zip: cmp.Or(c.Zip, "27000")},
	}
	if r.record != nil {
		r.record(d, c.csrIn)
	}
	return d
}

func (s *Server) putCSR(w http.ResponseWriter, r *http.Request, c *csr) {
	var in csrRequest
	if bad := decode(r, "Csr", &in).bad; bad != "" {
		reply(w, http.StatusBadRequest, csrRefusal{Errors: []fault{misplaced(bad)}})
		return
	}
	if in.Status == "REQUESTED_CANCEL" {
		c.state = "CANCELLED"
	} else {
		in.Working = c.Working
		c.csrIn, c.supplied = in.csrIn, in.PIN != ""
	}
	reply(w, http.StatusOK, s.shownCSR(c)) // [spec] UpdateCsrOrder
}

func (s *Server) csrNotes(w http.ResponseWriter, _ *http.Request, c *csr) {
	if len(c.notes) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	reply(w, http.StatusOK, noteList{Notes: c.notes})
}

func (s *Server) addCSRNote(w http.ResponseWriter, r *http.Request, c *csr) {
	n, ok := s.noted(w, r)
	if !ok {
		return
	}
	n.ID, n.Modified = strconv.Itoa(88000+len(c.notes)), stamp(s.now())
	c.notes = append(c.notes, n)
	w.Header().Set("Location", path.Join(r.URL.Path, n.ID))
	w.WriteHeader(http.StatusCreated)
}
