package porting

import (
	"slices"
	"testing"
	"time"
)

// Numbers go back on the holder's word alone, within a day of their own activation, and by our staff's word; whoever asks
// too late or for another number is refused, and nothing changes.
func TestSnapback(t *testing.T) {
	all := tns(3)
	ask := AskSnapback{By: customer, HolderAsks: true, Why: "No dial tone."}
	named := func(tns ...string) AskSnapback { a := ask; a.Numbers = tns; return a }
	unasked, unsaid := ask, ask
	unasked.HolderAsks, unsaid.Why = false, "  "
	for _, test := range []struct {
		name  string
		cmd   AskSnapback
		after time.Duration // since the activation
		fault string
		asked []string
	}{
		{"at once", ask, time.Minute, "", all},
		{"one of them", named(all[1]), time.Hour, "", all[1:2]},
		{"in the last minute", ask, SnapbackTime - time.Minute, "", all},
		{"too late", ask, SnapbackTime + time.Minute, "numbers out_of_range", nil},
		{"a number of another order", named("+12065559999"), time.Hour, "numbers unknown", nil},
		{"without the holder", unasked, time.Hour, "holder_asks required", nil},
		{"without a reason", unsaid, time.Hour, "reason required", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Completed)
			l.at = l.o.Numbers[0].At.Add(test.after)
			o, events, err := l.r.Apply(l.o, test.cmd, l.at)
			if test.fault != "" {
				if faults := faultsOf(err); len(faults) == 0 || faults[0] != test.fault || len(events) > 0 {
					t.Errorf("%q (%v), want %q", faults, err, test.fault)
				}
				return
			}
			if err != nil || o.Status != Completed || o.Desk.Key != MsgAskSnapback || !slices.Equal(Listed(o.Desk.Args["numbers"]), test.asked) ||
				o.Turn() != TurnStaff || len(l.r.Waits(o)) != 1 || l.r.Waits(o)[0].Queue != QueueFallout {
				t.Fatalf("%v: %s, asked %+v", err, o.Status, o.Desk)
			}
			if _, _, err := l.r.Apply(o, test.cmd, l.at); codeOf(err) != Settled {
				t.Errorf("asked for twice: %v", err)
			}
			l.o = o
			l.do(TakeSnapback{By: staff})
			if !slices.Equal(l.o.In(SnappedBack), test.asked) || l.o.Status != Completed || !l.o.Desk.IsZero() ||
				len(l.o.In(Ported)) != len(all)-len(test.asked) || len(l.o.Holds()) != 0 {
				t.Errorf("%s with %v", l.o.Status, l.o.Numbers)
			}
			e := l.last()
			if e.Topic() != NumberMoved || !slices.Contains(e.Effects, SendMail) || !slices.Contains(e.Effects, Publish) || !e.Comment {
				t.Errorf("told as %+v", e)
			}
			if _, _, err := l.r.Apply(l.o, TakeSnapback{By: staff}, l.at); codeOf(err) != WrongStatus {
				t.Errorf("taken back twice: %v", err)
			}
		})
	}
	t.Run("the numbers stay", func(t *testing.T) {
		l := brought(t, Completed)
		l.do(ask, RefuseSnapback{By: staff, Why: "The line was ended."})
		if !slices.Equal(l.o.In(Ported), all) || !l.o.Desk.IsZero() || l.last().Message.Args["why"] == "" {
			t.Errorf("%v, told %+v", l.o.Numbers, l.last().Message)
		}
		if l.do(ask); l.o.Desk.IsZero() {
			t.Error("it can't be asked for again")
		}
	})
	t.Run("the completion stands for a second of activation that nobody knows", func(t *testing.T) {
		l := brought(t, Completed)
		l.o = func(o Order) Order {
			o.Numbers = slices.Clone(o.Numbers)
			for i := range o.Numbers {
				o.Numbers[i].At = time.Time{} // as the last release writes it
			}
			return o
		}(l.o)
		if ends := l.r.SnapbackUntil(l.o); !ends.Equal(l.o.StatusAt.Add(SnapbackTime)) {
			t.Errorf("until %s", ends)
		}
		if _, _, err := l.r.Apply(l.o, ask, l.o.StatusAt.Add(SnapbackTime+time.Second)); len(faultsOf(err)) == 0 {
			t.Errorf("a day later: %v", err)
		}
		l.do(ask)
	})
}
