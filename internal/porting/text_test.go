package porting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// ignorable are the code points that show nothing by themselves (Unicode 17, DerivedCoreProperties.txt,
// Default_Ignorable_Code_Point), and the separators, annotations and blanks that the property leaves out.
var ignorable = [][2]rune{
	{0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f}, {0x202a, 0x202e},
	{0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3},
	{0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
	{0x2028, 0x2029}, {0xfff9, 0xfffd}, {0x2800, 0x2800}, {0xe000, 0xf8ff}, {0xfdd0, 0xfdef}, {0xfffe, 0xffff}, {0x0600, 0x0605}, {0x06dd, 0x06dd},
}

func TestCharactersThatShowNothing(t *testing.T) {
	for _, span := range ignorable {
		for c := span[0]; c <= span[1]; c++ {
			if text := TidyLine("a" + string(c) + "b"); LineFault(text) == "" {
				t.Errorf("U+%04X passes in a line", c)
			}
			if text := TidyLines("a" + string(c) + "b"); LinesFault(text) == "" {
				t.Errorf("U+%04X passes in a text of several lines", c)
			}
		}
	}
}

// Every character of Unicode ends in one of three ways: it is kept as it is, it becomes a plain space, or it is refused.
func TestEveryCharacter(t *testing.T) {
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if !utf8.ValidRune(c) {
			continue
		}
		text := TidyLine("a" + string(c) + "b")
		switch fault := LineFault(text); {
		case unicode.Is(unicode.Zs, c):
			if text != "a b" || fault != "" {
				t.Errorf("space U+%04X: %q, %q", c, text, fault)
			}
		case fault == "" && (text != "a"+string(c)+"b" || !unicode.IsPrint(c)):
			t.Errorf("U+%04X is kept as %q", c, text)
		case unicode.IsControl(c) && fault == "":
			t.Errorf("control character U+%04X passes", c)
		case (unicode.IsDigit(c) || unicode.IsUpper(c) || unicode.IsPunct(c)) && fault != "":
			t.Errorf("U+%04X: %s", c, fault)
		}
	}
}

func TestTidy(t *testing.T) {
	for _, test := range []struct {
		name              string
		text              string
		line, lines, form string
	}{
		{"nothing to do", "Pat Example", "Pat Example", "Pat Example", "Pat Example"},
		{"spaces of other kinds", "\u3000Pat\u00a0Q.\u2009Example\u202f", "Pat Q. Example", "Pat Q. Example", "Pat Q. Example"},
		{"lines", " one\r\n\ttwo \n", "one\r\n\ttwo", "one\n\ttwo", "one\r\n\ttwo"},
		{"marks of a contact card", "\u202a98101\u202c", "\u202a98101\u202c", "\u202a98101\u202c", "98101"},
		{"a mark of the byte order", "\ufeffWA", "\ufeffWA", "\ufeffWA", "WA"},
		{"soft hyphens and joiners", "12\u00ad34\u200d5", "12\u00ad34\u200d5", "12\u00ad34\u200d5", "12345"},
		{"digits turned around", "\u202e10189", "\u202e10189", "\u202e10189", "\u202e10189"},
		{"a symbol's picture", "Thanks ❤\ufe0f", "Thanks ❤", "Thanks ❤", "Thanks ❤"},
		{"a family", "👩\u200d👧", "👩👧", "👩👧", "👩👧"},
		{"a selector behind a letter", "a\ufe0fb", "a\ufe0fb", "a\ufe0fb", "ab"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := TidyLine(test.text); got != test.line {
				t.Errorf("line %q, want %q", got, test.line)
			}
			if got := TidyLines(test.text); got != test.lines {
				t.Errorf("lines %q, want %q", got, test.lines)
			}
			if got := TidyForm(test.text); got != test.form {
				t.Errorf("form %q, want %q", got, test.form)
			}
			for _, tidy := range []func(string) string{TidyLine, TidyLines, TidyForm} {
				if once := tidy(test.text); tidy(once) != once {
					t.Errorf("%q is tidied twice to %q", once, tidy(once))
				}
			}
		})
	}
}

// doors are the texts by which a customer writes on an order: free text, which has to be refused, and values of a fixed form.
func doors() (free, form []string) {
	for _, f := range detailRows {
		switch {
		case f.text == nil && f.secret == nil:
		case f.check == nil:
			free = append(free, f.Name)
		default:
			form = append(form, f.Name)
		}
	}
	for _, name := range PresetFields() {
		free = append(free, "presets/"+name)
	}
	return append(free, "signature_name", "signature_title", "comment", "filename"), form
}

// write sends text through a door of an order that is open to it.
func write(t *testing.T, door string, text func(before string) string) error {
	t.Helper()
	l := begin(t, 1)
	var cmd Command
	preset, isPreset := strings.CutPrefix(door, "presets/")
	switch {
	case isPreset:
		to := Presets{}
		to.Set(preset, text("12"))
		cmd = SetPresets{By: customer, To: to, Fields: []string{preset}}
	case door == "signature_name":
		cmd = Sign{By: customer, Signature: Signature{Name: text("Ada Lovelace"), Title: "Director"}}
	case door == "signature_title":
		cmd = Sign{By: customer, Signature: Signature{Name: "Ada Lovelace", Title: text("Director")}}
	case door == "comment":
		cmd = Comment{By: customer, Text: text("Hello")}
	case door == "filename":
		cmd = AddDocument{By: customer, Document: Document{Name: FileName(text("bill") + ".pdf"), Kind: BillDocument}}
	default:
		if slices.Contains(accountAddress, door) {
			l.o.Details.AccountStreet2 = "Accounts"
			l.o.Details = withAccountAddress(l.o.Details)
		}
		if door == hourField {
			l.o.Class, l.o.Details.DesiredTime = Wireless, "14:30"
		}
		before, plain := l.o.Details.Get(door)
		if !plain || before == "" {
			before = map[string]string{"loa_details/cc": "ada@example.com", "on_unportable": "fail", "partial_port/scope": "some",
				"partial_port/keep": "+12065550180,+12065550181", "partial_port/disconnect": "+12065550180",
				"partial_port/others": "keep", "partial_port/new_billing_number": "+12065550180",
				"line_features/services": "dsl,alarm", "line_features/hunt_group": "part",
				"line_features/directory_listing": "none", "line_features/tollfree_numbers": "+18885550101"}[door]
			before = cmp.Or(before, "1234")
		}
		to := Details{}
		to.Set(door, text(before))
		cmd = Edit{By: customer, To: to, Fields: []string{door}}
	}
	_, _, err := l.r.Apply(l.o, cmd, l.at)
	return err
}

func TestEveryDoorKeepsTheRuleForText(t *testing.T) {
	free, form := doors()
	for _, c := range []rune{0, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2800,
		0x3164, 0xe000, 0xfe0f, 0xfeff, 0xfffc, 0xfffd, 0xe0041, 0xe0100} {
		t.Run(fmt.Sprintf("U+%04X", c), func(t *testing.T) {
			within := func(before string) string { return before[:1] + string(c) + before[1:] }
			for _, door := range free {
				if got := faultsOf(write(t, door, within)); len(got) != 1 || !strings.HasSuffix(got[0], " invalid_format") {
					t.Errorf("%s: %q", door, got)
				}
			}
		})
	}
	t.Run("bytes that are not UTF-8", func(t *testing.T) {
		for _, door := range append(slices.Clone(free), form...) {
			if got := faultsOf(write(t, door, func(before string) string { return before + "\xe9" })); len(got) != 1 {
				t.Errorf("%s: %q", door, got)
			}
		}
	})
	t.Run("OK: marks around a value of a fixed form", func(t *testing.T) {
		for _, door := range form {
			for _, around := range [][2]string{{"\u202a", "\u202c"}, {"\ufeff", ""}, {"\u200e", "\u200e"}, {"\u2068", "\u2069\u00a0"}} {
				if got := faultsOf(write(t, door, func(before string) string { return around[0] + before + around[1] })); len(got) != 0 {
					t.Errorf("%s between %+q: %q", door, around, got)
				}
			}
		}
	})
	t.Run("OK: spaces of other kinds", func(t *testing.T) {
		for _, door := range free {
			if got := faultsOf(write(t, door, func(before string) string { return "\u00a0" + before + "\u3000x" })); len(got) != 0 {
				t.Errorf("%s: %q", door, got)
			}
		}
	})
}

// An order of the time before the rule, which took a blank for a letter, can still be changed, signed and resubmitted.
func TestAnOldOrderStaysEditable(t *testing.T) {
	const old = "500 Pike\u3164Street"
	l := begin(t, 1)
	l.o.Details.Street = old
	l.o.Presets.Alias = "\u2800"
	for _, test := range []struct {
		name   string
		cmd    Command
		faults []string
	}{
		{"OK: another detail", Edit{By: customer, To: Details{Zip: "98102"}, Fields: []string{"zip"}}, nil},
		{"OK: the same again", Edit{By: customer, To: Details{Street: old}, Fields: []string{"street"}}, nil},
		{"OK: a good value", Edit{By: customer, To: Details{Street: "500 Pike Street"}, Fields: []string{"street"}}, nil},
		{"OK: another preset", SetPresets{By: customer, To: Presets{CNAM: "1"}, Fields: []string{"cnam_id"}}, nil},
		{"another value of the kind", Edit{By: customer, To: Details{Street: old + "\u3164"}, Fields: []string{"street"}}, []string{"street invalid_format"}},
		{"it moves to another detail", Edit{By: customer, To: Details{Street2: old}, Fields: []string{"street2"}}, []string{"street2 invalid_format"}},
		{"another preset of the kind", SetPresets{By: customer, To: Presets{Alias: "\u115f"}, Fields: []string{"alias"}}, []string{"presets/alias invalid_format"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := l.r.Apply(l.o, test.cmd, l.at); !slices.Equal(faultsOf(err), test.faults) {
				t.Errorf("%v, want %q", err, test.faults)
			}
		})
	}
}

// What the letter of agency cannot show is refused before it is signed, wherever it stands on it.
func TestSigningWhatTheLOACannotShow(t *testing.T) {
	signed := Signature{Name: "Ada Lovelace", Title: "Director"}
	for _, test := range []struct {
		name   string
		change func(*Details, *Signature)
		faults []string
	}{
		{"OK", func(*Details, *Signature) {}, nil},
		{"OK: letters of Latin, Greek and Cyrillic", func(d *Details, s *Signature) {
			d.BillingName, d.Company, d.Street, s.Name = "Nguyễn Văn An", "Παπαδόπουλος", "12 ʻŌhiʻa Street", "Пётр Чайковский"
		}, nil},
		{"OK: an accent behind its letter", func(d *Details, s *Signature) { d.BillingName, s.Name = "Jose\u0301 Roe", "Jose\u0301 Roe" }, nil},
		{"OK: what is not on it", func(d *Details, _ *Signature) { d.Alias = "王" }, nil},
		{"Chinese characters", func(d *Details, s *Signature) { d.BillingName, s.Name = "王小明", "王小明" },
			[]string{"billing_name invalid_format", "signature_name invalid_format"}},
		{"a title in Korean", func(_ *Details, s *Signature) { s.Title = "이사" }, []string{"signature_title invalid_format"}},
		{"an emoji in the company", func(d *Details, _ *Signature) { d.Company = "Kite 🪁" }, []string{"company invalid_format"}},
		{"letters of full width", func(d *Details, _ *Signature) { d.Street = "１２ Main St" }, []string{"street invalid_format"}},
		{"everything at once", func(d *Details, s *Signature) {
			d.BillingName, d.Company, d.Provider, d.Street, d.Street2, d.City, s.Name, s.Title = "王 王", "王", "王", "王", "王", "王", "王", "王"
		}, []string{"billing_name invalid_format", "city invalid_format", "company invalid_format", "provider invalid_format", "signature_name invalid_format",
			"signature_title invalid_format", "street invalid_format", "street2 invalid_format"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1)
			s := signed
			test.change(&l.o.Details, &s)
			_, _, err := l.r.Apply(l.o, Sign{By: customer, Signature: s}, l.at)
			if got := faultsOf(err); !slices.Equal(got, test.faults) {
				t.Errorf("faults %q, want %q", got, test.faults)
			}
			if err != nil && !strings.Contains(err.Error(), "Write this in Latin, Greek or Cyrillic letters.") {
				t.Errorf("nothing says what to do: %v", err)
			}
		})
	}
}
