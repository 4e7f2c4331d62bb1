package bandwidth

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"portway/internal/peer"
)

// ensureLOA uploads the letter of agency unless the order has one.
func (c *Client) ensureLOA(ctx context.Context, ref string, r peer.Request) error {
	if len(r.LOA) == 0 {
		return nil
	}
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref)+"/loas", url.Values{"metadata": {"true"}}, nil)
	if err != nil {
		return err
	}
	if res.Status == http.StatusOK {
		var list fileListResponse
		if err := c.read(res, &list); err != nil {
			return err
		}
		for _, f := range list.Files {
			if f.Type == "LOA" || f.Type == "" {
				return nil
			}
		}
		if len(list.Names) > 0 {
			return nil
		}
	}
	return c.uploadLOA(ctx, ref, r)
}

// uploadLOA puts the letter on the order; a second copy does no harm. A letter that the peer does not take is no error here,
// for the order exists all the same: it says itself what it misses.
func (c *Client) uploadLOA(ctx context.Context, ref string, r peer.Request) error {
	if len(r.LOA) == 0 {
		return nil
	}
	res, err := c.send(ctx, true, http.MethodPost, "portins/"+url.PathEscape(ref)+"/loas", url.Values{"documentType": {"LOA"}},
		document{"application/pdf", r.LOA})
	if err != nil || res.Status < 300 {
		return err
	}
	var denied *peer.Denied
	if err := c.denied(res); !errors.As(err, &denied) {
		return err
	}
	return nil
}
