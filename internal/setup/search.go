package setup

import (
	"io"

	"portway/internal/dynamo/linkkey"
	"portway/internal/dynamo/searchrows"
)

// SearchRows keeps and finds the words by which staff find orders. Without random it only finds.
func (h *House) SearchRows(random io.Reader) *searchrows.Rows {
	table := h.Env.Text("TABLE")
	return searchrows.New(h.Table, table, linkkey.ForSearch(h.Table, table, h.Sealer, random).Key)
}
