package workflow_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/desk"
	"portway/internal/document"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/sim/locals"
	"portway/internal/storetest"
	"portway/internal/text"
	"portway/internal/workflow"
	"portway/internal/workflow/workflowtest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	// Every order of every test carries the canaries; no line of all that were logged may show one.
	for _, line := range workflowtest.Logs.Lines() {
		if found := workflowtest.Leak(line); found != "" {
			fmt.Fprintln(os.Stderr, "a log line shows a secret:", found)
			code = 1
		}
	}
	os.Exit(code)
}

// local is a local number that behaves by its last two digits; also is another one on the same account.
func local(digits int) string { return fmt.Sprintf("+120655501%02d", digits) }
func also(digits int) string  { return fmt.Sprintf("+120655502%02d", digits) }

func tollFree(digits int) string { return fmt.Sprintf("+183355501%02d", digits) }

// consent is a customer who lets us correct so much.
func consent(c porting.Consent) func(*porting.Details) {
	return func(d *porting.Details) { d.AutoCorrect = c }
}

// asked lists the mails of the requests that ask for another day than the wished one.
func asked(w *workflowtest.World, id porting.OrderID) []string {
	var all []string
	for _, e := range w.Events(id) {
		if e.AnotherDay() {
			all = append(all, "asked")
		}
	}
	return all
}

// told lists the mails that were sent: a reminder by its clock, any other mail by the first word of its subject. Those that
// follow each order's way are left out: to be signed, with the carrier, and the day before.
func told(w *workflowtest.World) []string {
	var all []string
	for _, s := range w.SES.Subjects() {
		if slices.ContainsFunc([]string{"read and sign", "it goes to the carrier", "approved, it goes", "your numbers move on", "we have corrected"},
			func(routine string) bool { return strings.HasPrefix(s, routine) }) {
			continue
		}
		what, _, reminder := strings.Cut(s, " unless you")
		if !reminder {
			what, _, _ = strings.Cut(s, " ")
		}
		all = append(all, strings.Trim(what, ",:"))
	}
	return all
}

func codes(reasons []porting.Reason) []porting.ReasonCode {
	var all []porting.ReasonCode
	for _, r := range reasons {
		all = append(all, r.Code)
	}
	return all
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: want (-), got (+):\n%s", what, diff)
	}
}

func TestAStraightOrder(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(1)}, nil)
	o := w.Ends(id, porting.Completed)
	same(t, "kinds", w.Kinds(id), []porting.EventKind{
		porting.Created, porting.Signed, porting.DocumentKept, porting.Passed, porting.AttemptPlanned, porting.AttemptSent, porting.RecordReceived,
		porting.CSRSettled, porting.AttemptPlanned, porting.AttemptSent, porting.WasAccepted, porting.Checked, porting.DayAnnounced, porting.Checked,
		porting.Delayed, porting.Delayed, porting.Delayed, porting.WasCompleted,
	})
	same(t, "FOC", o.FOC, porting.Date("2027-01-12"))
	same(t, "fee", w.Spent(), porting.Money(750))
	same(t, "mails", told(w), []string{"accepted", "completed"})
	same(t, "webhooks", w.Hooks.Statuses(), []porting.Status{porting.Processing, porting.Submitted, porting.Accepted, porting.Completed})
	if o.Details.PIN.IsSet() || o.Details.LastFourSSN.IsSet() {
		t.Error("the PIN is kept after it has served")
	}
	letter, err := document.LOA(o)
	if kept, ok := o.LOA(); err != nil || !ok || kept.Size != int64(len(letter)) || !bytes.Equal(w.Files.Kept(o, kept.ID), letter) {
		t.Errorf("the letter is not kept as it was signed: %+v %v", kept, err)
	}
	var names []string
	for _, e := range w.Machines.Executions() {
		names = append(names, e.Name)
	}
	same(t, "executions", names, []string{"acme-" + string(id) + "-csr-1", "acme-" + string(id) + "-lsr-2"})
}

func TestATollFreeOrder(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{tollFree(1), tollFree(2)}, nil)
	w.Ends(id, porting.Completed)
	same(t, "kinds", w.Kinds(id), []porting.EventKind{
		porting.Created, porting.Signed, porting.DocumentKept, porting.Passed, porting.CSRSkipped, porting.HandOverPlanned,
		porting.AttemptPlanned, porting.AttemptSent, porting.WasAccepted, porting.WasCompleted,
	})
	same(t, "fee", w.Spent(), porting.Money(1500))
	same(t, "submits", w.Somos.Transactions().Submits, map[string]int{"pw-" + string(id) + "-1/0": 1})
}

// A toll-free order with a wished day goes to the registry two business days before it, and not before; a machine that
// dies while it waits is replaced by one that waits for the same. Without a wished day the order goes at once.
func TestADatedTollFreeOrder(t *testing.T) {
	for _, test := range []struct {
		name  string
		wish  porting.Date
		dies  bool
		sent  string
		until porting.Date
	}{
		{"waits for the day", "2027-01-26", false, "2027-01-22", "2027-01-26"},
		{"the machine dies meanwhile", "2027-01-26", true, "2027-01-22", "2027-01-26"},
		{"no day is wished", "", false, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			began := w.Now()
			id := w.Signed([]string{tollFree(1)}, func(d *porting.Details) { d.Desired = test.wish })
			if test.dies {
				w.Until("it waits", func() bool { return !w.Order(id).HandOver.IsZero() })
				w.Pass(24 * time.Hour)
				same(t, "killed", w.Machines.Kill(), 1)
			}
			o := w.Ends(id, porting.Completed)
			port, _ := o.Last(porting.AskPort)
			sent, planned := port.Sent.In(w.Book.Rules.Calendar.Location()), 0
			for _, e := range w.Events(id) {
				if e.Kind == porting.HandOverPlanned {
					planned++
				}
			}
			if test.wish == "" {
				if sent.Sub(began) > time.Hour || planned != 0 {
					t.Errorf("sent after %s, planned %d times", sent.Sub(began), planned)
				}
				return
			}
			if string(porting.DateOf(sent)) != test.sent || planned != 1 || o.FOC > test.until || w.Book.Rules.Done(o) > test.until {
				t.Errorf("sent %s, confirmed %s, done %s, planned %d times\n%s", sent, o.FOC, w.Book.Rules.Done(o), planned, w.Story())
			}
			same(t, "submits", len(w.Somos.Transactions().Submits), 1)
		})
	}
}

// Lives that need nobody: what happened on the way, beside what happens to every order.
func TestLivesWithoutAPerson(t *testing.T) {
	for _, test := range []struct {
		name    string
		number  string
		change  func(*porting.Details)
		options workflowtest.Options
		kinds   []porting.EventKind
		foc     porting.Date
		says    string // among the comments
	}{
		{"CSR none", local(50), nil, workflowtest.Options{}, []porting.EventKind{porting.CSRSkipped}, "2027-01-12", "This carrier gives no customer service record (CSR)"},
		{"CSR at the third read", local(53), nil, workflowtest.Options{}, nil, "2027-01-12", "The carrier has sent its record of the account (CSR)."},
		{"CSR never", local(60), nil, workflowtest.Options{}, []porting.EventKind{porting.CSRSkipped}, "2027-01-15", "did not come in time"},
		{"CSR has another BTN", local(42), nil, workflowtest.Options{}, []porting.EventKind{porting.Corrected}, "2027-01-12", "the billing number from “+12065550142” to “+12065550100”"},
		{"BTN, formatting allowed", local(42), consent("formatting"), workflowtest.Options{}, []porting.EventKind{porting.Corrected}, "2027-01-12", "the billing number"},
		{"CSR has another address", local(52), nil, workflowtest.Options{}, []porting.EventKind{porting.Corrected}, "2027-01-12", "the street from “500 Pike Street” to “502 Pike Street”; the ZIP code from “98101” to “98102”"},
		{"address allowed", local(52), consent("address"), workflowtest.Options{}, []porting.EventKind{porting.Corrected}, "2027-01-12", "502 Pike Street"},

		{"45 a number not on the account", local(45), nil, workflowtest.Options{}, []porting.EventKind{porting.Refused, porting.Repaired}, "2027-01-12", "(206) 555-0245 left out"},
		{"46 a pending order", local(46), nil, workflowtest.Options{}, []porting.EventKind{porting.Refused, porting.Repaired}, "2027-01-12", "by trying again later"},
		{"47 the date", local(47), nil, workflowtest.Options{}, []porting.EventKind{porting.Refused, porting.Repaired}, "2027-01-14", "with the next possible date"},
		{"49 ZIP+4, address allowed", local(49), consent("address"), workflowtest.Options{}, []porting.EventKind{porting.Refused, porting.Repaired}, "2027-01-12", "the ZIP code from “98101” to “98101-0049”"},
		{"61 the LOA is lost", local(61), nil, workflowtest.Options{}, []porting.EventKind{porting.Refused, porting.Repaired}, "2027-01-12", "by sending the letter of agency again"},

		{"54 a later FOC", local(54), nil, workflowtest.Options{}, nil, "2027-01-14", "The numbers move on Thursday, January 14, 2027."},
		{"55 jeopardy", local(55), nil, workflowtest.Options{}, []porting.EventKind{porting.FOCMoved}, "2027-01-14", "The date was moved from Tuesday, January 12, 2027 to Thursday, January 14, 2027."},
		{"64 notices twice and in the wrong order", local(64), nil, workflowtest.Options{}, nil, "2027-01-12", ""},
		{"63 notices are lost", local(63), nil, workflowtest.Options{}, nil, "2027-01-12", "Status check"},
		{"the stream is lost", local(1), nil, workflowtest.Options{NoStream: true}, nil, "2027-01-12", ""},
		{"the stream comes twice", local(47), nil, workflowtest.Options{TwiceOver: true}, []porting.EventKind{porting.Refused, porting.Repaired}, "2027-01-14", ""},
		{"59 the peer is down for hours", local(59), nil, workflowtest.Options{Down: 5}, nil, "2027-01-12", "locals can't be reached. The order waits and is tried again."},

		{"toll-free, INVALID at first", tollFree(45), nil, workflowtest.Options{}, []porting.EventKind{porting.Refused, porting.Repaired}, "", "by a new request"},
		{"toll-free, answers come late", tollFree(53), nil, workflowtest.Options{}, nil, "", ""},
		{"toll-free, the registry is down", tollFree(54), nil, workflowtest.Options{}, nil, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, test.options)
			numbers := []string{test.number}
			if strings.HasPrefix(test.number, "+1206") && test.number != local(59) {
				numbers = append(numbers, also(int(test.number[11]-'0')+10*int(test.number[10]-'0')))
			}
			id := w.Signed(numbers, test.change)
			o := w.Ends(id, porting.Completed)
			var kinds []porting.EventKind
			for _, k := range w.Kinds(id) {
				if slices.Contains([]porting.EventKind{porting.CSRSkipped, porting.Corrected, porting.Refused, porting.Repaired, porting.FOCMoved,
					porting.FOCLost, porting.DeskAsked, porting.WasRejected, porting.Redriven}, k) && !(k == porting.CSRSkipped && o.Kind == porting.TollFree) {
					kinds = append(kinds, k)
				}
			}
			same(t, "kinds", kinds, test.kinds)
			if test.foc != "" {
				same(t, "FOC", o.FOC, test.foc)
			}
			if !slices.ContainsFunc(w.Events(id), func(e porting.Event) bool {
				return e.Comment && strings.Contains(text.English.StaffEvent(e), test.says)
			}) {
				t.Errorf("nobody says %q\n%s", test.says, w.Story())
			}
			mails := []string{"accepted", "completed"}
			if slices.Contains(test.kinds, porting.FOCMoved) {
				mails = []string{"accepted", "new", "completed"}
			}
			same(t, "mails", told(w), append(asked(w, id), mails...))
			once(t, w)
		})
	}
}

// once asserts what holds for every order that has ended well: a request at the carrier and a fee for each that there should
// be, nothing given up, nobody asked in vain.
func once(t *testing.T, w *workflowtest.World) {
	t.Helper()
	view := w.Locals.View()
	supplements := 0
	for i, v := range view.Orders {
		supplements += v.Supplements
		if v.Status == "CANCELLED" && slices.ContainsFunc(view.Orders[i+1:], func(next locals.OrderView) bool { return next.CustomerOrderID == v.CustomerOrderID }) {
			supplements++ // another order took its place, since the peer takes no change of it
			view.LSRs[v.CustomerOrderID]--
		}
	}
	for pon, n := range view.LSRs {
		if n != 1 {
			t.Errorf("%d requests under %s", n, pon)
		}
	}
	for pon, n := range view.CSRs {
		if n != 1 {
			t.Errorf("%d requests for a record under %s", n, pon)
		}
	}
	for key, n := range w.Somos.Transactions().Submits {
		if n != 1 {
			t.Errorf("%d requests under %s", n, key)
		}
	}
	list, err := w.Memory.List(t.Context(), workflowtest.Account, orders.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	charged, costs, wanted := porting.Money(0), porting.Money(0), 0
	for _, row := range list {
		o := w.Order(row.ID)
		for _, e := range w.Events(o.ID) {
			charged += e.Charge
		}
		costs += o.PortFee + o.CancelFee + o.ChangeFees
		for _, a := range o.Attempts {
			if a.Kind == porting.AskPort && a.Version > 0 && a.State != porting.AnswerDropped && o.Kind == porting.Local {
				wanted++
			}
		}
		if !o.Desk.IsZero() || o.Wait.Token.IsSet() {
			t.Errorf("desk %v, wait %v", o.Desk, o.Wait)
		}
	}
	if charged != costs || w.Spent() != charged {
		t.Errorf("charged %s by the events, %s by the orders, %s by the account", charged, costs, w.Spent())
	}
	if supplements != wanted {
		t.Errorf("%d supplements at the peer, %d on the orders", supplements, wanted)
	}
	if parked := w.Parked(); len(parked) > 0 {
		t.Errorf("given up: %v", parked)
	}
	keys := map[string]int{}
	for _, m := range w.SES.Mails() {
		keys[m.Key]++
		if keys[m.Key] > 1 {
			t.Errorf("the mail %s (%s) was sent %d times", m.Key, m.Subject, keys[m.Key])
		}
	}
}

// What only the customer can put right comes back with its reasons; corrected, reviewed and sent again it completes, for one fee.
func TestRejectedAndCorrected(t *testing.T) {
	for _, test := range []struct {
		name    string
		number  string
		change  func(*porting.Details)
		codes   []porting.ReasonCode
		patch   map[string]string // told with the first reason
		fix     map[string]string
		refused bool // by the carrier; else by ourselves, before anything was sent
	}{
		{"40 account number", local(40), nil, []porting.ReasonCode{porting.AccountMismatch}, nil, map[string]string{"provider_account": "CANARY-ACCT-2"}, true},
		{"41 PIN", local(41), nil, []porting.ReasonCode{"PIN_INVALID"}, nil, map[string]string{"pin": "CANARY-PIN-2"}, true},
		{"43 address", local(43), nil, []porting.ReasonCode{porting.AddressMismatch}, nil, map[string]string{"street": "502 Pike Street"}, true},
		{"44 name", local(44), nil, []porting.ReasonCode{porting.NameMismatch}, nil, map[string]string{"company": "Analytical Engine Company"}, true},
		{"44 a person's name", local(44), func(d *porting.Details) { d.UsageType, d.Company = porting.Residential, "" },
			[]porting.ReasonCode{porting.NameMismatch}, nil, map[string]string{"billing_name": "Augusta Lovelace"}, true},
		{"44 a company on a residential order", local(44), func(d *porting.Details) { d.UsageType, d.Company = porting.Residential, "" },
			[]porting.ReasonCode{porting.NameMismatch}, nil, map[string]string{"company": "Analytical Engine Company"}, true},
		{"44 a business after all", local(44), func(d *porting.Details) { d.UsageType, d.Company = porting.Residential, "" },
			[]porting.ReasonCode{porting.NameMismatch}, nil,
			map[string]string{"usage_type": "business", "company": "Analytical Engine Company"}, true},
		{"CSR name of a company on a residential order", local(51), func(d *porting.Details) {
			d.UsageType, d.Company, d.AutoCorrect = porting.Residential, "", porting.CorrectAddress
		}, []porting.ReasonCode{porting.NameMismatch}, map[string]string{"company": "Bluebird Holdings LLC"},
			map[string]string{"company": "Bluebird Holdings LLC"}, false},
		{"49 ZIP, nothing allowed", local(49), consent("none"), []porting.ReasonCode{porting.ZipMismatch}, nil, map[string]string{"zip": "98101-0049"}, true},
		{"42 BTN, nothing allowed", local(42), consent("none"), []porting.ReasonCode{porting.BTNMismatch},
			map[string]string{"billing_number": local(0)}, map[string]string{"billing_number": local(0)}, false},
		{"CSR name, address allowed", local(51), consent("address"), []porting.ReasonCode{porting.NameMismatch},
			map[string]string{"company": "Bluebird Holdings LLC"}, map[string]string{"company": "Bluebird Holdings LLC"}, false},
		{"CSR address, formatting allowed", local(52), consent("formatting"), []porting.ReasonCode{porting.AddressMismatch, porting.ZipMismatch},
			map[string]string{"street": "502 Pike Street", "street2": ""}, map[string]string{"street": "502 Pike Street", "zip": "98102"}, false},
		{"CSR account", local(62), nil, []porting.ReasonCode{porting.AccountMismatch}, map[string]string{},
			map[string]string{"provider_account": "62 0162"}, false},
		{"CSR account, address allowed", local(62), consent("address"), []porting.ReasonCode{porting.AccountMismatch}, nil,
			map[string]string{"provider_account": "62-0162"}, false},
		{"PO box", local(1), func(d *porting.Details) { d.Street = "PO Box 12" }, []porting.ReasonCode{porting.AddressInvalid}, nil,
			map[string]string{"street": "12 Pike Street"}, false},
		{"toll-free, address", tollFree(55), nil, []porting.ReasonCode{porting.AddressMismatch}, nil, map[string]string{"street": "502 Pike Street"}, true},
	} {
		for _, byRule := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, by rule %v", test.name, byRule), func(t *testing.T) {
				t.Parallel()
				w := workflowtest.New(t, workflowtest.Options{AutoApprove: byRule})
				id := w.Signed([]string{test.number}, test.change)
				o := w.Reach(id, porting.Rejected)
				same(t, "reasons", codes(o.Reasons), test.codes)
				if test.patch != nil {
					same(t, "patch", o.Reasons[0].Patch, test.patch)
				}
				w.Pass(time.Hour)
				same(t, "mails", told(w), []string{"rejected"})
				if !w.Quiet() {
					t.Errorf("something runs while the customer has the move\n%s", w.Story())
				}

				edit := porting.Edit{By: storetest.Customer}
				for name, value := range test.fix {
					edit.To.Set(name, value)
					edit.Fields = append(edit.Fields, name)
				}
				edit.Signs, edit.Signature = true, storetest.Sign().Signature
				w.Do(id, edit)
				w.Do(id, porting.Resubmit{By: storetest.Customer})
				if !byRule {
					w.Until("the machine waits for the review", func() bool { return w.Order(id).Wait.For == porting.WaitReview })
					reply := w.Desk(desk.Action{Action: "approve", Order: id, Initials: "ab"})
					same(t, "reply", reply, desk.Reply{Order: id, Status: porting.Submitted, Turn: porting.TurnCarrier})
				}
				w.Ends(id, porting.Completed)
				same(t, "mails", told(w), []string{"rejected", "accepted", "completed"})
				same(t, "fee", w.Spent(), porting.Money(750))
				once(t, w)
			})
		}
	}
}

// What neither a rule nor the customer can cure is for a person of ours.
func TestRetryAtTheDesk(t *testing.T) {
	for name, number := range map[string]string{"7625 a conflict at the registry": "+12065557625", "65 the date is withdrawn": local(65)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{number}, nil)
			w.Until("a person is asked", w.AtDesk(id))
			if at := w.Now().Sub(workflowtest.Start); at > 3*time.Hour {
				t.Errorf("asked only after %s", at)
			}
			o := w.Order(id)
			same(t, "turn", o.Turn(), porting.TurnStaff)
			same(t, "status", o.Status, porting.Submitted)
			w.Until("the machine waits for the desk", func() bool { return w.Order(id).Wait.For == porting.WaitDesk })
			w.Pass(2 * 24 * time.Hour)
			w.Desk(desk.Action{Action: "retry", Order: id, Initials: "AB"})
			w.Ends(id, porting.Completed)
			once(t, w)
		})
	}
}

// An order that stays refused is given back by a person, with reasons of the table.
func TestReturnedFromTheDesk(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{"+12065557625"}, nil)
	w.Until("a person is asked", w.AtDesk(id))
	w.Desk(desk.Action{Action: "reject", Order: id, Initials: "AB", Reasons: []desk.Reason{{Code: "PORT_FREEZE", Text: "Ask them to lift it."}}})
	o := w.Order(id)
	same(t, "status", o.Status, porting.Rejected)
	same(t, "reasons", o.Reasons, []porting.Reason{{Code: "PORT_FREEZE", Note: porting.Words("Ask them to lift it.")}})
	w.Until("all is quiet", w.Quiet)
	same(t, "mails", told(w), []string{"rejected"})
}

// An order that has nothing in common with the record waits for a person, who may say that it is right.
func TestAStrangersRecord(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(51)}, nil)
	w.Until("the record was asked for", func() bool { a, ok := w.Order(id).Last(porting.AskCSR); return ok && a.Ref != "" })
	// The customer's order is another one than the record was asked for: as if the carrier had mixed up two accounts.
	w.Do(id, porting.Correct{By: storetest.System, Fields: []string{"street", "zip", "provider_account", "billing_number"},
		To: porting.Details{Street: "9 Elm Road", Zip: "98402", ProviderAccount: porting.NewSecret("CANARY-ACCT-9"), BillingNumber: "+12535550199"}})
	w.Until("a person is asked", w.AtDesk(id))
	w.Until("the machine waits for the desk", func() bool { return w.Order(id).Wait.For == porting.WaitDesk })
	w.Desk(desk.Action{Action: "approve", Order: id, Initials: "AB"})
	w.Ends(id, porting.Completed)
	once(t, w)
}

func TestASilentCarrierIsFoundByTheStatusCheck(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoNotices: true})
	id := w.Signed([]string{local(57)}, nil)
	w.Until("a status check has found nothing new", func() bool { return slices.Contains(w.Kinds(id), porting.Checked) })
	same(t, "status", w.Order(id).Status, porting.Submitted)
	body := fmt.Sprintf(`{"order": "pw-%s-1", "status": "FOC", "date": "2027-01-14"}`, id)
	w.Locals.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/_sim/answer", strings.NewReader(body)))
	o := w.Reach(id, porting.Accepted)
	same(t, "FOC", o.FOC, porting.Date("2027-01-14"))
	w.Pass(time.Minute)
	if !slices.ContainsFunc(w.Events(id), func(e porting.Event) bool {
		return e.Kind == porting.Checked && e.Comment && strings.Contains(text.English.Event(e), "the carrier has accepted the order for Thursday, January 14, 2027.")
	}) {
		t.Errorf("the check's finding is no comment\n%s", w.Story())
	}
	w.Ends(id, porting.Completed)
	once(t, w)
}

func TestInsufficientFunds(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{Balance: 749, AutoApprove: true})
	id := w.Signed([]string{local(1)}, nil)
	o := w.Reach(id, porting.Rejected)
	same(t, "reasons", codes(o.Reasons), []porting.ReasonCode{porting.InsufficientFunds})
	same(t, "requests", len(w.Locals.View().Orders), 0)
	if err := w.Memory.Deposit(t.Context(), workflowtest.Account, workflowtest.Balance-749, "cheque 1", w.Now()); err != nil {
		t.Fatal(err)
	}
	w.Do(id, porting.Resubmit{By: storetest.Customer})
	w.Ends(id, porting.Completed)
	same(t, "fee", w.Spent(), porting.Money(750))
}

func TestNotPortable(t *testing.T) {
	for name, number := range map[string]string{"local": local(56), "toll-free": tollFree(46)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{number}, nil)
			w.Ends(id, porting.Cancelled)
			same(t, "fee", w.Spent(), porting.Money(0))
			same(t, "mails", told(w), []string{"cancelled"})
			w.Create([]string{number}, nil) // the number is free again
		})
	}
	t.Run("one of two", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Signed([]string{local(1), local(56)}, nil)
		o := w.Ends(id, porting.Completed)
		same(t, "fee", w.Spent(), porting.Money(750))
		same(t, "numbers that moved", o.In(porting.Ported), []string{local(1)})
		same(t, "numbers left out", o.In(porting.Excluded), []string{local(56)})
		same(t, "why", o.Numbers[1].Reason, porting.NoCoverage)
		once(t, w)
	})
}

func TestHardCancelWithdrawsTheRequest(t *testing.T) {
	for _, status := range []porting.Status{porting.Submitted, porting.Accepted} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			id := w.Signed([]string{local(1)}, nil)
			w.Until("the request is at the peer", func() bool {
				a, ok := w.Order(id).Last(porting.AskPort)
				return ok && a.Ref != "" && w.Order(id).Status == status
			})
			reply := w.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB", Text: "The customer stays."})
			same(t, "status", reply.Status, porting.HardCanceled)
			w.Ends(id, porting.HardCanceled)
			w.Pass(2 * time.Hour)
			same(t, "at the peer", w.Locals.View().Orders[0].Status, "CANCELLED")
			same(t, "fee", w.Spent(), porting.Money(750+2500))
			same(t, "requests", len(w.Locals.View().Orders), 1)
		})
	}
	t.Run("while it is about to be sent anew", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{Step: 24 * time.Hour})
		id := w.Signed([]string{tollFree(1)}, nil)
		w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
		first, _ := w.Order(id).Last(porting.AskPort)
		w.Do(id, porting.Plan{By: storetest.System, Attempt: porting.Attempt{
			Kind: porting.AskPort, Peer: first.Peer, PON: first.PON, Version: 1, Sup: porting.SupOther}}) // and there the function dies
		w.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB"})
		w.Pass(2 * time.Hour)
		answer, err := w.Peers.TollFree.Read(t.Context(), first.Ref)
		if err != nil || answer.State != porting.AnswerOver {
			t.Errorf("the first request is %+v (%v)\n%s", answer, err, w.Story())
		}
		same(t, "requests", len(w.Somos.Transactions().Submits), 1)
	})
	t.Run("the carrier keeps it", func(t *testing.T) {
		t.Parallel()
		w := workflowtest.New(t, workflowtest.Options{})
		id := w.Signed([]string{local(58)}, nil)
		w.Reach(id, porting.Accepted)
		w.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB"})
		w.Until("a person is asked", w.AtDesk(id))
		if o := w.Order(id); o.Status != porting.HardCanceled || len(o.Holds()) != 1 || len(w.Parked()) != 0 {
			t.Errorf("the order is %s, holds %v and has %v parked", o.Status, o.Holds(), w.Parked())
		}
	})
}

// An execution that is killed is missed within the hour, whatever it was at.
func TestAKilledExecutionIsReplaced(t *testing.T) {
	for _, at := range []porting.EventKind{porting.Signed, porting.Passed, porting.AttemptSent, porting.RecordAwaited, porting.CSRSettled, porting.Waiting,
		porting.Refused, porting.Repaired, porting.WasAccepted} {
		t.Run(string(at), func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{})
			number := local(47)
			if at == porting.RecordAwaited {
				number = local(53)
			}
			id := w.Signed([]string{number}, nil)
			w.Until(string(at), func() bool {
				return slices.ContainsFunc(w.Events(id), func(e porting.Event) bool { return e.Kind == at })
			})
			if w.Machines.Kill() == 0 {
				t.Fatal("nothing ran")
			}
			killed := w.Now()
			w.Ends(id, porting.Completed)
			i := slices.IndexFunc(w.Events(id), func(e porting.Event) bool { return e.Kind == porting.Redriven })
			if i < 0 || w.Events(id)[i].At.Sub(killed) > 2*time.Hour {
				t.Errorf("missed too late\n%s", w.Story())
			}
			once(t, w)
		})
	}
}

// A run whose order has gone on without it ends, also where it would wait for a token.
func TestASupersededRunEnds(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(57)}, nil)
	w.Until("the request was sent", func() bool { a, ok := w.Order(id).Last(porting.AskPort); return ok && a.Ref != "" })
	// The order ends just before the machine asks for its answer.
	w.Desk(desk.Action{Action: "hard_cancel", Order: id, Initials: "AB"})
	w.Ends(id, porting.HardCanceled)

	second := workflowtest.New(t, workflowtest.Options{NoStream: true})
	id = second.Signed([]string{local(57)}, nil)
	second.Until("the carrier has it", func() bool { return second.Order(id).Wait.For == porting.WaitAnswer })
	o := second.Order(id)
	_, err := second.Invoke(porting.LSRMachine, map[string]any{"step": "answer", "order": id, "run": o.Driver.Run - 1, "token": workflowtest.TokenCanary})
	if err == nil {
		t.Error("a run that is over waits for ever")
	}
}

// Two notify functions at the same event, as when the stream's record and the sweep meet: nothing happens twice.
func TestTwoNotifyFunctionsAtOnce(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoStream: true})
	id := w.Signed([]string{local(1)}, nil)
	w.Together = true
	w.Ends(id, porting.Completed)
	once(t, w)
	same(t, "mails", told(w), []string{"accepted", "completed"})
}

// Mail whose fate is unknown, and of which SES never tells, goes once more and is marked.
func TestAMailThatMayHaveBeenSent(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{NoFeedback: true})
	w.Pass(77 * time.Minute) // for an id that no other test's log lines have
	id := w.Signed([]string{local(1)}, nil)
	w.Until("the request was sent", func() bool { a, ok := w.Order(id).Last(porting.AskPort); return ok && a.Ref != "" })
	w.LoseNext("ses:SendEmail")
	w.Ends(id, porting.Completed)
	same(t, "mails", told(w), []string{"accepted", "accepted", "completed"})
	marked := workflowtest.Logs.Lines(`"msg":"mail sent"`, `"possible_duplicate":true`, string(id))
	if len(marked) != 1 {
		t.Errorf("%d mails are marked as possible duplicates", len(marked))
	}
	if parked := w.Parked(); len(parked) > 0 {
		t.Errorf("given up: %v", parked)
	}
}

func TestACustomerWhoSleepsForFortyFiveDays(t *testing.T) {
	t.Parallel()
	w := workflowtest.New(t, workflowtest.Options{})
	id := w.Signed([]string{local(43)}, nil)
	w.Reach(id, porting.Rejected)
	w.Ends(id, porting.Abandoned)
	w.Pass(2 * time.Hour)
	same(t, "mails", told(w), []string{"rejected", "please", "ends in 14 days", "ends in 3 days", "abandoned"})
	same(t, "at the peer", w.Locals.View().Orders[0].Status, "CANCELLED")
}

// A fixture shows its secrets to nobody else than its reader; the test of the test.
func TestLeak(t *testing.T) {
	for text, leaks := range map[string]bool{
		`{"pin":"CANARY-PIN-8842"}`: true, "token " + workflowtest.TokenCanary + "7": true, "last four 9953.": true, `"9953"`: true,
		"order 260009953099": false, "2027-01-05T17:00:00.9953Z": false, "[redacted]": false,
	} {
		if got := workflowtest.Leak(text) != ""; got != leaks {
			t.Errorf("%q leaks: %v", text, got)
		}
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(storetest.Details()); err != nil || workflowtest.Leak(b.String()) != "" {
		t.Errorf("details show a secret: %s %v", b.String(), err)
	}
}

// While a repaired request waits to be sent again the peer still shows the refusal: to be told of it again changes nothing.
func TestARefusalIsHeardOnce(t *testing.T) {
	for name, number := range map[string]string{"as a supplement": local(46), "as a new request": tollFree(45)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workflowtest.New(t, workflowtest.Options{Step: 20 * time.Minute, NoNotices: true})
			id := w.Signed([]string{number}, nil)
			w.Until("the carrier has it", func() bool { return w.Order(id).Wait.For == porting.WaitAnswer })
			w.Machines.Kill() // what follows is done by hand, and the machine is missed later
			w.Pass(30 * time.Minute)
			ask := func() {
				t.Helper()
				if _, _, err := workflow.Ask(t.Context(), w.Book, w.Peers, w.Order(id)); err != nil {
					t.Fatal(err)
				}
			}
			ask()
			m, ok := w.Book.Rules.FindRepair(w.Order(id), porting.Help{}, w.Now())
			if !ok {
				t.Fatal("no repair")
			}
			w.Do(id, m)
			ask()
			w.Ends(id, porting.Completed)
			refused := slices.DeleteFunc(w.Kinds(id), func(k porting.EventKind) bool { return k != porting.Refused })
			same(t, "refusals", len(refused), 1)
			once(t, w)
		})
	}
}
