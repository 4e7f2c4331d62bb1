package locals

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// down makes the peer misbehave for the first calls about a number whose row says so; true when the call is answered by
// that.
func (s *Server) down(w http.ResponseWriter, r *http.Request, number string) bool {
	row := rowOf(number)
	kind := row.trouble
	if row.down {
		kind = "503"
	}
	switch {
	case kind == "" || s.outages[number] >= s.opts.Down:
		return false
	case kind == redirect:
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/portins/") || r.URL.Query().Has("again") {
			return false
		}
		w.Header().Set("Location", r.URL.Path+"?again=1")
		w.WriteHeader(http.StatusSeeOther)
		return true
	case kind == pending:
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/portins/") ||
			strings.HasSuffix(r.URL.Path, "/loas") {
			return false
		}
	}
	s.outages[number]++
	return s.misbehave(w, kind, s.outages[number])
}

// misbehave answers in that way for the nth time; false when the call is to go on.
func (s *Server) misbehave(w http.ResponseWriter, kind string, nth int) bool {
	switch kind {
	case garbage:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><head><title>Welcome<body>It works!<br>")) // into memory
	case tooMany: // no body, and the end of the wait in epoch seconds ([old guide] rateLimits)
		now := time.Now()
		w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(now.Unix()+1, 10))
		w.WriteHeader(http.StatusTooManyRequests)
	case broken:
		w.WriteHeader([]int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout}[(nth-1)%3])
	case pending:
		// [list] LnpApiStatus
		reply(w, http.StatusOK, lnpOrderResponse{Status: &status{"241", "The order is still pending."}})
	case slow:
		if a, ok := w.(*answer); ok {
			a.slow = true
		}
		return false
	default:
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	return true
}

// burst is trouble of the next calls, as /_sim/trouble has asked for it.
type burst struct {
	kind  string
	left  int
	given int
}

func (s *Server) troubled(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.burst.left > 0 {
			s.burst.left--
			s.burst.given++
			if s.misbehave(w, s.burst.kind, s.burst.given) {
				return
			}
		}
		h.ServeHTTP(w, r)
	})
}

// setTrouble is POST /_sim/trouble.
func (s *Server) setTrouble(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Kind  string
		Times int
	}
	_ = json.NewDecoder(r.Body).Decode(&in) // a bad body names no trouble
	if in.Times < 0 || !slices.Contains([]string{garbage, tooMany, broken, slow, "503"}, in.Kind) {
		http.Error(w, `want {"kind": "429", "times": 3}; or kind garbage, 5xx, 503, slow`, http.StatusBadRequest)
		return
	}
	s.burst = burst{kind: in.Kind, left: in.Times}
	w.WriteHeader(http.StatusNoContent)
}

// tokenLife is the life of an access token, by the server's clock.
const tokenLife = time.Hour

// token is the token service of OAuth2: client id and secret are the user and the password.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	if r.Method != http.MethodPost || !equal(user, s.opts.User) || !equal(password, s.opts.Password) ||
		r.FormValue("grant_type") != "client_credentials" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	token := newID()
	s.tokens[token] = s.now().Add(tokenLife)
	w.Header().Set("Content-Type", "application/json")
	// into memory
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": token, "token_type": "Bearer",
		"expires_in": int(tokenLife.Seconds())})
}

func (s *Server) authorized(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			if s.now().Before(s.tokens[token]) {
				h.ServeHTTP(w, r)
				return
			}
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		user, password, _ := r.BasicAuth()
		if !equal(user, s.opts.User) || !equal(password, s.opts.Password) {
			w.Header().Set("WWW-Authenticate", `Basic realm="numbers"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}
