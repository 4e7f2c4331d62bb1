package setup

import (
	crand "crypto/rand"
	"time"

	"portway/internal/dynamo/linkkey"
	"portway/internal/link"
)

// Links makes the links to the pages of orders.
func (h *House) Links() *link.Maker {
	key := linkkey.New(h.Table, h.Env.Text("TABLE"), h.Sealer, crand.Reader)
	return &link.Maker{Store: h.Store, Key: key.Key, Now: time.Now, Random: crand.Reader}
}
