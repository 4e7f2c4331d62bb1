package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"portway/internal/peer/bandwidth"
	"portway/internal/porting"
)

func TestPeersAlone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- servePeers(ctx, w, 0); w.Close() }()
	at, rows := map[string]string{}, 0
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) > 1 && (words[0] == "locals" || words[0] == "somos") {
			at[words[0]] = words[1]
		}
		if len(words) > 1 && strings.HasPrefix(words[0], "74") {
			rows++
		}
		if rows > 0 && lines.Text() == "" {
			break // the first table is told, so both serve
		}
	}
	bw := bandwidth.New(bandwidth.Config{BaseURL: at["locals"], Account: "1", Site: "1", User: aloneUser,
		Password: porting.NewSecret(alonePassword)})
	if got, err := bw.Portability(ctx, []string{"+12065550101"}); err != nil || !got[0].Portable {
		t.Errorf("locals: %+v, %v", got, err)
	}
	res, err := http.Get(at["somos"] + "/_sim/transactions")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || rows < 50 {
		t.Errorf("somos: %s; %d rows", res.Status, rows)
	}
	cancel()
	go func() { _, _ = io.Copy(io.Discard, r) }() // the rest of what it prints
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
