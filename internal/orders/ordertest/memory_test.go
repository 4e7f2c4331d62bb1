package ordertest_test

import (
	"testing"

	"portway/internal/orders/ordertest"
)

func TestMemory(t *testing.T) {
	ordertest.Run(t, func(*testing.T) ordertest.Store { return ordertest.NewMemory() })
}

func TestMemoryOfWebhooks(t *testing.T) {
	ordertest.RunWebhooks(t, func(*testing.T) ordertest.Store { return ordertest.NewMemory() })
}
