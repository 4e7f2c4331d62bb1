package somos

import (
	"slices"
	"time"

	"portway/internal/bizday"
)

// The registry's clocks, in business days. Between a submit and its answer a request is overdue after two of them, and
// expires after ten (support.somos.com, "ROC request statuses" and the ROC parameters). The help desk decides by the
// end of its second business day (there, "HDI"); here it takes one.
//
// [I] All of them count from the hour at which the request was handed over, as the WSI's DueDateTime does; a request
// that is handed over on a weekend counts from the next business day's midnight on, at that hour.
const (
	dueDays      = 2
	expiryDays   = 10
	helpDeskDays = 1
)

// moment is a state that begins so many business days and then so many steps after the number's life began. A RespOrg
// acts after steps; the registry and its help desk after business days.
type moment struct {
	days, steps int
	status      string
	codes       []string
	note        string
	// unanswered says that the state begins only where nobody has answered by then.
	unanswered bool
}

// after is a state that a RespOrg's action brings so many steps on.
func after(steps int, status string, codes ...string) moment {
	return moment{steps: steps, status: status, codes: codes}
}

// noted is the moment with the note that goes with a refusal.
func (m moment) noted(note string) moment {
	m.note = note
	return m
}

// onDay is the moment with business days before its steps.
func (m moment) onDay(days int) moment {
	m.days = days
	return m
}

// registered returns the life of a number that is asked for: it is pending, the RespOrg's answers follow, and the
// registry's clocks run if none comes.
func registered(answers []moment) []moment {
	life := append([]moment{after(0, "PENDING")}, answers...)
	return append(life,
		moment{days: dueDays, status: "OVERDUE", unanswered: true},
		moment{days: expiryDays, status: "EXPIRED", unanswered: true},
	)
}

// when is the time at which the moment of a life that began at base comes.
func (s *Server) when(base time.Time, m moment) time.Time {
	return s.businessDays(base, m.days).Add(time.Duration(m.steps) * s.opts.Step)
}

// businessDays is n of the registry's business days after t: by its calendar, or where Options.Due makes time go
// faster, as many halves of that.
func (s *Server) businessDays(t time.Time, n int) time.Time {
	if s.opts.Due > 0 {
		return t.Add(time.Duration(n) * s.opts.Due / dueDays)
	}
	return s.opts.Calendar.AddBusinessDays(t, n)
}

// reach brings the number to where it stands at now. Ported is true when it has ended as PORTED.
func (s *Server) reach(n *number, now time.Time) (ported bool) {
	type dated struct {
		moment
		at time.Time
	}
	var life []dated
	var last time.Time // of what people do: a later action never comes before an earlier one
	for _, m := range n.life {
		at := s.when(n.base, m)
		if !m.unanswered {
			if at.Before(last) {
				at = last
			}
			last = at
		}
		life = append(life, dated{m, at})
	}
	slices.SortStableFunc(life, func(a, b dated) int { return a.at.Compare(b.at) })
	for _, m := range life {
		if m.at.After(now) || m.unanswered && n.status != "PENDING" && n.status != "OVERDUE" {
			continue
		}
		n.status, n.codes, n.note = m.status, m.codes, m.note
		if !n.open() {
			n.processed, n.life = m.at, nil // it has ended; a later request may move the number on
			return m.status == "PORTED"
		}
	}
	return false
}

// registryDays is the calendar of the registry: bizday's "somos" in Central Time, which tells its sources.
var registryDays = func() *bizday.Calendar {
	days, err := bizday.Named("somos", "America/Chicago")
	if err != nil {
		panic("no time zone data: build with -tags timetzdata")
	}
	return days
}()
