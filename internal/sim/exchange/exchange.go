// Package exchange simulates the switch of an operator: it answers the calls that package provision makes, as
// infra/docs/operate.md describes them. A number's last four digits choose its story; [Magic] has them. It decodes and
// encodes the bodies by itself, and refuses what that page does not allow. Start reading at [Answer].
//
// The switch keeps nothing. What it was asked before is in the call: the round of a question, and whether it is asked
// again because the last answer was later.
package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// call is a call as the page describes it.
type call struct {
	Schema   string   `json:"schema"`
	Step     string   `json:"step"`
	Key      string   `json:"key"`
	Order    string   `json:"order"`
	Account  string   `json:"account"`
	Kind     string   `json:"kind"`
	Date     string   `json:"date"`
	Again    bool     `json:"again"`
	Round    int      `json:"round"`
	Numbers  []string `json:"numbers"`
	Location *struct {
		Name, Street, City, State, Zip, Country string
	} `json:"location"`
}

type said struct {
	Number    string `json:"number"`
	Answer    string `json:"answer"`
	Reason    string `json:"reason,omitempty"`
	E911      string `json:"e911,omitempty"`
	CNAM      string `json:"cnam,omitempty"`
	Messaging string `json:"messaging,omitempty"`
}

// Row is one line of the table by which a number's last four digits choose what the switch does with it.
type Row struct{ Digits, Story string }

// story says how the switch answers about a number.
type story struct {
	tells   string
	step    string // the step in which it is odd
	refuses string // the reason with which it refuses, as long as nobody has had it asked again
	stays   bool   // the refusal stands whoever asks
	slow    bool   // its first answer to each step is later
}

var stories = map[string]story{
	"9801": {slow: true, tells: "slow: the first answer to each step is that it takes longer"},
	"9802": {step: "prepare", refuses: "no_trunk", tells: "the switch refuses to prepare the number (no_trunk) until a person has it asked again"},
	"9803": {step: "prepare", refuses: "address_unknown", stays: true, tells: "the location for emergency calls can't be found (address_unknown), however often it is asked"},
	"9804": {step: "activate", refuses: "no_route", tells: "the switch refuses to take the calls (no_route) until a person has it asked again"},
	"9805": {step: "check", refuses: "no_answer", tells: "the test call does not arrive (no_answer) until a person has it made again"},
	"9806": {step: "undo", refuses: "busy", tells: "the switch refuses to let the number go (busy) until a person has it asked again"},
}

// Magic returns the whole table, for people.
func Magic() []Row {
	var all []Row
	for digits, s := range stories {
		all = append(all, Row{digits, s.tells})
	}
	slices.SortFunc(all, func(a, b Row) int { return strings.Compare(a.Digits, b.Digits) })
	return all
}

// Is reports whether the payload is a call of a switch.
func Is(payload []byte) bool {
	var c call
	return json.Unmarshal(payload, &c) == nil && c.Step != "" && c.Schema != ""
}

// Answer answers a call. The error is that of a function that fails: the call has another form.
func Answer(payload []byte) (json.RawMessage, error) {
	var c call
	if err := json.Unmarshal(payload, &c); err != nil {
		return nil, errors.New("the payload is no JSON object")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	out := struct {
		Schema  string `json:"schema"`
		Numbers []said `json:"numbers"`
	}{Schema: "1"}
	for _, tn := range c.Numbers {
		out.Numbers = append(out.Numbers, c.about(tn))
	}
	return json.Marshal(out)
}

func (c call) check() error {
	switch {
	case c.Schema != "1":
		return fmt.Errorf("the schema %q is not known", c.Schema)
	case !slices.Contains([]string{"prepare", "activate", "check", "undo"}, c.Step):
		return fmt.Errorf("the step %q is not known", c.Step)
	case c.Key == "" || c.Order == "" || c.Account == "":
		return errors.New("key, order and account are wanted")
	case c.Kind != "local" && c.Kind != "tollfree":
		return fmt.Errorf("the kind %q is not known", c.Kind)
	case len(c.Numbers) == 0 || len(c.Numbers) > 500:
		return fmt.Errorf("%d numbers in one call", len(c.Numbers))
	case c.Step == "prepare" && c.Date == "":
		return errors.New("numbers are prepared for a date")
	case c.Step == "prepare" && c.Kind == "local" && (c.Location == nil || c.Location.Street == ""):
		return errors.New("local numbers are prepared with their location")
	}
	for _, tn := range c.Numbers {
		if !strings.HasPrefix(tn, "+1") || len(tn) != 12 {
			return errors.New("a number is not in E.164")
		}
	}
	return nil
}

// about answers about one number.
func (c call) about(tn string) said {
	s := stories[tn[len(tn)-4:]]
	switch {
	case s.slow && !c.Again:
		return said{Number: tn, Answer: "later", Reason: "queued"}
	case s.step == c.Step && (c.Round == 0 || s.stays):
		return said{Number: tn, Answer: "refused", Reason: s.refuses}
	}
	a := said{Number: tn, Answer: "ready"}
	switch {
	case c.Step == "prepare" && c.Kind == "local":
		a.E911, a.CNAM, a.Messaging = "ready", "pending", "pending"
	case c.Step == "prepare":
		a.E911, a.CNAM, a.Messaging = "none", "none", "pending"
	case c.Step == "check" && c.Kind == "local":
		a.CNAM, a.Messaging = "pending", "pending"
	}
	return a
}
