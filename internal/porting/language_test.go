package porting

import "testing"

func TestParseLanguage(t *testing.T) {
	for tag, want := range map[string]Language{"en": English, "es": Spanish, "es-MX": Spanish, "fr": French, "FR-ca": French, " en-GB ": English,
		"": "", "de": "", "e": "", "english": "", "-": ""} {
		if got, ok := ParseLanguage(tag); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", tag, got, ok, want)
		}
	}
}
