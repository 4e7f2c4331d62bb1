package bench

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"portway/internal/porting"
	"portway/internal/workflow/workflowtest"
)

const (
	resolvedGoal = 60 // per cent

	refusalsNote = "An order of its own gets each published refusal of a losing carrier, each reason of the taxonomy " +
		"that comes in other ways, " +
		"and each decline of the toll-free registry. Its customer lets us correct everything (auto_correct all) and " +
		"never answers. A refusal is " +
		"resolved where a repair by rule brought the order to completion and nobody was asked. The simulated carrier " +
		"accepts the repaired " +
		"request; where only time or another order helps, it accepts the next request."
)

// ours lists the reasons that the figure leaves out. The first ones come from no carrier, registry or peer: our own
// checks before anything is sent (taxonomy D8), and what is not classified. The others are not in the taxonomy; most of
// them need a person at the peer or at the carrier.
var ours = [...]porting.ReasonCode{
	porting.InsufficientFunds, porting.OrderIncomplete, porting.DateOutOfRange, porting.DuplicateTN, porting.Unmapped,
	porting.OtherReason,
	porting.CarrierWorking, // information: the order goes on
	porting.Prepaid, porting.HourWanted, porting.CarrierClosed, porting.CSRNeedsMore, porting.ActivationRefused,
	porting.OurRequest, porting.InternalPort, porting.OrderDone, porting.PortUndone,
}

// refusals counts the simulated refusals that are resolved without asking anybody.
func refusals(ctx context.Context) ([]Figure, error) {
	all, rows := map[bool]int{}, map[porting.ReasonCode]bool{}
	for _, c := range workflowtest.Cases() {
		r, err := refused(ctx, c)
		if err != nil {
			return nil, err
		}
		resolved := r.By == "" && len(r.Repairs) > 0
		all[resolved]++
		for _, code := range r.Codes() {
			rows[code] = rows[code] || resolved
		}
	}
	resolved, peers := 0, 0
	for _, info := range porting.Reasons {
		if slices.Contains(ours[:], info.Code) {
			continue
		}
		peers++
		if rows[info.Code] {
			resolved++
		}
	}
	share := 100 * float64(resolved) / float64(peers)
	return []Figure{
		{What: "refusals resolved without anybody", Value: fmt.Sprintf("%d of %d", all[true], all[true]+all[false])},
		{What: "reasons of the taxonomy, peer-side, that a rule resolves",
			Value: fmt.Sprintf("%d of %d, %.0f %%", resolved, peers, share),
			Goal:  fmt.Sprintf("at least %d %%", resolvedGoal), Met: share >= resolvedGoal},
	}, nil
}

// refused runs the order of one refusal outside of a test.
func refused(ctx context.Context, c workflowtest.Case) (r workflowtest.Refusal, err error) {
	run := &life{ctx: ctx}
	defer func() {
		if p := recover(); p != nil && p != any(run) {
			panic(p)
		}
		for _, f := range slices.Backward(run.cleanups) {
			f()
		}
		if run.fault != "" {
			err = fmt.Errorf("%s: %s", c.Number, run.fault)
		}
	}()
	return workflowtest.Refused(run, c), nil
}

// life takes the place of a test outside of tests.
type life struct {
	testing.TB // nothing else of it is called
	ctx        context.Context
	cleanups   []func()
	fault      string
}

func (l *life) Helper()                        {}
func (l *life) Context() context.Context       { return l.ctx }
func (l *life) Cleanup(f func())               { l.cleanups = append(l.cleanups, f) }
func (l *life) Errorf(format string, a ...any) { l.fault = fmt.Sprintf(format, a...) }
func (l *life) Error(a ...any)                 { l.fault = fmt.Sprint(a...) }
func (l *life) Fatalf(format string, a ...any) { l.Errorf(format, a...); panic(l) }
func (l *life) Fatal(a ...any)                 { l.Error(a...); panic(l) }
func (l *life) Log(...any)                     {}
func (l *life) Logf(string, ...any)            {}
