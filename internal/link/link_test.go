package link_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"portway/internal/link"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var now = storetest.Now

func order(id porting.OrderID) porting.Order {
	return porting.Order{ID: id, Account: "a", Status: porting.Pending}
}

// maker makes links over a store in memory, whose clock is now.
func maker(s link.Store) *link.Maker {
	return &link.Maker{Store: s, Now: func() time.Time { return now }, Random: strings.NewReader(strings.Repeat("portal!", 20)),
		Key: func(context.Context) ([]byte, error) { return bytes.Repeat([]byte{9}, 32), nil }}
}

func TestForMail(t *testing.T) {
	s := storetest.NewMemory()
	m := maker(s)
	l, first, err := m.ForMail(t.Context(), order("1001"), "Jane@example.com")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("the same person gets the same link, however the address is written", func(t *testing.T) {
		_, again, err := m.ForMail(t.Context(), order("1001"), "jane@example.com")
		if err != nil || again.Reveal() != first.Reveal() {
			t.Errorf("another token (%v)", err)
		}
	})
	t.Run("another person and another order have links of their own", func(t *testing.T) {
		_, joe, err1 := m.ForMail(t.Context(), order("1001"), "joe@example.com")
		_, other, err2 := m.ForMail(t.Context(), order("1002"), "jane@example.com")
		if err1 != nil || err2 != nil || joe.Reveal() == first.Reveal() || other.Reveal() == first.Reveal() {
			t.Errorf("%v %v, or the same token", err1, err2)
		}
	})
	t.Run("a renewed link opens by its new token alone", func(t *testing.T) {
		_, fresh, err := m.Renew(t.Context(), l, now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := link.Find(t.Context(), s, first); !porting.Is(err, porting.NotFound) {
			t.Errorf("by the old one: %v", err)
		}
		if got, err := link.Find(t.Context(), s, fresh); err != nil || got.ID != l.ID {
			t.Errorf("by the new one: %v", err)
		}
		if _, again, err := m.ForMail(t.Context(), order("1001"), "jane@example.com"); err != nil || again.Reveal() != fresh.Reveal() {
			t.Errorf("the next mail has another token (%v)", err)
		}
	})
	t.Run("an old token is known as one of the link, and a stranger's is not", func(t *testing.T) {
		l, err := s.Link(t.Context(), first.Order(), first.ID())
		if err != nil {
			t.Fatal(err)
		}
		stranger := strings.NewReplacer("A", "B", "B", "A", "a", "b", "b", "a").Replace(first.Reveal()[18:])
		wrong, ok := link.ParseToken(first.Reveal()[:18] + stranger)
		if was, err := m.Was(t.Context(), l, first); err != nil || !was {
			t.Errorf("the old one: %v %v", was, err)
		}
		if was, err := m.Was(t.Context(), l, wrong); err != nil || was && ok {
			t.Errorf("a stranger's: %v %v", was, err)
		}
	})
	t.Run("ErrNoLink: mail does not bring back a link that was revoked", func(t *testing.T) {
		have, _, err := m.ForMail(t.Context(), order("1003"), "jane@example.com")
		if err == nil {
			err = s.SaveLink(t.Context(), link.Revoke(have, now), nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.ForMail(t.Context(), order("1003"), "jane@example.com"); !porting.Is(err, porting.NotFound) {
			t.Error(err)
		}
	})
}

// A token that differs in any bit from the one that we made opens nothing.
func TestTokensAreWhole(t *testing.T) {
	s := storetest.NewMemory()
	_, token, err := maker(s).ForMail(t.Context(), order("1001"), "jane@example.com")
	if err != nil {
		t.Fatal(err)
	}
	text := token.Reveal()
	if back, ok := link.ParseToken(text); !ok || back.Reveal() != text || back.Order() != "1001" {
		t.Fatalf("%s reads as %v of order %s", text, ok, back.Order())
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	tried := 0
	for i := range text {
		for _, c := range letters {
			if byte(c) == text[i] {
				continue
			}
			wrong, ok := link.ParseToken(text[:i] + string(c) + text[i+1:])
			if !ok {
				continue
			}
			tried++
			if _, err := link.Find(t.Context(), s, wrong); !porting.Is(err, porting.NotFound) {
				t.Fatalf("another letter at %d opens: %v", i, err)
			}
		}
	}
	if tried < 3000 {
		t.Errorf("only %d wrong tokens were tried", tried)
	}
	for _, bad := range []string{"", "x", text + "A", text[1:], strings.Repeat("*", len(text)), strings.Repeat("A", len(text))} {
		if _, ok := link.ParseToken(bad); ok {
			t.Errorf("%q is read as a token", bad)
		}
	}
}

// No format and no encoding shows a token's text.
func TestTokensAreMasked(t *testing.T) {
	_, token, err := maker(storetest.NewMemory()).ForMail(t.Context(), order("1001"), "jane@example.com")
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(map[string]any{"token": token})
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s %q %x %d", token, token, token, token, token, token, token) + string(asJSON)
	if secret := token.Reveal(); strings.Contains(shown, secret[20:]) || strings.Contains(shown, fmt.Sprintf("%x", secret)) {
		t.Errorf("the token is shown: %s", shown)
	}
}

func TestAccess(t *testing.T) {
	live, l := order("1001"), link.Link{Order: "1001", Account: "a", To: "jane@example.com", Scope: link.Verbs()}
	over := func(ago time.Duration) porting.Order {
		o := live
		o.Status, o.StatusAt = porting.Completed, now.Add(-ago)
		return o
	}
	for _, test := range []struct {
		name   string
		change func(*link.Link)
		of     porting.Order
		want   link.Access
	}{
		{name: "open while the order lives", of: live, want: link.Opens},
		{name: "read for 30 days after its end", of: over(29 * 24 * time.Hour), want: link.Reads},
		{name: "closed after 30 days", of: over(30 * 24 * time.Hour), want: link.Closed},
		{name: "closed once revoked", of: live, change: func(l *link.Link) { l.Revoked = now }, want: link.Closed},
		{name: "open until it expires", of: live, change: func(l *link.Link) { l.Expires = now.Add(1) }, want: link.Opens},
		{name: "closed when it expires", of: live, change: func(l *link.Link) { l.Expires = now }, want: link.Closed},
		{name: "closed for another order", of: order("1002"), want: link.Closed},
		{name: "closed for another account", of: live, change: func(l *link.Link) { l.Account = "b" }, want: link.Closed},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := l
			if test.change != nil {
				test.change(&l)
			}
			if got := l.Access(test.of, now); got != test.want {
				t.Errorf("%d, want %d", got, test.want)
			}
			for _, v := range link.Verbs() {
				want := test.want == link.Opens || test.want == link.Reads && (v == link.See || v == link.Cancel) // numbers may go back
				if l.Allows(v, test.of, now) != want {
					t.Errorf("%s is allowed: %v", v, !want)
				}
			}
		})
	}
	t.Run("nothing but reading once the order was cancelled", func(t *testing.T) {
		o := over(time.Hour)
		o.Status = porting.Cancelled
		if l.Allows(link.Cancel, o, now) || !l.Allows(link.See, o, now) {
			t.Error("it can be cancelled again, or not be read")
		}
	})
	t.Run("nothing of weight without an address for the code", func(t *testing.T) {
		l := l
		l.To = ""
		for _, v := range link.Verbs() {
			if l.Allows(v, live, now) == v.Weighty() {
				t.Errorf("%s is allowed: %v", v, v.Weighty())
			}
		}
	})
	t.Run("nothing outside the scope", func(t *testing.T) {
		l := l
		l.Scope = link.Scope{link.See}
		for _, v := range link.Verbs() {
			if l.Allows(v, live, now) != (v == link.See) {
				t.Errorf("%s is allowed: %v", v, v != link.See)
			}
		}
	})
}

func TestCode(t *testing.T) {
	_, token, err := maker(storetest.NewMemory()).ForMail(t.Context(), order("1001"), "jane@example.com")
	if err != nil {
		t.Fatal(err)
	}
	random := strings.NewReader(strings.Repeat("0123456789abcdef", 40))
	sent, err := link.Link{}.SendCode(random, now)
	if err != nil {
		t.Fatal(err)
	}
	digits := sent.Digits(token)
	wrong := "000000"
	if wrong == digits {
		wrong = "000001"
	}
	t.Run("OK: the right code opens a session of 30 minutes, once", func(t *testing.T) {
		in, secret, err := sent.Enter(token, digits, random, now.Add(14*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		if len(digits) != 6 || !in.InSession(secret, now.Add(44*time.Minute-1)) || in.InSession(secret, now.Add(44*time.Minute)) {
			t.Errorf("the session of code %q ends at %s", digits, in.Session.Until)
		}
		if in.InSession("", now) || in.InSession(secret+"A", now) || (link.Link{}).InSession(secret, now) {
			t.Error("another secret is in session")
		}
		if _, _, err := in.Enter(token, digits, random, now.Add(14*time.Minute)); err != link.ErrCodeOver {
			t.Errorf("a second time: %v", err)
		}
	})
	t.Run("ErrCodeTries: five tries, then a pause", func(t *testing.T) {
		l := sent
		for i := range link.CodeTries {
			var err error
			l, _, err = l.Enter(token, wrong, random, now)
			if want := map[bool]error{true: link.ErrCodeTries, false: link.ErrCodeWrong}[i == link.CodeTries-1]; err != want {
				t.Fatalf("try %d: %v, want %v", i+1, err, want)
			}
		}
		if _, secret, err := l.Enter(token, digits, random, now); err != link.ErrCodeTries || secret != "" {
			t.Errorf("the right code after five wrong ones: %v", err)
		}
		if _, err := l.SendCode(random, now.Add(link.CodeLife-1)); err != link.ErrCodeTries {
			t.Errorf("another code at once: %v", err)
		}
		if _, err := l.SendCode(random, now.Add(link.CodeLife)); err != nil {
			t.Errorf("another code after the pause: %v", err)
		}
	})
	t.Run("ErrCodeTries: another code in between gives no further tries", func(t *testing.T) {
		l := sent
		for range link.CodeTries - 1 {
			l, _, _ = l.Enter(token, wrong, random, now) // each is refused
		}
		l, err := l.SendCode(random, now.Add(link.CodePause))
		if err != nil {
			t.Fatal(err)
		}
		other := "000000"
		if other == l.Digits(token) {
			other = "000001"
		}
		if _, _, err := l.Enter(token, other, random, now.Add(link.CodePause)); err != link.ErrCodeTries {
			t.Errorf("the fifth wrong try: %v", err)
		}
	})
	t.Run("ErrCodeOver: after 15 minutes", func(t *testing.T) {
		if _, _, err := sent.Enter(token, digits, random, now.Add(link.CodeLife)); err != link.ErrCodeOver {
			t.Error(err)
		}
	})
	t.Run("ErrCodeSoon: two codes within a minute", func(t *testing.T) {
		if _, err := sent.SendCode(random, now.Add(link.CodePause-1)); err != link.ErrCodeSoon {
			t.Error(err)
		}
		if again, err := sent.SendCode(random, now.Add(link.CodePause)); err != nil || again.Code.Nonce == "" {
			t.Error(err)
		}
	})
	t.Run("ErrCodeWrong: the code of another token", func(t *testing.T) {
		_, other, err := maker(storetest.NewMemory()).ForMail(t.Context(), order("1002"), "jane@example.com")
		if err != nil {
			t.Fatal(err)
		}
		if sent.Digits(other) == digits {
			t.Error("two tokens have the same code for one nonce")
		}
	})
}
