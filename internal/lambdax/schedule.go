package lambdax

import (
	"time"
)

// Tick is what a schedule hands to its function: the time it stands for. Handing over another one tells that day's sweep.
type Tick struct {
	Time string `json:"time"`
}

// At is the tick's time, or now where there is none that can be read (a local engine does not fill it in).
func (t Tick) At(now time.Time) time.Time {
	if at, err := time.Parse(time.RFC3339, t.Time); err == nil {
		return at
	}
	return now
}
