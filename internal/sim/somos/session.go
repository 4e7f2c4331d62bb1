package somos

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// login is a user who may sign in.
type login struct {
	user, password, respOrg string

	session  session
	override override
}

// session is the one live session of a login.
type session struct {
	access, refresh string
	key, secret     string
	accessUntil     time.Time
	refreshUntil    time.Time
}

// override is the key by which a second sign-in takes the session over.
type override struct {
	key   string
	until time.Time
}

// overrideLife is the life of such a key.
const overrideLife = time.Minute

func (s *Server) open(c call) reply {
	var in struct {
		User     string `json:"usrName"`
		Password string `json:"password"`
		Override string `json:"sessOverrideKey"`
	}
	if json.Unmarshal(c.raw, &in) != nil {
		return gateway(http.StatusBadRequest, "malformed body")
	}
	i := slices.IndexFunc(s.logins, func(l *login) bool { return l.user == in.User && l.password == in.Password })
	if i < 0 {
		return refuse("PW0801", "user id or password is wrong")
	}
	l := s.logins[i]
	switch {
	case in.Override != "" && (in.Override != l.override.key || c.now.After(l.override.until)):
		return refuse("PW0802", "override expired")
	case in.Override == "" && l.session.key != "" && c.now.Before(l.session.refreshUntil):
		l.override = override{s.id("ovr-"), c.now.Add(overrideLife)}
		answer := refuse(taken, "user already has a session")
		answer.body.(object)["sessOverrideKey"] = l.override.key
		return answer
	}
	if in.Override != "" {
		s.takeovers++
	}
	l.override = override{}
	l.session = session{
		access: s.id("tok-"), refresh: s.id("ref-"), key: s.id("ck-"), secret: s.id("cs-"),
		accessUntil: c.now.Add(s.opts.TokenLife), refreshUntil: c.now.Add(s.opts.RefreshLife),
	}
	return ok(object{
		"oauthToken": l.session.access, "refreshToken": l.session.refresh, "clientKey": l.session.key,
		"clientSecret": l.session.secret,
		"tokenType":    "Bearer", "scope": "default", "expiresIn": int(s.opts.TokenLife.Seconds()),
	})
}

// taken is the code of a second sign-in.
const taken = "701003"

// token refreshes. The answer has no refresh_token: the old one goes on.
func (s *Server) token(r *http.Request, now time.Time) reply {
	key, secret, _ := r.BasicAuth()
	if r.ParseForm() == nil && r.PostForm.Get("grant_type") == "refresh_token" {
		for _, l := range s.logins {
			live := &l.session
			if live.key != "" && key == live.key && secret == live.secret && r.PostForm.Get("refresh_token") == live.refresh &&
				!now.After(live.refreshUntil) {
				live.access, live.accessUntil = s.id("tok-"), now.Add(s.opts.TokenLife)
				return ok(object{"access_token": live.access, "expires_in": int(s.opts.TokenLife.Seconds()),
					"token_type": "Bearer"})
			}
		}
	}
	return gateway(http.StatusBadRequest, "invalid_grant")
}

// signedIn is the login whose live token the request bears, or nil.
func (s *Server) signedIn(r *http.Request, now time.Time) *login {
	if s.opts.Open {
		return s.logins[0]
	}
	for _, l := range s.logins {
		if l.session.access != "" && r.Header.Get("Authorization") == "Bearer "+l.session.access &&
			now.Before(l.session.accessUntil) {
			return l
		}
	}
	return nil
}

func (s *Server) closeSession(c call, _ string) reply {
	var in struct {
		Key    string `json:"clientKey"`
		Secret string `json:"clientSecret"`
	}
	if json.Unmarshal(c.raw, &in) != nil || in.Key != c.who.session.key || in.Secret != c.who.session.secret {
		return refuse("PW0803", "no such session")
	}
	c.who.session = session{}
	return ok(object{"status": "success"})
}
