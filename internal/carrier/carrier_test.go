package carrier

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portway/internal/bizday"
	"portway/internal/porting"
)

// Every row of the table is well formed and is found by each of its names and SPIDs.
func TestEveryProfile(t *testing.T) {
	all := All()
	if len(all) < 50 {
		t.Fatalf("only %d profiles", len(all))
	}
	ids, names, spids := map[string]bool{}, map[string]string{}, map[string]string{}
	for _, p := range all {
		t.Run(p.ID, func(t *testing.T) {
			if ids[p.ID] || !regexp.MustCompile(`^[a-z0-9-]+$`).MatchString(p.ID) || p.Name == "" {
				t.Errorf("id %q, name %q", p.ID, p.Name)
			}
			ids[p.ID] = true
			if p.Kind.Class() == "" {
				t.Errorf("kind %q", p.Kind)
			}
			if found, ok := ByID(p.ID); !ok || found.Name != p.Name {
				t.Errorf("by id: %q", found.ID)
			}
			for _, name := range p.Names() {
				if other, twice := names[fold(name)]; twice {
					t.Errorf("%q is a name of %s too", name, other)
				}
				names[fold(name)] = p.ID
				for _, written := range []string{name, strings.ToUpper(name), " " + name + ", Inc.", strings.ReplaceAll(name, " ", "")} {
					if found, ok := Find("", p.Kind.Wireless(), written); !ok || found.ID != p.ID {
						t.Errorf("%q finds %q", written, found.ID)
					}
				}
			}
			for _, spid := range p.SPIDs {
				if spids[spid] != "" || !regexp.MustCompile(`^[0-9A-Z]{4}$`).MatchString(spid) {
					t.Errorf("SPID %s, of %s too", spid, spids[spid])
				}
				spids[spid] = p.ID
				if found, ok := Find(spid, false, "Nobody"); !ok || found.ID != p.ID {
					t.Errorf("SPID %s finds %q", spid, found.ID)
				}
			}
			seen := map[string]bool{}
			for _, v := range p.Values {
				if seen[v.Field] || v.Text == "" || strings.TrimSpace(v.Text) != v.Text || !slices.Contains(Marks(), v.Mark) {
					t.Errorf("%+v", v)
				}
				seen[v.Field] = true
				form := formOf(v.Field)
				_, zoneErr := time.LoadLocation(v.Text)
				n, numberErr := strconv.Atoi(v.Text)
				switch {
				case form == "", form == Number && (numberErr != nil || n < 1), form == Zone && zoneErr != nil,
					form == YesNo && v.Text != "yes" && v.Text != "no":
					t.Errorf("%s=%q is no %s", v.Field, v.Text, form)
				case v.Mark == Learned:
					t.Errorf("%s is marked as learned from orders, which the table can't be", v.Field)
				}
			}
			if len(p.Values) > 0 && len(p.Sources) == 0 {
				t.Error("the values have no source")
			}
			for _, key := range p.Sources {
				if digits := regexp.MustCompile(`-\d+$`); !strings.Contains(header(), digits.ReplaceAllString(key, "-n")) {
					t.Errorf("the source %s is not explained", key)
				}
			}
		})
	}
}

// The carriers of which nothing was found have no values, and have the terms of their class.
func TestUnknownValuesStayUnknown(t *testing.T) {
	blank := strings.Fields("brightspeed xfinity-voice optimum mediacom frontier kinetic altafiber gci sinch google-voice ooma nextiva " +
		"dialpad magicjack tracfone bell telus")
	var got []string
	for _, p := range All() {
		if len(p.Values) == 0 {
			got = append(got, p.ID)
		}
	}
	if !slices.Equal(got, blank) {
		t.Errorf("without values: %v, want %v", got, blank)
	}
	for _, id := range blank {
		p, _ := ByID(id)
		for _, f := range Fields {
			if _, ok := p.Value(f.Name); ok || p.Number(f.Name) != 0 {
				t.Errorf("%s has %s", id, f.Name)
			}
		}
		if got, want := p.Terms(p.Kind.Class()), porting.TermsOf(p.Kind.Class()); got.Lead != want.Lead || got.Cutoff != want.Cutoff {
			t.Errorf("%s has other terms than its class", id)
		}
	}
}

// Every field has a value in at least one row. The greatest age of an LOA is the operators' to set: no carrier was found
// that publishes one for local numbers.
func TestEveryFieldIsUsed(t *testing.T) {
	for _, f := range Fields {
		if !slices.ContainsFunc(All(), func(p Profile) bool { _, ok := p.Value(f.Name); return ok }) && f.Name != "loa.days" {
			t.Errorf("no carrier has %s", f.Name)
		}
	}
}

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name, spid string
		wireless   bool
		names      []string
		want       string
	}{
		{"the SPID comes before the name", "7058", false, []string{"Cox"}, "lumen"},
		{"the network's name before the customer's", "0000", false, []string{"Cox Communications", "Level 3"}, "cox"},
		{"the customer's where the network's is not known", "0000", false, []string{"Some LEC", "Level 3"}, "lumen"},
		{"a wireless number of a group", "", true, []string{"AT&T"}, "att-wireless"},
		{"a wireline number of it", "", false, []string{"AT&T"}, "att"},
		{"the group's mobile company by its second name", "", true, []string{"Xfinity"}, "xfinity-mobile"},
		{"no mobile company for a wireline number", "", false, []string{"Mint"}, ""},
		{"nobody", "", false, []string{"Example Telco"}, ""},
		{"nothing", "", false, nil, ""},
		{"an empty name", "", true, []string{""}, ""},
		{"accents", "", true, []string{"Vidéotron ltd."}, "videotron"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := Find(test.spid, test.wireless, test.names...); got.ID != test.want || ok != (test.want != "") {
				t.Errorf("%q, want %q", got.ID, test.want)
			}
		})
	}
}

// The intervals and cut-offs of a profile replace the terms of the class.
func TestTerms(t *testing.T) {
	for _, test := range []struct {
		id           string
		class        porting.Class
		lead, cutoff int
	}{
		{"allstream", porting.Wireline, 3, 13},
		{"hawaiian-telcom", porting.Wireline, 3, 12},
		{"cox", porting.SimpleWireline, 1, 13},
		{"tds", porting.Wireline, 5, 15},
	} {
		p, _ := ByID(test.id)
		if got := p.Terms(test.class); got.Lead != test.lead || got.Cutoff != test.cutoff {
			t.Errorf("%s: %d days, %d:00, want %d, %d:00", test.id, got.Lead, got.Cutoff, test.lead, test.cutoff)
		}
	}
	zones, bills := 0, 0
	for _, p := range All() {
		got := p.Terms(porting.Wireline)
		if v, ok := p.Value("cutoff.zone"); ok {
			if zones++; got.Zone != v.Text {
				t.Errorf("%s: the cut-off is in %s, want %s", p.ID, got.Zone, v.Text)
			}
		}
		if n := p.Number("bill.days"); n > 0 {
			if bills++; got.BillDays != n {
				t.Errorf("%s: a bill may be %d days old, want %d", p.ID, got.BillDays, n)
			}
		}
	}
	if zones == 0 || bills == 0 {
		t.Errorf("%d profiles have a zone, %d an age of bills", zones, bills)
	}
}

func formOf(field string) Form {
	for _, f := range Fields {
		if f.Name == field {
			return f.Form
		}
	}
	return ""
}

// header returns the comment of the table.
func header() string {
	var b strings.Builder
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// Holidays that a profile tells make a calendar, and take the place of the class's. A latest date does the same.
func TestTermsOfDays(t *testing.T) {
	holidays, latest := 0, 0
	for _, p := range All() {
		terms, of := p.Terms(porting.Wireline), porting.TermsOf(porting.Wireline)
		switch v, own := p.Value("holidays"); {
		case !own && terms.Holidays != of.Holidays, own && terms.Holidays != v.Text:
			t.Errorf("%s: holidays %q", p.ID, terms.Holidays)
		case own:
			holidays++
			if _, err := bizday.Named(terms.Holidays, "UTC"); err != nil || slices.Contains(terms.Assumed, "Holidays") {
				t.Errorf("%s: %v, assumed %v", p.ID, err, terms.Assumed)
			}
		}
		if terms.MaxAhead != p.Number("max_ahead_days") {
			t.Errorf("%s: at most %d days ahead", p.ID, terms.MaxAhead)
		}
		if terms.MaxAhead > 0 {
			latest++
		}
	}
	if holidays == 0 || latest == 0 || !slices.Contains(porting.TermsOf(porting.Wireline).Assumed, "Holidays") {
		t.Errorf("%d profiles have holidays, %d a latest date", holidays, latest)
	}
}
