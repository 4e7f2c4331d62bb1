package orders_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// A hundred thousand lives make a log that nobody reads.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// sequences is the number of random histories of a few orders, and quick that of a -short run and of one under the race
// detector; make test lives all of them without it. internal/porting has the histories of single orders.
const sequences, quick = 20_000, 400

// Over several accounts' orders that want the same few numbers: a number is on one live order at most, versions rise by
// one, the balances are what the events charged, the due dates are those of live orders, and nothing shows a secret.
func TestEveryHistory(t *testing.T) {
	rules := storetest.Rules(t)
	pool := storetest.Numbers(0, 4)
	accounts := []porting.AccountID{"a", "b"}
	ctx := t.Context()
	history := func(t *rapid.T) {
		script := rapid.SliceOfN(rapid.Byte(), 12, 60).Draw(t, "script")
		encode := script[1]%8 == 0
		s := storetest.NewMemory()
		now, random := storetest.Now, uint16(0)
		book := &orders.Book{Store: s, Rules: rules, Now: func() time.Time { return now },
			Random: func() uint16 { random++; return random }}
		for _, a := range accounts {
			if err := s.OpenAccount(ctx, account.Account{ID: a, Kind: account.Live, Balance: 3_000}); err != nil {
				t.Fatal(err)
			}
		}
		var made []porting.OrderID
		for len(script) >= 3 {
			what, which, n := script[0], script[1], script[2]
			script = script[3:]
			now = now.Add(time.Hour)
			if len(made) == 0 || what%8 == 0 {
				tns := pool[n%4 : int(n%4)+1+int(which)%(4-int(n%4))]
				_, all, err := book.Create(ctx, storetest.Draft(accounts[which%2], tns...))
				known(t, err)
				for _, o := range all {
					made = append(made, o.ID)
				}
				continue
			}
			o, err := s.Load(ctx, made[int(which)%len(made)])
			if err != nil {
				t.Fatal(err)
			}
			cmds := next(o, n, pool)
			if len(cmds) == 0 {
				continue
			}
			after, err := book.Do(ctx, o.ID, cmds[int(what/8)%len(cmds)])
			known(t, err)
			if err == nil && after.Version != o.Version && after.Version != o.Version+1 || err != nil &&
				after.Version != o.Version {
				t.Fatalf("version %d becomes %d (%v)", o.Version, after.Version, err)
			}
		}
		check(t, s, made, accounts, encode)
	}
	n := sequences
	if testing.Short() || racing {
		n = quick
	}
	for run := 0; run < n && !t.Failed(); run += 100 {
		rapid.Check(t, history)
	}
}

// known says that an error is one of our own.
func known(t *rapid.T, err error) {
	for _, code := range []porting.ErrorCode{porting.Taken, porting.NoFunds, porting.Invalid, porting.WrongStatus,
		porting.TooEarly, porting.NotFound} {
		if err == nil || porting.Is(err, code) {
			return
		}
	}
	t.Fatal(err)
}

// next are commands that lead on from where the order is.
func next(o porting.Order, n byte, pool []string) []porting.Command {
	port, _ := o.Last(porting.AskPort)
	csr, _ := o.Last(porting.AskCSR)
	switch o.Status {
	case porting.Pending:
		return []porting.Command{storetest.Sign(), storetest.Sign(), porting.Cancel{By: storetest.Customer},
			porting.ChangeNumbers{By: storetest.Customer, Add: pool[n%4 : n%4+1]},
			porting.ChangeNumbers{By: storetest.Customer, Remove: o.Active()[:1]}}
	case porting.Processing:
		return []porting.Command{porting.Pass{By: storetest.System}, porting.Pass{By: storetest.System},
			porting.Exclude{By: storetest.System, TNs: o.Active()[:1], Reason: porting.NoCoverage},
			porting.Return{By: storetest.Staff, Reasons: []porting.Reason{{Code: porting.InsufficientFunds}}},
			porting.RuleOut{By: storetest.System}}
	case porting.Submitted:
		return []porting.Command{
			porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskCSR, PON: "C1"}},
			porting.TakeRecord{By: storetest.System, PON: csr.PON, State: porting.AnswerReady,
				Record: porting.Record{AccountNumber: porting.NewSecret(storetest.SecretAccount), Zip: "98102"}},
			porting.SettleCSR{By: storetest.System, Why: porting.Words("It matches.")},
			porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskPort, PON: "P1"}},
			porting.MarkSent{By: storetest.System, PON: port.PON, Version: port.Version, Ref: "1"},
			porting.Accept{By: storetest.Peer, PON: "P1", FOC: "2027-03-16", At: o.Updated},
			porting.Refuse{By: storetest.Peer, PON: port.PON, Reasons: []porting.Reason{{Code: porting.ZipMismatch}}},
			porting.Return{By: storetest.Staff, Reasons: []porting.Reason{{Code: porting.OtherReason}}},
			porting.HardCancel{By: storetest.Staff}}
	case porting.Accepted:
		return []porting.Command{porting.Complete{By: storetest.Peer, Left: o.Active()[:min(1, int(n%3))]},
			porting.LoseFOC{By: storetest.Peer}, porting.HardCancel{By: storetest.Staff}}
	case porting.Rejected:
		return []porting.Command{porting.Resubmit{By: storetest.Customer}, storetest.Sign(),
			porting.Cancel{By: storetest.Customer}}
	case porting.Review:
		return []porting.Command{porting.Approve{By: storetest.Staff},
			porting.Return{By: storetest.Staff, Reasons: []porting.Reason{{Code: porting.OtherReason}}}}
	}
	return []porting.Command{porting.Comment{By: storetest.Customer, Text: "Too late."}, storetest.Sign()}
}

func check(t *rapid.T, s *storetest.Memory, made []porting.OrderID, accounts []porting.AccountID, encode bool) {
	ctx := t.Context()
	holder := map[string]porting.OrderID{}
	charged := map[porting.AccountID]porting.Money{}
	live := map[porting.OrderID]bool{}
	for _, id := range made {
		o, events, err := storetest.Whole(ctx, s, id)
		if err != nil {
			t.Fatal(err)
		}
		live[id] = o.Status.Live() || o.Withdrawing
		for _, tn := range o.Holds() {
			if other, ok := holder[tn]; ok {
				t.Fatalf("%s is held by the orders %s and %s", tn, other, id)
			}
			holder[tn] = id
			if by, err := s.Holder(ctx, tn); err != nil || by != id {
				t.Fatalf("%s is held by order %q, and not by %s (%v)", tn, by, id, err)
			}
		}
		fees := 0
		for i, e := range events {
			if e.Version != int64(i+1) {
				t.Fatalf("event %d is of version %d", i, e.Version)
			}
			charged[o.Account] += e.Charge
			if e.Charge != 0 && e.Kind != porting.HardCancelled {
				fees++
			}
		}
		if len(events) != int(o.Version) || fees > 1 {
			t.Fatalf("%d events in version %d, %d port fees", len(events), o.Version, fees)
		}
		if !encode { // costs more than all the rest, so one in eight is
			continue
		}
		text, err := json.Marshal(struct {
			Order  porting.Order
			Events []porting.Event
		}{o, events})
		if err != nil {
			t.Fatal(err)
		}
		if shown := string(text) + fmt.Sprintf("%+v %+v", o, events); strings.Contains(shown, "CANARY") ||
			strings.Contains(shown, `"`+storetest.SecretSSN+`"`) {
			t.Fatalf("a secret shows: %s", shown)
		}
	}
	for _, id := range accounts {
		a, err := s.Account(ctx, id)
		if err != nil || a.Balance != 3_000-charged[id] {
			t.Fatalf("the balance of %s is %s, and %s was charged (%v)", id, a.Balance, charged[id], err)
		}
	}
	for _, kind := range append(porting.DueKinds(), porting.DueKind(orders.DueDesk)) {
		due, err := s.Due(ctx, orders.DueKind(kind), storetest.Now.AddDate(10, 0, 0), 1000)
		if err != nil || slices.ContainsFunc(due, func(d orders.Due) bool { return !live[d.Order] }) {
			t.Fatalf("due for %s: %+v (%v)", kind, due, err)
		}
	}
}
