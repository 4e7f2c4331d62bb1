package match

// A finding says why two values go together or not, and how near they are to each other.
type finding struct {
	verdict Verdict
	score   int
	reason  string
}

// These are all findings, each with its score: equivalent values have 90 to 99, different ones 0 to 89; a score of 0
// here stands for one that unlike works out of the two values. A high score on a difference says that both mean the
// same customer and only the record's wording is missing; it never makes them equal.
var (
	same      = finding{Equal, 100, ""}
	silence   = finding{Absent, 0, "the carrier's record is silent"}
	orderLess = finding{Differs, 0, "the order has no value, and the carrier's record has one"}

	// Any text.
	respelled = finding{Equivalent, 97, "the same, written differently"}
	other     = finding{Differs, 0, "not what the carrier's record says"}

	// People.
	samePunctuated  = finding{Equivalent, 98, "the same but for case, punctuation or a title"}
	sameWordsOnly   = finding{Equivalent, 98, "the same but for case and punctuation"}
	sameGeneration  = finding{Equivalent, 92, "the same; one side adds Jr., Sr. or a number"}
	sameMiddle      = finding{Equivalent, 93, "the same but for the middle name"}
	sameSpelledOut  = finding{Equivalent, 95, "the same; one side spells out a letter, such as ue for ü"}
	sameGivenJoined = finding{Equivalent, 92, "the same; the first name is one word or two"}
	cutShort        = finding{Differs, 88, "one name is the other cut short, as carriers' systems do at 25 " +
		"characters or so"}
	otherGeneration = finding{Differs, 70, "Jr., Sr. or the number behind the name differs"}
	otherTitle      = finding{Differs, 70, "Mr. and Mrs. or Miss are two people"}
	reversed        = finding{Differs, 85, "first and last name stand the other way round"}
	partOfLast      = finding{Differs, 75, "only a part of the last name is the same"}
	otherLast       = finding{Differs, 0, "the last name differs"}
	onlyInitial     = finding{Differs, 78, "only an initial is given for the first name"}
	nickname        = finding{Differs, 82, "the first names may be one name and its short form"}
	otherFirst      = finding{Differs, 0, "the first name differs"}
	otherMiddle     = finding{Differs, 72, "the middle name differs"}
	noPerson        = finding{Differs, 0, "not the same name, and not both a first and a last name"}

	// Businesses.
	sameForm     = finding{Equivalent, 98, "the same but for case, punctuation or a short form"}
	formOnOne    = finding{Equivalent, 93, "the same; one side leaves out the legal form"}
	otherForm    = finding{Differs, 80, "the legal form differs"}
	oneOfTwo     = finding{Differs, 86, "one side has a legal and a trade name, the other only one of them"}
	otherTrade   = finding{Differs, 60, "the business name or its trade name differs"}
	otherCompany = finding{Differs, 0, "the business name differs"}

	// Streets and units.
	boxOrPlace     = finding{Differs, 5, "one side is a post office box, the other a place"}
	otherBox       = finding{Differs, 30, "the number of the post office box differs"}
	otherHouse     = finding{Differs, 45, "the house number differs"}
	otherSuffix    = finding{Differs, 75, "the kind of street differs (street, avenue, road)"}
	otherDirection = finding{Differs, 75, "the compass direction differs"}
	lessDirection  = finding{Differs, 80, "one side leaves out the compass direction"}
	lessSuffix     = finding{Differs, 80, "one side leaves out the kind of street (street, avenue, road)"}
	lessStreet     = finding{Differs, 0, "a part of the street line is missing on one side"}
	otherStreet    = finding{Differs, 0, "the street differs"}
	unitOnOrder    = finding{Differs, 60, "the carrier's record has no suite, unit or floor"}
	unitOnRecord   = finding{Differs, 60, "the carrier's record has a suite, unit or floor, the order has none"}
	otherUnitKind  = finding{Differs, 75, "the number is the same, but not what it counts (suite, apartment, floor)"}
	otherUnit      = finding{Differs, 30, "another suite, unit or floor"}

	// Account numbers: fixed scores, for one that grew with each right
	// character would give the number away.
	accountSpaced  = finding{Equivalent, 98, "the same but for spaces or dashes"}
	accountMissing = finding{Differs, 0, "the order gives no account number"}
	accountIsBTN   = finding{Differs, 20, "the order gives the billing telephone number in place of the account number"}
	accountGrouped = finding{Differs, 85, "spaces or dashes stand at other places"}
	accountZeros   = finding{Differs, 80, "the leading zeros differ"}
	accountCase    = finding{Differs, 80, "capital and small letters differ"}
	accountOther   = finding{Differs, 0, "not the account number of the carrier's record"}
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
		f.reason += ", by one letter or digit"
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
