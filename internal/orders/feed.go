package orders

import (
	"context"
	"fmt"
	"time"

	"portway/internal/porting"
)

// Place is where an event stands in its account's feed: when it was written, then order and version. Places compare as text.
// Before all others is the empty one.
type Place string

// Placed is an event in its feed.
type Placed struct {
	porting.Event
	Place Place
}

const placeLayout = "2006-01-02T15:04:05.000000000Z"

// PlaceOf is an event's place. What orders the feed is when it was written, not when it happened, which a sweep as of some other
// day may choose. All that write an event let it fall due for redelivery the same time later, so that instant serves.
func PlaceOf(e porting.Event, redeliver time.Time) Place {
	return Place(fmt.Sprintf("%s#%s#%d.%d", redeliver.UTC().Format(placeLayout), e.Order, e.Version, e.N))
}

// feedSettles is after how long no event can turn up before one that was read: longer than a write takes, a large create
// included, and clocks differ.
const feedSettles = 2 * time.Minute

// Page is a page of an account's feed.
type Page struct {
	Events []Placed
	// More says that there are others behind them.
	More bool
	// Resume is where a client goes on that wants to miss none: behind the last event of the page, but never beyond what has
	// settled, so that what is newer comes again.
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
