package somos

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// notice is a UNS-RCH push: the control of a number has changed.
type notice struct {
	Number  string `json:"tfNum"` // 800-555-0101
	RespOrg string `json:"respOrgId"`
	Old     string `json:"oldRespOrgId"`
	New     string `json:"newRespOrgId"`
	Status  string `json:"status"`
}

func (s *Server) tell(num, old, new string) {
	if s.opts.Push != "" {
		s.notices = append(s.notices, notice{num[:3] + "-" + num[3:6] + "-" + num[6:], new, old, new, "WORKING"})
	}
}

// Run sends the notices until ctx is over.
func (s *Server) Run(ctx context.Context) {
	tick := time.NewTicker(s.opts.Tick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.Push(ctx)
		}
	}
}

// Push moves the numbers up to now and sends what there is to tell, once each: a notice that does not arrive is lost.
func (s *Server) Push(ctx context.Context) {
	s.mu.Lock()
	s.settle(s.opts.Now().Add(s.skew))
	notices := s.notices
	s.notices = nil
	s.mu.Unlock()
	for _, n := range notices {
		body, err := json.Marshal(n)
		if err != nil {
			continue
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.opts.Push, bytes.NewReader(body))
		if err != nil {
			continue
		}
		req.Header.Set("Content-Type", "application/json")
		if res, err := s.opts.HTTP.Do(req); err == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // so that the connection serves again
			res.Body.Close()
		}
	}
}
