package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"portway/infra/local/stack"
	"portway/internal/porting"
)

// story is the life of one order, which make run shows while it happens.
type story struct {
	name  string
	about string
	attrs map[string]any // of the create call
	// tell follows the order, does what its customer does, and returns when the story has ended as it should.
	tell func(context.Context, *narrator) error
	// unsigned says that the customer never signs.
	unsigned bool
	// dated says that the story runs sweeps as of later days. It is told last, since such a sweep is a sweep of every
	// order.
	dated bool
}

// stories lists the lives that make run shows. The last digits of a number choose what the simulated carrier does with
// it.
func stories() []story {
	with := func(number string, more map[string]any) map[string]any {
		attrs := map[string]any{
			"numbers": []string{number}, "billing_name": "Jane Roe", "company": "Paper Kite Bakery",
			"provider":         "Example Telco",
			"provider_account": "000123", "pin": "4321", "usage_type": "Business", "street": "12 Example Ave",
			"city":  "Seattle",
			"state": "WA", "zip": "98104", "country": "US",
		}
		for k, v := range more {
			attrs[k] = v
		}
		return attrs
	}
	return []story{
		{name: "straight", about: "a local number that is ported without trouble; our switch is prepared for it, takes its calls and makes " +
			"a test call",
			attrs: with("+14255550101", nil), tell: callsArrive},
		{name: "tollfree", about: "a toll-free number; the registry sends no notices, so the status check finds its " +
			"answer",
			attrs: with("+18005550101", nil), tell: tellTollFree},
		{name: "csr", about: "the carrier's record has another address, and the customer lets us correct it",
			attrs: with("+14255550152", map[string]any{"auto_correct": "address"}), tell: completes},
		{name: "simple", about: "the customer says that the account has one line: a simple port, which takes one business day",
			attrs: with("+14255550103", map[string]any{"one_line": true}), tell: completes},
		{name: "improper", about: "the carrier refuses a simple port for the name, which it may not; we object by rule, and it gives way",
			attrs: with("+14255557550", nil), tell: completes},
		{name: "unproven", about: "the account number is wrong, so the rejection tells which attributes match and no value of the " +
			"record; the customer gives the right number",
			attrs: with("+14255550166", nil), tell: tellUnproven},
		{name: "canada", about: "a Canadian mobile number: no record, Canadian terms, and a request in the holder's daytime",
			attrs: with("+14165550104", nil), tell: completes},
		{name: "zip", about: "the carrier refuses the ZIP code, and we repair it from the carrier's record",
			attrs: with("+14255550149", map[string]any{"auto_correct": "address"}), tell: completes},
		{name: "address", about: "the carrier refuses the address; the customer corrects it and resubmits",
			attrs: with("+14255550143", nil), tell: tellRejection},
		{name: "split", about: "the carrier has the second number on another account, so an order of its own is " +
			"split off for it; the customer gives that account's number",
			attrs: with("+14255557524", map[string]any{"numbers": []string{"+14255557524", "+14255550162"},
				"auto_correct": "all"}),
			tell: tellSplitOff},
		{name: "fallback", about: "the first Locals peer does not carry the number, and the second one does",
			attrs: with("+14255557525", nil), tell: tellFallback},
		{name: "idle", about: "an order that nobody signs is cancelled after 45 days",
			attrs: with("+14255550138", nil), tell: tellIdle, unsigned: true, dated: true},
	}
}

// tell tells the stories, all at once but for the dated ones, and returns when each has ended. It fails with the first
// story that does not end as it should.
func tell(ctx context.Context, up *stack.Stack) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	fmt.Println()
	begin, out := time.Now(), sync.Mutex{}
	seen := &mailbox{file: up.File, shown: map[string]bool{}}
	var all sync.WaitGroup
	errs := make(chan error, len(stories()))
	for _, s := range stories() {
		if s.dated {
			all.Wait()
		}
		t := &narrator{file: up.File, mail: seen, print: func(line string) {
			out.Lock()
			defer out.Unlock()
			fmt.Printf("%6.1fs  %-9s %s\n", time.Since(begin).Seconds(), s.name, line)
		}}
		all.Go(func() {
			if err := t.live(ctx, s); err != nil {
				errs <- fmt.Errorf("the story %q: %w", s.name, err)
			}
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		return err
	}
	return nil
}

// mailbox remembers which mails were shown.
type mailbox struct {
	file  stack.File
	mu    sync.Mutex
	shown map[string]bool
}

// about lists the mails about an order that were not shown yet.
func (m *mailbox) about(ctx context.Context, order string) []stack.Mail {
	all, err := m.file.Mails(ctx)
	if err != nil {
		return nil // the next call shows them
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var fresh []stack.Mail
	for _, mail := range all {
		if strings.Contains(mail.Text, order) && !m.shown[mail.ID] {
			m.shown[mail.ID] = true
			fresh = append(fresh, mail)
		}
	}
	return fresh
}

// narrator follows one order by the API alone, as its customer would.
type narrator struct {
	file     stack.File
	mail     *mailbox
	print    func(string)
	order    string
	group    string
	status   porting.Status
	comments int
	splitOff []string // the orders that were split off this one
}

// view holds what the narrator reads of an order.
type view struct {
	Data struct {
		ID         string
		Attributes struct {
			Status         porting.Status
			Comments       []struct{ Text string }
			CompletionDate string `json:"completion_date"`
			Rejections     []struct{ Title, Fix string }
			NumberStates   []struct{ Number, Calls string } `json:"number_states"`
		}
	}
}

// live creates the story's order, signs it, and tells the story.
func (t *narrator) live(ctx context.Context, s story) error {
	t.print("» " + s.about)
	if err := t.create(ctx, s.attrs); err != nil {
		return err
	}
	if s.unsigned { // the person has the link alone
		if err := t.link(ctx); err != nil {
			return err
		}
	} else {
		if err := t.sign(ctx); err != nil {
			return err
		}
	}
	return s.tell(ctx, t)
}

// create creates the narrator's order.
func (t *narrator) create(ctx context.Context, attrs map[string]any) error {
	body := map[string]any{"data": map[string]any{"type": "portorder", "attributes": attrs}}
	answer, err := t.call(ctx, http.MethodPost, "/v2/portorders", body, http.StatusCreated)
	if err != nil {
		return err
	}
	var group struct {
		Data struct {
			ID         string
			Attributes struct {
				Orders struct{ Data []struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(answer, &group); err != nil {
		return err
	}
	t.group = group.Data.ID
	t.order = group.Data.Attributes.Orders.Data[0].ID
	t.print(fmt.Sprintf("order %s created by POST /v2/portorders for %v", t.order, attrs["numbers"]))
	return nil
}

// link makes a link to the page of the order, and prints it.
func (t *narrator) link(ctx context.Context) error {
	answer, err := t.call(ctx, http.MethodPost, t.path("/links"), map[string]any{"data": map[string]any{"type": "link",
		"attributes": map[string]any{"email": "jane@main-street.example"}}}, http.StatusCreated)
	if err != nil {
		return err
	}
	var made struct {
		Data struct{ Attributes struct{ URL string } }
	}
	if err := json.Unmarshal(answer, &made); err != nil {
		return err
	}
	t.print("the order's page: " + made.Data.Attributes.URL)
	return nil
}

func (t *narrator) sign(ctx context.Context) error {
	_, err := t.call(ctx, http.MethodPost, t.path("/loa"), map[string]any{"data": map[string]any{"type": "loa",
		"attributes": map[string]any{
			"signature_name": "Sam Signer", "signature_title": "Operations",
		}}}, http.StatusCreated)
	return err
}

func (t *narrator) path(more string) string { return "/v2/portorders/" + t.order + more }

// call calls the API, and fails with what it answered where the status is not the wanted one.
func (t *narrator) call(ctx context.Context, method, path string, body any, want int) ([]byte, error) {
	a, err := t.file.Call(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	if a.Status != want {
		return nil, fmt.Errorf("%s %s answers %d, not %d: %s", method, path, a.Status, want, a.Body)
	}
	return a.Body, nil
}

// look reads the order and shows what is new.
func (t *narrator) look(ctx context.Context) (view, error) {
	var v view
	raw, err := t.call(ctx, http.MethodGet, t.path(""), nil, http.StatusOK)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, err
	}
	a := v.Data.Attributes
	for ; t.comments < len(a.Comments); t.comments++ {
		t.print("  · " + a.Comments[t.comments].Text)
	}
	if a.Status != t.status {
		t.status = a.Status
		t.print("is " + strings.ToUpper(string(a.Status)))
	}
	for _, m := range t.mail.about(ctx, t.order) {
		t.print(fmt.Sprintf("  ✉ to %s: %s", strings.Join(m.To, ", "), m.Subject))
		if _, page, ok := strings.Cut(m.Text, t.file.Pages+"/p/"); ok {
			page, _, _ = strings.Cut(page, "\n")
			t.print("    its button leads to " + t.file.Pages + "/p/" + page)
		}
	}
	return v, nil
}

// until follows the order until it has the status, and for a second more, in which its mail comes.
func (t *narrator) until(ctx context.Context, want porting.Status) error {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for after := 0; after < 4; {
		v, err := t.look(ctx)
		if err != nil {
			return err
		}
		switch at := v.Data.Attributes.Status; {
		case at == want:
			after++
		case at.Terminal():
			return fmt.Errorf("order %s is %s, not %s", t.order, at, want)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("order %s is still %s, not %s", t.order, t.status, want)
		case <-tick.C:
		}
	}
	return nil
}

// completes follows an order that needs nobody.
func completes(ctx context.Context, t *narrator) error { return t.until(ctx, porting.Completed) }

// callsArrive follows an order that needs nobody until a test call to each of its numbers has arrived.
func callsArrive(ctx context.Context, t *narrator) error {
	if err := completes(ctx, t); err != nil {
		return err
	}
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		v, err := t.look(ctx)
		if err != nil {
			return err
		}
		waits := ""
		for _, n := range v.Data.Attributes.NumberStates {
			if n.Calls != "arriving" {
				waits = n.Number + " is " + n.Calls
			}
		}
		if waits == "" {
			t.print("a test call to each number has arrived")
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the calls of order %s do not arrive: %s", t.order, waits)
		case <-tick.C:
		}
	}
}

// tellSplitOff follows the order, and the order that is split off it, until both are completed. The carrier completes the
// first order only when the other account's number is requested too, and only the customer knows that account's number.
func tellSplitOff(ctx context.Context, t *narrator) error {
	other, err := t.untilSplitOff(ctx)
	if err != nil {
		return err
	}
	if err := other.until(ctx, porting.Rejected); err != nil {
		return err
	}
	if err := corrected(ctx, other, "account number", map[string]any{"provider_account": "620162"}); err != nil {
		return err
	}
	return t.until(ctx, porting.Completed)
}

// untilSplitOff follows the order until another order is split off it, and returns the narrator of the other order.
func (t *narrator) untilSplitOff(ctx context.Context) (*narrator, error) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := t.look(ctx); err != nil {
			return nil, err
		}
		raw, err := t.call(ctx, http.MethodGet, "/v2/portorders?status&group_id="+t.group, nil, http.StatusOK)
		if err != nil {
			return nil, err
		}
		var group struct {
			Data struct {
				Attributes struct {
					Orders struct{ Data []struct{ ID string } }
				}
			}
		}
		if err := json.Unmarshal(raw, &group); err != nil {
			return nil, err
		}
		for _, o := range group.Data.Attributes.Orders.Data {
			if o.ID != t.order {
				t.splitOff = append(t.splitOff, o.ID)
				return &narrator{file: t.file, mail: t.mail, order: o.ID,
					print: func(line string) { t.print("(" + o.ID + ") " + line) }}, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("nothing was split off order %s, which is %s", t.order, t.status)
		case <-tick.C:
		}
	}
}

// tellFallback follows an order that the first Locals peer refuses to carry, and finds it at the second one.
func tellFallback(ctx context.Context, t *narrator) error {
	if err := t.until(ctx, porting.Completed); err != nil {
		return err
	}
	var carried strings.Builder
	if err := show(ctx, &carried, t.file.Peers["locals2"]+"/_sim/orders"); err != nil {
		return err
	}
	if !strings.Contains(carried.String(), t.order) {
		return fmt.Errorf("the second Locals peer does not have order %s", t.order)
	}
	return nil
}

// tellTollFree runs the status checks of the next days until one finds the registry's answer, which comes by no notice.
func tellTollFree(ctx context.Context, t *narrator) error {
	if err := t.until(ctx, porting.Submitted); err != nil {
		return err
	}
	for day := 1; t.status == porting.Submitted; day++ {
		at := time.Now().AddDate(0, 0, day)
		out, err := t.file.Sweep(ctx, "status-check", at)
		if err != nil {
			return err
		}
		t.print(fmt.Sprintf("status-check as of %s: %s", at.Format("January 2"), out))
		if _, err := t.look(ctx); err != nil {
			return err
		}
		if day > 30 {
			return fmt.Errorf("order %s is still %s", t.order, t.status)
		}
	}
	return t.until(ctx, porting.Completed)
}

// untilRejected follows an order until it is rejected, and prints what its customer is told to do.
func (t *narrator) untilRejected(ctx context.Context) error {
	if err := t.until(ctx, porting.Rejected); err != nil {
		return err
	}
	v, err := t.look(ctx)
	if err != nil {
		return err
	}
	for _, r := range v.Data.Attributes.Rejections {
		t.print("  the fix: " + r.Fix)
	}
	return nil
}

// tellRejection follows an order whose rejection only the customer can resolve: the customer corrects the street and
// resubmits, and the desk approves.
func tellRejection(ctx context.Context, t *narrator) error {
	if err := t.untilRejected(ctx); err != nil {
		return err
	}
	return corrected(ctx, t, "street and signs again", map[string]any{"street": "14 Example Ave",
		"signature_name": "Sam Signer", "signature_title": "Operations"})
}

// tellUnproven follows an order whose customer proves to hold the account by its number.
func tellUnproven(ctx context.Context, t *narrator) error {
	if err := t.untilRejected(ctx); err != nil {
		return err
	}
	return corrected(ctx, t, "account number", map[string]any{"provider_account": "66-ZQ-0166"})
}

// corrected has the customer correct and resubmit a rejected order, and our staff approve it. It then follows the order
// until it is completed.
func corrected(ctx context.Context, t *narrator, what string, attrs map[string]any) error {
	if _, err := t.call(ctx, http.MethodPatch, t.path(""), map[string]any{"data": map[string]any{"type": "portorder",
		"attributes": attrs}}, http.StatusOK); err != nil {
		return err
	}
	t.print("the customer corrects the " + what + " by PATCH and resubmits")
	if _, err := t.call(ctx, http.MethodPatch, t.path("/status"),
		map[string]any{"data": map[string]any{"type": "portorder", "attributes": map[string]any{"status": "review"}}},
		http.StatusOK); err != nil {
		return err
	}
	if err := t.until(ctx, porting.Review); err != nil {
		return err
	}
	out, err := act(ctx, t.file, decision("approve", t.order, "", ""))
	if err != nil {
		return err
	}
	t.print("the desk approves: " + string(out))
	return t.until(ctx, porting.Completed)
}

// tellIdle runs the sweeps of two later days: the first sends a reminder, the second ends the order.
func tellIdle(ctx context.Context, t *narrator) error {
	if _, err := t.look(ctx); err != nil {
		return err
	}
	for _, days := range []int{31, 45} {
		at := time.Now().AddDate(0, 0, days).Add(time.Hour)
		out, err := t.file.Sweep(ctx, "auto-cancel", at)
		if err != nil {
			return err
		}
		t.print(fmt.Sprintf("auto-cancel as of %s, %d days on: %s", at.Format("January 2"), days, out))
		if _, err := t.look(ctx); err != nil {
			return err
		}
	}
	return t.until(ctx, porting.Cancelled)
}
