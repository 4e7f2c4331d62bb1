package api

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// sheetOf reads an answer as CSV: its rows by the names of their columns.
func sheetOf(t *testing.T, out events.APIGatewayProxyResponse) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out.Body)).ReadAll()
	if err != nil || out.StatusCode != 200 || !strings.HasPrefix(out.Headers["Content-Type"], "text/csv") {
		t.Fatalf("%d %v %.200s (%v)", out.StatusCode, out.Headers, out.Body, err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, name := range rows[0] {
			one[name] = row[i]
		}
		all = append(all, one)
	}
	return all
}

func TestSheetOfOrders(t *testing.T) {
	w := newWorld(t)
	w.five()
	if _, err := w.book.Do(t.Context(), porting.OrderID(w.ids["pending"]), porting.Edit{By: customer, To: porting.Details{Alias: "=HYPERLINK(1)"}, Fields: []string{"alias"}}); err != nil {
		t.Fatal(err)
	}
	rows := sheetOf(t, w.send(w.request("GET", "/v2/portorders?format=csv", "", nil)))
	if len(rows) != 5 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		switch row["id"] {
		case w.ids["pending"]:
			want := map[string]string{"alias": "'=HYPERLINK(1)", "status": "pending", "turn": "customer", "reason": "", "number_count": "2",
				"first_numbers": "2065550101 2065550102", "desired_completion_date": "2026-03-20", "completion_date": "", "next": "reminder", "port_fee": "0"}
			for name, value := range want {
				if row[name] != value {
					t.Errorf("%s is %q, want %q", name, row[name], value)
				}
			}
		case w.ids["rejected"]:
			if row["reason"] != "ZIP_MISMATCH" || row["turn"] != "customer" || row["carrier"] != "Acme Tel" {
				t.Errorf("the rejected order: %v", row)
			}
		}
	}
	var seen []string
	for target, pages := "/v2/portorders?format=csv&limit=2", 0; target != ""; pages++ {
		out := w.send(w.request("GET", target, "", nil))
		for _, row := range sheetOf(t, out) {
			seen = append(seen, row["id"])
		}
		target, _, _ = strings.Cut(strings.TrimPrefix(out.Headers["Link"], "<https://api.example.com"), ">")
		if pages > 3 {
			t.Fatal("the pages have no end")
		}
	}
	if slices.Sort(seen); len(slices.Compact(seen)) != 5 {
		t.Errorf("the pages have the orders %v", seen)
	}
}

// No program takes a cell for a formula, whatever a customer has written, and a sheet that is sent back means the same.
func TestCells(t *testing.T) {
	for _, text := range []string{"", "Head office", "=1+1", "+12065550101", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "'quoted", "it's"} {
		got := cell(text)
		if got != "" && strings.ContainsRune("=+-@\t\r\n＝", []rune(got)[0]) {
			t.Errorf("%q becomes %q", text, got)
		}
		if back := uncell(got); back != strings.TrimSpace(text) && text != "'quoted" && strings.TrimSpace(text) == text {
			t.Errorf("%q comes back as %q", text, back)
		}
	}
}

const sheetHead = "number,billing_name,street,city,state,zip,country,provider,usage_type,pin\n"

const sheetFirst = "(206) 555-0150,Jane Roe,1 Main St,Seattle,WA,98104,US,Acme Tel,residential,4321\n"

func TestOrdersOfASheet(t *testing.T) {
	const post = "POST /v2/portorders/sheet"
	asCSV := map[string]string{"Content-Type": "text/csv; charset=utf-8"}
	none := func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
		if o, err := w.store.List(t.Context(), mine, filterOf("+12065550150")); err != nil || len(o) != 0 {
			t.Errorf("%d orders were made (%v)", len(o), err)
		}
	}
	one := func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
		found, err := w.store.List(t.Context(), mine, filterOf("+12065550150"))
		if err != nil || len(found) != 1 {
			t.Fatalf("%d orders were made (%v)", len(found), err)
		}
		o, err := w.store.Load(t.Context(), found[0].ID)
		if err != nil || len(o.Numbers) != 2 || o.Details.BillingName != "Jane Roe" || o.Details.PIN.Reveal()+o.Details.PIN.Sealed() == "" {
			t.Errorf("the order has %d numbers of %q (%v)", len(o.Numbers), o.Details.BillingName, err)
		}
	}
	run(t, []scenario{
		{name: "Made", request: post, header: asCSV, body: sheetHead + sheetFirst + "2065550151\n", status: 201, after: one},
		{name: "RowsThatRepeatAndEmptyOnes", request: post, header: asCSV, body: sheetHead + sheetFirst + "\n,,,,,,,,,\n2065550151,Jane Roe,1 Main St,,,,,,,\n", status: 201, after: one},
		{name: "SemicolonsAndAByteOrderMark", request: post, header: asCSV, status: 201, after: one,
			body: "\ufeff" + strings.ReplaceAll(sheetHead+sheetFirst+"'+12065550151\n", ",", ";")},
		{name: "Nested", request: post, header: asCSV, status: 201, expect: []string{`"email":"jane@example.com"`, `"one_line":true`},
			body: strings.TrimSpace(sheetHead) + ",loa_details/email,one_line\n" + strings.TrimSpace(sheetFirst) + ",jane@example.com,yes\n"},
		{name: "ADryRun", request: post + "?validate_only=true", header: asCSV, body: sheetHead + sheetFirst, status: 200, expect: []string{`"validated":true`}, after: none},
		{name: "EveryFaultOfEveryRow", request: post, header: asCSV, status: 422, after: none,
			body: "number,billing_name,street,city,state,zip,country,provider,usage_type,color\n" + "(206) 555-0150,Jane Roe,1 Main St,Seattle,WA,98104,US,Acme Tel,residential,\n" +
				"555,,,,,,,,,\n(206) 555-0150,,,,,,,,,red\n2065550152,John Roe,,,,,,,,\n2065550109,,,,,,,,,\n",
			expect: []string{`"row":3,"column":"number"`, `"row":4,"column":"number"`, `"row":4,"column":"color"`, `"row":5,"column":"billing_name"`,
				"Give the same as in row 2", `"row":6,"column":"number"`, `"code":"not_portable"`, "Row 3, number: "},
			not: []string{`"pointer"`}},
		{name: "AttributesOnly", request: post, header: asCSV, body: "number\n2065550150\n", status: 422, after: none, expect: []string{`"row":1,"column":"billing_name"`}},
		{name: "NoNumberColumn", request: post, header: asCSV, body: "phone\n2065550150\n", status: 400, expect: []string{"no column named number"}},
		{name: "Empty", request: post, header: asCSV, body: "", status: 400, expect: []string{"The sheet is empty."}},
		{name: "BrokenQuote", request: post, header: asCSV, body: "number,alias\n2065550150,a\"b\n", status: 400, expect: []string{"line 2"}},
		{name: "NotCSV", request: post, body: "{}", status: 415},
		{name: "AColumnTwice", request: post, header: asCSV, body: "number,zip,zip\n2065550150,98104,98104\n", status: 422, expect: []string{`"row":1,"column":"zip"`, `"code":"duplicate"`}},
		{name: "TooManyRows", request: post, header: asCSV, body: "number\n" + strings.Repeat("2065550150\n", porting.MaxNumbers+1), status: 422,
			expect: []string{"at most 5000 numbers"}},
	})
}

// A sheet of the largest size with a fault in each row is answered with all of them, within the size of an answer.
func TestLargestSheet(t *testing.T) {
	var b strings.Builder
	b.WriteString(sheetHead + sheetFirst)
	for i := range porting.MaxNumbers - 1 {
		fmt.Fprintf(&b, "55%04d\n", i)
	}
	w := newWorld(t)
	began := time.Now()
	out := w.send(w.request("POST", "/v2/portorders/sheet", b.String(), map[string]string{"Content-Type": "text/csv"}))
	if faults := strings.Count(out.Body, `"row":`); out.StatusCode != 422 || faults < porting.MaxNumbers-1 || len(out.Body) > maxReply {
		t.Errorf("%d with %d faults in %d bytes", out.StatusCode, faults, len(out.Body))
	}
	t.Logf("%d bytes after %s", len(out.Body), time.Since(began))
}
