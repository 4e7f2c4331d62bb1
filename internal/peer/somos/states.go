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

// stage groups the states of a number by what they mean for the order.
type stage int

const (
	asked   stage = iota // the controlling RespOrg or the help desk has it
	agreed               // it will move
	moved                // it has moved
	refused              // it will not move by this request
	unclear              // nobody knows the word: a person has to ask
)

type state struct {
	word  string
	stage stage
}

// states are the literals of a number within a request, in the sequence of a request's life. A word that is not here is
// for a person, since nobody knows whether the number still moves.
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

// word is the state in the spelling of the literals. The registry's screens show it in small letters, with spaces.
func (l line) word() string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToUpper(strings.TrimSpace(string(l.Status))))
}

func (l line) stage() stage {
	word := l.word()
	for _, s := range states {
		if s.word == word {
			return s.stage
		}
	}
	if word == "" {
		return asked
	}
	return unclear
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

// answer makes one answer of the states of all numbers. Our decision: while one number is on its way and another
// one is refused already, the order waits until all have ended. So the customer hears of everything at once, and no
// second request crosses the first. confirmed says that the registry shows us as the controller of the moved numbers.
//
// The due date stands for the FOC: the day in Central Time, and its beginning where the registry gives no clock time,
// since an approved number may move at any time up to it.
func (t transaction) answer(confirmed bool) porting.Answer {
	a := porting.Answer{State: porting.AnswerWaiting, Said: t.said()}
	if due := instant(t.Due); !due.IsZero() {
		a.FOC, a.At = porting.DateOf(due.In(central)), due
	}
	underway := t.any(agreed) || t.any(moved) && !confirmed
	switch {
	case t.any(unclear):
		a.State = porting.AnswerUnclear
	case len(t.Lines) == 0 || t.any(asked) || underway && t.any(refused):
		return a
	case underway:
		a.State = porting.AnswerAccepted
		if confirmed {
			a.Moved = t.numbers(moved)
		}
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
		word := l.word()
		i := slices.IndexFunc(states, func(s state) bool { return s.word == word })
		if quoted := porting.Quote(string(l.Status)); i >= 0 {
			words[i] = word
		} else if !slices.Contains(words, quoted) {
			words = append(words, quoted)
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// lapsed says that nobody refused the request: we, its submitter, ended it (16), or nobody answered in its ten business
// days (17). Its numbers can be asked for again as they are.
func (t transaction) lapsed() bool {
	return !slices.ContainsFunc(t.Lines, func(l line) bool {
		codes := l.codes()
		ours := len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool { return code != "16" && code != "17" })
		return !ours && (l.word() != "EXPIRED" || len(codes) > 0)
	})
}

// reasons are those of the refused numbers, one for each code in the order of their appearance, with the numbers
// concerned.
func (t transaction) reasons() []porting.Reason {
	var all []porting.Reason
	for _, l := range t.Lines {
		if l.stage() != refused {
			continue
		}
		codes := l.codes()
		if len(codes) == 0 {
			codes = []string{l.word()}
		}
		for _, code := range codes {
			i := slices.IndexFunc(all, func(r porting.Reason) bool { return r.Raw == code })
			if i < 0 {
				i = len(all)
				all = append(all, porting.Reason{Code: reasonOf(code, decline, ended), Raw: code})
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

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// obstacle returns the reason for which the number can't be ported to us; empty if it can. An error inside the row, a
// missing row and a status that nobody knows are unclear cases for people.
func (r record) obstacle(us string) porting.ReasonCode {
	if len(r.Errors.errors()) > 0 || len(r.Failed.errors()) > 0 {
		return porting.OtherReason
	}
	word := strings.ToUpper(string(r.Status))
	if row, ok := codeOf(status, word); ok {
		return row.reason
	}
	if !slices.Contains(movable, word) {
		return porting.OtherReason
	}
	id := strings.ToUpper(string(r.Holder))
	key := id
	switch {
	case len(id) != 5:
		return ""
	case len(us) == 5 && strings.EqualFold(id[:2], us[:2]):
		key = "our entity"
	case strings.HasPrefix(id, "BRD") && isDigits(id[3:]): // BRD01 to BRD99
		key = "BRDXX"
	case strings.HasSuffix(id, "99"):
		key = "99"
	}
	row, _ := codeOf(holder, key)
	return row.reason
}

// registryDays count the registry's business days, in its zone central (US Central Time).
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
