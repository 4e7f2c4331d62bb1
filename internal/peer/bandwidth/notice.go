package bandwidth

import (
	"context"
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

// others are the order types of the peer's notices that are no port-ins.
var others = []string{"orders", "portouts", "disconnects", "dldas", "lsrorders", "e911s", "tnoptions", "externalTns",
	"lidb", "bulkPortins", "csrs",
	"importtnorders", "removeImportedTnOrders", "emergencyNotificationGroup", "emergencyEndpointGroup",
	"tollfreePortingValidations"}

// ReadNotice reads the order's id and our PON from a notice; either may be missing, as the id is in the published
// sample. Notices come late, twice, in any order or never, and anybody may send one: a notice is a reason to Read the
// order, no answer by itself.
func ReadNotice(body []byte) (peer.Notice, error) {
	root, ok := parse(body)
	n := peer.Notice{Ref: root.text("OrderId"), PON: porting.PON(root.text("CustomerOrderId")),
		Note: root.text("Note") != ""}
	other := slices.ContainsFunc(others, func(kind string) bool { return strings.EqualFold(kind, root.text("OrderType")) })
	if !ok || !root.is("Notification") || other || n.Ref == "" && n.PON == "" {
		return peer.Notice{}, ErrNotice
	}
	return n, nil
}

// Hook is the address to which the peer sends its notices, with our credentials for it. It first calls without
// credentials; the answer to that has to be 401 with WWW-Authenticate: Basic, else it does not call again.
type Hook struct {
	URL      string
	User     string
	Password porting.Secret
}

// hookLife is the life of a subscription that is not renewed: a year, in seconds.
const hookLife = 31536000

// Subscribe makes sure that notices about port orders go to the hook. Calling it again renews the subscription and its
// password.
func (c *Client) Subscribe(ctx context.Context, h Hook) error {
	return c.subscribe(ctx, h, hookLife*time.Second)
}

// KeepSubscribed is Subscribe for a schedule: it leaves a subscription alone that lasts for longer than within.
func (c *Client) KeepSubscribed(ctx context.Context, h Hook, within time.Duration) error {
	return c.subscribe(ctx, h, within)
}

// KeepAllSubscribed is KeepSubscribed of every client with the hook of its name. A client that fails keeps no other from
// its subscription. A hook without a password takes no notices, and none are asked for.
func KeepAllSubscribed(ctx context.Context, clients []*Client, hook func(name string) Hook, within time.Duration) error {
	var all []error
	for _, c := range clients {
		if h := hook(c.Name()); h.Password.IsSet() {
			all = append(all, c.KeepSubscribed(ctx, h, within))
		}
	}
	return errors.Join(all...)
}

// subscribe makes the subscription, or renews one that ends within that time.
func (c *Client) subscribe(ctx context.Context, h Hook, within time.Duration) error {
	res, err := c.send(ctx, true, http.MethodGet, "subscriptions", nil, nil)
	if err != nil {
		return err
	}
	var have []node
	if res.Status != http.StatusNoContent {
		list, err := c.read(ctx, res, nil, "SubscriptionsResponse")
		root, _ := parse(res.Body)
		if none := res.Status == http.StatusNotFound && every(faults(root), func(f fault) bool {
			return f.code == "16001"
		}); err != nil && !none {
			return err
		}
		have = append(list.all("Subscriptions", "Subscription"), list.all("Subscription")...)
	}
	want := subscription{OrderType: "portins", Callback: callback{URL: h.URL, Expiry: strconv.Itoa(hookLife),
		Username: h.User, Password: h.Password.Reveal()}}
	i := slices.IndexFunc(have, func(s node) bool {
		return strings.EqualFold(s.text("OrderType"), "portins") && strings.Trim(s.text("CallbackSubscription", "URL"),
			`"`) == h.URL
	})
	switch {
	case i >= 0 && lasts(have[i], within):
		return nil
	case i >= 0:
		res, err = c.send(ctx, true, http.MethodPut, "subscriptions/"+url.PathEscape(have[i].text("SubscriptionId")), nil,
			want)
	default:
		res, err = c.send(ctx, false, http.MethodPost, "subscriptions", nil, want)
	}
	if err != nil {
		return err
	}
	root, ok := parse(res.Body)
	switch {
	case res.Status == http.StatusConflict && every(faults(root), func(f fault) bool { return f.code == "16008" }):
		return nil // somebody was faster
	case res.Status < 300 && ok && root.is("SubscriptionsResponse") && len(faults(root)) == 0:
		return nil // it may be echoed
	}
	return c.taken(ctx, res, "SubscriptionsResponse", "Subscription")
}

// lasts says that a subscription goes on for longer than within; one whose end can't be read does not.
func lasts(s node, within time.Duration) bool {
	left, err := strconv.Atoi(s.text("CallbackSubscription", "Expiry"))
	return err == nil && time.Duration(left)*time.Second > within
}
