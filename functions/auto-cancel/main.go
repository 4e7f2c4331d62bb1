// Command auto-cancel reminds customers, and ends orders whose 45 days are up.
package main

import (
	"context"

	"portway/internal/lambdax"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/setup"
)

func main() {
	house := setup.New()
	lambdax.Start(func(ctx context.Context, tick lambdax.Tick) (orders.Swept, error) {
		return house.Book.At(tick.At(house.Book.Now())).Sweep(ctx, tick.Kind(porting.DueClock), 0, orders.Clock)
	})
}
