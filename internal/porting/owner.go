package porting

import "strings"

// Owner is whose an order is. A sandbox's orders are played: simulated carriers answer them, play money pays for them,
// and they run by a clock of their own (Rules.SandboxDay). What is played and what is not never meets.
type Owner struct {
	Account AccountID
	Sandbox bool
}

// Owner is whose the order is. It is set when the order is made, and nothing changes it.
func (o Order) Owner() Owner { return Owner{o.Account, o.Sandbox} }

// Hold names what keeps a number from other orders: the number itself, or the number in one sandbox, so that a
// sandbox's order neither blocks another account's order nor is blocked by one.
func (w Owner) Hold(tn string) string {
	if w.Sandbox {
		return string(w.Account) + "/" + tn
	}
	return tn
}

// OwnHold names what keeps a number from other orders of the same account alone.
func (w Owner) OwnHold(tn string) string { return string(w.Account) + "/" + tn }

// HoldOwner returns the account whose orders alone a hold keeps a number from; empty for a hold against all accounts.
func HoldOwner(hold string) AccountID {
	return AccountID(hold[:max(0, strings.LastIndexByte(hold, '/'))])
}

// HeldNumber returns the number that a hold keeps.
func HeldNumber(hold string) string { return hold[strings.LastIndexByte(hold, '/')+1:] }
