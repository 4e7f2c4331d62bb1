package somos

import "time"

// Next returns the time at which the next thing happens by itself or is to be told; zero if nothing will.
func (s *Server) Next() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now().Add(s.skew)
	if len(s.notices) > 0 {
		return s.opts.Now()
	}
	var next time.Time
	for _, t := range s.txns {
		for _, n := range t.numbers {
			for _, m := range n.life {
				at := s.when(n.base, m)
				if at.After(now) && (next.IsZero() || at.Before(next)) {
					next = at
				}
			}
		}
	}
	if next.IsZero() {
		return next
	}
	return next.Add(-s.skew)
}
