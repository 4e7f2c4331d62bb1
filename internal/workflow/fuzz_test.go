package workflow_test

import (
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

// No notice, however it is written, does more than nothing where it is about no order of ours, and no caller is let in but a peer
// on its own path.
func FuzzCallback(f *testing.F) {
	f.Add("locals", "/peers/locals", "/peers/locals",
		`<Notification><OrderId>ref</OrderId><CustomerOrderId>pw-150626304004106-1</CustomerOrderId></Notification>`, false)
	f.Add("locals", "/peers/locals", "/peers/locals",
		`<Notification><OrderId>ref</OrderId><OrderType>disconnects</OrderType></Notification>`, true)
	f.Add("locals", "/peers/locals", "/peers/locals", "PE5vdGlmaWNhdGlvbj4=", true)
	f.Add("somos", "/peers/somos", "/peers/somos", `{"num":"8005550101"}`, false)
	f.Add("somos", "/peers/somos", "/peers/locals", "<a><a>", false)
	f.Add("", "", "", "", true)
	f.Fuzz(func(t *testing.T, name, path, resource, body string, encoded bool) {
		days, err := bizday.Named("npac", "America/Chicago")
		if err != nil {
			t.Fatal(err)
		}
		book := &orders.Book{Store: storetest.NewMemory(), Rules: porting.Standard(days), Now: func() time.Time { return time.Unix(1772463600, 0) },
			Random: func() uint16 { return 1 }}
		c := workflow.Callback{Book: book,
			Read: map[string]func([]byte) (peer.Notice, error){"/peers/locals": bandwidth.ReadNotice, "/peers/somos": somos.ReadNotice}}
		in := events.APIGatewayProxyRequest{Resource: resource, Body: body, IsBase64Encoded: encoded}
		in.RequestContext.Authorizer = map[string]any{"kind": "peer", "peer": name, "path": path}
		out, err := c.Handle(t.Context(), in)
		peers := name != "" && path != "" && path == resource
		switch {
		case err != nil:
			t.Error(err)
		case !peers && out.StatusCode == http.StatusForbidden:
		case peers && out.StatusCode == http.StatusUnprocessableEntity:
		case peers && resource == "/peers/somos" && out.StatusCode == http.StatusOK: // a number that is not ours
		default:
			t.Errorf("its own path: %v, answered %d", peers, out.StatusCode)
		}
	})
}
