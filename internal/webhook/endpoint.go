package webhook

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"portway/internal/egress"
	"portway/internal/porting"
)

// Endpoint is a customer's server that gets deliveries about the account's orders.
type Endpoint struct {
	ID          string
	Account     porting.AccountID
	URL         string
	Description string
	// Types are the types of events that the endpoint gets. Without any it gets all but those that are got by name only
	// (porting.Topic.ByNameOnly).
	Types []string
	// Secrets sign the deliveries, the newest first. The others still sign for a day.
	Secrets []Signing
	Paused  bool
	// Why says in a sentence why we paused the endpoint; it is empty where the customer paused it.
	Why      string
	PausedAt time.Time
	// FailingSince is the time of the first failure since the last success; zero where the last delivery succeeded.
	FailingSince time.Time
	Created      time.Time
	Version      int64
}

// Signing is a secret, and the time until which it signs. The newest secret has no such time.
type Signing struct {
	Secret porting.Secret
	Until  time.Time
}

// StatusURL is the id of the endpoint that stands for the status_url of all the account's orders (D-HOOK). This
// endpoint always exists. It gets changes of the status only, and its deliveries are signed once it has a secret. It
// has no URL of its own, and is never paused.
const StatusURL = "status_url"

const (
	// MostEndpoints is how many endpoints an account may have.
	MostEndpoints = 10
	mostURL       = 2000
	mostWords     = 200
)

// Ping is the type of a test, which goes to an endpoint whatever its types are.
const Ping = "webhook.ping"

// typeOf is the type of the topic's events, as customers know it.
func typeOf(t porting.Topic) string { return "portorder." + string(t) }

// Types lists the types of events that an endpoint can get.
func Types() []string {
	var all []string
	for _, t := range porting.Topics() {
		all = append(all, typeOf(t))
	}
	return all
}

// wants says whether the endpoint gets events of the type.
func (e Endpoint) wants(kind string) bool {
	if len(e.Types) > 0 {
		return slices.Contains(e.Types, kind)
	}
	return !slices.ContainsFunc(porting.Topics(), func(t porting.Topic) bool { return t.ByNameOnly() && typeOf(t) == kind })
}

// PausedByUs says that we paused the endpoint, and not the customer.
func (e Endpoint) PausedByUs() bool { return e.Paused && e.Why != "" }

// signs lists the secrets that sign at now.
func (e Endpoint) signs(now time.Time) []Signing {
	return slices.DeleteFunc(slices.Clone(e.Secrets), func(s Signing) bool {
		return !s.Until.IsZero() &&
			!now.Before(s.Until)
	})
}

// Host is the part of the URL that mails may show: path and query carry keys.
func (e Endpoint) Host() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// check finds everything that is wrong with what the customer gave.
func (e Endpoint) check(allowPrivate bool) error {
	var faults porting.Faults
	switch why := badURL(e.URL, allowPrivate); {
	case e.URL == "":
		faults.Add("url", porting.Required, "Give the URL to which we send events.")
	case len(e.URL) > mostURL:
		faults.Add("url", porting.TooLong, fmt.Sprintf("Use at most %d characters.", mostURL))
	case why != "":
		faults.Add("url", porting.BadFormat, why)
	}
	if len([]rune(e.Description)) > mostWords {
		faults.Add("description", porting.TooLong, fmt.Sprintf("Use at most %d characters.", mostWords))
		// it stands in a mail
	} else if strings.ContainsFunc(e.Description, func(c rune) bool { return !unicode.IsPrint(c) }) {
		faults.Add("description", porting.BadFormat, "Use printable characters only, in one line.")
	}
	for i, kind := range e.Types {
		field := fmt.Sprintf("types/%d", i)
		switch {
		case !slices.Contains(Types(), kind):
			faults.Add(field, porting.BadFormat, "Give one of "+strings.Join(Types(), ", ")+".")
		case slices.Contains(e.Types[:i], kind):
			faults.Add(field, porting.Duplicate, "The list has this type twice.")
		}
	}
	return faults.Err()
}

// badURL says what is wrong with an endpoint's URL. The addresses of its host are checked with each delivery, since
// they may change.
func badURL(text string, allowPrivate bool) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return "Give an https URL without credentials and without a fragment."
	case allowPrivate && u.Scheme == "http":
		return ""
	case u.Scheme != "https":
		return "Give an https URL, so that nobody else can read the events."
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !allowPrivate && !egress.Public(ip) {
		return "Give a URL that leads to a public address."
	}
	return ""
}
