package api

import (
	"encoding/json"
	"strings"
	"testing"

	"portway/internal/porting"
)

// told is what the test reads of an explanation.
type told struct {
	Data struct {
		Attributes struct {
			Choices []choice
		}
	}
}

// choicesIn reads the choices of an order.
func choicesIn(w *world, order string) []choice {
	w.t.Helper()
	var e told
	out := w.send(w.request("GET", "/v2/portorders/"+order+"/explain", "", nil))
	if err := json.Unmarshal([]byte(out.Body), &e); err != nil || out.StatusCode != 200 {
		w.t.Fatal(out.Body, err)
	}
	return e.Data.Attributes.Choices
}

// take makes the calls of a choice, with a name in the place of each value that the customer fills in.
func take(w *world, c choice) {
	w.t.Helper()
	for _, call := range c.Calls {
		body, err := json.Marshal(call.Body)
		if err != nil {
			w.t.Fatal(err)
		}
		out := w.send(w.request(call.Method, call.Path, strings.ReplaceAll(string(body), "…", "Jane Roe"), nil))
		if out.StatusCode >= 300 {
			w.t.Errorf("%s: %s %s: %d %s", c.Choice, call.Method, call.Path, out.StatusCode, out.Body)
		}
	}
}

// Each choice of a customer who was not ready is a set of calls that work: the order is in review with the day of the
// choice.
func TestEachChoiceOfWhoWasNotReadyWorks(t *testing.T) {
	made := func(t *testing.T) (*world, porting.Order) {
		w := newWorld(t)
		o := w.order("unready", mine, []string{"+12065550170"}, signed, passed,
			porting.Return{By: staff, Reasons: []porting.Reason{{Code: porting.JeopardyCustomer}}})
		return w, o
	}
	w, o := made(t)
	offered := choicesIn(w, string(o.ID))
	kinds := map[string]int{}
	for i, c := range offered {
		kinds[c.Choice]++
		t.Run(c.Choice+" "+c.Detail, func(t *testing.T) {
			w, o := made(t)
			c := choicesIn(w, string(o.ID))[i]
			take(w, c)
			after, err := w.store.Load(t.Context(), o.ID)
			if err != nil || after.Status != porting.Review {
				t.Errorf("%s, %v", after.Status, err)
			}
			if want := c.Date; want == nil || string(after.Details.Desired) != *want {
				t.Errorf("the order wishes %s, and the choice is %+v", after.Details.Desired, c)
			}
		})
	}
	if kinds["keep_day"] != 1 || kinds["another_day"] != 3 || len(offered) != 4 {
		t.Errorf("offered: %v", kinds)
	}
}

// An order whose neighbour in the group has got another day is offered that day; the call of the choice works while the
// order is with the customer, and after. Nothing moves by itself.
func TestTheGroupsDayIsOffered(t *testing.T) {
	for name, sent := range map[string]bool{"not signed yet": false, "with the carrier": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			out := w.send(w.request("POST", "/v2/portorders", attrs(strings.Replace(minimal, `"+12065550150"`, `"+12065550150","+12065550157"`, 1)+
				`,"desired_completion_date":"2026-03-12"`), nil))
			var group struct {
				Data struct {
					Attributes struct {
						Orders struct {
							Data []struct{ ID porting.OrderID }
						}
					}
				}
			}
			if err := json.Unmarshal([]byte(out.Body), &group); err != nil || out.StatusCode != 201 {
				t.Fatal(out.Body, err)
			}
			ids := group.Data.Attributes.Orders.Data
			do := func(id porting.OrderID, cmds ...porting.Command) {
				t.Helper()
				for _, cmd := range cmds {
					if _, err := w.book.Do(t.Context(), id, cmd); err != nil {
						t.Fatal(err)
					}
				}
			}
			do(ids[0].ID, signed, passed, porting.Accept{By: porting.PeerBy("locals"), FOC: "2026-03-17", At: now.AddDate(0, 0, 15)})
			if sent {
				do(ids[1].ID, signed, passed)
			}
			all := choicesIn(w, string(ids[1].ID))
			if len(all) != 1 || all[0].Choice != "group_day" || *all[0].Date != "2026-03-17" || *all[0].Order != string(ids[0].ID) {
				t.Fatalf("%+v", all)
			}
			if mine := choicesIn(w, string(ids[0].ID)); len(mine) != 0 {
				t.Errorf("the moved one is offered %+v", mine)
			}
			before, err := w.store.Load(t.Context(), ids[1].ID)
			if err != nil || before.Details.Desired != "2026-03-12" {
				t.Errorf("it was moved to %s, %v", before.Details.Desired, err)
			}
			take(w, all[0])
			after, err := w.store.Load(t.Context(), ids[1].ID)
			switch {
			case err != nil:
				t.Fatal(err)
			case !sent && after.Details.Desired != "2026-03-17":
				t.Errorf("it wishes %s", after.Details.Desired)
			case sent && after.Unanswered.IsZero():
				t.Error("our staff has nothing to answer")
			}
		})
	}
}
