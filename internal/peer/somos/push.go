package somos

import (
	"encoding/json"
	"errors"
	"strings"

	"portway/internal/nanp"
	"portway/internal/peer"
)

// errNoNotice says that a body is no UNS-RCH notice. It shows nothing of the body.
var errNoNotice = errors.New("no notice of a toll-free number")

// ReadNotice reads the number (E.164) off a UNS-RCH notice, which the registry sends to the old and the new RespOrg
// whenever the control of a number changes, by whatever way. It is a hint to ask the registry and no answer: nothing
// shows who sent it.
func ReadNotice(body []byte) (peer.Notice, error) {
	var notice struct {
		Number text `json:"tfNum"` // as 800-555-0101
	}
	if json.Unmarshal(body, &notice) != nil {
		return peer.Notice{}, errNoNotice
	}
	n, err := nanp.Parse(strings.TrimSpace(string(notice.Number)))
	if err != nil || !n.TollFree() {
		return peer.Notice{}, errNoNotice
	}
	return peer.Notice{TN: n.E164()}, nil
}
