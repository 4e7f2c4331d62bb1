package match_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portway/internal/match"
)

const (
	eq  = match.Equal
	eqv = match.Equivalent
	dif = match.Differs
	abs = match.Absent
)

// field compares and picks one field.
func field(t *testing.T, name string, order, carrier match.Side) match.Field {
	t.Helper()
	for _, f := range match.Compare(order, carrier) {
		if f.Name == name {
			if f.Verdict != eq && f.Reason == "" {
				t.Errorf("%s: %s without a reason", name, f.Verdict)
			}
			return f
		}
	}
	t.Fatalf("no field %s", name)
	return match.Field{}
}

func TestCompareGivesEveryFieldInOrder(t *testing.T) {
	var got []string
	for _, f := range match.Compare(match.Side{}, match.Side{}) {
		got = append(got, f.Name+" "+string(f.Verdict))
	}
	want := []string{"billing_name absent", "company absent", "street absent", "street2 absent", "city absent",
		"state absent",
		"zip absent", "provider_account absent", "billing_number absent", "numbers absent"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPerson(t *testing.T) {
	for _, tt := range []struct {
		order, carrier string
		want           match.Verdict
	}{
		{"Pat Example", "Pat Example", eq},
		{"Pat Example", "PAT EXAMPLE", eqv},
		{"Pat Example", "Pat  Example", eqv},
		{"Pat Example", "EXAMPLE, PAT", eqv},
		{"Pat Example", "EXAMPLE, PAT Q", eqv},
		{"Pat Example", "Pat Q. Example", eqv},
		{"Pat Quincy Example", "PAT Q EXAMPLE", eqv},
		{"Dr. Pat Example", "Pat Example", eqv},
		{"Pat Example, Jr.", "PAT EXAMPLE", eqv},
		{"Pat Example Jr", "Pat Example Junior", eqv},
		{"Pat Example MD", "Pat Example", eqv},
		{"Mr Pat Example III", "Pat Example", eqv},
		{"Kim O'Brien", "KIM OBRIEN", eqv},
		{"Kim O’Brien", "Kim O'Brien", eqv},
		{"Kim O'Brien", "KIM O BRIEN", eqv},
		{"José Núñez", "JOSE NUNEZ", eqv},
		{"Jose\u0301 Nunez", "Jose Nunez", eqv},
		{"Ann Smith-Jones", "ANN SMITH JONES", eqv},
		{"Jan van der Berg", "JAN VANDERBERG", eqv},
		{"Mary Ann Smith", "Maryann Smith", eqv},
		{"Pat Example", "Pat Exampel", dif},
		{"Pat Example", "P Example", dif},
		{"P. Example", "P. Q. Example", dif},
		{"Bob Example", "Robert Example", dif},
		{"Pat Example", "Example Pat", dif},
		{"Thomas James", "James Thomas", dif},
		{"Pat Example Sr", "Pat Example Jr", dif},
		{"Pat A. Example", "Pat B. Example", dif},
		{"Pat Anna Example", "Pat Alice Example", dif},
		{"Jan van der Berg", "Jan Berg", dif},
		{"Ann Smith-Jones", "Ann Jones", dif},
		{"Maria Garcia Lopez", "Maria Garcia", dif},
		{"Pat Example", "Pat and Kim Example", dif},
		{"Ann A. Smith", "Anna Smith", dif},
		{"Ann A. Smith", "Ann Asmith", dif},
		{"Pat T Homas", "Patt Homas", dif},
		{"J. A. Example", "J. A. Example Jr.", eqv},
		{"Hon Wai Wong", "Wai Wong", dif},
		{"Anna Lee Do", "Anna Lee", dif},
		{"Pat Kim O Brien", "Pat Brien", dif},
		{"Pat Example", "Example", dif},
		{"Пат Пример", "пат пример", eqv},
		{"Smith Bakery", "Smith Family Bakery", dif},
		{"", "Pat Example", dif},
		{"Pat Example", "", abs},
		{"...", "!!!", dif},
	} {
		f := field(t, "billing_name", match.Side{Name: tt.order}, match.Side{Name: tt.carrier, Company: "Any"})
		if tt.carrier == "" {
			f = field(t, "billing_name", match.Side{Name: tt.order}, match.Side{})
		}
		if f.Verdict != tt.want {
			t.Errorf("%q and %q: %s (%s), want %s", tt.order, tt.carrier, f.Verdict, f.Reason, tt.want)
		}
	}
}

func TestCompany(t *testing.T) {
	for _, tt := range []struct {
		order, carrier string
		want           match.Verdict
	}{
		{"Paper Kite Bakery", "Paper Kite Bakery", eq},
		{"Paper Kite Bakery", "PAPER KITE BAKERY", eqv},
		{"Paper Kite Bakery, Inc.", "PAPER KITE BAKERY INC", eqv},
		{"Paper Kite Bakery, Inc.", "PAPER KITE BAKERY", eqv},
		{"Paper Kite Bakery Incorporated", "Paper Kite Bakery Corp.", dif},
		{"Paper Kite Bakery L.L.C.", "Paper Kite Bakery LLC", eqv},
		{"Paper Kite Bakery L L C", "Paper Kite Bakery, LLC", eqv},
		{"Paper Kite Co., Ltd.", "Paper Kite Limited", eqv},
		{"The Paper Kite", "Paper Kite", eqv},
		{"Kite & Sons", "KITE AND SONS", eqv},
		{"Kite's Bakery", "KITES BAKERY", eqv},
		{"Paper-Kite Bakery", "PaperKite Bakery", eqv},
		{"A.B.C. Kites", "ABC Kites", eqv},
		{"A B C Kites", "ABC KITES", eqv},
		{"Kite Int'l Mfg", "Kite International Manufacturing", eqv},
		{"Pâtisserie Cerf-Volant Ltée", "PATISSERIE CERF VOLANT LTD", eqv},
		{"Paper Kite Bakery", "Kite Holdings LLC dba Paper Kite Bakery", dif}, // the carrier may hold it against either,
		{"Kite Holdings", "KITE HOLDINGS LLC D/B/A PAPER KITE BAKERY", dif},
		{"Paper Kite Bakery", "Paper Kite Cafe", dif},
		{"Paper Kite Bakery", "Paper Kite Bakery North", dif},
		{"Paper Kite Inc", "Paper Kite LLC", dif},
		{"Paper Kite LLC", "Paper Kite PLLC", dif},
		{"Paper Kite", "Paper Kites", dif},
		{"Kite Bakery", "Kite Family Bakery", dif},
		{"Kite 1 11", "Kite 11 1", dif},
		{"First Kite", "1st Kite", eqv},
		{"Kite dba One", "Kite dba Two", dif},
		{"The Company", "The", dif},
		{"", "Paper Kite Bakery", dif},
		{"Paper Kite Bakery", "", abs},
	} {
		f := field(t, "company", match.Side{Company: tt.order}, match.Side{Company: tt.carrier})
		if f.Verdict != tt.want {
			t.Errorf("%q and %q: %s (%s), want %s", tt.order, tt.carrier, f.Verdict, f.Reason, tt.want)
		}
	}
}

// The record has one customer name, and it may be the business or the person.
func TestCustomerNameMayBeEither(t *testing.T) {
	order := match.Side{Name: "Pat Example", Company: "Paper Kite Bakery"}
	for _, tt := range []struct {
		order           match.Side
		carrier         string
		person, company match.Verdict
		patch           map[string]string
	}{
		{order, "PAPER KITE BAKERY", abs, eqv, map[string]string{"company": "PAPER KITE BAKERY"}},
		{order, "Paper Kite Bakery", abs, eq, nil},
		{order, "PAT EXAMPLE", eqv, abs, map[string]string{"billing_name": "PAT EXAMPLE"}},
		{order, "GLASS KITE BAKERY", abs, dif, map[string]string{"company": "GLASS KITE BAKERY"}},
		{order, "GLASS KITE", abs, dif, map[string]string{"company": "GLASS KITE"}},
		{order, "KIM EXAMPLE", dif, abs, map[string]string{"billing_name": "KIM EXAMPLE"}},
		{match.Side{Name: "Pat Example"}, "KIM SAMPLE", dif, abs, map[string]string{"billing_name": "KIM SAMPLE"}},
		{match.Side{Name: "Pat Example"}, "PAPER KITE BAKERY", abs, dif, map[string]string{"company": "PAPER KITE BAKERY"}},
		{match.Side{Name: "Pat Example"}, "EXAMPLE PLUMBING LLC", abs, dif,
			map[string]string{"company": "EXAMPLE PLUMBING LLC"}},
	} {
		person := field(t, "billing_name", tt.order, match.Side{Name: tt.carrier})
		company := field(t, "company", tt.order, match.Side{Name: tt.carrier})
		if person.Verdict != tt.person || company.Verdict != tt.company {
			t.Errorf("%s: person %s, company %s; want %s, %s", tt.carrier, person.Verdict, company.Verdict, tt.person,
				tt.company)
		}
		patch := map[string]string{}
		maps.Copy(patch, person.Patch)
		maps.Copy(patch, company.Patch)
		if len(patch) != len(tt.patch) || len(patch) > 0 && !maps.Equal(patch, tt.patch) {
			t.Errorf("%s: patch %v, want %v", tt.carrier, patch, tt.patch)
		}
	}
}

func TestStreet(t *testing.T) {
	for _, tt := range []struct {
		street, street2, carrier string
		wantStreet, wantUnit     match.Verdict
	}{
		{"12 Example Ave", "", "12 Example Ave", eq, eq},
		{"12 Example Ave", "", "12 EXAMPLE AVENUE", eqv, eq},
		{"12 Example Ave.", "", "12 EXAMPLE AV", eqv, eq},
		{"12 Example Street", "Suite 200", "12 EXAMPLE ST STE 200", eqv, eqv},
		{"12 Example St, Suite 200", "", "12 EXAMPLE ST STE 200", eqv, eqv},
		{"12 Example St Ste 200", "", "12 Example St Ste 200", eq, eq},
		{"12 Example St", "200", "12 EXAMPLE ST # 200", eqv, eqv},
		{"12 Example St", "#200", "12 EXAMPLE ST STE 200", eqv, eqv},
		{"12 Example St", "Ste. #200", "12 EXAMPLE ST STE200", eqv, eqv},
		{"12 Example St", "Unit 4B", "12 EXAMPLE ST APT 4-B", eqv, eqv},
		{"12 Example St", "Apt. B", "12 EXAMPLE ST APT B", eqv, eqv},
		{"12 Example St", "2nd Floor", "12 EXAMPLE ST FL 2", eqv, eqv},
		{"12 Example St 2nd Fl", "", "12 EXAMPLE ST FLOOR 2", eqv, eqv},
		{"12 Example St", "Bldg 3, Suite 5", "12 EXAMPLE ST STE 5 BLDG 3", eqv, eqv},
		{"Suite 200, 12 Example St", "", "12 EXAMPLE ST STE 200", eqv, eqv},
		{"12 Example St", "Penthouse", "12 EXAMPLE ST PH", eqv, eqv},
		{"12 North Example Street", "", "12 N EXAMPLE ST", eqv, eq},
		{"12 Example St NW", "", "12 EXAMPLE STREET N.W.", eqv, eq},
		{"12 Example St Northwest", "", "12 EXAMPLE ST NW", eqv, eq},
		{"12 Fifth Avenue", "", "12 5TH AVE", eqv, eq},
		{"One Example Way", "", "1 EXAMPLE WAY", eqv, eq},
		{"12 Saint Charles Blvd", "", "12 ST CHARLES BOULEVARD", eqv, eq},
		{"12 Highway 9", "", "12 HWY 9", eqv, eq},
		{"12-A Example Rd", "", "12A EXAMPLE ROAD", eqv, eq},
		{"45-12 Example Rd", "", "45-12 EXAMPLE RD", eqv, eq},
		{"12 1/2 Example Rd", "", "12 1/2 EXAMPLE RD", eqv, eq},
		{"12 North St", "", "12 NORTH STREET", eqv, eq},
		{"12 O'Neil Ln", "", "12 ONEIL LANE", eqv, eq},
		{"12 Winston-Salem Pkwy", "", "12 WINSTON SALEM PARKWAY", eqv, eq},
		{"P.O. Box 12", "", "PO BOX 12", eqv, eq},
		{"Post Office Box 12", "", "POB 12", eqv, eq},

		{"12 Example Ave", "", "14 EXAMPLE AVE", dif, eq},
		{"12 Example Ave", "", "12 EXAMPLE ST", dif, eq},
		{"12 Example Ave", "", "12 EXAMPLE", dif, eq},
		{"12 Example St", "", "12 N EXAMPLE ST", dif, eq},
		{"12 N Example St", "", "12 S EXAMPLE ST", dif, eq},
		{"12 N Example St", "", "12 EXAMPLE ST N", dif, eq},
		{"12 North St NW", "", "12 N ST NW", dif, eq}, // Washington has an N Street
		{"12 Avenue North", "", "12 AVE N", dif, eq},  // and Brooklyn an Avenue N
		{"12 Kite Est", "", "12 KITE E", dif, eq},     // an estate is not the east
		{"12 5th Ave", "", "12 5 AVE", dif, eq},
		{"12A Example Rd", "", "12B EXAMPLE RD", dif, eq},
		{"45-12 Example Rd", "", "4512 EXAMPLE RD", dif, eq},
		{"123.5 Example Rd", "", "1235 EXAMPLE RD", dif, eq},
		{"5-123 Example Rd", "", "123 EXAMPLE RD # 5", dif, dif}, // Queens, not Canada
		{"PO Box 12", "", "PO BOX 21", dif, eq},
		{"PO Box 12", "", "12 EXAMPLE ST", dif, eq},
		{"12 Example St", "Suite 200", "12 EXAMPLE ST STE 300", eqv, dif},
		{"12 Example St", "Suite 200", "12 EXAMPLE ST", eqv, dif},
		{"12 Example St", "", "12 EXAMPLE ST STE 200", eqv, dif},
		{"12 Example St", "Suite 4", "12 EXAMPLE ST APT 4", eqv, dif},
		{"12 Example St", "Floor 4", "12 EXAMPLE ST STE 4", eqv, dif},
		{"12 Example St", "Bldg 4", "12 EXAMPLE ST # 4", eqv, dif},
		{"12 Example St", "Suite 1-11", "12 EXAMPLE ST STE 111", eqv, dif},
		{"12 County Rd", "Unit 9", "12 COUNTY RD 9", dif, dif},
		{"", "", "12 EXAMPLE ST", dif, eq},
		{"12 Example St", "Ste 2", "", abs, abs},
	} {
		order := match.Side{Street: tt.street, Street2: tt.street2, Country: "US"}
		carrier := match.Side{Street: tt.carrier}
		street, unit := field(t, "street", order, carrier), field(t, "street2", order, carrier)
		if street.Verdict != tt.wantStreet || unit.Verdict != tt.wantUnit {
			t.Errorf("%q, %q and %q: street %s (%s), unit %s (%s); want %s, %s", tt.street, tt.street2, tt.carrier,
				street.Verdict, street.Reason, unit.Verdict, unit.Reason, tt.wantStreet, tt.wantUnit)
		}
	}
}

func TestStreetInCanada(t *testing.T) {
	for _, tt := range []struct {
		street, street2, carrier string
		wantStreet, wantUnit     match.Verdict
	}{
		{"5-123 Example Rd", "", "123 EXAMPLE RD UNIT 5", eqv, eqv},
		{"#5-123 Example Rd", "", "5-123 EXAMPLE RD", eqv, eq},
		{"123 Example Rd", "Suite 5", "5-123 EXAMPLE ROAD", eqv, eqv},
		{"1200 Rue Ste-Catherine Ouest", "", "1200 RUE STE CATHERINE O", eqv, eq},
		{"1200 boul. Crémazie", "", "1200 BOULEVARD CREMAZIE", eqv, eq},
		{"5-123 Example Rd", "", "6-123 EXAMPLE RD", eqv, dif},
	} {
		order := match.Side{Street: tt.street, Street2: tt.street2, Country: "CA"}
		carrier := match.Side{Street: tt.carrier}
		street, unit := field(t, "street", order, carrier), field(t, "street2", order, carrier)
		if street.Verdict != tt.wantStreet || unit.Verdict != tt.wantUnit {
			t.Errorf("%q, %q and %q: street %s (%s), unit %s (%s); want %s, %s", tt.street, tt.street2, tt.carrier,
				street.Verdict, street.Reason, unit.Verdict, unit.Reason, tt.wantStreet, tt.wantUnit)
		}
	}
}

// A patch parts the carrier's one line into the order's two.
func TestStreetPatch(t *testing.T) {
	for _, tt := range []struct{ street, street2, carrier, want, want2 string }{
		{"14 Example Ave", "", "12 EXAMPLE AVE STE 200", "12 EXAMPLE AVE", "STE 200"},
		{"12 Example Ave, Suite 200", "", "12 EXAMPLE AVE, STE 200", "12 EXAMPLE AVE", "STE 200"},
		{"12 Example Ave", "Suite 200", "12 EXAMPLE AVE", "12 EXAMPLE AVE", ""},
		{"12 Example Ave", "Suite 200", "12 EXAMPLE AVE STE200 BLDG 3", "12 EXAMPLE AVE", "STE 200 BLDG 3"},
		{"12 Example Ave", "", "12 EXAMPLE AVE 2ND FLOOR", "12 EXAMPLE AVE", "2ND FLOOR"},
	} {
		order := match.Side{Street: tt.street, Street2: tt.street2}
		for _, name := range []string{"street", "street2"} {
			f := field(t, name, order, match.Side{Street: tt.carrier})
			if f.Verdict == eq {
				continue
			}
			if f.Patch["street"] != tt.want || f.Patch["street2"] != tt.want2 || len(f.Patch) != 2 {
				t.Errorf("%q, %q and %q: %s has the patch %v", tt.street, tt.street2, tt.carrier, name, f.Patch)
			}
		}
	}
}

func TestPlace(t *testing.T) {
	for _, tt := range []struct {
		field, order, carrier string
		want                  match.Verdict
		patch                 string
	}{
		{"city", "Sampleton", "Sampleton", eq, ""},
		{"city", "Sampleton", "SAMPLETON", eqv, "SAMPLETON"},
		{"city", "St. Paul", "SAINT PAUL", eqv, "SAINT PAUL"},
		{"city", "Fort Worth", "FT WORTH", eqv, "FT WORTH"},
		{"city", "Mt. Vernon", "MOUNT VERNON", eqv, "MOUNT VERNON"},
		{"city", "North Las Vegas", "N LAS VEGAS", eqv, "N LAS VEGAS"},
		{"city", "La Grange", "LAGRANGE", eqv, "LAGRANGE"},
		{"city", "Montréal", "MONTREAL", eqv, "MONTREAL"},
		{"city", "Winston-Salem", "WINSTON SALEM", eqv, "WINSTON SALEM"},
		{"city", "Las Vegas", "NORTH LAS VEGAS", dif, "NORTH LAS VEGAS"},
		{"city", "Sampleton", "SAMPLETOWN", dif, "SAMPLETOWN"},
		{"city", "", "SAMPLETON", dif, "SAMPLETON"},
		{"city", "Sampleton", "", abs, ""},
		{"state", "NC", "NC", eq, ""},
		{"state", "NC", "nc", eqv, ""},
		{"state", "NC", "North Carolina", eqv, ""},
		{"state", "QC", "PQ", eqv, ""},
		{"state", "QC", "Québec", eqv, ""},
		{"state", "NC", "SC", dif, "SC"},
		{"state", "NC", "South Carolina", dif, "SC"},
		{"state", "NC", "XX", dif, "XX"},
		{"zip", "27000", "27000", eq, ""},
		{"zip", "27000", "27000-1234", eqv, "27000-1234"},
		{"zip", "27000-1234", "270001234", eqv, ""},
		{"zip", "27000-1234", "27000", eqv, "27000"},
		{"zip", "27000-1234", "27000-9999", eqv, "27000-9999"},
		{"zip", "M4C 5K7", "M4C5K7", eqv, ""},
		{"zip", "m4c5k7", "M4C 5K7", eqv, "M4C 5K7"},
		{"zip", "M4C 5K7", "M4C-5K7", eqv, ""},
		{"zip", "27000", "27001", dif, "27001"},
		{"zip", "02134", "2134", eqv, ""},
		{"zip", "27000", "2134", dif, "02134"},
		{"zip", "M4C 5K7", "M4C 5K1", dif, "M4C 5K1"},
		{"zip", "M4C 0K7", "M4C OK7", eqv, ""},
		{"zip", "M4C 5K1", "M4C OK7", dif, "M4C 0K7"},
		{"billing_number", "+19195550101", "+19195550101", eq, ""},
		{"billing_number", "+19195550101", "9195550101", eqv, ""},
		{"billing_number", "919-555-0101", "9195550101", eqv, "+19195550101"},
		{"billing_number", "+19195550101", "9195550102", dif, "+19195550102"},
		{"billing_number", "", "9195550102", dif, "+19195550102"},
		{"billing_number", "+19195550101", "", abs, ""},
		{"billing_number", "+19195550101", "AC-919", dif, "AC-919"},
	} {
		order, carrier := side(tt.field, tt.order), side(tt.field, tt.carrier)
		f := field(t, tt.field, order, carrier)
		if f.Verdict != tt.want || f.Patch[tt.field] != tt.patch {
			t.Errorf("%s %q and %q: %s (%s), patch %v; want %s, %q", tt.field, tt.order, tt.carrier, f.Verdict, f.Reason,
				f.Patch, tt.want, tt.patch)
		}
	}
}

func side(field, value string) match.Side {
	switch field {
	case "city":
		return match.Side{City: value}
	case "state":
		return match.Side{State: value}
	case "zip":
		return match.Side{Zip: value}
	case "provider_account":
		return match.Side{AccountNumber: value}
	}
	return match.Side{BTN: value}
}

func TestAccount(t *testing.T) {
	for _, tt := range []struct {
		order, carrier, btn string
		want                match.Verdict
		reason              string
	}{
		{"000123", "000123", "", eq, ""},
		{"000-123", "000 123", "", eqv, "account_spaced"},
		{"AC–000–1", "AC-000-1", "", eqv, "account_spaced"},
		{"123", "000123", "", dif, "account_zeros"},
		{"000123", "123", "", dif, "account_zeros"},
		{"ac-1", "AC-1", "", dif, "account_case"},
		{"000124", "000123", "", dif, "account_other"},
		{"12.3", "123", "", dif, "account_other"},
		{"919-555-0101", "000123", "9195550101", dif, "account_is_btn"},
		{"", "000123", "", dif, "order_silent"},
		{"-", "–", "", dif, "account_missing"},
		{"000123", "", "", abs, "record_silent"},
	} {
		f := field(t, "provider_account", match.Side{AccountNumber: tt.order}, match.Side{AccountNumber: tt.carrier,
			BTN: tt.btn})
		if f.Verdict != tt.want || f.Reason != tt.reason {
			t.Errorf("%q and %q: %s (%s), want %s (%s)", tt.order, tt.carrier, f.Verdict, f.Reason, tt.want, tt.reason)
		}
		if f.Carrier != "" || f.Patch != nil {
			t.Errorf("%q: the account number shows", tt.carrier)
		}
	}
}

func TestNumbers(t *testing.T) {
	const a, b, c = "+19195550101", "+19195550102", "+19195550103"
	for _, tt := range []struct {
		name           string
		order, carrier []string
		want           match.Verdict
		missing        []string
		extra          int
		reason         string
	}{
		{"all", []string{a, b}, []string{"9195550102", "9195550101"}, eq, nil, 0, ""},
		{"twice", []string{a, a}, []string{a, "9195550101"}, eq, nil, 0, ""},
		{"others stay", []string{a}, []string{a, b, c}, eq, nil, 2, "others_stay"},
		{"one missing", []string{a, b}, []string{a}, dif, []string{"9195550102"}, 0, "not_on_account"},
		{"one missing, one stays", []string{a, b}, []string{a, c}, dif, []string{"9195550102"}, 1,
			"not_on_account,others_stay"},
		{"none asked", nil, []string{a}, dif, nil, 1, "no_numbers"},
		{"silent", []string{a}, nil, abs, nil, 0, "record_silent"},
		{"no number at all", []string{a}, []string{"main"}, dif, []string{"9195550101"}, 1,
			"not_on_account,others_stay"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := field(t, "numbers", match.Side{Numbers: tt.order}, match.Side{Numbers: tt.carrier})
			if f.Verdict != tt.want || f.Extra != tt.extra || f.Reason != tt.reason {
				t.Errorf("%s, %d stay (%s); want %s, %d (%s)", f.Verdict, f.Extra, f.Reason, tt.want, tt.extra, tt.reason)
			}
			if diff := cmp.Diff(tt.missing, f.Missing); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Sides of words that mean something here and words that don't.
var (
	anyWord = rapid.SampledFrom([]string{
		"Pat", "Kim", "Example", "O'Brien", "van", "der", "Jr.", "Dr.", "J", "Smith-Jones", "Paper", "Kite", "LLC", "Inc",
		"dba", "The", "&", "A.B.",
		"12", "5-123", "North", "N", "St", "Street", "Ave", "Avenue", "Ste", "Suite", "#", "#5", "5", "Apt", "4B", "Fl",
		"2nd", "Floor", "PO", "Box",
		"Bldg", "Rue", "Est", ",", "-", ".", "é", "Ph", "unit",
	})
	anyLine = rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(anyWord, 0, 6).Draw(t, "words"), " ")
	})
	anyText = rapid.OneOf(anyLine, rapid.String())
	anySide = rapid.Custom(func(t *rapid.T) match.Side {
		text := func(name string) string { return anyText.Draw(t, name) }
		return match.Side{
			Name: text("name"), Company: text("company"), Street: text("street"), Street2: text("street2"), City: text("city"),
			State:         rapid.SampledFrom([]string{"", "NC", "nc", "Quebec", "??"}).Draw(t, "state"),
			Zip:           rapid.StringMatching(`|\d{5}|\d{5}-\d{4}|[A-Z]\d[A-Z] ?\d[A-Z]\d`).Draw(t, "zip"),
			Country:       rapid.SampledFrom([]string{"", "US", "CA"}).Draw(t, "country"),
			AccountNumber: text("account"), BTN: rapid.StringMatching(`|919555010\d|\+1919555010\d|.{0,4}`).Draw(t, "btn"),
			Numbers: rapid.SliceOfN(rapid.StringMatching(`\+1919555010\d`), 0, 3).Draw(t, "numbers"),
		}
	})
)

func TestWhatIsTheSameIsEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySide.Draw(t, "side")
		for _, f := range match.Compare(s, s) {
			if f.Verdict != eq && f.Verdict != abs || f.Patch != nil {
				t.Fatalf("%s: %s (%s), patch %v", f.Name, f.Verdict, f.Reason, f.Patch)
			}
		}
	})
}

// Whether two values go together does not depend on which is whose.
func TestSymmetry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anySide.Draw(t, "a"), anySide.Draw(t, "b")
		there, back := match.Compare(a, b), match.Compare(b, a)
		for i, f := range there {
			g := back[i]
			if f.Verdict == abs || g.Verdict == abs || f.Name == "numbers" || f.Name == "company" || f.Name == "billing_name" {
				continue // silence has a side, and so has the one customer name
			}
			if f.Verdict != g.Verdict {
				t.Fatalf("%s: %s (%s) one way, %s (%s) the other", f.Name, f.Verdict, f.Reason, g.Verdict, g.Reason)
			}
		}
	})
}

// After the patches nothing is left that a patch could correct.
func TestPatchesHeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order, carrier := anySide.Draw(t, "order"), anySide.Draw(t, "carrier")
		carrier.Country = order.Country
		fields := match.Compare(order, carrier)
		for _, f := range fields {
			for name, value := range f.Patch {
				switch name {
				case "billing_name":
					order.Name = value
				case "company":
					order.Company = value
				case "street":
					order.Street = value
				case "street2":
					order.Street2 = value
				case "city":
					order.City = value
				case "state":
					order.State = value
				case "zip":
					order.Zip = value
				case "billing_number":
					order.BTN = value
				default:
					t.Fatalf("%s patches %q", f.Name, name)
				}
			}
		}
		for _, f := range match.Compare(order, carrier) {
			if f.Verdict == dif && f.Name != "provider_account" && f.Name != "numbers" {
				t.Fatalf("%s still differs: %s (carrier %q, order %+v)", f.Name, f.Reason, f.Carrier, order)
			}
		}
	})
}

// No reason, value or patch gives an account number away.
func TestAccountNumberStaysSecret(t *testing.T) {
	const secret = "SECRET-7731"
	sides := []match.Side{
		{AccountNumber: secret}, {AccountNumber: "SECRET7731"}, {AccountNumber: "secret-7731"}, {AccountNumber: "1"}, {},
	}
	for _, a := range sides {
		for _, b := range sides {
			for _, f := range match.Compare(a, b) {
				if s := strings.ToLower(f.Reason + f.Carrier + strings.Join(f.Missing, "") + f.Patch[f.Name]); strings.Contains(s,
					"7731") {
					t.Errorf("%s tells: %s", f.Name, s)
				}
			}
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	order := match.Side{Name: "Pat Example", Company: "Paper Kite Bakery, Inc.", Street: "12 North Example Avenue",
		Street2: "Suite 200", City: "St. Paul", State: "MN",
		Zip: "55101", AccountNumber: "000123", BTN: "+16515550101", Numbers: []string{"+16515550101", "+16515550102"}}
	carrier := match.Side{Name: "PAPER KITE BAKERY", Street: "12 N EXAMPLE AVE STE 200", City: "SAINT PAUL", State: "MN",
		Zip: "55101-0001", AccountNumber: "000123", BTN: "6515550101", Numbers: []string{"6515550101", "6515550102",
			"6515550103"}}
	for b.Loop() {
		match.Compare(order, carrier)
	}
}
