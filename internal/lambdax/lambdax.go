// Package lambdax is the edge of every function: [Start] runs a handler, logs through Lambda's own handler, and gives
// errors the names by which Step Functions retries and catches them. [Tick] is what a schedule hands to its function,
// and [AWS] the configuration of the AWS clients. Start reading at Start. The package knows the domain's errors, and no
// store, peer or client.
package lambdax

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"portway/internal/porting"
)

// The names under which the state machines retry and catch a failed task. Business outcomes are results, never errors.
const (
	// Transient: the same call may do later what it could not do now.
	Transient = "Transient"
	// Permanent: only a person or another input will help.
	Permanent = "Permanent"
)

// Start runs a handler as the function, behind [Guard]. It does not return.
func Start[In, Out any](handle func(context.Context, In) (Out, error)) { StartUnguarded(Guard(handle)) }

// StartUnguarded is Start for a handler whose errors go to the caller as they are. It does not return.
//
// Everything that is logged with slog goes through aws-lambda-go's handler, which adds the id of the request to each
// line that is logged with the handler's context. The lines are JSON where the function's LoggingConfig says so, as the
// template does.
func StartUnguarded[In, Out any](handle func(context.Context, In) (Out, error)) {
	slog.SetDefault(lambdacontext.NewLogger())
	log.SetOutput(onlyNews{log.Writer()})
	lambda.Start(edge{lambda.NewHandler(handle)})
}

// onlyNews drops the lines in which the runtime repeats an error: Guard or edge has logged it, with the id of the
// request.
type onlyNews struct{ io.Writer }

func (w onlyNews) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(`{"errorMessage":`)) {
		return len(p), nil
	}
	return w.Writer.Write(p)
}

// edge is a handler of bytes. It logs what goes wrong outside of Guard: an event that can't be read, and a panic
// without Guard. It ends the handler's context before Lambda ends the function.
type edge struct{ lambda.Handler }

// Reserve is the time before a function's limit at which its context ends. A function that Lambda stops at the limit can
// neither log the order that it worked on nor answer that the work may be tried again.
const Reserve = 2 * time.Second

// Invoke has the handler answer an event.
func (e edge) Invoke(ctx context.Context, event []byte) (answer []byte, err error) {
	defer recoverTo(ctx, slog.Default(), &err)
	if limit, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, limit.Add(-Reserve))
		defer cancel()
	}
	answer, err = e.Handler.Invoke(ctx, event)
	if errors.As(err, new(*json.SyntaxError)) || errors.As(err, new(*json.UnmarshalTypeError)) {
		slog.ErrorContext(ctx, "the event can't be read", "error", porting.Plain(err))
		err = messages.InvokeResponse_Error{Type: Permanent, Message: "The event can't be read."}
	}
	return answer, err
}

// recoverTo makes a panic an error, and logs it without its value, which may be a customer's.
func recoverTo(ctx context.Context, log *slog.Logger, err *error) {
	if r := recover(); r != nil {
		log.ErrorContext(ctx, "panic", "type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
		*err = messages.InvokeResponse_Error{Type: Permanent, Message: "panic"}
	}
}

// AboutOrder is an input that is about one order. The lines about its failure have the order's id.
type AboutOrder interface{ OrderID() porting.OrderID }

// Guard gives every error of a handler, and every panic, one of our two names and a text without customers' data:
// Lambda reports the type of the outermost error alone, and its message stands in the execution history for everyone to
// read.
func Guard[In, Out any](handle func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (out Out, err error) {
		log := slog.Default()
		if about, ok := any(in).(AboutOrder); ok {
			log = log.With("order", about.OrderID())
		}
		defer recoverTo(ctx, log, &err)
		out, err = handle(ctx, in)
		if err != nil {
			level := slog.LevelError
			if porting.Is(err, porting.Settled) {
				level = slog.LevelInfo // it was done already
			}
			log.Log(ctx, level, "failed", "error", porting.Plain(err))
			err = Named(err)
		}
		return out, err
	}
}

// Named gives err the name by which the state machines know it: a refusal of our own domain is permanent, except that
// somebody else changed the order first; everything else is transient.
func Named(err error) error {
	var e *porting.Error
	if errors.As(err, &e) && e.Code != porting.Stale {
		return messages.InvokeResponse_Error{Type: Permanent, Message: e.Message}
	}
	return messages.InvokeResponse_Error{Type: Transient, Message: porting.Plain(err)}
}
