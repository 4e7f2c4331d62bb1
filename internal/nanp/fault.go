package nanp

import "strconv"

// Fault says why a number was refused. It is a stable code for programs, and an
// error whose text is a sentence for people:
//
//	errors.Is(err, nanp.ErrPremium)
type Fault string

// The faults, in the order in which Parse looks for them. The comment of each constant is its meaning in the catalogue
// of infra/openapi.yaml.
const (
	// ErrCharacter: The telephone number contains something other than digits and separators.
	ErrCharacter Fault = "number_character"
	// ErrCountryCode: The country code of the number is not 1.
	ErrCountryCode Fault = "number_country_code"
	// ErrLength: The number does not have ten digits.
	ErrLength Fault = "number_length"
	// ErrNPA: The area code cannot exist.
	ErrNPA Fault = "number_area_code"
	// ErrTollFreeReserved: The area code is reserved for future toll-free numbers.
	ErrTollFreeReserved Fault = "number_toll_free_reserved"
	// ErrPremium: Numbers of the area code 900 cannot be ported.
	ErrPremium Fault = "number_premium"
	// ErrNonGeographic: The area code belongs to personal, machine, carrier or government services.
	ErrNonGeographic Fault = "number_non_geographic"
	// ErrAbroad: The area code belongs to neither the United States nor Canada.
	ErrAbroad Fault = "number_abroad"
	// ErrNXX: The three digits after the area code cannot exist.
	ErrNXX Fault = "number_exchange"
	// ErrDirectory: The number 555-1212 belongs to directory assistance.
	ErrDirectory Fault = "number_directory_assistance"
)

var sentences = [...]struct {
	fault    Fault
	sentence string
}{
	{ErrCharacter, "a number may have only digits, spaces and ( ) - . / +; give letters as digits and leave the " +
		"extension out"},
	{ErrCountryCode, "the number is not North American: its country code is not 1"},
	{ErrLength, "a North American number has ten digits, with or without a 1 before them"},
	{ErrNPA, "the area code can't exist: it starts with 2 to 9 and does not end in 11, and N9X, 37X and 96X are reserved"},
	{ErrTollFreeReserved, "the area code is reserved for toll-free numbers of the future"},
	{ErrPremium, "900 numbers are premium-rate numbers and can't be ported"},
	{ErrNonGeographic, "the area code is for personal, machine, carrier or government services and can't be ported"},
	{ErrAbroad, "the area code belongs to neither the United States nor Canada"},
	{ErrNXX, "the three digits after the area code can't exist: they start with 2 to 9 and, but for toll-free " +
		"numbers, do not end in 11"},
	{ErrDirectory, "555-1212 is directory assistance"},
}

// Error is a sentence for people.
func (f Fault) Error() string {
	for _, s := range sentences {
		if s.fault == f {
			return s.sentence
		}
	}
	return string(f)
}

// ParseError is a refused number with the reason.
type ParseError struct {
	Input string // as it was sent
	Fault Fault
	Where string // the country of an ErrAbroad number, else empty
}

func (e *ParseError) Error() string {
	s := strconv.Quote(e.Input) + ": " + e.Fault.Error()
	if e.Where != "" {
		s += " (" + e.Where + ")"
	}
	return s
}

// Unwrap is the Fault, for errors.Is.
func (e *ParseError) Unwrap() error { return e.Fault }
