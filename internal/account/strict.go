package account

import "portway/internal/porting"

// SetStrict sets whether warnings about an order that the order can answer refuse its signature. It is Settled where the
// account is so already.
func SetStrict(a Account, strict bool) (Change, error) {
	if a.Strict == strict {
		return Change{}, porting.Errorf(porting.Settled, "The account has this setting already.")
	}
	after := a
	after.Strict = strict
	after.Version++
	return Change{Before: a, After: after}, nil
}
