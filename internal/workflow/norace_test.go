//go:build !race

package workflow_test

const racing = false
