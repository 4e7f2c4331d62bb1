package workflow_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"portway/internal/porting"
	"portway/internal/provision"
	"portway/internal/workflow/workflowtest"
)

// line is a number whose last four digits are these.
func line(digits int) string { return fmt.Sprintf("+1206555%04d", digits) }

// steps returns what the switch was asked to do, one after the other.
func steps(w *workflowtest.World) []string {
	var all []string
	for _, r := range w.OnSwitch() {
		all = append(all, r.Step)
	}
	return all
}

// The operator's switch is asked to prepare the numbers once there is a date, to take their calls when they have moved,
// and for a test call; only then is anybody told that calls come to us.
func TestCallsComeToTheSwitch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		number int
		steps  []string
		// decide is what our staff does about the question that is asked; nil where none is.
		decide func(porting.By) porting.Command
		asked  porting.ProvisionStep
	}{
		{name: "at once", number: 101, steps: []string{"prepare", "activate", "check"}},
		{name: "with a slow switch", number: 9801,
			steps: []string{"prepare", "prepare", "activate", "activate", "check", "check"}},
		{name: "after a refusal to take the calls", number: 9804, asked: porting.Activate,
			steps:  []string{"prepare", "activate", "activate", "check"},
			decide: func(by porting.By) porting.Command { return porting.AskSwitchAgain{By: by} }},
		{name: "after a test call that failed", number: 9805, asked: porting.TestCall,
			steps:  []string{"prepare", "activate", "check", "check"},
			decide: func(by porting.By) porting.Command { return porting.AskSwitchAgain{By: by} }},
		{name: "by hand", number: 9804, asked: porting.Activate,
			steps:  []string{"prepare", "activate"},
			decide: func(by porting.By) porting.Command { return porting.ServeByHand{By: by} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Switch: true})
			number := line(test.number)
			id := w.Signed([]string{number}, nil)
			w.Ends(id, porting.Completed)
			if test.decide != nil {
				w.Until("our staff is asked", func() bool { return w.Order(id).Desk.Key == porting.MsgAskSwitch })
				o := w.Order(id)
				same(t, "the step in question", o.Desk.Args["step"], string(test.asked))
				if o.CallsArrive() || slices.Contains(w.Kinds(id), porting.CallsCame) {
					t.Error("calls are said to come before the check")
				}
				w.Do(id, test.decide(porting.StaffBy("AB")))
			}
			w.Until("the calls come to us", func() bool { return w.Order(id).CallsArrive() })
			w.Pass(time.Second)
			same(t, "the steps", steps(w), test.steps)
			same(t, "nobody is asked any more", w.Order(id).Desk.Key, porting.MessageKey(""))
			n := 0
			for _, kind := range w.Kinds(id) {
				if kind == porting.CallsCame {
					n++
				}
			}
			same(t, "times that it is told", n, 1)
			first := w.OnSwitch()[0]
			if first.Location == nil || first.Location.Street == "" || first.Date == "" {
				t.Errorf("prepared without its place or day: %+v", first)
			}
			for _, r := range w.OnSwitch()[1:] {
				if r.Step != "prepare" && r.Location != nil {
					t.Errorf("the step %s has the address", r.Step)
				}
			}
		})
	}
}

// A switch without a location for emergency calls is not ready: a person is asked before the numbers move, and they move
// on their day nevertheless.
func TestTheLocationComesBeforeTheService(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Switch: true})
	id := w.Signed([]string{line(9803)}, nil)
	w.Reach(id, porting.Accepted)
	w.Until("our staff is asked", func() bool { return w.Order(id).Desk.Key == porting.MsgAskSwitch })
	w.Ends(id, porting.Completed)
}

// An outage of hours heals by itself: each step is asked again until it is answered, and a person is asked once numbers
// have moved and wait for their calls.
func TestASwitchThatIsDownIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Switch: true})
	id := w.Signed([]string{line(102)}, nil)
	w.Reach(id, porting.Accepted)
	w.SwitchDown(true)
	w.Ends(id, porting.Completed)
	w.Until("our staff is asked", func() bool { return w.Order(id).Desk.Key == porting.MsgAskSwitch })
	same(t, "why", w.Order(id).Desk.Args["reason"], "unreachable")
	w.Pass(5 * time.Hour)
	if w.Order(id).CallsArrive() {
		t.Fatal("calls arrive while the switch is down")
	}
	w.SwitchDown(false)
	w.Until("the calls come to us", func() bool { return w.Order(id).CallsArrive() })
	same(t, "the question", w.Order(id).Desk.Key, porting.MessageKey(""))
	keys := map[string]string{}
	for _, r := range w.OnSwitch() {
		if keys[r.Step] == "" {
			keys[r.Step] = r.Key
		}
		same(t, "the key of "+r.Step, r.Key, keys[r.Step])
	}
}

// What was prepared is undone when the order ends without its numbers, and when a number goes back.
func TestTheSwitchLetsNumbersGo(t *testing.T) {
	t.Parallel()
	staff := porting.StaffBy("AB")
	t.Run("when the order is called off", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Switch: true})
		id := w.Signed([]string{line(103)}, nil)
		w.Reach(id, porting.Accepted)
		w.Pass(time.Second)
		w.Do(id, porting.HardCancel{By: staff, Why: "Asked for.", Force: true})
		w.Until("it is undone", func() bool { return slices.Contains(steps(w), "undo") })
		w.Pass(time.Second)
		same(t, "the steps", steps(w), []string{"prepare", "undo"})
		same(t, "what is due", w.Order(id).Due[porting.DueSwitch].IsZero(), true)
	})
	t.Run("when a number goes back", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Switch: true})
		id := w.Signed([]string{line(104)}, nil)
		w.Until("the calls come to us", func() bool { return w.Order(id).CallsArrive() })
		w.Do(id, porting.AskSnapback{By: staff, HolderAsks: true, Why: "No dial tone."})
		w.Do(id, porting.TakeSnapback{By: staff})
		w.Pass(time.Second)
		same(t, "the steps", steps(w), []string{"prepare", "activate", "check", "undo"})
		same(t, "the calls", w.Order(id).Numbers[0].Provision.Calls(), porting.CallsEnded)
	})
}

// A slow switch may answer by a call of its own. An answer that comes twice, too late, or to another step changes
// nothing.
func TestLateAnswersOfTheSwitch(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Switch: true})
	number := line(9801)
	id := w.Signed([]string{number}, nil)
	w.Reach(id, porting.Accepted)
	w.Until("it needs longer", func() bool { return w.Order(id).Numbers[0].Provision.Answer == porting.SwitchWorks })
	asker := &provision.Asker{Book: w.Book}
	take := func(step, answer string) {
		t.Helper()
		late := provision.Late{Schema: "1", Order: string(id), Step: step, Numbers: []provision.Number{{Number: number, Answer: answer, E911: "ready"}}}
		if step == "prepare" {
			late.Date = string(w.Order(id).FOC)
		}
		body, err := json.Marshal(late)
		if err != nil {
			t.Fatal(err)
		}
		if err := asker.TakeLate(t.Context(), body); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
	}
	take("check", "ready")
	same(t, "after an answer to a later step", w.Order(id).Numbers[0].Provision.Calls(), porting.CallsPreparing)
	take("prepare", "ready")
	same(t, "after the answer", w.Order(id).Numbers[0].Provision.Calls(), porting.CallsPrepared)
	version := w.Order(id).Version
	take("prepare", "ready")
	take("prepare", "refused")
	take("undo", "ready")
	same(t, "the version", w.Order(id).Version, version)
	for name, body := range map[string]string{
		"no JSON": "<a>", "another schema": `{"schema":"9","order":"1","step":"check","numbers":[{"number":"+1"}]}`,
		"no step of ours": `{"schema":"1","order":"1","step":"dance","numbers":[{"number":"+1"}]}`,
		"no numbers":      `{"schema":"1","order":"1","step":"check"}`,
	} {
		if err := asker.TakeLate(t.Context(), []byte(body)); !porting.Is(err, porting.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := asker.TakeLate(t.Context(), []byte(`{"schema":"1","order":"77","step":"check","numbers":[{"number":"+1"}]}`)); !porting.Is(err, porting.NotFound) {
		t.Errorf("an order that does not exist: %v", err)
	}
}

// Without a switch nothing is asked, and nothing is said about calls.
func TestWithoutASwitchNobodyPromisesCalls(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{line(105)}, nil)
	w.Ends(id, porting.Completed)
	same(t, "what was asked", len(w.OnSwitch()), 0)
	same(t, "the calls", w.Order(id).Numbers[0].Provision, porting.Provision{})
}
