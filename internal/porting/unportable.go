package porting

// OnUnportable is the customer's consent to go on without numbers that can't be ported. Its words are those of a create
// call.
type OnUnportable string

// Without the consent an order with a number that can't be ported goes back to its customer. With it the order goes on
// without that number.
const (
	FailUnportable    OnUnportable = "fail"
	ExcludeUnportable OnUnportable = "exclude"
)
