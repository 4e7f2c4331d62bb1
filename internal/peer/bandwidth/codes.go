package bandwidth

import (
	"regexp"
	"strings"

	"portway/internal/porting"
)

// code is one row of the peer's published codes: what they mean in our table of reasons. Vendor are the losing carrier's own
// codes that the peer subsumes; they stand in brackets at the end of its text, and are all we have of an off-net reject. A code
// is text: some have five digits, and a carrier's own may begin with zeros.
type code struct {
	code   string // one, or several with blanks between
	vendor string
	reason porting.ReasonCode
}

// codes holds the losing carrier's rejects first, then what the peer itself objects to. Each published code stands here, be it as
// OTHER; testdata/codes.txt is the published list.
var codes = []code{
	{"7400", "E428", "PORT_TYPE_INCORRECT"},
	{"7401", "E17A E17B 8A", porting.AccountMismatch},
	{"7402", "E1", porting.AddressMismatch},
	{"7402", "8D", porting.ZipMismatch},
	{"7403", "6K", "TN_NOT_PORTABLE"},
	{"7404", "8G", porting.NameMismatch},
	{"7405", "6R", "MULTI_LINE_RULE"},
	{"7406", "E6c", "SPECIAL_FEATURE"},
	{"7407", "6M 6N E19", "PENDING_ORDER"},
	{"7408", "6C", "ALL_DATA_MISMATCH"},
	{"7409", "E27 E30", "TN_NOT_IN_SERVICE"},
	{"7410", "E6a", "SPECIAL_FEATURE"},
	{"7411", "E25", "BROADBAND_ON_LINE"},
	{"7412", "1N 6E E35 6F 1L", "FOC_REJECTED"},
	{"7413", "1E", "JEOPARDY_CUSTOMER"},
	{"7414", "8E", porting.NameMismatch},
	{"7415", "E6e", "SPECIAL_FEATURE"},
	{"7416", "E6d", "PORT_FREEZE"},
	{"7417", "6G 1P 999", porting.OtherReason},
	{"7418", "6J", "HIGH_VOLUME_MANUAL"},
	{"7419", "E6b", "SPECIAL_FEATURE"},
	{"7420", "7B", "LOA_ILLEGIBLE"},
	{"7421", "E6f", "SPECIAL_FEATURE"},
	{"7422", "8F", porting.NameMismatch},
	{companion, "7A", "MULTI_LINE_RULE"},
	{"7424", "E8", "LOA_REQUIRED"},
	{"7425", "6P", "PORT_FREEZE"},
	{"7426", "6D", "TN_NOT_IN_SERVICE"},
	{"7427", "6A", porting.TNNotFound},
	{"7428", "E23", "MULTIPLE_ACCOUNTS"},
	{"7429", "E10", porting.NameMismatch},
	{"7430", "1C", "JEOPARDY_CARRIER"},
	{"7431", "E40", "TN_ALREADY_OURS"},
	{"7432", "E34", "LATE_CHANGE_REFUSED"},
	{"7433", "E33", "LATE_CHANGE_REFUSED"},
	{"7434", "E6h", "BTN_REMAINING"},
	{"7434", "E24", "PORT_TYPE_INCORRECT"},
	{"7435", "E42PWA E42PWB 8C", "PIN_INVALID"},
	{"7436", "7C", "SPECIAL_FEATURE"},
	{"7437", "E6g", "SPECIAL_FEATURE"},
	{"7438", "6L", "DUE_DATE_INVALID"},
	{"7439", "1M", "DUE_DATE_TOO_SOON"},
	{"7441", "6B", "CARRIER_BUSY"},
	{"7442", "1B", "JEOPARDY_CARRIER"},
	{"7443", "8B", "TAXID_MISMATCH"},
	{"7444", "6H", "JEOPARDY_CARRIER"},
	{"7445", "E14", porting.BTNMismatch},
	{"7470", "E42O", "TN_NOT_PORTABLE"},
	{"7471", "E18", "LSR_FIELD_MISSING"},
	{"7473", "E10a", porting.AuthPersonMismatch},
	{"7484", "E1111", "CARRIER_WORKING"},
	{"7485", "E9999", "MULTIPLE_ACCOUNTS"},

	// Ours: the account at the peer, its sites and its rights.
	{"1001 7001 7002 7003 7309 7310 7311 7312 7332 7333 7334 7336 7487 7646", "", "PEER_DENIED"},

	// The peer is in trouble itself.
	{"7000 7323 7999 7617 7618 7619 7626", "", "CARRIER_BUSY"},
	{"7004 7331 7609", "", porting.NoCoverage},
	{"7005 7207 7208 7217 7313 7315 7387 7603 7604 7605", "", "DUE_DATE_INVALID"},
	{"7209 7317", "", "DUE_DATE_TOO_SOON"},
	{"7210 7602", "", porting.DateOutOfRange},
	{"7101 7102 7103 7104 7105 7106 7119 7122 7211 7316 7505 7612", "", porting.OrderIncomplete},
	{"7107 7108 7109 7110 7111 7112 7214 7329 7330 7395", "", porting.AddressInvalid},
	{"7113 7114 7613 7614", "", "ACCOUNT_NUMBER_MISSING"},
	{"7212", "", porting.AccountMismatch},
	{"7115", "", porting.AuthPersonInvalid},
	{"7117", "", "PIN_MISSING"},
	{"7213", "", "PIN_INVALID"},
	{"7201 7501 7503", "", "TN_NOT_PORTABLE"},
	{"7202", "", porting.TNNotFound},
	{"7203", "", porting.BTNMismatch},
	{"7494 7496 7497", "", "BTN_REMAINING"},
	{"7204 7363 7495 7500 7652", "", "DIFFERENT_CARRIERS"},
	{"7205 7360 7502", "", "TN_ALREADY_PORTING"},
	{"7206 7320", "", "TN_ALREADY_OURS"},
	{"7378", "", "TN_NOT_IN_SERVICE"},
	{"7300", "", "CARRIER_WORKING"},
	{"7301 7302 7304 7305 7306 7307 7308 7350 7371 7390 7483 7498 7506 7507 7635 7636", "", "LATE_CHANGE_REFUSED"},
	{"7303 7353 7491 7504 7611", "", "PEER_CANCELLED"},
	{"7319 7321 7386 7499", "", "PORT_TYPE_INCORRECT"},
	{"7314 7490 7517", "", "HIGH_VOLUME_MANUAL"},

	// Documents.
	{"7638 7639 7641", "", "DOC_TYPE_INVALID"},
	{"7640", "", "LOA_REQUIRED"},

	// Bandwidth as the losing carrier (internal ports).
	{"7510", "", "ACCOUNT_NUMBER_MISSING"},
	{"7511", "", porting.AccountMismatch},
	{"7512", "", "PIN_MISSING"},
	{"7513", "", "PIN_INVALID"},
	{"7514 7515", "", porting.ZipMismatch},
	{"7520", "", "PORT_FREEZE"},
	{"7521", "", "CARRIER_WORKING"},

	// Toll-free numbers through this peer.
	{"7527 7528 7529 7530 7531 7532 7533 7534 7535", "", "RESPORG_MISMATCH"},
	{"7627 7644", "", "RESPORG_PROTECTED"},
	{"7629 7630 7631 7632 7633 7634", "", "PEER_DENIED"},
	{"7620 7642", "", "TF_SPARE"},
	{"7621 7643", "", "TF_UNAVAILABLE"},
	{"7654 7656", "", "TF_DISCONNECTED"},
	{"7655 7657", "", "TF_TRANSITIONAL"},

	// These tell of a mistake of ours, of elements that we never send (Immediately, activation, tiers, attributes, bulk orders,
	// drafts' ids) or, for 7516, 7518 and 7519, have no published meaning of their own: staff reads them.
	{"7100 7200 7215 7335 7123 7216 7318 7322 7324 7325 7326 7327 7328 7337 7339 7340 7341 7342", "", porting.OtherReason},
	{"7343 7344 7345 7346 7348 7349 7351 7352 7354 7355 7356 7357 7358 7359 7361 7362 7364 7365", "", porting.OtherReason},
	{"7366 7367 7368 7369 7370 7372 7373 7374 7375 7376 7377 7379 7381 7382 7383 7384 7385 7391", "", porting.OtherReason},
	{"7392 7393 7394 7397 7398 7399 7472 7474 7475 7480 7481 7492 7516 7518 7519 7523 7524 7525", "", porting.OtherReason},
	{"7526 7601 7606 7608 7637 7700 7701 7702 7703 7704 7705 7706 7707 7708 7709 7710 7711 7712", "", porting.OtherReason},
	{"7713 7714 7715 7716 7717 7718 7719 7800 12501 14500 14501 14502 14503 14504 14505 14506 14507 14508", "", porting.OtherReason},
	{"16000 16001 16002 16003 16004 16005 16006 16007 16008", "", porting.OtherReason},
}

// companion says that only other numbers of the request are at fault; beside their reasons it adds nothing.
const companion = "7423"

// warnings travel among the errors and stop nothing.
const warnings = " 7347 7380 7388 7389 7396 7486 "

// passing are the peer's own troubles that go away by themselves.
const passing = " 7000 7323 7617 7618 7619 7626 7999 "

var (
	vendorForm = regexp.MustCompile(`[\[(]([0-9A-Za-z]{1,8})[\])]\s*\.?\s*$`)
	codeForm   = regexp.MustCompile(`^[0-9A-Za-z]{1,8}$`)
	offNetForm = regexp.MustCompile(`^6[1-4][0-9]{2}$`)
)

// reasonCode finds a fault's row, by its code and the vendor's at the end of its text. The words are read only where the codes
// say no more than that it is something else.
func reasonCode(f fault) porting.ReasonCode {
	vendor := ""
	if m := vendorForm.FindStringSubmatch(f.text); m != nil {
		vendor = m[1]
	}
	found := porting.OtherReason
	for _, row := range codes {
		named := vendor != "" && is(" "+row.vendor+" ", vendor)
		switch {
		case named && (is(" "+row.code+" ", f.code) || offNetForm.MatchString(f.code)):
			return row.reason
		case is(" "+row.code+" ", f.code) && found == porting.OtherReason:
			found = row.reason
		}
	}
	if found == porting.OtherReason {
		return porting.ReasonIn(f.text)
	}
	return found
}

// reasons turns the faults that stop an order into reasons of ours.
func reasons(faults []fault) []porting.Reason {
	var all []porting.Reason
	for _, f := range faults {
		if is(warnings, f.code) || f.code == companion && len(faults) > 1 {
			continue
		}
		r := porting.Reason{Code: reasonCode(f), Raw: f.code, Said: porting.Quote(f.text)}
		for _, tn := range f.numbers {
			r.Numbers = append(r.Numbers, e164(tn))
		}
		all = append(all, r)
	}
	return all
}

// only says that all faults are in the list of codes.
func only(list string, faults []fault) bool {
	for _, f := range faults {
		if !is(list, f.code) {
			return false
		}
	}
	return len(faults) > 0
}

// e164 is a number as we write it; the wire has ten digits, or E.164 where a subscription asks for it.
func e164(tn string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, tn)
	if len(digits) == 10 {
		return "+1" + digits
	}
	return "+" + digits
}

func ten(e164 string) string { return strings.TrimPrefix(e164, "+1") }
