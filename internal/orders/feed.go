package orders

import (
	"context"
	"fmt"
	"time"

	"portway/internal/porting"
)

// Place is the place of an event in its account's feed: the time at which it was written, its order and its version.
// Places compare as texts. The empty place is before all others.
type Place string

// Placed is an event with its place in the feed.
type Placed struct {
	porting.Event
	Place Place
}

const placeLayout = "2006-01-02T15:04:05.000000000Z"

// PlaceOf returns an event's place. The feed is ordered by the time at which events were written. The time at which
// they happened would not do, since a sweep as of another day chooses it. redeliver stands for the time of writing:
// every writer lets its events fall due the same time later.
func PlaceOf(e porting.Event, redeliver time.Time) Place {
	return Place(fmt.Sprintf("%s#%s#%d.%d", redeliver.UTC().Format(placeLayout), e.Order, e.Version, e.N))
}

// feedSettles is the time after which no event can appear before one that was read. It is longer than the slowest
// write, which is a large create call, and the difference of clocks.
const feedSettles = 2 * time.Minute

// Page is a page of an account's feed.
type Page struct {
	Events []Placed
	// More says that later ones follow.
	More bool
	// Resume is the place from which a client reads on without missing an event: behind the last event of the page, and
	// never behind feedSettles, so that newer events come again.
	Resume Place
}

// Feed reads an account's events behind a place, at most limit.
func (b *Book) Feed(ctx context.Context, account porting.AccountID, after Place, limit int) (Page, error) {
	found, more, err := b.Store.Feed(ctx, account, after, limit)
	if err != nil {
		return Page{}, err
	}
	resume := after
	if len(found) > 0 {
		resume = found[len(found)-1].Place
	}
	settled := Place(b.redeliver().Add(-feedSettles).Format(placeLayout))
	return Page{Events: found, More: more, Resume: min(resume, settled)}, nil
}
