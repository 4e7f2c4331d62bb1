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

// tale is the life of one order, told while it happens.
type tale struct {
	name  string
	about string
	attrs map[string]any
	tell  func(context.Context, *teller) error
	dated bool // told by dates, and therefore last
}

// tales are the lives that make run shows. The last digits of a number choose what the simulated carrier does with it.
func tales() []tale {
	with := func(number string, more map[string]any) map[string]any {
		attrs := map[string]any{
			"numbers": []string{number}, "billing_name": "Jane Roe", "company": "Paper Kite Bakery", "provider": "Example Telco",
			"provider_account": "000123", "pin": "4321", "usage_type": "Business", "street": "12 Example Ave", "city": "Seattle",
			"state": "WA", "zip": "98104", "country": "US",
		}
		for k, v := range more {
			attrs[k] = v
		}
		return attrs
	}
	return []tale{
		{"straight", "a local number, straight through", with("+12065550101", nil), arrives, false},
		{"tollfree", "a toll-free number; the registry calls nobody, the status check finds its answer", with("+18005550101", nil), tellTollFree, false},
		{"csr", "the carrier's record has another address; the customer lets us correct it", with("+12065550152", map[string]any{"auto_correct": "address"}), arrives, false},
		{"zip", "the carrier refuses the ZIP code; it is repaired from the record", with("+12065550149", map[string]any{"auto_correct": "address"}), arrives, false},
		{"address", "the carrier refuses the address; the customer fixes it and resubmits", with("+12065550143", nil), tellRejection, false},
		{"split", "the carrier finds the second number on another account; it goes on in an order of its own", with("+12065557524", map[string]any{
			"numbers": []string{"+12065557524", "+12065550162"}, "auto_correct": "all"}), tellSplit, false},
		{"fallback", "the first Locals peer does not carry the number; the second one does", with("+12065557525", nil), tellFallback, false},
		{"idle", "an order that nobody signs, told by dates", with("+12065550138", nil), tellIdle, true},
	}
}

// tell shows the tales, all at once, and returns when each has come to its end. What is told by dates comes last: a sweep as of
// a later day is a sweep of every order.
func tell(ctx context.Context, s *stack.Stack) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	fmt.Println()
	begin, out := time.Now(), sync.Mutex{}
	seen := &mailbox{file: s.File, shown: map[string]bool{}}
	var all sync.WaitGroup
	errs := make(chan error, len(tales()))
	for _, tl := range tales() {
		if tl.dated {
			all.Wait()
		}
		t := &teller{file: s.File, mail: seen, print: func(line string) {
			out.Lock()
			defer out.Unlock()
			fmt.Printf("%6.1fs  %-9s %s\n", time.Since(begin).Seconds(), tl.name, line)
		}}
		all.Go(func() {
			if err := t.live(ctx, tl); err != nil {
				errs <- fmt.Errorf("the tale %q: %w", tl.name, err)
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

// about are the mails about an order that were not shown yet.
func (m *mailbox) about(ctx context.Context, order string) []stack.Mail {
	all, err := m.file.Mails(ctx)
	if err != nil {
		return nil // the next look will show them
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var fresh []stack.Mail
	for _, mail := range all {
		if strings.Contains(mail.Subject, order) && !m.shown[mail.ID] {
			m.shown[mail.ID] = true
			fresh = append(fresh, mail)
		}
	}
	return fresh
}

// teller follows one order by the API alone, as its customer would.
type teller struct {
	file     stack.File
	mail     *mailbox
	print    func(string)
	order    string
	group    string
	status   porting.Status
	comments int
	heard    []string // the comments
	siblings []string // orders that were split off this one
}

// view is what the teller reads of an order.
type view struct {
	Data struct {
		ID         string
		Attributes struct {
			Status         porting.Status
			Comments       []struct{ Text string }
			CompletionDate string `json:"completion_date"`
			Rejections     []struct{ Title, Fix string }
		}
	}
}

func (t *teller) live(ctx context.Context, tl tale) error {
	t.print("» " + tl.about)
	body := map[string]any{"data": map[string]any{"type": "portorder", "attributes": tl.attrs}}
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
	t.print(fmt.Sprintf("order %s created by POST /v2/portorders for %v", t.order, tl.attrs["numbers"]))
	if tl.name != "idle" {
		if err := t.sign(ctx); err != nil {
			return err
		}
	}
	return tl.tell(ctx, t)
}

func (t *teller) sign(ctx context.Context) error {
	_, err := t.call(ctx, http.MethodPost, t.path("/loa"), map[string]any{"data": map[string]any{"type": "loa", "attributes": map[string]any{
		"signature_name": "Sam Signer", "signature_title": "Operations",
	}}}, http.StatusCreated)
	return err
}

func (t *teller) path(more string) string { return "/v2/portorders/" + t.order + more }

func (t *teller) call(ctx context.Context, method, path string, body any, want int) ([]byte, error) {
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
func (t *teller) look(ctx context.Context) (view, error) {
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
		t.heard = append(t.heard, a.Comments[t.comments].Text)
		t.print("  · " + a.Comments[t.comments].Text)
	}
	if a.Status != t.status {
		t.status = a.Status
		t.print("is " + strings.ToUpper(string(a.Status)))
	}
	for _, m := range t.mail.about(ctx, t.order) {
		t.print(fmt.Sprintf("  ✉ to %s: %s", strings.Join(m.To, ", "), m.Subject))
	}
	return v, nil
}

// until follows the order to a status, and past it until its mail has come.
func (t *teller) until(ctx context.Context, want porting.Status) error {
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

// arrives is a tale that needs nobody.
func arrives(ctx context.Context, t *teller) error { return t.until(ctx, porting.Completed) }

// tellSplit follows the order, and the one that was split off it, to their ends.
func tellSplit(ctx context.Context, t *teller) error {
	if err := t.until(ctx, porting.Completed); err != nil {
		return err
	}
	raw, err := t.call(ctx, http.MethodGet, "/v2/portorders?status&group_id="+t.group, nil, http.StatusOK)
	if err != nil {
		return err
	}
	var group struct {
		Data struct {
			Attributes struct {
				Orders struct{ Data []struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(raw, &group); err != nil {
		return err
	}
	for _, o := range group.Data.Attributes.Orders.Data {
		if o.ID == t.order {
			continue
		}
		t.siblings = append(t.siblings, o.ID)
		other := &teller{file: t.file, mail: t.mail, order: o.ID, print: func(line string) { t.print("(" + o.ID + ") " + line) }}
		if err := other.until(ctx, porting.Completed); err != nil {
			return err
		}
	}
	if len(t.siblings) != 1 {
		return fmt.Errorf("%d orders were split off order %s, not one", len(t.siblings), t.order)
	}
	return nil
}

// tellFallback is a tale that needs nobody but another peer.
func tellFallback(ctx context.Context, t *teller) error {
	if err := t.until(ctx, porting.Completed); err != nil {
		return err
	}
	if !strings.Contains(strings.Join(t.heard, " "), "locals2") {
		return fmt.Errorf("order %s was not brought to another peer", t.order)
	}
	return nil
}

// tellTollFree has the status check of the next business days find what the registry tells nobody.
func tellTollFree(ctx context.Context, t *teller) error {
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

// tellRejection is the rejection that only the customer can cure.
func tellRejection(ctx context.Context, t *teller) error {
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
	if _, err := t.call(ctx, http.MethodPatch, t.path(""), map[string]any{"data": map[string]any{"type": "portorder", "attributes": map[string]any{"street": "14 Example Ave"}}}, http.StatusOK); err != nil {
		return err
	}
	t.print("the customer corrects the street by PATCH and resubmits")
	if _, err := t.call(ctx, http.MethodPatch, t.path("/status"), map[string]any{"data": map[string]any{"type": "portorder", "attributes": map[string]any{"status": "review"}}}, http.StatusOK); err != nil {
		return err
	}
	if err := t.until(ctx, porting.Review); err != nil {
		return err
	}
	out, err := t.file.Invoke(ctx, "desk-action", map[string]any{"action": "approve", "order": t.order, "initials": "JD"})
	if err != nil {
		return err
	}
	t.print("the desk approves: " + string(out))
	return t.until(ctx, porting.Completed)
}

// tellIdle tells 45 days by two dates.
func tellIdle(ctx context.Context, t *teller) error {
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
