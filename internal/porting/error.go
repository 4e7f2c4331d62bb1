package porting

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrorCode says what kind of refusal an [Error] is.
type ErrorCode string

// The refusals of the domain and of the store behind it. A code that the API answers with is published: its comment is
// its meaning in the catalogue of infra/openapi.yaml.
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
	// ChangeOpen: An earlier change of the order has not been answered yet.
	ChangeOpen ErrorCode = "change_open"
	// Taken: A number is on another open order.
	Taken ErrorCode = "number_in_live_order"
	// NoFunds: The balance does not cover the fee.
	NoFunds ErrorCode = "insufficient_funds"
	// Settled: The order already is as the command wants it.
	Settled ErrorCode = "already_done"
	// SignatureNeeded: The order says something else than the letter of agency that was signed. Sign it again.
	SignatureNeeded ErrorCode = "signature_needed"
)

// Error is a refusal in plain words: a whole sentence, or a fault for each thing that is wrong. It never holds a
// secret.
type Error struct {
	Code    ErrorCode
	Message string
	Faults  Faults
}

// Errorf makes a refusal without faults. The caller reads the message as it is.
func Errorf(code ErrorCode, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// TakenError refuses numbers that other live orders hold: each is the field of a fault. It tells neither the order nor
// its owner.
func TakenError(holds ...string) *Error {
	e := Errorf(Taken, "Numbers are on another live order.")
	for _, hold := range holds {
		why := OtherRequest
		if HoldOwner(hold) != "" {
			why = "The number is on another live order."
		}
		e.Faults = append(e.Faults, Fault{Field: HeldNumber(hold), Code: NotAllowed, Message: why})
	}
	return e
}

// OtherRequest tells that an order of another account may have a number, in words that do not tell whose it is.
const OtherRequest = "Another request to port the number exists."

// WithFields renames the fields of the faults that err tells, for a caller whose input names them in another way.
func WithFields(err error, rename func(field string) string) error {
	var e *Error
	if !errors.As(err, &e) || len(e.Faults) == 0 {
		return err
	}
	renamed := *e
	renamed.Faults = slices.Clone(e.Faults)
	for i, f := range e.Faults {
		renamed.Faults[i].Field = rename(f.Field)
	}
	return &renamed
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

// Is reports whether err is an [*Error] of the code.
func Is(err error, code ErrorCode) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// Plain makes a text for logs and people from an error. An [*Error] gives its own text. Any other error gives the type
// of its cause and the code that a service answered with, since the text of a library's error may hold a secret. Of
// joined errors the first counts.
func Plain(err error) string {
	code := ""
	for {
		switch e := err.(type) {
		case *Error:
			return e.Error()
		case interface{ Plain() string }:
			return e.Plain()
		case interface{ ErrorCode() string }: // an API error of smithy
			code = " (" + e.ErrorCode() + ")"
		}
		inner := errors.Unwrap(err)
		if joined, ok := err.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) > 0 {
			inner = joined.Unwrap()[0]
		}
		if inner == nil {
			return fmt.Sprintf("%T%s", err, code)
		}
		err = inner
	}
}

// Fault is one thing wrong with the input: the field's path (wire names, "numbers/3"), a stable code, and what to do.
type Fault struct {
	Field   string
	Code    FaultCode
	Message string
	// Days goes with a requested day that can't be.
	Days DayAdvice
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

// Faults collects everything that is wrong with an input, so that its sender reads all of it at once.
type Faults []Fault

// MaxFaults is how many faults of one input are told: one for each number that an order may have, and those of its
// details.
const MaxFaults = MaxNumbers + 100

// Add notes a fault, up to MaxFaults of them.
func (fs *Faults) Add(field string, code FaultCode, message string) {
	if len(*fs) < MaxFaults {
		*fs = append(*fs, Fault{Field: field, Code: code, Message: message})
	}
}

// Merge adds the faults that err tells, except those of a field that has a fault already. An err without faults, such
// as WrongStatus, forbids the call whatever its fields hold: Merge returns it.
func (fs *Faults) Merge(err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Code != Invalid || len(e.Faults) == 0 {
		return err
	}
	have := map[string]bool{}
	*fs = slices.Clip(*fs) // another holder of these faults keeps its own
	for _, f := range *fs {
		have[f.Field] = true
	}
	for _, f := range e.Faults {
		if !have[f.Field] && len(*fs) < MaxFaults {
			*fs = append(*fs, f)
		}
	}
	return nil
}

// Err is the refusal that tells all faults; nil when there are none.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "The request has faults.", Faults: fs}
}
