package porting

import "testing"

func TestNextPON(t *testing.T) {
	first := Attempt{Kind: AskPort, PON: "pw-7-1"}
	supplement := Attempt{Kind: AskPort, PON: "pw-7-1", Version: 1}
	record := Attempt{Kind: AskCSR, PON: "pw-7-csr"}
	inherited := Attempt{Kind: AskCSR, PON: "pw-77-csr"}
	for _, test := range []struct {
		name     string
		attempts []Attempt
		kind     AttemptKind
		want     PON
	}{
		{"first port request", nil, AskPort, "pw-7-1"},
		{"second port request", []Attempt{record, first}, AskPort, "pw-7-2"},
		{"a supplement is no request of its own", []Attempt{first, supplement}, AskPort, "pw-7-2"},
		{"first record request", []Attempt{first}, AskCSR, "pw-7-csr"},
		{"second record request", []Attempt{record, first}, AskCSR, "pw-7-csr-2"},
		{"third record request", []Attempt{record, {Kind: AskCSR, PON: "pw-7-csr-2"}}, AskCSR, "pw-7-csr-3"},
		{"a record request of the first order is not counted", []Attempt{inherited}, AskCSR, "pw-7-csr"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{ID: "7", Answers: Answers{Attempts: test.attempts}}
			pon := o.NextPON(test.kind)
			if pon != test.want {
				t.Errorf("%s, want %s", pon, test.want)
			}
			if pon.Order() != o.ID {
				t.Errorf("%s names the order %q, want %q", pon, pon.Order(), o.ID)
			}
		})
	}
}

func TestPONOfOthers(t *testing.T) {
	for _, text := range []PON{"", "pw", "pw-", "pw-7", "7-1", "PW-7-1", "xpw-7-1", "pw--1", "979E12345678"} {
		if id := text.Order(); id != "" {
			t.Errorf("%q names the order %q, want none", text, id)
		}
	}
}
