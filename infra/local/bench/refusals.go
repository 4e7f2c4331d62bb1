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
	leftGoal     = 95 // per cent

	// improper is the number of a carrier that refuses a simple port without ground, and gives way to an objection.
	improper = "+12065557550"

	refusalsNote = "An order of its own gets each published refusal of a losing carrier, each reason of the taxonomy " +
		"that comes in other ways, " +
		"and each decline of the toll-free registry. Its customer lets us correct everything (auto_correct all) and " +
		"never answers. A refusal is " +
		"resolved where a repair by rule brought the order to completion and nobody was asked. The simulated carrier " +
		"accepts the repaired " +
		"request; where only time or another order helps, it accepts the next request. Rules may not resolve a reason that needs " +
		"a secret of the holder, a signature or a paper, a word of the holder to the carrier, or a person at the carrier or here; " +
		"the others are left to rules. A refusal without ground is resolved by the objection that a rule makes."
)

// reserved has the peer-side reasons that rules may not resolve, with who has to: a secret, a signature or a paper proves
// who asks, and the holder's word is the holder's own. A reason that has a repair is left to rules, whether
// one resolved it here or not.
var reserved = map[porting.ReasonCode]string{
	porting.PINMissing: "a secret", porting.PINInvalid: "a secret", porting.TaxIDMismatch: "a secret",

	porting.AuthPersonMismatch: "a signature", porting.AuthPersonInvalid: "a signature", porting.LOAExpired: "a signature",
	porting.LOASignatureInvalid: "a signature", porting.LOASuperseded: "a signature", porting.BillRequired: "a paper",
	porting.BillStale: "a paper", porting.TFShared: "a paper", porting.TFDisconnected: "a paper",
	porting.TFTransitional: "a paper",

	porting.SpecialFeature: "the holder's word to the carrier", porting.BroadbandOnLine: "the holder's word to the carrier",
	porting.MultiLineRule: "the holder's word to the carrier", porting.PortFreeze: "the holder's word to the carrier",
	porting.AccountSuspended: "the holder's word to the carrier", porting.FraudHold: "the holder's word to the carrier",
	porting.RespOrgProtected: "the holder's word to the carrier", porting.JeopardyCustomer: "the holder's word on a day that suits",

	porting.AccountUnpaid:     "a person here, who sends the objection where no record proves the class",
	porting.SnapbackExpired:   "a person at the carrier",
	porting.SVConflict:        "a person at the carrier",
	porting.LateChangeRefused: "nobody: it refuses a change, and not an order",
}

// ours lists the reasons that the figure leaves out. The first ones come from no carrier, registry or peer: our own
// checks before anything is sent (taxonomy D8), and what is not classified. The others are not in the taxonomy; most of
// them need a person at the peer or at the carrier.
var ours = [...]porting.ReasonCode{
	porting.InsufficientFunds, porting.OrderIncomplete, porting.DateOutOfRange, porting.DuplicateTN, porting.LostDispute, porting.Unmapped,
	porting.OtherReason,
	porting.RemovedOnRequest,
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
	objected, err := refused(ctx, workflowtest.Case{Number: improper})
	if err != nil {
		return nil, err
	}
	rows[porting.ImproperReject] = objected.By == "" &&
		objected.World.Order(objected.Order).Objection.Outcome == porting.ObjectionWon
	resolved, peers, left, done := 0, 0, 0, 0
	for _, info := range porting.Reasons {
		if slices.Contains(ours[:], info.Code) {
			continue
		}
		peers++
		if rows[info.Code] {
			resolved++
		}
		if _, people := reserved[info.Code]; people {
			continue
		}
		left++
		if rows[info.Code] {
			done++
		}
	}
	share, part := 100*float64(resolved)/float64(peers), 100*float64(done)/float64(left)
	return []Figure{
		{What: "refusals resolved without anybody", Value: fmt.Sprintf("%d of %d", all[true], all[true]+all[false])},
		{What: "reasons of the taxonomy, peer-side, that a rule resolves",
			Value: fmt.Sprintf("%d of %d, %.0f %%", resolved, peers, share),
			Goal:  fmt.Sprintf("at least %d %%", resolvedGoal), Met: share >= resolvedGoal},
		{What: "those of them that are left to rules, resolved without the customer",
			Value: fmt.Sprintf("%d of %d, %.0f %%", done, left, part),
			Goal:  fmt.Sprintf("at least %d %%", leftGoal), Met: part >= leftGoal},
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
