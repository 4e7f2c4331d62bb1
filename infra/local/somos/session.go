package somos

import (
	"encoding/json"
	"net/http"
	"time"
)

// session is the one live session of the login.
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

// overrideLife is how long such a key is good.
const overrideLife = time.Minute

func (s *Server) open(c call) reply {
	var in struct {
		User     string `json:"usrName"`
		Password string `json:"password"`
		Override string `json:"sessOverrideKey"`
	}
	switch {
	case json.Unmarshal(c.raw, &in) != nil:
		return gateway(http.StatusBadRequest, "malformed body")
	case in.User != s.opts.User || in.Password != s.opts.Password:
		return refuse("PW0801", "user id or password is wrong")
	case in.Override != "" && (in.Override != s.override.key || c.now.After(s.override.until)):
		return refuse("PW0802", "override expired")
	case in.Override == "" && s.session.key != "" && c.now.Before(s.session.refreshUntil):
		s.override = override{s.id("ovr-"), c.now.Add(overrideLife)}
		answer := refuse(taken, "user already has a session")
		answer.body.(object)["sessOverrideKey"] = s.override.key
		return answer
	}
	if in.Override != "" {
		s.takeovers++
	}
	s.override = override{}
	s.session = session{
		access: s.id("tok-"), refresh: s.id("ref-"), key: s.id("ck-"), secret: s.id("cs-"),
		accessUntil: c.now.Add(s.opts.TokenLife), refreshUntil: c.now.Add(s.opts.RefreshLife),
	}
	return ok(object{
		"oauthToken": s.session.access, "refreshToken": s.session.refresh, "clientKey": s.session.key, "clientSecret": s.session.secret,
		"tokenType": "Bearer", "scope": "default", "expiresIn": int(s.opts.TokenLife.Seconds()),
	})
}

// taken is the code of a second sign-in.
const taken = "701003"

// token refreshes. The answer has no refresh_token: the old one goes on.
func (s *Server) token(r *http.Request, now time.Time) reply {
	key, secret, _ := r.BasicAuth()
	live := s.session
	if r.ParseForm() != nil || live.key == "" || key != live.key || secret != live.secret ||
		r.PostForm.Get("grant_type") != "refresh_token" || r.PostForm.Get("refresh_token") != live.refresh || now.After(live.refreshUntil) {
		return gateway(http.StatusBadRequest, "invalid_grant")
	}
	s.session.access, s.session.accessUntil = s.id("tok-"), now.Add(s.opts.TokenLife)
	return ok(object{"access_token": s.session.access, "expires_in": int(s.opts.TokenLife.Seconds()), "token_type": "Bearer"})
}

func (s *Server) signedIn(r *http.Request, now time.Time) bool {
	return s.session.access != "" && r.Header.Get("Authorization") == "Bearer "+s.session.access && now.Before(s.session.accessUntil)
}

func (s *Server) closeSession(c call, _ string) reply {
	var in struct {
		Key    string `json:"clientKey"`
		Secret string `json:"clientSecret"`
	}
	if json.Unmarshal(c.raw, &in) != nil || in.Key != s.session.key || in.Secret != s.session.secret {
		return refuse("PW0803", "no such session")
	}
	s.session = session{}
	return ok(object{"status": "success"})
}
