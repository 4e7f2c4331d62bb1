package somos

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"portway/internal/bizday"
	"portway/internal/peer"
	"portway/internal/porting"
)

// This file holds everything that Somos' public record leaves open: [P] is our proposal, [I] is inferred from the rest.
// When a developer login is at hand, check these items one by one; nothing outside this file depends on their being
// right.

// [P] pollAfter is the first pause before a deferred answer is asked for; it doubles up to pollAtMost. The number of
// polls is bounded by maxPolls and the context's deadline.
const (
	pollAfter  = time.Second
	pollAtMost = 8 // times the first pause
	maxPolls   = 30
)

// [P] queryBatch limits the numbers of one query. The record shows at most 50 in another number call and tells of
// bulk answers (blkId), which the client reads too.
const queryBatch = 50

// [I] bulk fetches the answer of a query that was taken as a bulk job ([C] the path). Until it is there, it is polled
// like a deferred one, even if the registry answers something else.
func bulk(id text) ask {
	return ask{
		method: http.MethodGet, path: "/sys/mnq/blkId/" + url.PathEscape(string(id)), keys: []string{"queryResult"},
		safe: true, awaited: true,
	}
}

// [CC, 3.2 to 3.8 seen] and [C] the versions that calls ask for.
const (
	numVersion = "3.8"
	rocVersion = "3.11"
)

// [P] takeovers limits the tries of a sign-in whose override key has expired in between.
const takeovers = 2

// [P] leaseLife is the time that an instance has to sign in. After it, the others stop waiting.
const leaseLife = 30 * time.Second

// [P] Gentle is the number of requests a second that one client sends to the registry. Its own limits are not public.
const Gentle = 2

// [P] refusalRest is the time without a sign-in after a refused one; the record has a limit of attempts
// (maxLogonAttempts) without its number.
const refusalRest = 5 * time.Minute

// [P] sessionMargin is the time before its end at which a token is given up.
const sessionMargin = 30 * time.Second

// [P] key is our reference of a request, the first word of its notes: the wire has no field for it. It keeps out of the
// two characters that notes may not hold.
func key(r peer.Request) string {
	return strings.NewReplacer("<", "_", ">", "_", " ", "_").Replace(string(r.PON)) + "/" + strconv.Itoa(r.Version)
}

// [P] window returns the time in which a request of ours can have been submitted: from the day before its
// attempt was written, else the last 45 days.
func (c *Client) window(r peer.Request) (from, to time.Time) {
	now := c.cfg.Now()
	from = now.AddDate(0, 0, -45)
	for _, a := range r.Order.Attempts {
		if a.Kind == porting.AskPort && a.PON == r.PON && a.Version == r.Version && !a.Planned.IsZero() {
			from = a.Planned.AddDate(0, 0, -1)
		}
	}
	return from, now.AddDate(0, 0, 1)
}

// [P] noted is the part of a retrieved transaction that no public client reads: the WSI twin of the call returns the
// notes.
type noted struct {
	Notes text `json:"notes"`
}

// key is the first word of the notes.
func (n noted) key() string {
	word, _, _ := strings.Cut(strings.TrimSpace(string(n.Notes)), " ")
	return strings.TrimSpace(word)
}

// [P] rejected has the reasons of a refused number inside retrieve; the rows of search have them for certain.
type rejected struct {
	Reasons reasonList `json:"rejectReasonList"`
	Note    text       `json:"rejectNote"`
}

// complete asks search, whose rows have the reasons for certain, when retrieve shows a declined number without one.
func (c *Client) complete(ctx context.Context, ref string, t *transaction) error {
	for i, l := range t.Lines {
		if l.word() != "DECLINED" && l.word() != "INVALID" || len(l.codes()) > 0 || t.any(asked) {
			continue
		}
		var found struct {
			Rows []struct {
				TxnID  text `json:"txnID"`
				Number text `json:"num"`
				rejected
			} `json:"resultList"`
		}
		err := c.ask(ctx, ask{
			method: http.MethodPost, path: "/roc/search", keys: []string{"resultList"}, safe: true,
			body: c.search(string(l.Number), c.cfg.Now().AddDate(0, 0, -45), c.cfg.Now().AddDate(0, 0, 1)),
		}, &found)
		if err != nil {
			return err
		}
		for _, row := range found.Rows {
			if string(row.TxnID) == ref && row.Number == l.Number {
				t.Lines[i].rejected = row.rejected
			}
		}
		if len(t.Lines[i].codes()) == 0 {
			return nil // this registry gives no reasons; the next number would have none either
		}
	}
	return nil
}

// [P] escalation is the request to hand what is overdue to the help desk; of its fields only the first is known.
type escalation struct {
	TxnID string `json:"txnID"`
}

// [P] resubmission asks the help desk for numbers that another request could not move. Its fields were seen [C], and
// all of them are required. The values of Verified and Emergency are not public.
type resubmission struct {
	Numbers    []string `json:"numList"`
	NewRespOrg string   `json:"newRespOrgID"`
	OldRespOrg string   `json:"oldRespOrgID"`
	Source     string   `json:"srcTxnID"`
	Verified   string   `json:"loaVerification"`
	Emergency  string   `json:"emergencyRoc"`
	Effective  string   `json:"effectiveDate"`
}

const (
	verifiedBySignature = "SIGNATURE"
	noEmergency         = "N"
)

// [P] byHelpDesk is the request type of a resubmission, when it is retrieved.
const byHelpDesk = "HDI"

// [P] attachment adds an uploaded file to a request that is under way.
type attachment struct {
	TxnID string         `json:"txnID"`
	Files []attachedFile `json:"additionalDocuments"`
}

type attachedFile struct {
	ID string `json:"fileId"`
}

// [I] dueBy is the instant up to which the controlling RespOrg may answer; zero when the registry tells no date at all.
// The registry's own clock time counts, for it knows the tariff's holidays. A bare day is that of two business days
// after the request was handed over, at the hour at which it was.
func (t transaction) dueBy(days *bizday.Calendar) time.Time {
	given := instant(t.Due)
	if len(t.Due) > len(time.DateOnly) && !given.IsZero() {
		return given
	}
	handed := instant(t.Future)
	if handed.IsZero() {
		handed = instant(t.Submitted)
	}
	switch by := days.AddBusinessDays(handed, 2); {
	case handed.IsZero() && given.IsZero():
		return time.Time{}
	case handed.IsZero():
		return days.At(given, 24, 0)
	case by.After(given):
		return by
	}
	return given
}

// [I] dateForms are the forms of dates in answers; those without a zone are Central Time.
var dateForms = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02"}

// [I] instant reads a date or time of an answer; the zero time when it has another form.
func instant(s text) time.Time {
	for _, form := range dateForms {
		if t, err := time.ParseInLocation(form, string(s), central); err == nil {
			return t
		}
	}
	return time.Time{}
}

// [I] movable are the statuses of numbers that can be ported. Where the record has one spelling only by inference, the
// other one is here too.
var movable = []string{"WORKING", "ASSIGNED", "RESERVED", "RESERVE", "SUSPEND", "SUSPENDED"}

// [P] unhanded is the literal of a future-dated number that was not handed over yet.
const unhanded = "WAITING"
