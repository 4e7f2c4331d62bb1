package locals

import (
	"net/http"
	"time"
)

// activation is [spec] retrievePortinActivationStatus, for triggered orders alone. It is erased when the order is done;
// then the answer is 404, with the code of the sample, to which the list gives another meaning.
func (s *Server) activation(w http.ResponseWriter, _ *http.Request, o *order) {
	if code, status := s.inactive(o); code != "" {
		reply(w, status, activationResponse{Refused: &responseStatus{code, texts[code]}})
		return
	}
	reply(w, http.StatusOK, activationResponse{Told: &activationTold{Date: o.actual(), Active: &tnList{},
		Waiting: &tnList{o.Numbers}}})
}

// inactive returns the code for which an order has no activation now, and the HTTP status that goes with it; empty if
// it has one.
func (s *Server) inactive(o *order) (code string, status int) {
	switch {
	case o.over():
		return "7348", http.StatusNotFound
	case o.Triggered != "true":
		return "7345", http.StatusBadRequest
	case o.state != "FOC":
		return "7352", http.StatusBadRequest
	case o.foc > s.now().In(eastern).Format(time.DateOnly):
		return "7342", http.StatusBadRequest
	}
	return "", 0
}

// activate is [spec] UpdatePortinActivationStatus: a time that is past completes the order, and the answer tells the
// time alone.
func (s *Server) activate(w http.ResponseWriter, r *http.Request, o *order) {
	var in activation
	if decode(r, "ActivationStatus", &in).bad != "" {
		reply(w, http.StatusBadRequest, activationResponse{Refused: &responseStatus{"7338", texts["7338"]}})
		return
	}
	if code, status := s.inactive(o); code != "" {
		reply(w, status, activationResponse{Refused: &responseStatus{code, texts[code]}})
		return
	}
	at, err := time.Parse(time.RFC3339, in.Date)
	if err != nil {
		reply(w, http.StatusBadRequest, activationResponse{Refused: &responseStatus{"7338", texts["7338"]}})
		return
	}
	if !at.After(s.now()) {
		s.finish(o, s.now())
	}
	reply(w, http.StatusOK, activationResponse{Told: &activationTold{Date: in.Date}})
}
