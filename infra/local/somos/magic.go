package somos

import "strconv"

// Row tells what a number's last two digits make happen. Times are in steps (Options.Step), counted from the submit.
type Row struct {
	Digits string
	What   string
}

// Magic is the whole table, for people: the local stack shows it, and a test drives the real client through every row.
func Magic() []Row {
	rows := make([]Row, 0, len(table))
	for _, r := range table {
		rows = append(rows, Row{digits(r.from) + upTo(r), r.what})
	}
	return rows
}

func digits(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }

func upTo(r row) string {
	if r.from == r.to {
		return ""
	}
	return "-" + digits(r.to)
}

type row struct {
	from, to int
	what     string
	status   string // in the registry; WORKING where empty
	holder   string // the controlling RespOrg, where it is not the usual one
	// life is what becomes of a number that is asked for; nil where a submit is refused.
	life func(history) []moment
	// help is what the help desk makes of it; it approves where nil.
	help []moment
	// trouble: every call about the number is deferred, or the first ones find the registry down.
	deferred, down bool
}

// history is what was asked for the number before.
type history struct {
	requests int  // submits before this one
	sameLOA  bool // as with the first of them
}

// moment is a state that begins so many steps after the submit.
type moment struct {
	after  int
	status string
	codes  []string
	note   string
}

var table = []row{
	{from: 1, to: 39, what: "approved, then PORTED", life: approved},
	{from: 40, to: 40, what: "declined 02 (address)", life: declined("service address differs", "02")},
	{from: 41, to: 41, what: "declined 01 and 05 (name, signature date)", life: declined("name and date of the letter", "01", "05")},
	{from: 42, to: 42, what: "no answer: OVERDUE, then EXPIRED", life: silent},
	{from: 43, to: 43, what: "DUE_DATE_APPROVAL, then PORTED", life: always(
		moment{1, "DUE_DATE_APPROVAL", nil, ""}, moment{2, "PORT_PROCESSING", nil, ""}, moment{3, "PORTED", nil, ""})},
	{from: 44, to: 44, what: "approved, then PORT_FAILED", life: always(
		moment{1, "PORT_PROCESSING", nil, ""}, moment{2, "PORT_FAILED", nil, "record locked by another user"})},
	{from: 45, to: 45, what: "INVALID 18 on the first request, fine on the second", life: first(
		moment{1, "INVALID", []string{"18"}, "no longer controlled by this RespOrg"})},
	{from: 46, to: 46, what: "SPARE: not portable", status: "SPARE"},
	{from: 47, to: 47, what: "UNAVAILABLE: not portable", status: "UNAVAILABLE"},
	{from: 48, to: 48, what: "TRANSITIONAL: not portable by request", status: "TRANSITIONAL"},
	{from: 49, to: 49, what: "held by the port-restricted RespOrg BRCUD: not portable", holder: "BRCUD"},
	{from: 50, to: 50, what: "no answer; after escalation (HDI) the help desk approves", life: silent},
	{from: 51, to: 51, what: "no answer; after escalation (HDI) the help desk declines 23", life: silent,
		help: []moment{{0, "HDR", nil, ""}, {1, "DECLINED", []string{"23"}, "rejected by the help desk"}}},
	{from: 52, to: 52, what: "declined 05 until a new request comes with another LOA", life: wantsLOA},
	{from: 53, to: 53, what: "every call about it answers reqId twice first; approved", life: approved, deferred: true},
	{from: 54, to: 54, what: "the registry is down (HTTP 503) for the first 3 calls about it; then approved", life: approved, down: true},
	{from: 55, to: 55, what: "declined 02 on the first request, approved on the second", life: first(
		moment{1, "DECLINED", []string{"02"}, "service address differs"})},
	{from: 56, to: 99, what: "as 01", life: approved},
	{from: 0, to: 0, what: "as 01", life: approved},
}

// downCalls is how many calls about such a number find the registry down.
const downCalls = 3

func rowOf(num string) row {
	n, err := strconv.Atoi(num[max(0, len(num)-2):])
	for _, r := range table {
		if err == nil && r.from <= n && n <= r.to {
			return r
		}
	}
	return table[0]
}

func approved(history) []moment {
	return []moment{{1, "PORT_PROCESSING", nil, ""}, {2, "PORTED", nil, ""}}
}

func silent(history) []moment {
	return []moment{{2, "OVERDUE", nil, ""}, {10, "EXPIRED", nil, ""}}
}

func always(life ...moment) func(history) []moment {
	return func(history) []moment { return life }
}

func declined(note string, codes ...string) func(history) []moment {
	return always(moment{1, "DECLINED", codes, note})
}

// first happens to the first request; later ones are approved.
func first(life ...moment) func(history) []moment {
	return func(h history) []moment {
		if h.requests == 0 {
			return life
		}
		return approved(h)
	}
}

func wantsLOA(h history) []moment {
	if h.requests == 0 || h.sameLOA {
		return []moment{{1, "DECLINED", []string{"05"}, "date too old"}}
	}
	return approved(h)
}

// helped is what the help desk does with an escalated number.
func (r row) helped() []moment {
	if r.help != nil {
		return r.help
	}
	return []moment{{0, "HDR", nil, ""}, {1, "PORT_PROCESSING", nil, ""}, {2, "PORTED", nil, ""}}
}
