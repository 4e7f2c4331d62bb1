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

// Endpoint is a customer's own server that is told of the account's orders.
type Endpoint struct {
	ID          string
	Account     porting.AccountID
	URL         string
	Description string
	// Types are what it is told of; none are all, those of later times too.
	Types []string
	// Secrets sign what it is told, the newest first. Those behind it are on their way out.
	Secrets []Signing
	Paused  bool
	// Why and PausedAt tell why we paused it and when; Why is empty where the customer did.
	Why      string
	PausedAt time.Time
	// FailingSince is when the first of an unbroken row of failures was; zero while it is well.
	FailingSince time.Time
	Created      time.Time
	Version      int64
}

// Signing is a secret, and until when it signs; the newest has no end.
type Signing struct {
	Secret porting.Secret
	Until  time.Time
}

// StatusURL is the endpoint that stands for the status_url of all the account's orders (D-HOOK). It is always there, is told of
// status changes alone, and signs once it has been given a secret; it has no URL of its own and is never paused.
const StatusURL = "status_url"

const (
	// MostEndpoints is how many endpoints an account may have.
	MostEndpoints = 10
	mostURL       = 2000
	mostWords     = 200
)

// Ping is the type of a test. It goes to whoever is pinged, whatever its types.
const Ping = "webhook.ping"

// typeOf is how endpoints call a topic.
func typeOf(t porting.Topic) string { return "portorder." + string(t) }

// Types are what an endpoint can be told of.
func Types() []string {
	var all []string
	for _, t := range porting.Topics() {
		all = append(all, typeOf(t))
	}
	return all
}

// wants says whether the endpoint is told of the type.
func (e Endpoint) wants(kind string) bool { return len(e.Types) == 0 || slices.Contains(e.Types, kind) }

// PausedByUs says that we paused it, and not its owner.
func (e Endpoint) PausedByUs() bool { return e.Paused && e.Why != "" }

// signs are the secrets that sign at now.
func (e Endpoint) signs(now time.Time) []Signing {
	return slices.DeleteFunc(slices.Clone(e.Secrets), func(s Signing) bool { return !s.Until.IsZero() && !now.Before(s.Until) })
}

// Host is the part of the URL that may be shown to anybody: path and query carry keys.
func (e Endpoint) Host() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// check finds everything that is wrong with what the customer says of an endpoint.
func (e Endpoint) check(allowPrivate bool) error {
	var faults porting.Faults
	switch why := badURL(e.URL, allowPrivate); {
	case e.URL == "":
		faults.Add("url", porting.Required, "This is required.")
	case len(e.URL) > mostURL:
		faults.Add("url", porting.TooLong, fmt.Sprintf("Shorten this to %d characters.", mostURL))
	case why != "":
		faults.Add("url", porting.BadFormat, why)
	}
	if len([]rune(e.Description)) > mostWords {
		faults.Add("description", porting.TooLong, fmt.Sprintf("Shorten this to %d characters.", mostWords))
	} else if strings.ContainsFunc(e.Description, func(c rune) bool { return !unicode.IsPrint(c) }) { // it stands in a mail
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

// badURL says what is wrong with an endpoint's URL. What its host's name leads to is looked at with each delivery: it may change.
func badURL(text string, allowPrivate bool) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return "Give an https URL without credentials and fragment."
	case allowPrivate && u.Scheme == "http":
		return ""
	case u.Scheme != "https":
		return "Give an https URL, so that nobody else can read the events."
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !allowPrivate && !egress.Public(ip) {
		return "This address is not public."
	}
	return ""
}
