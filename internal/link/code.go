package link

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"portway/internal/porting"
)

// Code is a code that was mailed to the person of a link. The store does not have its digits: they are a digest of Nonce
// under the token, which the store does not have either.
type Code struct {
	Nonce string
	Sent  time.Time
	// Wrong counts the wrong tries.
	Wrong int
}

// Session is what a right code opens, for a while. Hash is the SHA-256 of the secret in the person's cookie.
type Session struct {
	Hash  [32]byte
	Until time.Time
}

// The rules of codes and sessions. A stranger who has the link has five tries of a million in a quarter of an hour.
const (
	CodeLife    = 15 * time.Minute
	CodeTries   = 5
	CodePause   = time.Minute // between two codes
	SessionLife = 30 * time.Minute
)

// The refusals of codes.
var (
	ErrCodeSoon  = porting.Errorf(porting.WrongStatus, "A code was mailed a moment ago. Wait a minute before you ask for another one.")
	ErrCodeTries = porting.Errorf(porting.WrongStatus, "The code was wrong five times. Ask for another one in 15 minutes.")
	ErrCodeOver  = porting.Errorf(porting.WrongStatus, "The code is no longer valid. Ask for another one.")
	ErrCodeWrong = porting.Errorf(porting.Invalid, "This is not the code of our newest mail. Check its six digits.")
)

// SendCode gives the link a new code, which the caller mails once the link is saved. It is refused within a minute of the
// last one, and for a quarter of an hour after five wrong tries. A new code forgets no wrong try of the quarter of an hour
// before it, so that asking for codes buys no further tries.
func (l Link) SendCode(random io.Reader, now time.Time) (Link, error) {
	age := now.Sub(l.Code.Sent)
	switch {
	case l.Code.Wrong >= CodeTries && age < CodeLife:
		return l, ErrCodeTries
	case l.Code.Nonce != "" && age < CodePause:
		return l, ErrCodeSoon
	}
	nonce, err := draw(random, 16)
	if err != nil {
		return l, err
	}
	next := Code{Nonce: nonce, Sent: now.UTC()}
	if age < CodeLife {
		next.Wrong = l.Code.Wrong
	}
	l.Code = next
	l.Version++
	return l, nil
}

// Digits are the six digits of the link's code for the holder of its token; empty where no code was sent.
func (l Link) Digits(t Token) string {
	if l.Code.Nonce == "" {
		return ""
	}
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(t.MAC("code", l.Code.Nonce))%1_000_000)
}

// Enter tries a code. The link that comes back is to be saved, also with a wrong code, whose try counts. With the right
// one it has a session, whose secret goes into the person's cookie.
func (l Link) Enter(t Token, digits string, random io.Reader, now time.Time) (_ Link, session string, _ error) {
	switch {
	case l.Code.Wrong >= CodeTries:
		return l, "", ErrCodeTries
	case l.Code.Nonce == "" || now.Sub(l.Code.Sent) >= CodeLife:
		return l, "", ErrCodeOver
	}
	l.Version++
	if subtle.ConstantTimeCompare([]byte(digits), []byte(l.Digits(t))) != 1 {
		if l.Code.Wrong++; l.Code.Wrong >= CodeTries {
			return l, "", ErrCodeTries
		}
		return l, "", ErrCodeWrong
	}
	session, err := draw(random, 32)
	if err != nil {
		return l, "", err
	}
	l.Code = Code{}
	l.Session = Session{Hash: sha256.Sum256([]byte(session)), Until: now.Add(SessionLife).UTC()}
	return l, session, nil
}

// InSession says whether the secret of a cookie is the one of the link's session at now.
func (l Link) InSession(secret string, now time.Time) bool {
	hash := sha256.Sum256([]byte(secret))
	return secret != "" && now.Before(l.Session.Until) && subtle.ConstantTimeCompare(hash[:], l.Session.Hash[:]) == 1
}

func draw(random io.Reader, n int) (string, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("draw a secret of a link: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
