package somos

import (
	"context"

	"portway/internal/metric"
	"portway/internal/porting"
)

// code is one word with which the registry says no, and what it means for us.
type code struct {
	from   origin
	code   string
	kind   kind
	actor  string             // who resolves it: customer, us, peer-support or nobody
	reason porting.ReasonCode // ours; never empty
	means  string
}

// origin names the place in an answer at which a code stands.
type origin string

const (
	decline   origin = "decline"   // rejectReasonList of a number within a request
	ended     origin = "ended"     // the state of a number within a request that has ended without a decline code
	status    origin = "status"    // the status of a number in the registry
	holder    origin = "holder"    // the RespOrg that controls it
	refusedBy origin = "call"      // errList, which refuses a call
	ownCheck  origin = "our check" // what we find before the registry is asked
)

// kind says what a code stops, or whose mistake it is, as in the table of the Locals.
type kind string

const (
	stops      kind = "refusal" // it stops a request, or one of its numbers
	ourAccount kind = "setup"   // it is about our login, entity or rights at the registry
	ourMessage kind = "request" // it is about a mistake in our message
)

// codes are all of them. The decline codes are those of the list that is in force (the 8MS guide and two public clients
// have it); Somos has withdrawn an older list of its help desk, which gives 05 to 22 and 99 other meanings. There is no
// 10, 13 or 14. A RespOrg may choose 01 to 09, 11, 12, 15 and 18; the others are the registry's own. The codes of
// errList are those that public clients name; no list of them is public. The reasons are our reading.
var codes = []code{
	{from: decline, code: "01", kind: stops, actor: "customer", reason: porting.NameMismatch,
		means: "customer name differs or is missing"},
	{from: decline, code: "02", kind: stops, actor: "customer", reason: porting.AddressMismatch,
		means: "address differs or is missing"},
	{from: decline, code: "03", kind: stops, actor: "customer", reason: porting.LOASignatureInvalid,
		means: "signature missing"},
	{from: decline, code: "04", kind: stops, actor: "customer", reason: porting.TFShared,
		means: "shared or bundled number"},
	{from: decline, code: "05", kind: stops, actor: "customer", reason: porting.LOAExpired,
		means: "signature date missing or more than 30 days ago"},
	{from: decline, code: "06", kind: stops, actor: "us", reason: porting.RespOrgMismatch,
		means: "sent to the wrong RespOrg"},
	{from: decline, code: "07", kind: stops, actor: "us", reason: porting.LOATNMissing, means: "number not on the LOA"},
	{from: decline, code: "08", kind: stops, actor: "customer", reason: porting.AllDataMismatch,
		means: "all data differs"},
	{from: decline, code: "09", kind: stops, actor: "us", reason: porting.LOARequired,
		means: "LOA, or an LOA that links " +
			"reseller and subscriber, missing"},
	{from: decline, code: "11", kind: stops, actor: "customer", reason: porting.LOAIllegible, means: "illegible LOA"},
	{from: decline, code: "12", kind: stops, actor: "us", reason: porting.LOASuperseded,
		means: "a more recent LOA exists"},
	{from: decline, code: "15", kind: stops, actor: "customer", reason: porting.LOASignatureInvalid,
		means: "unauthorized signer"},
	{from: decline, code: "16", kind: stops, actor: "us", reason: porting.PeerCancelled,
		means: "taken back by the submitter"},
	{from: decline, code: "17", kind: stops, actor: "us", reason: porting.ROCExpired, means: "expired"},
	{from: decline, code: "18", kind: stops, actor: "us", reason: porting.RespOrgMismatch,
		means: "the RespOrg no longer controls the number"},
	{from: decline, code: "19", kind: stops, actor: "nobody", reason: porting.TFSpare, means: "spare"},
	{from: decline, code: "20", kind: stops, actor: "nobody", reason: porting.TFUnavailable, means: "unavailable"},
	{from: decline, code: "21", kind: stops, actor: "customer", reason: porting.RespOrgProtected,
		means: "port-restricted RespOrg"},
	{from: decline, code: "22", kind: stops, actor: "nobody", reason: porting.TNAlreadyOurs, means: "already ours"},
	{from: decline, code: "23", kind: stops, actor: "peer-support", reason: porting.PeerDenied,
		means: "declined by the help desk"},

	{from: ended, code: "EXPIRED", kind: stops, actor: "us", reason: porting.ROCExpired,
		means: "no answer within ten business days"},
	{from: ended, code: "PORT_FAILED", kind: stops, actor: "us", reason: porting.PeerCancelled,
		means: "approved, but the registry could not carry it out"},

	{from: status, code: "SPARE", kind: stops, actor: "nobody", reason: porting.TFSpare, means: "nobody has the number"},
	{from: status, code: "UNAVAILABLE", kind: stops, actor: "nobody", reason: porting.TFUnavailable, means: "withdrawn"},
	{from: status, code: "DISCONNECT", kind: stops, actor: "us", reason: porting.TFDisconnected,
		means: "an intercept is playing"},
	{from: status, code: "DISCONNECTED", kind: stops, actor: "us", reason: porting.TFDisconnected,
		means: "the same, spelled otherwise"},
	{from: status, code: "TRANSITIONAL", kind: stops, actor: "us", reason: porting.TFTransitional,
		means: "disconnected, up to 120 days ago"},

	// Numbers of these RespOrgs can't be moved by request. Numbers of a RespOrg that no longer exists are recovered by
	// hand, on a bill.
	{from: holder, code: "BRCUD", kind: stops, actor: "customer", reason: porting.RespOrgProtected,
		means: "port-restricted"},
	{from: holder, code: "BRRCC", kind: stops, actor: "customer", reason: porting.RespOrgProtected,
		means: "port-restricted"},
	{from: holder, code: "BRDUP", kind: stops, actor: "customer", reason: porting.RespOrgProtected,
		means: "port-restricted"},
	{from: holder, code: "99", kind: stops, actor: "customer", reason: porting.RespOrgProtected,
		means: "an id that ends so is protected"},
	{from: holder, code: "BRDXX", kind: stops, actor: "us", reason: porting.TFDisconnected,
		means: "its RespOrg no longer exists, and has an id from BRD01 to BRD99"},
	{from: holder, code: "our entity", kind: stops, actor: "nobody", reason: porting.TNAlreadyOurs,
		means: "we control it"},

	{from: refusedBy, code: "505002", kind: ourAccount, actor: "us", reason: porting.PeerDenied,
		means: "no permission for the number"},
	{from: refusedBy, code: "505004", kind: stops, actor: "peer-support", reason: porting.PeerDenied,
		means: "the record belongs to several entities"},
	{from: refusedBy, code: "530004", kind: stops, actor: "peer-support", reason: porting.PeerDenied,
		means: "the record belongs to another entity"},
	{from: refusedBy, code: "540001", kind: stops, actor: "peer-support", reason: porting.PeerDenied,
		means: "no such customer record"},
	{from: refusedBy, code: "540002", kind: ourAccount, actor: "us", reason: porting.PeerDenied,
		means: "no permission for the template"},
	{from: refusedBy, code: "701003", kind: ourAccount, actor: "us", reason: porting.PeerDenied,
		means: "the login has a session already"},
	{from: refusedBy, code: "805102", kind: ourMessage, actor: "us", reason: porting.OurRequest,
		means: "the request about numbers is not valid"},
	{from: refusedBy, code: "099029", kind: ourAccount, actor: "us", reason: porting.PeerDenied,
		means: "our entity has no ROC subscription"},

	{from: ownCheck, code: "no LOA", kind: ourMessage, actor: "us", reason: porting.LOARequired,
		means: "the LOA is missing or larger than 2 MB"},
	{from: ownCheck, code: "LOA form", kind: ourMessage, actor: "us", reason: porting.LOAIllegible,
		means: "the LOA is no PDF"},
	{from: ownCheck, code: "document form", kind: ourMessage, actor: "us", reason: porting.PeerDenied,
		means: "a document is no PDF or larger than 2 MB"},
}

// codeOf is the row of a code from that place.
func codeOf(from origin, word string) (code, bool) {
	for _, row := range codes {
		if row.from == from && row.code == word {
			return row, true
		}
	}
	return code{}, false
}

// reasonOf is our reason for a code from one of those places. A code that nobody has published is for people.
func reasonOf(word string, from ...origin) porting.ReasonCode {
	for _, place := range from {
		if row, ok := codeOf(place, word); ok {
			return row.reason
		}
	}
	return porting.OtherReason
}

// refusalOf is our reason for an error that refuses a call. Where its code is not known, the call is refused all the
// same.
func refusalOf(word string) porting.ReasonCode {
	if row, ok := codeOf(refusedBy, word); ok {
		return row.reason
	}
	return porting.PeerDenied
}

// count counts the codes of reasons that are not in the table, so that somebody adds them.
func (c *Client) count(ctx context.Context, reasons []porting.Reason, from ...origin) {
	for _, r := range reasons {
		known := r.Raw == ""
		for _, place := range from {
			_, ok := codeOf(place, r.Raw)
			known = known || ok
		}
		if !known {
			metric.Count(ctx, c.cfg.Now(), metric.UnknownCode, c.cfg.Name, "code", r.Raw)
		}
	}
}
