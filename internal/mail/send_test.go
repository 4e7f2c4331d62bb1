package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/smithy-go"

	"portway/internal/orders"
	"portway/internal/porting"
)

// memory is Records as the store keeps them.
type memory map[Key]*record

type record struct {
	until   time.Time
	tries   int
	sent    string
	outline Outline
	fate    orders.MailFate
}

func (m memory) Lease(_ context.Context, key Key, o Outline, now time.Time, term time.Duration) (Lease, error) {
	r := m[key]
	if r == nil {
		r = &record{outline: o}
		m[key] = r
	}
	switch {
	case r.sent != "":
		return Lease{State: Sent, Tries: r.tries, MessageID: r.sent}, nil
	case now.Before(r.until):
		return Lease{State: Leased, Tries: r.tries}, nil
	}
	r.until = now.Add(term)
	r.tries++
	if r.tries == 1 {
		return Lease{State: Fresh, Tries: 1}, nil
	}
	return Lease{State: Unknown, Tries: r.tries}, nil
}

// free says that no mail is leased or sent.
func (m memory) free() bool {
	for _, r := range m {
		if r.tries > 0 || r.sent != "" {
			return false
		}
	}
	return true
}

func (m memory) MarkSent(_ context.Context, key Key, id string) error {
	m[key].sent = id
	return nil
}

func (m memory) Release(_ context.Context, key Key) error {
	m[key].until, m[key].tries = time.Time{}, 0
	return nil
}

func (m memory) Mark(_ context.Context, key Key, fate orders.MailFate, _ time.Time) error {
	if m[key] != nil {
		m[key].fate = fate
	}
	return nil
}

// ses is SES on this machine: it counts the calls, keeps the last body and answers as told.
type ses struct {
	mu     sync.Mutex
	calls  int
	body   map[string]any
	answer func(http.ResponseWriter)
}

func says(status int, code, message string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("X-Amzn-ErrorType", code)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, message)
	}
}

var takes = says(200, "", `{"MessageId":"m-1"}`)

func hangsUp(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func (s *ses) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if err := json.NewDecoder(r.Body).Decode(&s.body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.answer(w)
}

func (s *ses) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// from now on SES answers so.
func (s *ses) from(answer func(http.ResponseWriter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// With pages each address gets a mail of its own with its own link, each once; one that was sent is not sent again when
// another one fails.
func TestEachReaderGetsALink(t *testing.T) {
	s, fake, _ := sender(t)
	var asked []string
	n := Notifier{Composer: composer(t), Sender: *s, Now: func() time.Time { return created },
		Addresses: func(context.Context, porting.AccountID) ([]string, bool, error) {
			return []string{"ada@example.com", "joe@example.com"}, false, nil
		},
		Page: func(_ context.Context, _ porting.Order, to string) (Reader, error) {
			asked = append(asked, to)
			r := Reader{Link: "link" + to[:3], Page: samplePage + to[:3]}
			if to == "joe@example.com" {
				r.Language = porting.Spanish
			}
			return r, nil
		}}
	e, o := event(porting.WasCompleted, porting.Accepted, porting.Completed), order()
	if err := n.Handle(t.Context(), e, o); err != nil {
		t.Fatal(err)
	}
	if fake.count() != 2 || len(asked) != 2 {
		t.Errorf("%d mails, links for %v", fake.count(), asked)
	}
	text, _ := json.Marshal(fake.body)
	for _, part := range []string{samplePage + "joe", "Sus números están en servicio con nosotros", `"linkjoe"`, `["joe@example.com"]`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("the last mail lacks %s", part)
		}
	}
	if strings.Contains(string(text), "ada@example.com") || strings.Contains(string(text), samplePage+"ada") {
		t.Error("one reader gets the address or the link of another")
	}
	if err := n.Handle(t.Context(), e, o); err != nil || fake.count() != 2 {
		t.Errorf("a second time: %d mails (%v)", fake.count(), err)
	}
}

func sender(t *testing.T) (*Sender, *ses, memory) {
	t.Helper()
	fake, records := &ses{answer: takes}, memory{}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	client := sesv2.New(sesv2.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	return &Sender{SES: client, Records: records, From: "Portway <porting@portway.example>", Configuration: "portway"},
		fake, records
}

var (
	note = Message{Key: OrderKey("4503605600001", 7), Subject: "S", Text: "T", HTML: "<p>H</p>"}
	noon = time.Date(2026, 2, 10, 12, 0, 0, 0, time.UTC)
)

const desk = "porting@customer.example"

func TestSend(t *testing.T) {
	ctx := t.Context()

	t.Run("OnceHoweverOftenAsked", func(t *testing.T) {
		s, fake, _ := sender(t)
		first, err := s.Send(ctx, []string{desk}, note, noon)
		if err != nil || first != (Result{MessageID: "m-1"}) {
			t.Fatal(first, err)
		}
		again, err := s.Send(ctx, []string{desk}, note, noon.Add(time.Hour))
		if err != nil || again != (Result{MessageID: "m-1", Before: true}) || fake.count() != 1 {
			t.Fatal(again, err, fake.count())
		}
		want := map[string]any{
			"FromEmailAddress": "Portway <porting@portway.example>", "ConfigurationSetName": "portway",
			"Destination": map[string]any{"ToAddresses": []any{desk}},
			"Content": map[string]any{"Simple": map[string]any{
				"Headers": []any{
					map[string]any{"Name": "In-Reply-To", "Value": "<order.4503605600001@portway.example>"},
					map[string]any{"Name": "References", "Value": "<order.4503605600001@portway.example>"},
					map[string]any{"Name": "Auto-Submitted", "Value": "auto-generated"},
				},
				"Subject": map[string]any{"Data": "S", "Charset": "UTF-8"},
				"Body": map[string]any{
					"Text": map[string]any{"Data": "T", "Charset": "UTF-8"},
					"Html": map[string]any{"Data": "<p>H</p>", "Charset": "UTF-8"},
				},
			}},
			"EmailTags": []any{
				map[string]any{"Name": "order", "Value": "4503605600001"},
				map[string]any{"Name": "event", "Value": "7"},
			},
		}
		if !reflect.DeepEqual(fake.body, want) {
			t.Errorf("SES got %v", fake.body)
		}
	})

	t.Run("AnotherIsAtIt", func(t *testing.T) {
		s, fake, records := sender(t)
		records[note.Key] = &record{until: noon.Add(time.Minute), tries: 1}
		_, err := s.Send(ctx, []string{desk}, note, noon)
		if later := new(Later); !errors.As(err, &later) || fake.count() != 0 {
			t.Fatal(err, fake.count())
		}
	})

	t.Run("LostAnswerIsSentOnceMoreAndMarked", func(t *testing.T) {
		for name, lost := range map[string]func(http.ResponseWriter){"hung up": hangsUp,
			"500": says(500, "InternalFailure", "{}")} {
			s, fake, _ := sender(t)
			fake.from(lost)
			_, err := s.Send(ctx, []string{desk}, note, noon)
			if unsure := new(Unsure); !errors.As(err, &unsure) || fake.count() != 1 {
				t.Fatal(name, err, fake.count())
			}
			if _, err = s.Send(ctx, []string{desk}, note, noon.Add(time.Minute)); !errors.As(err, new(*Later)) {
				t.Fatal("inside the lease:", err)
			}
			fake.from(takes)
			r, err := s.Send(ctx, []string{desk}, note, noon.Add(LeaseTerm))
			if err != nil || !r.PossibleDuplicate || fake.count() != 2 {
				t.Fatal(name, r, err, fake.count())
			}
		}
	})

	t.Run("LostAnswerThatFeedbackClearsIsNotSentAgain", func(t *testing.T) {
		s, fake, records := sender(t)
		fake.from(hangsUp)
		if _, err := s.Send(ctx, []string{desk}, note, noon); !errors.As(err, new(*Unsure)) {
			t.Fatal(err)
		}
		if err := records.MarkSent(ctx, note.Key, "m-9"); err != nil { // what functions/bounce does
			t.Fatal(err)
		}
		r, err := s.Send(ctx, []string{desk}, note, noon.Add(LeaseTerm))
		if err != nil || r != (Result{MessageID: "m-9", Before: true}) || fake.count() != 1 {
			t.Fatal(r, err, fake.count())
		}
	})

	t.Run("AnOutageThatTakesManyTriesIsOutlived", func(t *testing.T) {
		s, fake, _ := sender(t)
		fake.from(hangsUp)
		const tries = 12
		for i := range tries {
			if _, err := s.Send(ctx, []string{desk}, note, noon.Add(time.Duration(i)*LeaseTerm)); !errors.As(err, new(*Unsure)) {
				t.Fatal(err)
			}
		}
		fake.from(takes)
		r, err := s.Send(ctx, []string{desk}, note, noon.Add(tries*LeaseTerm))
		if err != nil || !r.PossibleDuplicate || fake.count() != tries+1 {
			t.Fatal(r, err, fake.count())
		}
	})

	t.Run("RefusalReleases", func(t *testing.T) {
		s, fake, records := sender(t)
		fake.from(says(400, "MessageRejected", `{"message":"Email address is not verified."}`))
		_, err := s.Send(ctx, []string{desk}, note, noon)
		if refused := new(Refused); !errors.As(err, &refused) || refused.Code != "MessageRejected" ||
			!records.free() || records[note.Key].fate != orders.MailRefused || records[note.Key].outline != (Outline{orders.MaskedAddress(desk), note.Subject}) {
			t.Fatal(err, records)
		}
	})

	t.Run("ThrottledReleasesForLater", func(t *testing.T) {
		s, fake, records := sender(t)
		fake.from(says(429, "TooManyRequestsException", `{"message":"slow down"}`))
		if _, err := s.Send(ctx, []string{desk}, note, noon); !errors.As(err, new(*Later)) || !records.free() ||
			fake.count() != 1 {
			t.Fatal(err, records, fake.count())
		}
	})

	t.Run("UnreachableReleasesForLater", func(t *testing.T) {
		s, _, records := sender(t)
		s.SES = sesv2.New(sesv2.Options{
			Region: "us-east-1", BaseEndpoint: aws.String("http://127.0.0.1:1"),
			Credentials: aws.AnonymousCredentials{},
		})
		if _, err := s.Send(ctx, []string{desk}, note, noon); !errors.As(err, new(*Later)) || !records.free() {
			t.Fatal(err, records)
		}
	})

	t.Run("NoRecipient", func(t *testing.T) {
		s, fake, records := sender(t)
		for _, to := range [][]string{nil, {desk, "nobody"}, {desk, ""}} {
			if _, err := s.Send(ctx, to, note, noon); !errors.As(err, new(*NoRecipient)) || fake.count() != 0 ||
				!records.free() {
				t.Errorf("%q: %v", to, err)
			}
		}
		for _, to := range []string{"", "nobody", "a@b", "a@b.example, c@d.example", "Ada <a@b.example>",
			"a@b.example\r\nBcc: c@d.example",
			"a@[127.0.0.1]", "ä@b.example", strings.Repeat("a", 250) + "@b.example"} {
			if _, err := s.Send(ctx, []string{to}, note, noon); !errors.As(err, new(*NoRecipient)) ||
				fake.count() != 0 || !records.free() {
				t.Errorf("%q: %v", to, err)
			}
		}
	})

	t.Run("AllContactsGetTheOneMail", func(t *testing.T) {
		s, fake, _ := sender(t)
		if _, err := s.Send(ctx, []string{desk, "second@customer.example"}, note, noon); err != nil ||
			fake.count() != 1 {
			t.Fatal(err, fake.count())
		}
		want := map[string]any{"ToAddresses": []any{desk, "second@customer.example"}}
		if got := fake.body["Destination"]; !reflect.DeepEqual(got, want) {
			t.Errorf("sent to %v", got)
		}
	})
}

// What the logs show of a mail's errors is enough to act on, and tells nobody's address.
func TestPlain(t *testing.T) {
	answered := &smithy.GenericAPIError{Code: "InternalFailure", Message: desk}
	for _, test := range []struct {
		err  interface{ Plain() string }
		want string
	}{
		{&NoRecipient{Why: "the account has no address for porting mail"},
			"the mail has no recipient: the account has no address for porting mail"},
		{&Refused{Key: OrderKey("1", 7), Code: "MessageRejected", Why: "not verified: " + desk},
			"SES refused the mail about order 1.7: MessageRejected"},
		{&Later{Key: OrderKey("1", 7), Why: "SES can't be reached"},
			"the mail about order 1.7 is not sent yet: SES can't be reached"},
		{&Unsure{Key: OrderKey("1", 7), Err: fmt.Errorf("send to %s: %w", desk, answered)},
			"the mail about order 1.7 may have been sent: InternalFailure"},
		{&Unsure{Key: OrderKey("1", 7), Err: errors.New(desk)}, "the mail about order 1.7 may have been sent"},
	} {
		if got := test.err.Plain(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestParseFeedback(t *testing.T) {
	for _, tc := range []struct {
		file  string
		want  Feedback
		stops bool
	}{
		{"send", Feedback{Kind: Send, Recipients: []string{desk}}, false},
		{"delivery", Feedback{Kind: Delivery, Recipients: []string{desk}}, false},
		{"bounce", Feedback{Kind: Bounce, Recipients: []string{desk}, Type: "Permanent", Subtype: "General",
			Why: "Permanent General: smtp; 550 5.1.1 user unknown"}, true},
		{"bounce_transient", Feedback{Kind: Bounce, Recipients: []string{desk}, Type: "Transient",
			Subtype: "MailboxFull", Why: "Transient MailboxFull"}, false},
		{"complaint", Feedback{Kind: Complaint, Recipients: []string{desk}, Type: "abuse", Why: "abuse"}, true},
	} {
		t.Run(tc.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "feedback", tc.file+".json"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := ParseFeedback(data)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.Key, tc.want.MessageID = note.Key, "010001948c8e7a2b-0c1d2e3f-4a5b-6c7d-8e9f-0a1b2c3d4e5f-000000"
			if !reflect.DeepEqual(got, tc.want) || got.Stops() != tc.stops {
				t.Errorf("got %+v, stops %t", got, got.Stops())
			}
		})
	}
	t.Run("NotOurs", func(t *testing.T) {
		f, err := ParseFeedback([]byte(`{"detail":{"eventType":"Send","mail":{"messageId":"x","tags":{"ses:from-domain":["a"]}}}}`))
		if err != nil || f.Key != (Key{}) {
			t.Error(f, err)
		}
	})
	for _, bad := range []string{"", "null", "{}", `{"detail":{"eventType":"Send"}}`, `{"detail":3}`} {
		if _, err := ParseFeedback([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// What is read as feedback names its mail and its kind.
func FuzzParseFeedback(f *testing.F) {
	f.Add([]byte(`{"detail":{"eventType":"Bounce","mail":{"messageId":"m","tags":{"order":["7"],"event":["2"]}},"bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"a@b.c","diagnosticCode":"smtp; 550\r\n x"}]}}}`))
	f.Add([]byte(`{"detail":{"eventType":"Complaint","mail":{"messageId":"m","destination":[]},"complaint":{"complainedRecipients":[{}]}}}`))
	f.Add([]byte(`{"detail":[]}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		got, err := ParseFeedback(event)
		if err == nil && (got.Kind == "" || got.MessageID == "") {
			t.Errorf("%+v", got)
		}
	})
}
