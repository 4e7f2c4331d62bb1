package porting

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestCreate(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Create)
		faults []string
	}{
		{"OK", func(*Create) {}, nil},
		{"OK: the least that is needed", func(c *Create) {
			c.Details = Details{BillingName: "Ada Lovelace", Provider: "Old Bell", UsageType: "Residential", Street: "500 Pike St", City: "Seattle",
				State: "wa", Zip: "98101", Country: "us"}
		}, nil},
		{"OK: Canada", func(c *Create) { c.Details.Country, c.Details.State, c.Details.Zip = "CA", "ON", "m4c 5k7" }, nil},
		{"everything is missing", func(c *Create) { c.Details, c.Numbers = Details{}, nil }, []string{
			"billing_name required", "city required", "country required", "numbers required", "provider required", "state required",
			"street required", "usage_type required", "zip required"}},
		{"everything is wrong", func(c *Create) {
			c.Details = Details{Alias: strings.Repeat("a", 101), BillingName: "Ada\x00", Company: strings.Repeat("ä", 101), BillingNumber: "206", Provider: "\xff",
				ProviderAccount: NewSecret("1;2"), PIN: NewSecret(strings.Repeat("1", 51)), LastFourSSN: NewSecret("12a4"), UsageType: "hobby",
				Street: strings.Repeat("s", 101), Street2: "\t", City: strings.Repeat("c", 101), State: "ZZ", Zip: "1234", Country: "US",
				Desired: "03/15/2027", LOAEmail: "a@b", LOACC: "a@b.c, d@e.f", StatusURL: "ftp://x", AutoCorrect: "maybe"}
			c.Presets = Presets{CNAM: strings.Repeat("1", 101)}
			c.Numbers = []string{"+12065550101", "2065550101", "+12065550101"}
		}, []string{
			"alias too_long", "auto_correct invalid_format", "billing_name invalid_format", "billing_number invalid_format", "city too_long", "company too_long",
			"desired_completion_date invalid_format", "last_4_ssn invalid_format", "loa_details/cc invalid_format", "loa_details/email invalid_format",
			"numbers/1 invalid_format", "numbers/2 duplicate", "pin too_long", "presets/cnam_id invalid_format", "provider invalid_format",
			"provider_account invalid_format", "state invalid_format", "status_url invalid_format", "street too_long", "usage_type invalid_format", "zip invalid_format"}},
		{"a country of its own", func(c *Create) { c.Details.Country = "MX" }, []string{"country invalid_format"}},
		{"a Canadian ZIP in the US", func(c *Create) { c.Details.Zip = "M4C 5K7" }, []string{"zip invalid_format"}},
		{"a state of the other country", func(c *Create) { c.Details.State = "ON" }, []string{"state invalid_format"}},
		{"today", func(c *Create) { c.Details.Desired = "2027-03-02" }, []string{"desired_completion_date out_of_range"}},
		{"tomorrow", func(c *Create) { c.Details.Desired = "2027-03-03" }, nil},
		{"a caller name", func(c *Create) { c.Presets.CNAM = "11" }, nil},
		{"a caller name for a toll-free number", func(c *Create) { c.Kind, c.Presets.CNAM = TollFree, "11" },
			[]string{"presets/cnam_id not_allowed"}},
		{"a toll-free number without one", func(c *Create) { c.Kind = TollFree }, nil},
		{"presets of 100 characters", func(c *Create) { c.Presets.E911, c.Presets.Alias = strings.Repeat("1", 100), strings.Repeat("é", 100) }, nil},
		{"an address with credentials", func(c *Create) { c.Details.StatusURL = "https://a:b@example.com" }, []string{"status_url invalid_format"}},
		{"5,000 numbers", func(c *Create) { c.Numbers = tns(MaxNumbers) }, nil},
		{"5,001 numbers", func(c *Create) { c.Numbers = tns(MaxNumbers + 1) }, []string{"numbers too_many"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sampleCreate(2)
			test.change(&c)
			o, _, err := rules(t).Apply(Order{}, c, now)
			if got := faultsOf(err); !slices.Equal(got, test.faults) {
				t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.faults, "\n"))
			}
			if err == nil && (o.Status != Pending || o.Details.Alias == "" || o.Details.AutoCorrect == "" || o.Details.UsageType != Usage(strings.ToLower(string(o.Details.UsageType)))) {
				t.Errorf("the order is %+v", o)
			}
		})
	}
}

// Each detail may have as many characters as its row says, and no more.
func TestLengths(t *testing.T) {
	for _, row := range detailRows {
		if row.flag != nil {
			continue
		}
		t.Run(row.Name, func(t *testing.T) {
			for _, extra := range []int{0, 1} {
				d := details()
				d.Set(row.Name, strings.Repeat("é", row.Max+extra))
				long := slices.ContainsFunc(rules(t).Faults(d, details()), func(f Fault) bool { return f.Field == row.Name && f.Code == TooLong })
				if long != (extra > 0) {
					t.Errorf("%d characters: too long is %t", row.Max+extra, long)
				}
			}
		})
	}
}

func TestEdit(t *testing.T) {
	for _, test := range []struct {
		name   string
		edit   Edit
		faults []string
	}{
		{"OK: only what is named", Edit{To: Details{Alias: "New"}, Fields: []string{"alias"}}, nil},
		{"OK: details and presets in one", Edit{To: Details{Zip: "98102"}, Fields: []string{"zip"}, Presets: Presets{CNAM: "1"}, PresetFields: []string{"cnam_id"}}, nil},
		{"OK: the other country, with what belongs to it", Edit{To: Details{Country: "ca", State: "BC", Zip: "V6B 1A1"}, Fields: []string{"country", "state", "zip"}}, nil},
		{"all faults at once", Edit{To: Details{Country: "CA", Zip: "1"}, Fields: []string{"country", "zip", "city", "colour"},
			Presets: Presets{CNAM: "\x00"}, PresetFields: []string{"cnam_id", "sound"}},
			[]string{"city required", "colour unknown", "presets/cnam_id invalid_format", "presets/sound unknown", "state invalid_format", "zip invalid_format"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1)
			test.edit.By = customer
			o, _, err := l.r.Apply(l.o, test.edit, l.at)
			if got := faultsOf(err); !slices.Equal(got, test.faults) {
				t.Fatalf("faults %q, want %q", got, test.faults)
			}
			if err != nil {
				return
			}
			for _, name := range DetailFields() {
				was, _ := l.o.Details.Get(name)
				is, _ := o.Details.Get(name)
				if was != is && !slices.Contains(test.edit.Fields, name) {
					t.Errorf("%s was %q and is %q", name, was, is)
				}
			}
			if o.Details.PIN.Reveal() != canaryPIN {
				t.Error("the PIN is gone")
			}
		})
	}
}

func TestMailFault(t *testing.T) {
	label := strings.Repeat("d", 63)
	for _, test := range []struct {
		name, address string
		ok            bool
	}{
		{"OK", "porting@example.com", true},
		{"OK: every sign of a dot-string", "a.!#$%&'*+/=?^_`{|}~-b@example.com", true},
		{"OK: a local part of 64 characters", strings.Repeat("a", 64) + "@example.com", true},
		{"OK: a label of 63 characters", "a@" + label + ".com", true},
		{"OK: 254 characters", "a@" + strings.Repeat(label+".", 3) + strings.Repeat("e", 56) + ".com", true},
		{"a local part of 65 characters", strings.Repeat("a", 65) + "@example.com", false},
		{"255 characters", "a@" + strings.Repeat(label+".", 3) + strings.Repeat("e", 57) + ".com", false},
		{"a label of 64 characters", "a@d" + label + ".com", false},
		{"two dots", "pat..doe@example.com", false},
		{"a dot in front", ".pat@example.com", false},
		{"a dot behind", "pat.@example.com", false},
		{"a letter that is not ASCII", "josé@example.com", false},
		{"a domain that is not ASCII", "pat@exämple.com", false},
		{"a domain of one label", "pat@localhost", false},
		{"an address literal", "pat@[192.0.2.1]", false},
		{"a dash at the end of a label", "pat@example-.com", false},
		{"a quoted local part", `"pat doe"@example.com`, false},
		{"a name beside it", "Pat <pat@example.com>", false},
		{"two of them", "pat@example.com,kim@example.com", false},
		{"two signs", "pat@kim@example.com", false},
		{"a line break", "pat@example.com\n", false},
		{"no sign", "example.com", false},
		{"nothing", "", false},
	} {
		if why := MailFault(test.address); (why == "") != test.ok {
			t.Errorf("%s: %q: %q", test.name, test.address, why)
		}
	}
}

// An order keeps a value that was good when it came: it can be edited and signed as long as that value stays.
func TestTightened(t *testing.T) {
	old := map[string]string{"loa_details/email": "pat..doe@example.com", "loa_details/cc": "josé@example.com"}
	for _, row := range detailRows {
		value, known := old[row.Name]
		if known != row.Tightened {
			t.Errorf("%s: tightened %v, and a value of old %v", row.Name, row.Tightened, known)
		}
		if !row.Tightened {
			continue
		}
		t.Run(row.Name, func(t *testing.T) {
			l := begin(t, 1)
			l.o.Details.Set(row.Name, value)
			other := Edit{By: customer, To: Details{Alias: "New"}, Fields: []string{"alias"}}
			if _, _, err := l.r.Apply(l.o, other, l.at); err != nil {
				t.Errorf("another field: %v", err)
			}
			same := Edit{By: customer, To: l.o.Details, Fields: []string{row.Name}}
			if _, _, err := l.r.Apply(l.o, same, l.at); err != nil {
				t.Errorf("sent as it is: %v", err)
			}
			if _, _, err := l.r.Apply(l.o, signed, l.at); err != nil {
				t.Errorf("signed: %v", err)
			}
			same.To.Set(row.Name, "x"+value)
			if _, _, err := l.r.Apply(l.o, same, l.at); !slices.Equal(faultsOf(err), []string{row.Name + " invalid_format"}) {
				t.Errorf("changed to another such value: %v", err)
			}
		})
	}
}

func TestChangeNumbers(t *testing.T) {
	two := tns(2)
	for _, test := range []struct {
		name        string
		add, remove []string
		want        []string
		faults      []string
	}{
		{"OK", []string{"+13035550100"}, two[:1], []string{two[1], "+13035550100"}, nil},
		{"OK: all of them changed", []string{"+13035550100"}, two, []string{"+13035550100"}, nil},
		{"nothing", nil, nil, nil, []string{"add required"}},
		{"the last one stays", nil, two, nil, []string{"remove not_allowed"}},
		{"all faults at once", []string{two[1], "1", "+13035550100", "+13035550100"}, []string{"+13035550199"}, nil,
			[]string{"add/0 duplicate", "add/1 invalid_format", "add/3 duplicate", "remove/0 unknown"}},
		{"OK: as many as one call may", tns(MaxNumberChanges + 2)[2:], nil, tns(MaxNumberChanges + 2), nil},
		{"too many", tns(MaxNumberChanges + 3)[2:], nil, nil, []string{"add too_many"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 2)
			o, _, err := l.r.Apply(l.o, ChangeNumbers{By: customer, Add: test.add, Remove: test.remove}, l.at)
			if got := faultsOf(err); !slices.Equal(got, test.faults) {
				t.Errorf("faults %q, want %q", got, test.faults)
			}
			if err == nil && !slices.Equal(o.Active(), test.want) {
				t.Errorf("numbers %v, want %v", o.Active(), test.want)
			}
			if !slices.Equal(l.o.Active(), two) {
				t.Errorf("the order that was given has %v", l.o.Active())
			}
		})
	}
}

// What an order has and what a call adds count together.
func TestMostNumbers(t *testing.T) {
	l := begin(t, MaxNumbers-1)
	for n, want := range map[int][]string{1: nil, 2: {"add too_many"}} {
		_, _, err := l.r.Apply(l.o, ChangeNumbers{By: customer, Add: tns(MaxNumbers + 1)[MaxNumbers-1:][:n], Remove: nil}, l.at)
		if got := faultsOf(err); !slices.Equal(got, want) {
			t.Errorf("%d more: faults %q, want %q", n, got, want)
		}
	}
}

func TestSign(t *testing.T) {
	l := begin(t, 1)
	l.o.Details.City = ""
	_, _, err := l.r.Apply(l.o, Sign{By: customer, Signature: Signature{Name: strings.Repeat("a", 101)}}, l.at)
	if got, want := faultsOf(err), []string{"city required", "signature_name too_long", "signature_title required"}; !slices.Equal(got, want) {
		t.Errorf("faults %q, want %q", got, want)
	}
	begin(t, 1).do(Sign{By: customer, Signature: Signature{Name: strings.Repeat("é", 100), Title: strings.Repeat("é", 100)}})
	l = begin(t, 1).do(signed)
	if s := l.o.Signature; s.Name != "Ada Lovelace" || s.At.IsZero() || s.IP == "" {
		t.Errorf("signature %+v", s)
	}
}

// A repair takes only what the customer has allowed (our decision).
func TestConsent(t *testing.T) {
	for _, test := range []struct {
		field string
		from  Consent // the least that covers it; empty for none
	}{
		{"billing_number", CorrectFormatting}, {"street", CorrectAddress}, {"street2", CorrectAddress}, {"city", CorrectAddress},
		{"state", CorrectAddress}, {"zip", CorrectAddress}, {"billing_name", ""}, {"company", ""},
		{"provider_account", CorrectAll}, {"pin", ""}, {"last_4_ssn", ""}, {"provider", ""}, {"status_url", ""}, {"nonsense", ""},
	} {
		covered := false
		for _, c := range []Consent{CorrectNone, CorrectFormatting, CorrectAddress, CorrectAll} {
			covered = covered || c == test.from
			if got := c.Allows(test.field); got != covered {
				t.Errorf("%s allows %s: %v, want %v", c, test.field, got, covered)
			}
		}
	}
}

// Every field of Details has one row, and every row a field: by the rows alone all details are set, read and restored, and no
// secret is given away.
func TestSetAndGet(t *testing.T) {
	var d Details
	for i, f := range detailRows {
		if slices.ContainsFunc(detailRows[:i], func(before Detail) bool { return before.Name == f.Name }) {
			t.Errorf("%s has two rows", f.Name)
		}
		if kinds := []bool{f.text != nil, f.secret != nil, f.flag != nil}; yes(kinds) != 1 {
			t.Errorf("%s has %d places", f.Name, yes(kinds))
		}
		if (f.secret != nil) != (f.Seal != "") {
			t.Errorf("%s: a secret is sealed, and nothing else", f.Name)
		}
	}
	var kept, again Details
	for i, f := range detailRows {
		value := strconv.Itoa(i)
		if f.flag != nil {
			value = "true"
		}
		f.Restore(&kept, value)
	}
	for i := range reflect.TypeFor[Details]().NumField() {
		if reflect.ValueOf(kept).Field(i).IsZero() {
			t.Errorf("no row writes Details.%s", reflect.TypeFor[Details]().Field(i).Name)
		}
	}
	for _, f := range detailRows {
		f.Restore(&again, f.Value(kept))
	}
	if again != kept {
		t.Errorf("restored\n%+v\nwant\n%+v", again, kept)
	}
	for _, f := range detailRows {
		if set := d.Set(f.Name, "x"); set != (f.text != nil || f.secret != nil) {
			t.Errorf("set %s: %v", f.Name, set)
		}
		if got, ok := d.Get(f.Name); ok != (f.text != nil) || ok && got != "x" {
			t.Errorf("get %s: %q %v", f.Name, got, ok)
		}
	}
	var p Presets
	for _, name := range PresetFields() {
		if !p.Set(name, "x") || p.Get(name) != "x" {
			t.Errorf("no preset %s", name)
		}
	}
	if d.Set("nonsense", "x") || p.Set("nonsense", "x") || p.Get("nonsense") != "" || p != (Presets{"x", "x", "x", "x", "x"}) {
		t.Errorf("presets %+v", p)
	}
}

// PIN and SSN digits are erased once they have served; the event of a correction tells no secret.
func TestSecretsServeAndGo(t *testing.T) {
	l := brought(t, Completed)
	if l.o.Details.PIN.IsSet() || l.o.Details.LastFourSSN.IsSet() {
		t.Error("the PIN or the SSN digits are kept")
	}
	l = brought(t, Submitted)
	l.o.Proof = Proof{By: ProofAccount}
	to := l.o.Details
	to.ProviderAccount = NewSecret("CANARY-NEW")
	l.do(Correct{By: system, To: to, Fields: []string{"provider_account"}, Patch: map[string]string{"zip": "98102"}})
	want := Say(MsgCorrected).With(Say(MsgSecretChanged, "field", "provider_account"), Say(MsgFieldChanged, "field", "zip", "before", "98101", "after", "98102"), Say(MsgConformed))
	if said := l.last().Message; !reflect.DeepEqual(said, want) {
		t.Errorf("the event says %+v, want %+v", said, want)
	}
}

// A comment may hold whatever a person writes, in lines; nothing that shows other than what stands there.
func TestCommentText(t *testing.T) {
	for _, test := range []struct {
		name, text string
		ok         bool
	}{
		{"lines and tabs", "one\r\n\ttwo", true},
		{"letters of any script, and signs", "Łódź 👩‍💻 ok", true},
		{"a control character", "a\x1b[31mb", false},
		{"NUL", "a\x00b", false},
		{"writing turned around", "a\u202eb", false},
		{"nothing", " \n ", false},
		{"2,000 characters", strings.Repeat("é", 2000), true},
		{"2,001 characters", strings.Repeat("é", 2001), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1)
			_, events, err := l.r.Apply(l.o, Comment{customer, test.text}, l.at)
			if (err == nil) != test.ok {
				t.Fatalf("taken: %v, want %v", err == nil, test.ok)
			}
			if err == nil && strings.Contains(events[0].Message.Text, "\r") {
				t.Error("the carriage return stays")
			}
		})
	}
}

func yes(all []bool) int {
	n := 0
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}
