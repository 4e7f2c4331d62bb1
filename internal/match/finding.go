package match

// A finding says why two values go together or not, and how near they are to each other. Its reason is a code; the
// catalogue of sentences (internal/text) has the words.
type finding struct {
	verdict Verdict
	score   int
	reason  string
}

// Further codes, which stand alone or behind a finding's own.
const (
	OneLetter    = "one_letter"     // a difference by one letter or digit, most likely a slip of a key
	Unusable     = "unusable"       // an order can't take the record's value: [Field.Reason] never has it, a caller may add it
	noNumbers    = "no_numbers"     // the order has no numbers
	notOnAccount = "not_on_account" // [Field.Missing] has the numbers
	othersStay   = "others_stay"    // [Field.Extra] has the count
)

// Reasons lists the codes of which [Field.Reason] is made, so that a test finds those without words.
func Reasons() []string {
	all := []string{OneLetter, Unusable, noNumbers, notOnAccount, othersStay}
	for _, f := range []finding{
		silence, orderLess, respelled, other, samePunctuated, sameWordsOnly, sameGeneration, sameMiddle,
		sameSpelledOut, sameGivenJoined, cutShort, otherGeneration, otherTitle, reversed, partOfLast, otherLast,
		onlyInitial, nickname, otherFirst, otherMiddle, noPerson, sameForm, formOnOne, otherForm, oneOfTwo,
		otherTrade, otherCompany, boxOrPlace, otherBox, otherHouse, otherSuffix, otherDirection, lessDirection,
		lessSuffix, lessStreet, otherStreet, unitOnOrder, unitOnRecord, otherUnitKind, otherUnit, accountSpaced,
		accountMissing, accountIsBTN, accountGrouped, accountZeros, accountCase, accountOther,
	} {
		all = append(all, f.reason)
	}
	return all
}

// These are all findings, each with its score: equivalent values have 90 to 99, different ones 0 to 89; a score of 0
// here stands for one that unlike works out of the two values. A high score on a difference says that both mean the
// same customer and only the record's wording is missing; it never makes them equal.
var (
	same      = finding{Equal, 100, ""}
	silence   = finding{Absent, 0, "record_silent"}
	orderLess = finding{Differs, 0, "order_silent"}

	// Any text.
	respelled = finding{Equivalent, 97, "respelled"}
	other     = finding{Differs, 0, "other"}

	// People.
	samePunctuated  = finding{Equivalent, 98, "same_punctuated"}
	sameWordsOnly   = finding{Equivalent, 98, "same_words_only"}
	sameGeneration  = finding{Equivalent, 92, "same_generation"}
	sameMiddle      = finding{Equivalent, 93, "same_middle"}
	sameSpelledOut  = finding{Equivalent, 95, "same_spelled_out"}
	sameGivenJoined = finding{Equivalent, 92, "same_given_joined"}
	cutShort        = finding{Differs, 88, "cut_short"}
	otherGeneration = finding{Differs, 70, "other_generation"}
	otherTitle      = finding{Differs, 70, "other_title"}
	reversed        = finding{Differs, 85, "reversed"}
	partOfLast      = finding{Differs, 75, "part_of_last"}
	otherLast       = finding{Differs, 0, "other_last"}
	onlyInitial     = finding{Differs, 78, "only_initial"}
	nickname        = finding{Differs, 82, "nickname"}
	otherFirst      = finding{Differs, 0, "other_first"}
	otherMiddle     = finding{Differs, 72, "other_middle"}
	noPerson        = finding{Differs, 0, "no_person"}

	// Businesses.
	sameForm     = finding{Equivalent, 98, "same_form"}
	formOnOne    = finding{Equivalent, 93, "form_on_one"}
	otherForm    = finding{Differs, 80, "other_form"}
	oneOfTwo     = finding{Differs, 86, "one_of_two"}
	otherTrade   = finding{Differs, 60, "other_trade"}
	otherCompany = finding{Differs, 0, "other_company"}

	// Streets and units.
	boxOrPlace     = finding{Differs, 5, "box_or_place"}
	otherBox       = finding{Differs, 30, "other_box"}
	otherHouse     = finding{Differs, 45, "other_house"}
	otherSuffix    = finding{Differs, 75, "other_suffix"}
	otherDirection = finding{Differs, 75, "other_direction"}
	lessDirection  = finding{Differs, 80, "less_direction"}
	lessSuffix     = finding{Differs, 80, "less_suffix"}
	lessStreet     = finding{Differs, 0, "less_street"}
	otherStreet    = finding{Differs, 0, "other_street"}
	unitOnOrder    = finding{Differs, 60, "unit_on_order"}
	unitOnRecord   = finding{Differs, 60, "unit_on_record"}
	otherUnitKind  = finding{Differs, 75, "other_unit_kind"}
	otherUnit      = finding{Differs, 30, "other_unit"}

	// Account numbers: fixed scores, for one that grew with each right
	// character would give the number away.
	accountSpaced  = finding{Equivalent, 98, "account_spaced"}
	accountMissing = finding{Differs, 0, "account_missing"}
	accountIsBTN   = finding{Differs, 20, "account_is_btn"}
	accountGrouped = finding{Differs, 85, "account_grouped"}
	accountZeros   = finding{Differs, 80, "account_zeros"}
	accountCase    = finding{Differs, 80, "account_case"}
	accountOther   = finding{Differs, 0, "account_other"}
)

// on puts the finding on a field.
func (f finding) on(field Field) Field {
	field.Verdict, field.Score, field.Reason = f.verdict, f.score, f.reason
	return field
}

// unlike gives a difference without a score of its own one by how alike the
// two values are, and says when a single letter parts them: then it is most
// likely a slip of a key.
func (f finding) unlike(a, b string) finding {
	const most, long = 75, 100 // the best score; letters that are looked at
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), long)], y[:min(len(y), long)]
	longer := max(len(x), len(y))
	if longer == 0 {
		return f
	}
	d := steps(x, y)
	if d == 1 && longer >= 5 {
		f.reason += "," + OneLetter
	}
	f.score = most * (longer - min(d, longer)) / longer
	return f
}

// steps counts the letters that have to be changed, added, left out or swapped
// with their neighbor to make b of a.
func steps(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i, x := range a {
		row[0] = i + 1
		for j, y := range b {
			change := last[j]
			if x != y {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
