package dynamo_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portway/internal/account"
	"portway/internal/desk"
	"portway/internal/dynamo"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// currentForm names the golden items that the present code writes: testdata/golden/<form>/<kind>.json, in DynamoDB's
// JSON. A table in use has items of every form that was ever written. So each form stays readable for good, and its
// files never change once they are released.
//
// Whoever changes how an item is written gives currentForm a new name and runs
//
//	go test ./internal/dynamo -run TestGoldenItems -update
//
// which writes the new form beside the older ones. olderForms then says what the older form does not have.
const currentForm = "v9"

// olderForms has the forms before the current one. The function of a form takes what the form does not have, because a
// field is younger, off what is expected.
var olderForms = map[string]func(*domain){
	"v1": all(sentences, roles, unfenced, unclassed, unasked, byLastRelease), // records of mails about webhooks stood under another key
	"v2": all(sentences, roles, unfenced, unclassed, unasked, byLastRelease), // all details stood in one map, by other names
	"v3": all(unleased, roles, unfenced, unclassed, unasked, byLastRelease),  // heads did not say which numbers and attempts belong to them
	"v4": all(unleased, roles, unfenced, unclassed, unasked, byLastRelease),
	"v5": all(roles, unfenced, unclassed, unasked, byLastRelease), // nothing said since when an item is parked, and the digest of attempts had fewer fields
	"v6": all(unclassed, unasked, byLastRelease),                  // orders had no class
	"v7": all(unasked, byLastRelease),                             // nothing said who has proven to hold an account
	"v8": byLastRelease,
}

// byLastRelease takes off what the form of the last release does not have. Histories of the simulation do the same to orders
// and events that functions of the last release write.
func byLastRelease(d *domain) {
	for i := range d.Accounts {
		if d.Accounts[i].Tariff != (porting.Tariff{}) {
			d.Accounts[i].Tariff = porting.Tariff{}
			d.Accounts[i].Balance -= d.Events[0].Refund
		}
	}
	d.Lines = slices.DeleteFunc(d.Lines, func(l account.Line) bool { return l.Kind == account.RefundLine })
	for i := range d.Lines {
		d.Lines[i].Change = ""
		if d.Lines[i].Kind != account.DepositLine {
			d.Lines[i].Reference = ""
		}
	}
	d.Due = slices.DeleteFunc(d.Due, func(due string) bool { return strings.Contains(due, "|HOLDING ") })
	d.Due = slices.DeleteFunc(d.Due, func(due string) bool { return strings.Contains(due, string(porting.DueDispute)) })
	d.Due = slices.DeleteFunc(d.Due, func(due string) bool { return strings.Contains(due, string(porting.DueSwitch)) })
	d.Learned, d.Rows, d.Changes = porting.Learned{}, nil, nil
	d.Links, d.LinkKey = nil, nil
	d.Sent, d.Sendings[3] = d.Sent[:2], mail.Lease{State: mail.Fresh, Tries: 1} // no mail had a link of its reader's own
	for i, m := range d.Sent {
		d.Sent[i] = orders.SentMail{Order: m.Order, Version: m.Version, Fate: orders.MailSent}
		if m.Fate == orders.MailSending {
			d.Sent[i].Fate = m.Fate
		}
	}
	d.SearchKey, d.Found = nil, nil
	d.Mark, d.Notes = desk.Mark{}, nil
	for i := range d.Orders {
		d.Orders[i] = storetest.ByLastRelease(d.Orders[i])
	}
	for _, keys := range [][]account.Key{d.Keys, d.Listed} {
		for i := range keys {
			keys[i].Scopes, keys[i].Ranges = "", ""
		}
	}
	for i := range d.Accounts {
		d.Accounts[i].Strict, d.Accounts[i].Quiet, d.Accounts[i].MailCalls = false, "", false
		d.Accounts[i].Looks = account.Looks{}
	}
	for _, events := range [][]porting.Event{d.Events, d.Fed} {
		for i := range events {
			events[i] = storetest.EventByLastRelease(events[i])
		}
	}
}

// unclassed takes off what the forms before v7 do not have: the class of an order.
func unclassed(d *domain) {
	for i := range d.Orders {
		d.Orders[i].Class = ""
	}
}

// unasked takes off what the forms before v8 do not have: by which secret a customer has proven to hold the account, what
// its carrier was told before it gave the record, and which events are of an unproven order. An order that was past the comparison with
// the record keeps what it has shown.
func unasked(d *domain) {
	for i, o := range d.Orders {
		o.Proof, o.Misses = porting.Proof{}, nil
		if o.CSRSettled || len(o.Reasons) > 0 {
			o.Proof.By = porting.ProofEarlier
		}
		o.Attempts = slices.Clone(o.Attempts)
		for n := range o.Attempts {
			o.Attempts[n].Supplied = false
		}
		d.Orders[i] = o
	}
	for _, events := range [][]porting.Event{d.Events, d.Fed} {
		for i := range events {
			events[i].Message.Unproven = false
		}
	}
}

// unleased takes off what the forms before v5 do not have: who is sending a request, what it carries, what its peer has
// shown since, and that it is to end.
func unleased(d *domain) {
	for i := range d.Orders {
		d.Orders[i].Withdrawing = false
		d.Orders[i].Attempts = slices.Clone(d.Orders[i].Attempts)
		for j := range d.Orders[i].Attempts {
			a := &d.Orders[i].Attempts[j]
			a.Leased, a.Seen, a.Digest = time.Time{}, time.Time{}, porting.Secret{}
		}
	}
}

// unfenced takes off what the forms before v6 do not have: which try of a state has left its token, and the run of a wait.
func unfenced(d *domain) {
	for i := range d.Orders {
		d.Orders[i].Driver.Fence, d.Orders[i].Wait.Run = porting.Fence{}, 0
	}
}

// all takes off what each of the forms does not have.
func all(younger ...func(*domain)) func(*domain) {
	return func(d *domain) {
		for _, one := range younger {
			one(d)
		}
	}
}

// roles are all that events before v6 have of who gave a command, beside a name. Documents were fetched without a
// job, and the cause of a document's failure was a sentence.
func roles(d *domain) {
	d.Pulls = nil
	for i, o := range d.Orders {
		d.Orders[i].Documents = slices.Clone(o.Documents)
		for j := range o.Documents {
			if !o.Documents[j].Why.IsZero() {
				d.Orders[i].Documents[j].Why = porting.Words("It is no PDF file.")
			}
		}
	}
	for _, events := range [][]porting.Event{d.Events, d.Fed} {
		for i, e := range events {
			events[i].By.Way = ""
			if e.By.Role == porting.Customer {
				events[i].By.Name = "customer"
			}
		}
	}
}

// sentences are what the forms before v3 have in the place of messages; they know no note with a reason.
func sentences(d *domain) {
	unleased(d)
	events := func(all []porting.Event) {
		for i, e := range all {
			if !e.Message.IsZero() {
				all[i].Message = porting.Words("The carrier refused.")
			}
			for j := range e.Reasons {
				e.Reasons[j].Note = porting.Message{}
			}
		}
	}
	events(d.Events)
	events(d.Fed)
	for i, due := range d.Due {
		if before, _, ok := strings.Cut(due, "A step could not be done"); ok {
			d.Due[i] = before + "Which name is right?"
		}
	}
	for i, o := range d.Orders {
		if !o.Desk.IsZero() {
			d.Orders[i].Desk = porting.Words("Which name is right?")
		}
		reasons := slices.Clone(o.Reasons)
		for j := range reasons {
			reasons[j].Note = porting.Message{}
		}
		d.Orders[i].Reasons = reasons[:min(2, len(reasons))]
	}
}

var update = flag.Bool("update", false, "write the golden items of the current form")

const goldenRoot = "testdata/golden"

// kinds lists the kinds of items: the name of the golden file, the pattern of the keys, and the Go type by which the
// items are written, where there is one.
var kinds = []struct {
	name string
	key  *regexp.Regexp
	item string
}{
	{"order_head", regexp.MustCompile(`^O#\d+\|ORDER$`), "dynamo.headItem"},
	{"order_numbers", regexp.MustCompile(`^O#\d+\|NUMBERS#\d{3}$`), "dynamo.chunkItem"},
	{"order_attempt", regexp.MustCompile(`^O#\d+\|TRY#\d{4}$`), "dynamo.tryItem"},
	{"order_taking", regexp.MustCompile(`^O#\d+\|HOLDING$`), "dynamo.takingItem"},
	{"order_event", regexp.MustCompile(`^O#\d+\|EVENT#\d{10}\.\d+$`), "dynamo.eventItem"},
	{"order_due", regexp.MustCompile(`^O#\d+\|DUE#[a-z-]+$`), "dynamo.dueItem"},
	{"desk_mark", regexp.MustCompile(`^O#\d+\|DESK#MARK$`), "deskrows.markRow"},
	{"desk_note", regexp.MustCompile(`^O#\d+\|DESK#NOTE#[^|]+$`), "deskrows.noteRow"},
	{"order_mail_kept", regexp.MustCompile(`^O#\d+\|COPY#\d{10}$`), "dynamo.mailItem"},
	{"mail_record", regexp.MustCompile(`^(O#\d+|M#[a-z]+#\w+)\|MAIL#\d{10}(#[0-9a-z]{8})?$`), "mailrecord.record"},
	{"number_hold", regexp.MustCompile(`^TN#([^/|]+/)?\+\d+\|CLAIM$`), "dynamo.holdItem"},
	{"group", regexp.MustCompile(`^G#\d+\|GROUP$`), "dynamo.groupItem"},
	{"intake", regexp.MustCompile(`^G#\d+\|INTAKE$`), "dynamo.intakeItem"},
	{"receipt", regexp.MustCompile(`^I#[^#|]+#[^|]*\|KEY$`), "dynamo.receiptItem"},
	{"account", regexp.MustCompile(`^A#[^|]+\|ACCOUNT$`), "dynamo.accountItem"},
	{"account_key", regexp.MustCompile(`^A#[^|]+\|ACCESS#\w+$`), ""},
	{"account_ledger", regexp.MustCompile(`^A#[^|]+\|LEDGER#[^#|]+#[^|]+$`), "dynamo.ledgerItem"},
	{"account_once", regexp.MustCompile(`^A#[^|]+\|ONCE#[^|]+$`), "dynamo.onceItem"},
	{"account_unsigned", regexp.MustCompile(`^A#[^|]+\|UNSIGNED$`), "dynamo.unsignedItem"},
	{"account_preset", regexp.MustCompile(`^A#[^|]+\|PRESET#\w+#\d{16}$`), "dynamo.presetItem"},
	{"key", regexp.MustCompile(`^K#\w+\|KEY$`), "dynamo.keyItem"},
	{"webhook", regexp.MustCompile(`^A#[^|]+\|HOOK#\w+$`), "dynamo.hookItem"},
	{"webhook_record", regexp.MustCompile(`^W#[^#|]+#\w+\|D#[^|]+$`), "dynamo.deliveryItem"},
	{"webhook_work", regexp.MustCompile(`^W#[^#|]+#\w+\|P#[^|]+$`), "dynamo.workItem"},
	{"pull_job", regexp.MustCompile(`^F#[^|]+\|\d{16}#\d+$`), "dynamo.pullItem"},
	{"score", regexp.MustCompile(`^S#(peer|carrier):[^|]+\|MONTH#\d{4}-\d\d#\d#[^|]+$`), ""},
	{"learned", regexp.MustCompile(`^C#[^|/]+\|LEARNED#\d{4}-\d#\d$`), ""},
	{"carrier_row", regexp.MustCompile(`^C#/rows\|ROW#[a-z0-9-]+$`), "carrierrows.rowItem"},
	{"carrier_change", regexp.MustCompile(`^C#/rows\|CHANGE#[a-z0-9-]+#[^|]+$`), "carrierrows.changeItem"},
	{"sandbox_world", regexp.MustCompile(`^S#[^:|]+\|WORLD$`), "sandboxworld.item"},
	{"order_link", regexp.MustCompile(`^O#\d+\|LINK#[0-9a-z]{8}$`), "dynamo.linkItem"},
	{"link_key", regexp.MustCompile(`^P#links\|KEY$`), "linkkey.item"},
	{"search_key", regexp.MustCompile(`^P#search\|KEY$`), "linkkey.item"},
	{"search_word", regexp.MustCompile(`^O#\d+\|FIND#[0-9a-f]{32}$`), "searchrows.row"},
	{"somos_session", regexp.MustCompile(`^P#somos\|SESSION$`), "somossession.item"},
}

func kindOf(key string) string {
	for _, k := range kinds {
		if k.key.MatchString(key) {
			return k.name
		}
	}
	return ""
}

// Items of every form are read as the values from which they were written, and the current form is the one that is
// written.
func TestGoldenItems(t *testing.T) {
	t.Run("the current form is what is written", func(t *testing.T) {
		name, client := table(t)
		given().write(t, name, client)
		written := slices.Collect(maps.Values(items(t, name, client)))
		dir := filepath.Join(goldenRoot, currentForm)
		if *update {
			rewrite(t, dir, written)
		}
		got := forms(t, written)
		want := forms(t, stored(t, dir))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Items are written in another form than %s has; see currentForm. %[1]s (-), written (+):\n%s",
				currentForm, diff)
		}
		for _, k := range kinds {
			if len(got[k.name]) == 0 {
				t.Errorf("no golden item is a %s", k.name)
			}
		}
	})
	forms, err := os.ReadDir(goldenRoot)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range forms {
		t.Run(form.Name()+" is read", func(t *testing.T) {
			want := given()
			if younger, ok := olderForms[form.Name()]; ok {
				younger(&want)
			} else if form.Name() != currentForm {
				t.Fatal("it is neither the current form nor among the older ones")
			}
			name, client := table(t)
			for _, i := range stored(t, filepath.Join(goldenRoot, form.Name())) {
				if _, err := client.PutItem(t.Context(),
					&dynamodb.PutItemInput{TableName: &name, Item: i}); err != nil {
					t.Fatal(err)
				}
			}
			same := cmp.Options{cmp.Comparer(func(a, b porting.Secret) bool {
				return a.Sealed() == b.Sealed() &&
					a.Reveal() == b.Reveal()
			}),
				cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }), cmpopts.EquateEmpty()}
			got := read(t, name, client, want)
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("written (-), read (+):\n%s", diff)
			}
			// What died half-way can still be undone.
			s := dynamo.New(client, name, nil)
			for _, due := range []string{"G#8000000000000003|INTAKE", "G#8000000000000004|INTAKE"} {
				if err := s.Undo(t.Context(), orders.Due{Key: due}); err != nil {
					t.Error(err)
				}
			}
			for key := range items(t, name, client) {
				if strings.Contains(key, "INTAKE") || strings.Contains(key, "O#1003") ||
					strings.Contains(key, "O#1004") {
					t.Errorf("%s outlives its undoing", key)
				}
			}
		})
	}
}
