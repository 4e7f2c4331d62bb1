package bandwidth

import (
	"context"
	"errors"
	"slices"
	"strings"

	"portway/internal/peer"
)

// remark writes to the order what the request says of the rest of the account, for which the order has no elements, in
// notes of at most 500 characters. A note that stands there already is not written again, and a remark that has changed
// is written anew. Written says that a note was added. A peer that takes no note leaves the carrier to ask.
func (c *Client) remark(ctx context.Context, ref string, r peer.Request) (written bool, err error) {
	text := r.Order.Remark()
	if text == "" {
		return false, nil
	}
	have, err := c.Notes(ctx, ref)
	if err != nil {
		return false, ignoreDenied(err)
	}
	for _, part := range parts(text, maxNote) {
		if slices.ContainsFunc(have, func(n Note) bool { return n.whole == part }) {
			continue
		}
		if err := c.WriteNote(ctx, ref, part); err != nil {
			return written, ignoreDenied(err)
		}
		written = true
	}
	return written, nil
}

func ignoreDenied(err error) error {
	if errors.As(err, new(*peer.Denied)) {
		return nil
	}
	return err
}

// parts cuts a text between words into parts of at most that many characters.
func parts(text string, most int) []string {
	var all []string
	for len([]rune(text)) > most {
		head := string([]rune(text)[:most+1])
		at := strings.LastIndexByte(head, ' ')
		if at <= 0 {
			at = len(string([]rune(text)[:most]))
		}
		all = append(all, strings.TrimSpace(text[:at]))
		text = strings.TrimSpace(text[at:])
	}
	return append(all, text)
}
