// Command desk-action carries out a decision of our staff.
package main

import (
	"context"

	"portway/internal/desk"
	"portway/internal/lambdax"
	"portway/internal/setup"
)

func main() {
	house := setup.New()
	lambdax.Start(func(ctx context.Context, a desk.Action) (desk.Reply, error) { return desk.Act(ctx, house.Book, a) })
}
