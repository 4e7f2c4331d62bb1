package bizday

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
)

// Named makes the calendar of a holiday set in an IANA zone: "npac", "house"
// (the default for US local ports), "federal", "somos" or "canada". Single
// days may follow the set, as carriers publish them: "federal, the day after
// Thanksgiving, Christmas Eve".
func Named(set, zone string) (*Calendar, error) {
	name, more, _ := strings.Cut(set, ",")
	for _, s := range sets {
		if s.name != name {
			continue
		}
		rules := s.rules
		rules.Holidays = slices.Clone(rules.Holidays)
		for one := range strings.SplitSeq(more, ",") {
			if one = strings.TrimSpace(one); one == "" {
				continue
			}
			h, ok := singles[strings.ToLower(strings.TrimPrefix(one, "the "))]
			if !ok {
				return nil, fmt.Errorf("bizday: no holiday %q", one)
			}
			rules.Holidays = append(rules.Holidays, h)
		}
		return New(rules, zone)
	}
	return nil, fmt.Errorf("bizday: no holiday set %q", set)
}

// singles are days on which some carriers' desks are closed beside the
// holidays of a set, by the names that carriers publish.
var singles = map[string]*cal.Holiday{
	"day after thanksgiving": afterThanksgiving,
	"christmas eve":          date("Christmas Eve", time.December, 24, nil),
	"new year's eve":         date("New Year's Eve", time.December, 31, nil),
}

// afterThanksgiving is always the fourth Friday of November or the one after
// it, never the Friday before the fourth Thursday.
var afterThanksgiving = &cal.Holiday{
	Name: "Day after Thanksgiving", Month: time.November, Weekday: time.Thursday, Offset: 4, CalcOffset: 1,
	Func: cal.CalcWeekdayOffset,
}

var saturdayAndSunday = []time.Weekday{time.Saturday, time.Sunday}

var sets = []struct {
	name  string
	rules Rules
}{
	// Local ports. Business days are Monday to Friday less the old provider's
	// holidays, and a simple port's request counts today from 08:00 to 13:00
	// local (47 CFR 52.35(a)). Where the old provider's own list is not known, the
	// six holidays of the NPAC (NANC provisioning flows) are the ones that
	// every carrier keeps.
	{"npac", Rules{saturdayAndSunday, npac, Clock{8, 0}, Clock{13, 0}}},

	// US carriers whose own list is not known: the NPAC's six, and the day after
	// Thanksgiving. That day is assumed; of carriers' lists that were read, the
	// one of Telnyx has it. A wrong guess costs a day, the other one a rejection.
	{"house", Rules{saturdayAndSunday, append(slices.Clone(npac), afterThanksgiving), Clock{8, 0}, Clock{13, 0}}},

	// Carriers that close on all federal holidays, most of all rural ones.
	{"federal", Rules{saturdayAndSunday, federal, Clock{8, 0}, Clock{13, 0}}},

	// The toll-free registry. Its help desk counts business days in Central
	// Time from Monday 06:00 to Saturday 00:00, "holidays by tariff" (FCC
	// Tariff No. 1, SMS/800 functions); a request of any hour counts that day.
	// The tariff's list has not been seen: the NPAC's six are assumed.
	{"somos", Rules{saturdayAndSunday, npac, Clock{0, 0}, Clock{24, 0}}},

	// Canadian carriers are federally regulated employers: the ten general
	// holidays of the Canada Labour Code, Part III, section 166. Provincial
	// days (Family Day, Saint-Jean-Baptiste, the Civic Holiday) are not among
	// them. The hours are assumed to be the US ones.
	{"canada", Rules{saturdayAndSunday, canada, Clock{8, 0}, Clock{13, 0}}},
}

// A US holiday on a Saturday is kept on Friday, one on a Sunday on Monday
// (5 U.S.C. 6103(b), Executive Order 11582). The NPAC's rule has not been
// seen; taking it to be the same costs at most a day, while a date on which
// the other side is closed costs a rejection (DUE_DATE_INVALID).
var nearest = []cal.AltDay{{Day: time.Saturday, Offset: -1}, {Day: time.Sunday, Offset: 1}}

// A Canadian holiday on a weekend is kept on Monday (Canada Labour Code,
// section 193, leaves Friday open too; the federal government keeps Monday).
var monday = []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 1}}

// Boxing Day makes room for Christmas Day before it.
var afterChristmas = []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 2},
	{Day: time.Monday, Offset: 1}}

// npac are the six that the whole industry keeps.
var npac = []*cal.Holiday{
	date("New Year's Day", time.January, 1, nearest),
	weekday("Memorial Day", time.May, time.Monday, -1),
	date("Independence Day", time.July, 4, nearest),
	weekday("Labor Day", time.September, time.Monday, 1),
	weekday("Thanksgiving Day", time.November, time.Thursday, 4),
	date("Christmas Day", time.December, 25, nearest),
}

// federal are the eleven of 5 U.S.C. 6103(a), by the statute's names.
var federal = []*cal.Holiday{
	date("New Year's Day", time.January, 1, nearest),
	weekday("Birthday of Martin Luther King, Jr.", time.January, time.Monday, 3),
	weekday("Washington's Birthday", time.February, time.Monday, 3), // Presidents' Day
	weekday("Memorial Day", time.May, time.Monday, -1),
	since(2021, date("Juneteenth National Independence Day", time.June, 19, nearest)), // Public Law 117-17
	date("Independence Day", time.July, 4, nearest),
	weekday("Labor Day", time.September, time.Monday, 1),
	weekday("Columbus Day", time.October, time.Monday, 2),
	date("Veterans Day", time.November, 11, nearest),
	weekday("Thanksgiving Day", time.November, time.Thursday, 4),
	date("Christmas Day", time.December, 25, nearest),
}

// canada are the ten general holidays of the Canada Labour Code, section 166.
var canada = []*cal.Holiday{
	date("New Year's Day", time.January, 1, monday),
	{Name: "Good Friday", Offset: -2, Func: cal.CalcEasterOffset},
	weekday("Victoria Day", time.May, time.Monday, -2), // the Monday before 25 May: always May's last Monday but one
	date("Canada Day", time.July, 1, monday),
	weekday("Labour Day", time.September, time.Monday, 1),
	since(2021, date("National Day for Truth and Reconciliation", time.September, 30, monday)), // S.C. 2021, c. 11
	weekday("Thanksgiving Day", time.October, time.Monday, 2),
	date("Remembrance Day", time.November, 11, monday),
	date("Christmas Day", time.December, 25, monday),
	date("Boxing Day", time.December, 26, afterChristmas),
}

// date is a holiday on a day of the month.
func date(name string, m time.Month, day int, observed []cal.AltDay) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: m, Day: day, Observed: observed, Func: cal.CalcDayOfMonth}
}

// weekday is a holiday on the nth such weekday of the month, from its end
// when n is negative.
func weekday(name string, m time.Month, day time.Weekday, n int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: m, Weekday: day, Offset: n, Func: cal.CalcWeekdayOffset}
}

func since(year int, h *cal.Holiday) *cal.Holiday {
	h.StartYear = year
	return h
}
