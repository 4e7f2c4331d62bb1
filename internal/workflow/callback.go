package workflow

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/access"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// Callback takes the notices that peers send us. A notice is only a hint: the peer is asked before anything changes, so
// a forged, late or repeated notice does no harm. If a notice is lost, the status check asks the peer later.
type Callback struct {
	Book  *orders.Book
	Peers Peers
	// Read has the reader of each peer's notices, by the gateway's resource on which they come.
	Read map[string]func([]byte) (peer.Notice, error)
	// Late takes a late answer of the operator's own switch, which comes on access.SwitchPath. Unlike a notice it is the
	// answer itself, since the switch has credentials of its own.
	Late func(context.Context, []byte) error
}

// Handle answers one notice. The gateway's authorizer has checked the credentials. Handle checks once more that the
// caller is a peer, and that the notice came on the path of that peer.
func (c *Callback) Handle(
	ctx context.Context, in events.APIGatewayProxyRequest,
) (events.APIGatewayProxyResponse, error) {
	name, path, ok := access.PeerOf(in.RequestContext.Authorizer)
	if !ok || path != in.Resource {
		slog.WarnContext(ctx, "notice refused", "peer", name, "resource", in.Resource)
		return events.APIGatewayProxyResponse{StatusCode: http.StatusForbidden}, nil
	}
	status := http.StatusOK
	if err := c.take(ctx, in); err != nil {
		slog.WarnContext(ctx, "notice not taken", "peer", name, "error", porting.Plain(err))
		status = http.StatusServiceUnavailable
		if porting.Is(err, porting.Invalid) || porting.Is(err, porting.NotFound) {
			status = http.StatusUnprocessableEntity
		}
	}
	return events.APIGatewayProxyResponse{StatusCode: status}, nil
}

func (c *Callback) take(ctx context.Context, in events.APIGatewayProxyRequest) error {
	body := []byte(in.Body)
	if in.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(in.Body)
		if err != nil {
			return porting.Errorf(porting.Invalid, "The body is not base64.")
		}
		body = decoded
	}
	if in.Resource == access.SwitchPath && c.Late != nil {
		return c.Late(ctx, body)
	}
	read, ok := c.Read[in.Resource]
	if !ok {
		return porting.Errorf(porting.NotFound, "No peer sends its notices there.")
	}
	notice, err := read(body)
	if err != nil {
		return porting.Errorf(porting.Invalid, "The body is no notice.")
	}
	o, known, err := c.about(ctx, notice)
	if err != nil || !known {
		return err
	}
	if listens(o) {
		_, answer, err := Ask(ctx, c.Book, c.Peers, o)
		var down *peer.Down
		if errors.As(err, &down) {
			return nil // the status check will ask
		}
		slog.InfoContext(ctx, "notice taken", "order", o.ID, "said", answer.Said)
		if err != nil {
			return err
		}
	}
	if !notice.Note {
		return nil
	}
	return doubted(ctx, c.Book, c.Peers, o.ID)
}

// about finds the order that a notice is about. No order is known for a notice of an earlier request, of a request
// whose reference is not written down yet, or of a number that no order of ours holds.
func (c *Callback) about(ctx context.Context, n peer.Notice) (o porting.Order, known bool, err error) {
	id := n.PON.Order()
	if n.TN != "" {
		id, err = c.Book.Store.Holder(ctx, n.TN)
		if porting.Is(err, porting.NotFound) {
			return o, false, nil // the registry reports changes of our own numbers too
		}
	}
	if err == nil {
		o, err = c.Book.Store.Load(ctx, id)
	}
	if err != nil {
		return o, false, err
	}
	port, ok := o.Last(porting.AskPort)
	return o, ok && (listens(o) || n.Note) && (n.TN != "" || n.Ref == o.PeerRef() || n.Ref == "" && n.PON == port.PON), nil
}
