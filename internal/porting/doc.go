// Package porting is the domain: what a port order is, what may be done to it by whom and when, and what follows.
//
// It knows no clock, no network and no store. An order changes in one way only: a [Command] goes through [Rules.Apply],
// which looks it up in one literal table ([moves]) and returns a new order and the events that tell what happened. A move
// that is not in the table does not exist. The rejection reasons are the second table ([Reasons]): mail, repair, desk and
// documentation are read off it.
//
// Rules are cited by the keys of Flowroute's public articles: S-… are support articles (S-SUB Submitted, S-PEN Pending,
// S-PRO Processing, S-ACC Accepted, S-REJ/S-PRE/S-POST rejections, S-OVR overview), D-… are pages of the Porting API v2.0
// (D-CRE create, D-STA status, D-CAN cancel, D-LOA/D-SLO letter of agency, D-NUM numbers, D-UPD details, D-PRS presets,
// D-GRP groups, D-HOOK webhook). infra/docs/sources.md has their titles and addresses, and what else is cited.
// "our decision" marks what the sources leave open; infra/docs/decisions.md has the reasons.
//
// # Glossary
//
// The trade's words, and the house's own:
//
//	BTN      billing telephone number: the main number of the account at the losing carrier
//	CSR      Customer Service Record: the losing carrier's record of the account; never exists for toll-free
//	DDD      desired due date: the date asked for in an LSR
//	desk     our staff, where the order waits for a person's decision (Order.Desk)
//	fix      what is offered to the customer to resolve a reason; a repair is ours, by rule; a value is corrected
//	FOC      firm order completion (or confirmation): the date the losing carrier agreed to
//	group    the orders that one create call was grouped into; an order that is split off later joins its group
//	habit    how long a losing carrier usually takes to answer (Habit)
//	hold     a number that a live order keeps from every other order; a lease is work that one worker takes for a time
//	jeopardy the agreed date is at risk; the order is not rejected
//	LOA      letter of agency: the customer's signed authority to act for them
//	LSP      losing service provider: the carrier that has the numbers now
//	LSR      Local Service Request: the request to the LSP to let the numbers go
//	peer     a company through which we port: a Locals partner, or Somos for toll-free
//	PON      purchase order number: our reference of one request, the same on all its versions
//	receipt  the record of an idempotency key: what the call was answered
//	RespOrg  responsible organization: who controls a toll-free number
//	sibling  an order that was split off another one (SplitOff)
//	SPID     service provider id of the network that holds a number
//	SUP      a supplement: 1 cancels, 2 asks for another date, 3 changes anything else
//	TN       telephone number, here E.164 text such as +12065550101
//	turn     whose move it is: the customer's, our staff's, the carrier's or the calendar's
//	world    the simulated carriers of one sandbox, or all that surrounds the orders of a test
package porting
