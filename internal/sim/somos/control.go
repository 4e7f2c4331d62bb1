package somos

import (
	"encoding/json"
	"net/http"
	"time"
)

// Transactions is the answer of GET /_sim/transactions.
type Transactions struct {
	// Submits counts the submits carried out for each of the submitters' own keys (the first word of the notes).
	Submits      map[string]int `json:"submits"`
	Transactions []Transaction  `json:"transactions"`
	// Takeovers counts the sign-ins that ended another session.
	Takeovers int `json:"takeovers"`
}

// Transaction is one request as the registry has it.
type Transaction struct {
	TxnID     string    `json:"txnID"`
	Key       string    `json:"key"`
	Submitted time.Time `json:"submitted"`
	Due       string    `json:"due"`
	Numbers   []Number  `json:"numbers"`
}

// Number is one number of a request.
type Number struct {
	Number string   `json:"num"`
	Status string   `json:"status"`
	Codes  []string `json:"codes,omitempty"`
}

// Transactions tells what the registry has; it is GET /_sim/transactions.
func (s *Server) Transactions() Transactions {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.opts.Now().Add(s.skew))
	return s.transactions()
}

func (s *Server) transactions() Transactions {
	all := Transactions{Submits: map[string]int{}, Transactions: []Transaction{}, Takeovers: s.takeovers}
	for key, n := range s.submits {
		all.Submits[key] = n
	}
	for _, t := range s.txns {
		shown := Transaction{TxnID: t.id, Key: keyOf(t.notes), Submitted: t.submitted, Due: s.dueOf(t)}
		for _, n := range t.numbers {
			shown.Numbers = append(shown.Numbers, Number{n.num, n.status, n.codes})
		}
		all.Transactions = append(all.Transactions, shown)
	}
	return all
}

// Advance moves the registry's clock ahead; it is POST /_sim/advance with {"steps":n} or {"by":"90m"}, one step without
// either.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew += d
}

func (s *Server) control(method, what string, body []byte) reply {
	switch {
	case method == http.MethodGet && what == "transactions":
		return ok(s.transactions())
	case method == http.MethodGet && what == "magic":
		return ok(Magic())
	case method == http.MethodPost && what == "advance":
		in := struct {
			Steps int    `json:"steps"`
			By    string `json:"by"`
		}{}
		if len(body) > 0 && json.Unmarshal(body, &in) != nil {
			return gateway(http.StatusBadRequest, "malformed body")
		}
		by, err := time.ParseDuration(in.By)
		if in.By != "" && err != nil || by < 0 || in.Steps < 0 {
			return gateway(http.StatusBadRequest, "malformed body")
		}
		if by == 0 {
			by = time.Duration(max(in.Steps, 1)) * s.opts.Step
		}
		s.skew += by
		return ok(object{"now": s.opts.Now().Add(s.skew)})
	}
	return gateway(http.StatusNotFound, "no such resource")
}
