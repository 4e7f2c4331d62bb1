//go:build !race

package porting

const racing = false
