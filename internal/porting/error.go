package porting

import "strings"

// ErrorCode says what kind of refusal an [Error] is.
type ErrorCode string

// The refusals of the domain and of the store behind it.
const (
	// Invalid: the input has faults, all of them listed.
	Invalid ErrorCode = "invalid"
	// WrongStatus: the move is not open in the order's status.
	WrongStatus ErrorCode = "wrong_status"
	// Forbidden: the move is not open to this role.
	Forbidden ErrorCode = "forbidden"
	// TooEarly: the clock has not run out yet.
	TooEarly ErrorCode = "too_early"
	// NotFound: there is no such thing, or none that the caller may see.
	NotFound ErrorCode = "not_found"
	// Stale: somebody else changed the order in between.
	Stale ErrorCode = "stale_version"
	// Taken: a number is on another live order.
	Taken ErrorCode = "number_in_live_order"
	// NoFunds: the balance does not cover the fee.
	NoFunds ErrorCode = "insufficient_funds"
	// Settled: what the command wants is already so.
	Settled ErrorCode = "already_done"
)

// Error is a refusal in plain words. It never holds a secret.
type Error struct {
	Code    ErrorCode
	Message string
	Faults  []Fault
}

func (e *Error) Error() string {
	if len(e.Faults) == 0 {
		return e.Message
	}
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Faults {
		b.WriteString(" " + f.Field + ": " + f.Message)
	}
	return b.String()
}

// Fault is one thing wrong with the input: the field's path (wire names, "numbers/3"), a stable code, and what to do.
type Fault struct {
	Field   string
	Code    FaultCode
	Message string
}

// FaultCode names a kind of fault.
type FaultCode string

// The faults of a field.
const (
	Required   FaultCode = "required"
	TooLong    FaultCode = "too_long"
	BadFormat  FaultCode = "invalid_format"
	NotAllowed FaultCode = "not_allowed"
	Duplicate  FaultCode = "duplicate"
	TooMany    FaultCode = "too_many"
	OutOfRange FaultCode = "out_of_range"
	Unknown    FaultCode = "unknown"
)

// invalid is the error for faults; nil when there are none.
func invalid(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "The request has faults.", Faults: faults}
}
