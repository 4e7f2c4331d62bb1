package link

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Token opens a link. It says where its link is kept, and proves by 256 bits of a keyed digest that we made it. Its text
// never reaches a log, since String and the formats of package fmt show a mask.
type Token struct {
	order uint64
	id    [idBytes]byte
	mac   [sha256.Size]byte
}

// The parts of a token's bytes: the order's number, the link's id, and the digest.
const (
	idBytes    = 5
	tokenBytes = 8 + idBytes + sha256.Size
)

// ids writes the ids of links without letters that are mistaken for digits (Crockford's base 32).
var ids = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// ParseToken reads the text of a token. ok is false for a text that can be no token of ours.
func ParseToken(text string) (t Token, ok bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return Token{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return Token{}, false
	}
	t.order = binary.BigEndian.Uint64(raw)
	copy(t.id[:], raw[8:])
	copy(t.mac[:], raw[8+idBytes:])
	return t, t.order > 0 && t.order < 1<<53
}

// Reveal returns the text of the token, for the address of the page.
func (t Token) Reveal() string {
	raw := binary.BigEndian.AppendUint64(nil, t.order)
	raw = append(raw, t.id[:]...)
	return base64.RawURLEncoding.EncodeToString(append(raw, t.mac[:]...))
}

// String masks the token.
func (t Token) String() string { return "link-" + t.ID() + "-…" }

// Format masks the token in every format.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// MarshalText masks the token in every encoding.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Order is the order whose link the token opens, by its own word.
func (t Token) Order() porting.OrderID {
	return porting.OrderID(strconv.FormatUint(t.order, 10))
}

// ID is the id of the link, by the token's own word.
func (t Token) ID() string { return ids.EncodeToString(t.id[:]) }

func (t Token) hash() [sha256.Size]byte { return sha256.Sum256([]byte(t.Reveal())) }

// MAC returns a digest of texts under the token. Only the holder of the token can make the same, so that a form or a code
// of one link is worth nothing on another.
func (t Token) MAC(texts ...string) []byte {
	m := hmac.New(sha256.New, []byte(t.Reveal()))
	for _, s := range texts {
		_ = binary.Write(m, binary.BigEndian, uint32(len(s))) // so that no two lists of texts are alike
		io.WriteString(m, s)
	}
	return m.Sum(nil)
}

// Find reads the link that a token opens. The error is ErrNoLink for a token that opens none.
func Find(ctx context.Context, s Store, t Token) (Link, error) {
	l, err := s.Link(ctx, t.Order(), t.ID())
	if err == nil && !l.Opens(t) {
		err = ErrNoLink
	}
	if err != nil {
		return Link{}, err
	}
	return l, nil
}

// Maker makes links.
type Maker struct {
	Store Store
	// Key returns the key of all tokens, which has at least 32 bytes. It is the same in every process.
	Key func(context.Context) ([]byte, error)
	Now func() time.Time
	// Random is the source of the ids of links that are made for a portal.
	Random io.Reader
}

// ForMail returns the link of a person to whom mail about the order goes, with all verbs, and makes it where there is
// none yet. The same person gets the same link each time, until it is renewed. Nothing is returned for a link that was
// revoked.
func (m *Maker) ForMail(ctx context.Context, o porting.Order, to string) (Link, Token, error) {
	id := IDOf(o.ID, to)
	l, err := orders.Retry(func(int) (Link, error) {
		l, err := m.Store.Link(ctx, o.ID, id)
		if !porting.Is(err, porting.NotFound) {
			return l, err
		}
		l = Link{Order: o.ID, Account: o.Account, ID: id, To: to, Scope: Verbs(), Created: m.Now().UTC(), Version: 1}
		t, err := m.token(ctx, l)
		if err != nil {
			return Link{}, err
		}
		l.Hash = t.hash()
		return l, m.Store.SaveLink(ctx, l, nil)
	})
	if err != nil {
		return Link{}, Token{}, err
	}
	if !l.Revoked.IsZero() || !strings.EqualFold(l.To, to) {
		return Link{}, Token{}, ErrNoLink
	}
	t, err := m.token(ctx, l)
	return l, t, err
}

// Draft fills in the id, the time and the hash of a new link, which the caller saves.
func (m *Maker) Draft(ctx context.Context, l Link) (Link, Token, error) {
	var id [idBytes]byte
	if _, err := io.ReadFull(m.Random, id[:]); err != nil {
		return Link{}, Token{}, fmt.Errorf("draw the id of a link: %w", err)
	}
	l.ID, l.Created, l.Version = ids.EncodeToString(id[:]), m.Now().UTC(), 1
	t, err := m.token(ctx, l)
	l.Hash = t.hash()
	return l, t, err
}

// Renew gives a link another token. The one before opens nothing from then on, and neither does its session. The pause
// between two codes holds for the next renewal too.
func (m *Maker) Renew(ctx context.Context, l Link, now time.Time) (Link, Token, error) {
	l.Renewals++
	l.Version++
	l.Code, l.Session = Code{Sent: now.UTC()}, Session{}
	t, err := m.token(ctx, l)
	if err != nil {
		return Link{}, Token{}, err
	}
	l.Hash = t.hash()
	return l, t, m.Store.SaveLink(ctx, l, nil)
}

// Token returns the present token of a link.
func (m *Maker) Token(ctx context.Context, l Link) (Token, error) { return m.token(ctx, l) }

// Was says whether the token is, or once was, a token of the link.
func (m *Maker) Was(ctx context.Context, l Link, t Token) (bool, error) {
	for ; l.Renewals >= 0; l.Renewals-- {
		made, err := m.token(ctx, l)
		if err != nil {
			return false, err
		}
		if hmac.Equal(made.mac[:], t.mac[:]) {
			return true, nil
		}
	}
	return false, nil
}

// Revoke takes a link back.
func Revoke(l Link, now time.Time) Link {
	if l.Revoked.IsZero() {
		l.Revoked = now.UTC()
	}
	l.Code, l.Session = Code{}, Session{}
	l.Version++
	return l
}

// token makes the present token of a link: the digest of order, id and renewals under the key.
func (m *Maker) token(ctx context.Context, l Link) (Token, error) {
	key, err := m.Key(ctx)
	if err != nil {
		return Token{}, fmt.Errorf("read the key of links: %w", err)
	}
	var t Token
	if t.order, err = strconv.ParseUint(string(l.Order), 10, 64); err != nil {
		return Token{}, fmt.Errorf("the id of order %s is no number", l.Order)
	}
	raw, err := ids.DecodeString(l.ID)
	if err != nil || len(raw) != idBytes {
		return Token{}, fmt.Errorf("the link %s of order %s has no id of ours", l.ID, l.Order)
	}
	copy(t.id[:], raw)
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "portway link 1 %s %s %d", l.Order, l.ID, l.Renewals)
	copy(t.mac[:], mac.Sum(nil))
	return t, nil
}

// IDOf is the id of the link that goes to a person by mail.
func IDOf(order porting.OrderID, to string) string {
	sum := sha256.Sum256([]byte("portway link of " + string(order) + " to " + strings.ToLower(to)))
	return ids.EncodeToString(sum[:idBytes])
}
