package porting

import "strings"

// ErrorCode says what kind of refusal an [Error] is.
type ErrorCode string

// The refusals of the domain and of the store behind it. A code that the API answers with is published: its comment is its
// meaning in the catalogue of infra/openapi.yaml.
const (
	// Invalid: The input has faults, and the error lists all of them.
	Invalid ErrorCode = "invalid"
	// WrongStatus: The order's status does not allow this.
	WrongStatus ErrorCode = "wrong_status"
	// Forbidden: This is not open to the caller.
	Forbidden ErrorCode = "forbidden"
	// TooEarly: The order's time has not run out yet.
	TooEarly ErrorCode = "too_early"
	// NotFound: What the call names does not exist, or belongs to another account.
	NotFound ErrorCode = "not_found"
	// Stale: Somebody else changed the order at the same time. Read it and try again.
	Stale ErrorCode = "stale_version"
	// Taken: A number is on another open order.
	Taken ErrorCode = "number_in_live_order"
	// NoFunds: The balance does not cover the fee.
	NoFunds ErrorCode = "insufficient_funds"
	// Settled: The order already is as the command wants it.
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

// The faults of a field. The comment of each constant is its meaning in the catalogue of infra/openapi.yaml.
const (
	// Required: A value that must be sent is missing.
	Required FaultCode = "required"
	// TooLong: The text has too many characters.
	TooLong FaultCode = "too_long"
	// BadFormat: The value does not have the required form.
	BadFormat FaultCode = "invalid_format"
	// NotAllowed: The value, attribute or parameter cannot be sent here.
	NotAllowed FaultCode = "not_allowed"
	// Duplicate: The same value or parameter is sent twice.
	Duplicate FaultCode = "duplicate"
	// TooMany: The list has too many items.
	TooMany FaultCode = "too_many"
	// OutOfRange: The value is too low, too high, too early or too late.
	OutOfRange FaultCode = "out_of_range"
	// Unknown: There is no attribute, parameter, record or number of this name.
	Unknown FaultCode = "unknown"
)

// invalid is the error for faults; nil when there are none.
func invalid(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "The request has faults.", Faults: faults}
}
