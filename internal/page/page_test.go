package page

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

func TestStatus(t *testing.T) {
	for name, test := range map[string]struct {
		steps []porting.Command
		want  []string
		not   []string
	}{
		"pending: sign":        {nil, []string{"Your order waits for your signature", "Read and sign", "step 1 of 5", `aria-current="step"`}, nil},
		"submitted: nothing":   {toRejected[:2], []string{"Your carrier has the request", "step 3 of 5", "Choose another day"}, []string{"panel\" aria"}},
		"rejected: correct":    {toRejected, []string{"Something has to be corrected", "See what is wrong", "Choose another day"}, []string{"98104", "Ada Lovelace"}},
		"cancelled: all over":  {[]porting.Command{porting.Cancel{By: storetest.Customer}}, []string{"This order was cancelled", "stays with your carrier"}, []string{"<form", "/cancel"}},
		"processing: we check": {toRejected[:1], []string{"We are checking your order", "Ask", "step 2 of 5"}[:1], nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := w.open(w.order(2, test.steps...))
			w.has(b.last.Body, test.want...)
			w.has(b.last.Body, "(206) ")
			for _, part := range append(test.not, storetest.SecretAccount, storetest.SecretPIN, storetest.SecretSSN) {
				if strings.Contains(b.last.Body, part) {
					t.Errorf("the page has %q", part)
				}
			}
			if b.last.StatusCode != http.StatusOK {
				t.Errorf("status %d", b.last.StatusCode)
			}
		})
	}
}

// What a customer or our staff has typed is text on the page, whatever it looks like.
func TestForeignTextIsText(t *testing.T) {
	w := newWorld(t)
	const hostile = `<script>x</script>"'&<img src=x>`
	o := w.order(1, porting.Comment{By: storetest.Staff, Text: hostile})
	b := w.open(o)
	if strings.Contains(b.last.Body, "<script") || strings.Contains(b.last.Body, "<img") {
		t.Errorf("it is markup:\n%s", b.last.Body)
	}
	w.has(b.last.Body, "&lt;script&gt;x&lt;/script&gt;")
}

func TestSign(t *testing.T) {
	w := newWorld(t)
	o := w.order(2)
	b := w.open(o)
	t.Run("nothing is shown before the code", func(t *testing.T) {
		if body := b.get("sign"); strings.Contains(body, "Ada Lovelace") || !strings.Contains(body, "j…@example.com") {
			t.Errorf("it shows the letter:\n%s", body)
		}
	})
	w.has(b.enter("sign"), "Ada Lovelace", "500 Pike Street, Seattle, WA, 98101, US", "Electronic records and signatures", "Example Telecom LLC")
	t.Run("every gap is told, and what was typed stays", func(t *testing.T) {
		w.T = t
		w.has(b.post("sign", map[string]string{"title": "CEO <b>"}), "There is a problem", `href="#name"`, `href="#capacity"`, `href="#consent"`,
			`value="CEO &lt;b&gt;"`, "<title>Error: ")
		if b.last.StatusCode != http.StatusUnprocessableEntity || w.load(o).Status != porting.Pending {
			t.Errorf("status %d, order %s", b.last.StatusCode, w.load(o).Status)
		}
	})
	w.T = t
	w.has(b.post("sign", map[string]string{"name": "Ada Lovelace", "title": "CEO", "capacity": "holder", "consent": "yes"}), "Thank you. You have signed")
	signed := w.load(o)
	s := signed.Signature
	if signed.Status != porting.Processing || s.Name != "Ada Lovelace" || s.Title != "CEO" || s.IP != "192.0.2.7" || s.Capacity != porting.Holder ||
		s.Words != porting.LOAVersion {
		t.Errorf("order %s, signature %+v", signed.Status, s)
	}
	events, _, err := w.store.History(t.Context(), o.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	by := events[len(events)-1].By
	if by.Role != porting.Customer || by.Way != porting.WayLink || !strings.HasPrefix(by.Name, "link-") || events[len(events)-1].KeyID() != "" {
		t.Errorf("it was signed by %+v", by)
	}
	t.Run("a second click changes nothing", func(t *testing.T) {
		w.T = t
		w.has(b.get("sign"), "There is nothing to sign")
	})
}

// A signature that another account's order refuses is noted on the order, whose account can open a dispute then.
func TestSignWhatAnotherOrderHolds(t *testing.T) {
	w := newWorld(t)
	o := w.order(1)
	_, others, err := w.book.Create(t.Context(), storetest.Draft("b", o.Numbers[0].TN))
	if err == nil {
		_, err = w.book.Do(t.Context(), others[0].ID, storetest.Sign())
	}
	if err != nil {
		t.Fatal(err)
	}
	b := w.open(o)
	b.enter("sign")
	body := b.post("sign", map[string]string{"name": "Ada Lovelace", "title": "CEO", "capacity": "holder", "consent": "yes"})
	if got := w.load(o); got.Status != porting.Pending || len(got.AlsoAsked) != 1 || strings.Contains(body, string(others[0].ID)) {
		t.Errorf("order %s, told of %v:\n%s", got.Status, got.AlsoAsked, body)
	}
}

// The LOA is shown, signed and kept in the language of the page.
func TestSignInAnotherLanguage(t *testing.T) {
	for language, want := range map[porting.Language][]string{
		porting.Spanish: {"Carta de autorización", "Esta carta de autorización tiene un único fin", "Firmar y enviar", `lang="es"`},
		porting.French:  {"Lettre d’autorisation", "autorisation a un seul but", "Signer et envoyer", `lang="fr-CA"`},
	} {
		t.Run(string(language), func(t *testing.T) {
			w := newWorld(t)
			o := w.order(1)
			b := w.open(o)
			b.get("?lang=" + string(language))
			w.has(b.enter("sign"), want...)
			w.has(b.post("sign", nil), "href=\"#name\"")
			b.post("sign", map[string]string{"name": "Ada Lovelace", "title": "CEO", "capacity": "holder", "consent": "yes"})
			signed := w.load(o)
			if s := signed.Signature; s.Language != language || !strings.Contains(b.last.Body, `<html lang="`+string(language)) {
				t.Errorf("signed in %q", s.Language)
			}
		})
	}
}

// The language is the one that the person has chosen, then that of the link, then one that the browser names.
func TestLanguages(t *testing.T) {
	w := newWorld(t)
	o := w.order(1)
	b := w.open(o)
	is := func(name string, want porting.Language) {
		t.Helper()
		if got := b.get(name); !strings.Contains(got, `<html lang="`+string(want)+`">`) {
			t.Errorf("%q: %.80s, want %s", name, got, want)
		}
	}
	is("", porting.English)
	b.accept = "de, fr-FR;q=0.8, en;q=0.5"
	is("", porting.French)
	w.has(b.get("settings"), "Dans quelle langue")
	w.has(b.post("settings", map[string]string{"language": "es"}), "Hemos anotado el idioma")
	is("", porting.Spanish)
	b.cookies = map[string]string{} // another browser
	is("", porting.Spanish)
	is("?lang=en", porting.English)
	is("", porting.English)
	is("?lang=tlh", porting.English)
	if l, err := w.store.Links(t.Context(), o.ID); err != nil || l[0].Language != porting.Spanish {
		t.Errorf("the link has the language %q (%v)", l[0].Language, err)
	}
}

// group makes orders of n carriers by one call.
func (w *world) group(n int) []porting.Order {
	w.Helper()
	from++
	d := storetest.Draft("a", storetest.Numbers(from, n)...)
	for i := range d.Lines {
		d.Lines[i].Carrier.SPID = fmt.Sprintf("%04d", 1000+i)
	}
	_, made, err := w.book.Create(w.Context(), d)
	if err != nil || len(made) != n {
		w.Fatalf("%d orders (%v)", len(made), err)
	}
	return made
}

// The code opens all orders of a group, each with its own link, and one act signs the letters of all.
func TestGroup(t *testing.T) {
	w := newWorld(t)
	made := w.group(3)
	other := w.order(1)
	b := w.open(made[0])
	w.has(b.last.Body, "See all orders of this group")
	w.has(b.get("group"), "Before you go on")
	w.has(b.enter("group"), string(made[0].ID), string(made[1].ID), string(made[2].ID), "Read and sign all")
	if strings.Contains(b.last.Body, string(other.ID)) {
		t.Error("it lists an order of another group")
	}
	w.has(b.get("sign-all"), "Letter of agency for order "+string(made[2].ID), "Your signature is set under each", "Ada Lovelace")
	w.has(b.post("sign-all", nil), "There is a problem", `href="#name"`)
	fields := map[string]string{"name": "Ada Lovelace", "title": "CEO", "capacity": "holder", "consent": "yes"}
	t.Run("an order that was changed in between is not signed", func(t *testing.T) {
		if _, err := w.book.Do(t.Context(), made[1].ID, porting.Comment{By: storetest.Staff, Text: "Wait."}); err != nil {
			t.Fatal(err)
		}
		w.T = t
		w.has(b.post("sign-all", fields), "Some letters have changed", "Letter of agency for order "+string(made[1].ID))
		if s := w.load(made[1]).Status; s != porting.Pending {
			t.Errorf("it is %s", s)
		}
	})
	w.T = t
	for _, o := range []porting.Order{made[0], made[2]} {
		if got := w.load(o); got.Status != porting.Processing || got.Signature.Name != "Ada Lovelace" || got.Signature.Order != o.ID {
			t.Errorf("order %s is %s, signed by %q", o.ID, got.Status, got.Signature.Name)
		}
	}
	b.get("sign-all")
	w.has(b.post("sign-all", fields), "You have signed 1 letter.")
	t.Run("another order opens by its own link", func(t *testing.T) {
		w.T = t
		b.get("group")
		body := b.last.Body
		in := b.event(http.MethodPost, "/p/"+b.token+"/group", "")
		form := url.Values{"order": {string(other.ID)}}
		for _, f := range inputTag.FindAllStringSubmatch(formTag.FindString(body), -1) {
			if f[1] != "order" {
				form.Set(f[1], f[2])
			}
		}
		in.Body = form.Encode()
		if out := b.send(in); out.StatusCode != http.StatusNotFound {
			t.Errorf("an order of another group: %d", out.StatusCode)
		}
		form.Set("order", string(made[1].ID))
		in.Body = form.Encode()
		out := b.send(in)
		w.has(b.follow(out), "We are checking your order", string(made[1].ID))
		if l, err := w.store.Links(t.Context(), made[1].ID); err != nil || len(l) != 1 || l[0].To != person {
			t.Errorf("%d links (%v)", len(l), err)
		}
	})
}

// A link opens the others of its group only as far as the person's links of them do.
func TestNoLinkOpensMoreOfItsGroup(t *testing.T) {
	t.Run("a link that the account has made opens its one order", func(t *testing.T) {
		for _, scope := range []link.Scope{{link.See}, {link.See, link.Sign}} {
			w := newWorld(t)
			made := w.group(2)
			l, token, err := w.page.Links.Draft(t.Context(), link.Link{Order: made[0].ID, Account: "a", To: person, Scope: scope, Expires: w.now.AddDate(0, 0, 1)})
			if err == nil {
				err = w.store.SaveLink(t.Context(), l, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			b := &browser{world: w, token: token.Reveal(), cookies: map[string]string{}}
			if body := b.get(""); strings.Contains(body, "See all orders") {
				t.Error("it offers the group")
			}
			if b.enter("group"); b.last.StatusCode != http.StatusNotFound {
				t.Errorf("the group: %d", b.last.StatusCode)
			}
			if strings.Contains(b.get("sign-all"), string(made[1].ID)) {
				t.Error("it shows another order's letter")
			}
			for _, o := range made {
				if all, err := w.store.Links(t.Context(), o.ID); err != nil || slices.ContainsFunc(all, func(l link.Link) bool { return l.Scope.Has(link.Cancel) }) {
					t.Errorf("it made a link of more verbs (%v)", err)
				}
			}
		}
	})
	t.Run("an order whose link was taken back is not signed with the others, and each is signed by its own link", func(t *testing.T) {
		w := newWorld(t)
		made := w.group(3)
		w.open(made[1])
		l, err := w.store.Links(t.Context(), made[1].ID)
		if err == nil {
			err = w.store.SaveLink(t.Context(), link.Revoke(l[0], w.now), nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		b := w.open(made[0])
		if strings.Contains(b.enter("sign-all"), string(made[1].ID)) {
			t.Error("the letter is shown")
		}
		w.has(b.post("sign-all", map[string]string{"name": "Ada Lovelace", "title": "CEO", "capacity": "holder", "consent": "yes"}), "You have signed 2 letters")
		for i, want := range []porting.Status{porting.Processing, porting.Pending, porting.Processing} {
			o := w.load(made[i])
			by := link.IDOf(o.ID, person)
			if o.Status != want || want == porting.Processing && !strings.Contains(o.Signature.By, by) {
				t.Errorf("order %d is %s, signed by %q, want %s and %s", i, o.Status, o.Signature.By, want, by)
			}
		}
	})
}

// A letter is signed in the language in which it was read.
func TestTheLanguageChangesInAnotherWindow(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.order(1))
	b.enter("sign")
	shown := b.last
	b.get("?lang=fr")
	b.last = shown
	fields := map[string]string{"name": "Ada Lovelace", "title": "CEO", "capacity": "holder", "consent": "yes"}
	w.has(b.post("sign", fields), "La langue de cette page a chang", "Lettre d")
	w.has(b.post("sign", fields), `lang="fr`)
	if all := w.store.Orders(); all[0].Signature.Language != porting.Language("fr-CA") || all[0].Status != porting.Processing {
		t.Errorf("it is %s, signed in %q", all[0].Status, all[0].Signature.Language)
	}
}

// The code that a file needs leads to the file.
func TestFileBehindTheCode(t *testing.T) {
	w := newWorld(t)
	o := w.order(1, porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument}},
		porting.SettleDocument{By: storetest.System, ID: "1", Digest: "abc", Size: 1, Pages: 1})
	const id = "1"
	b := w.open(o)
	b.enter("file/" + id)
	if to := b.last.Headers["Location"]; b.last.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "https://bucket.example.com/") {
		t.Errorf("%d to %q", b.last.StatusCode, to)
	}
	for _, next := range []string{"file/99", "file/../sign", "https://example.com/", "file/" + id + "/x"} {
		v := &visit{Page: w.page, order: w.load(o), form: url.Values{"next": {next}}}
		if got := v.nextScreen(); got != "" {
			t.Errorf("%q leads to %q", next, got)
		}
	}
}

// A page takes two reads of the table: the link with its order and messages, and the account.
func TestReads(t *testing.T) {
	w := newWorld(t)
	o := w.order(100, toRejected...)
	b := w.open(o)
	c := &counting{Memory: w.store}
	w.page.Links.Store, w.book.Store, w.page.Visits, w.page.Accounts = c, c, c, c
	for _, screen := range []string{"", "code", "upload", "settings", "print"} {
		c.reads = 0
		if b.get(screen); c.reads != 2 || b.last.StatusCode != http.StatusOK {
			t.Errorf("%q: %d reads, status %d", screen, c.reads, b.last.StatusCode)
		}
	}
}

// counting counts the reads of a store.
type counting struct {
	*storetest.Memory
	reads int
}

func (c *counting) Link(ctx context.Context, o porting.OrderID, id string) (link.Link, error) {
	c.reads++
	return c.Memory.Link(ctx, o, id)
}

func (c *counting) ViewByLink(ctx context.Context, o porting.OrderID, id string, comments int) (link.Link, porting.Order, orders.Found, error) {
	c.reads++
	return c.Memory.ViewByLink(ctx, o, id, comments)
}

func (c *counting) View(ctx context.Context, o porting.OrderID, comments int) (porting.Order, orders.Found, error) {
	c.reads++
	return c.Memory.View(ctx, o, comments)
}

func (c *counting) Load(ctx context.Context, o porting.OrderID) (porting.Order, error) {
	c.reads++
	return c.Memory.Load(ctx, o)
}

func (c *counting) Account(ctx context.Context, id porting.AccountID) (account.Account, error) {
	c.reads++
	return c.Memory.Account(ctx, id)
}

func (c *counting) Group(ctx context.Context, id porting.GroupID) (porting.Group, []porting.Order, error) {
	c.reads++
	return c.Memory.Group(ctx, id)
}

func TestCorrect(t *testing.T) {
	w := newWorld(t)
	o := w.order(1, toRejected...)
	b := w.open(o)
	w.has(b.enter("correct"), "You gave “98101”. Your carrier has “98104”", `value="98104"`, "which we do not show")
	t.Run("a wrong value is told at its field, and kept", func(t *testing.T) {
		w.T = t
		w.has(b.post("correct", map[string]string{"f_zip": "9"}), `href="#f-zip"`, `value="9"`, `aria-invalid="true"`)
	})
	w.T = t
	w.has(b.post("correct", map[string]string{"f_zip": "98104", "f_pin": "7766"}), "We are looking at your corrections")
	after := w.load(o)
	if after.Status != porting.Review || after.Details.Zip != "98104" || after.Details.PIN.Reveal() != "7766" {
		t.Errorf("order %s, %s, a PIN %v", after.Status, after.Details.Zip, after.Details.PIN.Reveal() == "7766")
	}
	if strings.Contains(b.last.Body, "7766") {
		t.Error("the page shows the PIN")
	}
}

// A corrected name has to be signed. The signature sends the order again.
func TestCorrectAndSign(t *testing.T) {
	w := newWorld(t)
	named := rejection
	named.Reasons = []porting.Reason{{Code: porting.NameMismatch, Raw: "7402"}}
	o := w.order(1, toRejected[0], toRejected[1], named)
	b := w.open(o)
	b.enter("correct")
	w.has(b.post("correct", map[string]string{"f_billing_name": "Augusta King"}), "Letter of agency", "Augusta King")
	b.post("sign", map[string]string{"name": "Augusta King", "title": "CEO", "capacity": "holder", "consent": "yes"})
	if after := w.load(o); after.Status != porting.Review || after.Signature.LOA.BillingName != "Augusta King" {
		t.Errorf("order %s, signed for %s", after.Status, after.Signature.LOA.BillingName)
	}
}

func TestDateAndCancel(t *testing.T) {
	w := newWorld(t)
	o := w.order(1)
	b := w.open(o)
	b.enter("date")
	if n := strings.Count(b.last.Body, `name="day"`); n < 10 || n > daysShown {
		t.Errorf("%d days", n)
	}
	w.has(b.post("date", map[string]string{"day": "2027-03-20"}), "There is a problem") // a Saturday
	b.post("date", map[string]string{"day": "2027-03-22"})
	if day := w.load(o).Details.Desired; day != "2027-03-22" {
		t.Errorf("the day is %s", day)
	}
	b.get("cancel")
	w.has(b.post("cancel", nil), "The order is cancelled.")
	if s := w.load(o).Status; s != porting.Cancelled {
		t.Errorf("the order is %s", s)
	}
}

// An order at the carrier is cancelled, and its day changed, as the planner of changes says: with what it costs, and until when.
func TestChangesOnTheWay(t *testing.T) {
	for name, test := range map[string]struct {
		steps  []porting.Command
		screen string
		shown  []string
		fields map[string]string
		said   []string
		status porting.Status
		change porting.ChangeState
	}{
		"cancelled before the carrier is asked": {toRejected[:2], "cancel", []string{"It costs nothing."}, nil, []string{"The order is cancelled."},
			porting.HardCanceled, porting.ChangeIsDone},
		"cancelled once the carrier is asked": {toCarrier, "cancel", []string{"It costs $25.00", "Ask your carrier to cancel it"}, nil,
			[]string{"We ask your carrier to cancel the order", "The end of the order", "your carrier has it", "The fee is $25.00"}, porting.Submitted,
			porting.ChangeWithCarrier},
		"cancelled once a day is agreed": {toAgreed, "cancel", []string{"It costs $25.00", "Your carrier takes the change until", "it costs $124.00"}, nil,
			[]string{"We ask your carrier to cancel the order"}, porting.Accepted, porting.ChangeWithCarrier},
		"another day": {toAgreed, "date", []string{"It costs $7.50", "Monday, March 22, 2027"}, map[string]string{"day": "2027-03-22"},
			[]string{"We ask your carrier for the change", "Another day, Monday, March 22, 2027", "about to be sent"}, porting.Accepted, porting.ChangeAskedFor},
		"a fee that the form did not show": {toAgreed, "cancel", nil, map[string]string{"fee": "0"}, []string{"has changed since"}, porting.Accepted, ""},
		"a day that is none":               {toAgreed, "date", nil, map[string]string{"day": "2027-03-21"}, []string{"There is a problem"}, porting.Accepted, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.book.Rules.HardCancelFee, w.book.Rules.DateChangeFee, w.book.Rules.ExpediteFee = 2500, 750, 9900
			o := w.order(1, test.steps...)
			b := w.open(o)
			w.has(b.enter(test.screen), test.shown...)
			w.has(b.post(test.screen, test.fields), test.said...)
			after := w.load(o)
			var state porting.ChangeState
			if n := len(after.Changes); n > 0 {
				state = after.Changes[n-1].State
			}
			if after.Status != test.status || state != test.change {
				t.Errorf("the order is %s and the change %q, want %s and %q", after.Status, state, test.status, test.change)
			}
		})
	}
}

// The holder of numbers that have moved can ask for a day that they go back.
func TestBack(t *testing.T) {
	w := newWorld(t)
	o := w.order(1, toAgreed...)
	w.now = time.Date(2027, 3, 16, 20, 0, 0, 0, time.UTC)
	if _, err := w.book.Do(t.Context(), o.ID, porting.Complete{By: porting.PeerBy("locals")}); err != nil {
		t.Fatal(err)
	}
	b := w.open(o)
	w.has(b.last.Body, "Have the numbers moved back")
	w.has(b.enter("back"), "Why are the numbers to go back?")
	w.has(b.post("back", map[string]string{"reason": " "}), "There is a problem", `href="#reason"`, `href="#holder"`)
	w.has(b.post("back", map[string]string{"reason": "No calls arrive.", "holder": "yes"}), "We have asked our porting desk to have your numbers moved back")
	if after := w.load(o); after.Desk.Key != porting.MsgAskSnapback {
		t.Errorf("the desk is asked %q", after.Desk.Key)
	}
	w.now = w.now.Add(25 * time.Hour)
	w.has(b.enter("back"), "The numbers can&#39;t go back here")
}

func TestUploadAndComment(t *testing.T) {
	w := newWorld(t)
	o := w.order(1)
	b := w.open(o)
	b.get("upload")
	w.has(b.post("upload", map[string]string{"kind": "bill", "dated": "2000-01-01"}), "There is a problem", `href="#dated"`)
	w.has(b.post("upload", map[string]string{"kind": "bill", "dated": "2027-02-20"}), `action="https://bucket.example.com/"`, `enctype="multipart/form-data"`,
		"incoming/a/"+string(o.ID)+"/1", "https://port.example.com/live/p/"+b.token+"/upload?sent=1")
	if d := w.load(o).Documents; len(d) != 1 || d[0].Kind != porting.BillDocument || d[0].Dated != "2027-02-20" {
		t.Errorf("%+v", d)
	}
	w.has(b.get("upload?sent=1&bucket=b&key=k&etag=e"), "We have your file", "waiting for the file")
	for range 2 {
		b.post("comment", map[string]string{"text": " The fax line stays.\r\nReally. "})
	}
	w.has(b.last.Body, "The fax line stays.\nReally.")
	if n := w.load(o).Version; n != 3 {
		t.Errorf("the order has version %d after one document and one comment", n)
	}
	w.has(b.post("comment", map[string]string{"text": " "}), "Write a text.", `aria-describedby="text-hint text-wrong"`)
}

// Every request that is no form of ours is refused, and changes nothing.
func TestForeignForms(t *testing.T) {
	w := newWorld(t)
	o := w.order(1)
	b := w.open(o)
	b.enter("sign")
	good := url.Values{"name": {"Ada"}, "title": {"CEO"}, "capacity": {"holder"}, "consent": {"yes"}}
	for _, in := range inputTag.FindAllStringSubmatch(formTag.FindString(b.last.Body), -1) {
		good.Set(in[1], in[2])
	}
	with := func(name, value string) string {
		v := url.Values{}
		for k := range good {
			v.Set(k, good.Get(k))
		}
		v.Set(name, value)
		return v.Encode()
	}
	for name, test := range map[string]struct {
		body, header, value string
		status              int
	}{
		"another origin":       {good.Encode(), "Origin", "https://evil.example.com", http.StatusForbidden},
		"another site":         {good.Encode(), "Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		"the origin null":      {good.Encode(), "Origin", "null", http.StatusForbidden},
		"no token":             {with("token", ""), "", "", http.StatusForbidden},
		"the token of another": {with("token", strings.Repeat("ab", 32)), "", "", http.StatusForbidden},
		"no version":           {with("version", ""), "", "", http.StatusForbidden},
		"another version":      {with("version", "9"), "", "", http.StatusForbidden},
		"JSON":                 {`{}`, "Content-Type", "application/json", http.StatusNotFound},
		"a huge form":          {with("name", strings.Repeat("x", maxForm)), "", "", http.StatusNotFound},
		"no session":           {good.Encode(), "Cookie", "", http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			in := b.event(http.MethodPost, "/p/"+b.token+"/sign", test.body)
			if test.header != "" {
				in.Headers[test.header] = test.value
			}
			if out := b.send(in); out.StatusCode != test.status {
				t.Errorf("%d, want %d", out.StatusCode, test.status)
			}
			if s := w.load(o).Status; s != porting.Pending {
				t.Fatalf("the order is %s", s)
			}
		})
	}
	t.Run("a form of before a change", func(t *testing.T) {
		if _, err := w.book.Do(t.Context(), o.ID, porting.Comment{By: storetest.Staff, Text: "Wait."}); err != nil {
			t.Fatal(err)
		}
		out := b.send(b.event(http.MethodPost, "/p/"+b.token+"/sign", good.Encode()))
		if out.StatusCode != http.StatusConflict || w.load(o).Status != porting.Pending {
			t.Errorf("%d: %s", out.StatusCode, out.Body)
		}
	})
}

// HEAD and GET change nothing, on any screen, with a session too.
func TestReadingChangesNothing(t *testing.T) {
	w := newWorld(t)
	for _, steps := range [][]porting.Command{nil, toRejected[:2], toRejected} {
		o := w.order(1, steps...)
		b := w.open(o)
		b.enter("cancel")
		before, links := w.load(o).Version, len(w.mails)
		was, err := w.store.Links(t.Context(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		for name := range screens() {
			for _, method := range []string{http.MethodGet, http.MethodGet, http.MethodHead} {
				out := b.send(b.event(method, "/p/"+b.token+"/"+name, ""))
				if strings.Contains(out.Body, "<title></title>") || strings.Contains(out.Body, "<title>Error: </title>") {
					t.Errorf("the screen %q has no title", name)
				}
				if method == http.MethodHead && out.Body != "" {
					t.Errorf("HEAD of %q has a body", name)
				}
			}
		}
		is, err := w.store.Links(t.Context(), o.ID)
		if err != nil || w.load(o).Version != before || len(w.mails) != links || is[0].Version != was[0].Version {
			t.Errorf("order at version %d, was %d; %d mails, was %d; link at %d, was %d (%v)", w.load(o).Version, before, len(w.mails), links,
				is[0].Version, was[0].Version, err)
		}
	}
}

// All links that open nothing are answered alike, byte for byte but for the address itself.
func TestDeadLinks(t *testing.T) {
	w := newWorld(t)
	o := w.order(1)
	b := w.open(o)
	l, err := w.store.Links(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	text := b.token
	if err := w.store.SaveLink(t.Context(), link.Revoke(l[0], w.now), nil); err != nil {
		t.Fatal(err)
	}
	like := func(token, screen string) string {
		out := b.send(b.event(http.MethodGet, "/p/"+token+screen, ""))
		if out.StatusCode != http.StatusNotFound || strings.Contains(out.Body, "<script") {
			t.Errorf("%.60s%s: %d\n%s", token, screen, out.StatusCode, out.Body)
		}
		return pathsIn.ReplaceAllString(out.Body, "")
	}
	want := like(text, "")
	for name, token := range map[string]string{"revoked": text, "unknown": "A" + text[1:], "malformed": "x", "none": "",
		"long": strings.Repeat("A", 5000), "an order's id": string(o.ID), "markup": `"><script>`} {
		for _, screen := range []string{"", "/sign", "/nothing", "/file/1"} {
			if got := like(token, screen); got != want {
				t.Errorf("%s%s is another page:\n%s", name, screen, got)
			}
		}
	}
}

// Somebody with an old link has the link that works mailed to its person, a few times a day, and learns nothing. No session
// ends by that.
func TestRemind(t *testing.T) {
	w := newWorld(t)
	o := w.order(1)
	b := w.open(o)
	old := b.token
	w.has(b.get("settings"), "Replace my link")
	w.has(b.post("replace", nil), "Before you go on")
	b.post("mail", nil)
	w.has(b.post("code", map[string]string{"code": digits.FindString(w.mails[0].text)}), "Replace my link")
	w.has(b.post("replace", nil), "Look into your mail")
	fresh := tokenIn(w.mails[1])
	for token, want := range map[string]int{old: http.StatusNotFound, fresh: http.StatusOK} {
		if out := b.send(b.event(http.MethodGet, "/p/"+token, "")); out.StatusCode != want {
			t.Errorf("%d, want %d", out.StatusCode, want)
		}
	}
	w.mails = nil
	renew := func(token string) string {
		out := b.send(b.event(http.MethodPost, "/p/"+token+"/renew", ""))
		if out.StatusCode != http.StatusOK {
			t.Fatalf("%d", out.StatusCode)
		}
		return pathsIn.ReplaceAllString(out.Body, "")
	}
	same := renew(old)
	if len(w.mails) != 1 || w.mails[0].to != person || tokenIn(w.mails[0]) != fresh {
		t.Fatalf("%+v", w.mails)
	}
	stranger := fresh[:len(fresh)-20] + strings.Repeat("A", 20)
	for _, token := range []string{old, stranger, "x", ""} { // within the pause, and of nobody
		if renew(token) != same {
			t.Errorf("another answer for %q", token)
		}
	}
	for range 10 {
		w.now = w.now.Add(time.Hour)
		renew(stranger)
		renew(old)
	}
	if len(w.mails) != link.RemindersADay {
		t.Errorf("%d mails within a day, want %d", len(w.mails), link.RemindersADay)
	}
	w.now = w.now.Add(24 * time.Hour)
	if renew(old); len(w.mails) != link.RemindersADay+1 {
		t.Errorf("%d mails on the next day, want one more", len(w.mails)-link.RemindersADay)
	}
	if out := b.send(b.event(http.MethodGet, "/p/"+fresh, "")); out.StatusCode != http.StatusOK {
		t.Errorf("the link that works: %d", out.StatusCode)
	}
}

// tokenIn is the token in a mail with a link.
func tokenIn(m mail) string {
	_, token, _ := strings.Cut(m.text, "/p/")
	token, _, _ = strings.Cut(token, "\n")
	return token
}

// pathsIn are the addresses in a page, which repeat what was asked for.
var pathsIn = regexp.MustCompile(`(action|href)="[^"]*"`)

// Five wrong codes close the way, and the right one then opens nothing.
func TestCodeTries(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.order(1))
	b.get("sign")
	b.post("mail", nil)
	right := digits.FindString(w.mails[0].text)
	wrong := strings.Map(func(c rune) rune { return '0' + (c-'0'+1)%10 }, right)
	for range link.CodeTries {
		w.has(b.post("code", map[string]string{"code": wrong}), "There is a problem")
	}
	w.has(b.post("code", map[string]string{"code": right}), "five times")
	w.has(b.post("mail", nil), "15 minutes")
	if len(w.mails) != 1 || len(b.cookies) != 0 {
		t.Errorf("%d mails, %d cookies", len(w.mails), len(b.cookies))
	}
	w.now = w.now.Add(link.CodeLife)
	b.enter("sign")
	w.has(b.last.Body, "Ada Lovelace")
	w.now = w.now.Add(link.SessionLife)
	w.has(b.get("sign"), "Before you go on")
}

func TestHeaders(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.order(1))
	h := b.last.Headers
	if !strings.Contains(b.last.Body, "<style>"+styleText+"</style>") || !strings.Contains(h["Content-Security-Policy"], "style-src 'sha256-"+styleHash+"'") {
		t.Error("the policy does not allow the page's own style sheet")
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
		"X-Robots-Tag": "noindex, nofollow", "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY"} {
		if h[name] != want {
			t.Errorf("%s: %q, want %q", name, h[name], want)
		}
	}
	if p := h["Content-Security-Policy"]; !strings.Contains(p, "default-src 'none'") || !strings.Contains(p, "form-action 'self' https://bucket.example.com;") ||
		strings.Contains(p, "unsafe") {
		t.Error(p)
	}
	for _, part := range []string{" style=", " onclick", "<script", "http://", "src="} {
		if strings.Contains(b.last.Body, part) {
			t.Errorf("the page has %q", part)
		}
	}
}

// A page of 200 numbers fits into 60 KB, in each language.
func TestSize(t *testing.T) {
	w := newWorld(t)
	b := w.open(w.order(200))
	w.has(b.last.Body, "Show all 200 numbers")
	w.has(b.enter("sign"), "Show all 200 numbers")
	for _, l := range porting.Languages() {
		for _, screen := range []string{"", "print", "sign"} {
			if n := len(b.get(screen + "?lang=" + string(l))); n > 60<<10 {
				t.Errorf("the screen %q in %s has %d bytes", screen, l, n)
			}
		}
	}
}

// Ten thousand requests of somebody who means harm are answered without a failure, change nothing, and show no secret.
func TestHostileRequests(t *testing.T) {
	w := newWorld(t)
	var opened []*browser
	var made []porting.Order
	for _, steps := range [][]porting.Command{nil, toRejected[:2], toRejected} {
		o := w.order(2, steps...)
		opened, made = append(opened, w.open(o)), append(made, w.load(o))
	}
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	names := []string{"", "nothing", "..", "%2e%2e", "sign/../sign", "renew", "file/1", "file/0", "file/../../x", "file/" + strings.Repeat("9", 400)}
	for name := range screens() {
		names = append(names, name)
	}
	bad := []string{"", "0", "-1", "999999999999999999999", "\x00", "<script>alert(1)</script>", "{{.}}", "%00", "../../etc/passwd", "' OR 1=1",
		strings.Repeat("A", 3000), "\u202e", "2027-03-22", "yes", "holder", "98101"}
	fields := []string{"token", "version", "name", "title", "capacity", "consent", "f_zip", "f_pin", "day", "kind", "dated", "text", "code", "next", "order",
		"language", "fee", "reason", "holder"}
	for i := range 10_000 {
		b := opened[r.IntN(len(opened))]
		token := b.token
		switch r.IntN(4) {
		case 0:
			token = bad[r.IntN(len(bad))]
		case 1:
			at := r.IntN(len(token))
			token = token[:at] + pick("A", "z", "_", "%") + token[at+1:]
		}
		name := names[r.IntN(len(names))]
		if name == "renew" { // a person's own button; TestRenew has it
			token = bad[r.IntN(len(bad))]
		}
		form := url.Values{}
		for range r.IntN(6) {
			form.Add(fields[r.IntN(len(fields))], bad[r.IntN(len(bad))])
		}
		in := b.event(pick("GET", "POST", "POST", "HEAD", "PUT", "DELETE"), "/p/"+token+"/"+name+"?next="+pick(bad...)+"&lang="+url.QueryEscape(pick("es", "fr", "tlh", "../", "<b>")), form.Encode())
		switch r.IntN(6) {
		case 0:
			in.IsBase64Encoded = true
		case 1:
			in.Headers["Cookie"] = "__Host-portway-" + bad[r.IntN(len(bad))] + "=" + bad[r.IntN(len(bad))]
		case 2:
			in.Headers, in.Body = nil, bad[r.IntN(len(bad))]
		case 3:
			in.MultiValueHeaders = map[string][]string{"content-type": {pick(bad...), "x"}, "HOST": nil}
		}
		out, err := w.page.Handle(t.Context(), in)
		if err != nil || out.StatusCode >= 500 {
			t.Fatalf("request %d: %d %v\n%+v", i, out.StatusCode, err, in)
		}
		for _, secret := range []string{storetest.SecretAccount, storetest.SecretPIN, storetest.SecretSSN, "<script", "Ada Lovelace"} {
			if strings.Contains(out.Body, secret) {
				t.Fatalf("request %d shows %q:\n%+v", i, secret, in)
			}
		}
	}
	for _, o := range made {
		if after := w.load(o); after.Version != o.Version {
			t.Errorf("order %s went from version %d to %d", o.ID, o.Version, after.Version)
		}
	}
	if len(w.mails) > 0 {
		t.Errorf("%d mails were sent: %v", len(w.mails), fmt.Sprint(w.mails[0].subject))
	}
}

// The sample event has a link that opens nothing.
func TestSampleEvent(t *testing.T) {
	raw, err := os.ReadFile("../../events/page.json")
	if err != nil {
		t.Fatal(err)
	}
	var in events.APIGatewayProxyRequest
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.page.URL = "" // the addresses follow the gateway's own
	out, err := w.page.Handle(t.Context(), in)
	if err != nil || out.StatusCode != http.StatusNotFound {
		t.Errorf("%d %v", out.StatusCode, err)
	}
	w.has(out.Body, "This link does not work", `action="/live`+in.Path+`/renew"`)
}
