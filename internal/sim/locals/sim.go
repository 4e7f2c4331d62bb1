package locals

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// View is the answer of GET /_sim/orders: the orders and requests that have come in, without account numbers, PINs and
// names.
type View struct {
	Now    time.Time      `json:"now"`
	Orders []OrderView    `json:"orders"`
	LSRs   map[string]int `json:"lsrs"` // how many orders were made under each CustomerOrderId
	CSRs   map[string]int `json:"csrs"` // how many CSR requests
}

// OrderView is one order.
type OrderView struct {
	OrderID         string   `json:"orderId"`
	CustomerOrderID string   `json:"customerOrderId"`
	Numbers         []string `json:"numbers"`
	Status          string   `json:"status"`
	Requested       string   `json:"requested"` // the date asked for
	FOC             string   `json:"foc,omitempty"`
	Supplements     int      `json:"supplements"`
	LOAs            int      `json:"loas"`
	Notes           int      `json:"notes,omitempty"`
	Errors          []string `json:"errors,omitempty"` // codes
	History         []string `json:"history"`          // the states it went through
	Story           string   `json:"story"`
}

// View is the same for a test in the same process.
func (s *Server) View() View {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.move()
	return s.view()
}

func (s *Server) view() View {
	v := View{Now: s.now(), Orders: []OrderView{}, LSRs: map[string]int{}, CSRs: map[string]int{}}
	for _, o := range s.orders {
		loas, _ := o.sent()
		row := OrderView{OrderID: o.id, CustomerOrderID: o.CustomerOrderID, Numbers: o.Numbers, Status: o.state,
			Requested: o.date(), FOC: o.foc,
			Supplements: o.supps, LOAs: loas, Notes: len(o.notes), Story: o.row.story}
		for _, f := range o.errors {
			row.Errors = append(row.Errors, f.Code)
		}
		for _, p := range o.past {
			row.History = append(row.History, p.Status)
		}
		v.Orders = append(v.Orders, row)
		v.LSRs[o.CustomerOrderID]++
	}
	for _, c := range s.csrs {
		v.CSRs[c.CustomerOrderID]++
	}
	return v
}

// controls are the calls by which a person or a test decides what happens:
//
//	GET  /_sim/orders                                   what has come in
//	POST /_sim/advance {"by": "24h"}                    moves the clock
//	POST /_sim/answer  {"order": "…", "status": "FOC", "date": "2030-03-18"}
//	POST /_sim/answer  {"order": "…", "status": "EXCEPTION", "code": "7402", "vendor": "8D"}; any other status too
//	                   or in the carrier's own words:
//	                   "code": "7417", "text": "several accounts", "numbers": ["2065550123"]
//	POST /_sim/trouble {"kind": "429", "times": 3}      the next calls meet trouble: 429, 5xx, 503, garbage, slow
//	GET  /_sim/magic                                    the table of numbers
//
// An order is named by its id, its CustomerOrderId or one of its numbers; the newest one counts.
func (s *Server) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sim/orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		_ = e.Encode(s.view()) // into memory
	})
	mux.HandleFunc("POST /_sim/advance", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ By string }
		_ = json.NewDecoder(r.Body).Decode(&in) // a bad body has no duration
		by, err := time.ParseDuration(in.By)
		if err != nil || by < 0 {
			http.Error(w, `want {"by": "24h"}`, http.StatusBadRequest)
			return
		}
		s.ahead += by
		s.move()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /_sim/answer", s.speak)
	mux.HandleFunc("POST /_sim/trouble", s.setTrouble)
	mux.HandleFunc("GET /_sim/magic", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(Magic()) // into memory
	})
	return mux
}

// speak says what an order's carrier says.
func (s *Server) speak(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Order, Status, Date, Code, Vendor string
		Text                              string   // the carrier's own words, in place of the usual ones
		Numbers                           []string // the refusal names them
	}
	_ = json.NewDecoder(r.Body).Decode(&in) // a bad body names no order
	var o *order
	for _, x := range s.orders {
		if in.Order != "" && (x.id == in.Order || x.CustomerOrderID == in.Order || slices.Contains(x.Numbers, in.Order)) {
			o = x
		}
	}
	if o == nil {
		http.Error(w, "no such order", http.StatusNotFound)
		return
	}
	o.spoken = true
	switch in.Status {
	case "FOC":
		o.errors, o.foc = nil, in.Date
		if o.foc == "" {
			o.foc = s.granted(o, s.now())
		}
	case "EXCEPTION", "CANCELLED":
		o.errors = nil
		if in.Code != "" {
			f := fault{Code: in.Code, Text: meaning(in.Code, in.Vendor)}
			if p, ok := partnerCodes()[in.Code]; ok {
				f.Text, o.ended = p.text(), p.asks == anew || p.asks == never
			}
			f.Text, f.Numbers = cmp.Or(in.Text, f.Text), in.Numbers
			o.errors = []fault{f}
		}
	case "":
		http.Error(w, "want a status, such as SUBMITTED, FOC, EXCEPTION, CANCELLED or COMPLETE", http.StatusBadRequest)
		return
	default:
		o.errors = nil
	}
	s.enter(o, in.Status, s.now())
	w.WriteHeader(http.StatusNoContent)
}
