package somos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rickar/cal/v2"

	"portway/internal/bizday"
)

// desk is a signed-in submitter in front of a registry whose clock it moves.
type desk struct {
	*Server
	t     *testing.T
	token string
	mu    sync.Mutex
	now   time.Time
}

func newDesk(t *testing.T, change ...func(*Options)) *desk {
	d := &desk{t: t, now: time.Date(2030, 3, 7, 15, 2, 0, 0, time.UTC)} // a Thursday
	o := Options{User: "U", Password: "P", RespOrg: "ZZPW1", Step: time.Hour, Now: d.clock, TokenLife: 100 * time.Hour,
		RefreshLife: 200 * time.Hour}
	for _, f := range change {
		f(&o)
	}
	d.Server = New(o)
	d.signIn("")
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) signIn(override string) map[string]any { return d.signInAs("U", override) }

func (d *desk) signInAs(user, override string) map[string]any {
	_, got := d.do("POST", "/v3/ip/sec/session/open", `{"usrName":"`+user+`","password":"P","sessOverrideKey":"`+override+
		`"}`)
	if token, ok := got["oauthToken"].(string); ok {
		d.token = token
	}
	return got
}

func (d *desk) do(method, path, body string, header ...string) (int, map[string]any) {
	d.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+d.token)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		d.t.Fatalf("%s %s: %s", method, path, w.Body)
	}
	return w.Code, got
}

func (d *desk) upload(op, name, content string) map[string]any {
	d.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		d.t.Fatal(err)
	}
	fmt.Fprint(part, content)
	w.Close()
	_, got := d.do("POST", "/v3/ip/roc/"+op, form.String(), "Content-Type", w.FormDataContentType())
	return got
}

func (d *desk) submit(fields string) map[string]any {
	d.t.Helper()
	loa := d.upload("uploadLOA", "loa-1.pdf", "%PDF-1.4")["loaID"]
	_, got := d.do("POST", "/v3/ip/roc/submit", fmt.Sprintf(
		`{"newRespOrgID":"ZZPW1","requestType":"EMERGENCY","contactInformation":"USE_MY_INFO","loaId":%q,"notes":"PW1/0",%s}`,
		loa, fields))
	return got
}

func code(got map[string]any) string {
	list, _ := got["errList"].([]any)
	if len(list) == 0 {
		return ""
	}
	return list[0].(map[string]any)["errCode"].(string)
}

// states are the numbers' states, in order.
func (d *desk) states(txn any) string {
	d.t.Helper()
	_, got := d.do("GET", "/v3/ip/roc/retrieve/txnid/"+txn.(string), "")
	var all []string
	numbers, ok := got["numList"].([]any)
	if !ok {
		d.t.Fatal(got)
	}
	for _, n := range numbers {
		all = append(all, n.(map[string]any)["status"].(string))
	}
	return strings.Join(all, " ")
}

func TestSession(t *testing.T) {
	d := newDesk(t)
	first := d.token
	taken := d.signIn("")
	if code(taken) != "701003" || taken["sessOverrideKey"] == nil {
		t.Fatalf("a second sign-in: %v", taken)
	}
	d.Advance(2 * time.Minute)
	if got := d.signIn(taken["sessOverrideKey"].(string)); code(got) != "PW0802" {
		t.Errorf("a lapsed override key: %v", got)
	}
	got := d.signIn(d.signIn("")["sessOverrideKey"].(string))
	if d.token == first {
		t.Fatalf("take-over: %v", got)
	}
	if status, _ := d.do("PUT", "/v3/ip/num/tfn/query", `{"numList":["8005550101"]}`, "Authorization", "Bearer "+
		first); status != 401 {
		t.Errorf("the old token: %d", status)
	}
	if status, _ := d.do("PUT", "/v3/ip/num/tfn/query", `{"numList":["8005550101"]}`); status != 200 {
		t.Errorf("the new token: %d", status)
	}
	if _, got := d.do("PUT", "/v3/ip/sec/session/close", fmt.Sprintf(`{"clientKey":%q,"clientSecret":%q}`,
		got["clientKey"], got["clientSecret"])); got["status"] != "success" {
		t.Errorf("close: %v", got)
	}
	if got := d.signIn(""); got["oauthToken"] == nil {
		t.Errorf("after close: %v", got)
	}
}

func TestSubmitRefused(t *testing.T) {
	d := newDesk(t, func(o *Options) { o.Holders = map[string]string{"8005550120": "QQ099", "8005550121": "ZZPW2"} })
	d.submit(`"numList":["8005550110"]`)
	for fields, want := range map[string]string{
		`"numList":[]`:                                          "805102",
		`"numList":["800-555-0101"]`:                            "805102",
		`"numList":["8005550101","8005550101"]`:                 "PW0907",
		`"numList":["8005550110"]`:                              "PW0907", // under way
		`"numList":["8005550146"]`:                              "PW0903",
		`"numList":["8005550149"]`:                              "PW0903",
		`"numList":["8005550120"]`:                              "PW0903",
		`"numList":["8005550121"]`:                              "PW0903",
		`"numList":["8005550101"],"newRespOrgID":"QQ001"`:       "PW0904",
		`"numList":["8005550101"],"loaId":""`:                   "PW0902",
		`"numList":["8005550101"],"notes":"<b>"`:                "805102",
		`"numList":["8005550101"],"requestType":"NORMAL"`:       "805102",
		`"numList":["8005550101"],"contactInformation":"OTHER"`: "805102",
		`"numList":["8005550101"],"requestType":"FUTURE"`:       "805102",
	} {
		if got := d.submit(fields); code(got) != want {
			t.Errorf("%s: %v, want %s", fields, got, want)
		}
	}
	if all := d.Transactions(); len(all.Transactions) != 1 || all.Submits["PW1/0"] != 1 {
		t.Errorf("%+v", all)
	}
}

func TestFutureDelaysTheAsking(t *testing.T) {
	d := newDesk(t)
	txn := d.submit(`"numList":["8005550101"],"requestType":"FUTURE","effectiveDate":"2030-03-07T20:02:00Z"`)["txnID"]
	var told []string
	for range 8 {
		told = append(told, d.states(txn))
		d.Advance(time.Hour)
	}
	if got := strings.Join(told, " "); got != "WAITING WAITING WAITING WAITING WAITING PENDING PORT_PROCESSING PORTED" {
		t.Error(got)
	}
}

// closed is the registry's calendar with one more holiday.
func closed(t *testing.T, month time.Month, day int) *bizday.Calendar {
	t.Helper()
	holiday := &cal.Holiday{Month: month, Day: day, Func: cal.CalcDayOfMonth}
	days, err := bizday.New(bizday.Rules{
		Weekend: []time.Weekday{time.Saturday, time.Sunday}, Holidays: []*cal.Holiday{holiday},
	}, "America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	return days
}

// The registry's clocks count its business days from the hour at which a request was handed over.
func TestClocks(t *testing.T) {
	const form = "2006-01-02T15:04"
	for _, c := range []struct {
		name    string
		handed  string // in Central Time
		fields  string
		due     string
		overdue string
		expires string
		change  func(*Options)
	}{
		{name: "on a Monday", handed: "2030-03-04T09:02", due: "2030-03-06", overdue: "2030-03-06T09:02",
			expires: "2030-03-18T09:02"},
		{name: "over a weekend, and a change of clocks", handed: "2030-03-07T09:02", due: "2030-03-11",
			overdue: "2030-03-11T09:02", expires: "2030-03-21T09:02"},
		{name: "on a Sunday", handed: "2030-03-17T09:02", due: "2030-03-19", overdue: "2030-03-19T09:02",
			expires: "2030-03-29T09:02"},
		{name: "late on a Friday in Chicago, Saturday in London", handed: "2030-03-15T23:30", due: "2030-03-19",
			overdue: "2030-03-19T23:30", expires: "2030-03-29T23:30"},
		{name: "over Christmas and New Year", handed: "2030-12-24T09:02", due: "2030-12-27", overdue: "2030-12-27T09:02",
			expires: "2031-01-09T09:02"},
		{name: "over a holiday of the calendar's", handed: "2030-03-15T09:02", due: "2030-03-20", overdue: "2030-03-20T09:02",
			expires: "2030-04-01T09:02", change: func(o *Options) { o.Calendar = closed(t, time.March, 18) }},
		{name: "handed over later than submitted", handed: "2030-03-04T09:02",
			fields: `,"requestType":"FUTURE","effectiveDate":"2030-03-08T20:00:00Z"`, due: "2030-03-12",
			overdue: "2030-03-12T14:00", expires: "2030-03-22T14:00"},
		{name: "faster time", handed: "2030-03-09T09:02", due: "2030-03-09T16:32:00Z", overdue: "2030-03-09T10:32",
			expires: "2030-03-09T16:32", change: func(o *Options) { o.Due = 90 * time.Minute }},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := c.change
			if change == nil {
				change = func(*Options) {}
			}
			d := newDesk(t, change, func(o *Options) { o.Open = true })
			central := registryDays.Location()
			at := func(s string) time.Time {
				when, err := time.ParseInLocation(form, s, central)
				if err != nil {
					t.Fatal(err)
				}
				return when
			}
			d.now = at(c.handed)
			txn := d.submit(`"numList":["8005550142"]` + c.fields)["txnID"]
			if due := d.Transactions().Transactions[0].Due; due != c.due {
				t.Errorf("due %s, want %s", due, c.due)
			}
			for _, look := range []struct {
				at   time.Time
				want string
			}{
				{at(c.overdue).Add(-time.Second), "PENDING"}, {at(c.overdue), "OVERDUE"},
				{at(c.expires).Add(-time.Second), "OVERDUE"}, {at(c.expires), "EXPIRED"},
			} {
				d.now = look.at
				if got := d.states(txn); got != look.want {
					t.Errorf("%s: %s, want %s", look.at.In(central).Format(form), got, look.want)
				}
			}
		})
	}
}

// A RespOrg that takes longer than the registry's clocks meets them.
func TestClocksRunBesideTheRespOrg(t *testing.T) {
	for _, c := range []struct{ digits, want string }{
		{"01", "PENDING OVERDUE OVERDUE PORT_PROCESSING PORT_PROCESSING PORT_PROCESSING PORTED"},
		{"40", "PENDING OVERDUE OVERDUE DECLINED DECLINED DECLINED DECLINED"},
		{"43", "PENDING OVERDUE OVERDUE PORT_PROCESSING PORTED PORTED PORTED"}, // approved after its due date
	} {
		t.Run(c.digits, func(t *testing.T) {
			d := newDesk(t, func(o *Options) { o.Step, o.Open = 5*24*time.Hour, true })
			d.now = time.Date(2030, 3, 4, 15, 2, 0, 0, time.UTC) // a Monday
			txn := d.submit(`"numList":["80055501` + c.digits + `"]`)["txnID"]
			var told []string
			for _, day := range []int{1, 2, 4, 5, 7, 9, 10} {
				d.now = time.Date(2030, 3, 4+day, 15, 2, 0, 0, time.UTC)
				told = append(told, d.states(txn))
			}
			if got := strings.Join(told, " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestTakingBack(t *testing.T) {
	d := newDesk(t)
	txn := d.submit(`"numList":["8005550101","8005550142","8005550143"]`)["txnID"]
	id := fmt.Sprintf(`"txnID":%q`, txn)
	if _, got := d.do("PUT", "/v3/ip/roc/removeTfn", `{`+id+`,"numList":["8005550101"]}`); got["recVersionId"] == nil {
		t.Errorf("remove: %v", got)
	}
	if _, got := d.do("PUT", "/v3/ip/roc/removeTfn", `{`+id+`,"numList":["8005550101"]}`); code(got) != "PW0906" {
		t.Errorf("remove again: %v", got)
	}
	if got := d.states(txn); got != "DECLINED PENDING PENDING" {
		t.Error(got)
	}
	d.Advance(time.Hour)
	if _, got := d.do("PUT", "/v3/ip/roc/cancel", `{`+id+`}`); code(got) != "" {
		t.Errorf("cancel: %v", got)
	}
	d.Advance(20 * time.Hour)
	if got := d.states(txn); got != "DECLINED DECLINED DECLINED" {
		t.Error(got)
	}
	if _, got := d.do("PUT", "/v3/ip/roc/cancel", `{`+id+`}`); code(got) != "PW0906" {
		t.Errorf("cancel again: %v", got)
	}
	if _, got := d.do("PUT", "/v3/ip/roc/cancel", `{"txnID":"x"}`); code(got) != "PW0901" {
		t.Errorf("cancel of nothing: %v", got)
	}
}

func TestDocuments(t *testing.T) {
	d := newDesk(t)
	t.Run("TIFF comes back as PDF", func(t *testing.T) {
		id := d.upload("uploadLOA", "loa-2.tif", "II*\x00picture")["loaID"]
		if _, got := d.do("GET", "/v3/ip/roc/retrieveDocument?loaID="+id.(string), ""); got["fileName"] != "loa-2.pdf" ||
			got["mimeType"] != "application/pdf" {
			t.Error(got)
		}
	})
	t.Run("refused by kind, name and size", func(t *testing.T) {
		for name, content := range map[string]string{
			"loa.pdf": "<html>", "l o a.pdf": "%PDF-", "loa.exe": "%PDF-", "big.pdf": "%PDF-" + strings.Repeat("x", 2<<20),
		} {
			if got := d.upload("uploadLOA", name, content); code(got) != "PW0905" {
				t.Errorf("%s: %v", name, got)
			}
		}
	})
	t.Run("added while every number is pending, overdue or taken back", func(t *testing.T) {
		txn := d.submit(`"numList":["8005550101","8005550142"]`)["txnID"]
		body := fmt.Sprintf(`{"txnID":%q,"additionalDocuments":[{"fileId":%q}]}`, txn,
			d.upload("uploadFile", "bill.pdf", "%PDF-1.4")["fileId"])
		if _, got := d.do("POST", "/v3/ip/roc/uploadDoc", body); got["docId"] == nil {
			t.Error(got)
		}
		d.Advance(time.Hour)
		if _, got := d.do("POST", "/v3/ip/roc/uploadDoc", body); code(got) != "PW0906" {
			t.Error(got)
		}
	})
	t.Run("generated", func(t *testing.T) {
		if _, got := d.do("POST", "/v3/ip/roc/generateLoa", `{"numList":["8005550101"],"custName":"Robin `+
			`Sample"}`); got["mimeType"] != "application/pdf" {
			t.Error(got)
		}
	})
}

func TestSearch(t *testing.T) {
	d := newDesk(t)
	d.submit(`"numList":["8005550101","8005550141"]`)
	d.Advance(time.Hour)
	for filter, want := range map[string]int{
		``: 2, `,"num":"8005550141"`: 1, `,"status":"DECLINED"`: 1, `,"rejectReasonCode":"05"`: 1,
		`,"rejectReasonCode":"02"`: 0,
		`,"progress":"CLOSED"`:     0, `,"progress":"OPEN"`: 2, `,"num":"8005550109"`: 0,
		`,"startDate":"2030-03-08T00:00:00Z"`: 0,
		`,"rocType":"INCOMING"`:               0, `,"entityOrRespOrg":"ZZPW1"`: 2,
	} {
		body := `{"rocType":"OUTGOING","entityOrRespOrg":"ZZ","startDate":"2030-03-01T00:00:00Z",` +
			`"endDate":"2030-03-31T23:59:59Z"` + filter + `}`
		_, rows := d.do("POST", "/v3/ip/roc/search", body)
		if got := len(rows["resultList"].([]any)); got != want {
			t.Errorf("%s: %d rows, want %d", filter, got, want)
		}
		_, txns := d.do("POST", "/v3/ip/roc/searchTxn", body)
		if got := len(txns["transactionList"].([]any)); got != min(want, 1) {
			t.Errorf("%s: %d transactions", filter, got)
		}
	}
	if _, got := d.do("POST", "/v3/ip/roc/search", `{"rocType":"OUTGOING"}`); code(got) != "805102" {
		t.Error(got)
	}
}

func TestDeferral(t *testing.T) {
	d := newDesk(t)
	status, got := d.do("PUT", "/v3/ip/num/tfn/query", `{"numList":["8005550101"]}`, "X-Sim-Defer", "1")
	id, _ := got["reqId"].(string)
	if status != 202 || id == "" {
		t.Fatalf("%d %v", status, got)
	}
	if status, _ := d.do("GET", "/v3/ip/roc/submit?reqId="+id, ""); status != 404 {
		t.Errorf("on another path: %d", status)
	}
	if _, got := d.do("GET", "/v3/ip/num/tfn/query?reqId="+id, ""); got["reqId"] != id {
		t.Errorf("first poll: %v", got)
	}
	if _, got := d.do("GET", "/v3/ip/num/tfn/query?reqId="+id, ""); got["queryResult"] == nil {
		t.Errorf("second poll: %v", got)
	}
}

func TestHooksLoseARequest(t *testing.T) {
	for _, c := range []struct {
		name    string
		set     func(*Options, func(*http.Request) bool)
		submits int
	}{
		{"before its effect", func(o *Options, f func(*http.Request) bool) { o.Before = f }, 0},
		{"after its effect", func(o *Options, f func(*http.Request) bool) { o.After = f }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, func(o *Options) {
				c.set(o, func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/submit") })
			})
			func() {
				defer func() {
					if recover() != http.ErrAbortHandler {
						t.Error("the connection did not break")
					}
				}()
				d.submit(`"numList":["8005550101"]`)
			}()
			if n := d.Transactions().Submits["PW1/0"]; n != c.submits {
				t.Errorf("%d submits", n)
			}
		})
	}
}

func TestControl(t *testing.T) {
	d := newDesk(t)
	d.token = ""
	for body, want := range map[string]int{``: 200, `{"steps":2}`: 200, `{"by":"90m"}`: 200, `{"by":"soon"}`: 400,
		`{"by":"-1h"}`: 400, `x`: 400} {
		if status, got := d.do("POST", "/_sim/advance", body); status != want {
			t.Errorf("%s: %d %v", body, status, got)
		}
	}
	if now := d.opts.Now().Add(d.skew); now != d.now.Add(4*time.Hour+30*time.Minute) {
		t.Error(now)
	}
	if _, got := d.do("GET", "/_sim/transactions", ""); got["submits"] == nil || got["transactions"] == nil {
		t.Error(got)
	}
	if status, _ := d.do("GET", "/_sim/nothing", ""); status != 404 {
		t.Error(status)
	}
}

// TestLosingSide: the controlling RespOrg answers by hand what it has checked out, and only what is its own.
func TestLosingSide(t *testing.T) {
	d := newDesk(t, func(o *Options) {
		o.LosingUser, o.LosingPassword = "L", "P"
		o.Holders = map[string]string{"8005550150": "RR001"}
	})
	txn := d.submit(`"numList":["8005550142","8005559302","8005550150"]`)["txnID"]
	id := fmt.Sprintf(`"txnID":%q`, txn)
	ours := d.token
	d.signInAs("L", "")
	call := func(op, fields string) string {
		t.Helper()
		_, got := d.do("PUT", "/v3/ip/roc/"+op, `{`+id+fields+`}`)
		return code(got)
	}
	for _, c := range []struct{ what, op, fields, want string }{
		{"answered before it is checked out", "processRoc", `,"numActionList":[{"num":"8005550142","action":"00"}]`,
			"PW0906"},
		{"checked in before it is out", "checkin", ``, "PW0906"},
		{"checked out", "checkout", ``, ""},
		{"checked out twice", "checkout", ``, "PW0906"},
		{"nothing answered", "processRoc", `,"numActionList":[]`, "PW0906"},
		{"a number of another holder", "processRoc", `,"numActionList":[{"num":"8005550142","action":"00"},` +
			`{"num":"8005550150","action":"00"}]`, "PW0906"},
		{"a code that only the registry gives", "processRoc", `,"numActionList":[{"num":"8005550142","action":"19"}]`,
			"805102"},
		{"answered", "processRoc", `,"numActionList":[{"num":"8005550142","action":"00"},{"num":"8005559302","action":"02,` +
			`05"}]`, ""},
		{"answered twice", "processRoc", `,"numActionList":[{"num":"8005550142","action":"00"}]`, "PW0906"},
		{"cancelled by the other side", "cancel", ``, "PW0901"},
		{"checked in", "checkin", ``, ""},
	} {
		if got := call(c.op, c.fields); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	_, found := d.do("POST", "/v3/ip/roc/searchTxn", `{"rocType":"INCOMING","entityOrRespOrg":"QQ",`+
		`"startDate":"2030-03-01T00:00:00Z","endDate":"2030-03-31T23:59:59Z"}`)
	if rows := found["transactionList"].([]any); len(rows) != 1 ||
		rows[0].(map[string]any)["isRequestCheckedOut"] != "NO" {
		t.Errorf("%v", rows)
	}
	if d.token == ours || d.Transactions().Takeovers != 0 {
		t.Error("one login signs the other out")
	}
	d.token = ours
	if got := call("checkout", ""); got != "PW0901" {
		t.Errorf("checked out by its submitter: %s", got)
	}
	if got := d.states(txn); got != "PORT_PROCESSING DECLINED PENDING" {
		t.Error(got)
	}
	d.Advance(time.Hour)
	if got := d.states(txn); got != "PORTED DECLINED PENDING" {
		t.Error(got)
	}
}

func TestDueDateApprovalByHand(t *testing.T) {
	d := newDesk(t, func(o *Options) { o.LosingUser, o.LosingPassword = "L", "P" })
	txn := d.submit(`"numList":["8005550142"]`)["txnID"]
	d.signInAs("L", "")
	id := fmt.Sprintf(`"txnID":%q`, txn)
	d.do("PUT", "/v3/ip/roc/checkout", `{`+id+`}`)
	_, got := d.do("PUT", "/v3/ip/roc/processRoc", `{`+id+`,"numActionList":[{"num":"8005550142","action":"DD"}]}`)
	if rows, ok := got["resultList"].([]any); !ok || rows[0].(map[string]any)["status"] != "DUE_DATE_APPROVAL" {
		t.Fatal(got)
	}
	// Undone: it may still be declined.
	d.do("PUT", "/v3/ip/roc/processRoc", `{`+id+`,"numActionList":[{"num":"8005550142","action":"12"}]}`)
	d.Advance(5 * time.Hour)
	if got := d.states(txn); got != "DECLINED" {
		t.Error(got)
	}
}

// TestPush: each move is told once, by Run's own caller.
func TestPush(t *testing.T) {
	told := make(chan string, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- r.Method + " " + r.URL.Path + " " + string(body)
		w.WriteHeader(http.StatusServiceUnavailable) // which the registry does not mind
	}))
	defer srv.Close()
	d := newDesk(t, func(o *Options) { o.Push, o.Tick = srv.URL+"/v3/ext/uns/rch", time.Millisecond })
	d.submit(`"numList":["8005550101","8005550140"]`)
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	d.Advance(2 * time.Hour)
	want := `POST /v3/ext/uns/rch {"tfNum":"800-555-0101","respOrgId":"ZZPW1","oldRespOrgId":"QQ001",` +
		`"newRespOrgId":"ZZPW1","status":"WORKING"}`
	if got := <-told; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	end()
	<-ended
	d.Push(t.Context())
	if len(told) != 0 {
		t.Errorf("told again: %s", <-told)
	}
}

func TestNoPush(t *testing.T) {
	d := newDesk(t)
	d.submit(`"numList":["8005550101"]`)
	d.Advance(2 * time.Hour)
	d.Push(t.Context())
	if len(d.notices) != 0 {
		t.Error(d.notices)
	}
}

func TestTrouble(t *testing.T) {
	for digits, want := range map[string]string{
		"9201": "200 <html>", "9202": "200 {", "9203": "200 ", "9204": `200 ["ok"]`, "9205": "200 {", "9207": "429 {",
		"9208": "500 {", "9209": "502 {",
	} {
		d := newDesk(t, func(o *Options) { o.Slow = time.Nanosecond })
		for try := range 4 {
			r := httptest.NewRequest("PUT", "/v3/ip/num/tfn/query", strings.NewReader(`{"numList":["800555`+digits+`"]}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+d.token)
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			got := fmt.Sprint(w.Code, " ", w.Body)
			well := strings.HasPrefix(got, `200 {"queryResult":[{`) && json.Valid(w.Body.Bytes())
			if slow := digits == "9205"; !strings.HasPrefix(got, want) && try < 3 || well != (try == 3 || slow) {
				t.Errorf("%s, call %d: %s", digits, try+1, got)
			}
			if (w.Header().Get("Retry-After") != "") != (w.Code != 200) {
				t.Errorf("%s: Retry-After %q", digits, w.Header().Get("Retry-After"))
			}
		}
	}
}

// TestMagicCoversEveryNumber: each ending has exactly one row.
func TestMagicCoversEveryNumber(t *testing.T) {
	for n := range 100 {
		rows := 0
		for _, r := range table {
			if r.from <= n && n <= r.to {
				rows++
			}
		}
		if rows != 1 {
			t.Errorf("%02d has %d rows", n, rows)
		}
	}
}

// TestMagicOfLines: each line number has one row, and each decline code those of its own.
func TestMagicOfLines(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Magic() {
		if seen[r.Digits] {
			t.Errorf("%s has two rows", r.Digits)
		}
		seen[r.Digits] = true
	}
	for _, d := range Declines {
		if !seen["90"+d.Code] || !seen["91"+d.Code] || seen["93"+d.Code] != slices.Contains(choosable[:len(choosable)-1],
			d.Code) {
			t.Errorf("%s lacks a row, or has one too many", d.Code)
		}
	}
	if got := rowOf("8005559010").what; got != rowOf("8005550110").what {
		t.Errorf("a line that is none of these: %s", got)
	}
}

func TestRespOrgs(t *testing.T) {
	d := newDesk(t)
	for path, want := range map[string]string{"QQ001": "QQ", "num/8005550149": "BR", "num/8005550101": "QQ"} {
		if _, got := d.do("GET", "/v3/ip/org/resporg/"+path, ""); got["respOrgEntity"] != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	if _, got := d.do("POST", "/v3/ip/num/rch", `{"numList":["8005550101"],"ctrlRespOrgId":"ZZPW1"}`); code(
		got) != "505002" {
		t.Errorf("rch of a number of others: %v", got)
	}
	if _, got := d.do("GET", "/v3/ip/num/tfn/query/tfn/8005550147", ""); got["status"] != "UNAVAILABLE" ||
		got["ctrlRespOrgId"] != nil {
		t.Error(got)
	}
	if status, _ := d.do("GET", "/v3/ip/nothing", ""); status != 404 {
		t.Error(status)
	}
}
