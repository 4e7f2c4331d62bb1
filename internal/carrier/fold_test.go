package carrier

import (
	"slices"
	"strings"
	"testing"
)

// Names as people write them find the carrier; a name that only resembles one does not.
func TestFindByWrittenName(t *testing.T) {
	for _, test := range []struct {
		name     string
		wireless bool
		want     string
		written  []string
	}{
		{"and for its sign", false, "att", []string{"at and t", "AT AND T", "AT&T", "AT & T", "A T & T", "at& t", "AT＆T", "ＡＴ＆Ｔ", "AT﹠T",
			"A.T.&T."}},
		{"legal forms, several of them", true, "att-wireless", []string{"AT & T Mobility, LLC", "AT&T Mobility L.L.C.",
			"at and t mobility l. l. c.", "AT&T MOBILITY, LLC, Inc.", "AT&T Mobility (LLC)", "The AT&T Mobility Co., Ltd."}},
		{"full width", true, "t-mobile", []string{"Ｔ－Ｍｏｂｉｌｅ", "Ｔ-Mobile ＵＳＡ，　Ｉｎｃ．", "T‑Mobile", "T–Mobile", "t mobile"}},
		{"marks of trade", true, "t-mobile", []string{"T-Mobile®", "T-Mobile™ USA", "T-Mobile℠"}},
		{"accents, composed and not", true, "videotron", []string{"Vidéotron", "Vide\u0301otron Lte\u0301e", "VIDÉOTRON LTÉE", "videotron limitée"}},
		{"the name of business and the legal one", true, "verizon-wireless", []string{"Cellco Partnership d/b/a Verizon Wireless",
			"Cellco Partnership dba Whatever", "Nobody Inc. D.B.A. Verizon Wireless, LLC", "Verizon Wireless fka Nobody"}},
		{"digits and their lookalikes", false, "8x8", []string{"8x8, Inc.", "８ｘ８", "8×8"}},
		{"signs that show nothing", false, "cox", []string{"Cox\u200b Communications", "\ufeffCox\u00a0Communications,\u00a0Inc.", "Cox\u2003Communications"}},
		{"ligatures", false, "consolidated", []string{"ﬁdium LLP"}},
		{"no carrier", false, "", []string{"AT", "and", "& Co.", "Inc.", "LLC", "the", "AT or T", "ATandT Ltd Partners", "™", "&", "dba", "d/b/a Cox d/b/a"}},
		{"no mobile carrier", true, "", []string{"Verizonwireles", "Metro dba", "Mobile", "wireless, Inc."}},
	} {
		for _, written := range test.written {
			t.Run(test.name+"/"+written, func(t *testing.T) {
				if got, _ := Find("", test.wireless, written); got.ID != test.want {
					t.Errorf("%q, want %q", got.ID, test.want)
				}
			})
		}
	}
}

// Every name of every row is found in each of the forms that people give a name.
func TestEveryNameIsFoundInEveryForm(t *testing.T) {
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r <= '~' {
				return r + 0xfee0
			}
			return r
		}, s)
	}
	forms := map[string]func(string) string{
		"lower case": strings.ToLower, "full width": wide, "a limited company": func(s string) string { return s + " Limited" },
		"two legal forms": func(s string) string { return s + " Co., L.L.C." }, "the": func(s string) string { return "The " + s },
		"and":           func(s string) string { return strings.ReplaceAll(s, "&", " and ") },
		"of a business": func(s string) string { return "Example Holding Inc. d/b/a " + s },
	}
	for _, p := range All() {
		for _, name := range p.Names() {
			for form, write := range forms {
				if got, _ := Find("", p.Kind.Wireless(), write(name)); got.ID != p.ID {
					t.Errorf("%s: %q finds %q, want %q", form, write(name), got.ID, p.ID)
				}
			}
		}
	}
}

// A folded name has no space and no sign left, whatever was written.
func FuzzFold(f *testing.F) {
	for _, p := range All() {
		for _, name := range p.Names() {
			f.Add(name)
		}
	}
	f.Add("ﬁrst ﷺ \xff")
	f.Fuzz(func(t *testing.T, name string) {
		for _, form := range folds(name) {
			if strings.ContainsFunc(form, func(r rune) bool { return slices.Contains([]rune(" &,.-\u00a0"), r) }) {
				t.Errorf("%q folds to %q", name, form)
			}
		}
	})
}
