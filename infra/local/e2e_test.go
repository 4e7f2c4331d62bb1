package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"portway/infra/local/engine"
	"portway/infra/local/stack"
)

// One deployed stack serves all tests of this package: the real template, the real binaries, IAM enforced.
var (
	up   *stack.Stack
	hook = &receiver{got: map[string][]string{}}
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		server := httptest.NewServer(hook)
		defer server.Close()
		hook.url = server.URL
		recorder, err := engine.NewRecorder()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer recorder.Close()
		s, err := stack.Up(ctx, stack.Options{Day: time.Second, Step: 300 * time.Millisecond, Recorder: recorder})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		up = s
		defer func() { _ = s.Down() }()
		code := m.Run()
		if faults := askedAWS(ctx, recorder.Calls()); len(faults) > 0 {
			fmt.Fprintf(os.Stderr, "FAIL: what the functions ask of AWS\n%s\n", strings.Join(faults, "\n"))
			return 1
		}
		return code
	}())
}

// askedAWS holds the requests that the functions have made in all tests against AWS's models of the services and, by package
// roles, against the functions' rights. It returns what is wrong with them.
func askedAWS(ctx context.Context, calls []engine.Call) (faults []string) {
	problems, err := engine.Check(ctx, calls)
	if err != nil {
		return []string{err.Error()}
	}
	for _, p := range problems {
		c := calls[p.Call]
		faults = append(faults, fmt.Sprintf("%s of %s: %s %s", cmp.Or(p.Operation, c.Method+" "+c.Path), c.Function, p.Where, p.Why))
	}
	raw, err := json.Marshal(map[string]any{"ids": up.Deploy.IDs, "calls": calls})
	if err != nil {
		return append(faults, err.Error())
	}
	file := filepath.Join(up.Engine.Dir(), "requests.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		return append(faults, err.Error())
	}
	if out, err := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "^TestRecordedRequestsAreAllowed$",
		"portway/infra/local/roles", "-recorded", file).CombinedOutput(); err != nil {
		faults = append(faults, string(out))
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// receiver is a customer's webhook endpoint.
type receiver struct {
	url string
	mu  sync.Mutex
	got map[string][]string // statuses by order
	raw strings.Builder
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	var event struct {
		Data struct {
			Attributes struct {
				ResourceID string `json:"resource_id"`
				Status     string
			}
		}
	}
	if err != nil || json.Unmarshal(body, &event) != nil {
		http.Error(w, "no event", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.raw.Write(body)
	id := event.Data.Attributes.ResourceID
	r.got[id] = append(r.got[id], event.Data.Attributes.Status)
}

// statuses waits until n statuses of the order were told, and returns all that were: effects come after the status.
func (r *receiver) statuses(ctx context.Context, t *testing.T, order string, n int) []string {
	t.Helper()
	for {
		r.mu.Lock()
		got := slices.Clone(r.got[order])
		r.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the webhook told %v alone", got)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// follow makes a narrator that follows orders of the main account by the API.
func follow(t *testing.T) *narrator {
	return &narrator{file: up.File, mail: &mailbox{file: up.File, shown: map[string]bool{}},
		print: func(line string) { t.Log(line) }}
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// routineMails are the subjects of mails that follow each order's way. Whether the first one is sent depends on whether the
// order is signed before it can be.
var routineMails = []string{"Read and sign", "It goes to the carrier", "Approved, it goes", "Your numbers move on", "We have corrected",
	"Calls to your numbers arrive"}

// wantMails lists the other mails of each story, by a word of their subjects.
var wantMails = map[string][]string{
	"straight": {"accepted", "completed"},
	"tollfree": {"accepted", "completed"},
	"csr":      {"accepted", "completed"},
	"zip":      {"accepted", "completed"},
	"address":  {"rejected", "accepted", "completed"},
	"split":    {"rejected", "accepted", "completed", "accepted", "completed"}, // of both orders
	"fallback": {"accepted", "completed"},
	"idle":     {"ends in 14 days", "cancelled"},
	"simple":   {"accepted", "completed"},
	"improper": {"accepted", "completed"},
	"unproven": {"rejected", "accepted", "completed"},
	"canada":   {"the holder has to answer", "accepted", "completed"},
}

// Every story of make run ends as it should on the deployed template, with each of its mails once.
func TestStories(t *testing.T) {
	for _, dated := range []bool{false, true} { // a sweep as of a later day is a sweep of every order
		t.Run(fmt.Sprintf("dated %v", dated), func(t *testing.T) {
			for _, s := range stories() {
				if s.dated == dated {
					t.Run(s.name, func(t *testing.T) {
						t.Parallel()
						testStory(t, s)
					})
				}
			}
		})
	}
}

func testStory(t *testing.T, s story) {
	ctx, told := limited(t), follow(t)
	if err := told.live(ctx, s); err != nil {
		t.Fatal(err)
	}
	want := wantMails[s.name]
	got := waitFor(ctx, t, fmt.Sprintf("each of the mails %v", want), func() ([]string, bool) { // effects come after the status
		mails, err := up.File.Mails(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range mails {
			ours := slices.ContainsFunc(append(told.splitOff, told.order), func(id string) bool { return strings.Contains(m.Text, id) })
			if ours && !slices.ContainsFunc(routineMails, func(part string) bool { return strings.HasPrefix(m.Subject, part) }) {
				got = append(got, m.Subject)
			}
		}
		return got, len(got) >= len(want)
	})
	for _, word := range want {
		i := slices.IndexFunc(got, func(subject string) bool { return strings.Contains(strings.ToLower(subject), word) })
		if i < 0 {
			t.Errorf("no mail of %q is among %q", word, got)
			continue
		}
		got = slices.Delete(got, i, i+1)
	}
	if len(got) > 0 {
		t.Errorf("the mails %q are too many", got)
	}
}

const (
	canaryAccount = "CANARYACCT7781"
	canaryPIN     = "CANARYPIN4417"
	canarySSN     = "9173"
)

// No secret reaches a log line, a mail, a webhook or an execution's input and output; the status webhook tells every
// change.
func TestSecretsStayAndWebhooksTell(t *testing.T) {
	t.Parallel()
	ctx, told := limited(t), follow(t)
	err := told.live(ctx, story{name: "canary", attrs: map[string]any{
		"numbers": []string{"+12065550205"}, "billing_name": "Jane Roe", "provider": "Example Telco",
		"provider_account": canaryAccount,
		"pin":              canaryPIN, "last_4_ssn": canarySSN, "usage_type": "residential", "street": "12 Example Ave",
		"city": "Seattle", "state": "WA",
		"zip": "98104", "country": "US", "status_url": hook.url + "/hook",
	}, tell: completes})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(hook.statuses(ctx, t, told.order, 4)), "[processing submitted accepted completed]"; got != want {
		t.Errorf("the webhook told %s, want %s", got, want)
	}
	secrets := []string{canaryAccount, canaryPIN, up.File.SecretKey, up.File.SecondSecretKey}
	search := func(where, text string) {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s holds a secret", where)
			}
		}
		for _, s := range []string{`"` + canarySSN + `"`, " " + canarySSN} {
			if strings.Contains(text, s) {
				t.Errorf("%s holds the SSN digits", where)
			}
		}
	}
	hook.mu.Lock()
	search("a webhook", hook.raw.String())
	hook.mu.Unlock()
	mails, err := up.File.Mails(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		search("a mail", m.Subject+m.Text+m.HTML)
	}
	raw, err := told.call(ctx, http.MethodGet, told.path(""), nil, http.StatusOK)
	if err != nil {
		t.Fatal(err)
	}
	search("the order as the API shows it", string(raw))
	logs := cloudwatchlogs.NewFromConfig(up.Engine.Config())
	lines := 0
	for name, group := range up.File.Logs {
		pages := cloudwatchlogs.NewFilterLogEventsPaginator(logs,
			&cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(group)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				break // a function that was never called has no log group
			}
			for _, e := range page.Events {
				lines++
				search("a log line of "+name, aws.ToString(e.Message))
				if strings.Contains(aws.ToString(e.Message), `"level":"ERROR"`) {
					t.Errorf("%s logs an error: %s", name, aws.ToString(e.Message))
				}
			}
		}
	}
	if lines < 20 {
		t.Errorf("only %d log lines were searched", lines)
	}
	runs := 0
	client := sfn.NewFromConfig(up.Engine.Config())
	for name, arn := range up.File.StateMachines {
		list, err := client.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: aws.String(arn)})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list.Executions {
			runs++
			d, err := client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: e.ExecutionArn})
			if err != nil {
				t.Fatal(err)
			}
			search("an execution of "+name, aws.ToString(d.Input)+aws.ToString(d.Output)+aws.ToString(d.Cause))
		}
	}
	if runs < 2 {
		t.Errorf("only %d executions were searched", runs)
	}
}

// What never reaches the handler is answered in the envelope too, and nobody sees another's order.
func TestStrangers(t *testing.T) {
	t.Parallel()
	ctx, told := limited(t), follow(t)
	if err := told.live(ctx, story{name: "idle", attrs: stories()[0].attrsWith("+12065550206"), tell: created,
		unsigned: true}); err != nil {
		t.Fatal(err)
	}
	f := up.File
	for _, c := range []struct {
		name, access, secret, path string
		status                     int
		header                     string
	}{
		{"no credentials", "", "", "/v2/portorders", http.StatusUnauthorized, `Basic realm="portway"`},
		{"a wrong secret", f.AccessKey, "wrong", "/v2/portorders", http.StatusUnauthorized, `Basic realm="portway"`},
		{"another account's order", f.SecondAccessKey, f.SecondSecretKey, told.path(""), http.StatusNotFound, ""},
		{"no such order", f.SecondAccessKey, f.SecondSecretKey, "/v2/portorders/1", http.StatusNotFound, ""},
		{"no such path", f.AccessKey, f.SecretKey, "/v2/nothing", http.StatusNotFound, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := f.CallAs(ctx, c.access, c.secret, http.MethodGet, c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if a.Status != c.status || a.Header.Get("WWW-Authenticate") != c.header {
				t.Errorf("%d %q, want %d %q", a.Status, a.Header.Get("WWW-Authenticate"), c.status, c.header)
			}
			var envelope struct{ Errors []map[string]any }
			if json.Unmarshal(a.Body, &envelope) != nil || len(envelope.Errors) != 1 {
				t.Errorf("not the envelope: %s", a.Body)
			}
		})
	}
	// A draft for a number that somebody else has signed for is made like any other, and can't be signed.
	if err := told.sign(ctx); err != nil {
		t.Fatal(err)
	}
	a, err := f.CallAs(ctx, f.SecondAccessKey, f.SecondSecretKey, http.MethodPost, "/v2/portorders",
		map[string]any{"data": map[string]any{"type": "portorder",
			"attributes": stories()[0].attrsWith("+12065550206")}})
	if err != nil {
		t.Fatal(err)
	}
	var theirs struct {
		Data struct {
			Attributes struct {
				Orders struct{ Data []struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(a.Body, &theirs); err != nil || a.Status != http.StatusCreated || len(theirs.Data.Attributes.Orders.Data) != 1 {
		t.Fatalf("a draft for another account's number answers %d %s", a.Status, a.Body)
	}
	a, err = f.CallAs(ctx, f.SecondAccessKey, f.SecondSecretKey, http.MethodPost,
		"/v2/portorders/"+theirs.Data.Attributes.Orders.Data[0].ID+"/loa", map[string]any{"data": map[string]any{"type": "loa",
			"attributes": map[string]any{"signature_name": "Sam Signer", "signature_title": "Operations"}}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != http.StatusConflict || !strings.Contains(string(a.Body), "+12065550206") ||
		strings.Contains(string(a.Body), told.order) {
		t.Errorf("a signature for another account's number answers %d %s", a.Status, a.Body)
	}
}

// At the deployed gateway a peer reaches the path of its own notices alone, and a customer reaches no path of notices.
// Each caller calls twice, since the gateway keeps the authorizer's answer for the second call.
func TestCallersAtTheGateway(t *testing.T) {
	t.Parallel()
	ctx, f := limited(t), up.File
	const locals, somos, customers = "/peers/locals", "/peers/somos", "/v2/portorders"
	const here = http.StatusUnprocessableEntity // the caller is let in, and the body is not a notice
	for _, c := range []struct {
		name   string
		by     stack.Credentials
		status map[string]int
	}{
		{"nobody", stack.Credentials{}, map[string]int{locals: 401, somos: 401, customers: 401}},
		{"a customer", stack.Credentials{User: f.AccessKey, Password: f.SecretKey},
			map[string]int{locals: 401, somos: 401, customers: http.StatusBadRequest}},
		{"the first Locals peer", stack.LocalsHook, map[string]int{locals: here, somos: 403, customers: 401}},
		{"the second Locals peer", stack.Locals2Hook, map[string]int{locals: here, somos: 403, customers: 401}},
		{"the registry", stack.SomosHook, map[string]int{locals: 403, somos: here, customers: 401}},
		{"one peer with another's password", stack.Credentials{User: stack.SomosHook.User, Password: stack.LocalsHook.Password},
			map[string]int{locals: 401, somos: 401, customers: 401}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 {
				for path, want := range c.status {
					a, err := f.CallAs(ctx, c.by.User, c.by.Password, http.MethodPost, path, map[string]any{"data": map[string]any{}})
					if err != nil {
						t.Fatal(err)
					}
					if a.Status != want {
						t.Errorf("POST %s answers %d, want %d: %s", path, a.Status, want, a.Body)
					}
				}
			}
		})
	}
}

// created is the story of an order that is created, and no more.
func created(context.Context, *narrator) error { return nil }

// attrsWith are the story's attributes for another number.
func (s story) attrsWith(number string) map[string]any {
	attrs := map[string]any{}
	for k, v := range s.attrs {
		attrs[k] = v
	}
	attrs["numbers"] = []string{number}
	return attrs
}

func TestStopFindsNothing(t *testing.T) {
	if was, err := engine.StopIn(t.TempDir()); err != nil || was {
		t.Errorf("stopped %v, %v", was, err)
	}
}
