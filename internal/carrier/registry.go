package carrier

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"portway/internal/porting"
)

// Store keeps the operator's rows and the counters of what is learned.
type Store interface {
	// Rows reads all rows of the operator. A row that cannot be read is left out and told in the log.
	Rows(ctx context.Context) ([]Row, error)
	// Learned adds up what was learned about a carrier under each of the names, from a quarter on.
	Learned(ctx context.Context, carriers []string, since string) (porting.Learned, error)
}

// rowsAge is how long the rows are used that were read last, and figuresAge the same for figures. The operator's page and
// the description of the API tell both.
const (
	rowsAge    = time.Minute
	figuresAge = 10 * time.Minute
	maxFigures = 1000 // carriers whose figures are kept in memory
)

// Registry keeps the directory of an installation in memory. It is safe for concurrent use.
type Registry struct {
	Store Store
	Now   func() time.Time

	mu        sync.Mutex
	read      time.Time // when the rows were last asked for
	made      bool
	directory Directory
	figures   map[string]kept
}

// kept are figures that were read at a time.
type kept struct {
	figures Figures
	at      time.Time
}

// Refresh reads the operator's rows unless they were asked for within a minute. Rows that cannot be read leave the directory
// as it was; the log has the cause, and the next minute brings the next try.
func (r *Registry) Refresh(ctx context.Context) {
	r.mu.Lock()
	now := r.Now()
	if !r.read.IsZero() && now.Sub(r.read) < rowsAge {
		r.mu.Unlock()
		return
	}
	r.read = now // others go on with what is there
	r.mu.Unlock()
	rows, err := r.Store.Rows(ctx)
	if err != nil {
		slog.WarnContext(ctx, "the operator's rows of carriers could not be read", "error", porting.Plain(err))
		return
	}
	for _, row := range rows {
		if strange := row.strange(); len(strange) > 0 {
			slog.WarnContext(ctx, "values of a carrier's row are left out", "carrier", row.ID, "fields", strange)
		}
	}
	d := NewDirectory(rows)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.directory, r.made = d, true
}

// Directory returns the directory as it was last read: the table alone before the first Refresh.
func (r *Registry) Directory() Directory {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.made {
		r.directory, r.made = NewDirectory(nil), true
	}
	return r.directory
}

// Own returns the own terms of an order's losing carrier by the directory as it was last read (porting.Rules.OwnTerms).
func (r *Registry) Own(l porting.Losing) porting.OwnTerms { return r.Directory().Own(l) }

// Figures returns what orders have shown of a carrier: of a profile, or where p is empty, of the SPID alone. ok is false
// where they may not be shown to customers. They may be ten minutes old.
func (r *Registry) Figures(ctx context.Context, p Profile, spid string) (f Figures, ok bool, err error) {
	names := namesOf(p, spid)
	if len(names) == 0 {
		return Figures{}, false, nil
	}
	now := r.Now()
	r.mu.Lock()
	have, known := r.figures[names[0]]
	r.mu.Unlock()
	if known && now.Sub(have.at) < figuresAge {
		return have.figures, have.figures.Shown(), nil
	}
	learned, err := r.Store.Learned(ctx, names, porting.LearnedSince(now))
	if err != nil {
		return Figures{}, false, err
	}
	f = FiguresOf(learned)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.figures == nil || len(r.figures) >= maxFigures {
		r.figures = map[string]kept{}
	}
	r.figures[names[0]] = kept{f, now}
	return f, f.Shown(), nil
}

// namesOf are the names of a carrier's counters: of its profile, and of its SPIDs, under which orders were counted before
// the carrier had a profile.
func namesOf(p Profile, spid string) []string {
	if p.ID == "" {
		if spid == "" {
			return nil
		}
		return []string{porting.LearnedOf("", spid)}
	}
	names := []string{porting.LearnedOf(p.ID, "")}
	for _, spid := range p.SPIDs {
		names = append(names, porting.LearnedOf("", spid))
	}
	return names
}
