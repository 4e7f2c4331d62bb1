package porting

import "time"

// Number is one telephone number of an order, with a state of its own.
type Number struct {
	TN     string // E.164
	State  NumberState
	Reason ReasonCode // why it is excluded, or did not move
	// At is the instant at which the number came into its state; zero for a number that takes part, and for a state of
	// before this was kept.
	At time.Time
	// Provision is how far our own switch is with the number; zero where no switch was asked.
	Provision Provision
}

// NumberState is the state of one number, as it is stored with the order.
type NumberState string

// A number takes part, was left out with its reason, is in service with us, did not move with the others, or has gone
// back to the carrier that had it.
const (
	Taking      NumberState = ""
	Excluded    NumberState = "excluded"
	Ported      NumberState = "ported"
	Failed      NumberState = "failed"
	SnappedBack NumberState = "snapped_back"
)

// enter brings the number into a state at that second.
func (n *Number) enter(s NumberState, why ReasonCode, at time.Time) {
	n.State, n.Reason, n.At = s, why, at.UTC().Truncate(time.Second)
}

// numbersIn lists the numbers whose state passes.
func (o Order) numbersIn(passes func(NumberState) bool) []string {
	var tns []string
	for _, n := range o.Numbers {
		if passes(n.State) {
			tns = append(tns, n.TN)
		}
	}
	return tns
}

// In lists the numbers in that state.
func (o Order) In(s NumberState) []string {
	return o.numbersIn(func(state NumberState) bool { return state == s })
}

// Stage says for people where a number stands: its own state, and for one that takes part how far its order has come.
type Stage string

// The stages, in the order of a number's way.
const (
	StageTaking      Stage = "taking_part"
	StageCarrier     Stage = "with_carrier"
	StageDated       Stage = "dated"
	StageActive      Stage = "active"
	StageFailed      Stage = "failed"
	StageSnappedBack Stage = "snapped_back"
	StageExcluded    Stage = "excluded"
	StageEnded       Stage = "ended" // the order has ended without it
)

// Stages lists them all.
func Stages() []Stage {
	return []Stage{StageTaking, StageCarrier, StageDated, StageActive, StageFailed, StageSnappedBack, StageExcluded, StageEnded}
}

// StageOf returns the stage of a number of the order, and since when it is there.
func (o Order) StageOf(n Number) (Stage, time.Time) {
	switch n.State {
	case Excluded:
		return StageExcluded, n.At
	case Ported:
		return StageActive, n.At
	case Failed:
		return StageFailed, n.At
	case SnappedBack:
		return StageSnappedBack, n.At
	}
	port, _ := o.Last(AskPort)
	switch sent := !port.Sent.IsZero(); {
	case o.Status == Accepted:
		return StageDated, o.StatusAt
	case sent && (o.Status == Submitted || o.Withdrawing):
		return StageCarrier, port.Sent
	case o.Status.Terminal():
		return StageEnded, o.StatusAt
	}
	return StageTaking, o.Created
}
