package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

// The smoke run passes on the deployed stack. The schedules of the sandbox run between two looks, so that the test need not
// wait for the minutes between their runs.
func TestSmoke(t *testing.T) {
	t.Parallel()
	file := up.File
	file.AccessKey, file.SecretKey = file.SandboxAccess, file.SandboxSecret
	run := &smoker{file: file, pause: 300 * time.Millisecond, print: func(line string) { t.Log(line) }, between: func(ctx context.Context) error {
		for name, event := range map[string]any{"sandbox": map[string]any{}, "status-check": map[string]any{"sandbox": true}} {
			if _, err := up.File.Invoke(ctx, name, event); err != nil {
				return err
			}
		}
		return nil
	}}
	if err := run.run(limited(t), time.Now()); err != nil {
		t.Fatal(err)
	}
}

// The smoke run does nothing with the key of a live account.
func TestSmokePortsNoLiveNumber(t *testing.T) {
	t.Parallel()
	run := &smoker{file: up.File, pause: time.Second, print: func(line string) { t.Errorf("it goes on: %s", line) }}
	if err := run.run(limited(t), time.Now()); err == nil || !strings.Contains(err.Error(), `the kind "live"`) {
		t.Errorf("%v", err)
	}
}
