package locals

import (
	"cmp"
	"net/http"
	"path"
	"strconv"
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
	if !decode(r, &in) || !isNumber(in.Working) {
		reply(w, http.StatusBadRequest, csrRefusal{Errors: []fault{faulty("7201")}})
		return
	}
	if s.down(w, r, in.Working) {
		return
	}
	c := &csr{csrIn: in.csrIn, id: newID(), account: r.PathValue("account"), state: "RECEIVED", created: s.now()}
	row := rowOf(in.Working)
	if row.wants {
		c.notes = append(c.notes, note{ID: "88000", User: "systemUser", Text: "end user PIN wanted", Modified: stamp(s.now())})
	}
	if row.csrNote != "" {
		c.notes = append(c.notes, note{ID: "88000", User: "systemUser", Text: row.csrNote, Modified: stamp(s.now())})
	}
	s.csrs = append(s.csrs, c)
	reply(w, http.StatusCreated, csrResponse{OrderID: c.id, Status: c.state})
}

// listCSRs lists the account's requests of the days since modifiedDateFrom.
func (s *Server) listCSRs(w http.ResponseWriter, r *http.Request) {
	since, err := time.Parse(time.DateOnly, r.URL.Query().Get("modifiedDateFrom"))
	if err != nil {
		since = time.Time{}
	}
	var list csrList
	for _, c := range s.csrs {
		if c.account == r.PathValue("account") && !c.created.Before(since) {
			list.Rows = append(list.Rows, csrResponse{OrderID: c.id, Account: c.account, Status: c.state, Created: stamp(c.created), csrIn: c.csrIn})
		}
	}
	if len(list.Rows) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
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
	out := csrResponse{OrderID: c.id, Account: c.account, Status: c.state, Created: stamp(c.created), Modified: stamp(s.now()), csrIn: c.csrIn}
	if c.state == "COMPLETE" {
		out.Data = c.record(row)
	}
	reply(w, http.StatusOK, out)
}

// record is the carrier's record. It echoes the request, which knows the order's details; unless a row says so it lists no
// numbers of the account, since the request knows one of them alone.
func (c *csr) record(r row) *csrData {
	d := &csrData{
		AccountNumber: c.AccountNumber, Customer: cmp.Or(c.EndUser, "Customer "+c.Working[6:]), BTN: cmp.Or(c.AccountTN, c.Working), Working: c.Working,
		Address: csrAddress{Unparsed: cmp.Or(c.Address, "12 Example Ave"), City: cmp.Or(c.City, "Sampleton"), State: cmp.Or(c.State, "NC"), Zip: cmp.Or(c.Zip, "27000")},
	}
	if r.record != nil {
		r.record(d, c.csrIn)
	}
	return d
}

func (s *Server) putCSR(w http.ResponseWriter, r *http.Request, c *csr) {
	var in csrRequest
	if !decode(r, &in) {
		reply(w, http.StatusBadRequest, csrRefusal{Errors: []fault{faulty("7612")}})
		return
	}
	if in.Status == "REQUESTED_CANCEL" {
		c.state = "CANCELLED"
	} else {
		in.Working = c.Working
		c.csrIn, c.supplied = in.csrIn, in.PIN != ""
	}
	reply(w, http.StatusOK, csrResponse{OrderID: c.id, Status: c.state})
}

func (s *Server) csrNotes(w http.ResponseWriter, _ *http.Request, c *csr) {
	if len(c.notes) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	reply(w, http.StatusOK, noteList{Notes: c.notes})
}

func (s *Server) addCSRNote(w http.ResponseWriter, r *http.Request, c *csr) {
	var n note
	if !decode(r, &n) || n.User == "" {
		reply(w, http.StatusBadRequest, refusal(faulty("12501")))
		return
	}
	n.ID, n.Modified = strconv.Itoa(88000+len(c.notes)), stamp(s.now())
	c.notes = append(c.notes, n)
	w.Header().Set("Location", path.Join(r.URL.Path, n.ID))
	w.WriteHeader(http.StatusCreated)
}
