package storetest

import (
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
)

var pullCases = []testCase{
	{"a job is made once, and is due until it ends", pullLife},
	{"a job is leased by one worker", pullLeasedOnce},
	{"a worker whose lease is over changes nothing", pullOutrun},
	{"an account is found behind the jobs of another one", pullAccounts},
}

func someJob(account porting.AccountID, order porting.OrderID, document porting.DocumentID) pull.Job {
	return pull.Job{Account: account, Order: order, Document: document, Host: "files.example.com",
		Due: orders.Due{At: Now}}
}

// jobs reads the account's jobs, of which there have to be so many.
func (s suite) jobs(account porting.AccountID, want int) []pull.Job {
	s.Helper()
	all, err := s.store.Pulls(s.Context(), account)
	if err != nil || len(all) != want {
		s.Fatalf("%d jobs (%v), want %d", len(all), err, want)
	}
	return all
}

func pullLife(s suite) {
	for range 2 {
		s.must(s.store.AddPull(s.Context(), someJob("puller", "7", "1")))
	}
	s.must(s.store.AddPull(s.Context(), someJob("puller", "7", "2")))
	s.must(s.store.AddPull(s.Context(), someJob("puller2", "7", "1")))
	j := s.jobs("puller", 2)[0]
	if j.Account != "puller" || j.Order != "7" || j.Document != "1" || j.Host != "files.example.com" ||
		!j.Leased.IsZero() || j.Asked != 0 || !j.Due.At.Equal(Now) || j.Due.Kind != pull.DuePull || j.Due.Tries != 0 {
		s.Errorf("read %+v", j)
	}
	leased, ok, err := s.store.LeasePull(s.Context(), j, Now.Add(time.Minute))
	if err != nil || !ok || !leased.Leased.Equal(Now.Add(time.Minute)) {
		s.Fatalf("leased %+v, %v, %v", leased, ok, err)
	}
	s.must(s.store.PutOffPull(s.Context(), leased, Now.Add(time.Hour), true))
	j = s.jobs("puller", 2)[1]
	if !j.Leased.IsZero() || j.Asked != 1 || j.Due.Tries != 1 || !j.Due.At.Equal(Now.Add(time.Hour)) {
		s.Errorf("put off: %+v", j)
	}
	leased, ok, err = s.store.LeasePull(s.Context(), j, Now.Add(2*time.Hour))
	if err != nil || !ok {
		s.Fatal(ok, err)
	}
	s.must(s.store.EndPull(s.Context(), leased))
	s.jobs("puller", 1)
}

func pullLeasedOnce(s suite) {
	s.must(s.store.AddPull(s.Context(), someJob("puller", "7", "1")))
	j := s.jobs("puller", 1)[0]
	won := 0
	for n := range 3 {
		_, ok, err := s.store.LeasePull(s.Context(), j, Now.Add(time.Duration(n+1)*time.Minute))
		s.must(err)
		if ok {
			won++
		}
	}
	if j = s.jobs("puller", 1)[0]; won != 1 || !j.Leased.Equal(Now.Add(time.Minute)) || !j.Due.At.Equal(j.Leased) {
		s.Errorf("%d workers have leased it: %+v", won, j)
	}
}

func pullOutrun(s suite) {
	s.must(s.store.AddPull(s.Context(), someJob("puller", "7", "1")))
	first, _, err := s.store.LeasePull(s.Context(), s.jobs("puller", 1)[0], Now.Add(time.Minute))
	s.must(err)
	second, ok, err := s.store.LeasePull(s.Context(), first, Now.Add(2*time.Minute)) // the first lease is over
	if err != nil || !ok {
		s.Fatal(ok, err)
	}
	s.must(s.store.PutOffPull(s.Context(), first, Now.Add(time.Hour), true))
	s.must(s.store.EndPull(s.Context(), first))
	if j := s.jobs("puller", 1)[0]; !j.Leased.Equal(second.Leased) || j.Asked != 0 {
		s.Errorf("%+v", j)
	}
	s.must(s.store.EndPull(s.Context(), second))
	s.jobs("puller", 0)
}

func pullAccounts(s suite) {
	for _, id := range []porting.DocumentID{"1", "2", "3"} {
		s.must(s.store.AddPull(s.Context(), someJob("many", "7", id)))
	}
	late := someJob("few", "8", "1")
	late.Due.At = Now.Add(time.Minute)
	s.must(s.store.AddPull(s.Context(), late))
	if all, err := s.store.PullAccounts(s.Context(), Now.Add(time.Minute)); err != nil || len(all) != 2 {
		s.Errorf("a minute later the jobs of %v are due (%v)", all, err)
	}
	if all, err := s.store.PullAccounts(s.Context(), Now); err != nil || len(all) != 1 || all[0] != "many" {
		s.Errorf("due are the jobs of %v (%v)", all, err)
	}
}
