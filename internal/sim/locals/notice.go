package locals

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// notice is something to tell the subscribers.
type notice struct {
	order *order
	body  notification
}

// toldOf are the states of which notices tell ([old guide] orderNotification).
var toldOf = strings.Fields("PENDING_DOCUMENTS SUBMITTED FOC REQUESTED_SUPP COMPLETE CANCELLED EXCEPTION " +
	"REQUESTED_CANCEL")

// tell queues what there is to tell of a new state.
func (s *Server) tell(o *order, before, state string, at time.Time) {
	if o.row.mute {
		return
	}
	states := []string{state}
	if o.row.jumbled {
		states = []string{state, before, state}
	}
	if o.row.doubled {
		states = []string{state, state}
	}
	for _, st := range states {
		if !slices.Contains(toldOf, st) {
			continue
		}
		n := notification{OrderType: "portins", OrderID: o.id, CustomerOrderID: o.CustomerOrderID, Status: st,
			Message: strings.ToLower(st), Modified: stamp(at)}
		if st == "FOC" {
			n.ActualFOC = o.foc + "T00:00:00Z" // that day, not the evening before
		}
		if st == "COMPLETE" {
			n.Completed = slices.DeleteFunc(slices.Clone(o.Numbers), func(tn string) bool { return slices.Contains(o.stay, tn) })
		}
		if o.row.backward {
			o.held = append(o.held, notice{o, n})
			continue
		}
		s.notices = append(s.notices, notice{o, n})
	}
	if state == "COMPLETE" && o.row.doubts {
		s.doubt(o, at)
	}
	if o.over() {
		slices.Reverse(o.held)
		s.notices = append(s.notices, o.held...)
		o.held = nil
	}
}

// demand is the note of the peer's people when a carrier asks for the LOA; no source shows one (L10).
const demand = "The losing carrier says that this port was not authorized. Please provide the signed LOA today, or the number goes back."

// doubt writes the demand on the order. A note alone is told too ([old guide] orderNotification).
func (s *Server) doubt(o *order, at time.Time) {
	o.notes = append(o.notes, note{ID: strconv.Itoa(87000 + len(o.notes)), User: "lnp-support", Text: demand, Modified: stamp(at)})
	s.notices = append(s.notices, notice{o, notification{OrderType: "portins", OrderID: o.id, CustomerOrderID: o.CustomerOrderID,
		Status: o.state, Message: "note added", Note: demand, Modified: stamp(at)}})
}

// Push moves the orders up to now and sends what there is to tell, once each: a notice that does not arrive is lost.
func (s *Server) Push(ctx context.Context) { s.Take()(ctx) }

// Take moves the orders up to now and takes what there is to tell off the server; the function that it returns sends
// it.
func (s *Server) Take() (send func(context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.move()
	notices, subs := s.notices, slices.Clone(s.subs)
	s.notices = nil
	now := s.now()
	if h := s.opts.Hook; h.URL != "" {
		subs = append(subs, subscription{ID: "hook", OrderType: "portins", URL: h.URL, User: h.User, Password: h.Password,
			Expiry: now.AddDate(1, 0, 0).Format(time.RFC3339)})
	}
	return func(ctx context.Context) {
		for _, n := range notices {
			for _, sub := range subs {
				if sub.OrderType != "portins" || sub.OrderID != "" && sub.OrderID != n.body.OrderID || !now.Before(expiry(sub)) {
					continue
				}
				n.body.SubscriptionID = sub.ID
				s.send(ctx, sub, n.body)
			}
		}
	}
}

// send posts a notice in the challenge style: without credentials first, with them when it is asked for them.
func (s *Server) send(ctx context.Context, sub subscription, n notification) {
	b, err := xml.Marshal(n)
	if err != nil {
		return
	}
	post := func(with bool) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, sub.URL, bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/xml")
		if with {
			req.SetBasicAuth(sub.User, sub.Password)
		}
		return s.opts.HTTP.Do(req)
	}
	res, err := post(false)
	if err != nil {
		return
	}
	drain(res)
	if res.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(strings.ToLower(res.Header.Get("WWW-Authenticate")),
		"basic") || sub.User == "" {
		return
	}
	if res, err := post(true); err == nil {
		drain(res)
	}
}

func drain(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // so that the connection serves again
	res.Body.Close()
}

// A subscription keeps its end in Expiry, as a time; the wire has the seconds that are left.
func expiry(sub subscription) time.Time {
	t, _ := time.Parse(time.RFC3339, sub.Expiry)
	return t
}

func (s *Server) taken(sub subscription, id string) subscription {
	seconds, err := strconv.Atoi(sub.Expiry)
	if err != nil {
		seconds = 86400
	}
	sub.ID, sub.Expiry = id, s.now().Add(time.Duration(seconds)*time.Second).Format(time.RFC3339)
	return sub
}

func (s *Server) shown(sub subscription) subscription {
	sub.Expiry = strconv.Itoa(int(expiry(sub).Sub(s.now()).Seconds()))
	sub.Password, sub.Status, sub.Format = "", "200 OK", "LEGACY"
	return sub
}

func (s *Server) listSubs(w http.ResponseWriter, _ *http.Request) {
	if len(s.subs) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	out := subscriptionList{}
	for _, sub := range s.subs {
		out.Subs = append(out.Subs, s.shown(sub))
	}
	reply(w, http.StatusOK, out)
}

func (s *Server) createSub(w http.ResponseWriter, r *http.Request) {
	var in subscription
	if decode(r, "Subscription", &in).bad != "" || in.OrderType == "" || in.URL == "" {
		// 404 ([spec] CreateSubscriptions)
		reply(w, http.StatusNotFound, subscriptionList{Code: "14501", Text: texts["14501"]})
		return
	}
	for _, sub := range s.subs {
		if sub.OrderType == in.OrderType && sub.URL == in.URL && sub.OrderID == in.OrderID {
			reply(w, http.StatusConflict, subscriptionList{Code: "16008", Text: texts["16008"]})
			return
		}
	}
	in = s.taken(in, newID())
	s.subs = append(s.subs, in)
	w.Header().Set("Location", path.Join(r.URL.Path, in.ID))
	w.WriteHeader(http.StatusCreated)
}

func (s *Server) ofSub(h func(http.ResponseWriter, *http.Request, int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(s.subs, func(sub subscription) bool { return sub.ID == r.PathValue("id") })
		if i < 0 {
			reply(w, http.StatusNotFound, subscriptionList{Code: "16000", Text: texts["16000"]})
			return
		}
		h(w, r, i)
	}
}

func (s *Server) getSub(w http.ResponseWriter, _ *http.Request, i int) {
	one := s.shown(s.subs[i])
	reply(w, http.StatusOK, subscriptionList{One: &one})
}

func (s *Server) putSub(w http.ResponseWriter, r *http.Request, i int) {
	var in subscription
	if decode(r, "Subscription", &in).bad != "" || in.OrderType == "" || in.URL == "" {
		reply(w, http.StatusNotFound, subscriptionList{Code: "14501", Text: texts["14501"]})
		return
	}
	s.subs[i] = s.taken(in, s.subs[i].ID)
}

func (s *Server) deleteSub(_ http.ResponseWriter, _ *http.Request, i int) {
	s.subs = slices.Delete(s.subs, i, i+1)
}
