//go:build race

package orders_test

const racing = true
