package workflowtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"portway/internal/access"
	"portway/internal/account"
	"portway/internal/bucket"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/secret"
	"portway/internal/storetest"
	"portway/internal/webhook"
)

// store is the memory store behind counted calls. As the table does it keeps secrets sealed, and tells its stream of events.
type store struct {
	*storetest.Memory
	w      *World
	sealer *secret.Sealer
}

func (s *store) Load(ctx context.Context, id porting.OrderID) (o porting.Order, err error) {
	err = s.w.Call("store:Load", func() error { o, err = s.Memory.Load(ctx, id); return err })
	return o, err
}

func (s *store) View(ctx context.Context, id porting.OrderID, comments int) (o porting.Order, found orders.Found, err error) {
	err = s.w.Call("store:View", func() error { o, found, err = s.Memory.View(ctx, id, comments); return err })
	return o, found, err
}

func (s *store) Search(ctx context.Context, id porting.OrderID, want orders.Search) (found orders.Found, err error) {
	err = s.w.Call("store:Search", func() error { found, err = s.Memory.Search(ctx, id, want); return err })
	return found, err
}

func (s *store) Open(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	made, err := s.sealed(ctx, made)
	if err != nil {
		return err
	}
	return s.w.Call("store:Open", func() error {
		err := s.Memory.Open(ctx, g, made, redeliver)
		s.w.streamed()
		return err
	})
}

func (s *store) Group(ctx context.Context, id porting.GroupID) (g porting.Group, heads []porting.Order, err error) {
	err = s.w.Call("store:Group", func() error { g, heads, err = s.Memory.Group(ctx, id); return err })
	return g, heads, err
}

func (s *store) Extend(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	made, err := s.sealed(ctx, made)
	if err != nil {
		return err
	}
	return s.w.Call("store:Extend", func() error {
		err := s.Memory.Extend(ctx, g, made, redeliver)
		s.w.streamed()
		return err
	})
}

func (s *store) HandOver(ctx context.Context, from, to orders.Change, redeliver time.Time) error {
	made, err := s.sealed(ctx, []orders.Change{from, to})
	if err != nil {
		return err
	}
	return s.w.Call("store:HandOver", func() error {
		err := s.Memory.HandOver(ctx, made[0], made[1], redeliver)
		s.w.streamed()
		return err
	})
}

func (s *store) Account(ctx context.Context, id porting.AccountID) (a account.Account, err error) {
	err = s.w.Call("store:Account", func() error { a, err = s.Memory.Account(ctx, id); return err })
	return a, err
}

// sealed are the changes with their secrets sealed, each under its own order.
func (s *store) sealed(ctx context.Context, made []orders.Change) ([]orders.Change, error) {
	made = slices.Clone(made)
	for i := range made {
		sealed, err := s.sealer.SealOrder(ctx, made[i].After)
		if err != nil {
			return nil, err
		}
		made[i].After = sealed
	}
	return made, nil
}

func (s *store) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	sealed, err := s.sealer.SealOrder(ctx, c.After)
	if err != nil {
		return err
	}
	c.After = sealed
	return s.w.Call("store:Commit "+string(c.Events[0].Kind), func() error {
		err := s.Memory.Commit(ctx, c, redeliver)
		s.w.streamed()
		return err
	})
}

func (s *store) Event(ctx context.Context, d orders.Due) (e porting.Event, err error) {
	err = s.w.Call("store:Event", func() error { e, err = s.Memory.Event(ctx, d); return err })
	return e, err
}

func (s *store) Due(ctx context.Context, kind orders.DueKind, until time.Time, limit int) (due []orders.Due, err error) {
	err = s.w.Call("store:Due "+string(kind), func() error { due, err = s.Memory.Due(ctx, kind, until, limit); return err })
	return due, err
}

func (s *store) Lease(ctx context.Context, d orders.Due, hold time.Time) (claimed orders.Due, ok bool, err error) {
	err = s.w.Call("store:Claim", func() error { claimed, ok, err = s.Memory.Lease(ctx, d, hold); return err })
	return claimed, ok, err
}

func (s *store) Succeed(ctx context.Context, d orders.Due, next time.Time) error {
	return s.w.Call("store:Succeed", func() error { return s.Memory.Succeed(ctx, d, next) })
}

func (s *store) Fail(ctx context.Context, d orders.Due, next time.Time) error {
	return s.w.Call("store:Fail", func() error { return s.Memory.Fail(ctx, d, next) })
}

func (s *store) Park(ctx context.Context, d orders.Due, why string, at, next time.Time) error {
	return s.w.Call("store:Park", func() error { return s.Memory.Park(ctx, d, why, at, next) })
}

func (s *store) Unpark(ctx context.Context, d orders.Due, at time.Time) (q orders.Queued, ok bool, err error) {
	err = s.w.Call("store:Unpark", func() error { q, ok, err = s.Memory.Unpark(ctx, d, at); return err })
	return q, ok, err
}

func (s *store) Delivered(ctx context.Context, d orders.Due, effects []porting.Effect) error {
	return s.w.Call("store:Delivered", func() error { return s.Memory.Delivered(ctx, d, effects) })
}

func (s *store) Refund(ctx context.Context, e porting.Event) error {
	return s.w.Call("store:Refund", func() error { return s.Memory.Refund(ctx, e) })
}

func (s *store) Release(ctx context.Context, o porting.Order) error {
	return s.w.Call("store:Release", func() error { return s.Memory.Release(ctx, o) })
}

func (s *store) Holder(ctx context.Context, claim string) (id porting.OrderID, err error) {
	err = s.w.Call("store:Holder", func() error { id, err = s.Memory.Holder(ctx, claim); return err })
	return id, err
}

func (s *store) Count(ctx context.Context, e porting.Event) error {
	return s.w.Call("store:Count", func() error { return s.Memory.Count(ctx, e) })
}

func (s *store) Months(ctx context.Context, of porting.Scored, since string) (months []porting.Month, err error) {
	err = s.w.Call("store:Months", func() error { months, err = s.Memory.Months(ctx, of, since); return err })
	return months, err
}

func (s *store) Endpoints(ctx context.Context, account porting.AccountID) (all []webhook.Endpoint, err error) {
	err = s.w.Call("store:Endpoints", func() error { all, err = s.Memory.Endpoints(ctx, account); return err })
	return all, err
}

func (s *store) Add(ctx context.Context, d webhook.Delivery) error {
	return s.w.Call("store:Add", func() error {
		err := s.Memory.Add(ctx, d)
		s.w.streamed()
		return err
	})
}

func (s *store) LeaseWork(ctx context.Context, d orders.Due, now, until time.Time) (w webhook.Work, ok bool, err error) {
	err = s.w.Call("store:LeaseWork", func() error { w, ok, err = s.Memory.LeaseWork(ctx, d, now, until); return err })
	return w, ok, err
}

func (s *store) Settle(ctx context.Context, w webhook.Work, a webhook.Attempt) error {
	return s.w.Call("store:Settle", func() error { return s.Memory.Settle(ctx, w, a) })
}

func (s *store) AddPull(ctx context.Context, j pull.Job) error {
	return s.w.Call("store:AddPull", func() error { return s.Memory.AddPull(ctx, j) })
}

func (s *store) LeasePull(ctx context.Context, j pull.Job, until time.Time) (leased pull.Job, ok bool, err error) {
	err = s.w.Call("store:LeasePull", func() error { leased, ok, err = s.Memory.LeasePull(ctx, j, until); return err })
	return leased, ok, err
}

func (s *store) EndPull(ctx context.Context, j pull.Job) error {
	return s.w.Call("store:EndPull", func() error { return s.Memory.EndPull(ctx, j) })
}

// streamed puts the events, and the webhooks, that are new in the table on its stream.
func (w *World) streamed() {
	due, err := w.Memory.Due(context.Background(), orders.DueEvent, Start.AddDate(10, 0, 0), 10_000)
	work, errWork := w.Memory.Due(context.Background(), webhook.DueDelivery, Start.AddDate(10, 0, 0), 10_000)
	if err != nil || errWork != nil {
		return
	}
	due = append(due, work...)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range due {
		if !w.seen[d.Key] && !w.NoStream {
			w.stream = append(w.stream, d)
		}
		w.seen[d.Key] = true
	}
}

// Bucket is where the files lie.
type Bucket struct {
	w     *World
	mu    sync.Mutex
	files map[string][]byte
}

// Put implements document.Bucket.
func (b *Bucket) Put(_ context.Context, key string, body io.Reader, size int64) error {
	file, err := io.ReadAll(body)
	if err != nil || int64(len(file)) != size {
		return fmt.Errorf("%d bytes of %d came: %w", len(file), size, err)
	}
	return b.w.Call("s3:PutObject", func() error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.files[key] = file
		return nil
	})
}

// Get implements document.Bucket.
func (b *Bucket) Get(_ context.Context, key string, most int64) (file []byte, err error) {
	err = b.w.Call("s3:GetObject", func() error {
		b.mu.Lock()
		defer b.mu.Unlock()
		var ok bool
		if file, ok = b.files[key]; !ok {
			return bucket.ErrNone
		}
		return nil
	})
	return file, err
}

// Kept is the file of an order's accepted document.
func (b *Bucket) Kept(o porting.Order, id porting.DocumentID) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, _ := o.Document(id)
	return b.files[bucket.Kept(o.Account, o.Keeper(d), d.Digest)]
}

// KeptAs returns the file that is kept for the order under a digest.
func (b *Bucket) KeptAs(o porting.Order, digest string) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.files[bucket.Kept(o.Account, o.ID, digest)]
}

// keys is KMS: a data key follows from the context that it is bound to.
type keys struct{ w *World }

func dataKey(scope map[string]string) []byte {
	key := sha256.Sum256(fmt.Append(nil, scope)) // maps print in the order of their keys
	return key[:]
}

func (k keys) GenerateDataKey(_ context.Context, in *kms.GenerateDataKeyInput, _ ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
	err := k.w.Call("kms:GenerateDataKey", func() error { return nil })
	return &kms.GenerateDataKeyOutput{Plaintext: dataKey(in.EncryptionContext), CiphertextBlob: []byte("wrapped")}, err
}

func (k keys) Decrypt(_ context.Context, in *kms.DecryptInput, _ ...func(*kms.Options)) (*kms.DecryptOutput, error) {
	err := k.w.Call("kms:Decrypt", func() error { return nil })
	return &kms.DecryptOutput{Plaintext: dataKey(in.EncryptionContext)}, err
}

// lossy is the way to a peer.
type lossy struct {
	w    *World
	peer string
	next http.RoundTripper
}

func (l lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	var res *http.Response
	err := l.w.Call(l.peer+" "+r.Method+" "+r.URL.Path, func() error {
		var err error
		if res, err = l.next.RoundTrip(r); err != nil {
			return err
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		res.Body = io.NopCloser(bytes.NewReader(body))
		return err
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

type (
	hookIn  = events.APIGatewayProxyRequest
	hookOut = events.APIGatewayProxyResponse
)

// notices is the way from the peers to us, through API Gateway.
type notices struct{ w *World }

// hooks are the credentials that the peers were given for their notices.
var hooks = access.Hooks{
	{Peer: "locals", Path: access.LocalsPath, User: "hook", Password: porting.NewSecret("hook-password")},
	{Peer: "somos", Path: access.SomosPath, User: "somos", Password: porting.NewSecret("somos-hook")},
}

func (n notices) RoundTrip(r *http.Request) (*http.Response, error) {
	if n.w.NoNotices {
		return nil, errors.New("the notice is lost")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	in := hookIn{HTTPMethod: r.Method, Resource: r.URL.Path, Body: string(body), Headers: map[string]string{}}
	for name := range r.Header {
		in.Headers[name] = r.Header.Get(name)
	}
	let, err := access.Peers(hooks)(r.Context(), access.Request{Headers: in.Headers,
		MethodArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/live/" + r.Method + r.URL.Path})
	if err != nil { // as the gateway challenges a caller
		return &http.Response{StatusCode: http.StatusUnauthorized, Body: http.NoBody, Request: r,
			Header: http.Header{"Www-Authenticate": {`Basic realm="portway"`}}}, nil
	}
	in.RequestContext.Authorizer = let.Context
	var out hookOut
	died := n.w.process(func(ctx context.Context) error { out, err = n.w.hook(ctx, in); return err })
	if died || err != nil {
		out = hookOut{StatusCode: http.StatusBadGateway}
	}
	w := httptest.NewRecorder()
	for name, value := range out.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(out.StatusCode)
	return w.Result(), nil
}

// Mail is one that SES has taken.
type Mail struct {
	Key                     string // order and event
	To, Subject, Text, HTML string
}

// SES takes mails, and tells of each by a Send event.
type SES struct {
	w *World

	mu     sync.Mutex
	mails  []Mail
	events []json.RawMessage
	at     []time.Time
}

// SendEmail implements mail.SES.
func (s *SES) SendEmail(_ context.Context, in *sesv2.SendEmailInput, _ ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error) {
	out := &sesv2.SendEmailOutput{}
	err := s.w.Call("ses:SendEmail", func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		tags, listed := map[string]string{}, map[string][]string{}
		for _, tag := range in.EmailTags {
			tags[aws.ToString(tag.Name)], listed[aws.ToString(tag.Name)] = aws.ToString(tag.Value), []string{aws.ToString(tag.Value)}
		}
		simple := in.Content.Simple
		s.mails = append(s.mails, Mail{
			Key: tags["order"] + "." + tags["event"], To: in.Destination.ToAddresses[0], Subject: aws.ToString(simple.Subject.Data),
			Text: aws.ToString(simple.Body.Text.Data), HTML: aws.ToString(simple.Body.Html.Data),
		})
		id := fmt.Sprintf("message-%d", len(s.mails))
		out.MessageId = aws.String(id)
		event, err := json.Marshal(map[string]any{"detail-type": "Email Sent", "source": "aws.ses", "detail": map[string]any{
			"eventType": "Send", "send": struct{}{},
			"mail": map[string]any{"messageId": id, "destination": in.Destination.ToAddresses, "tags": listed},
		}})
		if err != nil || s.w.NoFeedback {
			return err
		}
		s.events, s.at = append(s.events, event), append(s.at, s.w.Now().Add(10*time.Second))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// event is the next Send event that has come.
func (s *SES) event() (json.RawMessage, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.at) == 0 || s.at[0].After(s.w.Now()) {
		return nil, false
	}
	event := s.events[0]
	s.events, s.at = s.events[1:], s.at[1:]
	return event, true
}

func (s *SES) next() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.at) == 0 {
		return time.Time{}
	}
	return s.at[0]
}

// Mails are all that were taken.
func (s *SES) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Records are mail.Records as the table keeps them.
type Records struct {
	w *World

	mu   sync.Mutex
	rows map[mail.Key]*record
}

type record struct {
	until time.Time
	tries int
	sent  string
}

// Lease implements mail.Records.
func (r *Records) Lease(_ context.Context, key mail.Key, _ mail.Outline, now time.Time, term time.Duration) (l mail.Lease, err error) {
	err = r.w.Call("records:Lease", func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		row := r.row(key)
		switch {
		case row.sent != "":
			l = mail.Lease{State: mail.Sent, Tries: row.tries, MessageID: row.sent}
			return nil
		case now.Before(row.until):
			l = mail.Lease{State: mail.Leased, Tries: row.tries}
			return nil
		}
		l = mail.Lease{State: mail.Unknown}
		if row.tries == 0 {
			l.State = mail.Fresh
		}
		row.tries++
		row.until, l.Tries = now.Add(term), row.tries
		return nil
	})
	return l, err
}

func (r *Records) row(key mail.Key) *record {
	if r.rows == nil {
		r.rows = map[mail.Key]*record{}
	}
	if r.rows[key] == nil {
		r.rows[key] = &record{}
	}
	return r.rows[key]
}

// MarkSent implements mail.Records.
func (r *Records) MarkSent(_ context.Context, key mail.Key, messageID string) error {
	return r.w.Call("records:MarkSent", func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if row := r.row(key); row.sent == "" {
			row.sent = messageID
		}
		return nil
	})
}

// Release implements mail.Records.
func (r *Records) Release(_ context.Context, key mail.Key) error {
	return r.w.Call("records:Release", func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if row := r.row(key); row.sent == "" {
			delete(r.rows, key)
		}
		return nil
	})
}

// Mark implements mail.Records.
func (r *Records) Mark(context.Context, mail.Key, orders.MailFate, time.Time) error {
	return r.w.Call("records:Mark", func() error { return nil })
}

// Hooks is the customer's own server, which takes status webhooks.
type Hooks struct {
	URL string

	mu     sync.Mutex
	bodies []string
}

func newHooks(w *World) *Hooks {
	h := &Hooks{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		err = w.Call("webhook", func() error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.bodies = append(h.bodies, string(body))
			return nil
		})
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}))
	w.Cleanup(server.Close)
	h.URL = server.URL + "/status"
	return h
}

// Bodies are all that came.
func (h *Hooks) Bodies() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.bodies)
}

// Statuses are the statuses that the customer's server was told, a repeated delivery once.
func (h *Hooks) Statuses() []porting.Status {
	var all []porting.Status
	seen := map[string]bool{}
	for _, body := range h.Bodies() {
		var in struct {
			Data struct {
				ID         string
				Attributes struct{ Status porting.Status }
			}
		}
		if err := json.Unmarshal([]byte(body), &in); err != nil || seen[in.Data.ID] {
			continue
		}
		seen[in.Data.ID] = true
		all = append(all, in.Data.Attributes.Status)
	}
	return all
}

// Subjects says which mails went out, by what their subjects say before the numbers, in small letters.
func (s *SES) Subjects() []string {
	var all []string
	for _, m := range s.Mails() {
		all = append(all, strings.ToLower(m.Subject[:max(0, strings.LastIndex(m.Subject, ": "))]))
	}
	return all
}
