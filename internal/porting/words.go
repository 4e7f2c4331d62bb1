package porting

import "strings"

// words are phrases by which carriers state a reason in free text alone, where the peers publish no code for it or only one of
// their partners'. Each phrase is whole words in lower case, without punctuation. The phrases are our decision, after the
// taxonomy's meanings: a carrier's own code is not known to us.
var words = []struct {
	reason  ReasonCode
	phrases []string
}{
	{"RESELLER_RECORD", []string{"reseller", "resold", "underlying carrier"}},
	{"BILL_REQUIRED", []string{"copy of bill", "bill copy", "bill required", "invoice required", "recent bill"}},
	{"BILL_STALE", []string{"bill too old", "bill is too old", "bill is outdated", "invoice too old"}},
	{"WRONG_LOSING_CARRIER", []string{"not our customer", "not our number", "not our end user", "wrong carrier", "belongs to another carrier", "with another carrier"}},
	{"DIFFERENT_RATE_CENTERS", []string{"different rate centers", "multiple rate centers", "several rate centers", "more than one rate center"}},
	{"ACCOUNT_UNPAID", []string{"unpaid", "past due", "balance due", "outstanding balance", "under contract"}},
	{"ACCOUNT_SUSPENDED", []string{"account suspended", "account is suspended", "account inactive", "account is inactive", "account not active", "account is not active"}},
	{"REMAINING_SERVICE_UNSPECIFIED", []string{"remaining service", "remaining services", "remaining numbers", "remaining lines"}},
	{"FRAUD_HOLD", []string{"fraud", "fraud hold", "verification required", "identity not verified"}},
	{"FOC_EXPIRED", []string{"foc expired", "foc has expired", "due date has passed", "due date passed"}},
	{"SNAPBACK_EXPIRED", []string{"snapback", "snap back"}},
	{"CARRIER_NO_RESPONSE", []string{"carrier not responding", "no response from carrier", "no answer from carrier"}},
	{"LSR_NOT_RECEIVED", []string{"lsr not received", "no lsr received", "no lsr on file", "no matching lsr"}},
	{"MULTIPLE_ACCOUNTS", []string{"different accounts", "multiple accounts", "several accounts", "more than one account"}},
	{"SV_CONFLICT", []string{"sv conflict", "sv in conflict", "placed in conflict", "subscription in conflict"}},
	{"SV_FAILURE", []string{"sv failure", "sv failed", "npac failure", "failed at npac"}},
}

// ReasonIn reads a carrier's free text where its code says nothing. Only a text that speaks of one reason is understood; one that
// speaks of several, denies what it names ("no balance due"), or is not known stays OTHER, which is for people.
func ReasonIn(text string) ReasonCode {
	plain := plainWords(text)
	found := OtherReason
	for _, row := range words {
		for _, phrase := range row.phrases {
			before, _, ok := strings.Cut(plain, " "+phrase+" ")
			switch {
			case !ok || found == row.reason:
			case found != OtherReason, strings.HasSuffix(before, " no"), strings.HasSuffix(before, " not"), strings.HasSuffix(before, " without"):
				return OtherReason
			default:
				found = row.reason
			}
		}
	}
	return found
}

// plainWords returns the words of a text in small letters with one blank before and behind each, without punctuation.
func plainWords(text string) string {
	return " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}), " ") + " "
}
