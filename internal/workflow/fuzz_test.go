package workflow_test

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/bizday"
	"portway/internal/orders"
	"portway/internal/orders/ordertest"
	"portway/internal/peer/bandwidth"
	"portway/internal/porting"
	"portway/internal/workflow"
)

// No notice, however it is written, is more than refused where it is about no order of ours, and nobody is let in without the
// credentials.
func FuzzCallback(f *testing.F) {
	good := "Basic " + base64.StdEncoding.EncodeToString([]byte("locals:hook"))
	f.Add(good, `<Notification><OrderId>ref</OrderId><CustomerOrderId>pw-150626304004106-1</CustomerOrderId></Notification>`, false)
	f.Add(good, `<Notification><OrderId>ref</OrderId><OrderType>disconnects</OrderType></Notification>`, true)
	f.Add(good, "PE5vdGlmaWNhdGlvbj4=", true)
	f.Add("basic x", "<a><a>", false)
	f.Add("", "", true)
	f.Fuzz(func(t *testing.T, authorization, body string, encoded bool) {
		days, err := bizday.Named("npac", "America/Chicago")
		if err != nil {
			t.Fatal(err)
		}
		book := &orders.Book{Store: ordertest.NewMemory(), Rules: porting.Standard(days), Now: func() time.Time { return time.Unix(1772463600, 0) },
			Random: func() uint16 { return 1 }}
		c := workflow.Callback{Book: book, Parse: bandwidth.ParseNotification, User: "locals", Password: porting.NewSecret("hook")}
		out, err := c.Handle(t.Context(), events.APIGatewayProxyRequest{
			Headers: map[string]string{"authorization": authorization}, Body: body, IsBase64Encoded: encoded})
		want := http.StatusUnauthorized
		if authorization == good {
			want = http.StatusUnprocessableEntity
		}
		if err != nil || out.StatusCode != want {
			t.Errorf("%d, %v; want %d", out.StatusCode, err, want)
		}
	})
}
