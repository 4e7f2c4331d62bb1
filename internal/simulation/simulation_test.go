package simulation

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	histories  = flag.Int("histories", 0, "how many histories to live; 0 is a few, as a test among others has time for")
	firstSeed  = flag.Uint64("seed", 1, "the first seed")
	lastsFor   = flag.Duration("for", 0, "how long to go on at most")
	onlyOrders = flag.String("orders", "", "the orders of the plan to keep, such as 3,17")
	onlyFaults = flag.String("faults", "", "the faults of the plan to keep, such as 0,4; none keeps none")
	tries      = flag.Int("shrink", 40, "how often a plan that breaks a promise is tried with less in it")
	show       = flag.Bool("show", false, "print what happens")
)

// ordersOf is how many orders a history has.
const ordersOf = 30

// done is what came of all histories.
var done struct {
	histories, steps, violations atomic.Int64
	mu                           sync.Mutex
	hits                         map[Trouble]int
}

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400) // a world is small, and made and dropped often
	began := time.Now()
	code := m.Run()
	if *histories > 0 {
		took := time.Since(began).Seconds()
		fmt.Printf("%.1f orders a second\n", float64(done.histories.Load()*ordersOf)/took)
		faults := 0
		for _, n := range done.hits {
			faults += n
		}
		fmt.Printf("histories %d, steps %d, faults %d, violations %d\n", done.histories.Load(), done.steps.Load(),
			faults, done.violations.Load())
	}
	os.Exit(code)
}

// No history breaks a promise. A seed whose history breaks one is printed, and its plan is cut down.
func TestHistories(t *testing.T) {
	n, orders := *histories, ordersOf
	switch {
	case n > 0:
	case racing:
		n, orders = 2, 6
	default:
		n, orders = 3, ordersOf
	}
	var next atomic.Int64
	var end time.Time
	if *lastsFor > 0 {
		end = time.Now().Add(*lastsFor)
	}
	lives := func(t *testing.T) {
		t.Parallel()
		for {
			k := next.Add(1) - 1
			if k >= int64(n) || !end.IsZero() && time.Now().After(end) {
				return
			}
			p := Draw(*firstSeed+uint64(k), orders).Only(*onlyOrders, *onlyFaults)
			r := Run(t, p, *show)
			done.histories.Add(1)
			done.steps.Add(r.Steps)
			count(r.Hits)
			done.violations.Add(int64(len(r.Violations)))
			if *show {
				fmt.Println(strings.Join(r.Trace, "\n"))
			}
			if len(r.Violations) > 0 {
				tellOf(t, r)
			}
		}
	}
	t.Run("Keep", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("Promises", lives)
		}
	})
	if n := done.histories.Load(); n >= enough {
		everyTroubleHits(t, n)
	}
}

// In enough histories at most two kinds of trouble have hit nothing in the part for which they are drawn, in plenty of them none.
const (
	enough = 300
	plenty = 1000
)

// everyTroubleHits fails where troubles have hit nothing in so many histories: two rare ones may.
func everyTroubleHits(t *testing.T, histories int64) {
	var missed []Trouble
	for part, kinds := range parts {
		for _, kind := range kinds {
			n := done.hits[Trouble{part, kind}]
			t.Logf("%s %s: %d", part, kind, n)
			if n == 0 {
				missed = append(missed, Trouble{part, kind})
			}
		}
	}
	if len(missed) > 2 || len(missed) > 0 && histories >= plenty {
		t.Errorf("no history has hit %v", missed)
	}
}

// count adds what the faults of a history have hit.
func count(hits map[Trouble]int) {
	done.mu.Lock()
	defer done.mu.Unlock()
	if done.hits == nil {
		done.hits = map[Trouble]int{}
	}
	for trouble, n := range hits {
		done.hits[trouble] += n
	}
}

// telling keeps what two workers tell apart.
var telling sync.Mutex

// tellOf tells of a history that breaks promises.
func tellOf(t *testing.T, r Result) {
	promise := r.Violations[0].Promise
	for _, v := range r.Violations {
		fmt.Fprintf(os.Stderr, "seed %d: %s\n", r.Plan.Seed, v)
	}
	small := r
	if *onlyOrders == "" && *onlyFaults == "" && *tries > 0 {
		Shrink(r.Plan, *tries, func(p Plan) bool {
			q := Run(t, p, false)
			broken := slices.ContainsFunc(q.Violations, func(v Violation) bool { return v.Promise == promise })
			if broken {
				small = q
			}
			return broken
		})
	}
	telling.Lock()
	defer telling.Unlock()
	t.Errorf("seed %d breaks %d promises; the smallest plan that breaks the first of them:\n%s", r.Plan.Seed,
		len(r.Violations), small.Plan)
	for _, v := range small.Violations {
		t.Errorf("  %s", v)
	}
}

// The same plan gives the same history, to the last call and nanosecond.
func TestReplay(t *testing.T) {
	orders := ordersOf
	if racing {
		orders = 6
	}
	p := Draw(*firstSeed, orders)
	first, second := Run(t, p, true), Run(t, p, true)
	for i := range min(len(first.Trace), len(second.Trace)) {
		if first.Trace[i] != second.Trace[i] {
			t.Fatalf("line %d differs:\n%s\nfirst  %s\nsecond %s", i,
				strings.Join(first.Trace[max(0, i-10):i], "\n"), first.Trace[i], second.Trace[i])
		}
	}
	if len(first.Trace) != len(second.Trace) {
		t.Fatalf("%d and %d lines", len(first.Trace), len(second.Trace))
	}
}
