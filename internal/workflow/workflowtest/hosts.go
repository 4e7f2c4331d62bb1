package workflowtest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"portway/internal/pull"
)

// Hosts answers for the hosts of customers' documents. A host whose name begins with hang never answers, and every
// other one has a PDF at each path.
//
// A request that is never answered takes the time of the function that makes it. The function that pulls documents runs
// beside the others, so its time delays nobody. Any other function holds the world up until its request ends.
type Hosts struct {
	w *World

	mu    sync.Mutex
	apart bool // the function that pulls documents runs
	asked map[string]int
}

func (h *Hosts) aside(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.apart = on
}

// Asked returns how often each URL was asked for.
func (h *Hosts) Asked() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked
}

// RoundTrip implements http.RoundTripper.
func (h *Hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	h.mu.Lock()
	if h.asked == nil {
		h.asked = map[string]int{}
	}
	h.asked[r.URL.String()]++
	aside := h.apart
	h.mu.Unlock()
	if strings.HasPrefix(r.URL.Host, "hang") {
		if !aside {
			h.w.set(h.w.Now().Add(pull.Limit))
		}
		return nil, errTimeout{}
	}
	var res *http.Response
	err := h.w.Call("host "+r.Method, func() error {
		res = &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, ContentLength: -1,
			Body: io.NopCloser(strings.NewReader("%PDF-1.4 " + r.URL.Path))}
		return nil
	})
	if err != nil {
		return nil, errors.New("the connection broke")
	}
	return res, nil
}

// errTimeout is the error of a request that ran out of time.
type errTimeout struct{}

func (errTimeout) Error() string { return "no answer" }
func (errTimeout) Timeout() bool { return true }
