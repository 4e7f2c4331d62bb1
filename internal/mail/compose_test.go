package mail

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"portway/internal/porting"
	"portway/internal/text"
)

var update = flag.Bool("update", false, "write the golden files")

// secrets stand in every order of these tests and may stand in no mail.
var secrets = []string{"88123455", "4321pin", "6789"}

func composer(t *testing.T) Composer {
	t.Helper()
	loc, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	return Composer{Rules: porting.Standard(calendar{loc}), API: "https://api.portway.example/v2"}
}

// calendar knows a zone and no holidays; a mail needs no more.
type calendar struct{ loc *time.Location }

func (c calendar) Location() *time.Location                     { return c.loc }
func (c calendar) IsBusinessDay(time.Time) bool                 { return true }
func (c calendar) AddBusinessDays(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }
func (c calendar) DayBefore(t time.Time) time.Time              { return t.AddDate(0, 0, -1) }
func (c calendar) At(t time.Time, hour, minute int) time.Time   { return t }

var created = time.Date(2026, 2, 2, 17, 30, 0, 0, time.UTC)

func order() porting.Order {
	o := porting.Order{
		ID: "4503605600001", Group: "4503605600000", Account: "A1", Version: 7, Created: created,
		Clocks: porting.Clocks{ClockFrom: created},
		Kind:   porting.Local, Carrier: porting.Carrier{SPID: "1234", Name: "Evergreen Telecom LLC"},
		Given: porting.Given{Details: porting.Details{
			Alias: "Main office", BillingName: "Ada Lovelace", Company: "Engine Works", Provider: "Evergreen Telecom",
			ProviderAccount: porting.NewSecret(secrets[0]), PIN: porting.NewSecret(secrets[1]),
			LastFourSSN: porting.NewSecret(secrets[2]),
		}},
	}
	for _, tn := range []string{"0101", "0102", "0103", "0104", "0105", "0106", "0107"} {
		o.Numbers = append(o.Numbers, porting.Number{TN: "+1206555" + tn})
	}
	return o
}

func event(kind porting.EventKind, before, after porting.Status) porting.Event {
	return porting.Event{
		Order: "4503605600001", Account: "A1", Version: 7, Kind: kind,
		At:     time.Date(2026, 2, 10, 20, 0, 0, 0, time.UTC),
		Before: before, Status: after,
	}
}

func refused() []porting.Reason {
	return []porting.Reason{
		{Code: porting.AddressMismatch, Raw: "7402", Said: "SERVICE ADDRESS DOES NOT MATCH CSR",
			Patch: map[string]string{"street": "200 3rd Ave S", "street2": "", "zip": "98104"}},
		{Code: porting.AccountMismatch, Raw: "7410", Said: porting.Quote("ACCT 88123455 NOT FOUND"),
			Patch: map[string]string{"provider_account": secrets[0]}},
		{Code: porting.TNNotFound, Raw: "7518", Numbers: []string{"+12065550107"}},
		{Code: "PORT_FREEZE"},
	}
}

// served has our switch serve all numbers of the completed order.
func served(o *porting.Order, f porting.Features) {
	o.Status = porting.Completed
	for i := range o.Numbers {
		o.Numbers[i].State = porting.Ported
		o.Numbers[i].Provision = porting.Provision{Step: porting.TestCall, Answer: porting.SwitchReady, Features: f}
	}
}

// cases are the mails as customers get them; each is a golden file of its subject, text and HTML.
var cases = []struct {
	name  string
	event func() (porting.Event, porting.Order)
}{
	{"created", func() (porting.Event, porting.Order) {
		e := event(porting.Created, porting.None, porting.Pending)
		e.Ends = created.AddDate(0, 0, 45)
		e.Message = porting.Say(porting.MsgCreated, "n", "7")
		return e, order()
	}},
	{"comment_of_our_staff", func() (porting.Event, porting.Order) {
		e := event(porting.Commented, porting.Submitted, porting.Submitted)
		e.By, e.Comment = porting.StaffBy("mk"), true
		e.Message = porting.Words("Which name is on the bill?\nPlease send us a copy.")
		return e, order()
	}},
	{"corrected", func() (porting.Event, porting.Order) {
		e := event(porting.Corrected, porting.Submitted, porting.Submitted)
		e.Message = porting.Say(porting.MsgCorrected).With(porting.Say(porting.MsgFieldChanged, "field", "street", "before", "200 3rd Ave",
			"after", "200 3rd Ave S"))
		return e, order()
	}},
	{"left_out", func() (porting.Event, porting.Order) {
		e, o := event(porting.NumberExcluded, porting.Submitted, porting.Submitted), order()
		o.Numbers[6].State, o.Numbers[6].Reason = porting.Excluded, porting.TNNotFound
		e.Message = porting.Say(porting.MsgLeftOut, "numbers", o.Numbers[6].TN, "reason", string(porting.TNNotFound))
		return e, o
	}},
	{"day_before", func() (porting.Event, porting.Order) {
		e, o := event(porting.DayAnnounced, porting.Accepted, porting.Accepted), order()
		e.FOC, o.FOC = "2026-02-11", "2026-02-11"
		e.Message = porting.Say(porting.MsgDayAnnounced, "day", "2026-02-11")
		return e, o
	}},
	{"passed", func() (porting.Event, porting.Order) {
		e := event(porting.Passed, porting.Processing, porting.Submitted)
		e.Charge, e.Message = 5250, porting.Say(porting.MsgPassed)
		return e, order()
	}},
	{"approved", func() (porting.Event, porting.Order) {
		e := event(porting.Approved, porting.Review, porting.Submitted)
		e.Message = porting.Say(porting.MsgApproved)
		return e, order()
	}},
	{"calls_arrive", func() (porting.Event, porting.Order) {
		e, o := event(porting.CallsCame, porting.Completed, porting.Completed), order()
		served(&o, porting.Features{E911: porting.FeatureReady, CNAM: porting.FeaturePending, Messaging: porting.FeatureReady})
		e.Message = porting.Say(porting.MsgCallsArrive, "numbers", strings.Join(o.Active(), ","))
		return e, o
	}},
	{"completed_after_the_test_calls", func() (porting.Event, porting.Order) {
		e, o := event(porting.WasCompleted, porting.Accepted, porting.Completed), order()
		e.FOC, o.FOC = "2026-02-10", "2026-02-10"
		served(&o, porting.Features{E911: porting.FeatureReady, CNAM: porting.FeatureReady, Messaging: porting.FeatureNone})
		return e, o
	}},
	{"completed_with_a_switch", func() (porting.Event, porting.Order) {
		e, o := event(porting.WasCompleted, porting.Accepted, porting.Completed), order()
		e.FOC, o.FOC, o.Sandbox = "2026-02-10", "2026-02-10", true
		served(&o, porting.Features{E911: porting.FeatureReady, Messaging: porting.FeaturePending})
		o.Numbers[0].Provision.Answer = porting.SwitchWorks
		return e, o
	}},
	{"snapped_back", func() (porting.Event, porting.Order) {
		e, o := event(porting.WentBack, porting.Completed, porting.Completed), order()
		for i := range o.Numbers {
			o.Numbers[i].State = porting.Ported
		}
		o.Numbers[6].State = porting.SnappedBack
		e.Message = porting.Say(porting.MsgSnappedBack, "numbers", o.Numbers[6].TN)
		return e, o
	}},
	{"snapback_refused", func() (porting.Event, porting.Order) {
		e, o := event(porting.SnapbackRefused, porting.Completed, porting.Completed), order()
		e.Message = porting.Say(porting.MsgSnapbackRefused, "numbers", o.Numbers[6].TN, "why", "the line was ended")
		return e, o
	}},
	{"partly_moved", func() (porting.Event, porting.Order) {
		e, o := event(porting.Parted, porting.Accepted, porting.Accepted), order()
		e.FOC, o.FOC = "2026-02-10", "2026-02-10"
		for i := range o.Numbers {
			o.Numbers[i].State = porting.Ported
		}
		o.Numbers[6].State = porting.Failed
		e.Message = porting.Say(porting.MsgFallout, "n", "6", "numbers", o.Numbers[6].TN, "reason", string(porting.TNNotInService))
		return e, o
	}},
	{"rejected_by_carrier", func() (porting.Event, porting.Order) {
		e := event(porting.WasRejected, porting.Submitted, porting.Rejected)
		e.Reasons = refused()
		return e, order()
	}},
	{"rejected_by_our_check", func() (porting.Event, porting.Order) {
		e := event(porting.WasRejected, porting.Processing, porting.Rejected)
		e.Reasons = []porting.Reason{{Code: porting.InsufficientFunds}}
		return e, order()
	}},
	{"rejected_by_our_comparison", func() (porting.Event, porting.Order) {
		e := event(porting.WasRejected, porting.Submitted, porting.Rejected)
		e.Reasons = []porting.Reason{{Code: porting.ZipMismatch, Said: "the zip is not that of the carrier's record",
			Patch: map[string]string{"zip": "98104"}}}
		return e, order()
	}},
	{"rejected_on_review", func() (porting.Event, porting.Order) {
		e := event(porting.WasRejected, porting.Review, porting.Rejected)
		e.Reasons = []porting.Reason{{Code: porting.NameMismatch,
			Patch: map[string]string{"billing_name": "Augusta King"}}}
		return e, order()
	}},
	{"rejected_by_our_staff", func() (porting.Event, porting.Order) {
		e := event(porting.WasRejected, porting.Submitted, porting.Rejected)
		e.Reasons = []porting.Reason{{Code: "PORT_FREEZE", Said: "The account is locked since December."},
			{Code: porting.TNNotFound, Raw: "7518"}}
		return e, order()
	}},
	{"holder_asked", func() (porting.Event, porting.Order) {
		e, o := event(porting.Passed, porting.Processing, porting.Submitted), order()
		e.Message = porting.Say(porting.MsgPassed).With(porting.Say(porting.MsgHolderAsked))
		return e, o
	}},
	{"holder_asked_again", func() (porting.Event, porting.Order) {
		e, o := event(porting.Approved, porting.Review, porting.Submitted), order()
		e.Message = porting.Say(porting.MsgApproved).With(porting.Say(porting.MsgHolderAsked))
		return e, o
	}},
	{"asked_for_another_day", func() (porting.Event, porting.Order) {
		e, o := event(porting.AttemptSent, porting.Submitted, porting.Submitted), order()
		o.Details.Desired = "2026-02-12"
		e.Message = porting.Say(porting.MsgSent, "pon", "P1", "version", "0", "peer", "locals").With(
			porting.Say(porting.MsgAsksTooSoon, "date", "2026-02-17", "wish", "2026-02-12"))
		return e, o
	}},
	{"accepted_for_another_day", func() (porting.Event, porting.Order) {
		e, o := event(porting.WasAccepted, porting.Submitted, porting.Accepted), order()
		e.FOC, o.FOC, o.Details.Desired = "2026-02-19", "2026-02-19", "2026-02-12"
		e.Message = porting.Say(porting.MsgAccepted, "foc", "2026-02-19").With(
			porting.Say(porting.MsgWishedAndAsked, "wish", "2026-02-12", "asked", "2026-02-17"))
		return e, o
	}},
	{"expired_pending", func() (porting.Event, porting.Order) {
		e := event(porting.Expired, porting.Pending, porting.Cancelled)
		e.Ends = e.At
		return e, order()
	}},
	{"expired_rejected", func() (porting.Event, porting.Order) {
		e, o := event(porting.Expired, porting.Rejected, porting.Abandoned), order()
		e.Ends, o.Reasons = e.At, refused()[:1]
		return e, o
	}},
	{"not_portable", func() (porting.Event, porting.Order) {
		e := event(porting.NotPortable, porting.Processing, porting.Cancelled)
		e.Reasons = []porting.Reason{{Code: porting.NoCoverage, Numbers: []string{"+12065550101"}}}
		return e, order()
	}},
	{"reminded_pending", func() (porting.Event, porting.Order) {
		e := event(porting.Reminded, porting.Pending, porting.Pending)
		e.Ends = created.AddDate(0, 0, 45)
		e.At = e.Ends.AddDate(0, 0, -14)
		return e, order()
	}},
	{"reminded_rejected", func() (porting.Event, porting.Order) {
		e, o := event(porting.Reminded, porting.Rejected, porting.Rejected), order()
		e.Ends, o.Reasons = e.At.AddDate(0, 0, 1), refused()[:1]
		return e, o
	}},
	{"renewal_submitted", func() (porting.Event, porting.Order) {
		e := event(porting.RenewalAsked, porting.Submitted, porting.Submitted)
		e.Paper, e.Ends = porting.SignedLOA, e.At.AddDate(0, 0, 5)
		return e, order()
	}},
	{"renewal_of_a_bill", func() (porting.Event, porting.Order) {
		e := event(porting.RenewalAsked, porting.Submitted, porting.Submitted)
		e.Paper, e.Ends = porting.Bill, e.At.AddDate(0, 0, 5)
		return e, order()
	}},
	{"renewal_rejected", func() (porting.Event, porting.Order) {
		e := event(porting.RenewalAsked, porting.Rejected, porting.Rejected)
		e.Paper, e.Ends = porting.SignedLOA, e.At.AddDate(0, 0, -1)
		return e, order()
	}},
	{"accepted", func() (porting.Event, porting.Order) {
		e, o := event(porting.WasAccepted, porting.Submitted, porting.Accepted), order()
		e.FOC = "2026-02-19"
		o.Numbers[6].State, o.Numbers[6].Reason = porting.Excluded, porting.TNNotFound
		return e, o
	}},
	{"foc_moved", func() (porting.Event, porting.Order) {
		e := event(porting.FOCMoved, porting.Accepted, porting.Accepted)
		e.FOC, e.Message = "2026-02-23", porting.Say(porting.MsgMoved, "from", "2026-02-19", "to", "2026-02-23")
		return e, order()
	}},
	{"another_time", func() (porting.Event, porting.Order) {
		e := event(porting.FOCMoved, porting.Accepted, porting.Accepted)
		e.FOC, e.Message = "2026-02-23", porting.Say(porting.MsgHourMoved, "day", "2026-02-23").With(
			porting.Say(porting.MsgMovesOther, "at", "11:30 PST", "wish", "10:00 PST"))
		return e, order()
	}},
	{"dispute_opened", dispute(porting.DisputeOpened, porting.Pending, porting.MsgDisputeOpened)},
	{"dispute_of_our_numbers", dispute(porting.NumbersContested, porting.Submitted, porting.MsgContested)},
	{"dispute_asks_papers", dispute(porting.PapersAsked, porting.Pending, porting.MsgPapersAsked)},
	{"dispute_won", dispute(porting.DisputeDecided, porting.Pending, porting.MsgDisputeWon)},
	{"dispute_over", dispute(porting.DisputeEnded, porting.Submitted, porting.MsgContestOver)},
	{"dispute_lost_in_part", dispute(porting.NumbersYielded, porting.Rejected, porting.MsgYieldedSome)},
	{"port_is_doubted", dispute(porting.CaseOpened, porting.Completed, porting.MsgCaseOpened)},
	{"port_was_authorised", dispute(porting.CaseClosed, porting.Completed, porting.MsgCaseAuthorised)},
	{"dispute_lost", dispute(porting.NumbersYielded, porting.HardCanceled, porting.MsgYielded)},
	{"cancelled_early", func() (porting.Event, porting.Order) {
		e := event(porting.WasCancelled, porting.Pending, porting.Cancelled)
		e.Message = porting.Say(porting.MsgCancelled)
		return e, order()
	}},
	{"cancelled_after_a_rejection", func() (porting.Event, porting.Order) {
		e := event(porting.WasAbandoned, porting.Rejected, porting.Abandoned)
		e.Message = porting.Say(porting.MsgCancelled)
		return e, order()
	}},
	{"cancelled_as_the_carrier_confirms", func() (porting.Event, porting.Order) {
		e := event(porting.HardCancelled, porting.Accepted, porting.HardCanceled)
		e.Message, e.Charge, e.Refund = porting.Say(porting.MsgCancelConfirmed), 2500, 4550
		return e, order()
	}},
	{"cancelled_by_our_staff", func() (porting.Event, porting.Order) {
		e, o := event(porting.HardCancelled, porting.Submitted, porting.HardCanceled), order()
		e.Message, o.Withdrawing = porting.Say(porting.MsgHardCancelled, "why", "You asked for it."), true
		return e, o
	}},
	{"date_lost", func() (porting.Event, porting.Order) {
		e := event(porting.FOCLost, porting.Accepted, porting.Submitted)
		e.Message, e.Reasons = porting.Say(porting.MsgDateLost, "foc", "2026-02-19"), []porting.Reason{{Code: porting.FOCRejected}}
		return e, order()
	}},
	{"foc_moved_on_request", func() (porting.Event, porting.Order) {
		e := event(porting.FOCMoved, porting.Accepted, porting.Accepted)
		e.FOC, e.Charge = "2026-02-23", 750
		e.Message = porting.Say(porting.MsgMoved, "from", "2026-02-19", "to", "2026-02-23").With(
			porting.Say(porting.MsgDateAsked, "date", "2026-02-23"), porting.Say(porting.MsgChangeFee, "fee", "7.50"),
			porting.Say(porting.MsgOldDate, "date", "2026-02-19"))
		return e, order()
	}},
	{"change_done", func() (porting.Event, porting.Order) {
		e := event(porting.ChangeDone, porting.Accepted, porting.Accepted)
		e.Message = porting.Say(porting.MsgChangeDone).With(porting.Say(porting.MsgRemovalAsked, "numbers", "+12065550107"))
		return e, order()
	}},
	{"change_refused", func() (porting.Event, porting.Order) {
		e := event(porting.ChangeRefused, porting.Accepted, porting.Accepted)
		e.Message = porting.Say(porting.MsgChangeRefused).With(porting.Say(porting.MsgCancelAsked),
			porting.Say(porting.MsgChangeRefusedFor, "reason", string(porting.LateChangeRefused)))
		return e, order()
	}},
	{"completed_before_the_cancellation", func() (porting.Event, porting.Order) {
		e, o := event(porting.WasCompleted, porting.Accepted, porting.Completed), order()
		e.FOC = "2026-02-19"
		e.Message = porting.Say(porting.MsgCompleted).With(porting.Say(porting.MsgCancelAsked), porting.Say(porting.MsgMovedAllTheSame))
		return e, o
	}},
	{"completed", func() (porting.Event, porting.Order) {
		e, o := event(porting.WasCompleted, porting.Accepted, porting.Completed), order()
		e.FOC, o.Presets.CNAM = "2026-02-19", "c1"
		o.Numbers = o.Numbers[:2]
		return e, o
	}},
}

// dispute makes the event of a dispute about the order's first numbers.
func dispute(kind porting.EventKind, status porting.Status, key porting.MessageKey) func() (porting.Event, porting.Order) {
	return func() (porting.Event, porting.Order) {
		e, o := event(kind, status, status), order()
		if kind == porting.NumbersYielded {
			e.Before = porting.Submitted
		}
		if kind == porting.DisputeOpened || kind == porting.NumbersContested || kind == porting.PapersAsked || kind == porting.CaseOpened {
			e.Ends = e.At.AddDate(0, 0, 2)
		}
		e.Message = porting.Say(key, "numbers", "+12065550101,+12065550102", "until", "2026-02-12")
		return e, o
	}
}

// samplePage is the address of a page as a mail has it.
const samplePage = "https://order.portway.example/p/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKiss"

// variant is a case with or without a page.
type variant struct {
	name, page string
	event      func() (porting.Event, porting.Order)
}

// eitherWay has each case as a mail that shows calls, and as one that leads to the order's page.
func eitherWay() []variant {
	var all []variant
	for _, tc := range cases {
		all = append(all, variant{tc.name, "", tc.event}, variant{tc.name + "_with_page", samplePage, tc.event})
	}
	return all
}

// cutShort is a paragraph that ends in a colon, with another paragraph behind it.
var cutShort = regexp.MustCompile(`[^\n]*:\n\n[A-Z][^\n]*`)

// A mail that leads to the page has one button with its address, and shows no call of the API.
func TestMailsLeadToThePage(t *testing.T) {
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, o := tc.event()
			m, err := composer(t).Compose(e, o, samplePage)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(m.HTML, `href="`+samplePage+`"`); n != 1 || strings.Count(m.Text, "\n"+samplePage+"\n") != 1 {
				t.Errorf("%d buttons\n%s", n, m.Text)
			}
			for _, part := range []string{"/v2", "PATCH", "POST", "GET", "<pre", "portorders"} {
				if strings.Contains(m.Text+m.HTML, part) {
					t.Errorf("the mail has %q:\n%s", part, m.Text)
				}
			}
			if bad := cutShort.FindString(m.Text); bad != "" {
				t.Errorf("a sentence leads to a call that is not there: %q", bad)
			}
			if strings.Contains(m.Subject, samplePage) || len(m.HTML) > 50_000 {
				t.Errorf("%d bytes, %s", len(m.HTML), m.Subject)
			}
		})
	}
}

func TestCompose(t *testing.T) {
	for _, tc := range eitherWay() {
		t.Run(tc.name, func(t *testing.T) {
			e, o := tc.event()
			m, err := composer(t).Compose(e, o, tc.page)
			if err != nil {
				t.Fatal(err)
			}
			if m.Key != OrderKey("4503605600001", 7) {
				t.Errorf("key %s", m.Key)
			}
			for _, secret := range append(secrets, porting.Redacted) {
				if strings.Contains(m.Subject+m.Text+m.HTML, secret) {
					t.Errorf("the mail holds %q", secret)
				}
			}
			got := txtar.Format(&txtar.Archive{Files: []txtar.File{
				{Name: "subject", Data: []byte(m.Subject + "\n")}, {Name: "text", Data: []byte(m.Text)},
				{Name: "html", Data: []byte(m.HTML)},
			}})
			golden := filepath.Join("testdata", tc.name+".txtar")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s (-update writes it):\n%s", golden, got)
			}
		})
	}
}

// Every kind of event that is mailed has a golden mail, and every golden mail has a case that writes it.
func TestEveryMailedKindHasAGoldenMail(t *testing.T) {
	golden := map[porting.EventKind]bool{}
	files := map[string]bool{"webhook_paused.txtar": true} // TestPaused
	for _, tc := range cases {
		e, _ := tc.event()
		golden[e.Kind], files[tc.name+".txtar"] = true, true
		files[tc.name+"_with_page.txtar"] = true
	}
	for _, kind := range porting.Mailed() {
		if mails[kind] == nil {
			t.Errorf("mails.go: mails has no text for events of the kind %s", kind)
		}
		if !golden[kind] {
			t.Errorf("compose_test.go: no golden mail tells of %s: add an entry to cases, and run with -update", kind)
		}
	}
	if len(mails) != len(porting.Mailed()) {
		t.Errorf("mails.go has %d texts, and %d kinds of event are mailed (porting's event.go)", len(mails), len(porting.Mailed()))
	}
	written, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range written {
		if !files[filepath.Base(file)] {
			t.Errorf("no case writes %s", file)
		}
	}
	if len(written) != len(files) {
		t.Errorf("%d golden mails for %d cases", len(written), len(files))
	}
	if _, err := composer(t).Compose(event(porting.Checked, porting.Submitted, porting.Submitted), order(), ""); err == nil {
		t.Error("a check of the order made a mail")
	}
}

// No mail lists a number that takes no part any more, among the order's numbers or those that a reason is about, save
// the section that says which numbers are left out.
func TestNoMailListsANumberThatTakesNoPart(t *testing.T) {
	const gone, goneToo = "+12065550198", "+12065550199"
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, o := tc.event()
			for _, tn := range []string{gone, goneToo} {
				o.Numbers = append(o.Numbers[:1:1],
					append([]porting.Number{{TN: tn, State: porting.Excluded, Reason: porting.TNNotFound}},
						o.Numbers[1:]...)...)
			}
			about := []porting.Reason{ // before the others: a subject names the first
				{Code: porting.OrderIncomplete, Numbers: []string{gone, goneToo}},
				{Code: porting.NoCoverage, Numbers: []string{o.Numbers[0].TN, gone}},
			}
			e.Reasons, o.Reasons = slices.Concat(about, e.Reasons), slices.Concat(about, o.Reasons)
			m, err := composer(t).Compose(e, o, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, told := range []string{m.Subject, m.Text, m.HTML} {
				if before, section, ok := strings.Cut(told, "Numbers that are left out"); ok {
					_, after, _ := strings.Cut(section, "What happens next")
					told = before + after
				}
				for _, tn := range []string{gone, goneToo} {
					if strings.Contains(told, tn) || strings.Contains(told, text.Number(tn)) {
						t.Errorf("the mail lists %s:\n%s", tn, told)
					}
				}
				if info := porting.OrderIncomplete.Info(); strings.Contains(told, info.Title) {
					t.Errorf("the mail tells of a reason that is about no number of the order:\n%s", told)
				}
			}
			if active := text.Number(o.Numbers[0].TN); !strings.Contains(m.Text, active) {
				t.Errorf("the mail does not list %s", active)
			}
		})
	}
}

// Mails are written for people: labels instead of wire names outside of the calls that they show, dates in words, and
// no number in its wire form.
func TestMailsAreForPeople(t *testing.T) {
	for _, name := range porting.DetailFields() {
		if labels[name] == "" {
			t.Errorf("labels.go: the detail %s has no label", name)
		}
	}
	wire := regexp.MustCompile(`\b[a-z]+_[a-z_]+\b|\b\d{4}-\d\d-\d\d\b|\+1\d{10}|\b[A-Z]+_[A-Z_]+\b|(?i)\bversion \d`)
	for _, tc := range cases {
		e, o := tc.event()
		d := composer(t).draft()
		d.e, d.o = e, o
		mails[e.Kind](d)
		for _, b := range d.blocks {
			if b.as == code {
				continue
			}
			for _, text := range append([]string{d.about, b.text}, slices.Concat(rowsOf(b)...)...) {
				if found := wire.FindString(text); found != "" {
					t.Errorf("%s: %q is our word and not the reader's: %s", tc.name, found, text)
				}
			}
		}
	}
}

func rowsOf(b block) [][]string {
	all := make([][]string, 0, len(b.rows))
	for _, row := range b.rows {
		all = append(all, row[:])
	}
	return all
}

func TestTextOfOthersStaysText(t *testing.T) {
	const evil = "</td><script>alert(1)</script><a href=\"http://evil.example\">x</a>\r\nBcc: x@evil.example\u202e"
	o := order()
	o.Details.Alias, o.Details.Provider = evil, evil
	e := event(porting.WasRejected, porting.Submitted, porting.Rejected)
	e.Reasons = []porting.Reason{{Code: porting.AddressMismatch, Raw: "<b>", Said: evil, Numbers: []string{evil},
		Patch: map[string]string{"street": evil}}}
	m, err := composer(t).Compose(e, o, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"evil", "script"} { // what people have typed stands in no subject and in no sentence before the facts
		before, _, _ := strings.Cut(m.Text, "Order:")
		if strings.Contains(m.Subject+before, typed) {
			t.Errorf("the subject or the first sentence has %q", typed)
		}
	}
	for _, address := range []string{"evil.example", "://", "x@evil"} {
		before, _, _ := strings.Cut(m.Text, "How to fix it") // where a call shows a value as it is
		if strings.Contains(before, address) {
			t.Errorf("a mail program makes a link of %q:\n%s", address, before)
		}
	}
	for _, markup := range []string{"<script", "<a ", "<b>", "\u202e"} {
		if strings.Contains(m.HTML, markup) {
			t.Errorf("HTML holds %q", markup)
		}
	}
	if strings.ContainsAny(m.Subject, "\r\n\u202e") || strings.ContainsAny(m.Text, "\r\u202e") {
		t.Errorf("subject or text holds a line or a turn of others: %q", m.Subject)
	}
}

func TestEveryReasonMakesAMail(t *testing.T) {
	for _, row := range porting.Reasons {
		e := event(porting.WasRejected, porting.Submitted, porting.Rejected)
		e.Reasons = []porting.Reason{{Code: row.Code}}
		m, err := composer(t).Compose(e, order(), "")
		if err != nil {
			t.Fatal(err)
		}
		unwrapped := strings.Join(strings.Fields(m.Text), " ")
		for _, s := range append([]string{row.Title, row.Meaning, row.Do}, row.Fields...) {
			s = s[strings.Index(s, "/")+1:] // a field within another
			if !strings.Contains(unwrapped, s) {
				t.Errorf("%s: the mail lacks %q", row.Code, s)
			}
		}
		for l := range strings.SplitSeq(m.Text, "\n") {
			if len([]rune(l)) > 78 && strings.Contains(strings.TrimSpace(l), " ") && !strings.HasPrefix(l, "    ") {
				t.Errorf("%s: a line of %d: %s", row.Code, len(l), l)
			}
		}
	}
}

func BenchmarkCompose(b *testing.B) {
	c := Composer{Rules: porting.Standard(calendar{time.UTC}), API: "https://api.portway.example/v2"}
	e, o := cases[0].event()
	for b.Loop() {
		if _, err := c.Compose(e, o, ""); err != nil {
			b.Fatal(err)
		}
	}
}
