package bandwidth

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// ErrNotice says that a body is no notice about a port order.
var ErrNotice = errors.New("not a notice about a port order")

// ReadNotice reads the order and our PON off a notice. Notices come late, twice, in any order or never, and anybody may
// send one: it is a hint to Read the order, no answer by itself. An optional PON may be missing.
func ReadNotice(body []byte) (peer.Notice, error) {
	var n notification
	if err := xml.Unmarshal(body, &n); err != nil || n.OrderID == "" || n.OrderType != "" && n.OrderType != "portins" {
		return peer.Notice{}, ErrNotice
	}
	return peer.Notice{Ref: strings.TrimSpace(n.OrderID), PON: porting.PON(strings.TrimSpace(n.CustomerOrderID))}, nil
}

// Hook is where the peer sends its notices. It first calls without credentials; the answer to that has to be 401 with
// WWW-Authenticate: Basic, else it does not call again.
type Hook struct {
	URL      string
	User     string
	Password porting.Secret
}

// hookLife is how long a subscription lasts unless it is renewed: a year, in seconds.
const hookLife = 31536000

// Subscribe makes sure that notices about port orders go to the hook. Calling it again renews the subscription and its password.
func (c *Client) Subscribe(ctx context.Context, h Hook) error {
	return c.subscribe(ctx, h, hookLife*time.Second)
}

// KeepSubscribed is Subscribe for a schedule: it leaves a subscription alone that lasts for longer than within.
func (c *Client) KeepSubscribed(ctx context.Context, h Hook, within time.Duration) error {
	return c.subscribe(ctx, h, within)
}

// KeepAllSubscribed is KeepSubscribed of every client; one that fails keeps no other from it. A hook without a password takes no
// notices, and none are asked for.
func KeepAllSubscribed(ctx context.Context, clients []*Client, h Hook, within time.Duration) error {
	if !h.Password.IsSet() {
		return nil
	}
	var all []error
	for _, c := range clients {
		all = append(all, c.KeepSubscribed(ctx, h, within))
	}
	return errors.Join(all...)
}

// subscribe makes the subscription, or renews one that ends within that time.
func (c *Client) subscribe(ctx context.Context, h Hook, within time.Duration) error {
	res, err := c.send(ctx, true, http.MethodGet, "subscriptions", nil, nil)
	if err != nil {
		return err
	}
	var have subscriptionsResponse
	if res.Status != http.StatusNoContent && res.Status != http.StatusNotFound {
		if err := c.read(res, &have); err != nil {
			return err
		}
	}
	want := subscription{OrderType: "portins", Callback: callback{URL: h.URL, Expiry: strconv.Itoa(hookLife), Username: h.User, Password: h.Password.Reveal()}}
	i := slices.IndexFunc(have.Subscriptions, func(s subscription) bool { return s.OrderType == "portins" && s.Callback.URL == h.URL })
	switch {
	case i >= 0 && lasts(have.Subscriptions[i], within):
		return nil
	case i >= 0:
		res, err = c.send(ctx, true, http.MethodPut, "subscriptions/"+url.PathEscape(have.Subscriptions[i].ID), nil, want)
	default:
		res, err = c.send(ctx, false, http.MethodPost, "subscriptions", nil, want)
	}
	switch {
	case err != nil:
		return err
	case res.Status == http.StatusConflict: // 16008: somebody was faster
		return nil
	case res.Status >= 300:
		return c.denied(res)
	}
	return nil
}

// lasts says that a subscription goes on for longer than within; one whose end can't be read does not.
func lasts(s subscription, within time.Duration) bool {
	left, err := strconv.Atoi(strings.TrimSpace(s.Callback.Expiry))
	return err == nil && time.Duration(left)*time.Second > within
}
