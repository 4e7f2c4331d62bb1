package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"portway/infra/local/browser"
	"portway/internal/dynamo/linkkey"
	"portway/internal/link"
	"portway/internal/porting"
	"portway/internal/secret"
)

// linkTo makes a link of the deployed stack, as a mail has it.
func linkTo(t *testing.T, order, person string) string {
	t.Helper()
	config := up.Engine.Config()
	key := linkkey.New(dynamodb.NewFromConfig(config), up.File.Table,
		&secret.Sealer{Keys: kms.NewFromConfig(config), KeyID: up.Deploy.Outputs["KeyArn"]}, rand.Reader)
	m := &link.Maker{Store: up.Store, Key: key.Key, Now: time.Now}
	o, err := up.Store.Load(t.Context(), porting.OrderID(order))
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := m.ForMail(t.Context(), o, person)
	if err != nil {
		t.Fatal(err)
	}
	return up.File.Pages + "/p/" + token.Reveal()
}

// A person who has only a link signs an order, corrects it when the carrier refuses it, sends a photograph of a bill,
// chooses a day, and reads that the number is in service. The screens fit and are accessible.
func TestPageOfTheStack(t *testing.T) {
	ctx := limited(t)
	made := func(number string) *narrator {
		n := follow(t)
		if err := n.create(ctx, map[string]any{"numbers": []string{number}, "billing_name": "Jane Roe", "street": "1 Main St", "city": "Seattle",
			"state": "WA", "zip": "98104", "country": "US", "provider": "Example Telco", "provider_account": "000123", "usage_type": "residential"}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const person = "jane@main-street.example"
	life, still := made("+14255550643"), made("+14255550644")
	approved := make(chan error, 1)
	go func() {
		if err := life.until(ctx, porting.Review); err != nil {
			approved <- err
			return
		}
		_, err := act(ctx, up.File, decision("approve", life.order, "", ""))
		approved <- err
	}()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 80, 120))); err != nil {
		t.Fatal(err)
	}
	browser.Run(t, "infra/local/testdata/page.mjs", map[string]any{"life": linkTo(t, life.order, person), "still": linkTo(t, still.order, person),
		"mail": up.File.Mail, "person": person, "picture": base64.StdEncoding.EncodeToString(picture.Bytes())})
	if err := <-approved; err != nil {
		t.Error(err)
	}
}

// What comes from no function is a page too, and what opens nothing is answered alike with or without a stack's word.
func TestPagesOfTheGateway(t *testing.T) {
	for path, status := range map[string]int{"/p/nothing": http.StatusNotFound, "/nothing": http.StatusNotFound} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, up.File.Pages+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || res.StatusCode != status || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
				t.Errorf("%s %s: %d %s %q (%v)", method, path, res.StatusCode, res.Header.Get("Content-Type"), body, err)
			}
		}
	}
}
