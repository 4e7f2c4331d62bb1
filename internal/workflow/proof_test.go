package workflow_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/api"
	"portway/internal/desk"
	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/webhook"
	"portway/internal/workflow/workflowtest"
)

// secretsOf are the values of the records of numbers 66 and 67 that no order has. None of them may be read by a customer
// who has not proven to hold the account.
var secretsOf = []string{"Zephyrine", "Quillfeather", "66-ZQ", "ZQ-01", "9195550166", "919) 555-0166", "4711", "MARZIPAN",
	"9Q", "QUAGMIRE", `"VT"`, "05999", "Bluebird", "68-01", "66ZQ"}

// hints are the words that say how a value differs.
var hints = []string{"zeros differ", "by one letter", "house number differs", "small letters differ",
	"for spaces or dashes", "name differs (", "kind of street", "unit or floor"}

// everythingRead returns all that a customer can read of the account's orders: every answer of the API, mails and webhooks.
func everythingRead(t *testing.T, w *workflowtest.World, id porting.OrderID) map[string]string {
	t.Helper()
	a := api.New(api.Config{Book: w.Book, Receipts: w.Memory, Accounts: w.Memory,
		Webhooks:    &webhook.Register{Store: w.Memory, Now: w.Now, Random: rand.Reader},
		Portability: w.Peers, Mails: w.Memory, BaseURL: "https://api.example.com"})
	call := func(method, path string) string {
		in := events.APIGatewayProxyRequest{HTTPMethod: method, Path: path}
		in.RequestContext.RequestID = "7fcfd1cd-9f1c-4b5a-8d3e-0a1b2c3d4e5f"
		in.RequestContext.Authorizer = map[string]any{"account": string(workflowtest.Account), "kind": "live",
			"key_id": account.KeyID(workflowtest.Account, "One12345")}
		out, err := a.Handle(t.Context(), in)
		if err != nil || out.StatusCode >= 500 {
			t.Fatalf("%s %s: %d %v %s", method, path, out.StatusCode, err, out.Body)
		}
		return out.Body
	}
	all := map[string]string{}
	one := "/v2/portorders/" + string(id)
	for _, path := range []string{one, one + "/status", one + "/loa", one + "/files", one + "/events", one + "/explain",
		one + "/mails", one + "/comments", "/v2/portorders", "/v2/events"} {
		all["GET "+path] = call("GET", path)
	}
	for n := range 4 {
		all[fmt.Sprintf("POST fixes/%d", n+1)] = call("POST", fmt.Sprintf("%s/fixes/%d", one, n+1))
	}
	for i, m := range w.SES.Mails() {
		all[fmt.Sprintf("mail %d", i)] = m.Subject + "\n" + m.Text + "\n" + m.HTML
	}
	for i, body := range w.Hooks.Bodies() {
		all[fmt.Sprintf("webhook %d", i)] = body
	}
	return all
}

// reveals lists where a value of the record, or a hint at it, can be read.
func reveals(all map[string]string, words []string) []string {
	var found []string
	for where, what := range all {
		for _, word := range words {
			if i := strings.Index(strings.ToLower(what), strings.ToLower(word)); i >= 0 {
				found = append(found, fmt.Sprintf("%s reveals %q: …%s…", where, word, what[max(0, i-80):min(len(what), i+80)]))
			}
		}
	}
	slices.Sort(found)
	return found
}

// noAccount takes the account number, the PIN and the SSN digits off an order, and lets us correct everything.
func noAccount(d *porting.Details) {
	d.ProviderAccount, d.PIN, d.LastFourSSN, d.AutoCorrect = porting.Secret{}, porting.Secret{}, porting.Secret{}, porting.CorrectAll
}

// An order without any account number, with a stranger's name and address, goes nowhere by itself, however much may be
// corrected: nothing matches, and a person of ours looks at it.
func TestAStrangerGetsNothing(t *testing.T) {
	for name, change := range map[string]func(*porting.Details){"without an account number": noAccount, "with a wrong one": consent("all")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			id := w.Signed([]string{local(67)}, change)
			w.Until("a person is asked", w.AtDesk(id))
			w.Pass(24 * time.Hour)
			if found := reveals(everythingRead(t, w, id), slices.Concat(secretsOf, hints)); len(found) > 0 {
				t.Error(strings.Join(found, "\n"))
			}
			w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB",
				Reasons: []desk.Reason{{Code: porting.AccountMismatch}, {Code: porting.NameMismatch}}})
			w.Reach(id, porting.Rejected)
			w.Pass(time.Hour)
			if found := reveals(everythingRead(t, w, id), slices.Concat(secretsOf, hints)); len(found) > 0 {
				t.Error(strings.Join(found, "\n"))
			}
			if n := len(w.Locals.View().LSRs); n > 0 {
				t.Errorf("%d requests for the port", n)
			}
		})
	}
}

// Name and account number wrong stop the order for a person though everything else matches and everything may be
// corrected. The record's values are told to our staff alone.
func TestNameAndAccountWrongIsForAPerson(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
	id := w.Signed([]string{local(68)}, consent("all"))
	w.Until("a person is asked", w.AtDesk(id))
	same(t, "question", w.Order(id).Desk.Key, porting.MsgAskWhoAsks)
	if found := reveals(everythingRead(t, w, id), slices.Concat(secretsOf, hints)); len(found) > 0 {
		t.Error(strings.Join(found, "\n"))
	}
}

// Resold numbers may fail name and account number by right: the order is asked about as resold, never as another
// holder's, and still tells its customer nothing of the record.
func TestResoldNumbersAreAskedAboutAsResold(t *testing.T) {
	for name, line := range map[string]int{"nothing matches": 67, "name and account number are wrong": 68} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			id := w.Signed([]string{local(line)}, func(d *porting.Details) {
				consent("all")(d)
				d.Reseller = "Example Resale"
			})
			w.Until("a person is asked", w.AtDesk(id))
			same(t, "question", w.Order(id).Desk.Key, porting.MsgAskResold)
			if found := reveals(everythingRead(t, w, id), slices.Concat(secretsOf, hints)); len(found) > 0 {
				t.Error(strings.Join(found, "\n"))
			}
		})
	}
}

// An unproven order comes back with match or no match for each field and nothing else of the record, and the same when
// the carrier's refusal has the record in its own words. With the account number, in another form, the customer has
// proven to hold the account: what differs is then corrected within the consent.
func TestAnUnprovenOrderLearnsNothing(t *testing.T) {
	for name, change := range map[string]func(*porting.Details){
		"without an account number": noAccount,
		"with a wrong one":          consent("all"),
		"no consent":                consent("none"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
			id := w.Signed([]string{local(66)}, change)
			o := w.Reach(id, porting.Rejected)
			w.Pass(time.Hour)
			if o.Proof.Given() || len(o.Misses) != 1 {
				t.Errorf("proof %v, misses %v", o.Proof, o.Misses)
			}
			for _, r := range o.Reasons {
				if len(r.Patch) > 0 {
					t.Errorf("%s has a patch: %v", r.Code, r.Patch)
				}
			}
			all := everythingRead(t, w, id)
			if found := reveals(all, slices.Concat(secretsOf, hints)); len(found) > 0 {
				t.Error(strings.Join(found, "\n"))
			}
			var explained struct {
				Data struct {
					Attributes struct {
						Fixes []struct{ Reason string }
					}
				}
			}
			err := json.Unmarshal([]byte(all["GET /v2/portorders/"+string(id)+"/explain"]), &explained)
			if err != nil || len(explained.Data.Attributes.Fixes) < 3 {
				t.Errorf("match or no match is told of %v fields (%v)", explained.Data.Attributes.Fixes, err)
			}

			w.Do(id, porting.Edit{By: storetest.Customer, Fields: []string{"provider_account", "auto_correct"},
				To: porting.Details{ProviderAccount: porting.NewSecret("066zq0166"), AutoCorrect: porting.CorrectAll}})
			w.Do(id, porting.Resubmit{By: storetest.Customer})
			o = w.Ends(id, porting.Completed)
			same(t, "proof", o.Proof.By, porting.ProofAccount)
			same(t, "street", o.Details.Street, "4711 MARZIPAN PLZ")
			if !says(w, id, "MARZIPAN") {
				t.Errorf("the correction is not told\n%s", w.Story())
			}
			if found := reveals(everythingRead(t, w, id), []string{"66-ZQ"}); len(found) > 0 { // the account number never
				t.Error(strings.Join(found, "\n"))
			}
		})
	}
}

// The carrier's own words are the record's too. An unproven order's customer reads the reason alone, our staff all of it.
func TestTheCarriersWordsOfAnUnprovenOrder(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoNotices: true})
	id := w.Signed([]string{local(50), also(50)}, noAccount) // the carrier gives no record
	w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
	port, _ := w.Order(id).Last(porting.AskPort)
	const said = "ACCOUNT IS OF ZEPHYRINE QUILLFEATHER, 4711 MARZIPAN PLZ, WITH 9195550166"
	w.Do(id, porting.Refuse{By: porting.PeerBy("locals"), PON: port.PON, Said: said, Reasons: []porting.Reason{
		{Code: porting.NameMismatch, Raw: said, Said: said, Numbers: []string{local(50), "+19195550166"},
			Patch: map[string]string{"billing_name": "Zephyrine Quillfeather"}},
		{Code: porting.PINInvalid, Raw: "8C", Said: said}}})
	w.Reach(id, porting.Rejected)
	w.Pass(time.Hour)
	if found := reveals(everythingRead(t, w, id), secretsOf); len(found) > 0 {
		t.Error(strings.Join(found, "\n"))
	}
	if !slices.ContainsFunc(w.Events(id), func(e porting.Event) bool { return strings.Contains(text.English.StaffEvent(e), "ZEPHYRINE") }) {
		t.Errorf("our staff do not read the carrier's words\n%s", w.Story())
	}
}

// A bill that our staff has accepted proves as a secret does: what the record has is shown from then on, save the
// account number.
func TestAnAcceptedBillProves(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(66)}, consent("none"))
	w.Reach(id, porting.Rejected)
	reply := w.Desk(desk.Action{Action: "accept_bill", Order: id, Initials: "AB"})
	if len(reply.Errors) == 0 {
		t.Error("a bill is accepted that nobody has uploaded")
	}
	w.Do(id, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument, Size: 100}})
	bill := w.Order(id).Documents[len(w.Order(id).Documents)-1].ID
	w.Do(id, porting.TakeDocument{By: storetest.System, ID: bill})
	w.Do(id, porting.SettleDocument{By: storetest.System, ID: bill, Digest: "d1", Size: 100, Pages: 1})
	if found := reveals(everythingRead(t, w, id), secretsOf); len(found) > 0 {
		t.Errorf("a bill that nobody has looked at proves:\n%s", strings.Join(found, "\n"))
	}
	if reply := w.Desk(desk.Action{Action: "accept_bill", Order: id, Initials: "AB"}); len(reply.Errors) > 0 {
		t.Fatal(reply)
	}
	same(t, "proof", w.Order(id).Proof.By, porting.ProofBill)
	all := everythingRead(t, w, id)
	if explained := all["GET /v2/portorders/"+string(id)+"/explain"]; !strings.Contains(explained, "MARZIPAN") {
		t.Errorf("the proven customer is not shown the record's address: %s", explained)
	}
	if found := reveals(all, []string{"66-ZQ"}); len(found) > 0 {
		t.Error(strings.Join(found, "\n"))
	}
}

// Differences answer guesses: after as many as the quota has, over all orders of the account for the number, a person
// looks before another is told.
func TestGuessesHaveAQuota(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{AutoApprove: true})
	guess := func(id porting.OrderID, n int) {
		w.Do(id, porting.Edit{By: storetest.Customer, Fields: []string{"provider_account"},
			To: porting.Details{ProviderAccount: porting.NewSecret(fmt.Sprintf("GUESS-%d", n))}})
		w.Do(id, porting.Resubmit{By: storetest.Customer})
	}
	first := w.Signed([]string{local(66)}, consent("all"))
	w.Reach(first, porting.Rejected)
	guess(first, 1)
	w.Until("it is back", func() bool { return w.Order(first).Status == porting.Rejected && len(w.Order(first).Misses) == 2 })
	w.Do(first, porting.Cancel{By: storetest.Customer})
	second := w.Signed([]string{local(66)}, consent("all"))
	w.Reach(second, porting.Rejected)
	guess(second, 2)
	w.Until("a person is asked", w.AtDesk(second))
	same(t, "question", w.Order(second).Desk.Key, porting.MsgAskGuesses)
	same(t, "misses", []int{len(w.Order(first).Misses), len(w.Order(second).Misses)}, []int{2, 1})
	other := w.Signed([]string{"+12065550766"}, consent("all")) // another number has a quota of its own
	w.Reach(other, porting.Rejected)
}

// wantsPIN is a peer whose carrier asks for the PIN before it gives its record.
type wantsPIN struct {
	peer.Peer
	given bool // the peer is told what it had not been told before
	err   error
	reads int
}

func (p *wantsPIN) ReadCSR(ctx context.Context, ref string) (porting.Record, porting.AnswerState, string, error) {
	if p.reads++; p.reads == 1 {
		return porting.Record{}, porting.AnswerLacking, "PIN required", nil
	}
	return p.Peer.ReadCSR(ctx, ref)
}

func (p *wantsPIN) SupplyCSR(context.Context, string, porting.Order) (bool, error) {
	return p.given, p.err
}

// A PIN proves only where the carrier was told it after it had asked.
func TestAPINProvesOnceItIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		peer wantsPIN
		want porting.ProofKind
	}{
		"told":                 {wantsPIN{given: true}, porting.ProofPIN},
		"nothing new to tell":  {wantsPIN{}, porting.Unproven},
		"the peer refuses it":  {wantsPIN{err: &peer.Denied{Peer: "locals"}}, porting.Unproven},
		"refused after a part": {wantsPIN{given: true, err: &peer.Denied{Peer: "locals"}}, porting.Unproven},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			test.peer.Peer = w.Peers.Locals[0]
			w.Peers.Locals[0] = &test.peer
			id := w.Signed([]string{local(62)}, nil) // the record has another account number
			w.Until("it is compared with the record", func() bool { return w.Order(id).CSRSettled || w.Order(id).Status == porting.Rejected })
			same(t, "proof", w.Order(id).Proof.By, test.want)
		})
	}
}
