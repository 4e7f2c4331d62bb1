package porting

import (
	"maps"
	"strings"
	"testing"
)

func TestReasonIn(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       ReasonCode
	}{
		{"OK", "END USER HAS AN UNPAID BALANCE", "ACCOUNT_UNPAID"},
		{"Punctuation", "Rejected: copy-of-bill, please.", "BILL_REQUIRED"},
		{"OneReasonTwice", "unpaid: balance due is 12.40", "ACCOUNT_UNPAID"},
		{"TwoReasons", "past due; bill copy wanted", OtherReason},
		{"Denied", "there is no balance due", OtherReason},
		{"NotDenied", "there is now a balance due", "ACCOUNT_UNPAID"},
		{"PartOfAWord", "defrauded", OtherReason},
		{"PartOfALongerWord", "unpaidz balance", OtherReason},
		{"PartOfACode", "0unpaid 9unpaid unpaid0 unpaid9", OtherReason},
		{"Unknown", "see ticket", OtherReason},
		{"Empty", "", OtherReason},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := ReasonIn(test.text); got != test.want {
				t.Errorf("%q is %s, want %s", test.text, got, test.want)
			}
		})
	}
}

func TestSay(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		want map[string]string
	}{
		{"NONE", nil, nil},
		{"OK", []string{"from", "a", "to", "b"}, map[string]string{"from": "a", "to": "b"}},
		{"NAME_WITHOUT_VALUE", []string{"from", "a", "to"}, map[string]string{"from": "a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Say(MsgMoved, test.args...); got.Key != MsgMoved || !maps.Equal(got.Args, test.want) {
				t.Errorf("%+v, want %v", got, test.want)
			}
		})
	}
}

// Each phrase is written as a text is read, says its own reason, and the reason is in the table.
func TestWords(t *testing.T) {
	for _, row := range words {
		if row.reason.Info().Code != row.reason {
			t.Errorf("no reason %s", row.reason)
		}
		for _, p := range row.phrases {
			if got := ReasonIn("Reject (" + strings.ToUpper(p) + ")"); got != row.reason {
				t.Errorf("%q is read as %s, want %s", p, got, row.reason)
			}
		}
	}
}
