// Package lambdax is what every function has at its edge: structured logs, a panic guard, and errors with names that Step
// Functions can catch.
package lambdax

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"portway/internal/orders"
	"portway/internal/porting"
)

// The names under which the state machines retry and catch a failed task. Business outcomes are results, never errors.
const (
	// Transient: the same call may do later what it could not do now.
	Transient = "Transient"
	// Permanent: only a person or another input will help.
	Permanent = "Permanent"
)

// Start runs a handler as the function.
func Start[In, Out any](handle func(context.Context, In) (Out, error)) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	lambda.Start(Guard(handle))
}

// Guard gives every error of a handler, a panic too, one of our two names and a text without customers' data: Lambda reports
// the type of the outermost error alone, and its message stands in the execution history for everyone to read.
func Guard[In, Out any](handle func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (out Out, err error) {
		log := slog.Default()
		if lc, ok := lambdacontext.FromContext(ctx); ok {
			log = log.With("request", lc.AwsRequestID)
		}
		defer func() {
			if r := recover(); r != nil {
				log.ErrorContext(ctx, "panic", "type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
				err = messages.InvokeResponse_Error{Type: Permanent, Message: "panic"}
			}
		}()
		out, err = handle(ctx, in)
		if err != nil {
			level := slog.LevelError
			if orders.Is(err, porting.Settled) {
				level = slog.LevelInfo // it was done already
			}
			log.Log(ctx, level, "failed", "error", orders.Plain(err))
			err = Named(err)
		}
		return out, err
	}
}

// Named is err under the name that the state machines know: a refusal of our own domain is permanent, unless somebody else was
// merely faster; everything else may pass.
func Named(err error) error {
	var e *porting.Error
	if errors.As(err, &e) && e.Code != porting.Stale {
		return messages.InvokeResponse_Error{Type: Permanent, Message: e.Message}
	}
	return messages.InvokeResponse_Error{Type: Transient, Message: orders.Plain(err)}
}
