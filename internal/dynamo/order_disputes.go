package dynamo

import (
	"context"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// disputeItem is the order's side of a dispute. Its number is its place in the list.
type disputeItem struct {
	Side    string   `dynamodbav:"side"`
	Rival   string   `dynamodbav:"rival"` // the other order
	Numbers []string `dynamodbav:"numbers"`
	State   string   `dynamodbav:"state"`
	Winner  string   `dynamodbav:"winner,omitempty"`
	Opened  stamp    `dynamodbav:"opened"`
	Ends    stamp    `dynamodbav:"ends,omitempty"`
	LOA     stamp    `dynamodbav:"loa,omitempty"`
	Decided stamp    `dynamodbav:"decided,omitempty"`
	By      string   `dynamodbav:"by,omitempty"`
	Over    stamp    `dynamodbav:"over,omitempty"`
}

func disputesOf(all []porting.Dispute) []disputeItem {
	var items []disputeItem
	for _, d := range all {
		items = append(items, disputeItem{Side: string(d.Side), Rival: string(d.Rival), Numbers: d.Numbers, State: string(d.State),
			Winner: string(d.Winner), Opened: stampOf(d.Opened), Ends: stampOf(d.Ends), LOA: stampOf(d.LOA),
			Decided: stampOf(d.Decided), By: d.By, Over: stampOf(d.Over)})
	}
	return items
}

func disputesFrom(items []disputeItem) []porting.Dispute {
	var all []porting.Dispute
	for _, i := range items {
		all = append(all, porting.Dispute{Side: porting.Side(i.Side), Rival: porting.OrderID(i.Rival), Numbers: i.Numbers,
			State: porting.DisputeState(i.State), Winner: porting.Side(i.Winner), Opened: i.Opened.time(), Ends: i.Ends.time(),
			LOA: i.LOA.time(), Decided: i.Decided.time(), By: i.By, Over: i.Over.time()})
	}
	return all
}

// authorityItem is the order's case about its authority.
type authorityItem struct {
	State    string   `dynamodbav:"state"`
	Raised   string   `dynamodbav:"raised"`
	Who      string   `dynamodbav:"who"`
	Numbers  []string `dynamodbav:"numbers"`
	Opened   stamp    `dynamodbav:"opened"`
	Ends     stamp    `dynamodbav:"ends"`
	Owner    string   `dynamodbav:"owner,omitempty"`
	Ended    stamp    `dynamodbav:"ended,omitempty"`
	Pack     string   `dynamodbav:"pack,omitempty"`
	PackSize int64    `dynamodbav:"pack_size,omitempty"`
}

func authorityOf(a porting.AuthorityCase) *authorityItem {
	if a.State == porting.NoCase {
		return nil
	}
	return &authorityItem{State: string(a.State), Raised: string(a.Raised), Who: a.Who, Numbers: a.Numbers, Opened: stampOf(a.Opened),
		Ends: stampOf(a.Ends), Owner: a.Owner, Ended: stampOf(a.Ended), Pack: a.Pack, PackSize: a.PackSize}
}

func (i *authorityItem) authority() porting.AuthorityCase {
	if i == nil {
		return porting.AuthorityCase{}
	}
	return porting.AuthorityCase{State: porting.CaseState(i.State), Raised: porting.CaseRaised(i.Raised), Who: i.Who, Numbers: i.Numbers,
		Opened: i.Opened.time(), Ends: i.Ends.time(), Owner: i.Owner, Ended: i.Ended.time(), Pack: i.Pack, PackSize: i.PackSize}
}

// HandOver writes a change of each of two orders in one transaction. A number that the first gives up and the second
// takes goes from hand to hand.
func (s *Store) HandOver(ctx context.Context, from, to orders.Change, redeliver time.Time) error {
	w := &writes{table: s.table}
	given := map[string]bool{}
	for _, hold := range released(from) {
		given[hold] = true
	}
	for _, c := range []orders.Change{from, to} {
		one, err := s.changes(ctx, c, redeliver)
		if err != nil {
			return err
		}
		w.join(one)
		w.quiet(c, held(c))
	}
	for _, hold := range held(to) {
		if given[hold] {
			w.handOver(hold, from.After, to.After)
			delete(given, hold)
			continue
		}
		w.hold(hold, to.After)
	}
	var free []string
	for hold := range given {
		free = append(free, hold)
	}
	for _, hold := range free {
		w.free(hold, from.After, nil)
	}
	// The releasing order is the one that takes over: its holds as a draft are what is left to free.
	return s.releasing(ctx, w, to.After, released(to))
}

// handOver gives a number to another account's order. The hold remembers the order that had it, for lists by numbers.
func (w *writes) handOver(hold string, from, to porting.Order) {
	values := item{":to": text(string(to.ID)), ":account": text(string(to.Account)), ":from": text(string(from.ID)),
		":none": w.list([]pastItem{}), ":this": w.list([]pastItem{{string(from.Account), string(from.ID)}})}
	w.update(holdKey(hold), "SET holder = :to, account = :account, past = list_append(if_not_exists(past, :none), :this)",
		"holder = :from", values, func(item) error { return porting.TakenError(hold) })
}

// join adds the writes of another transaction.
func (w *writes) join(other *writes) {
	w.items, w.refuse = append(w.items, other.items...), append(w.refuse, other.refuse...)
	if w.err == nil {
		w.err = other.err
	}
}
