package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

var update = flag.Bool("update", false, "write the golden file")

// cancelled is the event of the documented sample (D-CB).
func cancelled() porting.Event {
	return porting.Event{
		Order: "50404", Account: "33fd86cd562457f5b9653ce8c9f6b207", Version: 3, Kind: porting.WasCancelled,
		At:     time.Date(2019, 3, 19, 22, 49, 48, 60559000, time.UTC),
		Before: porting.Pending, Status: porting.Cancelled,
		StatusURL: "http://callbacklistener.numbers.us-west-2.service/",
	}
}

func TestCompose(t *testing.T) {
	got, err := Compose(cancelled())
	if err != nil {
		t.Fatal(err)
	}

	t.Run("Golden", func(t *testing.T) {
		var out bytes.Buffer
		if err := json.Indent(&out, got, "", "  "); err != nil {
			t.Fatal(err)
		}
		out.WriteByte('\n')
		if *update {
			if err := os.WriteFile("testdata/cancelled.json", out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/cancelled.json")
		if err != nil || out.String() != string(want) {
			t.Errorf("%v\n%s", err, out.String())
		}
	})

	t.Run("ADateThatTheCarrierWithdraws", func(t *testing.T) {
		e := cancelled()
		e.Kind, e.Before, e.Status = porting.FOCLost, porting.Accepted, porting.Submitted
		if got, err := Compose(e); err != nil || !bytes.Contains(got, []byte("has lost its date: the carrier has withdrawn it.")) {
			t.Errorf("%s, %v", got, err)
		}
	})

	t.Run("AsTheDocumentedSample", func(t *testing.T) {
		data, err := os.ReadFile("testdata/documented.json")
		if err != nil {
			t.Fatal(err)
		}
		var want, have struct{ Data map[string]any }
		if err := errors.Join(json.Unmarshal(data, &want), json.Unmarshal(got, &have)); err != nil {
			t.Fatal(err)
		}
		// Everything but the id, whose making is not documented, is the same.
		for _, m := range []map[string]any{want.Data, have.Data, want.Data["attributes"].(map[string]any),
			have.Data["attributes"].(map[string]any)} {
			if len(m["id"].(string)) != 36 {
				t.Errorf("id %v", m["id"])
			}
			m["id"] = ""
		}
		if !reflect.DeepEqual(have, want) {
			t.Errorf("got  %v\nwant %v", have, want)
		}
	})

	t.Run("EveryStatus", func(t *testing.T) {
		for _, m := range porting.Moves() {
			if m.To == porting.None || m.From[0] == porting.None {
				continue
			}
			e := cancelled()
			e.Before, e.Status = m.From[0], m.To
			if _, err := Compose(e); err != nil {
				t.Error(err)
			}
		}
	})

	t.Run("NoChangeNoWebhook", func(t *testing.T) {
		e := cancelled()
		e.Before = e.Status
		if _, err := Compose(e); err == nil {
			t.Error("composed")
		}
	})
}

func TestID(t *testing.T) {
	base := cancelled()
	if ID(base) != ID(cancelled()) {
		t.Error("not the same twice")
	}
	if id := ID(base); id[14] != '5' || !strings.ContainsRune("89ab", rune(id[19])) {
		t.Errorf("%s is no UUID v5", id)
	}
	for name, change := range map[string]func(*porting.Event){
		"account": func(e *porting.Event) { e.Account = "other" },
		"order":   func(e *porting.Event) { e.Order = "50405" },
		"version": func(e *porting.Event) { e.Version++ },
	} {
		e := cancelled()
		if change(&e); ID(e) == ID(base) {
			t.Errorf("another %s has the same id", name)
		}
	}
}

// message is that of the documented sample to a URL.
func message(at string) Message {
	body, _ := Compose(cancelled())
	return Message{URL: at, ID: "msg_1", Body: body, At: time.Unix(1614265330, 0)}
}

// The vector is that of the specification's own Go library (standard-webhooks, libraries/go, TestWebhookSign).
func TestSign(t *testing.T) {
	const published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	secret := porting.NewSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	at, body := time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)
	got, err := sign([]porting.Secret{secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
	if err != nil || got != published {
		t.Errorf("%s (%v), want %s", got, err, published)
	}
	fresh, err := newSecret(strings.NewReader(strings.Repeat("x", secretBytes)))
	if err != nil || !strings.HasPrefix(fresh.Reveal(), "whsec_") {
		t.Fatal(err)
	}
	both, err := sign([]porting.Secret{fresh, secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
	if first, second, ok := strings.Cut(both, " "); err != nil || !ok || second != published ||
		!strings.HasPrefix(first, "v1,") || first == second {
		t.Errorf("%s (%v)", both, err)
	}
	if _, err := sign([]porting.Secret{porting.SealedSecret("sealed")}, "msg", at, body); !errors.Is(err, errSecret) {
		t.Errorf("signed without a secret: %v", err)
	}
}

func TestDeliver(t *testing.T) {
	deliver := func(t *testing.T, ctx context.Context, allow bool, h http.HandlerFunc) error {
		t.Helper()
		server := httptest.NewServer(h)
		defer server.Close()
		status, err := NewClient(allow).Post(ctx, message(server.URL+"/hook?key=s3cret"))
		var f *Failed
		if errors.As(err, &f) && f.Status != status {
			t.Errorf("status %d, and %v", status, err)
		}
		return err
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	failed := func(t *testing.T, err error, code int) {
		t.Helper()
		var f *Failed
		if !errors.As(err, &f) || f.Status != code {
			t.Fatalf("%v", err)
		}
		if strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "/hook") {
			t.Errorf("the error tells the URL: %v", err)
		}
	}

	t.Run("OK", func(t *testing.T) {
		got := make(chan []byte, 1)
		err := deliver(t, t.Context(), true, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" ||
				r.URL.Query().Get("key") != "s3cret" {
				t.Errorf("%s %s %v %v", r.Method, r.URL, r.Header, err)
			}
			got <- body
			w.WriteHeader(http.StatusAccepted)
			_, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20)) // read in part, and no fault
		})
		if body := <-got; err != nil || !bytes.Contains(body, []byte(`"status":"cancelled"`)) {
			t.Errorf("%v %s", err, body)
		}
	})

	t.Run("NotAccepted", func(t *testing.T) {
		for _, code := range []int{400, 404, 410, 500, 503} {
			failed(t, deliver(t, t.Context(), true, status(code)), code)
		}
	})

	t.Run("RedirectNotFollowed", func(t *testing.T) {
		calls := 0
		failed(t, deliver(t, t.Context(), true, func(w http.ResponseWriter, r *http.Request) {
			calls++
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}), 307)
		if calls != 1 {
			t.Errorf("%d calls", calls)
		}
	})

	t.Run("TimeIsUp", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		failed(t, deliver(t, ctx, true, func(http.ResponseWriter, *http.Request) {
			cancel()
			panic(http.ErrAbortHandler)
		}), 0)
	})

	t.Run("LoopbackRefused", func(t *testing.T) {
		err := deliver(t, t.Context(), false, func(http.ResponseWriter, *http.Request) { t.Error("reached") })
		failed(t, err, 0)
		if !strings.Contains(err.Error(), "not public") {
			t.Error(err)
		}
	})

	t.Run("NameOfAPrivateAddressRefused", func(t *testing.T) {
		for _, u := range []string{"http://localhost:1/", "http://169.254.169.254/latest/meta-data",
			"http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/"} {
			_, err := NewClient(false).Post(t.Context(), message(u))
			if failed(t, err, 0); !strings.Contains(err.Error(), "not public") {
				t.Errorf("%s: %v", u, err)
			}
		}
	})

	t.Run("NoURL", func(t *testing.T) {
		for _, u := range []string{"", "/hook", "ftp://example.com/", "http://a b/"} {
			_, err := NewClient(true).Post(t.Context(), message(u))
			failed(t, err, 0)
		}
	})
}

// What the logs show of a failure tells neither URL nor address, nor what the host says of itself.
func TestPlain(t *testing.T) {
	listen := func(h http.Handler, start func(*httptest.Server)) string {
		server := httptest.NewUnstartedServer(h)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		start(server)
		t.Cleanup(server.Close)
		return server.URL
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	hangsUp := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	for _, test := range []struct {
		name, at string
		allow    bool
		want     string
	}{
		{"Answered", listen(http.NotFoundHandler(), (*httptest.Server).Start), true, "The server answered 404."},
		{"HungUp", listen(hangsUp, (*httptest.Server).Start), true, "The connection broke."},
		{"NotTrusted", listen(hangsUp, (*httptest.Server).StartTLS), true, "The host's certificate is not valid."},
		{"Gone", gone.URL, true, "The host can't be reached."},
		{"Private", gone.URL, false, "The URL leads to an address that is not public."},
		{"NoURL", "http://a b", true, "The URL is not valid."},
	} {
		t.Run(test.name, func(t *testing.T) {
			var f *Failed
			if _, err := NewClient(test.allow).Post(t.Context(), message(test.at+"/hook?key=s3cret")); !errors.As(err,
				&f) || f.Plain() != "webhook not delivered: "+test.want {
				t.Errorf("%v; plain: %q", err, f.Plain())
			}
		})
	}
}
