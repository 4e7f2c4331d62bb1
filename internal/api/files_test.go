package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

// papers gives the rejected order a letter that is kept, a bill that is accepted, one that failed and one that is
// pulled, which are its documents 1 to 4.
func papers(w *world) {
	add := func(d porting.Document) porting.Command { return porting.AddDocument{By: customer, Document: d} }
	for _, cmd := range []porting.Command{
		porting.SettleDocument{By: system, ID: "1", Digest: "d1", Size: 2000},
		add(porting.Document{Name: "may.pdf", Kind: porting.BillDocument, Dated: "2026-02-20"}),
		porting.SettleDocument{By: system, ID: "2", Digest: "d2", Size: 1000, Pages: 2},
		add(porting.Document{Name: "photo.pdf", Kind: porting.OtherDocument}),
		porting.SettleDocument{By: system, ID: "3", Why: porting.Say(porting.MsgFileNotPDF)},
		add(porting.Document{Name: "bill.pdf", Kind: porting.BillDocument, From: "https://example.com/bill.pdf?key=K1"}),
	} {
		if _, err := w.book.Do(context.Background(), porting.OrderID(w.ids["rejected"]), cmd); err != nil {
			w.t.Fatal(err)
		}
	}
}

func documents(n int, check func(*testing.T, porting.Document)) func(*testing.T, *world, events.APIGatewayProxyResponse) {
	return func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
		all := w.stored("pending").Documents
		if len(all) != n {
			t.Fatalf("%d documents, want %d", len(all), n)
		}
		if check != nil {
			check(t, all[n-1])
		}
	}
}

func TestUploadFile(t *testing.T) {
	const target = "POST /v2/portorders/{pending}/upload_file"
	run(t, []scenario{
		{name: "OK", request: target, body: `{"filename":"/fullpath/to/mybill.pdf"}`, status: 200,
			expect: []string{`"type":"portorder-file-url"`, `"id":"1"`, `"url":"https://bucket.example.com/incoming/a1/{pending}/1?put&size=0&for=15m0s"`,
				`"expires":"2026-03-02T15:15:00Z"`, `"headers":{"Content-Type":"application/pdf"}`, `"status":"pending"`, `"kind":"bill"`, `"file":"mybill.pdf"`,
				`"self":"https://api.example.com/v2/portorders/{pending}/files/1"`},
			after: documents(1, func(t *testing.T, d porting.Document) {
				if d.Name != "mybill.pdf" || d.Kind != porting.BillDocument || !d.Expires.Equal(now.Add(15*time.Minute)) {
					t.Errorf("%+v", d)
				}
			})},
		{name: "OKDescribed", request: target, body: `{"filename":"l.pdf","kind":"other","dated":"2026-03-01","size":4821}`, status: 200,
			expect: []string{`size=4821`, `"Content-Length":"4821"`, `"dated":"2026-03-01"`, `"kind":"other"`}},
		{name: "OKRejected", request: "POST /v2/portorders/{rejected}/upload_file", body: `{"filename":"b.pdf"}`, status: 200, expect: []string{`"id":"2"`}},
		{name: "DryRun", request: target + "?validate_only=true", body: `{"filename":"b.pdf"}`, status: 200,
			expect: []string{`"validated":true`, `"url":null`}, not: []string{`"id":`, `"links":`}, after: documents(0, nil)},
		{name: "AllFaultsAtOnce", request: target, body: `{"filename":"b.exe","kind":"selfie","dated":"2020-13-01","size":20971521,"note":1}`, status: 422,
			expect: []string{`"pointer":"/filename"`, `"pointer":"/kind"`, `"pointer":"/dated"`, `"pointer":"/size"`, `"pointer":"/note"`}, after: documents(0, nil)},
		{name: "ABillThatIsTooOld", request: target, body: `{"filename":"b.pdf","dated":"2026-01-30"}`, status: 422, expect: []string{"Add a bill that is at most 30 days old."}},
		{name: "NoName", request: target, body: `{}`, status: 422, expect: []string{`"code":"required"`}},
		{name: "WrongTypes", request: target, body: `{"filename":7,"size":"big"}`, status: 400, expect: []string{`"pointer":"/filename"`, `"pointer":"/size"`}},
		{name: "NoBytes", request: target, body: `{"filename":"b.pdf","size":0}`, status: 422, expect: []string{`"pointer":"/size"`}},
		{name: "NotNow", request: "POST /v2/portorders/{processing}/upload_file", body: `{"filename":"b.pdf"}`, status: 409, expect: []string{`"code":"wrong_status"`}},
		{name: "AnotherVersion", request: target, header: map[string]string{"If-Match": `"9"`}, body: `{"filename":"b.pdf"}`, status: 412, after: documents(0, nil)},
		{name: "AnotherAccounts", request: "POST /v2/portorders/{theirs}/upload_file", body: `{"filename":"b.pdf"}`, status: 404},
		{name: "TooMany", request: target, body: `{"filename":"b.pdf"}`, status: 422, expect: []string{`"code":"too_many"`}, before: func(w *world) {
			for range porting.MaxDocuments {
				cmd := porting.AddDocument{By: customer, Document: porting.Document{Name: "b.pdf", Kind: porting.BillDocument}}
				if _, err := w.book.Do(context.Background(), porting.OrderID(w.ids["pending"]), cmd); err != nil {
					w.t.Fatal(err)
				}
			}
		}},
	})
	t.Run("the same key makes one document", func(t *testing.T) {
		w := newWorld(t)
		w.five()
		in := w.request("POST", "/v2/portorders/{pending}/upload_file", `{"filename":"b.pdf"}`, map[string]string{"Idempotency-Key": "k1"})
		first, second := w.send(in), w.send(in)
		if first.Body != second.Body || second.Headers["Idempotency-Replayed"] != "true" || len(w.stored("pending").Documents) != 1 {
			t.Errorf("%s\n%s\n%d documents", first.Body, second.Body, len(w.stored("pending").Documents))
		}
	})
}

func TestPullFile(t *testing.T) {
	const target = "POST /v2/portorders/{pending}/files"
	run(t, []scenario{
		{name: "OK", request: target, body: `{"url":"https://example.com/a/carrier_bill.pdf?filename=my_carrier_bill.pdf"}`, status: 200,
			expect: []string{`"type":"portorder-file"`, `"id":"1"`, `"file":"my_carrier_bill.pdf"`, `"status":"pending"`,
				`"filename":"https://example.com/a/carrier_bill.pdf?filename=my_carrier_bill.pdf"`, `"original_url":"https://example.com/a/`},
			after: documents(1, func(t *testing.T, d porting.Document) {
				if d.From == "" || d.Name != "my_carrier_bill.pdf" || !d.Expires.IsZero() {
					t.Errorf("%+v", d)
				}
			})},
		{name: "DryRun", request: target + "?validate_only=true", body: `{"url":"https://example.com/b.pdf"}`, status: 200, expect: []string{`"validated":true`},
			not: []string{`"id":`}, after: documents(0, nil)},
		{name: "NoURL", request: target, body: `{}`, status: 422, expect: []string{`"pointer":"/url"`, `"code":"required"`}},
		{name: "NoWebURL", request: target, body: `{"url":"file:///etc/passwd","kind":"x"}`, status: 422, expect: []string{`"pointer":"/url"`, `"pointer":"/kind"`}},
		{name: "Credentials", request: target, body: `{"url":"https://me:pw@example.com/b.pdf"}`, status: 422, not: []string{"me:pw"}},
		{name: "WrongType", request: target, body: `{"url":["x"]}`, status: 400},
		{name: "NotNow", request: "POST /v2/portorders/{processing}/files", body: `{"url":"https://example.com/b.pdf"}`, status: 409},
		{name: "AnotherAccounts", request: "POST /v2/portorders/{theirs}/files", body: `{"url":"https://example.com/b.pdf"}`, status: 404},
	})
}

func TestFiles(t *testing.T) {
	run(t, []scenario{
		{name: "Complete", request: "GET /v2/portorders/{rejected}/files/2", before: papers, status: 200,
			expect: []string{`"type":"portorder-file-url"`, `"url":"https://bucket.example.com/kept/a1/{rejected}/d2?get&as=may.pdf&for=5m0s"`,
				`"expires":"2026-03-02T15:05:00Z"`, `"status":"complete"`, `"size":1000`, `"pages":2`, `"dated":"2026-02-20"`}},
		{name: "TheLetter", request: "GET /v2/portorders/{rejected}/files/1", before: papers, status: 200,
			expect: []string{`"kind":"loa"`, "/kept/a1/{rejected}/d1?get&as=letter-of-agency.pdf"}},
		{name: "Failed", request: "GET /v2/portorders/{rejected}/files/3", before: papers, status: 200,
			expect: []string{`"url":null`, `"status":"error"`, `"reason":"The file is no PDF, JPEG or PNG file. Upload the document as one of these."`}},
		{name: "Pulled", request: "GET /v2/portorders/{rejected}/files/4", before: papers, status: 200, expect: []string{`"url":null`, `"status":"pending"`}},
		{name: "List", request: "GET /v2/portorders/{rejected}/files", before: papers, status: 200,
			expect: []string{`"id":"1"`, `"id":"2"`, `"id":"3"`, `"id":"4"`, `"status":"complete"`}, not: []string{"bucket.example.com"}},
		{name: "ListOfNone", request: "GET /v2/portorders/{pending}/files", status: 200, expect: []string{`"data":[]`}},
		{name: "NoSuchFile", request: "GET /v2/portorders/{rejected}/files/9", before: papers, status: 404, expect: []string{`"code":"no_such_file"`}},
		{name: "OddFile", request: "GET /v2/portorders/{rejected}/files/..", before: papers, status: 404},
		{name: "AnotherAccounts", request: "GET /v2/portorders/{theirs}/files/1", status: 404, expect: []string{"No such port order"}},
		{name: "AnotherAccountsList", request: "GET /v2/portorders/{theirs}/files", status: 404},
		{name: "OnTheOrder", request: "GET /v2/portorders/{rejected}", before: papers, status: 200,
			expect: []string{`"business_documents":[{"type":"portorder-file","id":"1","attributes":{"filename":"letter-of-agency.pdf","status":"uploaded","kind":"loa"`,
				`"filename":"may.pdf","status":"uploaded"`, `"filename":"photo.pdf","status":"failed","kind":"other","dated":null,"reason":"The file is no PDF, JPEG or PNG file. Upload the document as one of these."`,
				`"filename":"bill.pdf","status":"pending"`}, not: []string{"key=K1"}},
	})
}

// Signing makes a business document (D-LOA), and an upload that never came has failed.
func TestDocumentsOfAnOrder(t *testing.T) {
	run(t, []scenario{
		{name: "TheLetterThatIsSigned", request: "POST /v2/portorders/{pending}/loa", body: `{"data":{"type":"loa","attributes":{"signature_name":"Jane Roe","signature_title":"Owner"}}}`,
			status: 201, expect: []string{`"business_documents":[{"type":"portorder-file","id":"1","attributes":{"filename":"letter-of-agency.pdf","status":"processing","kind":"loa"`}},
		{name: "NeverUploaded", request: "GET /v2/portorders/{pending}/files/1", status: 200, expect: []string{`"status":"error"`, "ask for another one"}, before: func(w *world) {
			cmd := porting.AddDocument{By: customer, Document: porting.Document{Name: "b.pdf", Kind: porting.BillDocument}}
			if _, err := w.book.At(now.Add(-time.Hour)).Do(context.Background(), porting.OrderID(w.ids["pending"]), cmd); err != nil {
				w.t.Fatal(err)
			}
		}},
		{name: "AtCreate", request: "POST /v2/portorders", status: 201,
			body:   attrs(minimal + `,"business_documents":["https://example.com/b.pdf",{"url":"https://example.com/c?key=K1","kind":"csr","dated":"2026-03-01"}]`),
			expect: []string{`"filename":"b.pdf","status":"pending","kind":"bill"`, `"filename":"c.pdf","status":"pending","kind":"csr","dated":"2026-03-01"`}, not: []string{"K1"}},
		{name: "AtCreateWithFaults", request: "POST /v2/portorders", status: 422,
			body:   attrs(minimal + `,"business_documents":["ftp://example.com/b.pdf",{"url":"https://example.com/c","kind":"selfie"},{"dated":"2026-03-01"}]`),
			expect: []string{`"pointer":"/data/attributes/business_documents/0"`, `"pointer":"/data/attributes/business_documents/1/kind"`, `"pointer":"/data/attributes/business_documents/2"`}},
		{name: "AtCreateOfAnotherType", request: "POST /v2/portorders", status: 400, body: attrs(minimal + `,"business_documents":[7]`)},
		{name: "TooManyAtCreate", request: "POST /v2/portorders", status: 422,
			body:   attrs(minimal + `,"business_documents":[` + strings.Repeat(`"https://example.com/b.pdf",`, 5) + `"https://example.com/b.pdf"]`),
			expect: []string{`"code":"too_many"`}},
		{name: "NotByPatch", request: "PATCH /v2/portorders/{pending}", status: 422, body: attrs(`"business_documents":[]`), expect: []string{`"code":"not_allowed"`}},
		{name: "TheFixOffersTheUpload", request: "GET /v2/portorders/{rejected}/explain", status: 200,
			expect: []string{`"papers":[{"action":"upload a document: recent bill","method":"POST","path":"/v2/portorders/{rejected}/upload_file","body":{"filename":"….pdf","kind":"bill"}}]`,
				`"action":"have a document pulled"`}},
	})
}
