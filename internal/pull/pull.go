// Package pull fetches the documents that customers name by a URL, each by a [Job] of its own. The effect
// porting.PullDocuments only makes the jobs ([Puller.Queue]). A function of its own works them off: at once for the
// account that it is called for ([Puller.Work]), and by a schedule ([Puller.Sweep]). So a host that does not answer
// holds up neither the other effects of its order nor the orders of others. Start reading at Puller.
//
// A file that has been fetched is put where uploads arrive, and package document goes on from there. This package knows
// orders and the [Store] that it asks for. It knows no table, and it never opens a file.
package pull

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"portway/internal/bucket"
	"portway/internal/egress"
	"portway/internal/orders"
	"portway/internal/porting"
)

// DuePull is the kind of a job's due date.
const DuePull orders.DueKind = "pull"

// Job says that a document is still to be fetched. It holds nothing of the URL but the host, since the rest can be a
// key to the file.
type Job struct {
	Account  porting.AccountID
	Order    porting.OrderID
	Document porting.DocumentID
	Host     string
	// Leased is until when a worker has the job. It is zero where nobody has it.
	Leased time.Time
	// Asked counts the requests for this file. Due.Tries also counts the tries that were skipped because the host had
	// just failed.
	Asked int
	Due   orders.Due
}

// Store keeps the jobs.
type Store interface {
	// AddPull writes a job that is due at its Due.At, unless the document has one.
	AddPull(ctx context.Context, j Job) error
	// PullAccounts lists the accounts with a job that is due at or before until, or is leased until then.
	PullAccounts(ctx context.Context, until time.Time) ([]porting.AccountID, error)
	// Pulls reads the account's jobs, in the order of their due dates.
	Pulls(ctx context.Context, account porting.AccountID) ([]Job, error)
	// LeasePull leases a job until a time. ok is false where the job has changed since j was read.
	LeasePull(ctx context.Context, j Job, until time.Time) (leased Job, ok bool, err error)
	// PutOffPull ends the lease of a job, which falls due at next with one more try. A job that somebody else has
	// leased in between stays as it is.
	PutOffPull(ctx context.Context, j Job, next time.Time, asked bool) error
	// EndPull removes a job, unless somebody else has leased it in between.
	EndPull(ctx context.Context, j Job) error
}

// Puller makes jobs of documents and works them off. It is safe for concurrent use.
type Puller struct {
	Book   *orders.Book
	Store  Store
	Bucket interface {
		Put(ctx context.Context, key string, body io.Reader, size int64) error
	}
	// Client calls the customers' hosts (egress.Client).
	Client *http.Client
	// Start has the function that pulls work for an account, and does not wait for its end. Where the call fails, the
	// function's schedule takes the account's jobs over.
	Start func(context.Context, porting.AccountID) error
}

const (
	// Limit is the time for fetching one file, from the look-up of its host to the last byte.
	Limit = 20 * time.Second
	// leaseTerm is how long a worker has a job to itself. It is longer than a try and the writes around it.
	leaseTerm = 90 * time.Second
	// accountShare and hostShare are how many requests are under way at a time for one account, and for one host of an
	// account.
	accountShare, hostShare = 4, 2
	// accountsAtOnce is for how many accounts a sweep works at a time.
	accountsAtOnce = 4
	// most is the number of tries. They span an hour (egress.Wait).
	most = 5
	// reserve is the part of a function's time that it keeps for the last try.
	reserve = Limit + 5*time.Second
)

// byFile gives the commands that tell an order of its files.
var byFile = porting.SystemBy(porting.WayFile)

// Queue carries out the effect porting.PullDocuments: it makes a job for each document that the event has added, once
// however often it is called, and starts a worker.
func (p *Puller) Queue(ctx context.Context, e porting.Event, o porting.Order) error {
	queued := false
	for _, d := range o.Documents {
		if !waits(d) || !d.Added.Equal(e.At) {
			continue
		}
		j := Job{Account: o.Account, Order: o.ID, Document: d.ID, Host: host(d.From)}
		j.Due.At = p.Book.Now().UTC()
		if err := p.Store.AddPull(ctx, j); err != nil {
			return err
		}
		queued = true
	}
	if !queued {
		return nil
	}
	if err := p.Start(ctx, o.Account); err != nil {
		slog.WarnContext(ctx, "no worker was started to pull documents", "order", o.ID, "error", porting.Plain(err))
	}
	return nil
}

// waits says whether the document is still to be fetched.
func waits(d porting.Document) bool {
	return d.From != "" && d.State == porting.DocumentPending && d.Settled.IsZero()
}

func host(from string) string {
	u, err := url.Parse(from)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// Done counts what a worker has done.
type Done struct {
	Fetched int `json:"fetched"` // the files that were fetched
	Ended   int `json:"ended"`   // the documents that were given up, or needed no file any more
	Failed  int `json:"failed"`  // the tries that failed, and are repeated
}

// Work works off the account's jobs that are due. Others may work for the same account at the same time; all of them
// together keep within the account's share.
func (p *Puller) Work(ctx context.Context, account porting.AccountID) (Done, error) {
	return p.work(ctx, account, p.Book.Now().UTC())
}

// Sweep works off every job that is due at the book's time, for several accounts at a time.
func (p *Puller) Sweep(ctx context.Context, b *orders.Book) (orders.Swept, error) {
	swept := orders.Swept{Kind: DuePull}
	accounts, err := p.Store.PullAccounts(ctx, b.Time())
	if err != nil {
		return swept, err
	}
	queue := make(chan porting.AccountID, len(accounts))
	for _, a := range accounts {
		queue <- a
	}
	close(queue)
	var mu sync.Mutex
	var failures []error
	var all sync.WaitGroup
	for range min(accountsAtOnce, len(accounts)) {
		all.Go(func() {
			for account := range queue {
				var done Done
				err := orders.Guard(func() (err error) {
					done, err = p.work(ctx, account, b.Time())
					return err
				})
				mu.Lock()
				swept.Read += done.Fetched + done.Ended + done.Failed
				swept.Done += done.Fetched + done.Ended
				swept.Failed += done.Failed
				failures = append(failures, err)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return swept, errors.Join(failures...)
}

// work works off the account's jobs that are due at at.
func (p *Puller) work(ctx context.Context, account porting.AccountID, at time.Time) (Done, error) {
	r := &round{Puller: p, account: account, at: at, down: map[string]*unfetched{}, taken: map[string]bool{}}
	r.changed.L = &r.mu
	if err := r.read(ctx); err != nil {
		return Done{}, err
	}
	var all sync.WaitGroup
	for range accountShare - r.others {
		all.Go(func() {
			for {
				j, down, ok := r.next(ctx)
				if !ok {
					return
				}
				r.finish(j, orders.Guard(func() error { return r.try(ctx, j, down) }))
			}
		})
	}
	all.Wait()
	return r.done, errors.Join(r.errs...)
}

// round is one worker's work for an account.
type round struct {
	*Puller
	account porting.AccountID
	at      time.Time
	// others counts the requests that other workers have under way for the account.
	others int

	mu      sync.Mutex
	changed sync.Cond
	jobs    []Job                 // what is due and was not taken yet
	taken   map[string]bool       // by the jobs' keys
	running map[string]int        // the requests under way, by host
	busy    int                   // the requests of this worker that are under way
	down    map[string]*unfetched // the hosts that did not answer in this round
	fresh   bool                  // nothing was tried since the jobs were read
	done    Done
	errs    []error
}

// read reads the account's jobs: those that are due, and how many others have under way.
func (r *round) read(ctx context.Context) error {
	all, err := r.Store.Pulls(ctx, r.account)
	if err != nil {
		return err
	}
	now := r.Book.Now()
	r.jobs, r.others, r.running, r.fresh = nil, 0, map[string]int{}, true
	for _, j := range all {
		switch {
		case r.taken[j.Due.Key]:
		case j.Leased.After(now):
			r.others++
			r.running[j.Host]++
		case !j.Due.At.After(r.at):
			r.jobs = append(r.jobs, j)
		}
	}
	if len(r.jobs) > 0 {
		oldest := slices.MinFunc(r.jobs, func(a, b Job) int { return a.Due.At.Compare(b.Due.At) })
		r.Book.MeasureDue(ctx, DuePull, []orders.Due{oldest.Due})
	}
	// A file that was not asked for yet comes first: a host that answers for other files must not make it wait.
	slices.SortStableFunc(r.jobs, func(a, b Job) int { return cmp.Compare(a.Asked, b.Asked) })
	return nil
}

// next takes the next job whose host has a free share. A job of a host that is down needs no share, since the host is
// not asked: down says why. When all are done it reads the jobs once more, since some may have come in the meantime.
func (r *round) next(ctx context.Context) (j Job, down *unfetched, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if end, ok := ctx.Deadline(); ok && time.Until(end) < reserve || ctx.Err() != nil {
			return Job{}, nil, false
		}
		for i, j := range r.jobs {
			if r.running[j.Host] < hostShare || r.down[j.Host] != nil {
				r.jobs = slices.Delete(r.jobs, i, i+1)
				r.taken[j.Due.Key] = true
				r.running[j.Host]++
				r.busy++
				r.fresh = false
				return j, r.down[j.Host], true
			}
		}
		switch {
		case r.busy > 0:
			r.changed.Wait()
		case r.fresh || len(r.errs) > 0:
			return Job{}, nil, false
		default:
			if err := r.read(ctx); err != nil {
				r.errs = append(r.errs, err)
			}
		}
	}
}

func (r *round) finish(j Job, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[j.Host]--
	r.busy--
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("pull document %s of order %s: %w", j.Document, j.Order, err))
	}
	r.changed.Broadcast()
}

// try tries a job once, or skips the try where its host is down.
func (r *round) try(ctx context.Context, j Job, failed *unfetched) error {
	j, ok, err := r.Store.LeasePull(ctx, j, r.Book.Now().UTC().Add(leaseTerm))
	if err != nil || !ok {
		return err
	}
	o, err := r.Book.Mine(ctx, j.Account, j.Order)
	if err != nil && !porting.Is(err, porting.NotFound) {
		return err
	}
	d, ok := o.Document(j.Document)
	if !ok || !waits(d) {
		return r.end(ctx, j, &r.done.Ended)
	}
	asked := failed == nil
	if asked {
		failed, err = r.pull(ctx, o, d)
	}
	switch {
	case err != nil:
		slog.ErrorContext(ctx, "document not pulled", "order", j.Order, "document", j.Document, "error",
			porting.Plain(err))
		if _, more := egress.Wait(j.Due.Tries + 1); more {
			return r.putOff(ctx, j, true)
		}
		failed = &unfetched{porting.Say(porting.MsgFetchOurs), true}
	case failed == nil:
		return r.end(ctx, j, &r.done.Fetched)
	case asked && !failed.final:
		r.setDown(j.Host, failed)
	}
	if !failed.final && (j.Due.Tries+1 < most || !asked && j.Asked == 0) {
		return r.putOff(ctx, j, asked)
	}
	_, err = r.Book.Do(ctx, j.Order, porting.SettleDocument{By: byFile, ID: j.Document, Why: porting.Say(porting.MsgUnfetched).With(failed.why)})
	if err != nil && !porting.Is(err, porting.Settled) {
		return err
	}
	return r.end(ctx, j, &r.done.Ended)
}

// putOff has a job tried again later. One that was not asked for comes a little before those that were.
func (r *round) putOff(ctx context.Context, j Job, asked bool) error {
	wait, more := egress.Wait(j.Due.Tries + 1)
	if !more || !asked && j.Due.Tries+1 >= most {
		wait = time.Minute
	}
	if !asked {
		wait -= time.Second
	}
	r.count(&r.done.Failed)
	return r.Store.PutOffPull(ctx, j, r.at.Add(wait), asked)
}

func (r *round) end(ctx context.Context, j Job, counter *int) error {
	r.count(counter)
	return r.Store.EndPull(ctx, j)
}

func (r *round) count(n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
}

// setDown keeps the round from asking a host again that did not answer, or that had too much to do.
func (r *round) setDown(host string, why *unfetched) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down[host] = why
	r.changed.Broadcast()
}

// pull fetches the document's file and puts it where uploads arrive. failed says why there is no file; an error is ours.
func (p *Puller) pull(ctx context.Context, o porting.Order, d porting.Document) (failed *unfetched, _ error) {
	file, err := os.CreateTemp("", "pull-")
	if err != nil {
		return nil, fmt.Errorf("a place for the file: %w", err)
	}
	defer func() { _, _ = file.Close(), os.Remove(file.Name()) }()
	size, err := p.fetch(ctx, d.From, file)
	if errors.As(err, &failed) {
		return failed, nil
	}
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the file again: %w", err)
	}
	if err := p.Bucket.Put(ctx, bucket.Incoming(o.Account, o.ID, d.ID), file, size); err != nil {
		return nil, err
	}
	// The order's other documents come at the same time, and each of them changes the order.
	_, err = orders.Retry(func(int) (porting.Order, error) {
		return p.Book.Do(ctx, o.ID, porting.TakeDocument{By: byFile, ID: d.ID})
	})
	if porting.Is(err, porting.Settled) { // it came before, and was checked already
		err = nil
	}
	return nil, err
}

// causes are the messages of why a call failed.
var causes = map[egress.Failure]porting.MessageKey{
	egress.Private: porting.MsgFetchPrivate, egress.Slow: porting.MsgFetchSlow, egress.NoHost: porting.MsgFetchNoHost,
	egress.BadCert: porting.MsgFetchBadCert, egress.Unreachable: porting.MsgFetchNotReached,
	egress.Broke: porting.MsgFetchBroke,
}

// unfetched says why a file could not be fetched. It repeats nothing of the URL, which can hold a key.
type unfetched struct {
	why porting.Message
	// final says that another try would fail too.
	final bool
}

func (u *unfetched) Error() string { return "the file could not be fetched: " + string(u.why.Key) }

// fetch writes the file at a URL, up to the size of a document.
func (p *Puller) fetch(ctx context.Context, from string, to io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil || req.URL.Host == "" {
		return 0, &unfetched{porting.Say(porting.MsgFetchBadURL), true}
	}
	req.Header.Set("Accept", bucket.ContentType)
	req.Header.Set("User-Agent", "Portway-Documents/1.0")
	res, err := p.Client.Do(req)
	if err != nil {
		return 0, &unfetched{porting.Say(causes[egress.Cause(err)]), egress.Refused(err)}
	}
	defer res.Body.Close()
	tooLarge := &unfetched{porting.Say(porting.MsgFetchTooLarge, "mb", strconv.Itoa(porting.MaxDocumentSize>>20)), true}
	answered := porting.Say(porting.MsgFetchStatus, "status", strconv.Itoa(res.StatusCode))
	switch code := res.StatusCode; {
	case code/100 == 3:
		return 0, &unfetched{porting.Say(porting.MsgFetchRedirect), true}
	case code == http.StatusRequestTimeout || code == http.StatusTooManyRequests || code >= 500:
		return 0, &unfetched{answered, false}
	case code != http.StatusOK:
		return 0, &unfetched{answered, true}
	case res.ContentLength > porting.MaxDocumentSize:
		return 0, tooLarge
	}
	size, err := io.Copy(to, io.LimitReader(res.Body, porting.MaxDocumentSize+1))
	switch {
	case err != nil:
		return 0, &unfetched{porting.Say(porting.MsgFetchBroke), false}
	case size > porting.MaxDocumentSize:
		return 0, tooLarge
	}
	return size, nil
}
