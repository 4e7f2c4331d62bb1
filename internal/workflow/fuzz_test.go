package workflow_test

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/bizday"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/workflow"
)

// No notice, however it is written, does more than nothing where it is about no order of ours, and nobody is let in without the
// credentials.
func FuzzCallback(f *testing.F) {
	good := "Basic " + base64.StdEncoding.EncodeToString([]byte("locals:hook"))
	f.Add(good, "/peers/locals", `<Notification><OrderId>ref</OrderId><CustomerOrderId>pw-150626304004106-1</CustomerOrderId></Notification>`, false)
	f.Add(good, "/peers/locals", `<Notification><OrderId>ref</OrderId><OrderType>disconnects</OrderType></Notification>`, true)
	f.Add(good, "/peers/locals", "PE5vdGlmaWNhdGlvbj4=", true)
	f.Add(good, "/peers/somos", `{"num":"8005550101"}`, false)
	f.Add("basic x", "/peers/locals", "<a><a>", false)
	f.Add("", "", "", true)
	f.Fuzz(func(t *testing.T, authorization, resource, body string, encoded bool) {
		days, err := bizday.Named("npac", "America/Chicago")
		if err != nil {
			t.Fatal(err)
		}
		book := &orders.Book{Store: storetest.NewMemory(), Rules: porting.Standard(days), Now: func() time.Time { return time.Unix(1772463600, 0) },
			Random: func() uint16 { return 1 }}
		c := workflow.Callback{Book: book, User: "locals", Password: porting.NewSecret("hook"),
			Read: map[string]func([]byte) (peer.Notice, error){"/peers/locals": bandwidth.ReadNotice, "/peers/somos": somos.ReadNotice}}
		out, err := c.Handle(t.Context(), events.APIGatewayProxyRequest{
			Headers: map[string]string{"authorization": authorization}, Resource: resource, Body: body, IsBase64Encoded: encoded})
		switch {
		case err != nil:
			t.Error(err)
		case authorization != good && out.StatusCode == http.StatusUnauthorized:
		case authorization == good && out.StatusCode == http.StatusUnprocessableEntity:
		case authorization == good && resource == "/peers/somos" && out.StatusCode == http.StatusOK: // a number that is not ours
		default:
			t.Errorf("let in: %v, answered %d", authorization == good, out.StatusCode)
		}
	})
}
