package somos

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Row tells what a number's last digits make happen. A RespOrg answers after a step (Options.Step) and an approved
// number moves a step later; the registry's own clocks count business days.
type Row struct {
	Digits string
	What   string
}

// Magic is the whole table, for people: the local stack shows it, and a test drives the real client through every row.
// A row of four digits (the line number) comes before those of two. Of four digits, with CC a decline code:
//
//	90CC  declined CC, however often it is asked for
//	91CC  declined CC on the first request, approved on the second
//	92nn  the registry's answers come to grief
//	93CC  no answer in time, then declined CC; after a help desk request (HDI) approved
//	9402  declined 09 unless a document comes with the request
//	9403  held by a RespOrg that no longer exists
//	9401  a state that nobody has published
func Magic() []Row {
	var rows []Row
	for _, r := range table {
		d := fmt.Sprintf("%02d", r.from)
		if r.to != r.from {
			d += fmt.Sprintf("-%02d", r.to)
		}
		rows = append(rows, Row{d, r.what})
	}
	for _, r := range lines {
		rows = append(rows, Row{fmt.Sprintf("%04d", r.from), r.what})
	}
	return rows
}

type row struct {
	from, to int
	what     string
	status   string // in the registry; WORKING where empty
	holder   string // the controlling RespOrg, where it is not the usual one
	// life returns the states of a number that is asked for; nil if a submit is refused.
	life func(history) []moment
	// help has the states after an escalation; nil if the help desk approves.
	help     []moment
	byHand   bool    // the help desk hands the number over, as if somebody had asked it in the portal
	linked   bool    // approved once a document beside the LOA is with the request
	deferred bool    // every call about the number
	trouble  trouble // of the first calls about it
}

// trouble keeps an answer from coming through. With a status the call has no effect, else it has.
type trouble struct {
	status int
	garble garble
}

type garble int

const (
	noGarble garble = iota
	webPage
	cutShort
	noBody
	wrongShape
	slow
	broken
)

// garbled returns the function that spoils an answer on its way.
func (s *Server) garbled(how garble) func(http.ResponseWriter, *http.Request, []byte) []byte {
	return func(w http.ResponseWriter, r *http.Request, raw []byte) []byte {
		switch how {
		case webPage:
			w.Header().Set("Content-Type", "text/html")
			return []byte("<html><body>Request blocked. Reference 18.2f</body></html>")
		case cutShort:
			return raw[:len(raw)/2]
		case noBody:
			return nil
		case wrongShape:
			return []byte(`["ok"]`)
		case slow:
			t := time.NewTimer(s.opts.Slow)
			defer t.Stop()
			select {
			case <-t.C:
			case <-r.Context().Done():
			}
		case broken:
			panic(http.ErrAbortHandler)
		}
		return raw
	}
}

// history tells of the earlier requests for the number.
type history struct {
	requests int  // submits before this one
	sameLOA  bool // as with the first of them
}

var table = []row{
	{from: 1, to: 39, what: "approved, then PORTED", life: approved},
	{from: 40, to: 40, what: "declined 02 (address)", life: declined("service address differs", "02")},
	{from: 41, to: 41, what: "declined 01 and 05 (name, signature date)", life: declined("name and date of the LOA", "01",
		"05")},
	{from: 42, to: 42, what: "no answer: OVERDUE, then EXPIRED", life: silent},
	{from: 43, to: 43, what: "DUE_DATE_APPROVAL, then PORTED", life: always(
		after(1, "DUE_DATE_APPROVAL"), after(0, "PORT_PROCESSING").onDay(dueDays), after(1, "PORTED").onDay(dueDays))},
	{from: 44, to: 44, what: "approved, then PORT_FAILED", life: always(
		after(1, "PORT_PROCESSING"), after(2, "PORT_FAILED").noted("record locked by another user"))},
	{from: 45, to: 45, what: "INVALID 18 on the first request, fine on the second", life: first(
		after(1, "INVALID", "18").noted("no longer controlled by this RespOrg"))},
	{from: 46, to: 46, what: "SPARE: not portable", status: "SPARE"},
	{from: 47, to: 47, what: "UNAVAILABLE: not portable", status: "UNAVAILABLE"},
	{from: 48, to: 48, what: "TRANSITIONAL: not portable by request; the help desk hands it over two business days after the first " +
		"question about it", status: "TRANSITIONAL", byHand: true},
	{from: 49, to: 49, what: "held by the port-restricted RespOrg BRCUD: not portable", holder: "BRCUD"},
	{from: 50, to: 50, what: "no answer; after escalation (HDI) the help desk approves", life: silent},
	{from: 51, to: 51, what: "no answer; after escalation (HDI) the help desk declines 23", life: silent,
		help: []moment{after(0, "HDR"), after(0, "DECLINED", "23").onDay(helpDeskDays).noted("rejected by the help desk")}},
	{from: 52, to: 52, what: "declined 05 until a new request comes with another LOA", life: wantsLOA},
	{from: 53, to: 53, what: "every call about it answers reqId twice first; approved", life: approved, deferred: true},
	{from: 54, to: 54, what: "the registry is down (HTTP 503) for the first 3 calls about it; then approved",
		life: approved, trouble: trouble{status: http.StatusServiceUnavailable}},
	{from: 55, to: 55, what: "declined 02 on the first request, approved on the second", life: first(
		after(1, "DECLINED", "02").noted("service address differs"))},
	{from: 56, to: 56, what: "no answer to the first request: OVERDUE, then EXPIRED; the second is approved",
		life: first()},
	{from: 57, to: 99, what: "as 01", life: approved},
	{from: 0, to: 0, what: "as 01", life: approved},
}

// lines are the rows of whole line numbers.
var lines = func() []row {
	var rows []row
	for _, d := range Declines {
		status := "DECLINED"
		if d.Code >= "18" && d.Code <= "22" {
			status = "INVALID"
		}
		n, _ := strconv.Atoi(d.Code) // a literal
		refusal := after(1, status, d.Code).noted(d.Means)
		rows = append(rows,
			row{from: 9000 + n, what: status + " " + d.Code + " (" + d.Means + ")", life: always(refusal)},
			row{from: 9100 + n, what: status + " " + d.Code + " on the first request, approved on the second",
				life: first(refusal)})
		if n < 18 {
			rows = append(rows, row{from: 9300 + n, what: "OVERDUE, then declined " + d.Code + "; the help desk approves",
				life: always(
					after(1, "DECLINED", d.Code).onDay(dueDays).noted(d.Means))})
		}
	}
	rows = append(rows, row{from: 9403, what: "held by BRD01, a RespOrg that no longer exists; the help desk hands it over two " +
		"business days after the first question about it", holder: "BRD01", byHand: true})
	rows = append(rows, row{from: 9402, what: "declined 09 unless a document beside the LOA comes with the request", linked: true,
		life: declined("LOA that links reseller and subscriber missing", "09")})
	rows = append(rows, row{from: 9401, what: "a state that nobody has published, for ever", life: always(
		after(1, "ON_HOLD"))})
	for i, t := range []struct {
		what string
		trouble
	}{
		{"a web page under HTTP 200", trouble{garble: webPage}},
		{"half an answer", trouble{garble: cutShort}},
		{"an empty answer", trouble{garble: noBody}},
		{"JSON of another shape", trouble{garble: wrongShape}},
		{"a slow answer (Options.Slow)", trouble{garble: slow}},
		{"a connection that breaks before the answer", trouble{garble: broken}},
		{"HTTP 429", trouble{status: http.StatusTooManyRequests}},
		{"HTTP 500", trouble{status: http.StatusInternalServerError}},
		{"HTTP 502", trouble{status: http.StatusBadGateway}},
	} {
		effect := ", which has its effect"
		if t.status != 0 {
			effect = ""
		}
		rows = append(rows, row{from: 9201 + i, what: t.what + " to each of the first 3 calls about it" + effect +
			"; approved", life: approved, trouble: t.trouble})
	}
	return rows
}()

// Declines are the decline codes, but for those of our own doing (16, 17).
var Declines = []struct{ Code, Means string }{
	{"01", "customer name mismatch or missing"},
	{"02", "address mismatch or missing"},
	{"03", "signature missing"},
	{"04", "shared or bundled number"},
	{"05", "signature date missing or older than 30 days"},
	{"06", "sent to wrong RespOrg"},
	{"07", "number not listed"},
	{"08", "all data mismatch"},
	{"09", "LOA missing"},
	{"11", "illegible LOA"},
	{"12", "more recent LOA exists"},
	{"15", "unauthorised signer"},
	{"18", "RespOrg no longer controls"},
	{"19", "spare"},
	{"20", "unavailable"},
	{"21", "port-restricted RespOrg"},
	{"22", "already yours"},
	{"23", "rejected by the help desk"},
}

// downCalls is the number of calls about a number that run into its trouble.
const downCalls = 3

func rowOf(num string) row {
	line, err := strconv.Atoi(num[max(0, len(num)-4):])
	for _, r := range lines {
		if err == nil && r.from == line {
			return r
		}
	}
	n, err := strconv.Atoi(num[max(0, len(num)-2):])
	for _, r := range table {
		if err == nil && r.from <= n && n <= r.to {
			return r
		}
	}
	return table[0]
}

func approved(history) []moment {
	return []moment{after(1, "PORT_PROCESSING"), after(2, "PORTED")}
}

// silent is a RespOrg that does not answer: the registry's clocks alone run.
func silent(history) []moment { return nil }

func always(life ...moment) func(history) []moment {
	return func(history) []moment { return life }
}

func declined(note string, codes ...string) func(history) []moment {
	return always(after(1, "DECLINED", codes...).noted(note))
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
		return []moment{after(1, "DECLINED", "05").noted("date too old")}
	}
	return approved(h)
}

// helped returns the states of an escalated number.
func (r row) helped() []moment {
	if r.help != nil {
		return r.help
	}
	return []moment{
		after(0, "HDR"), after(0, "PORT_PROCESSING").onDay(helpDeskDays), after(1, "PORTED").onDay(helpDeskDays),
	}
}
