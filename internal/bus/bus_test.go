package bus_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/bus"
	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/storetest"
)

var at = time.Date(2027, 3, 16, 16, 30, 0, 0, time.UTC)

// moved is an event by which one number has moved and another one has not, and its order.
func moved() (porting.Event, porting.Order) {
	o := porting.Order{ID: "260009164804098", Group: "260009164800001", Account: "acme", Kind: porting.Local, Status: porting.Accepted,
		StatusAt: at.AddDate(0, 0, -7), Version: 19}
	o.Numbers = []porting.Number{{TN: "+12065550101", State: porting.Ported, At: at},
		{TN: "+12065550102", State: porting.Failed, Reason: porting.TNNotInService, At: at},
		{TN: "+12065550103", State: porting.Excluded, Reason: porting.NoCoverage, At: at.AddDate(0, 0, -9)}}
	o.Details = storetest.Details()
	return porting.Event{Order: o.ID, Group: o.Group, Account: o.Account, Version: 19, Kind: porting.Parted, At: at,
		By: porting.PeerBy("locals"), Before: porting.Accepted, Status: porting.Accepted, FOC: "2027-03-16",
		Message: porting.Say(porting.MsgFallout, "n", "1", "numbers", "+12065550102", "reason", string(porting.TNNotInService)),
		Reasons: []porting.Reason{{Code: porting.TNNotInService, Raw: "7426", Said: "Ada Lovelace has moved", Numbers: []string{"+12065550102"}}}}, o
}

// events/bus.json is an event as a target gets it.
func TestSample(t *testing.T) {
	raw, err := os.ReadFile("../../events/bus.json")
	if err != nil {
		t.Fatal(err)
	}
	var sample struct {
		Source     string
		DetailType string `json:"detail-type"`
		Detail     json.RawMessage
	}
	if err := json.Unmarshal(raw, &sample); err != nil {
		t.Fatal(err)
	}
	e, o := moved()
	entries, err := bus.Compose(e, o)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, sample.Detail); err != nil {
		t.Fatal(err)
	}
	if got := entries[0]; got.Source != sample.Source || got.DetailType != sample.DetailType || got.Detail != want.String() {
		t.Errorf("%s %s\n%s\nthe sample is\n%s", got.Source, got.DetailType, got.Detail, want.String())
	}
}

// A body tells no secret, no text, nothing of the carrier's record and no person, whatever the event is; each kind has the
// stages of the event and not those of the order as it is later.
func TestNothingPersonalIsTold(t *testing.T) {
	secretive := []string{"Lovelace", "Ada", "CANARY", storetest.SecretSSN, "Pike", "98101", "7426", "locals", "https"}
	e, o := moved()
	for _, kind := range append(slices.Clone(porting.Mailed()), porting.Created, porting.Corrected, porting.RecordReceived, porting.DeskAsked) {
		e.Kind, e.By = kind, porting.StaffBy("CANARY")
		e.Message = porting.Say(porting.MsgCorrected).With(porting.Say(porting.MsgFieldChanged, "field", "street", "before", "1 Pike", "after", "2 Pike"))
		entries, err := bus.Compose(e, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range secretive {
			if strings.Contains(entries[0].Detail, word) {
				t.Errorf("%s tells %q: %s", kind, word, entries[0].Detail)
			}
		}
	}
}

func TestNumbersAreToldAsOfTheEvent(t *testing.T) {
	e, o := moved()
	for _, test := range []struct {
		name          string
		kind          porting.EventKind
		before, after porting.Status
		at            time.Time
		want          string
	}{
		{"some moved", porting.Parted, porting.Accepted, porting.Accepted, at, "active failed"},
		{"agreed a week before", porting.WasAccepted, porting.Submitted, porting.Accepted, at.AddDate(0, 0, -7), "dated dated excluded"},
		{"one left out", porting.NumberExcluded, porting.Submitted, porting.Submitted, at.AddDate(0, 0, -9), "excluded"},
		{"a comment in the same second", porting.Commented, porting.Accepted, porting.Accepted, at, ""},
		{"created", porting.Created, porting.None, porting.Pending, at.AddDate(0, 0, -12), "taking_part taking_part taking_part"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e.Kind, e.Before, e.Status, e.At = test.kind, test.before, test.after, test.at
			entries, err := bus.Compose(e, o)
			if err != nil {
				t.Fatal(err)
			}
			var told bus.Detail
			if err := json.Unmarshal([]byte(entries[0].Detail), &told); err != nil {
				t.Fatal(err)
			}
			var stages []string
			for _, n := range told.Numbers {
				stages = append(stages, n.Stage)
			}
			if got := strings.Join(stages, " "); got != test.want || told.Total != 3 {
				t.Errorf("%q of %d, want %q", got, told.Total, test.want)
			}
		})
	}
}

// An order of the largest size is told in parts that EventBridge takes, each with an id of its own. A second telling has
// the same ids, and a failure in between is told to the outbox.
func TestLargeOrdersAreToldInParts(t *testing.T) {
	e, o := moved()
	o.Numbers, e.Kind, e.Status = nil, porting.WasCompleted, porting.Completed
	for i := range porting.MaxNumbers {
		o.Numbers = append(o.Numbers, porting.Number{TN: fmt.Sprintf("+1206%07d", i), State: porting.Failed, Reason: porting.RemainingServiceUnspecified, At: at})
	}
	tell := func(fail int) (ids []string, err error) {
		p := bus.Publisher{Put: func(_ context.Context, entries []bus.Entry) error {
			if len(ids) == fail {
				return errors.New("throttled")
			}
			for _, entry := range entries {
				if size := len(entry.Source) + len(entry.DetailType) + len(entry.Detail) + 14; size > 256<<10 {
					t.Errorf("an entry has %d bytes", size)
				}
				var told bus.Detail
				if err := json.Unmarshal([]byte(entry.Detail), &told); err != nil {
					t.Fatal(err)
				}
				ids = append(ids, told.ID)
			}
			return nil
		}}
		err = p.Handle(t.Context(), e, o)
		return ids, err
	}
	first, err := tell(-1)
	again, _ := tell(-1)
	if err != nil || len(first) != porting.MaxNumbers/bus.MostNumbers || len(slices.Compact(slices.Sorted(slices.Values(first)))) != len(first) ||
		!slices.Equal(first, again) {
		t.Errorf("%v, then %v (%v)", first, again, err)
	}
	if _, err := tell(2); err == nil {
		t.Error("a bus that fails is not told of")
	}
}

// A rule as the operator's page has it brings each event of live orders to its target once, and none of a sandbox.
func TestARuleBringsEventsToItsTarget(t *testing.T) {
	page, err := os.ReadFile("../../infra/docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?s)--event-pattern '(.*?)'`).FindSubmatch(page)
	if found == nil {
		t.Fatal("infra/docs/operate.md has no example of a rule")
	}
	local := enginetest.Start(t, engine.Options{})
	aws := caller{t, local.Config()}
	aws.ask("events", "AWSEvents.CreateEventBus", map[string]any{"Name": "portway-events"}, nil)
	var queue struct{ QueueUrl string }
	aws.ask("sqs", "AmazonSQS.CreateQueue", map[string]any{"QueueName": "billing"}, &queue)
	var is struct{ Attributes map[string]string }
	aws.ask("sqs", "AmazonSQS.GetQueueAttributes", map[string]any{"QueueUrl": queue.QueueUrl, "AttributeNames": []string{"QueueArn"}}, &is)
	aws.ask("events", "AWSEvents.PutRule", map[string]any{"Name": "moved", "EventBusName": "portway-events", "EventPattern": string(found[1])}, nil)
	aws.ask("events", "AWSEvents.PutTargets", map[string]any{"Rule": "moved", "EventBusName": "portway-events",
		"Targets": []map[string]string{{"Id": "queue", "Arn": is.Attributes["QueueArn"]}}}, nil)

	to := &lambdax.EventBus{URL: *aws.cfg.BaseEndpoint + "/", Name: "portway-events", Region: aws.cfg.Region, Keys: aws.cfg.Credentials,
		HTTP: http.DefaultClient, Now: time.Now}
	p := bus.Publisher{Put: func(ctx context.Context, entries []bus.Entry) error {
		var all []lambdax.BusEntry
		for _, e := range entries {
			all = append(all, lambdax.BusEntry(e))
		}
		return to.Put(ctx, all)
	}}
	e, o := moved()
	played := o
	played.Sandbox = true
	for _, order := range []porting.Order{played, o} {
		if err := p.Handle(t.Context(), e, order); err != nil {
			t.Fatal(err)
		}
	}
	comment := e
	comment.Kind = porting.Commented
	if err := p.Handle(t.Context(), comment, o); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 2 {
		var in struct{ Messages []struct{ Body string } }
		aws.ask("sqs", "AmazonSQS.ReceiveMessage", map[string]any{"QueueUrl": queue.QueueUrl, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1}, &in)
		for _, m := range in.Messages {
			got = append(got, m.Body)
		}
	}
	if len(got) != 1 || !strings.Contains(got[0], `"detail-type"`) || !strings.Contains(got[0], `260009164804098-19.0-1`) {
		t.Errorf("the target got %q", got)
	}
}

// caller makes calls of AWS's JSON protocol.
type caller struct {
	*testing.T
	cfg aws.Config
}

func (c caller) ask(service, target string, in, out any) {
	c.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		c.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.Context(), http.MethodPost, *c.cfg.BaseEndpoint+"/", bytes.NewReader(raw))
	if err != nil {
		c.Fatal(err)
	}
	version := map[string]string{"sqs": "1.0"}[service]
	if version == "" {
		version = "1.1"
	}
	req.Header.Set("Content-Type", "application/x-amz-json-"+version)
	req.Header.Set("X-Amz-Target", target)
	keys, err := c.cfg.Credentials.Retrieve(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	if err := v4.NewSigner().SignHTTP(c.Context(), keys, req, hex.EncodeToString(sum[:]), service, c.cfg.Region, time.Now()); err != nil {
		c.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		c.Fatalf("%s: %d %s %v", target, res.StatusCode, body, err)
	}
	if out != nil {
		if err := json.Unmarshal(body, out); err != nil {
			c.Fatalf("%s: %v %s", target, err, body)
		}
	}
}
