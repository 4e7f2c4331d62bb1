package somos

import (
	"encoding/json"
	"slices"
	"strings"

	"portway/internal/bizday"
	"portway/internal/porting"
)

// transaction is one port request at the registry. Its state is the states of its numbers.
type transaction struct {
	Kind      text   `json:"requestType"`
	LOA       text   `json:"loaID"`
	Submitted text   `json:"submittedDateTime"`
	Future    text   `json:"futureDateTime"` // when it was handed over, where that was not at once
	Due       text   `json:"dueDate"`
	Lines     []line `json:"numList"`
	noted
}

// line is one number of a transaction.
type line struct {
	Number    text `json:"num"`
	Holder    text `json:"ctrlRespOrg"`
	Status    text `json:"status"`
	Processed text `json:"processedOn"`
	rejected
}

// stage is what a number's state means for the order.
type stage int

const (
	asked   stage = iota // the controlling RespOrg or the help desk has it
	agreed               // it will move
	moved                // it has moved
	refused              // it will not move by this request
)

type state struct {
	word  string
	stage stage
}

// states are the literals of a number within a request. A word that is not here is not an end.
var states = []state{
	{unhanded, asked},
	{"PENDING", asked},
	{"OVERDUE", asked},
	{"HDR", asked},
	// Approved, and carried out just before the due date ends. The RespOrg may undo it: then it is PENDING again.
	{"DUE_DATE_APPROVAL", agreed},
	// Approved; locked records are retried for hours.
	{"PORT_PROCESSING", agreed},
	{"PORTED", moved},
	{"DECLINED", refused},
	{"INVALID", refused},
	{"PORT_FAILED", refused},
	{"EXPIRED", refused},
}

func (l line) stage() stage {
	for _, s := range states {
		if s.word == string(l.Status) {
			return s.stage
		}
	}
	return asked
}

func (t transaction) any(s stage) bool {
	return slices.ContainsFunc(t.Lines, func(l line) bool { return l.stage() == s })
}

// numbers are those at the stage, in E.164.
func (t transaction) numbers(s stage) []string {
	var tns []string
	for _, l := range t.Lines {
		if l.stage() == s {
			tns = append(tns, long(string(l.Number)))
		}
	}
	return tns
}

// answer is what the transaction says as a whole. Our decision: while one number is still on its way and another one is
// refused already, the order waits until all have ended, so that the customer hears of everything at once and no second request
// crosses the first. confirmed says that the registry shows us as the controller of what has moved.
//
// The due date stands for the FOC: the day in Central Time, and its beginning where the registry gives no clock time, since an
// approved number may move at any time up to it.
func (t transaction) answer(confirmed bool) porting.Answer {
	a := porting.Answer{State: porting.AnswerWaiting, Said: t.said()}
	if due := instant(t.Due); !due.IsZero() {
		a.FOC, a.At = porting.DateOf(due.In(central)), due
	}
	underway := t.any(agreed) || t.any(moved) && !confirmed
	switch {
	case len(t.Lines) == 0 || t.any(asked) || underway && t.any(refused):
		return a
	case underway:
		a.State = porting.AnswerAccepted
	case t.any(moved):
		a.State, a.Left, a.Reasons = porting.AnswerCompleted, t.numbers(refused), t.reasons()
	case t.lapsed():
		a.State, a.Reasons = porting.AnswerOver, t.reasons()
	default:
		a.State, a.Reasons = porting.AnswerRefused, t.reasons()
	}
	return a
}

// said is every state once, in the order of a request's life, and then the words that we don't know.
func (t transaction) said() string {
	words := make([]string, len(states))
	for _, l := range t.Lines {
		word := string(l.Status)
		i := slices.IndexFunc(states, func(s state) bool { return s.word == word })
		if quoted := porting.Quote(word); i >= 0 {
			words[i] = word
		} else if !slices.Contains(words, quoted) {
			words = append(words, quoted)
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// lapsed says that nobody refused the request: we, its submitter, ended it (16), or nobody answered in its ten business days
// (17). Its numbers can be asked for again as they are.
func (t transaction) lapsed() bool {
	return !slices.ContainsFunc(t.Lines, func(l line) bool {
		codes := l.codes()
		ours := len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool { return code != "16" && code != "17" })
		return !ours && (l.Status != "EXPIRED" || len(codes) > 0)
	})
}

// declines are the registry's decline codes (section 6 of its record; the older help desk list is not valid) and, below, states
// that come without one. There is no 10, 13 or 14.
var declines = []struct {
	code   string
	reason porting.ReasonCode
	means  string
}{
	{"01", porting.NameMismatch, "customer name mismatch or missing"},
	{"02", porting.AddressMismatch, "address mismatch or missing"},
	{"03", "LOA_SIGNATURE_INVALID", "signature missing"},
	{"04", "TF_SHARED", "shared or bundled number"},
	{"05", "LOA_EXPIRED", "signature date missing or more than 30 days ago"},
	{"06", "RESPORG_MISMATCH", "sent to the wrong RespOrg"},
	{"07", "LOA_TN_MISSING", "number not listed"},
	{"08", "ALL_DATA_MISMATCH", "all data mismatch"},
	{"09", "LOA_REQUIRED", "LOA or linking LOA missing"},
	{"11", "LOA_ILLEGIBLE", "illegible LOA"},
	{"12", "LOA_SUPERSEDED", "more recent LOA exists"},
	{"15", "LOA_SIGNATURE_INVALID", "unauthorised signer"},
	{"16", "PEER_CANCELLED", "rejected by the submitter"},
	{"17", "ROC_EXPIRED", "expired"},
	{"18", "RESPORG_MISMATCH", "the RespOrg no longer controls the number"},
	{"19", "TF_SPARE", "spare"},
	{"20", "TF_UNAVAILABLE", "unavailable"},
	{"21", "RESPORG_PROTECTED", "port-restricted RespOrg"},
	{"22", "TN_ALREADY_OURS", "already yours"},
	{"23", "PEER_DENIED", "rejected by the help desk"},
	{"EXPIRED", "ROC_EXPIRED", "no answer within ten business days"},
	{"PORT_FAILED", "PEER_CANCELLED", "approved, but the registry could not carry it out"},
}

func reasonOf(code string) porting.ReasonCode {
	for _, d := range declines {
		if d.code == code {
			return d.reason
		}
	}
	return porting.OtherReason
}

// reasons are those of the refused numbers, one for each code in the order of their appearance, with the numbers concerned.
func (t transaction) reasons() []porting.Reason {
	var all []porting.Reason
	for _, l := range t.Lines {
		if l.stage() != refused {
			continue
		}
		codes := l.codes()
		if len(codes) == 0 {
			codes = []string{string(l.Status)}
		}
		for _, code := range codes {
			i := slices.IndexFunc(all, func(r porting.Reason) bool { return r.Raw == code })
			if i < 0 {
				i = len(all)
				all = append(all, porting.Reason{Code: reasonOf(code), Raw: code})
			}
			if all[i].Said == "" {
				all[i].Said = porting.Quote(string(l.Note))
			}
			all[i].Numbers = append(all[i].Numbers, long(string(l.Number)))
		}
	}
	return all
}

// codes are the line's decline codes, each once.
func (l line) codes() []string {
	var codes []string
	for _, s := range l.Reasons {
		for part := range strings.SplitSeq(s, ",") {
			part = strings.TrimSpace(part)
			digits := len(part) - len(strings.TrimLeft(part, "0123456789"))
			if digits == 1 {
				part, digits = "0"+part, 2
			}
			if digits == 2 && !slices.Contains(codes, part[:2]) {
				codes = append(codes, part[:2])
			}
		}
	}
	return codes
}

// reasonList is rejectReasonList: objects with the code or its text under reason; plain texts are read too.
type reasonList []string

// UnmarshalJSON reads the list.
func (l *reasonList) UnmarshalJSON(data []byte) error {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return err
	}
	*l = nil
	for _, item := range items {
		var s text
		row := struct {
			Reason *text `json:"reason"`
		}{&s}
		if json.Unmarshal(item, &row) != nil {
			if err := json.Unmarshal(item, &s); err != nil {
				return err
			}
		}
		if s != "" {
			*l = append(*l, string(s))
		}
	}
	return nil
}

// record is a row of a number query.
type record struct {
	Number text     `json:"num"`
	Status text     `json:"status"`
	Holder text     `json:"ctrlRespOrgId"`
	Errors mistakes `json:"errList"`
	Failed mistakes `json:"failReason"`
}

// restricted are RespOrgs from which a number can't be moved by request; disconnected is what numbers of a RespOrg that is no
// more are under: like disconnected numbers they are recovered by hand, on a bill.
var restricted = []string{"BRCUD", "BRRCC", "BRDUP"}

const disconnected = "BRDXX"

// obstacle is why the number can't be ported to us; empty when it can. An error inside the row, and a missing row, are unclear
// cases for people.
func (r record) obstacle(us string) porting.ReasonCode {
	holder := strings.ToUpper(string(r.Holder))
	if len(r.Errors.errors()) > 0 || len(r.Failed.errors()) > 0 {
		return porting.OtherReason
	}
	if why := obstacleOf(r.Status); why != "" {
		return why
	}
	switch {
	case holder == disconnected:
		return "TF_DISCONNECTED"
	case slices.Contains(restricted, holder), len(holder) == 5 && strings.HasSuffix(holder, "99"):
		return "RESPORG_PROTECTED"
	case len(holder) == 5 && len(us) == 5 && strings.EqualFold(holder[:2], us[:2]):
		return "TN_ALREADY_OURS"
	}
	return ""
}

// registryDays are the registry's business days, and central is where they are (US Central Time).
var (
	registryDays = func() *bizday.Calendar {
		days, err := bizday.Named("somos", "America/Chicago")
		if err != nil {
			panic("no time zone data: build with -tags timetzdata") // every build of ours has it
		}
		return days
	}()
	central = registryDays.Location()
)
