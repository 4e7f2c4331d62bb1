package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"portway/infra/local/stack"
)

// second calls the API as the second account and decodes the attributes of the answer.
func second(t *testing.T, method, path string, body any, want int) (attrs map[string]any, a stack.Answer) {
	t.Helper()
	a, err := up.File.CallAs(t.Context(), up.File.SecondAccessKey, up.File.SecondSecretKey, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != want {
		t.Fatalf("%s %s: %d %s, want %d", method, path, a.Status, a.Body, want)
	}
	var doc struct{ Data json.RawMessage }
	if err := json.Unmarshal(a.Body, &doc); err != nil {
		t.Fatal(err)
	}
	var one struct{ Attributes map[string]any }
	_ = json.Unmarshal(doc.Data, &one) // a list has none
	return one.Attributes, a
}

func wrapped(kind string, attrs map[string]any) map[string]any {
	return map[string]any{"data": map[string]any{"type": kind, "attributes": attrs}}
}

// A key is made, used, rotated, still used during the overlap, and refused once it is revoked. Another account can't
// change it.
func TestKeysOpenAndClose(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	opens := func(access, secret string) int {
		t.Helper()
		a, err := up.File.CallAs(ctx, access, secret, http.MethodGet, "/v2/account", nil)
		if err != nil {
			t.Fatal(err)
		}
		return a.Status
	}
	made, _ := second(t, http.MethodPost, "/v2/account/keys", wrapped("key", map[string]any{"name": "e2e"}),
		http.StatusCreated)
	first, firstSecret := made["access_key"].(string), made["secret_key"].(string)
	if got := opens(first, firstSecret); got != http.StatusOK {
		t.Fatalf("the new key: %d", got)
	}
	made, _ = second(t, http.MethodPost, "/v2/account/keys/"+first+"/rotate", nil, http.StatusCreated)
	next, nextSecret := made["access_key"].(string), made["secret_key"].(string)
	if old, fresh := opens(first, firstSecret), opens(next, nextSecret); old != http.StatusOK ||
		fresh != http.StatusOK {
		t.Errorf("in the overlap the old key answers %d, the new one %d", old, fresh)
	}
	if a, err := up.File.Call(ctx, http.MethodDelete, "/v2/account/keys/"+next, nil); err != nil ||
		a.Status != http.StatusNotFound {
		t.Errorf("another account revokes the key: %d (%v)", a.Status, err)
	}
	for _, key := range []string{first, next} {
		second(t, http.MethodDelete, "/v2/account/keys/"+key, nil, http.StatusOK)
	}
	// The gateway may know a key for the 60 seconds of its authorizer's cache.
	for _, key := range [][2]string{{first, firstSecret}, {next, nextSecret}} {
		status := 0
		for tick, end := time.NewTicker(500*time.Millisecond),
			time.Now().Add(70*time.Second); time.Now().Before(end); <-tick.C {
			if status = opens(key[0], key[1]); status == http.StatusUnauthorized {
				break
			}
		}
		if status != http.StatusUnauthorized {
			t.Errorf("a revoked key answers %d", status)
		}
	}
	_, list := second(t, http.MethodGet, "/v2/account/keys", nil, http.StatusOK)
	if text := string(list.Body); strings.Contains(text, "secret") || strings.Contains(text, firstSecret) ||
		strings.Contains(text, up.File.AccessKey) {
		t.Errorf("the list shows too much: %s", text)
	}
}

// Mail goes to the account's contacts at the time when it is sent. The fee is a line of the ledger. Presets name
// records of the account.
func TestContactsPresetsAndLedger(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	second(t, http.MethodPatch, "/v2/account/contacts", wrapped("contacts",
		map[string]any{"porting": []string{"new@second-avenue.example", "desk@second-avenue.example"}}), http.StatusOK)
	attrs := stories()[0].attrsWith("+12065550218")
	attrs["presets"] = map[string]any{"primary_route_id": "99999"}
	_, refused := second(t, http.MethodPost, "/v2/portorders", wrapped("portorder", attrs),
		http.StatusUnprocessableEntity)
	if !strings.Contains(string(refused.Body), `"pointer":"/data/attributes/presets/primary_route_id"`) {
		t.Errorf("an unknown route answers %s", refused.Body)
	}
	_, made := second(t, http.MethodPost, "/v2/account/routes",
		wrapped("route", map[string]any{"route_type": "host", "value": "sip.second-avenue.example"}),
		http.StatusCreated)
	var record struct{ Data struct{ ID string } }
	if err := json.Unmarshal(made.Body, &record); err != nil {
		t.Fatal(err)
	}
	attrs["presets"] = map[string]any{"primary_route_id": record.Data.ID}
	_, created := second(t, http.MethodPost, "/v2/portorders", wrapped("portorder", attrs), http.StatusCreated)
	var group struct {
		Data struct {
			Attributes struct {
				Orders struct{ Data []struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(created.Body, &group); err != nil || len(group.Data.Attributes.Orders.Data) != 1 {
		t.Fatal(err, string(created.Body))
	}
	order := group.Data.Attributes.Orders.Data[0].ID
	second(t, http.MethodDelete, "/v2/account/routes/"+record.Data.ID, nil, http.StatusConflict)
	second(t, http.MethodPost, "/v2/portorders/"+order+"/loa", wrapped("loa",
		map[string]any{"signature_name": "Sam Signer", "signature_title": "Operations"}), http.StatusCreated)

	waitFor(ctx, t, "a mail about the order for each reader", func() (bool, bool) { // each with a link of the reader's own
		mails, err := up.File.Mails(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var to []string
		for _, m := range mails {
			if strings.Contains(m.Text, order) {
				to = append(to, strings.Join(m.To, " "))
			}
		}
		slices.Sort(to)
		to = slices.Compact(to) // a later mail may be about the next step
		return true, slices.Equal(to, []string{"desk@second-avenue.example", "new@second-avenue.example"})
	})
	for _, part := range []string{`"kind":"port_fee","amount":"-7.5","portorder_id":"` + order + `"`,
		`"kind":"deposit","amount":"100000","portorder_id":null,"reference":"opening"`} {
		waitFor(ctx, t, part, func() (bool, bool) {
			_, ledger := second(t, http.MethodGet, "/v2/account/ledger?limit=200", nil, http.StatusOK)
			return true, strings.Contains(string(ledger.Body), part)
		})
	}
}

// waitFor asks until the answer is true.
func waitFor[T any](ctx context.Context, t *testing.T, what string, ask func() (T, bool)) T {
	t.Helper()
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for {
		if v, ok := ask(); ok {
			return v
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s did not come", what)
		case <-tick.C:
		}
	}
}

// The documentation page may send requests to the API: it names the API's address, and a browser lets its origin ask
// first without credentials, send what the description knows, and read answers, those of the gateway too. No other
// origin is named.
func TestBrowsers(t *testing.T) {
	t.Parallel()
	ask := func(method, target, origin string, credentials bool) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, target, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", origin)
		if method == http.MethodOptions {
			req.Header.Set("Access-Control-Request-Method", http.MethodPost)
			req.Header.Set("Access-Control-Request-Headers", "authorization,content-type,idempotency-key,if-match")
		}
		if credentials {
			req.SetBasicAuth(up.File.AccessKey, up.File.SecretKey)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(body)
	}
	page, body := ask(http.MethodGet, up.File.Docs, "", false)
	if want := fmt.Sprintf(`"servers":[{"url":%q}]`, up.File.API); !strings.Contains(body, want) ||
		!strings.HasPrefix(up.File.Docs, up.File.Origin()+"/") {
		t.Errorf("the page at %s (%d) does not send requests to %s", up.File.Docs, page.StatusCode, up.File.API)
	}
	for _, origin := range []string{up.File.Origin(), "https://elsewhere.example.com"} {
		for _, c := range []struct {
			method, path string
			credentials  bool
			status       int
		}{
			{http.MethodOptions, "/v2/portorders", false, http.StatusNoContent},
			{http.MethodGet, "/v2/portorders", true, http.StatusOK},
			{http.MethodGet, "/v2/portorders", false, http.StatusUnauthorized},
			{http.MethodGet, "/nothing", false, http.StatusNotFound},
		} {
			res, _ := ask(c.method, up.File.API+c.path, origin, c.credentials)
			if got := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != c.status ||
				got != up.File.Origin() {
				t.Errorf("%s %s from %s: %d, open to %q; want %d", c.method, c.path, origin, res.StatusCode, got,
					c.status)
			}
			methods, headers := res.Header.Get("Access-Control-Allow-Methods"),
				res.Header.Get("Access-Control-Allow-Headers")
			if c.method == http.MethodOptions && (methods != "POST, GET, OPTIONS" ||
				headers != "Authorization, Content-Type, Idempotency-Key, If-Match") {
				t.Errorf("a page may send %q with %q", methods, headers)
			}
		}
	}
}

// The function answers an account that calls too often, and says when to call again. (The engine stores usage plans,
// and counts nothing.) The test runs alone, since it lowers the limit for a while.
func TestTooManyCalls(t *testing.T) {
	client := lambda.NewFromConfig(up.Engine.Config())
	name := aws.String(up.File.Functions["api"])
	was, err := client.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: name})
	if err != nil {
		t.Fatal(err)
	}
	limit := func(ctx context.Context, perSecond, burst string) {
		t.Helper()
		variables := map[string]string{}
		for k, v := range was.Environment.Variables {
			variables[k] = v
		}
		variables["RATE_LIMIT"], variables["RATE_BURST"] = perSecond, burst
		_, err := client.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: name,
			Environment: &types.Environment{Variables: variables}})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(t.Context(), "1", "2")
	defer limit(context.Background(), was.Environment.Variables["RATE_LIMIT"], was.Environment.Variables["RATE_BURST"])
	for n := 0; ; n++ {
		a, err := up.File.CallAs(t.Context(), up.File.SecondAccessKey, up.File.SecondSecretKey, http.MethodGet,
			"/v2/account/balance", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.Status == http.StatusTooManyRequests {
			if a.Header.Get("Retry-After") != "1" || !strings.Contains(string(a.Body), `"code":"too_many_requests"`) {
				t.Errorf("%v %s", a.Header, a.Body)
			}
			return
		}
		if n == 30 || a.Status != http.StatusOK {
			t.Fatalf("call %d: %d %s", n, a.Status, a.Body)
		}
	}
}
