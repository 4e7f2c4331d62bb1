package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"portway/infra/local/stack"
	"portway/internal/document"
	"portway/internal/porting"
)

// smokeLimit bounds a whole smoke run. The days of a sandbox are a minute long by default, and an order takes about six.
const smokeLimit = 30 * time.Minute

// smokeUsage says how smoke is called.
const smokeUsage = "usage: make smoke API=https://<id>.execute-api.<region>.amazonaws.com/live KEY=<access key>:<secret key>"

// smoke runs a whole first order against the sandbox of any deployed stack. It needs the stack's address and a sandbox
// account's key, and nothing else of the stack.
func smoke(ctx context.Context, _ []string) error {
	access, secret, ok := strings.Cut(os.Getenv("KEY"), ":")
	api := strings.TrimSuffix(os.Getenv("API"), "/")
	if !ok || !strings.HasPrefix(api, "http") {
		return errors.New(smokeUsage)
	}
	ctx, cancel := context.WithTimeout(ctx, smokeLimit)
	defer cancel()
	begin := time.Now()
	t := &smoker{file: stack.File{API: api, AccessKey: access, SecretKey: secret}, pause: 2 * time.Second, between: func(context.Context) error { return nil },
		print: func(line string) { fmt.Printf("%6.1fs  %s\n", time.Since(begin).Seconds(), line) }}
	return t.run(ctx, time.Now())
}

// smoker makes the calls of a first order.
type smoker struct {
	file  stack.File
	print func(string)
	pause time.Duration
	// between runs between two looks at an order that is awaited.
	between func(context.Context) error
	order   string
}

// smokeSteps are the steps of a smoke run, in their order. Each needs those before it.
var smokeSteps = []struct {
	name string
	do   func(*smoker, context.Context, time.Time) error
}{
	{"the key is that of a sandbox account", (*smoker).isSandbox},
	{"strangers are refused, and hear nothing of what they sent", (*smoker).refusesStrangers},
	{"a question about a number is answered", (*smoker).portability},
	{"an order is created", (*smoker).create},
	{"a bill is uploaded, checked, and can be fetched", (*smoker).upload},
	{"the order is signed, and the carrier's record has another name", (*smoker).signAndWait},
	{"the explanation offers the carrier's name, which one call applies", (*smoker).fix},
	{"the order is completed", (*smoker).complete},
	{"the customer was told by mail, which a sandbox keeps", (*smoker).mails},
}

// run does the steps, and fails with the first one that does not go as it should. now chooses the number to port.
func (t *smoker) run(ctx context.Context, now time.Time) error {
	for _, step := range smokeSteps {
		if err := step.do(t, ctx, now); err != nil {
			return fmt.Errorf("%s: NO: %w", step.name, err)
		}
		t.print(step.name + ": yes")
	}
	return nil
}

// call calls the API, and decodes the data of the answer, whose status must be the wanted one.
func (t *smoker) call(ctx context.Context, method, path string, body any, want int, data any) error {
	a, err := t.file.Call(ctx, method, path, body)
	if err != nil {
		return err
	}
	if a.Status != want {
		return fmt.Errorf("%s %s answers %d, not %d: %s", method, path, a.Status, want, a.Body)
	}
	doc := struct {
		Data any `json:"data"`
	}{data}
	if err := json.Unmarshal(a.Body, &doc); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// isSandbox ends the run before it could port a live number.
func (t *smoker) isSandbox(ctx context.Context, _ time.Time) error {
	var account struct{ Attributes struct{ Kind string } }
	if err := t.call(ctx, http.MethodGet, "/v2/account", nil, http.StatusOK, &account); err != nil {
		return err
	}
	if kind := account.Attributes.Kind; kind != "sandbox" {
		return fmt.Errorf("the account is of the kind %q; open one with -kind sandbox", kind)
	}
	return nil
}

// refusesStrangers calls with a wrong secret, without credentials, and where there is no route. API Gateway's own answer to the
// last one would repeat the credentials.
func (t *smoker) refusesStrangers(ctx context.Context, _ time.Time) error {
	for _, c := range []struct {
		path, access, secret string
		want                 int
	}{
		{"/v2/account", t.file.AccessKey, "wrong-secret", http.StatusUnauthorized},
		{"/v2/account", "", "", http.StatusUnauthorized},
		{"/peers/locals", t.file.AccessKey, t.file.SecretKey, 0},
		{"/nowhere", t.file.AccessKey, t.file.SecretKey, 0},
	} {
		a, err := t.file.CallAs(ctx, c.access, c.secret, http.MethodGet, c.path, nil)
		if err != nil {
			return err
		}
		if c.want != 0 && a.Status != c.want || a.Status < 400 {
			return fmt.Errorf("GET %s as a stranger answers %d", c.path, a.Status)
		}
		if text := string(a.Body); c.secret != "" && strings.Contains(text, c.secret) || strings.Contains(text, "Basic ") {
			return fmt.Errorf("GET %s repeats the credentials", c.path)
		}
	}
	return nil
}

// number returns a number whose simulated carrier has another name on its record. Orders of runs that ended early hold
// theirs, so that runs take turns.
func number(now time.Time) string { return fmt.Sprintf("+14255550%d51", 1+now.Unix()%9) }

func (t *smoker) portability(ctx context.Context, now time.Time) error {
	a, err := t.file.Call(ctx, http.MethodPost, "/v2/portorders/portability", map[string]any{"numbers": []string{number(now)}})
	if err == nil && (a.Status != http.StatusOK || !strings.Contains(string(a.Body), `"portable":["`+number(now)+`"]`)) {
		err = fmt.Errorf("the answer for %s is %d: %s", number(now), a.Status, a.Body)
	}
	return err
}

func (t *smoker) create(ctx context.Context, now time.Time) error {
	var group struct {
		Attributes struct {
			Orders struct{ Data []struct{ ID string } }
		}
	}
	if err := t.call(ctx, http.MethodPost, "/v2/portorders", map[string]any{"data": map[string]any{"type": "portorder",
		"attributes": map[string]any{"numbers": []string{number(now)}, "billing_name": "Jane Roe", "street": "1 Main St", "city": "Seattle",
			"state": "WA", "zip": "98104", "country": "US", "provider": "Example Telco", "provider_account": "000123",
			"usage_type": "residential"}}}, http.StatusCreated, &group); err != nil {
		return err
	}
	if len(group.Attributes.Orders.Data) != 1 {
		return fmt.Errorf("%d orders were created", len(group.Attributes.Orders.Data))
	}
	t.order = group.Attributes.Orders.Data[0].ID
	t.print("order " + t.order + " for " + number(now))
	return nil
}

func (t *smoker) path(more string) string { return "/v2/portorders/" + t.order + more }

// file is the answer of a call about a file.
type smokeFile struct {
	ID         string
	Attributes struct {
		URL, Status, Reason string
		Headers             map[string]string
	}
}

func (t *smoker) upload(ctx context.Context, now time.Time) error {
	bill, err := document.LOA(porting.Order{ID: "1", Numbers: []porting.Number{{TN: number(now)}},
		Given: porting.Given{Signature: porting.Signature{Name: "A Bill", Title: "Bill", At: now}}})
	if err != nil {
		return err
	}
	var f smokeFile
	if err := t.call(ctx, http.MethodPost, t.path("/upload_file"), map[string]any{"filename": "bill.pdf", "size": len(bill)}, http.StatusOK, &f); err != nil {
		return err
	}
	put, err := http.NewRequestWithContext(ctx, http.MethodPut, f.Attributes.URL, bytes.NewReader(bill))
	if err != nil {
		return err
	}
	for name, value := range f.Attributes.Headers {
		if name != "Content-Length" { // the client's own
			put.Header.Set(name, value)
		}
	}
	res, err := http.DefaultClient.Do(put)
	if err != nil {
		return err
	}
	answer, _ := io.ReadAll(io.LimitReader(res.Body, 2000)) // only to be shown
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the upload is answered %d: %s", res.StatusCode, answer)
	}
	return t.wait(ctx, func() (bool, string, error) {
		if err := t.call(ctx, http.MethodGet, t.path("/files/"+f.ID), nil, http.StatusOK, &f); err != nil {
			return false, "", err
		}
		if f.Attributes.Status == "error" {
			return false, "", errors.New(f.Attributes.Reason)
		}
		return f.Attributes.Status == "complete", "the document is " + f.Attributes.Status, nil
	})
}

// wait looks until done, and fails with the last thing that was seen.
func (t *smoker) wait(ctx context.Context, look func() (done bool, seen string, err error)) error {
	tick := time.NewTicker(t.pause)
	defer tick.Stop()
	for last := ""; ; {
		done, seen, err := look()
		if err != nil || done {
			return err
		}
		if seen != last {
			t.print("  " + seen)
			last = seen
		}
		if err := t.between(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s, after %v", seen, smokeLimit)
		case <-tick.C:
		}
	}
}

// until waits until the order has a status.
func (t *smoker) until(ctx context.Context, want porting.Status) error {
	return t.wait(ctx, func() (bool, string, error) {
		var order struct {
			Attributes struct{ Status porting.Status }
		}
		if err := t.call(ctx, http.MethodGet, t.path("/status"), nil, http.StatusOK, &order); err != nil {
			return false, "", err
		}
		at := order.Attributes.Status
		if at != want && at.Terminal() {
			return false, "", fmt.Errorf("the order is %s, not %s", at, want)
		}
		return at == want, "the order is " + string(at), nil
	})
}

// signature is the body of a call that signs.
func signature() map[string]any {
	return map[string]any{"data": map[string]any{"type": "loa",
		"attributes": map[string]any{"signature_name": "Sam Signer", "signature_title": "Operations"}}}
}

func (t *smoker) signAndWait(ctx context.Context, _ time.Time) error {
	if err := t.call(ctx, http.MethodPost, t.path("/loa"), signature(), http.StatusCreated, &struct{}{}); err != nil {
		return err
	}
	return t.until(ctx, porting.Rejected)
}

func (t *smoker) fix(ctx context.Context, _ time.Time) error {
	a, err := t.file.Call(ctx, http.MethodGet, t.path("/explain"), nil)
	if err != nil {
		return err
	}
	if a.Status != http.StatusOK || !bytes.Contains(a.Body, []byte("NAME_MISMATCH")) {
		return fmt.Errorf("the explanation is %d: %s", a.Status, a.Body)
	}
	if err := t.call(ctx, http.MethodPost, t.path("/fixes/1"), signature(), http.StatusOK, &struct{}{}); err != nil {
		return err
	}
	return t.call(ctx, http.MethodPatch, t.path("/status"), map[string]any{"data": map[string]any{"type": "portorder",
		"attributes": map[string]any{"status": "review"}}}, http.StatusOK, &struct{}{})
}

func (t *smoker) complete(ctx context.Context, _ time.Time) error {
	return t.until(ctx, porting.Completed)
}

func (t *smoker) mails(ctx context.Context, _ time.Time) error {
	return t.wait(ctx, func() (bool, string, error) {
		var mails []struct{ Attributes struct{ Subject string } }
		if err := t.call(ctx, http.MethodGet, t.path("/mails"), nil, http.StatusOK, &mails); err != nil {
			return false, "", err
		}
		return len(mails) >= 3, fmt.Sprintf("%d mails", len(mails)), nil // rejected, accepted, completed
	})
}
